"""How large a value can get: bounds of types and of arithmetic, so that only what can overflow is guarded.

Whole numbers live within ±(2^53-1). Intervals and instants count milliseconds, dates count days, both from
1970. Values that people send are within the bounds of their type; computed ones may go beyond them.
"""

from __future__ import annotations

from generator.expressions.types import Type

MAX_INT = 2**53 - 1
DAY = 86_400_000
MAX_ROWS = 2**31 - 1
"""No count exceeds this: a table of two thousand million matching rows is out of reach."""

FIRST_DATE, LAST_DATE = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31: what may be sent and stored."""
EARLIEST_DAY = -2_440_588
"""4714-11-24 BC, where PostgreSQL's calendar starts; arithmetic that leads before it fails."""
LATEST_DAY = 100_000_000
"""The last day of JavaScript's calendar; expressions that could lead beyond it are refused."""
MAX_INTERVAL = 365_243 * DAY
"""1,000 years: what may be sent and stored as an interval."""
MAX_DIGITS = 1000

Bounds = tuple[int | None, int | None]


def of_type(type_: Type) -> Bounds:
    """The bounds of a stored or sent value of a type."""
    if type_.kind == "int":
        return (
            (-MAX_INT, MAX_INT) if type_.bits == 53 else (-(2 ** (type_.bits - 1)), 2 ** (type_.bits - 1) - 1)
        )
    if type_.kind == "money":
        return -MAX_INT, MAX_INT
    if type_.kind == "date":
        return FIRST_DATE, LAST_DATE
    if type_.kind == "instant":
        return FIRST_DATE * DAY, (LAST_DATE + 1) * DAY - 1
    if type_.kind == "interval":
        return -MAX_INTERVAL, MAX_INTERVAL
    return None, None


def known(bounds: Bounds) -> tuple[int, int]:
    """Bounds with the widest values where nothing is known."""
    low, high = bounds
    return (-MAX_INT if low is None else low, MAX_INT if high is None else high)


def add(left: Bounds, right: Bounds) -> tuple[int, int]:
    """Bounds of a sum."""
    (a, b), (c, d) = known(left), known(right)
    return a + c, b + d


def negate(bounds: Bounds) -> tuple[int, int]:
    """Bounds of the opposite."""
    low, high = known(bounds)
    return -high, -low


def multiply(left: Bounds, right: Bounds) -> tuple[int, int]:
    """Bounds of a product."""
    (a, b), (c, d) = known(left), known(right)
    corners = (a * c, a * d, b * c, b * d)
    return min(corners), max(corners)


def floor_divide(left: Bounds, right: Bounds) -> tuple[int, int]:
    """Bounds of a floored quotient; the divisor is not zero."""
    largest = max(abs(bound) for bound in known(left))
    (a, _), (c, _) = known(left), known(right)
    return (0 if a >= 0 and c >= 0 else -largest), largest


def union(*several: Bounds) -> Bounds:
    """Bounds of a value that is one of several."""
    if not several:
        return None, None
    lows = [low for low, _ in several]
    highs = [high for _, high in several]
    return (
        None if None in lows else min(low for low in lows if low is not None),
        None if None in highs else max(high for high in highs if high is not None),
    )


def within(bounds: Bounds, low: int, high: int) -> bool:
    """Whether a value with these bounds certainly lies between two numbers."""
    return bounds[0] is not None and bounds[1] is not None and low <= bounds[0] and bounds[1] <= high


def beyond(bounds: Bounds, low: int, high: int) -> bool:
    """Whether a value with these bounds certainly lies outside."""
    return (bounds[0] is not None and bounds[0] > high) or (bounds[1] is not None and bounds[1] < low)
