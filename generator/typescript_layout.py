"""TypeScript expressions and simple statements, in the layout that biome 2.5 leaves as it is.

Line width 100, single quotes, two spaces, trailing commas. Only what generated bodies need is here. What
one construct looks like depends on the one around it, so a node is printed with its `Place`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from generator.layout import (
    HARD,
    INDENT,
    LINE,
    SOFT,
    WIDTH,
    Align,
    Doc,
    Group,
    IfBreak,
    Indent,
    IndentIfBreak,
    Line,
    join,
    render,
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
PATH = r"[\w$]+(\??\.[\w$]+)+"
EQUALITY = frozenset({"===", "!==", "==", "!="})


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
    operand: Node


@dataclass(frozen=True, slots=True)
class Unary:
    operator: Literal["!", "-"]
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conditional:
    test: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Object:
    """An object; a key whose value is a name of the same spelling is written once."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Array:
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


def on_one_line(node: Node) -> str:
    """An expression without any break."""
    return render(expression(node, "argument"), width=1_000_000)


def expression(node: Node, place: Place = "argument", parent: Node | None = None) -> Doc:
    """The document of an expression at a place; `parent` is the chain of operators around it."""
    match node:
        case Atom():
            return _path(node.text)
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


def _path(text: str, together: int = 1) -> Doc:
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


# ---- binary expressions


def flattens(outer: str, inner: str) -> bool:
    """Whether a left operand joins the chain of the operator around it."""
    if PRECEDENCE[outer] != PRECEDENCE[inner] or outer in EQUALITY:
        return False
    if "%" in (outer, inner) and PRECEDENCE[outer] == PRECEDENCE["*"]:
        return False
    return not (outer != inner and PRECEDENCE[outer] == PRECEDENCE["*"])


def _needs_parentheses(outer: Binary, inner: Node, right: bool) -> bool:
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


def _operand(outer: Binary, inner: Node, right: bool = False) -> Doc:
    if _needs_parentheses(outer, inner, right):
        return ("(", expression(inner, "operand", outer), ")")
    return expression(inner, "operand", outer)


def _rotated(node: Node) -> Node:
    """`a && (b && c)` as `(a && b) && c`, which formatters write without parentheses."""
    while isinstance(node, Binary) and node.operator in LOGICAL and isinstance(node.right, Binary):
        if node.right.operator != node.operator:
            break
        node = Binary(node.operator, Binary(node.operator, node.left, node.right.left), node.right.right)
    return node


def _parts(node: Binary, parent: Node | None, inside_condition: bool) -> list[Doc]:
    left = _rotated(node.left)
    parts: list[Doc]
    if isinstance(left, Binary) and flattens(node.operator, left.operator):
        parts = _parts(left, node, inside_condition)
    else:
        parts = [Group(_operand(node, left))]
    gap: Doc = " " if _inlines(node) else LINE
    right: Doc = (node.operator, gap, _operand(node, node.right, right=True))
    alone = not any(_same_kind(node, other) for other in (parent, left, node.right))
    grouped = alone and not (inside_condition and node.operator in LOGICAL)
    parts.append((" ", Group(right)) if grouped else (" ", right))
    return parts


def _inlines(node: Binary) -> bool:
    """Whether the right side starts on the line of its operator and breaks inside its brackets."""
    right = node.right
    filled = (
        bool(right.entries) if isinstance(right, Object) else isinstance(right, Array) and bool(right.items)
    )
    return node.operator in LOGICAL and filled


def _same_kind(node: Binary, other: Node | None) -> bool:
    return isinstance(other, Binary) and (node.operator in LOGICAL) == (other.operator in LOGICAL)


def _binary(node: Binary, place: Place, parent: Node | None = None) -> Doc:
    rotated = _rotated(node)
    assert isinstance(rotated, Binary)
    parts = tuple(_parts(rotated, parent, place == "condition"))
    if place == "condition":
        return parts
    if place == "unary":
        return Group((Indent((SOFT, *parts)), SOFT))
    if place in ("return", "test", "arrow", "assignment", "property", "branch"):
        return Group(parts)
    chained = isinstance(rotated.left, Binary) and flattens(rotated.operator, rotated.left.operator)
    if _inlines(rotated) and not chained:
        return Group(parts)
    return Group((parts[0], Indent(parts[1:])))


# ---- the other expressions


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
        entries.append(key if shorthand else _assigned(key, ":", value, "property"))
    return Group(("{", Indent((LINE, join((",", LINE), entries))), IfBreak(","), LINE, "}"))


def _array(node: Array) -> Doc:
    if not node.items:
        return "[]"
    items = [expression(item, "item") for item in node.items]
    many = len(items) > 1
    concise = many and all(_is_number(item) for item in node.items)
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


def _is_number(node: Node) -> bool:
    return isinstance(node, Atom) and re.fullmatch(r"-?\d[\d_.]*", node.text) is not None


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
    if not _hugs(arguments):
        return Group(("(", Indent((SOFT, join((",", LINE), printed))), IfBreak(","), SOFT, ")"))
    first = join((", "), printed[:-1])
    lead: Doc = (first, ", ") if len(printed) > 1 else ""
    inner = _arrow(last, hugged=True) if isinstance(last, Arrow) else printed[-1]
    flat: Doc = ("(", lead, inner, ")")
    hugged: Doc = ("(", lead, _broken(inner), ")")
    return Group(flat, states=(flat, hugged, spread))


def _broken(doc: Doc) -> Doc:
    return Group(doc.contents, breaks=True) if isinstance(doc, Group) else doc


def _hugs(arguments: Sequence[Node]) -> bool:
    """Whether the last argument may break while the others stay on the line."""
    last = arguments[-1]
    if len(arguments) > 1 and type(arguments[-2]) is type(last):
        return False
    if isinstance(last, Object):
        return bool(last.entries)
    if isinstance(last, Array):
        return bool(last.items) and not (
            len(arguments) > 1 and len(last.items) > 1 and all(map(_is_number, last.items))
        )
    if isinstance(last, Arrow):
        return isinstance(last.body, tuple | Object | Array | Call | Conditional)
    return False


# ---- statements


def _breaks_after_operator(node: Node) -> bool:
    if isinstance(node, Binary):
        return not _inlines(node)
    if isinstance(node, Conditional):
        return isinstance(node.test, Binary) and not _inlines(node.test)
    while isinstance(node, Unary | Await):
        node = node.operand
    if isinstance(node, Atom):
        return node.text[0] in "'\"" or re.fullmatch(PATH, node.text) is not None
    return False


def _never_breaks(node: Node, short_key: bool) -> bool:
    if isinstance(node, Atom) and (node.text[0] == "`" or re.match(r"[\w$.]+(<[^`]*>)?`", node.text)):
        return True
    if isinstance(node, Atom) and node.text in ("true", "false"):
        return False
    return short_key and isinstance(node, Atom) and (node.text[0] in "'\"" or "." in node.text)


def _is_poorly_breakable(node: Node) -> bool:
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


def _assigned(left: str, operator: str, value: Node, place: Place) -> Doc:
    """`left operator value` with the break after the operator, inside the value, or nowhere."""
    printed = expression(value, place)
    short_key = place == "property" and len(left) < INDENT + 3
    head = left + operator
    # A string or a path under a key of four letters or less gains nothing from a line of its own.
    if _never_breaks(value, short_key):
        return (head, " ", printed)
    if _breaks_after_operator(value) or _is_poorly_breakable(value):
        return Group((head, Group(Indent((LINE, printed)))))
    small = Group(Indent(LINE))
    if isinstance(value, Arrow | Object | Array):
        return Group((head, " ", Group(printed)))
    return Group((head, small, IndentIfBreak(Group(printed), small)))


def constant(name: str, value: Node) -> Doc:
    """`const name = value;`; `name` may carry a type."""
    return (_assigned(f"const {name}", " =", value, "assignment"), ";")


def assignment(target: str, value: Node) -> Doc:
    """`target = value;`."""
    return (_assigned(target, " =", value, "assignment"), ";")


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


def block(statements: Sequence[Doc]) -> Doc:
    """Statements in braces."""
    if not statements:
        return "{}"
    return ("{", Indent((HARD, join(HARD, list(statements)))), HARD, "}")


def condition(test: Node, then: Sequence[Doc], otherwise: Sequence[Doc] | None = None) -> Doc:
    """`if (test) { ... } else { ... }`."""
    head = Group(("if (", Group((Indent((SOFT, expression(test, "condition"))), SOFT)), ") "))
    tail: Doc = ("", "") if otherwise is None else (" else ", block(otherwise))
    return (head, block(then), tail)


def loop(name: str, items: Node, body: Sequence[Doc]) -> Doc:
    """`for (const name of items) { ... }`."""
    over = _path(items.text, 2) if isinstance(items, Atom) else expression(items, "argument")
    return (f"for (const {name} of ", over, ") ", block(body))


def imported(names: Sequence[str], path: str) -> Doc:
    """`import { a, type B } from 'path';`, names in the order given; of types alone `import type`."""
    types_only = all(name.startswith("type ") for name in names)
    head = "import type {" if types_only else "import {"
    plain: list[Doc] = [name.removeprefix("type ") if types_only else name for name in names]
    tail = f"}} from {text_literal(path)};"
    if len(plain) == 1:
        # A single name never gets a line of its own.
        return (head, " ", plain[0], " ", tail)
    return Group((head, Indent((LINE, join((",", LINE), plain))), IfBreak(","), LINE, tail))


def written(statements: Sequence[Doc], indent: int = 0) -> str:
    """Statements as lines, indented by a number of columns."""
    return "\n".join(" " * indent + render(each, column=indent) for each in statements)


__all__ = [
    "Array",
    "Arrow",
    "Atom",
    "Await",
    "Binary",
    "Call",
    "Conditional",
    "Line",
    "Node",
    "Object",
    "Unary",
    "assignment",
    "block",
    "condition",
    "constant",
    "expression",
    "imported",
    "loop",
    "on_one_line",
    "returned",
    "statement",
    "text_literal",
    "written",
]
