"""Models to text: a plan in canonical form, which loads to an equal plan."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

from generator.plan.acceptance import GivenFixture
from generator.plan.forms import ListOf, Part, keys_of
from generator.plan.members import Shape
from generator.plan.records import attributes_of
from generator.plan.routes import Http
from generator.plan.schema import Criterion, Plan
from generator.plan.values import Expression, TypeLine, Value

Tree: TypeAlias = "str | Quoted | Block | dict[str, Tree] | list[Tree]"
WIDTH = 100
"""Columns that a list in brackets may reach."""

# What YAML would not read as this text: signs at the start, `: ` and ` #` inside, blanks at the ends.
_UNSAFE = re.compile(r"^$|^[-?:]( |$)|^[,\[\]{}#&*!|>'\"%@`]|:( |$)| #|^ | $|^(---|\.\.\.)( |$)|[\n\t\r]")


class Quoted(str):
    """A text that must come in quotes, as it would mean something else without."""


class Block(str):
    """A text over several lines."""


def write_plan(plan: Plan, form: Literal["short", "long"] = "short") -> str:
    """Print a plan as canonical YAML of the language.

    Args:
        plan: what to print; keys that were given are printed, also when they have the value of the default.
        form: `short` uses the short forms wherever they say the same; `long` writes keys throughout.

    Returns:
        Text that loads to an equal plan.
    """
    tree = _Writer(form == "short").part(plan)
    assert isinstance(tree, dict)
    blocks = ["".join(_lines({key: value}, 0)) for key, value in tree.items()]
    text = ""
    for block in blocks:
        spaced = text and (block.count("\n") > 1 or text.endswith("\n\n"))
        text += ("\n" if spaced and not text.endswith("\n\n") else "") + block
        if block.count("\n") > 1:
            text += "\n"
    return text.rstrip("\n") + "\n"


def plain_data(part: Part) -> dict[str, Any]:
    """Return what a part of a plan says as plain data: its keys, written in full, and texts as they stand."""
    tree = _plain(_Writer(short=False).part(part))
    assert isinstance(tree, dict)
    return tree


def _plain(tree: Tree) -> Any:
    """A tree whose texts no longer say how they are printed."""
    match tree:
        case dict():
            return {key: _plain(value) for key, value in tree.items()}
        case list():
            return [_plain(value) for value in tree]
        case _:
            return str(tree)


class _Writer:
    """Models to plain trees."""

    def __init__(self, short: bool) -> None:
        self.short = short

    def tree(self, value: Any) -> Tree:
        match value:
            case bool():
                return "true" if value else "false"
            case int():
                return str(value)
            case str():
                return _text(value)
            case Expression():
                return _text(value.text)
            case TypeLine():
                return _text(str(value))
            case Value():
                return self.value(value)
            case Shape():
                return self.tree(value.type) if value.type else self.tree(value.fields)
            case GivenFixture():
                return value.name
            case Part():
                return self.part(value)
            case dict():
                return {name: self.tree(item) for name, item in value.items()}
            case tuple():
                return [self.tree(item) for item in value]
        raise TypeError(f"cannot write {value!r}")

    def value(self, value: Value) -> Tree:
        if value.expression is not None:
            return _text(f"= {value.expression.text}")
        if value.items is not None:
            return [self.value(item) for item in value.items]
        if value.members is not None:
            return {name: self.value(item) for name, item in value.members.items()}
        text = value.text or ""
        if value.quoted:
            escaped = f"={text}" if text.startswith(("= ", "==")) else text
            return Quoted(escaped)
        return _text(text)

    def part(self, part: Part) -> Tree:
        if self.short or part.bare or (part.flag and not part.written):
            short = self.short_form(part)
            if short is not None:
                return short
        found: dict[str, Tree] = {}
        if part.variants:
            kind: str = part.kind  # type: ignore[attr-defined]
            found[kind] = self.tree(getattr(part, part.variants[kind].attribute))
        for key, (attribute, form, required) in keys_of(type(part)).items():
            value = getattr(part, attribute)
            if not required and not self.given(part, attribute):
                continue
            if value is None:
                continue
            if isinstance(part, Http) and key == "route":
                value = f"{part.method} {part.route}"
            alone = self.short and isinstance(form, ListOf) and form.single and len(value) == 1
            found[key] = self.tree(value[0] if alone else value)
        if isinstance(part, Criterion):
            actions: list[Tree] = [self.tree(action) for action in part.when]
            found["when"] = {"together": actions} if part.together else actions[0]
        return found

    def given(self, part: Part, attribute: str) -> bool:
        default = attributes_of(type(part))[attribute].default
        return attribute in part.written or getattr(part, attribute) != default

    def short_form(self, part: Part) -> Tree | None:
        if part.text_example:
            text = part.write_text()
            return _text(text) if text is not None else None
        if part.flag and part == type(part)() and not part.written:
            return "true"
        alone = part.list_key or part.text_key
        if alone:
            others = (key for key in type(part).names if key != alone)
            if not any(self.given(part, key) for key in others):
                return self.tree(getattr(part, alone))
        return None


def _text(text: str) -> Tree:
    """A text that is read by its key: quoted only where YAML would not give it back."""
    if "\n" in text and _fits_block(text):
        return Block(text)
    return Quoted(text) if _UNSAFE.search(text) else text


def _fits_block(text: str) -> bool:
    body = text.rstrip("\n")
    plain = all(line.isprintable() and line == line.rstrip() for line in body.split("\n"))
    return plain and bool(body) and not text.startswith((" ", "\n")) and len(text) - len(body) <= 1


def _lines(tree: dict[str, Tree], indent: int) -> list[str]:
    """The lines of a mapping."""
    found: list[str] = []
    for key, value in tree.items():
        name = _quote(key) if _UNSAFE.search(key) else key
        head = f"{' ' * indent}{name}:"
        if isinstance(value, dict) and value:
            found += [f"{head}\n", *_lines(value, indent + 2)]
        elif isinstance(value, list) and value and not _fits_line(head, value):
            found.append(f"{head}\n")
            for item in value:
                found += _item(item, indent + 2)
        elif isinstance(value, Block):
            found.append(f"{head} {_block(value, indent + 2)}")
        else:
            found.append(f"{head} {_inline(value)}\n")
    return found


def _item(item: Tree, indent: int) -> list[str]:
    """The lines of an item of a list."""
    if isinstance(item, dict) and item:
        lines = _lines(item, indent + 2)
        return [f"{' ' * indent}- {lines[0][indent + 2 :]}", *lines[1:]]
    if isinstance(item, Block):
        return [f"{' ' * indent}- {_block(item, indent + 2)}"]
    if isinstance(item, list) and item and not _fits_line(" " * indent + "-", item):
        inner = [line for entry in item for line in _item(entry, indent + 2)]
        return [f"{' ' * indent}- {inner[0][indent + 2 :]}", *inner[1:]]
    return [f"{' ' * indent}- {_inline(item)}\n"]


def _fits_line(head: str, items: list[Tree]) -> bool:
    plain = all(type(item) is str and not re.search(r"[,\[\]{}]|[:#]", item) for item in items)
    return plain and len(head) + len(_inline(items)) < WIDTH


def _inline(value: Tree) -> str:
    if isinstance(value, Quoted):
        return _quote(value)
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{', '.join(_inline(item) for item in value)}]"
    return "{}"


def _block(text: str, indent: int) -> str:
    body = text.rstrip("\n")
    sign = "|" if text.endswith("\n") else "|-"
    rows = (f"{' ' * indent}{line}" if line else "" for line in body.split("\n"))
    return f"{sign}\n" + "".join(f"{row}\n" for row in rows)


def _quote(text: str) -> str:
    signs = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
    written = "".join(
        signs.get(sign) or (sign if sign.isprintable() else f"\\U{ord(sign):08x}") for sign in text
    )
    return f'"{written}"'
