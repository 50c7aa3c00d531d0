"""Which of several forms a node has: told apart by the kind of YAML; among texts a choice comes first."""

from __future__ import annotations

from generator.plan.forms import Choice, Either, Flag, Form, Keyed, ListOf, MapOf, Name, Special, Text, Whole
from generator.plan.nodes import Node, Scalar, Sequence


def option_for(form: Either, node: Node) -> Form | None:
    """The option that a node is read by, or None when its kind fits none."""
    options = [option for option in form.options if _takes(option, node)]
    words = [option for option in options if isinstance(option, Choice)]
    return next(iter(words or options), None)


def called(form: Form) -> str:
    """What messages call a form."""
    match form:
        case Choice():
            return ", ".join(f"`{word}`" for word in form.words)
        case Keyed():
            return form.model.article
        case ListOf():
            return "a list"
        case MapOf():
            return "keys and values"
        case Special("expression"):
            return "an expression"
        case Either():
            return " or ".join(called(option) for option in form.options)
        case _:
            return "a text"


def _takes(form: Form, node: Node) -> bool:
    if isinstance(node, Scalar):
        if isinstance(form, Choice):
            return node.text in form.words or node.text in form.later
        if isinstance(form, Keyed):
            model = form.model
            return bool(model.text_example or model.text_key or model.flag)
        return isinstance(form, (Text, Name, Flag, Whole)) or form == Special("expression")
    if isinstance(node, Sequence):
        return isinstance(form, ListOf)
    return isinstance(form, (Keyed, MapOf))
