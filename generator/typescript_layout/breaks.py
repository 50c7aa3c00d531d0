"""Where an expression may go on in the next line, and where the formatter would rather not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.layout import WIDTH
from generator.typescript_layout.nodes import (
    Array,
    Arrow,
    Atom,
    Await,
    Binary,
    Call,
    Conditional,
    Node,
    Object,
    Unary,
)
from generator.typescript_layout.operators import inlines

PATH = r"[\w$]+(\??\.[\w$]+)+"


def hugs(arguments: Sequence[Node]) -> bool:
    """Whether the last argument may break while the others stay on the line."""
    last = arguments[-1]
    if len(arguments) > 1 and type(arguments[-2]) is type(last):
        return False
    if isinstance(last, Object):
        return bool(last.entries)
    if isinstance(last, Array):
        return bool(last.items) and not (
            len(arguments) > 1 and len(last.items) > 1 and all(map(is_number, last.items))
        )
    if isinstance(last, Arrow):
        return isinstance(last.body, tuple | Object | Array | Call | Conditional)
    return False


def breaks_after_operator(node: Node) -> bool:
    """Whether an assigned value that does not fit starts on a line of its own."""
    if isinstance(node, Binary):
        return not inlines(node)
    if isinstance(node, Conditional):
        return isinstance(node.test, Binary) and not inlines(node.test)
    while isinstance(node, Unary | Await):
        node = node.operand
    if isinstance(node, Atom):
        return node.text[0] in "'\"" or re.fullmatch(PATH, node.text) is not None
    return False


def never_breaks(node: Node, short_key: bool) -> bool:
    """Whether an assigned value stays on the line of what it is assigned to, even when it does not fit."""
    if isinstance(node, Atom) and (node.text[0] == "`" or re.match(r"[\w$.]+(<[^`]*>)?`", node.text)):
        return True
    if isinstance(node, Atom) and node.text in ("true", "false"):
        return False
    return short_key and isinstance(node, Atom) and (node.text[0] in "'\"" or "." in node.text)


def is_poorly_breakable(node: Node) -> bool:
    """A call with nothing in its parentheses that could go on lines of its own."""
    if not isinstance(node, Call) or node.callee.startswith("new ") or "<" in node.callee:
        return False
    if len(node.arguments) > 1:
        return False
    return not node.arguments or _is_short(node.arguments[0])


def _is_short(node: Node) -> bool:
    if isinstance(node, Unary):
        return _is_short(node.operand)
    if isinstance(node, Object):
        return not node.entries
    if isinstance(node, Array):
        return not node.items
    simple = isinstance(node, Atom) and re.fullmatch(r"[\w$]+|'[^']*'|\"[^\"]*\"", node.text)
    return bool(simple) and isinstance(node, Atom) and len(node.text) <= WIDTH // 4


def is_number(node: Node) -> bool:
    """Whether a node is a number, of which as many stand on a line as fit."""
    return isinstance(node, Atom) and re.fullmatch(r"-?\d[\d_.]*", node.text) is not None
