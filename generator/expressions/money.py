"""Whether two amounts are certainly in one currency, so that nothing has to be compared at run time."""

from __future__ import annotations

from generator.expressions.typed import (
    Choice,
    Convert,
    Fact,
    Field,
    Invoke,
    Operation,
    Opposite,
    Root,
    Row,
    Typed,
)


def same_currency(left: Typed, right: Typed) -> bool:
    """Whether two money values certainly share their currency.

    True when both types name one currency, or both read theirs from one place.
    """
    if left.type.currency is not None or right.type.currency is not None:
        return left.type.currency == right.type.currency
    one, two = source_of(left), source_of(right)
    return one is not None and one == two


def source_of(typed: Typed) -> Fact | None:
    """The place that a money value takes its currency from, as a path; None when there may be several."""
    if isinstance(typed, Field):
        return _path(typed.currency) if typed.currency is not None else None
    if isinstance(typed, Opposite | Convert):
        return source_of(typed.operand)
    if isinstance(typed, Operation):
        sides = [side for side in (typed.left, typed.right) if side.type.kind == "money"]
        return _single(sides)
    if isinstance(typed, Choice):
        return _single([side for side in (typed.then, typed.otherwise) if side.type.kind == "money"])
    if isinstance(typed, Invoke) and typed.name != "money":
        return _single([argument for argument in typed.arguments if argument.type.kind == "money"])
    return None


def _single(several: list[Typed]) -> Fact | None:
    found = {source_of(typed) for typed in several}
    return found.pop() if len(found) == 1 else None


def _path(typed: Typed) -> Fact | None:
    if isinstance(typed, Root):
        return (typed.name,)
    if isinstance(typed, Row):
        return (f"#{typed.frame}",)
    if isinstance(typed, Field):
        base = _path(typed.base)
        return None if base is None else (*base, typed.member.column or typed.member.name)
    return None
