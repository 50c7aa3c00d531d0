"""What a condition proves about values that may be unset."""

from __future__ import annotations

from generator.expressions.names import fact_of
from generator.expressions.typed import Connect, Fact, Facts, Inverse, Policy, Presence, Typed


def facts_of(typed: Typed, truth: bool = True) -> Facts:
    """The paths that are certainly set once a condition is known to be true (or, with False, false)."""
    if isinstance(typed, Policy):
        return facts_of(typed.body, truth)
    if isinstance(typed, Inverse):
        return facts_of(typed.operand, not truth)
    if isinstance(typed, Presence):
        fact = fact_of(typed.operand)
        return _prefixes(fact) if fact is not None and truth != typed.negated else frozenset()
    if isinstance(typed, Connect):
        facts = [facts_of(operand, truth) for operand in typed.operands]
        all_hold = (typed.operator == "and") == truth
        return frozenset.union(*facts) if all_hold else frozenset.intersection(*facts)
    return frozenset()


def _prefixes(fact: Fact) -> Facts:
    return frozenset(fact[:end] for end in range(1, len(fact) + 1))
