"""Which names the statements of a body declare, and where they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from generator.fill.syntax import nodes_of, text_of

_FUNCTIONS = frozenset(
    {"arrow_function", "function_expression", "function_declaration", "generator_function"}
    | {"generator_function_declaration", "method_definition"}
)
_SCOPES = _FUNCTIONS | {
    "statement_block",
    "for_statement",
    "for_in_statement",
    "catch_clause",
    "switch_body",
}
_LEAVES = ("identifier", "shorthand_property_identifier_pattern")


class Scopes:
    """The declarations of a body, by the part of the tree in which they hold."""

    def __init__(self, inner: Iterable[Node]) -> None:
        self._names: dict[int, set[str]] = {}
        self._places: dict[int, Node] = {}
        for node in inner:
            for scope, pattern in _declarations(node):
                for leaf in _leaves(pattern):
                    self._names.setdefault(scope.id, set()).add(text_of(leaf))
                    self._places[leaf.id] = leaf

    def declared(self) -> Iterator[tuple[str, Node]]:
        """Every name that is declared, with its place."""
        for node in self._places.values():
            yield text_of(node), node

    def declares(self, node: Node) -> bool:
        """Whether a name stands where it is declared."""
        return node.id in self._places

    def holds(self, node: Node) -> bool:
        """Whether a name is one of the body's own where it stands."""
        name, above = text_of(node), node.parent
        while above is not None:
            if name in self._names.get(above.id, ()):
                return True
            above = above.parent
        return False


def _declarations(node: Node) -> Iterator[tuple[Node, Node]]:
    """The patterns that a node declares, each with the scope in which its names hold."""
    if node.type == "variable_declarator" and (name := node.child_by_field_name("name")) is not None:
        yield _scope_of(node), name
    elif node.type == "for_in_statement" and node.child_by_field_name("kind") is not None:
        if (left := node.child_by_field_name("left")) is not None:
            yield node, left
    elif node.type == "catch_clause":
        if (parameter := node.child_by_field_name("parameter")) is not None:
            yield node, parameter
    elif node.type in _FUNCTIONS:
        name = node.child_by_field_name("name")
        if name is not None and node.type != "method_definition":
            yield (_scope_of(node) if node.type.endswith("declaration") else node), name
        if (single := node.child_by_field_name("parameter")) is not None:
            yield node, single
        for parameter in (node.child_by_field_name("parameters") or node).named_children:
            pattern = parameter.child_by_field_name("pattern")
            if pattern is not None and parameter.type in ("required_parameter", "optional_parameter"):
                yield node, pattern


def _scope_of(node: Node) -> Node:
    above = node.parent
    while above is not None and above.type not in _SCOPES and above.parent is not None:
        above = above.parent
    return above if above is not None else node


def _leaves(pattern: Node) -> Iterator[Node]:
    """The names that a pattern binds, default values left out."""
    skipped: set[int] = set()
    for node in nodes_of(pattern):
        if node.parent is not None and node != pattern and node.parent.id in skipped:
            skipped.add(node.id)
            continue
        if node.type in ("assignment_pattern", "object_assignment_pattern"):
            right = node.child_by_field_name("right")
            if right is not None:
                skipped.add(right.id)
        if node.id in skipped or node.type == "computed_property_name":
            skipped.add(node.id)
            continue
        if node.type in _LEAVES:
            yield node
