"""Python as `ruff format` leaves it, for identifiers of any length: literals, calls, annotated names.

What does not fit on one line is written one argument a line with a trailing comma, which the formatter
never joins again. Where the width of a character is not certain, the longer form is written, or an escape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from generator.frozen import dataclass

WIDTH = 100
INDENT = 4

_ESCAPED = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Controls, direction marks and spaces that a reader cannot see.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u061c\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\uffff]"
)


@dataclass(frozen=True)
class Call:
    """Something in brackets: ``head`` ends with the opening one, ``tail`` begins with the closing one.

    `alone` says that a single item must not be followed by a comma, as in a subscript.
    """

    head: str
    items: tuple[Node, ...]
    tail: str = ")"
    alone: bool = False


Node: TypeAlias = str | Call


def text_literal(text: str) -> str:
    """A string literal in the quotes that need fewer escapes, double ones where it makes no difference.

    Args:
        text: any text.

    Returns:
        Python source on one line.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    written = "".join(_ESCAPED.get(character, character) for character in text)
    written = _UNSEEN.sub(lambda match: _escape(ord(match[0])), written)
    return quote + written.replace(quote, f"\\{quote}") + quote


def value_literal(value: object) -> str:
    """A literal of plain data: None, truths, numbers, text, lists and dicts of them.

    Args:
        value: plain data.

    Returns:
        Python source on one line.
    """
    return flat(value_node(value))


def value_node(value: object) -> Node:
    """A literal of plain data, which can be broken at its brackets.

    Args:
        value: plain data.

    Returns:
        What to write.
    """
    if isinstance(value, str):
        return text_literal(value)
    if isinstance(value, list):
        return Call("[", tuple(map(value_node, value)), "]")
    if isinstance(value, dict):
        return Call(
            "{", tuple(entry(text_literal(key), value_node(item)) for key, item in value.items()), "}"
        )
    return repr(value)


def entry(key: str, value: Node) -> Node:
    """An entry of a dict, whose key is source."""
    return f"{key}: {value}" if isinstance(value, str) else replace(value, head=f"{key}: {value.head}")


def flat(node: Node) -> str:
    """A node on one line."""
    if isinstance(node, str):
        return node
    return f"{node.head}{', '.join(map(flat, node.items))}{node.tail}"


def laid_out(node: Node, indent: int = 0, suffix: str = "") -> list[str]:
    """A node as lines.

    Args:
        node: what to write.
        indent: columns before it.
        suffix: what follows on its last line, such as a comma.

    Returns:
        Lines with their indentation.
    """
    space = " " * indent
    line = f"{space}{flat(node)}{suffix}"
    if isinstance(node, str) or not node.items or _fits(line):
        return [line]
    comma = "" if node.alone and len(node.items) == 1 else ","
    inner = [part for item in node.items for part in laid_out(item, indent + INDENT, comma)]
    return [f"{space}{node.head}", *inner, f"{space}{node.tail}{suffix}"]


def exploded(head: str, items: Sequence[Node], tail: str, indent: int = 0, suffix: str = "") -> list[str]:
    """Brackets that always take a line for each item; without items they stay empty."""
    space = " " * indent
    if not items:
        return [f"{space}{head}{tail}{suffix}"]
    inner = [part for item in items for part in laid_out(item, indent + INDENT, ",")]
    return [f"{space}{head}", *inner, f"{space}{tail}{suffix}"]


def assigned(target: str, value: Node, indent: int = 0) -> list[str]:
    """An assignment; a value that is too long and has no brackets of its own gets parentheses."""
    return _assigned(f"{target} = ", value, indent) or [f"{' ' * indent}{target} = {flat(value)}"]


def annotated(name: str, annotation: Node, value: Node | None = None, indent: int = INDENT) -> list[str]:
    """An annotated name of a class, with or without a value.

    What is too long is broken where `ruff format` breaks it first: in the value, around the value, in the
    annotation.

    Args:
        name: the name.
        annotation: its type; a union is text with ` | ` in it.
        value: what it is set to.
        indent: columns before it.

    Returns:
        Lines with their indentation.
    """
    space, type_ = " " * indent, flat(annotation)
    if value is None:
        return [f"{space}{name}: {type_}"]
    if isinstance(value, str) and not _fits(f"{space}{name}: {type_} = {value}"):
        value = _certain(value)
    lines = _assigned(f"{name}: {type_} = ", value, indent)
    if lines:
        return lines
    inner, end = f"{space}{' ' * INDENT}", f" = {flat(value)}"
    if isinstance(annotation, Call):
        items = ", ".join(map(flat, annotation.items))
        return [f"{space}{name}: {annotation.head}", f"{inner}{items}", f"{space}{annotation.tail}{end}"]
    if " | " in annotation:
        return [f"{space}{name}: (", f"{inner}{type_}", f"{space}){end}"]
    return [f"{space}{name}: {type_}{end}"]


def _assigned(head: str, value: Node, indent: int) -> list[str]:
    """`head` and a value, broken in or around the value; nothing when what is before it is too long."""
    space, inner = " " * indent, " " * (indent + INDENT)
    if _fits(f"{space}{head}{flat(value)}"):
        return [f"{space}{head}{flat(value)}"]
    if isinstance(value, Call) and value.items and _fits(f"{space}{head}{value.head}"):
        return laid_out(replace(value, head=f"{head}{value.head}"), indent)
    if flat(value) not in ("[]", "{}") and _fits(f"{space}{head}(") and _fits(f"{inner}{flat(value)}"):
        return [f"{space}{head}(", f"{inner}{flat(value)}", f"{space})"]
    return []


def tuple_lines(head: str, items: Sequence[Node], indent: int = 0) -> list[str]:
    """A tuple after `head`; a single item with its comma stays on one line where it fits."""
    line = f"{' ' * indent}{head}({flat(items[0])},)" if len(items) == 1 else ""
    if line and _fits(line):
        return [line]
    return exploded(f"{head}(", items, ")", indent)


def import_lines(module: str, names: Sequence[str]) -> list[str]:
    """An import, its names in the order of isort: constants, classes, the rest."""
    ordered = sorted(names, key=lambda name: (_rank(name), natural_key(name.lower())))
    line = f"from {module} import {', '.join(ordered)}"
    return [line] if _fits(line) else exploded(f"from {module} import (", ordered, ")")


def natural_key(text: str) -> tuple[tuple[str, int], ...]:
    """What to sort names by so that numbers in them count as numbers, as isort does in ruff."""
    parts = re.split(r"([0-9]+)", text)
    return tuple((part, 0) if index % 2 == 0 else ("", int(part)) for index, part in enumerate(parts))


def _rank(name: str) -> int:
    if len(name) > 1 and name.isupper():
        return 0
    return 1 if name[:1].isupper() else 2


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _fits(line: str) -> bool:
    """Whether a line is not too wide, whatever the width of characters of which it is not certain."""
    return sum(2 if width is None else width for width in map(_width, line)) <= WIDTH


def _width(character: str) -> int | None:
    """Columns of a character; None for marks, signs and emoji, about which versions of Unicode differ."""
    if character.isascii():
        return 1
    if unicodedata.category(character) not in ("Lu", "Ll", "Lo"):
        return None
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 1 if character < "\u0590" else None


def _certain(literal: str) -> str:
    """A string literal with escapes for the characters whose width is not certain."""
    return "".join(
        character if _width(character) else character.encode("ascii", "backslashreplace").decode()
        for character in literal
    )
