"""The first part of the proof: a body stays inside of its slot, by its text and its syntax tree alone.

What is not known to be harmless is refused: names by a list of those that may be used, members by a list of
those that may not, SQL by a list of the functions it may call. Nothing of a body is run here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tree_sitter import Node

from generator.fill.contract import Contract
from generator.fill.declarations import OPEN_MEMBERS
from generator.fill.reach import Reach
from generator.fill.scopes import Scopes
from generator.fill.sql_text import refused_column, refused_sql
from generator.fill.syntax import MOST_NESTED, nodes_of, text_of, tree_of
from generator.slots import MarkerError, find_slots, with_bodies

MOST_BYTES, MOST_LINES = 16_000, 300
_MOST_PROBLEMS = 8

# What of the language a body may name, and which of its members; None where it is called or constructed.
_GLOBALS: dict[str, frozenset[str]] = {
    "Array": frozenset({"from", "isArray", "of"}),
    "BigInt": frozenset(),
    "Boolean": frozenset(),
    "Date": frozenset({"UTC", "parse"}),
    "Infinity": frozenset(),
    "JSON": frozenset({"parse", "stringify"}),
    "Map": frozenset(),
    "Math": frozenset(
        {"abs", "cbrt", "ceil", "exp", "floor", "hypot", "log", "log10", "log2", "max", "min", "pow"}
        | {"round", "sign", "sqrt", "trunc"}
    ),
    "NaN": frozenset(),
    "Number": frozenset(
        {"EPSILON", "MAX_SAFE_INTEGER", "MIN_SAFE_INTEGER", "isFinite", "isInteger", "isNaN", "isSafeInteger"}
        | {"parseFloat", "parseInt"}
    ),
    "Object": frozenset({"entries", "hasOwn", "is", "keys", "values"}),
    "Promise": frozenset({"all"}),
    "Set": frozenset(),
    "String": frozenset(),
    "isFinite": frozenset(),
    "isNaN": frozenset(),
    "parseFloat": frozenset(),
    "parseInt": frozenset(),
    "undefined": frozenset(),
}
_AS_VALUES = frozenset({"Infinity", "NaN", "undefined"})
_HANDED_ON = frozenset({"Math", "Number"})
_CONSTANTS = frozenset({"EPSILON", "MAX_SAFE_INTEGER", "MIN_SAFE_INTEGER"})
_CONSTRUCTED = frozenset({"Date", "Failure", "Map", "Set"})
_SQL_MEMBERS = frozenset({"join", "ref"})
# By these any object leads to the code of the whole process.
_DEEP = re.compile(
    r"constructor|prototype|__\w+__|caller|callee|captureStackTrace|prepareStackTrace"
    # By these anything passes for SQL, or becomes other SQL than what was read here.
    r"|toOperationNode|withPlugin"
)
_FORBIDDEN = {
    "import": "imports something",
    "import_statement": "imports something",
    "export_statement": "exports something",
    "meta_property": "asks for what runs it",
    "with_statement": "uses `with`",
    "debugger_statement": "stops in a debugger",
    "class_declaration": "declares a class",
    "abstract_class_declaration": "declares a class",
    "html_comment": "has the signs of a comment of HTML",
    "class": "declares a class",
    "enum_declaration": "declares an enum",
    "ambient_declaration": "declares something of elsewhere",
    "internal_module": "declares a namespace",
    "module": "declares a module",
    "decorator": "uses a decorator",
    "variable_declaration": "uses `var`",
    "this": "uses `this`",
    "super": "uses `super`",
    "hash_bang_line": "starts a script",
}
_SWITCHES = re.compile(
    r"@ts-|biome-ignore|eslint|prettier-|(?:v8|c8|istanbul|node:coverage) ignore|vitest|@jsx"
    r"|source(?:Mapping)?URL|<reference|<amd",
    re.IGNORECASE,
)
_TEMPLATE_MARKS = ("{{", "{%", "{#")
_MARKER = re.compile(r"(?://|#)[ \t]*(?:end )?slot:")


def spliced(content: bytes, identity: str, body: str) -> bytes:
    """Put a body into its slot in a file, with the line ends of the file.

    Raises:
        MarkerError: the markers of the file do not pair.
    """
    text = body.replace("\r\n", "\n").strip("\n") + "\n"
    made = text.encode(errors="surrogatepass")
    return with_bodies(content, {identity: made.replace(b"\n", b"\r\n") if b"\r\n" in content else made})


def leaving(contract: Contract, content: bytes, body: str) -> tuple[str, ...]:
    """Say where a body leaves its slot, or does there what its contract does not allow.

    Args:
        contract: of the slot.
        content: the file that holds the slot.
        body: what shall stand in it.

    Returns:
        The reasons, none if it stays inside.
    """
    reasons = tuple(_in_text(body))
    if reasons:
        return reasons
    try:
        made = spliced(content, contract.id, body)
        slot = next(slot for slot in find_slots(made) if slot.id == contract.id)
    except (MarkerError, StopIteration, UnicodeEncodeError):
        return ("it breaks the markers of the file",)
    tree, before = tree_of(made), tree_of(content)
    former = next(slot for slot in find_slots(content) if slot.id == contract.id)
    if broken := _broken(tree):
        line = broken.start_point.row - made[: slot.start].count(b"\n") + 1
        return (f"line {line}: this is no TypeScript that can stand in a function",)
    if _around(tree, slot.start, slot.end) != _around(before, former.start, former.end):
        return ("it leaves the slot: what stands around it would change",)
    inner = [
        node
        for node in nodes_of(tree)
        if slot.start <= node.start_byte and node.end_byte <= slot.end and node.end_byte > node.start_byte
    ]
    if not any(node.is_named and node.type != "comment" for node in inner):
        return ("it is empty",)
    if any(node.type == "object" and _is_alone(node, inner) for node in inner):
        return ("it is data, and no statements",)
    first = made[: slot.start].count(b"\n")
    found = dict.fromkeys(
        f"line {node.start_point.row - first + 1}: {reason}" for node, reason in _in_tree(contract, inner)
    )
    return tuple(found)[:_MOST_PROBLEMS]


def _is_alone(node: Node, inner: list[Node]) -> bool:
    """Whether a node is a statement of its own."""
    return node.parent is not None and node.parent.type == "expression_statement" and node.parent in inner


def _in_text(body: str) -> Iterator[str]:
    size, lines = len(body.encode(errors="replace")), body.count("\n") + 1
    if size > MOST_BYTES or lines > MOST_LINES:
        yield f"it has {lines:,} lines and {size:,} bytes; at most {MOST_LINES} and {MOST_BYTES:,}"
        return
    if not body.strip():
        yield "it is empty"
    odd = next((each for each in body if _is_hidden(each)), None)
    if odd is not None:
        yield f"it has a character that nobody sees, U+{ord(odd):04X}"
    if _MARKER.search(body):
        yield "it has the marker of a slot"
    if "```" in body:
        yield "it has a fence of Markdown: answer with the statements alone"
    if "<!--" in body or re.search(r"^\s*-->", body, re.MULTILINE):
        yield "it has the signs of a comment of HTML"
    if any(mark in body for mark in _TEMPLATE_MARKS):
        yield "it has the marks of a template"


def _is_hidden(character: str) -> bool:
    if character in "\n\t\r":
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _broken(tree: Node) -> Node | None:
    if not tree.has_error:
        return None
    return next((node for node in nodes_of(tree) if node.is_error or node.is_missing), tree)


def _around(tree: Node, start: int, end: int) -> list[tuple[int, str, str]]:
    """A tree without what stands in a slot: each leaf with its kind, its text and how deep it stands."""
    found = []
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if start <= node.start_byte and node.end_byte <= end:
            continue
        children = node.children
        found.append((depth, node.type, "" if children else text_of(node)))
        waiting.extend((child, depth + 1) for child in reversed(children))
    return found


def _in_tree(contract: Contract, inner: list[Node]) -> Iterator[tuple[Node, str]]:
    scopes, reach = Scopes(inner), Reach(contract, inner)
    taken = {"context", "input", *contract.names, *_GLOBALS}
    for name, node in scopes.declared():
        if name in taken or not name.isascii():
            yield node, f"`{name}` cannot be declared again"
    for node in inner:
        if _depth(node) > MOST_NESTED:
            yield node, "it is nested too deeply"
            return
        yield from ((node, reason) for reason in reach.refused(node))
        if node.type in _FORBIDDEN and (node.is_named or node.type == "import"):
            yield node, f"it {_FORBIDDEN[node.type]}"
        elif node.type == "predefined_type" and text_of(node) == "any":
            yield node, "it uses the type `any`"
        elif node.type == "comment" and _SWITCHES.search(text_of(node)):
            yield node, "a comment switches a check off"
        elif node.type == "shorthand_property_identifier" and _DEEP.fullmatch(text_of(node)):
            yield node, f"it uses the member `{text_of(node)}`"
        elif node.type in ("identifier", "shorthand_property_identifier"):
            yield from ((node, reason) for reason in _name(contract, scopes, node))
        elif node.type in ("property_identifier", "private_property_identifier"):
            if _DEEP.fullmatch(text_of(node)):
                yield node, f"it uses the member `{text_of(node)}`"
        elif node.type == "shorthand_property_identifier_pattern" and _DEEP.fullmatch(text_of(node)):
            yield node, f"it uses the member `{text_of(node)}`"
        elif node.type == "subscript_expression":
            yield from ((node, reason) for reason in _subscript(node))
        elif node.type == "string" and _is_key(node) and not _is_plain(node):
            yield node, f"it uses the member {text_of(node)}"
        elif node.type == "computed_property_name" and not _is_plain(node.named_child(0)):
            yield node, "it computes the name of a member: use a Map"
        elif node.type == "new_expression":
            made = _called(node)
            if made not in _CONSTRUCTED:
                yield node, f"it constructs a `{made}`"
            elif made == "Date" and not _arguments(node):
                yield node, "it reads the clock: the time is `context.now`"
        elif node.type == "call_expression":
            yield from ((node, reason) for reason in _call(node))
        if node.type in ("call_expression", "new_expression", "pair"):
            yield from ((node, reason) for reason in _codes(contract, node))


def _name(contract: Contract, scopes: Scopes, node: Node) -> Iterator[str]:
    name, parent = text_of(node), node.parent
    if scopes.declares(node) or parent is None:
        return
    # A type argument makes the parser put `await` into the function that is called.
    typed = parent.type == "await_expression" and _is_called(parent)
    in_member = parent.type == "member_expression" and parent.child_by_field_name("object") == node
    member = text_of(parent.child_by_field_name("property")) if in_member else ""
    called = typed or (
        parent.type in ("call_expression", "new_expression")
        and node in (parent.child_by_field_name("function"), parent.child_by_field_name("constructor"))
    )
    if name == "context":
        yield from _context(contract, parent, in_member, member)
    elif scopes.holds(node) or name == "input":
        return
    elif name in contract.names:
        if name == "sql" and not (called or (member in _SQL_MEMBERS and _is_called(parent))):
            yield "`sql` is used as sql`...`, sql.join or sql.ref alone"
        elif name != "sql" and in_member:
            yield f"it reaches into `{name}`"
        elif name != "sql" and not (called or _is_handed_on(contract, node) or _is_asked_for(parent, node)):
            yield f"`{name}` is only to be called, or handed to the declared functions"
    elif name not in _GLOBALS:
        yield f"`{name}` is none of the names that it may use"
    elif in_member and member not in _GLOBALS[name]:
        yield f"`{name}.{member}` is not for bodies"
    elif in_member and not (
        _is_called(parent)
        or (_is_argument(parent) and (name in _HANDED_ON or member == "isArray"))
        or member in _CONSTANTS
    ):
        yield f"`{name}.{member}` is only to be called"
    elif name == "Boolean" and _is_argument(node):
        return
    elif not in_member and not called and name not in _AS_VALUES and not _is_asked_for(parent, node):
        yield f"`{name}` is only to be called: write `(each) => {name}(each)`"


def _is_asked_for(parent: Node, node: Node) -> bool:
    """Whether it stands right of `instanceof`."""
    return parent.type == "binary_expression" and any(
        child.type == "instanceof" and child.end_byte <= node.start_byte for child in parent.children
    )


def _is_called(node: Node) -> bool:
    above = node.parent
    return (
        above is not None
        and above.type == "call_expression"
        and (above.child_by_field_name("function") == node)
    )


def _is_argument(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "arguments"


def _is_handed_on(contract: Contract, node: Node) -> bool:
    """Whether it is an argument of a declared function, or stands in a type."""
    above = node.parent
    if above is not None and above.type == "type_query":
        return True
    call = above.parent if above is not None and above.type == "arguments" else None
    return call is not None and call.type == "call_expression" and _called(call) in contract.names


def _is_key(node: Node) -> bool:
    above = node.parent
    return (
        above is not None
        and above.type in ("pair_pattern", "pair", "method_definition")
        and node in (above.child_by_field_name("key"), above.child_by_field_name("name"))
    )


def _context(contract: Contract, parent: Node, in_member: bool, member: str) -> Iterator[str]:
    if in_member and member == "config":
        above = parent.parent
        setting = text_of(above.child_by_field_name("property")) if above is not None else ""
        is_read = above is not None and above.type == "member_expression"
        if not is_read or setting not in {name for name, _ in contract.settings}:
            yield "of `context.config` only the settings of the plan may be read, and no secret"
    elif in_member:
        if member not in OPEN_MEMBERS:
            yield f"`context.{member}` is not for bodies"
    elif not (
        parent.type == "arguments"
        and parent.parent is not None
        and _called(parent.parent) in contract.names
        and parent.parent.type == "call_expression"
    ):
        yield "`context` may only be handed to the declared functions"


def _subscript(node: Node) -> Iterator[str]:
    if not _is_plain(node.child_by_field_name("index")):
        yield "it computes the name of a member: use `.at(index)`, `for` or a Map"


def _is_plain(node: Node | None) -> bool:
    """A number, or a text that is no way into the depths."""
    if node is None:
        return False
    text = text_of(node)
    return node.type == "number" or (
        node.type == "string" and "\\" not in text and not _DEEP.fullmatch(text.strip("'\""))
    )


def _call(node: Node) -> Iterator[str]:
    given = node.child_by_field_name("arguments")
    called = _called(node)
    if given is not None and given.type == "template_string":
        if called.partition("<")[0] != "sql":
            yield f"`{called}` is no tag that it may use"
            return
        yield from refused_sql(_fixed_parts(given))
    elif called == "sql":
        yield "`sql` is used as sql`...`, sql.join or sql.ref alone"
    elif called == "sql.ref":
        names = [text_of(each)[1:-1] if each.type == "string" else "" for each in _arguments(node)]
        yield from filter(None, map(refused_column, names or [""]))
    elif called == "JSON.parse" and [each.type for each in _arguments(node)[1:]]:
        yield "`JSON.parse` takes a text alone"
    elif called == "Date":
        yield "it reads the clock: the time is `context.now`"


def _called(node: Node) -> str:
    """What a call calls; a type argument makes the parser put `await` into it."""
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    if function is not None and function.type == "await_expression":
        function = function.named_child(0)
    return text_of(function)


def _fixed_parts(template: Node) -> list[str]:
    """The text of a template as its author wrote it: before, between and after its values."""
    source, start, parts = text_of(template).encode(), template.start_byte, []
    at = 1
    for value in (child for child in template.children if child.type == "template_substitution"):
        parts.append(source[at : value.start_byte - start].decode())
        at = value.end_byte - start
    return [*parts, source[at:-1].decode()]


def _codes(contract: Contract, node: Node) -> Iterator[str]:
    made, given = _called(node), _arguments(node)
    place = {"Failure": 0, "ensure": 1}.get(made)
    if node.type == "pair" and text_of(node.child_by_field_name("key")).strip("'\"") == "missing":
        place, given = 0, node.named_children[-1:]
    codes = {code for code, _, _ in contract.errors}
    if place is not None:
        code = given[place] if len(given) > place else None
        if code is None or code.type != "string" or text_of(code).strip("'\"") not in codes:
            declared = ", ".join(sorted(codes)) or "none"
            yield f"it fails with {text_of(code) or 'nothing'}; its errors are {declared}"


def _arguments(node: Node) -> list[Node]:
    given = node.child_by_field_name("arguments")
    found = given.named_children if given is not None and given.type == "arguments" else []
    return [each for each in found if each.type != "comment"]


def _depth(node: Node) -> int:
    depth, above = 0, node.parent
    while above is not None and depth <= MOST_NESTED:
        depth, above = depth + 1, above.parent
    return depth
