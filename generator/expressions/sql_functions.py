"""Arithmetic, functions, folds and currencies in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expressions import bounds
from generator.expressions.functions import MAX_MONTHS
from generator.expressions.kinds import digits
from generator.expressions.patterns import write_pattern
from generator.expressions.pieces import (
    ADD,
    AT_ZONE,
    COMPARE,
    IN,
    MULTIPLY,
    OTHER,
    UNARY,
    Piece,
    whole_days,
)
from generator.expressions.typed import (
    Choice,
    Constant,
    Convert,
    Derived,
    Field,
    Gather,
    Invoke,
    Operation,
    Opposite,
    Page,
    Root,
    Row,
    Typed,
)

if TYPE_CHECKING:
    from generator.expressions.sql_writer import SqlWriter

SPACES = r"E' \t\n\x0b\f\r'"
LEVELS = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY}
INT32 = (-(2**31), 2**31 - 1)


def guarded(value: Piece) -> Piece:
    """A bigint that fails beyond ±(2^53-1): ten more bits overflow 63, and are taken off again."""
    return Piece(f"(({value.at(MULTIPLY)} * 1024 - 1) >> 10) + 1", ADD)


def width(typed: Typed) -> int:
    """Bits of the SQL integer that a node comes out as, never more than it really has."""
    if isinstance(typed, (Constant, Root | Page | Row)):
        return needed(typed)
    if typed.type.kind == "money" and isinstance(typed, Field):
        return 64
    if isinstance(typed, Field):
        return typed.type.bits if typed.type.bits != 53 else 64
    if isinstance(typed, Operation):
        return max(needed(typed), width(typed.left), width(typed.right))
    if isinstance(typed, Opposite):
        return max(needed(typed), width(typed.operand))
    if isinstance(typed, Choice):
        return max(width(side) for side in (typed.then, typed.otherwise))
    if isinstance(typed, Derived):
        return width(typed.body)
    if isinstance(typed, Convert):
        return {16: 16, 32: 32}.get(typed.type.bits, 64)
    if isinstance(typed, Gather):
        return width(typed.value) if typed.fold in ("min", "max") and typed.value is not None else 64
    if isinstance(typed, Invoke):
        return _width_of_call(typed)
    return 16


def _width_of_call(typed: Invoke) -> int:
    arguments = [argument for argument in typed.arguments if argument.type.kind in ("int", "money")]
    if typed.name in ("length", "weekday", "year", "month", "day"):
        return 32
    if typed.name in ("hours", "minutes", "days", "round"):
        return 64
    if typed.name in ("div", "mod") and not _natural(arguments[0], arguments[1]):
        return 64
    if typed.name == "abs":
        return max(needed(typed), width(arguments[0]))
    return max((width(argument) for argument in arguments), default=16)


def _natural(left: Typed, right: Typed) -> bool:
    return all(bounds.within((side.low, side.high), 0, bounds.MAX_INT) for side in (left, right))


def needed(typed: Typed) -> int:
    """Bits that hold every value of a node."""
    return 32 if bounds.within((typed.low, typed.high), *INT32) else 64


def operation(writer: SqlWriter, typed: Operation) -> Piece:
    """`+ - *`; a `/` is written by the `round` around it."""
    left, right, operator = typed.left, typed.right, typed.operator
    kinds = (left.type.kind, right.type.kind)
    one, two = writer.write(left), writer.write(right)
    level = LEVELS[operator]
    if kinds[0] == "instant" and kinds[1] == "interval":
        return _moved_instant(writer, one, two, operator)
    if kinds == ("date", "interval"):
        return Piece(f"{one.at(ADD)} {operator} {_days(right, two)}", ADD)
    if kinds == ("date", "date"):
        return Piece(f"({one.at(ADD)} - {two.at(ADD + 1)}) * interval '24 hours'", MULTIPLY)
    if typed.type.kind in ("int", "money"):
        if typed.type.kind == "money" or max(width(left), width(right)) < needed(typed) or typed.guarded:
            one = wide(left, one, right)
        result = Piece(f"{one.at(level)} {operator} {two.at(level + 1)}", level)
        result = guarded(result) if typed.guarded else result
        if kinds == ("money", "money"):
            return writer.in_one_currency([left, right], result, "bigint")
        return result
    return Piece(f"{one.at(level)} {operator} {two.at(level + 1)}", level)


def wide(typed: Typed, piece: Piece, beside: Typed | None = None) -> Piece:
    """An integer as bigint, unless it or what stands beside it is one already."""
    if width(typed) == 64 or (beside is not None and width(beside) == 64):
        return piece
    return Piece(f"{piece.at(UNARY + 1)}::bigint")


def _moved_instant(writer: SqlWriter, one: Piece, two: Piece, operator: str) -> Piece:
    if writer.request is not None:
        return Piece(f"{one.at(ADD)} {operator} {two.at(ADD + 1)}", ADD)
    # In rules of the database only immutable functions are allowed, and timestamptz + interval is not one.
    moved = f"({one.at(AT_ZONE)} at time zone 'UTC' {operator} {two.at(ADD + 1)})"
    return Piece(f"{moved} at time zone 'UTC'", AT_ZONE)


def _days(interval: Typed, piece: Piece) -> str:
    if isinstance(interval, Constant) and isinstance(interval.value, int):
        days = whole_days(interval.value)
        return str(days) if days >= 0 else f"({days})"
    # What is not a whole number of days is no text of an integer, and fails.
    return f"trim_scale(extract(epoch from {piece.text}) / 86400)::text::integer"


def opposite(writer: SqlWriter, typed: Opposite) -> Piece:
    """Unary minus."""
    piece = writer.write(typed.operand)
    if typed.type.kind == "int" and width(typed.operand) < needed(typed):
        piece = wide(typed.operand, piece)
    return Piece(f"-{piece.at(UNARY + 1)}", UNARY)


def invoke(writer: SqlWriter, typed: Invoke) -> Piece:
    """A function of the closed list."""
    name, arguments = typed.name, typed.arguments
    if name in ("new_id", "new_token"):
        return writer.hole(typed)
    if name == "round":
        return _round(writer, typed)
    pieces = [writer.write(argument) for argument in arguments]
    if name in ("div", "mod"):
        return _floored(name, arguments, pieces)
    if name in ("least", "greatest", "coalesce"):
        return _among(writer, typed, pieces)
    if name in ("lower", "upper"):
        return Piece(f'{name}({pieces[0].at(UNARY)} collate "C")')
    if name == "trim":
        return Piece(f"btrim({pieces[0].text}, {writer.escaped(SPACES)})")
    if name == "concat":
        return Piece(" || ".join(piece.at(OTHER + 1) for piece in pieces), OTHER)
    if name == "contains":
        return Piece(f"strpos({pieces[0].text}, {pieces[1].text}) > 0", COMPARE)
    if name == "matches":
        pattern = arguments[1]
        assert isinstance(pattern, Constant)
        source = writer.quoted(write_pattern(str(pattern.value), "postgresql"))
        return Piece(f'{pieces[0].at(UNARY)} collate "C" ~ {source}', OTHER)
    if name == "has":
        return Piece(f"{pieces[1].at(IN + 1)} = any({pieces[0].text})", COMPARE)
    if name == "abs":
        return _absolute(typed, arguments[0], pieces[0])
    if name in ("money", "minor"):
        return pieces[0]
    return _calendar(writer, typed, pieces)


def _absolute(typed: Invoke, operand: Typed, piece: Piece) -> Piece:
    if typed.type.kind == "interval":
        return Piece(f"greatest({piece.text}, -{piece.at(UNARY + 1)})")
    if typed.type.kind == "int" and width(operand) < needed(typed):
        piece = wide(operand, piece)
    return Piece(f"abs({piece.text})")


def _floored(name: str, arguments: tuple[Typed, ...], pieces: list[Piece]) -> Piece:
    left, right = arguments
    one, two = pieces
    if _natural(left, right):
        sign = "/" if name == "div" else "%"
        return Piece(f"{one.at(MULTIPLY)} {sign} {two.at(MULTIPLY + 1)}", MULTIPLY)
    if name == "div":
        return Piece(f"floor({one.at(UNARY + 1)}::numeric(40, 20) / {two.at(MULTIPLY + 1)})::bigint")
    divisor = two.at(MULTIPLY + 1)
    return Piece(f"({wide(left, one).at(MULTIPLY)} % {divisor} + {divisor}) % {divisor}", MULTIPLY)


def _round(writer: SqlWriter, typed: Invoke) -> Piece:
    value = typed.arguments[0]
    places = typed.arguments[1] if len(typed.arguments) == 2 else None
    count = places.value if isinstance(places, Constant) and isinstance(places.value, int) else 0
    divides = isinstance(value, Operation) and value.operator == "/"
    if isinstance(value, Operation) and divides:
        one, two = writer.write(value.left), writer.write(value.right)
        scale = _quotient_scale(value.left, value.right, count)
        inner = f"{one.at(UNARY + 1)}::numeric(1000, {scale}) / {two.at(MULTIPLY + 1)}"
    elif isinstance(value, Operation) and typed.type.kind == "money":
        inner = f"{writer.write(value.left).at(MULTIPLY)} * {writer.write(value.right).at(MULTIPLY + 1)}"
    else:
        inner = writer.write(value).text
    if typed.type.kind == "money":
        return guarded(Piece(f"round({inner})::bigint"))
    return Piece(f"round({inner}, {count})")


def _quotient_scale(left: Typed, right: Typed, places: int) -> int:
    """Decimals of a quotient after which rounding once more cannot change the result.

    A quotient that is not exactly between two results differs from that by at least one part in the divisor
    (as a whole number, in units of the finer of both scales), so as many decimals more as that has digits do.
    """
    whole, scale = digits(left) or (60, 60), 0
    divisor = digits(right) or (60, 60)
    scale = whole[1]
    return max(scale, places + divisor[0] + max(divisor[1], scale) + 1)


def _among(writer: SqlWriter, typed: Invoke, pieces: list[Piece]) -> Piece:
    texts = [piece.text for piece in pieces]
    if typed.name != "coalesce" and typed.type.kind in ("text", "enum"):
        texts[0] = f'{pieces[0].at(UNARY)} collate "C"'
    result = Piece(f"{typed.name}({', '.join(texts)})")
    if typed.type.kind == "money" and typed.name != "coalesce":
        return writer.in_one_currency(list(typed.arguments), result, "bigint")
    return result


def _calendar(writer: SqlWriter, typed: Invoke, pieces: list[Piece]) -> Piece:
    name, texts = typed.name, [piece.text for piece in pieces]
    if name in ("hours", "minutes", "days"):
        unit = {"hours": 3600, "minutes": 60, "days": 86400}[name]
        return Piece(f"floor(extract(epoch from {texts[0]}) / {unit})::bigint")
    if name in ("weekday", "year", "month", "day"):
        part = "isodow" if name == "weekday" else name
        return Piece(f"extract({part} from {texts[0]})::integer")
    if name == "add_months":
        months = typed.arguments[1]
        count = texts[1]
        if not bounds.within((months.low, months.high), -MAX_MONTHS, MAX_MONTHS):
            count = f"{pieces[1].at(UNARY + 1)}::numeric(5, 0)::integer"
        elif not isinstance(months, Constant):
            count = f"{pieces[1].at(UNARY + 1)}::integer"
        return Piece(f"({pieces[0].at(ADD)} + make_interval(months => {count}))::date")
    if name == "today":
        clock = writer.needed(typed)
        return Piece(f"(${{{clock.now_text()}}}::timestamptz at time zone {pieces[0].at(AT_ZONE + 1)})::date")
    if name == "instant":
        return _instant(writer, pieces)
    if name == "date_of":
        return Piece(f"({pieces[0].at(AT_ZONE)} at time zone {pieces[1].at(AT_ZONE + 1)})::date")
    if name == "time_of":
        local = f"{pieces[0].at(AT_ZONE)} at time zone {pieces[1].at(AT_ZONE + 1)}"
        return Piece(f"date_trunc('second', {local})::time")
    return Piece(f"{name}({', '.join(texts)})")


def _instant(writer: SqlWriter, pieces: list[Piece]) -> Piece:
    """A local time that exists twice is the first; PostgreSQL alone would take the second.

    Reading the clock a day earlier uses the offset before a change, so that a day later is the first of two;
    it counts only where it shows the time that was asked for.
    """
    local, zone = f"({pieces[0].at(ADD)} + {pieces[1].at(ADD + 1)})", pieces[2].at(AT_ZONE + 1)
    before = Piece(f"({local} - interval '1 day') at time zone {zone}", AT_ZONE)
    first = _moved_instant(writer, before, Piece("interval '24 hours'", UNARY), "+")
    shows = f"{first.at(AT_ZONE)} at time zone {zone} = {local}"
    return Piece(f"case when {shows} then {first.text} else {local} at time zone {zone} end")


def folded(writer: SqlWriter, typed: Gather, value: Typed) -> str:
    """What an aggregate selects."""
    piece = writer.write(value)
    if typed.fold == "sum":
        nothing = "interval '0 seconds'" if value.type.kind == "interval" else "0"
        return f"coalesce(sum({piece.text}), {nothing})"
    if value.type.kind in ("text", "enum"):
        return f'{typed.fold}({piece.at(UNARY)} collate "C")'
    return f"{typed.fold}({piece.text})"


def currency(writer: SqlWriter, typed: Typed) -> Piece:
    """The currency code of a money node."""
    if typed.type.currency is not None:
        return Piece(writer.quoted(typed.type.currency))
    if isinstance(typed, Field) and typed.currency is not None:
        base = typed.base
        if isinstance(base, Row) and base.frame not in writer.aliases and not typed.currency.queries:
            return writer.currency_hole(typed)
        return writer.write(typed.currency)
    if isinstance(typed, Derived):
        return writer.derived(typed, "currency")
    if isinstance(typed, Operation):
        return currency(writer, typed.left if typed.left.type.kind == "money" else typed.right)
    if isinstance(typed, Opposite | Convert):
        return currency(writer, typed.operand)
    if isinstance(typed, Choice):
        return writer.choice(typed, currency(writer, typed.then), currency(writer, typed.otherwise))
    if isinstance(typed, Constant):
        return Piece("null")
    if isinstance(typed, Invoke) and typed.name == "money":
        return writer.write(typed.arguments[1])
    if isinstance(typed, Invoke) and typed.name == "coalesce":
        return _first_currency(writer, typed)
    if isinstance(typed, Invoke):
        return currency(writer, typed.arguments[0])
    return writer.currency_hole(typed)


def _first_currency(writer: SqlWriter, typed: Invoke) -> Piece:
    tests = [
        f"when {writer.write(argument).at(COMPARE)} is not null then {currency(writer, argument).text}"
        for argument in typed.arguments[:-1]
    ]
    return Piece(f"case {' '.join(tests)} else {currency(writer, typed.arguments[-1]).text} end")
