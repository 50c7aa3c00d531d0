"""What an expression of TypeScript consists of."""

from __future__ import annotations

from typing import Literal, TypeAlias

from generator.frozen import dataclass
from generator.layout import Doc


@dataclass(frozen=True, slots=True)
class Atom:
    """A name, a literal, a path (`task.due_on`), a regular expression or a template: never broken."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call; `callee` is a path with its type arguments, `new Date` included."""

    callee: str
    arguments: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Await:
    """`await operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Unary:
    """An operator before its operand."""

    operator: Literal["!", "-"]
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two operands."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conditional:
    """`test ? then : otherwise`."""

    test: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Object:
    """An object; a key whose value is a name of the same spelling is written once."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Array:
    """`[items]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow function; `body` is an expression, or statements."""

    parameters: tuple[str, ...]
    body: Node | tuple[Doc, ...]
    is_async: bool = False


Node: TypeAlias = "Atom | Call | Await | Unary | Binary | Conditional | Object | Array | Arrow"


def text_literal(text: str) -> str:
    """A string literal, in single quotes unless that needs more escapes than double ones."""
    quote = '"' if text.count("'") > text.count('"') else "'"
    escapes = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", quote: "\\" + quote}
    written = [
        escapes.get(char)
        or (f"\\u{ord(char):04x}" if ord(char) < 32 or char in "\x7f\u2028\u2029\ufeff" else char)
        for char in text
    ]
    return quote + "".join(written) + quote
