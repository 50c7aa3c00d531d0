"""What an expression gives for sample rows, so that tests know which rows meet a rule and which break it.

Values are Python's: int (also instants and intervals, in milliseconds), Decimal, str, bool, date; None is
unset. What cannot be told from the plan alone is :data:`UNKNOWN`, and spreads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from generator.expressions.typed import (
    TOP,
    Choice,
    Comparison,
    Connect,
    Constant,
    Convert,
    Derived,
    Field,
    Gather,
    Inverse,
    Invoke,
    Length,
    Membership,
    Operation,
    Opposite,
    Policy,
    Presence,
    Root,
    Row,
    Typed,
)
from generator.frozen import dataclass

DAY = 86_400_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Unknown:
    """A value that is there, but cannot be told."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()

SampleRow = Mapping[str, Any]
"""A row by its columns."""


@dataclass(frozen=True)
class Surroundings:
    """What an expression is evaluated in: the clock, settings, and all rows there are, by entity."""

    now: int
    config: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Sequence[SampleRow]] = field(default_factory=dict)
    frames: Mapping[int, SampleRow] = field(default_factory=dict)
    roots: Mapping[str, SampleRow] = field(default_factory=dict)

    def about(self, row: SampleRow, frame: int = TOP) -> Surroundings:
        """The same, with a row in the place of a frame."""
        return replace(self, frames={**self.frames, frame: row})


def evaluate(typed: Typed, around: Surroundings) -> Any:
    """Evaluate an expression.

    Args:
        typed: a checked expression.
        around: rows, clock and settings.

    Returns:
        The value, or :data:`UNKNOWN`.
    """
    try:
        return _value(typed, around)
    except (ArithmeticError, TypeError, ValueError, KeyError, AttributeError):
        return UNKNOWN


def python_value(kind: str, text: Any) -> Any:
    """A value of the plan, kept as text or number, as a Python value.

    Args:
        kind: the kind of its type.
        text: what a constant or a sample holds.

    Returns:
        The value.
    """
    if text is None or text is UNKNOWN:
        return text
    if kind == "decimal":
        return Decimal(str(text))
    if kind == "money":
        return UNKNOWN
    if kind == "date":
        return date.fromisoformat(str(text))
    if kind == "instant":
        return round((datetime.fromisoformat(str(text)) - EPOCH).total_seconds() * 1000)
    return text


def _value(typed: Typed, around: Surroundings) -> Any:
    match typed:
        case Constant():
            return python_value(typed.type.kind, typed.value)
        case Root():
            return _root(typed, around)
        case Row():
            return around.frames.get(typed.frame, UNKNOWN)
        case Field():
            return _field(typed, around)
        case Derived():
            base = _value(typed.base, around)
            return UNKNOWN if base is UNKNOWN else _value(typed.body, around.about(base, typed.frame))
        case Policy():
            return _value(typed.body, around)
        case Convert():
            return _converted(typed, _value(typed.operand, around))
        case Connect():
            return _connected(typed, around)
        case Inverse():
            return _applied(lambda value: not value, _value(typed.operand, around))
        case Presence():
            operand = _value(typed.operand, around)
            return (operand is None) == typed.negated
        case Comparison():
            return _compared(typed.operator, _value(typed.left, around), _value(typed.right, around))
        case Membership():
            return _is_member(typed, around)
        case Operation():
            return _computed(typed, _value(typed.left, around), _value(typed.right, around))
        case Opposite():
            return _applied(lambda value: -value, _value(typed.operand, around))
        case Choice():
            test = _value(typed.condition, around)
            if test is UNKNOWN:
                return UNKNOWN
            return _value(typed.then if test else typed.otherwise, around)
        case Gather():
            return _gathered(typed, around)
        case Invoke():
            return _invoked(typed, around)
        case Length():
            return _applied(len, _value(typed.base, around))
    return UNKNOWN


def _root(typed: Root, around: Surroundings) -> Any:
    if typed.typescript == "context.now":
        return around.now
    if typed.typescript in around.roots:
        return around.roots[typed.typescript]
    return around.config.get(typed.name.removeprefix("config."), UNKNOWN)


def _field(typed: Field, around: Surroundings) -> Any:
    base = _value(typed.base, around)
    if base is None or base is UNKNOWN:
        return base
    named = base.get(typed.member.json, UNKNOWN)
    value = base.get(typed.member.column or typed.member.name, named)
    if not typed.follows or value is None or value is UNKNOWN or typed.target is None:
        return value
    found = [row for row in around.rows.get(typed.target.name, ()) if row["id"] == value]
    return found[0] if found else UNKNOWN


def _connected(typed: Connect, around: Surroundings) -> Any:
    decisive = typed.operator == "or"
    values = []
    for operand in typed.operands:
        value = _value(operand, around)
        if value is decisive:
            return decisive
        values.append(value)
    return UNKNOWN if UNKNOWN in values else not decisive


def _compared(operator: str, left: Any, right: Any) -> Any:
    if operator in ("=", "!="):
        if (left is None) != (right is None):
            return operator == "!="
        if UNKNOWN in (left, right):
            return UNKNOWN
        same = _comparable(left) == _comparable(right)
        return same == (operator == "=")
    if left is None or right is None or UNKNOWN in (left, right):
        return UNKNOWN
    if operator in ("<", ">="):
        return (left < right) == (operator == "<")
    return (left > right) == (operator == ">")


def _comparable(value: Any) -> Any:
    return value.get("id") if isinstance(value, Mapping) else value


def _is_member(typed: Membership, around: Surroundings) -> Any:
    if typed.collection is not None:
        found = _has(typed.collection, typed.value, around)
        return UNKNOWN if found is UNKNOWN else found != typed.negated
    value = _value(typed.value, around)
    tests = [_compared("=", value, _value(item, around)) for item in typed.items]
    if True in tests:
        return not typed.negated
    return UNKNOWN if UNKNOWN in tests else typed.negated


def _has(collection: Typed, value: Typed, around: Surroundings) -> Any:
    """Whether a list has a value; its elements are as JSON has them."""
    elements, wanted = _value(collection, around), _value(value, around)
    if not isinstance(elements, Sequence) or UNKNOWN in (wanted, *elements):
        return UNKNOWN
    return UNKNOWN if value.type.kind in ("decimal", "date", "instant") else wanted in elements


def _computed(typed: Operation, left: Any, right: Any) -> Any:
    if UNKNOWN in (left, right) or left is None or right is None:
        return UNKNOWN
    if isinstance(left, date):
        days = right if isinstance(right, date) else timedelta(milliseconds=right)
        if isinstance(days, date):
            return (left - days).days * DAY
        return left + days if typed.operator == "+" else left - days
    operations: Mapping[str, Callable[[Any, Any], Any]] = {
        "+": lambda one, two: one + two,
        "-": lambda one, two: one - two,
        "*": lambda one, two: one * two,
        "/": lambda one, two: Decimal(one) / Decimal(two),
    }
    return operations[typed.operator](left, right)


def _converted(typed: Convert, value: Any) -> Any:
    if typed.type.kind != "decimal":
        return value
    return _applied(lambda number: _rounded(Decimal(number), typed.type.scale), value)


def _rounded(value: Decimal, scale: int | None) -> Decimal:
    return value if scale is None else value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def _gathered(typed: Gather, around: Surroundings) -> Any:
    chosen = []
    for row in around.rows.get(typed.entity.name, ()):
        inner = around.about(row, typed.frame)
        test = True if typed.condition is None else _value(typed.condition, inner)
        if test is UNKNOWN:
            return UNKNOWN
        if test:
            chosen.append(None if typed.value is None else _value(typed.value, inner))
    if typed.fold == "exists":
        return bool(chosen)
    if typed.fold == "count":
        return len(chosen)
    values = [value for value in chosen if value is not None]
    if UNKNOWN in values:
        return UNKNOWN
    if typed.fold == "sum":
        return sum(values)
    if not values:
        return None
    return min(values) if typed.fold == "min" else max(values)


def _invoked(typed: Invoke, around: Surroundings) -> Any:
    values = [_value(argument, around) for argument in typed.arguments]
    if typed.name == "has":
        return _has(typed.arguments[0], typed.arguments[1], around)
    if typed.name == "coalesce":
        return next((value for value in values if value is not None), None)
    function = FUNCTIONS.get(typed.name)
    if function is None or UNKNOWN in values or None in values:
        return UNKNOWN
    return function(*values)


def _applied(function: Callable[[Any], Any], value: Any) -> Any:
    return value if value is None or value is UNKNOWN else function(value)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "lower": str.lower,
    "upper": str.upper,
    "trim": lambda text: text.strip(" "),
    "length": len,
    "concat": lambda *texts: "".join(texts),
    "starts_with": str.startswith,
    "contains": lambda text, part: part in text,
    "abs": abs,
    "least": min,
    "greatest": max,
    "div": lambda one, two: one // two,
    "mod": lambda one, two: one % two,
    "round": lambda value, places=0: _rounded(Decimal(value), int(places)),
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
    "weekday": date.isoweekday,
    "hours": lambda span: span // 3_600_000,
    "minutes": lambda span: span // 60_000,
    "days": lambda span: span // DAY,
}
