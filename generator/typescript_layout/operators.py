"""Operators of two sides: how tightly they bind, and where that asks for parentheses."""

from __future__ import annotations

from generator.typescript_layout.nodes import Array, Arrow, Await, Binary, Conditional, Node, Object

PRECEDENCE = {
    "??": 1,
    "||": 2,
    "&&": 3,
    "===": 7,
    "!==": 7,
    "==": 7,
    "!=": 7,
    "<": 8,
    "<=": 8,
    ">": 8,
    ">=": 8,
    "+": 10,
    "-": 10,
    "*": 11,
    "/": 11,
    "%": 11,
}
LOGICAL = frozenset({"??", "||", "&&"})
EQUALITY = frozenset({"===", "!==", "==", "!="})


def flattens(outer: str, inner: str) -> bool:
    """Whether a left operand joins the chain of the operator around it."""
    if PRECEDENCE[outer] != PRECEDENCE[inner] or outer in EQUALITY:
        return False
    if "%" in (outer, inner) and PRECEDENCE[outer] == PRECEDENCE["*"]:
        return False
    return not (outer != inner and PRECEDENCE[outer] == PRECEDENCE["*"])


def needs_parentheses(outer: Binary, inner: Node, right: bool) -> bool:
    """Whether an operand (the `right` one or the left) stands in parentheses: it must, or reads better."""
    if isinstance(inner, Conditional | Arrow | Await):
        return True
    if not isinstance(inner, Binary):
        return False
    above, below = PRECEDENCE[outer.operator], PRECEDENCE[inner.operator]
    if outer.operator in LOGICAL and inner.operator in LOGICAL:
        return outer.operator != inner.operator
    if above > below or (above == below and right):
        return True
    if above == below and not flattens(outer.operator, inner.operator):
        return True
    return above < below and inner.operator == "%" and outer.operator in "+-"


def rotated(node: Node) -> Node:
    """`a && (b && c)` as `(a && b) && c`, which formatters write without parentheses."""
    while isinstance(node, Binary) and node.operator in LOGICAL and isinstance(node.right, Binary):
        if node.right.operator != node.operator:
            break
        node = Binary(node.operator, Binary(node.operator, node.left, node.right.left), node.right.right)
    return node


def same_kind(node: Binary, other: Node | None) -> bool:
    """Whether both are logical operators, or both are others."""
    return isinstance(other, Binary) and (node.operator in LOGICAL) == (other.operator in LOGICAL)


def inlines(node: Binary) -> bool:
    """Whether the right side starts on the line of its operator and breaks inside its brackets."""
    right = node.right
    filled = (
        bool(right.entries) if isinstance(right, Object) else isinstance(right, Array) and bool(right.items)
    )
    return node.operator in LOGICAL and filled
