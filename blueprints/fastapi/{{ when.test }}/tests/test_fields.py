"""What the types of members take and refuse, and that JSON Schema says the same."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import Strict, TypeAdapter, ValidationError

from app import fields

Name = Annotated[str, fields.Text(min_length=2, max_length=4, pattern="^[a-z]+$")]
Lower = Annotated[str, fields.Text(normalize="lower_trim")]
Upper = Annotated[str, fields.Text(normalize="upper")]
Price = Annotated[Decimal, fields.Number(precision=4, scale=2, minimum="0.50", maximum="20.00")]
Share = Annotated[Decimal, fields.Number(precision=2, scale=2)]
Season = Annotated[date, fields.Between(fields.DAY, minimum="2026-03-01", maximum="2026-05-31")]
Sort = Annotated[str, fields.sort_of("name", "createdAt")]
Switch = Annotated[bool, Strict(), fields.FROM_TEXT]


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        (fields.PlainText, "漢字 \U0001f600", "漢字 \U0001f600"),
        (Name, "abcd", "abcd"),
        (Lower, " Ab ", "ab"),
        (Upper, "ab", "AB"),
        (fields.Integer, 7.0, 7),
        (fields.BigInteger, 2**53 - 1, 2**53 - 1),
        (fields.Limit, "100", 100),
        (Switch, "false", False),
        (Price, "2.5", Decimal("2.50")),
        (Share, "-0.25", Decimal("-0.25")),
        (fields.Day, "2024-02-29", date(2024, 2, 29)),
        (fields.TimeOfDay, "09:30:00", time(9, 30)),
        (fields.Moment, "2026-01-01T01:30:00.0009+01:30", datetime(2026, 1, 1, tzinfo=UTC)),
        (fields.Key, "00000000-0000-4000-8000-00000000000A", UUID(int=0x4000_8000_00000000000A)),
        (Season, "2026-05-31", date(2026, 5, 31)),
        (Sort, "-createdAt,name", "-createdAt,name"),
        (fields.Json, {"a": [1, None]}, {"a": [1, None]}),
        (fields.JsonOrNull, None, None),
    ],
)
def test_what_is_taken(kind: Any, given: Any, read: Any) -> None:
    assert TypeAdapter(kind).validate_python(given) == read


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (fields.PlainText, "a\0b"),
        (fields.PlainText, "\ud800"),
        (fields.PlainText, 7),
        (Name, "a"),
        (Name, "abcde"),
        (Name, "ab\n"),
        (fields.Integer, True),
        (fields.Integer, 1.5),
        (fields.Integer, "7"),
        (fields.Integer, 2**31),
        (fields.Limit, "01"),
        (fields.Limit, "101"),
        (Switch, "1"),
        (Price, "0.49"),
        (Price, "20.01"),
        (Price, "2.505"),
        (Price, 2.5),
        (fields.Day, "2026-02-29"),
        (fields.Day, "0000-01-01"),
        (fields.TimeOfDay, "24:00:00"),
        (fields.Moment, "2026-01-01T00:00:00"),
        (fields.Moment, "0001-01-01T00:00:00+23:59"),
        (fields.Key, "0000000000004000800000000000000a"),
        (Season, "2026-02-28"),
        (Season, "2026-06-01"),
        (Sort, "size"),
        (fields.Json, None),
    ],
)
def test_what_is_refused(kind: Any, given: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(given)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (Name, "abcd", "7"),
        (Price, "2.50", "2.505"),
        (fields.Day, "2024-02-29", "2023-02-29"),
        (fields.Moment, "2026-01-01T00:00:00Z", "2026-01-01"),
        (fields.Key, "00000000-0000-4000-8000-00000000000a", "7"),
        (Season, "2026-03-01", "spring"),
        (Sort, "-name", "-size"),
    ],
)
def test_json_schema_says_the_same(kind: Any, right: str, wrong: str) -> None:
    pattern = TypeAdapter(kind).json_schema()["pattern"]
    assert re.search(pattern, right)
    assert not re.search(pattern, wrong)


def test_bounds_are_told() -> None:
    assert TypeAdapter(fields.Limit).json_schema() == {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
    }
    told = TypeAdapter(Name).json_schema()
    assert (told["minLength"], told["maxLength"]) == (2, 4)


def test_moments_are_written_in_utc_to_the_millisecond() -> None:
    moment = datetime.fromisoformat("2026-01-01T01:00:00.5+01:00")
    assert TypeAdapter(fields.Moment).dump_json(moment) == b'"2026-01-01T00:00:00.500Z"'
