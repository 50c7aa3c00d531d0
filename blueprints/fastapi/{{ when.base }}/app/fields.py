"""What values look like in JSON: every type here accepts exactly what its JSON Schema says.

The types of pydantic take more than they tell (a date from a number, a truth from text), so that a
client, the OpenAPI document and the service would disagree.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, PlainSerializer
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

INTEGER_LIMIT = 2**31 - 1

_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_MONTH_AND_DAY = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DATE = f"(?:{_YEAR}-{_MONTH_AND_DAY}|{_LEAP_YEAR}-02-29)"
_OFFSET = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_NO_NUL = "^[^\\u0000]*$"
EMAIL = (
    "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
    "@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$"
)

Normalize = Literal["lower", "upper", "trim", "lower_trim"]


def _refuse(message: str) -> PydanticCustomError:
    # Braces would be holes of pydantic's own templates.
    return PydanticCustomError("refused", "{message}", {"message": message})


class Marker:
    """A rule in `Annotated` that reads a value from JSON, and says in JSON Schema what it takes."""

    def read(self, value: object) -> object:
        """Return the value that the JSON stands for, or raise what is wrong with it."""
        raise NotImplementedError

    def describe(self) -> dict[str, Any]:
        """Return the JSON Schema of what `read` takes."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _schema: object, _handler: object) -> dict[str, Any]:
        return self.describe()


@dataclass(frozen=True)
class Spelled(Marker):
    """A value with one spelling: text that matches a pattern as a whole."""

    pattern: str
    convert: Callable[[str], object]
    says: str
    format: str | None = None

    def read(self, value: object) -> object:
        if not isinstance(value, str) or re.fullmatch(self.pattern, value) is None:
            raise _refuse(f"must be {self.says}")
        try:
            return self.convert(value)
        except (ValueError, OverflowError):
            raise _refuse(f"must be {self.says}") from None

    def describe(self) -> dict[str, Any]:
        described = {"type": "string", "pattern": f"^{self.pattern}$"}
        return described | ({"format": self.format} if self.format else {})


@dataclass(frozen=True)
class Text(Marker):
    """Text without NUL, which PostgreSQL cannot keep; case and spaces are changed before checks."""

    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None
    normalize: Normalize | None = None

    def read(self, value: object) -> object:
        if not isinstance(value, str):
            raise _refuse("must be text")
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise _refuse("must be text without NUL and lone surrogates")
        text = self._normalized(value)
        if len(text) < self.min_length:
            raise _refuse(f"must have at least {self.min_length} characters")
        if self.max_length is not None and len(text) > self.max_length:
            raise _refuse(f"must have at most {self.max_length} characters")
        if self.pattern is not None and re.fullmatch(self.pattern, text) is None:
            raise _refuse(f"must match {self.pattern}")
        return text

    def describe(self) -> dict[str, Any]:
        described: dict[str, Any] = {"type": "string", "pattern": self.pattern or _NO_NUL}
        if self.pattern is not None:
            described["allOf"] = [{"pattern": _NO_NUL}]
        if self.min_length:
            described["minLength"] = self.min_length
        if self.max_length is not None:
            described["maxLength"] = self.max_length
        return described

    def _normalized(self, value: str) -> str:
        text = value.strip() if self.normalize in ("trim", "lower_trim") else value
        if self.normalize == "upper":
            return text.upper()
        return text.lower() if self.normalize in ("lower", "lower_trim") else text


@dataclass(frozen=True)
class Whole(Marker):
    """A whole number within bounds; `1.0` is one, `true` and `"1"` are not."""

    minimum: int = -INTEGER_LIMIT - 1
    maximum: int = INTEGER_LIMIT

    def read(self, value: object) -> object:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise _refuse("must be a whole number")
        if not self.minimum <= value <= self.maximum:
            raise _refuse(f"must be from {self.minimum} to {self.maximum}")
        return value

    def describe(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True)
class Number(Marker):
    """An exact number, carried as text: `"2.50"`."""

    precision: int
    scale: int
    minimum: str | None = None
    maximum: str | None = None

    def read(self, value: object) -> object:
        whole = self.precision - self.scale
        if not isinstance(value, str) or re.fullmatch(self._pattern(), value) is None:
            raise _refuse(
                f"must be a number with at most {whole} digits before and {self.scale} after the point"
            )
        number = Decimal(value)
        if self.minimum is not None and number < Decimal(self.minimum):
            raise _refuse(f"must be at least {self.minimum}")
        if self.maximum is not None and number > Decimal(self.maximum):
            raise _refuse(f"must be at most {self.maximum}")
        return number

    def describe(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self._pattern()}$"}

    def _pattern(self) -> str:
        whole = self.precision - self.scale
        digits = f"(?:0|[1-9][0-9]{{0,{whole - 1}}})" if whole else "0"
        return f"-?{digits}" + (f"(?:\\.[0-9]{{1,{self.scale}}})?" if self.scale else "")


@dataclass(frozen=True)
class Between(Marker):
    """Dates, times or moments within bounds, in the spelling of their type."""

    spelled: Spelled
    minimum: str | None = None
    maximum: str | None = None

    def read(self, value: object) -> object:
        found: Any = self.spelled.read(value)
        if self.minimum is not None and found < self.spelled.convert(self.minimum):
            raise _refuse(f"must not be before {self.minimum}")
        if self.maximum is not None and found > self.spelled.convert(self.maximum):
            raise _refuse(f"must not be after {self.maximum}")
        return found

    def describe(self) -> dict[str, Any]:
        return self.spelled.describe()


@dataclass(frozen=True)
class Given(Marker):
    """Any JSON; null too where `nullable`."""

    nullable: bool = False

    def read(self, value: object) -> object:
        if value is None and not self.nullable:
            raise _refuse("must not be null")
        return value

    def describe(self) -> dict[str, Any]:
        return {} if self.nullable else {"not": {"type": "null"}}


def _read_moment(text: str) -> datetime:
    seconds, fraction, offset = re.fullmatch(  # type: ignore[union-attr]
        r"(.{19})(?:\.([0-9]+))?(.+)", text
    ).groups(default="")
    moment = datetime.fromisoformat(f"{seconds}.{fraction:0<3.3}{offset}")
    return moment.astimezone(UTC)


def _write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(value: object) -> object:
    """Paths and queries are text: numbers and truths in it become values, all else stays."""
    if not isinstance(value, str):
        return value
    if re.fullmatch("-?(?:0|[1-9][0-9]{0,18})", value):
        return int(value)
    return {"true": True, "false": False}.get(value, value)


FROM_TEXT = BeforeValidator(from_text)

DAY = Spelled(_DATE, date.fromisoformat, "a date like 2026-02-28", "date")
TIME_OF_DAY = Spelled(_TIME, time.fromisoformat, "a time like 09:30:00")
MOMENT = Spelled(
    f"{_DATE}T{_TIME}(?:\\.[0-9]{{1,9}})?{_OFFSET}",
    _read_moment,
    "a moment like 2026-02-28T09:30:00Z",
    "date-time",
)
UNIQUE = Spelled("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", UUID, "a UUID", "uuid")

InUtc = PlainSerializer(_write_moment, return_type=str, when_used="json")

Key = Annotated[UUID, UNIQUE]
Keys = Annotated[list[Key], Field(max_length=100)]
Day = Annotated[date, DAY]
TimeOfDay = Annotated[time, TIME_OF_DAY]
Moment = Annotated[datetime, MOMENT, InUtc]
PlainText = Annotated[str, Text()]
Integer = Annotated[int, Whole()]
SmallInteger = Annotated[int, Whole(-(2**15), 2**15 - 1)]
BigInteger = Annotated[int, Whole(1 - 2**53, 2**53 - 1)]
Json = Annotated[Any, Given()]
JsonOrNull = Annotated[Any, Given(nullable=True)]
Search = Annotated[str, Text(min_length=1, max_length=200)]
Limit = Annotated[int, Whole(1, 100), FROM_TEXT]
Offset = Annotated[int, Whole(0), FROM_TEXT]


def sort_of(*names: str) -> Text:
    """`sort=-priority,createdAt`: the first name counts most, `-` turns the order around."""
    name = f"-?(?:{'|'.join(names)})"
    return Text(pattern=f"^{name}(?:,{name})*$")


def absent() -> Any:
    """Let a member be left out, though it may not be null."""
    return Field(default_factory=lambda: None)
