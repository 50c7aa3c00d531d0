"""Nodes to models: one walk, driven by the forms of the models. Every problem is noted at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, TypeVar, cast

from generator.plan.acceptance import Action, Advance, GivenAction, GivenFixture, GivenRow
from generator.plan.forms import (
    Choice,
    Either,
    Flag,
    Form,
    Keyed,
    ListOf,
    MapOf,
    Name,
    Part,
    Special,
    Text,
    Whole,
    keys_of,
)
from generator.plan.lines import LineProblem, read_type
from generator.plan.members import MEMBERS, Shape
from generator.plan.names import SHAPES, folded, respelled
from generator.plan.nodes import Mapping, Node, Scalar, Sequence
from generator.plan.values import Expression, TypeLine, Value
from generator.problems import Location, ProblemList, did_you_mean

ModelType = TypeVar("ModelType", bound=Part)
BROKEN: Final = object()
"""Stands for what could not be read; a problem has been noted."""
LONGEST_EXPRESSION = 4_000
"""Characters."""


def read_model(model: type[ModelType], root: Mapping, file: str, problems: ProblemList) -> ModelType | None:
    """The model of a file, or None when a part of it is broken; problems are noted in `problems`."""
    reader = Reader(file, problems)
    found = reader.read(Keyed(model), root, root)
    return None if reader.broken or found is BROKEN else cast(ModelType, found)


class Reader:
    """Reads nodes of one file by their forms."""

    def __init__(self, file: str, problems: ProblemList) -> None:
        self.file = file
        self.problems = problems
        self.broken = False

    def error(self, node: Node, message: str, hint: str = "", offset: int = 0) -> None:
        """Note a problem at a node; `offset` counts characters into a text on one line."""
        shift = offset + (1 if isinstance(node, Scalar) and node.style in ("'", '"') else 0) if offset else 0
        self.problems.error(Location(self.file, node.line, node.column + shift), message, hint)
        self.broken = True

    def read(self, form: Form, node: Node, key: Node) -> Any:
        """The value of a node, or `BROKEN`; `key` is where a missing part is reported."""
        match form:
            case Name():
                return self._name(form, node)
            case Text():
                return self._text(form, node)
            case Choice():
                return self._choice(form, node)
            case Flag():
                return self._flag(node)
            case Whole():
                return self._whole(form, node)
            case ListOf():
                return self._list(form, node)
            case MapOf():
                return self._map(form, node)
            case Keyed():
                return self._part(form, node, key)
            case Either():
                return self._either(form, node, key)
            case Special():
                return getattr(self, f"_{form.kind}")(node, key)

    def wrong_kind(self, node: Node, expected: str, hint: str = "") -> Any:
        """Note that a node has another kind than expected."""
        found = "a list" if isinstance(node, Sequence) else "keys and values" if isinstance(node, Mapping) else ""
        if isinstance(node, Scalar):
            found = "nothing" if node.empty else f"`{_shown(node.text)}`"
        self.error(node, f"expected {expected}, found {found}", hint)
        return BROKEN

    # Texts

    def _text(self, form: Text, node: Node) -> Any:
        if not isinstance(node, Scalar) or node.empty:
            return self.wrong_kind(node, "a text")
        if form.shape and not re.fullmatch(form.shape, node.text):
            return self.wrong_kind(node, "another text", f"Such as `{form.example}`")
        return node.text

    def _name(self, form: Name, node: Node) -> Any:
        shape = SHAPES[form.kind]
        if not isinstance(node, Scalar) or node.empty:
            return self.wrong_kind(node, f"the name of {shape.article}", f"Such as `{shape.example}`")
        if not shape.pattern.fullmatch(node.text):
            better = respelled(node.text, form.kind) or shape.example
            self.error(node, f"`{_shown(node.text)}` is not the name of {shape.article}: {shape.rule}", f"Such as `{better}`")
            return BROKEN
        if len(node.text) > shape.longest:
            self.error(node, f"`{_shown(node.text)}` has {len(node.text)} characters; the limit is {shape.longest}")
            return BROKEN
        return node.text

    def _choice(self, form: Choice, node: Node) -> Any:
        if isinstance(node, Scalar) and node.text in form.words:
            return node.text
        if not isinstance(node, Scalar) or node.empty:
            return self.wrong_kind(node, f"one of {', '.join(form.words)}")
        words = f"one of {', '.join(form.words)}" if len(form.words) > 1 else f"`{form.words[0]}`"
        near = did_you_mean(node.text, form.words)
        return self.wrong_kind(node, words, near if near.startswith("Did") else "")

    def _flag(self, node: Node) -> Any:
        if isinstance(node, Scalar) and not node.style and node.text in ("true", "false"):
            return node.text == "true"
        return self.wrong_kind(node, "true or false")

    def _whole(self, form: Whole, node: Node) -> Any:
        if not isinstance(node, Scalar) or node.style or not re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", node.text):
            return self.wrong_kind(node, "a whole number")
        number = int(node.text)
        if not form.minimum <= number <= form.maximum:
            return self.wrong_kind(node, f"a number from {form.minimum} to {form.maximum}")
        return number

    # Collections

    def _list(self, form: ListOf, node: Node) -> Any:
        if isinstance(node, Scalar) and form.single and not node.empty:
            item = self.read(form.item, node, node)
            return BROKEN if item is BROKEN else (item,)
        if not isinstance(node, Sequence):
            return self.wrong_kind(node, "a list")
        items = [self.read(form.item, item, item) for item in node.items]
        if form.distinct:
            seen: set[object] = set()
            for item, value in zip(node.items, items, strict=True):
                if isinstance(value, str) and value in seen:
                    self.error(item, f"`{value}` is here twice")
                seen.add(value if isinstance(value, str) else id(item))
        return BROKEN if any(item is BROKEN for item in items) else tuple(items)

    def _map(self, form: MapOf, node: Node) -> Any:
        if isinstance(node, Scalar) and form.short and not node.empty:
            item = self.read(form.item, node, node)
            return BROKEN if item is BROKEN else {form.short: item}
        if not isinstance(node, Mapping):
            return self.wrong_kind(node, "keys and values")
        if form.filled and not node.keys:
            return self.wrong_kind(node, "at least one entry")
        found: dict[str, Any] = {}
        spelled: dict[str, Scalar] = {}
        for key, value in node.entries():
            name = self.read(form.key, key, key)
            first = spelled.setdefault(folded(key.text), key)
            if first is not key and isinstance(form.key, Name):
                message = f"`{_shown(key.text)}` and `{_shown(first.text)}` differ only in case and underscores"
                self.error(key, message, f"The other is in line {first.line}")
            item = self.read(form.item, value, key)
            if name is not BROKEN and item is not BROKEN:
                found[name] = item
        return found

    # Parts

    def _part(self, form: Keyed, node: Node, key: Node) -> Any:
        model = form.model
        if isinstance(node, Mapping) and not model.bare:
            if model.variants:
                return self._variant(model, node)
            return self._keys(model, node, key, keys_of(model), form.only)
        if isinstance(node, Sequence) and model.list_key:
            attribute, inner, _ = keys_of(model)[model.list_key]
            value = self.read(inner, node, node)
            return BROKEN if value is BROKEN else model(**{attribute: value})
        if isinstance(node, Scalar) and not node.empty:
            if model.flag and node.text == "true" and not node.style:
                return model()
            if model.text_key:
                attribute, inner, _ = keys_of(model)[model.text_key]
                value = self.read(inner, node, node)
                return BROKEN if value is BROKEN else model(**{attribute: value})
            if model.text_example:
                return self._short(model, form, node)
        example = f"Such as `{model.text_example}`" if model.text_example else ""
        if model.bare:
            return self.wrong_kind(node, model.article, example)
        ways = "`true` or keys and values" if model.flag else "keys and values"
        return self.wrong_kind(node, f"{ways} of {model.article}", example)

    def _short(self, model: type[Part], form: Keyed, node: Scalar) -> Any:
        try:
            values = model.read_text(node.text)
        except LineProblem as problem:
            self.error(node, problem.message, problem.hint, problem.offset)
            return BROKEN
        for name in values:
            if form.only and name not in form.only:
                self.error(node, f"`{name}` has no meaning here")
                return BROKEN
        return model(**values)

    def _keys(
        self,
        model: type[Part],
        node: Mapping,
        owner: Node,
        keys: dict[str, tuple[str, Form, bool]],
        only: tuple[str, ...] = (),
        given: dict[str, Any] | None = None,
        required: Iterable[str] = (),
        first: str = "",
    ) -> Any:
        values: dict[str, Any] = dict(given or {})
        broken = False
        for key, value in node.entries():
            name = key.text
            if name == first:
                continue
            if name not in keys or (only and name not in only):
                if not self.unknown(model, key, value):
                    where = f"in {model.article}" if name not in keys else "here"
                    possible = [name for name in keys if not only or name in only]
                    self.error(key, f"unknown key `{_shown(name)}` {where}", did_you_mean(name, possible))
                continue
            attribute, form, _ = keys[name]
            read = self.read(form, value, key)
            if read is BROKEN:
                broken = True
            else:
                values[attribute] = read
                if name == "route":
                    values["method"], values["route"] = read.split(" ", 1)
        needed = [name for name, (_, _, is_required) in keys.items() if is_required] + list(required)
        for name in needed:
            if name not in node.keys:
                self.error(owner, f"{model.article} needs `{name}`")
                broken = True
        return BROKEN if broken else model(**values)

    def unknown(self, model: type[Part], key: Scalar, value: Node) -> bool:
        """Whether something better than "unknown key" was said about a key; for readers of one kind of file."""
        return False

    def _variant(self, model: type[Part], node: Mapping) -> Any:
        kinds = [name for name in model.variants if name in node.keys]
        if len(kinds) != 1:
            words = ", ".join(model.variants)
            at = node.keys[kinds[1]] if kinds else node
            found = f"has {' and '.join(kinds)}" if kinds else "has none"
            hint = ""
            if not kinds and node.keys:
                near = did_you_mean(next(iter(node.keys)), model.variants)
                hint = near if near.startswith("Did") else ""
            self.error(at, f"{model.article} needs exactly one of {words}; this {found}", hint)
            return BROKEN
        kind = kinds[0]
        variant = model.variants[kind]
        subject = self.read(variant.form, node.values[kind], node.keys[kind])
        keys = {name: entry for name, entry in keys_of(model).items() if name in variant.keys}
        given = {"kind": kind, variant.attribute: subject}
        part = self._keys(model, node, node, keys, (), given if subject is not BROKEN else {"kind": kind}, variant.required, kind)
        return BROKEN if subject is BROKEN else part

    def _either(self, form: Either, node: Node, key: Node) -> Any:
        options = [option for option in form.options if _takes(option, node)]
        options.sort(key=lambda option: not (isinstance(option, Choice) and _text_of(node) in option.words))
        if not options:
            return self.wrong_kind(node, " or ".join(_called(option) for option in form.options))
        return self.read(options[0], node, key)

    # Forms with a reader of their own

    def _expression(self, node: Node, key: Node) -> Any:
        if not isinstance(node, Scalar) or node.empty:
            hint = "Quote an expression that starts with `[`" if isinstance(node, Sequence) else ""
            return self.wrong_kind(node, "an expression", hint)
        return self._expression_of(node, node.text)

    def _expression_of(self, node: Node, text: str) -> Any:
        if len(text) > LONGEST_EXPRESSION:
            self.error(node, f"an expression of {len(text):,} characters; the limit is {LONGEST_EXPRESSION:,}")
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

    def _shape(self, node: Node, key: Node) -> Any:
        if isinstance(node, Mapping):
            fields = self.read(MEMBERS, node, key)
            return BROKEN if fields is BROKEN else Shape(fields=fields)
        kind: TypeLine | Any = self._type(node, key)
        return BROKEN if kind is BROKEN else Shape(type=kind)

    def _given(self, node: Node, key: Node) -> Any:
        if isinstance(node, Scalar):
            name = self.read(Name("fixture"), node, node)
            return BROKEN if name is BROKEN else GivenFixture(name=name)
        model: type[Part] = GivenRow
        if isinstance(node, Mapping):
            if "advance" in node.keys:
                model = Advance
            elif "http" in node.keys or "call" in node.keys:
                model = GivenAction
        return self.read(Keyed(model), node, node)

    def _when(self, node: Node, key: Node) -> Any:
        if isinstance(node, Mapping) and "together" in node.keys:
            for other in node.keys.values():
                if other.text != "together":
                    self.error(other, "`together` stands alone", "Its actions have keys of their own")
            return self.read(ListOf(Keyed(Action)), node.values["together"], node.keys["together"])
        action = self.read(Keyed(Action), node, key)
        return BROKEN if action is BROKEN else (action,)


def _takes(form: Form, node: Node) -> bool:
    if isinstance(node, Scalar):
        textual = isinstance(form, (Text, Name, Choice, Flag, Whole)) or form == Special("expression")
        short = isinstance(form, Keyed) and bool(form.model.text_example or form.model.text_key or form.model.flag)
        return (textual or short) and not (isinstance(form, Choice) and node.text not in form.words and bool(node.text))
    if isinstance(node, Sequence):
        return isinstance(form, ListOf)
    return isinstance(form, (Keyed, MapOf))


def _text_of(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _called(form: Form) -> str:
    match form:
        case Choice():
            return ", ".join(form.words)
        case Keyed():
            return f"keys and values of {form.model.article}"
        case ListOf():
            return "a list"
        case MapOf():
            return "keys and values"
        case Special("expression"):
            return "an expression"
        case _:
            return "a text"


def _shown(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else text
    return line if len(line) <= 60 else line[:59] + "…"
