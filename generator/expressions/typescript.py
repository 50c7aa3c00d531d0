"""Typed tree to TypeScript for the generated server: the entry; `typescript_writer` does the work."""

from __future__ import annotations

from generator.expressions.typed import TOP, Typed
from generator.expressions.typescript_writer import TypescriptWriter, type_name
from generator.frozen import dataclass
from generator.typescript_layout.expressions import on_one_line
from generator.typescript_layout.nodes import Node

__all__ = ["Code", "type_name", "write_typescript"]


@dataclass(frozen=True, slots=True)
class Code:
    """An expression in TypeScript.

    `node` goes into calls and statements of `typescript_layout`, which print it in the formatter's layout;
    `text` is the same on one line. `runtime` names functions (and the type `Money`) of `expression.js`,
    `kernel` those of the kernel (`count exists sum minimum maximum scalar`, and `sql` of Kysely), `models`
    constants of models, all to be imported. `awaits`: it holds an `await`.
    """

    node: Node
    text: str
    runtime: frozenset[str]
    kernel: frozenset[str]
    models: frozenset[str]
    awaits: bool


def write_typescript(typed: Typed, *, row: str = "row") -> Code:
    """Write an expression as TypeScript.

    Args: typed, the checked tree; row, the TypeScript that holds the row of the rule (`this`).
    Returns: the code and what it imports.
    """
    writer = TypescriptWriter({TOP: row})
    node = writer.node(typed)
    return Code(
        node,
        on_one_line(node),
        frozenset(writer.runtime),
        frozenset(writer.kernel),
        frozenset(writer.models),
        bool(writer.kernel),
    )
