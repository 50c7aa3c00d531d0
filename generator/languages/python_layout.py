"""Python as `ruff format` leaves it, for identifiers of any length: literals, calls on one or several lines.

What does not fit on one line is written one argument a line with a trailing comma, which the formatter
never joins again; what is not ASCII always is, because its width is the formatter's business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

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
    if isinstance(value, str):
        return text_literal(value)
    if isinstance(value, list):
        return f"[{', '.join(map(value_literal, value))}]"
    if isinstance(value, dict):
        items = (f"{text_literal(key)}: {value_literal(item)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    return repr(value)


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
    if isinstance(node, str) or not node.items or (len(line) <= WIDTH and line.isascii()):
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


def tuple_lines(head: str, items: Sequence[Node], indent: int = 0) -> list[str]:
    """A tuple after `head`; a single item with its comma stays on one line where it fits."""
    line = f"{' ' * indent}{head}({flat(items[0])},)" if len(items) == 1 else ""
    if line and len(line) <= WIDTH and line.isascii():
        return [line]
    return exploded(f"{head}(", items, ")", indent)


def import_lines(module: str, names: Sequence[str]) -> list[str]:
    """An import, its names in the order of isort: constants, classes, the rest."""
    ordered = sorted(names, key=lambda name: (_rank(name), natural_key(name.lower())))
    line = f"from {module} import {', '.join(ordered)}"
    return [line] if len(line) <= WIDTH else exploded(f"from {module} import (", ordered, ")")


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
