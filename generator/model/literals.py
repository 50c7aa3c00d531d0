"""Values as people write them, read by the type that their place expects (LANGUAGE.md, section 1)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from generator.expressions.nodes import Duration
from generator.expressions.syntax import parse
from generator.expressions.typed import Constant
from generator.expressions.types import ExpressionProblem, Type
from generator.plan.values import Value

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LIMITS = {16: 2**15 - 1, 32: 2**31 - 1, 53: 2**53 - 1}


class LiteralProblem(Exception):
    """A value that its type does not admit."""


def read_literal(value: Value, type_: Type) -> Constant:
    """Read a scalar by the type its place expects.

    Args:
        value: a scalar value of the plan.
        type_: the type of the place.

    Returns:
        The constant in canonical form (see :class:`Constant`).

    Raises:
        LiteralProblem: the text is no value of that type.
    """
    if value.null:
        if not type_.optional:
            raise LiteralProblem("a value is needed here")
        return Constant(type=Type("null", optional=True), offset=0, value=None)
    if type_.kind == "list" and type_.of is not None and value.items is not None:
        elements = tuple(read_literal(item, type_.of).value for item in value.items)
        return Constant(type=type_.required(), offset=0, value=elements)  # type: ignore[arg-type]
    text = value.text
    if text is None:
        raise LiteralProblem(f"expected one value ({type_.kind})")
    read = READERS.get(type_.kind)
    if read is None:
        hint = " in one line" if type_.kind == "list" else ""
        raise LiteralProblem(f"a {type_.kind} cannot be written as a value{hint}")
    result: int | str | bool = read(text, type_)
    bound = result if isinstance(result, int) and not isinstance(result, bool) else None
    return Constant(type=type_.required(), offset=0, value=result, low=bound, high=bound)


def _text(text: str, _type: Type) -> str:
    return text


def _integer(text: str, type_: Type) -> int:
    if not re.fullmatch(r"-?[0-9]{1,17}", text):
        raise LiteralProblem(f"{text} is not a whole number")
    number = int(text)
    if abs(number) > LIMITS[type_.bits]:
        raise LiteralProblem(f"{text} is out of range")
    return number


def _decimal(text: str, type_: Type) -> str:
    try:
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            raise InvalidOperation
        number = Decimal(text)
    except InvalidOperation:
        raise LiteralProblem(f"{text} is not a decimal number") from None
    if type_.scale is not None and type_.precision is not None:
        exponent = number.as_tuple().exponent
        digits = -exponent if isinstance(exponent, int) else 0
        if digits > type_.scale:
            raise LiteralProblem(f"{text} has more than {type_.scale} digits after the point")
        if abs(number) >= 10 ** (type_.precision - type_.scale):
            raise LiteralProblem(f"{text} is out of range")
        return f"{number:.{type_.scale}f}"
    return text


def _boolean(text: str, _type: Type) -> bool:
    if text not in ("true", "false"):
        raise LiteralProblem(f"{text} is neither true nor false")
    return text == "true"


def _enum(text: str, type_: Type) -> str:
    if text not in type_.members:
        raise LiteralProblem(f"{text} is not one of {', '.join(type_.members)}")
    return text


def _uuid(text: str, _type: Type) -> str:
    if not UUID.fullmatch(text):
        raise LiteralProblem(f"{text} is not a UUID in lower case")
    return text


def _instant(text: str, _type: Type) -> str:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise LiteralProblem(f"{text} is not an instant such as 2026-01-01T09:00:00Z") from None
    if moment.tzinfo is None:
        raise LiteralProblem(f"{text} has no zone; end it with Z")
    moment = moment.astimezone(datetime.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _date(text: str, _type: Type) -> str:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]", text):
            raise ValueError
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise LiteralProblem(f"{text} is not a date such as 2026-03-31") from None


def _time(text: str, _type: Type) -> str:
    try:
        if not re.fullmatch(r"[0-9][0-9]:[0-9][0-9](:[0-9][0-9])?", text):
            raise ValueError
        return datetime.time.fromisoformat(text).isoformat()
    except ValueError:
        raise LiteralProblem(f"{text} is not a time of day such as 09:30") from None


def _interval(text: str, _type: Type) -> int:
    try:
        node = parse(text)
    except ExpressionProblem:
        node = None
    if not isinstance(node, Duration):
        raise LiteralProblem(f"{text} is not a duration such as 1h30m")
    return node.milliseconds


READERS: dict[str, Callable[[str, Type], int | str | bool]] = {
    "text": _text,
    "int": _integer,
    "decimal": _decimal,
    "bool": _boolean,
    "enum": _enum,
    "uuid": _uuid,
    "instant": _instant,
    "date": _date,
    "time": _time,
    "interval": _interval,
    "json": _text,
}
