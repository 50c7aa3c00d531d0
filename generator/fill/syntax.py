"""TypeScript as a syntax tree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

MOST_NESTED = 200
"""Levels of a tree that are looked at; a body has no use for more."""


def tree_of(source: bytes) -> Node:
    """Parse TypeScript; what cannot be read stands in the tree as `ERROR`, or as a node that is missing."""
    return _parser().parse(source).root_node


def nodes_of(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in the order of the text, without recursion: trees may be deep."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(found.children))


def text_of(node: Node | None) -> str:
    """The text of a node, "" for none."""
    return (node.text or b"").decode(errors="replace") if node is not None else ""


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_typescript.language_typescript()))
