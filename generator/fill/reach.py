"""What a body must not do with what is not its own: change it, pass for it, or leave it running."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from generator.fill.contract import Contract
from generator.fill.syntax import nodes_of, text_of

# Functions of the kernel whose argument at a place is a table, a view or a link: what the contract declares.
_TAKING = {"../read.js": 1, "../write.js": 1, "../view.js": 1, "../model.js": 0}
_OTHERS = frozenset({"scalar", "emit", "checkVersion", "instantOf", "iso", "groupsOf", "ruling"})
_DATE_SETTER = re.compile(r"set(?:UTC)?(?:Time|Date|Month|(?:Full)?Year|Hours|Minutes|Seconds|Milliseconds)")
_THROUGH = frozenset(
    {"member_expression", "subscript_expression", "as_expression", "satisfies_expression"}
    | {"non_null_expression", "parenthesized_expression"}
)
_SPELLED = frozenset(
    {"identifier", "property_identifier", "private_property_identifier", "shorthand_property_identifier"}
    | {"shorthand_property_identifier_pattern", "statement_identifier", "type_identifier"}
)
_ASYNC = re.compile(r"^async function (\w+)", re.MULTILINE)
_MATCHING = frozenset({"match", "matchAll", "search"})
# A group that repeats and is repeated, or that is told apart late, may take longer than the world will last.
_SLOW = re.compile(r"\((?:[^()\\]|\\.)*(?:[+*}|])(?:[^()\\]|\\.)*\)\s*[+*{]|\)\)[+*{]|\\[1-9k]")


class Reach:
    """A body that is held against what it may reach."""

    def __init__(self, contract: Contract, inner: list[Node]) -> None:
        self._contract, self._inner = contract, inner
        self._foreign = self._of_elsewhere()
        self._promising = {name for _, text in contract.declarations for name in _ASYNC.findall(text)}

    def refused(self, node: Node) -> Iterator[str]:
        """Say what a node does that it must not."""
        if node.type in _SPELLED and "\\" in text_of(node):
            yield "it spells a name with an escape"
        elif (field := _changes(node)) is not None:
            yield from self._changed(node.child_by_field_name(field))
        elif node.type == "regex" and _SLOW.search(text_of(node)):
            yield "its regular expression may take very long: compare texts instead"
        elif node.type == "call_expression":
            yield from self._called(node)

    def _changed(self, target: Node | None) -> Iterator[str]:
        for node in nodes_of(target) if target is not None else ():
            is_member = node.type in ("member_expression", "subscript_expression")
            if is_member and self._is_foreign(node):
                yield f"it changes `{text_of(node)[:60]}`, which is not its own"

    def _called(self, node: Node) -> Iterator[str]:
        function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or given is None:
            return
        # A type argument makes the parser put `await` into the function that is called.
        waits = function.type == "await_expression"
        function = (function.named_child(0) if waits else None) or function
        name = text_of(function)
        arguments = [each for each in given.named_children if each.type != "comment"]
        member = text_of(function.child_by_field_name("property"))
        if function.type == "member_expression":
            if _DATE_SETTER.fullmatch(member) and self._is_foreign(function):
                yield f"it changes `{name[:60]}`, which is not its own: make a `new Date`"
            if member in _MATCHING and not (arguments and arguments[0].type == "regex"):
                yield f"`{member}` takes a regular expression as it is written"
        module = next((each.module for each in self._contract.imports if each.name == name), "")
        place = _TAKING.get(module)
        if place is not None and name not in _OTHERS and len(arguments) > place:
            model = arguments[place]
            if model.type != "identifier" or text_of(model) not in self._contract.names:
                yield f"`{name}` takes a table or a view by its declared name"
        if name in self._promising and not waits and _is_left_alone(node):
            yield f"it does not wait for `{name}`"

    def _of_elsewhere(self) -> set[str]:
        """The body's own names for what is not its own."""
        foreign: set[str] = set()
        declared = [node for node in self._inner if node.type == "variable_declarator"]
        while True:
            before = len(foreign)
            for node in declared:
                name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
                if value is not None and self._root(value) in {"context", "input", *foreign}:
                    foreign |= {text_of(each) for each in nodes_of(name or node) if each.type in _SPELLED}
            if len(foreign) == before:
                return foreign

    def _is_foreign(self, node: Node) -> bool:
        root = self._root(node)
        return root in {"context", "input", *self._contract.names} or root in self._foreign

    def _root(self, node: Node) -> str:
        """The name at which a chain of members begins, "" for another value."""
        while node.type in _THROUGH:
            inner = node.child_by_field_name("object") or node.named_child(0)
            if inner is None:
                return ""
            node = inner
        return text_of(node) if node.type == "identifier" else ""


def _changes(node: Node) -> str | None:
    """The part of a node that it changes, None if it changes nothing."""
    if node.type in ("assignment_expression", "augmented_assignment_expression", "for_in_statement"):
        return "left"
    deletes = node.type == "unary_expression" and text_of(node.child_by_field_name("operator")) == "delete"
    return "argument" if deletes or node.type == "update_expression" else None


def _is_left_alone(node: Node) -> bool:
    """Whether nobody waits for what a call promises."""
    above = node.parent
    while above is not None and above.type in ("parenthesized_expression", "unary_expression"):
        above = above.parent
    return above is not None and above.type in (
        "expression_statement",
        "member_expression",
        "sequence_expression",
    )
