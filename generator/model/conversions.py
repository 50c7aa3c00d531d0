"""From one type of a column to another: whether every value has its like there, and how it is converted."""

from __future__ import annotations

import re

from generator.frozen import dataclass

_WHOLE = {"smallint": 5, "integer": 10, "bigint": 19}
"""Digits of the greatest number of a type (PostgreSQL 17, table 8.2)."""
_WRITTEN = {**_WHOLE, "boolean": 5, "uuid": 36, "date": 13, "time": 15}
"""The longest text of a value, with its sign."""
_READ = ("smallint", "integer", "bigint", "boolean", "uuid", "date", "time", "jsonb")


@dataclass(frozen=True)
class Conversion:
    """How values are converted: SQL, or None where PostgreSQL does it itself.

    It is `safe` when no value is lost or refused.
    """

    using: str | None
    safe: bool


def conversion(before: str, after: str, column: str) -> Conversion | None:
    """How a column of one type becomes one of another.

    Args:
        before: the type that the column has, as the migrations write it.
        after: the type that it gets.
        column: its name, as SQL has it.

    Returns:
        The conversion; None where PostgreSQL knows no sensible one. A text that is too long is refused by the
        database, never cut.
    """
    old, new = _base(before), _base(after)
    if before.endswith("[]") or after.endswith("[]"):
        return _of_arrays(before, after, column)
    if old in _WHOLE and new in _WHOLE:
        return Conversion(None, _WHOLE[new] >= _WHOLE[old])
    if new == "numeric" and (old in _WHOLE or old == "numeric"):
        digits = (_WHOLE[old], 0) if old in _WHOLE else _digits(before)
        wanted = _digits(after)
        return Conversion(None, wanted[0] >= digits[0] and wanted[1] >= digits[1])
    if old == "numeric" and new in _WHOLE:
        return Conversion(None, _digits(before)[1] == 0 and _digits(before)[0] < _WHOLE[new])
    if _is_text(old) and _is_text(new):
        return Conversion(
            None, _length(after) is None or (_length(before) or 1 << 30) <= (_length(after) or 0)
        )
    if _is_text(new):
        most = _length(after)
        written = sum(_digits(before)) + 2 if old == "numeric" else _WRITTEN.get(old)
        # Assigned, not cast: a cast to a short type would cut.
        return Conversion(f"{column}::text", most is None or (written is not None and most > written))
    if _is_text(old) and (new in _READ or new in ("numeric", "timestamptz", "interval")):
        return Conversion(f"{column}::{after}", False)
    moments = {
        ("date", "timestamptz"): Conversion(f"{column}::timestamp AT TIME ZONE 'UTC'", True),
        ("timestamptz", "date"): Conversion(f"({column} AT TIME ZONE 'UTC')::date", False),
        ("boolean", "integer"): Conversion(f"{column}::integer", True),
        ("integer", "boolean"): Conversion(f"{column}::boolean", False),
    }
    if old == new:
        return Conversion(None, _precision(after) >= _precision(before))
    return moments.get((old, new))


def _of_arrays(before: str, after: str, column: str) -> Conversion | None:
    one = conversion(before.removesuffix("[]"), after.removesuffix("[]"), column)
    if before.endswith("[]") and after.endswith("[]") and one is not None and one.safe:
        return Conversion(f"{column}::{after}", True)
    return None


def _base(written: str) -> str:
    return re.sub(r"\(.*", "", written).strip()


def _numbers(written: str) -> list[int]:
    return [int(number) for number in re.findall(r"[0-9]+", written)]


def _digits(written: str) -> tuple[int, int]:
    """Digits before and after the point."""
    numbers = _numbers(written)
    return (numbers[0] - numbers[1], numbers[1]) if len(numbers) > 1 else (numbers[0] if numbers else 1000, 0)


def _is_text(base: str) -> bool:
    return base in ("text", "varchar")


def _length(written: str) -> int | None:
    numbers = _numbers(written)
    return numbers[0] if numbers else None


def _precision(written: str) -> int:
    numbers = _numbers(written)
    return numbers[0] if numbers else 6
