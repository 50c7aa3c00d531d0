"""Typed tree to TypeScript that runs on the generated server."""

from __future__ import annotations

from dataclasses import dataclass

from generator.expressions.typed import Typed
from generator.layout import Doc


@dataclass(frozen=True, slots=True)
class Code:
    """An expression in TypeScript.

    `doc` prints in the formatter's layout, `text` is the same on one line. `runtime` names functions of
    `expression.js`, `kernel` those of the kernel (`count exists sum minimum maximum scalar`, and `sql` of
    Kysely), `models` constants of models, all to be imported. `awaits`: it holds an `await`.
    """

    doc: Doc
    text: str
    runtime: frozenset[str]
    kernel: frozenset[str]
    models: frozenset[str]
    awaits: bool

    @property
    def uses(self) -> frozenset[str]:
        """Every name to import."""
        return self.runtime | self.kernel | self.models


def write_typescript(typed: Typed, *, row: str = "row") -> Code:
    """Write an expression as TypeScript.

    Args: typed, the checked tree; row, the TypeScript that holds the row of the rule (`this`).
    Returns: the code and what it imports.
    """
    raise NotImplementedError
