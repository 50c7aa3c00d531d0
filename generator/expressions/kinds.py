"""Which types go together: comparing, choosing one of several, and fitting a value into its place."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from generator.expressions import bounds
from generator.expressions.reach import Findings
from generator.expressions.typed import Constant, Convert, Typed
from generator.expressions.types import ANY, Type
from generator.problems import did_you_mean

WORDS = {
    "int": "an integer",
    "decimal": "a decimal",
    "bool": "true or false",
    "instant": "a timestamptz",
    "interval": "an interval",
    "enum": "a value of an enum",
    "json": "jsonb",
    "list": "a list",
    "page": "a page",
    "row": "a row",
    "shape": "an object",
    "null": "null",
    "any": "anything",
    "money": "money",
    "text": "text",
    "uuid": "a uuid",
    "date": "a date",
    "time": "a time",
}
ORDERED = frozenset({"int", "decimal", "text", "date", "time", "instant", "interval", "money"})
NUMBERS = frozenset({"int", "decimal"})
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"([0-9]{4}-[0-9][0-9]-[0-9][0-9])T([0-9][0-9]:[0-9][0-9]:[0-9][0-9])(\.[0-9]{3})?Z")


def words(type_: Type) -> str:
    """How messages name a type."""
    if type_.kind == "row":
        return f"a row of {type_.entity}"
    if type_.kind == "money" and type_.currency:
        return f"money in {type_.currency}"
    return WORDS[type_.kind]


def digits(typed: Typed) -> tuple[int, int] | None:
    """Digits before and after the point that a number can have; None when unknown."""
    if typed.type.kind == "int":
        low, high = bounds.known((typed.low, typed.high))
        return len(str(max(abs(low), abs(high)))), 0
    if typed.type.precision is None or typed.type.scale is None:
        return None
    return typed.type.precision - typed.type.scale, typed.type.scale


def common(left: Type, right: Type) -> Type | None:
    """The type of a value that is either of two, or None when they do not mix; unset if one may be."""
    optional = left.optional or right.optional
    if left.kind == "any" or right.kind == "any":
        return ANY
    if left.kind == "null" or right.kind == "null":
        return (right if left.kind == "null" else left).with_optional(True)
    if left.kind in NUMBERS and right.kind in NUMBERS:
        if left.kind == right.kind == "int":
            return Type("int", optional, bits=max(left.bits, right.bits))
        precision, scale = _digits_of_both(left, right)
        return Type("decimal", optional, precision=precision, scale=scale)
    if {left.kind, right.kind} == {"enum", "text"}:
        return Type("text", optional)
    if left.kind != right.kind:
        return None
    if left.kind == "enum":
        return Type("enum", optional, members=tuple(dict.fromkeys(left.members + right.members)))
    if left.kind == "money":
        if left.currency and right.currency and left.currency != right.currency:
            return None
        return Type("money", optional, currency=left.currency if left.currency == right.currency else None)
    if left.kind == "row" and left.entity != right.entity:
        return None
    return left.with_optional(optional)


def _digits_of_both(left: Type, right: Type) -> tuple[int, int] | tuple[None, None]:
    whole, scale = [], []
    for side in (left, right):
        if side.kind == "int":
            whole.append(16)
            scale.append(0)
        elif side.precision is None or side.scale is None:
            return None, None
        else:
            whole.append(side.precision - side.scale)
            scale.append(side.scale)
    return max(whole) + max(scale), max(scale)


def as_type(typed: Typed, wanted: Type) -> Typed:
    """A branch of a choice as the common type: whole numbers become decimals, nothing else changes."""
    if typed.type.kind == "int" and wanted.kind == "decimal":
        return as_decimal(typed, Type("decimal", typed.type.optional))
    return typed


def as_decimal(typed: Typed, wanted: Type) -> Typed:
    """A whole number as a decimal."""
    if isinstance(typed, Constant) and isinstance(typed.value, int):
        text = str(typed.value) + ("." + "0" * wanted.scale if wanted.scale else "")
        whole, scale = len(str(abs(typed.value))), wanted.scale or 0
        type_ = Type("decimal", precision=whole + scale, scale=scale)
        return Constant(type=type_, offset=typed.offset, value=text)
    return _converted(typed, wanted, fails=False)


def _converted(typed: Typed, wanted: Type, fails: bool) -> Convert:
    low, high = (typed.low, typed.high) if wanted.kind == "int" else (None, None)
    if wanted.kind == "int":
        first, last = bounds.known(bounds.of_type(wanted))
        low, high = max(first, bounds.known((low, high))[0]), min(last, bounds.known((low, high))[1])
    return Convert(
        type=wanted.with_optional(typed.type.optional),
        offset=typed.offset,
        operand=typed,
        low=low,
        high=high,
        fails=typed.fails or fails,
        queries=typed.queries,
        frames=typed.frames,
        narrowed=typed.narrowed,
    )


def literal(constant: Constant, wanted: Type, findings: Findings) -> Typed:
    """A quoted text beside a value of another type is a literal of that type, checked here."""
    text = str(constant.value)
    if wanted.kind == "enum":
        if text not in wanted.members:
            findings.report(
                constant.offset, f"'{text}' is not a value of the enum", did_you_mean(text, wanted.members)
            )
        return replace(constant, type=Type("enum", members=wanted.members))
    shapes = {
        "date": "2026-12-31",
        "time": "09:30:00",
        "instant": "2026-12-31T09:30:00Z",
        "uuid": "123e4567-e89b-12d3-a456-426614174000, in small letters",
    }
    if wanted.kind not in shapes:
        return constant
    read = _read(text, wanted.kind)
    if read is None:
        findings.report(
            constant.offset, f"'{text}' is not {words(wanted)}", f"it is written like {shapes[wanted.kind]}"
        )
        return replace(constant, type=ANY)
    value, number = read
    return replace(constant, type=Type(wanted.kind), value=value, low=number, high=number)


def _read(text: str, kind: str) -> tuple[str, int | None] | None:
    try:
        if kind == "uuid":
            return (text, None) if UUID.fullmatch(text) else None
        if kind == "date":
            day = datetime.date.fromisoformat(text)
            return (text, day.toordinal() - 719_163) if DATE.fullmatch(text) else None
        if kind == "time":
            full = text + ":00" if re.fullmatch(r"[0-9][0-9]:[0-9][0-9]", text) else text
            datetime.time.fromisoformat(full)
            return (full, None) if re.fullmatch(r"[0-9][0-9]:[0-9][0-9]:[0-9][0-9]", full) else None
        match = INSTANT.fullmatch(text)
        if match is None:
            return None
        moment = datetime.datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3] or '.000'}+00:00")
    except ValueError:
        return None
    since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S").zfill(19) + (
        match[3] or ".000"
    ) + "Z", since // datetime.timedelta(milliseconds=1)


def fit(typed: Typed, wanted: Type, findings: Findings) -> Typed:
    """A value as the type of its place, or a problem: the only implicit conversions of the language."""
    have = typed.type
    if have.kind == "any" or wanted.kind == "any" or (wanted.kind == "json" and have.kind != "null"):
        return typed
    if have.kind == "null":
        if not wanted.optional:
            findings.report(typed.offset, "null cannot stand for a required value")
        return replace(typed, type=wanted.with_optional(True))
    if have.optional and not wanted.optional:
        findings.report(
            typed.offset,
            "this condition may be unset"
            if wanted.kind == "bool"
            else "this may be unset, and a value is required here",
            "use coalesce(x, y), or `if x is set then x else ...`",
        )
    if isinstance(typed, Constant) and have.kind == "text" and wanted.kind != "text":
        typed = literal(typed, wanted, findings)
        have = typed.type
    if not _fits(have, wanted):
        findings.report(typed.offset, f"{words(have)} where {words(wanted)} is expected")
        return typed
    if wanted.kind == "decimal":
        return _fit_decimal(typed, wanted, findings)
    if wanted.kind == "int" and not bounds.within(
        (typed.low, typed.high), *bounds.known(bounds.of_type(wanted))
    ):
        if bounds.beyond((typed.low, typed.high), *bounds.known(bounds.of_type(wanted))):
            findings.report(typed.offset, f"this number does not fit into {wanted.bits} bits")
        return _converted(typed, wanted, fails=True)
    return typed


def _fits(have: Type, wanted: Type) -> bool:
    if have.kind == "any" or wanted.kind in ("any", "json"):
        return True
    if (have.kind, wanted.kind) in {("int", "decimal"), ("enum", "text"), ("row", "shape")}:
        return True
    if have.kind != wanted.kind:
        return False
    if have.kind == "enum":
        return set(have.members) <= set(wanted.members)
    if have.kind == "money":
        return not have.currency or not wanted.currency or have.currency == wanted.currency
    if have.kind == "row":
        return have.entity == wanted.entity
    if have.of is not None and wanted.of is not None:
        return _fits(have.of, wanted.of)
    return True


def _fit_decimal(typed: Typed, wanted: Type, findings: Findings) -> Typed:
    if wanted.precision is None or wanted.scale is None:
        return as_type(typed, wanted)
    have = digits(typed)
    if have is not None and have[1] > wanted.scale:
        findings.report(
            typed.offset,
            f"this has up to {have[1]} decimals, {wanted.scale} are expected",
            f"write round(..., {wanted.scale})",
        )
        return typed
    fails = have is None or have[0] > wanted.precision - wanted.scale
    if isinstance(typed, Constant) and not fails and have is not None:
        text = (
            str(typed.value)
            + ("" if have[1] else "." if wanted.scale else "")
            + "0" * (wanted.scale - have[1])
        )
        return replace(
            typed, type=Type("decimal", precision=have[0] + wanted.scale, scale=wanted.scale), value=text
        )
    if not fails and typed.type.kind == "decimal" and have is not None and have[1] == wanted.scale:
        return typed
    return _converted(typed, wanted, fails=fails)
