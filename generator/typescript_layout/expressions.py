"""Expressions as documents.

What one construct looks like depends on the one around it, so a node is printed with its `Place`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from generator.layout import (
    HARD,
    INDENT,
    LINE,
    SOFT,
    Align,
    Doc,
    Group,
    IfBreak,
    Indent,
    IndentIfBreak,
    join,
    render,
)
from generator.typescript_layout.breaks import (
    PATH,
    breaks_after_operator,
    hugs,
    is_number,
    is_poorly_breakable,
    never_breaks,
)
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
from generator.typescript_layout.operators import (
    LOGICAL,
    flattens,
    inlines,
    needs_parentheses,
    rotated,
    same_kind,
)

Place = Literal[
    "statement",
    "argument",
    "item",
    "return",
    "assignment",
    "property",
    "operand",
    "unary",
    "branch",
    "branch_of_return",
    "test",
    "condition",
    "arrow",
]


def on_one_line(node: Node) -> str:
    """An expression without any break."""
    return render(expression(node, "argument"), width=1_000_000)


def expression(node: Node, place: Place = "argument", parent: Node | None = None) -> Doc:
    """The document of an expression at a place; `parent` is the chain of operators around it."""
    match node:
        case Atom():
            return path(node.text)
        case Call():
            return (node.callee, _arguments(node.arguments))
        case Await():
            return ("await ", _child(node.operand, "unary"))
        case Unary():
            return (node.operator, _child(node.operand, "unary"))
        case Binary():
            return _binary(node, place, parent)
        case Conditional():
            return _conditional(node, place)
        case Object():
            return _object(node)
        case Array():
            return _array(node)
        case Arrow():
            return _arrow(node, hugged=False)


def path(text: str, together: int = 1) -> Doc:
    """A literal or path; one of three names or more can go on in the next line, after `together` names."""
    if re.fullmatch(PATH, text) is None or text.count(".") < 2:
        return text
    names = re.findall(r"\??\.?[\w$]+", text)
    return ("".join(names[:together]), *(Group(Indent((SOFT, name))) for name in names[together:]))


def _child(node: Node, place: Place) -> Doc:
    """An operand of `await`, `!` or `-`, in parentheses where the language needs them."""
    if isinstance(node, Binary | Conditional | Arrow) or (isinstance(node, Await) and place == "unary"):
        return ("(", expression(node, "unary"), ")")
    if isinstance(node, Unary) and node.operator == "-":
        return ("(", expression(node, "unary"), ")")
    return expression(node, place)


def _operand(outer: Binary, inner: Node, right: bool = False) -> Doc:
    if needs_parentheses(outer, inner, right):
        return ("(", expression(inner, "operand", outer), ")")
    return expression(inner, "operand", outer)


def _parts(node: Binary, parent: Node | None, inside_condition: bool) -> list[Doc]:
    left = rotated(node.left)
    parts: list[Doc]
    if isinstance(left, Binary) and flattens(node.operator, left.operator):
        parts = _parts(left, node, inside_condition)
    else:
        parts = [Group(_operand(node, left))]
    gap: Doc = " " if inlines(node) else LINE
    right: Doc = (node.operator, gap, _operand(node, node.right, right=True))
    alone = not any(same_kind(node, other) for other in (parent, left, node.right))
    grouped = alone and not (inside_condition and node.operator in LOGICAL)
    parts.append((" ", Group(right)) if grouped else (" ", right))
    return parts


def _binary(node: Binary, place: Place, parent: Node | None = None) -> Doc:
    chain = rotated(node)
    assert isinstance(chain, Binary)
    parts = tuple(_parts(chain, parent, place == "condition"))
    if place == "condition":
        return parts
    if place == "unary":
        return Group((Indent((SOFT, *parts)), SOFT))
    if place in ("return", "test", "arrow", "assignment", "property", "branch"):
        return Group(parts)
    chained = isinstance(chain.left, Binary) and flattens(chain.operator, chain.left.operator)
    if inlines(chain) and not chained:
        return Group(parts)
    return Group((parts[0], Indent(parts[1:])))


def _conditional(node: Conditional, place: Place) -> Doc:
    inner: Place = "branch_of_return" if place in ("return", "argument", "branch_of_return") else "branch"
    return Group(_conditional_parts(node, inner))


def _conditional_parts(node: Conditional, inner: Place, chained: Literal["", "then", "else"] = "") -> Doc:
    test: Doc = expression(node.test, "operand" if inner == "branch_of_return" else "test")
    if isinstance(node.test, Conditional):
        test = Group(("(", Indent((SOFT, test)), SOFT, ")"))
    elif isinstance(node.test, Arrow | Await) or _is_fallback(node.test):
        test = ("(", test, ")")

    def branch(value: Node, side: Literal["then", "else"]) -> Doc:
        if isinstance(value, Conditional):
            return _conditional_parts(value, "branch", side)
        printed = expression(value, inner)
        return ("(", printed, ")") if _is_fallback(value) else printed

    then: Doc = Align(INDENT, branch(node.then, "then"))
    if isinstance(node.then, Conditional):
        then = (IfBreak("", "("), then, IfBreak("", ")"))
    sides: Doc = (LINE, "? ", then, LINE, ": ", Align(INDENT, branch(node.otherwise, "else")))
    if not chained:
        return (test, Indent(sides))
    return (Align(INDENT, test) if chained == "else" else test, sides)


def _is_fallback(node: Node) -> bool:
    return isinstance(node, Binary) and node.operator == "??"


def _object(node: Object) -> Doc:
    if not node.entries:
        return "{}"
    entries: list[Doc] = []
    for key, value in node.entries:
        shorthand = isinstance(value, Atom) and value.text == key
        entries.append(key if shorthand else assigned(key, ":", value, "property"))
    return Group(("{", Indent((LINE, join((",", LINE), entries))), IfBreak(","), LINE, "}"))


def _array(node: Array) -> Doc:
    if not node.items:
        return "[]"
    items = [expression(item, "item") for item in node.items]
    many = len(items) > 1
    concise = many and all(is_number(item) for item in node.items)
    breaks = (
        many
        and all(
            isinstance(item, Object | Array)
            and len(item.entries if isinstance(item, Object) else item.items) > 1
            for item in node.items
        )
        and len({type(item) for item in node.items}) == 1
    )
    if concise:
        return Group(("[", Indent((SOFT, _filled(items))), IfBreak(","), SOFT, "]"))
    return Group(("[", Indent((SOFT, join((",", LINE), items))), IfBreak(","), SOFT, "]"), breaks=breaks)


def _filled(items: list[Doc]) -> Doc:
    """Numbers, as many on a line as fit."""
    separated: list[Doc] = [items[0]]
    for item in items[1:]:
        separated += [",", Group((LINE, item))]
    return tuple(separated)


def _arrow(node: Arrow, *, hugged: bool) -> Doc:
    head = f"{'async ' if node.is_async else ''}({', '.join(node.parameters)}) =>"
    if isinstance(node.body, tuple):
        return (head, " ", block(node.body))
    body = expression(node.body, "arrow")
    if isinstance(node.body, Object):
        return Group((head, " (", body, ")"))
    if isinstance(node.body, Array | Atom) and (
        isinstance(node.body, Array) or node.body.text.startswith("`")
    ):
        return Group((head, " ", body))
    if isinstance(node.body, Conditional):
        wrapped = (IfBreak("", "("), body, IfBreak("", ")"))
        return Group((head, Group((Indent((LINE, *wrapped)), SOFT))))
    tail: Doc = (IfBreak(","), SOFT) if hugged else ""
    return Group((head, Group((Indent((LINE, body)), tail))))


def _arguments(arguments: Sequence[Node]) -> Doc:
    if not arguments:
        return "()"
    printed = [expression(argument, "argument") for argument in arguments]
    spread = Group(("(", Indent((SOFT, join((",", LINE), printed))), IfBreak(","), SOFT, ")"), breaks=True)
    last = arguments[-1]
    if not hugs(arguments):
        return Group(("(", Indent((SOFT, join((",", LINE), printed))), IfBreak(","), SOFT, ")"))
    first = join((", "), printed[:-1])
    lead: Doc = (first, ", ") if len(printed) > 1 else ""
    inner = _arrow(last, hugged=True) if isinstance(last, Arrow) else printed[-1]
    flat: Doc = ("(", lead, inner, ")")
    hugged: Doc = ("(", lead, _broken(inner), ")")
    return Group(flat, states=(flat, hugged, spread))


def _broken(doc: Doc) -> Doc:
    return Group(doc.contents, breaks=True) if isinstance(doc, Group) else doc


def assigned(left: str, operator: str, value: Node, place: Place) -> Doc:
    """`left operator value`, with the break after the operator, inside the value, or nowhere."""
    printed = expression(value, place)
    short_key = place == "property" and len(left) < INDENT + 3
    head = left + operator
    # A string or a path under a key of four letters or less gains nothing from a line of its own.
    if never_breaks(value, short_key):
        return (head, " ", printed)
    if breaks_after_operator(value) or is_poorly_breakable(value):
        return Group((head, Group(Indent((LINE, printed)))))
    small = Group(Indent(LINE))
    if isinstance(value, Arrow | Object | Array):
        return Group((head, " ", Group(printed)))
    return Group((head, small, IndentIfBreak(Group(printed), small)))


def block(statements: Sequence[Doc]) -> Doc:
    """Statements in braces."""
    if not statements:
        return "{}"
    return ("{", Indent((HARD, join(HARD, list(statements)))), HARD, "}")
