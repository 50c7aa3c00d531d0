"""Types, names and narrowing: from the tree of `syntax.parse` to a `Typed` tree, or everything wrong with it."""

from __future__ import annotations

from generator.expressions.syntax import Node
from generator.expressions.typed import Facts, Typed
from generator.expressions.types import Scope, Type


def check(
    expression: Node | str, scope: Scope, expected: Type | None = None, facts: Facts = frozenset()
) -> Typed:
    """Check an expression and resolve every name in it.

    Args: expression, source text or its parsed tree; scope, the names in reach; expected, the type of the
    place (BOOL for conditions), to which the result is converted; facts, paths already known to be set.
    Returns: the typed tree. Raises: ExpressionProblems with all problems, each with its offset.
    Rules: LANGUAGE.md section 10.
    """
    raise NotImplementedError


def facts_of(typed: Typed, truth: bool = True) -> Facts:
    """The paths that are certainly set once a condition is known to be true (or, with False, false)."""
    raise NotImplementedError
