"""Statements as documents and as lines."""

from __future__ import annotations

from collections.abc import Sequence

from generator.layout import SOFT, Doc, Group, IfBreak, Indent, render
from generator.typescript_layout.expressions import assigned, block, expression, path
from generator.typescript_layout.nodes import Atom, Binary, Node


def constant(name: str, value: Node) -> Doc:
    """`const name = value;`; `name` may carry a type."""
    return (assigned(f"const {name}", " =", value, "assignment"), ";")


def assignment(target: str, value: Node) -> Doc:
    """`target = value;`."""
    return (assigned(target, " =", value, "assignment"), ";")


def statement(value: Node) -> Doc:
    """An expression as a statement."""
    return (expression(value, "statement"), ";")


def returned(value: Node | None) -> Doc:
    """`return value;`, in parentheses where a chain of operators has to break."""
    if value is None:
        return "return;"
    printed = expression(value, "return")
    if isinstance(value, Binary):
        return ("return ", Group((IfBreak("("), Indent((SOFT, printed)), SOFT, IfBreak(")"))), ";")
    return ("return ", printed, ";")


def condition(test: Node, then: Sequence[Doc], otherwise: Sequence[Doc] | None = None) -> Doc:
    """`if (test) { ... } else { ... }`."""
    head = Group(("if (", Group((Indent((SOFT, expression(test, "condition"))), SOFT)), ") "))
    tail: Doc = ("", "") if otherwise is None else (" else ", block(otherwise))
    return (head, block(then), tail)


def loop(name: str, items: Node, body: Sequence[Doc]) -> Doc:
    """`for (const name of items) { ... }`."""
    over = path(items.text, 2) if isinstance(items, Atom) else expression(items, "argument")
    return (f"for (const {name} of ", over, ") ", block(body))


def written(statements: Sequence[Doc], indent: int = 0) -> str:
    """Statements as lines, indented by a number of columns."""
    return "\n".join(" " * indent + render(each, column=indent) for each in statements)
