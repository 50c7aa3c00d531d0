"""The leaves of a plan from nodes: texts, names, choices, numbers, expressions, values, types."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from generator.plan.forms import Choice, Name, Part, Text, Whole
from generator.plan.lines import LineProblem, read_type
from generator.plan.names import SHAPES, respelled
from generator.plan.nodes import Mapping, Node, Scalar, Sequence
from generator.plan.values import Expression, Value
from generator.problems import Location, ProblemList, nearest

BROKEN: Final = object()
"""Stands for what could not be read; a problem has been noted."""
_TRUTHS = {
    **dict.fromkeys(("true", "yes", "on", "y"), "true"),
    **dict.fromkeys(("false", "no", "off", "n"), "false"),
}
LONGEST_EXPRESSION = 4_000
"""Characters."""


class LeafReader:
    """Reads the nodes of one file that have nothing below them."""

    def __init__(self, file: str, problems: ProblemList) -> None:
        self.file = file
        self.problems = problems
        self.broken = False
        self.lines: dict[tuple[type[Part], tuple[str, ...], str], Part] = {}
        """Parts by the text that stood for them: equal lines are one part."""

    def error(self, node: Node, message: str, hint: str = "", offset: int = 0) -> None:
        """Note a problem at a node; `offset` counts characters into a text on one line."""
        shift = offset + (1 if isinstance(node, Scalar) and node.style in ("'", '"') else 0) if offset else 0
        self.problems.error(Location(self.file, node.line, node.column + shift), message, hint)
        self.broken = True

    def wrong_kind(self, node: Node, expected: str, hint: str = "") -> Any:
        """Note that a node has another kind than expected."""
        found = (
            "a list" if isinstance(node, Sequence) else "keys and values" if isinstance(node, Mapping) else ""
        )
        if isinstance(node, Scalar):
            found = "nothing" if node.empty else f"`{shown(node.text)}`"
        self.error(node, f"expected {expected}, found {found}", hint)
        return BROKEN

    def _text(self, form: Text, node: Node) -> Any:
        if not isinstance(node, Scalar) or node.empty:
            return self.wrong_kind(node, form.called)
        if form.shape and not re.fullmatch(form.shape, node.text):
            return self.wrong_kind(node, form.called, f"Such as `{form.example}`")
        return node.text

    def _name(self, form: Name, node: Node) -> Any:
        shape = SHAPES[form.kind]
        if not isinstance(node, Scalar) or node.empty:
            return self.wrong_kind(node, f"the name of {shape.article}", f"Such as `{shape.example}`")
        if not shape.pattern.fullmatch(node.text):
            better = respelled(node.text, form.kind) or shape.example
            self.error(
                node,
                f"`{shown(node.text)}` is not the name of {shape.article}: {shape.rule}",
                f"Such as `{better}`",
            )
            return BROKEN
        if len(node.text) > shape.longest:
            self.error(
                node, f"`{shown(node.text)}` has {len(node.text)} characters; the limit is {shape.longest}"
            )
            return BROKEN
        return node.text

    def _choice(self, form: Choice, node: Node) -> Any:
        if isinstance(node, Scalar) and node.text in form.words:
            return node.text
        if isinstance(node, Scalar) and node.text in form.later:
            self.error(node, f"`{node.text}` is not supported yet")
            return BROKEN
        if not isinstance(node, Scalar) or node.empty:
            return self.wrong_kind(node, f"one of {', '.join(form.words)}")
        words = f"one of {', '.join(form.words)}" if len(form.words) > 1 else f"`{form.words[0]}`"
        near = nearest(node.text, form.words)
        return self.wrong_kind(node, words, form.hint or (f"Did you mean `{near}`?" if near else ""))

    def _flag(self, node: Node) -> Any:
        if isinstance(node, Scalar) and not node.style and node.text in ("true", "false"):
            return node.text == "true"
        hint = ""
        if isinstance(node, Scalar) and node.text.lower() in _TRUTHS:
            hint = (
                "Without quotes"
                if node.text in ("true", "false")
                else f"Write `{_TRUTHS[node.text.lower()]}`"
            )
        return self.wrong_kind(node, "true or false", hint)

    def _whole(self, form: Whole, node: Node) -> Any:
        if (
            not isinstance(node, Scalar)
            or node.style
            or not re.fullmatch(r"-?(0|[1-9][0-9]{0,99})", node.text)
        ):
            quoted = isinstance(node, Scalar) and node.style and node.text.isdecimal()
            return self.wrong_kind(node, "a whole number", "Without quotes" if quoted else "")
        number = int(node.text)
        if not form.minimum <= number <= form.maximum:
            return self.wrong_kind(node, f"a number from {form.minimum} to {form.maximum}")
        return number

    def _expression(self, node: Node, key: Node) -> Any:
        if not isinstance(node, Scalar) or node.empty:
            hint = "Quote an expression that starts with `[`" if isinstance(node, Sequence) else ""
            return self.wrong_kind(node, "an expression", hint)
        return self._expression_of(node, node.text)

    def _expression_of(self, node: Node, text: str) -> Any:
        if len(text) > LONGEST_EXPRESSION:
            self.error(
                node, f"an expression of {len(text):,} characters; the limit is {LONGEST_EXPRESSION:,}"
            )
            return BROKEN
        if not text.strip():
            self.error(node, "an expression is missing")
            return BROKEN
        return Expression(text=text.strip())

    def _value(self, node: Node, key: Node) -> Any:
        if isinstance(node, Sequence):
            items = [self._value(item, item) for item in node.items]
            return BROKEN if any(item is BROKEN for item in items) else Value(items=tuple(items))
        if isinstance(node, Mapping):
            members = {name: self._value(value, value) for name, value in node.values.items()}
            return BROKEN if any(item is BROKEN for item in members.values()) else Value(members=members)
        text = cast(Scalar, node).text
        quoted = bool(cast(Scalar, node).style)
        if text.startswith("= "):
            expression = self._expression_of(node, text[2:])
            return BROKEN if expression is BROKEN else Value(expression=expression)
        if text.startswith("=="):
            return Value(text=text[1:], quoted=True)
        return Value(text="null" if not quoted and text in ("", "~", "null") else text, quoted=quoted)

    def _type(self, node: Node, key: Node) -> Any:
        if not isinstance(node, Scalar) or node.empty:
            return self.wrong_kind(node, "a type", "Such as `varchar(200)`")
        try:
            return read_type(node.text)
        except LineProblem as problem:
            self.error(node, problem.message, problem.hint, problem.offset)
            return BROKEN


def shown(text: str) -> str:
    """A text of the plan in a message: one line, not long, nothing that cannot be seen."""
    line = next((line for line in text.splitlines() if line.strip()), text)
    return line if len(line) <= 60 else line[:59] + "…"
