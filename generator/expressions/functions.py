"""The closed list of functions: what each takes and gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from generator.expressions import bounds
from generator.expressions.arithmetic import is_zero, operation
from generator.expressions.conditions import Visit
from generator.expressions.kinds import NUMBERS, ORDERED, as_type, common, digits, words
from generator.expressions.money import same_currency
from generator.expressions.names import unknown
from generator.expressions.nodes import Arithmetic, Call, Number, Path
from generator.expressions.patterns import PatternProblem, check_pattern
from generator.expressions.reach import Reach
from generator.expressions.typed import Constant, Facts, Invoke, Operation, Root, Typed
from generator.expressions.types import BOOL, DATE, INSTANT, INT, TEXT, TIME, UUID, Kind, Type
from generator.problems import did_you_mean

PLAIN: dict[str, tuple[tuple[Kind, ...], Type]] = {
    "lower": (("text",), TEXT),
    "upper": (("text",), TEXT),
    "trim": (("text",), TEXT),
    "length": (("text",), INT),
    "starts_with": (("text", "text"), BOOL),
    "contains": (("text", "text"), BOOL),
    "matches": (("text", "text"), BOOL),
    "date_of": (("instant", "text"), DATE),
    "time_of": (("instant", "text"), TIME),
    "today": (("text",), DATE),
    "instant": (("date", "time", "text"), INSTANT),
    "weekday": (("date",), INT),
    "year": (("date",), INT),
    "month": (("date",), INT),
    "day": (("date",), INT),
    "add_months": (("date", "int"), DATE),
    "hours": (("interval",), INT),
    "minutes": (("interval",), INT),
    "days": (("interval",), INT),
    "div": (("int", "int"), INT),
    "mod": (("int", "int"), INT),
    "minor": (("money",), INT),
    "new_id": ((), UUID),
    "new_token": ((), TEXT),
    "now": ((), INSTANT),
    "money": (("int", "text"), Type("money")),
}
SPECIAL = {
    "concat": (2, 9),
    "abs": (1, 1),
    "least": (2, 9),
    "greatest": (2, 9),
    "round": (1, 2),
    "coalesce": (2, 9),
    "has": (2, 2),
}
FUNCTIONS = frozenset(PLAIN) | frozenset(SPECIAL)
CLOCK = frozenset({"now", "today", "new_id", "new_token"})
ZONE = re.compile(r"[A-Z][A-Za-z_]*(/[A-Za-z0-9_+-]+)*")
MAX_MONTHS = 99_999
MAX_PLACES = 20
SMALL = {"weekday": (1, 7), "month": (1, 12), "day": (1, 31), "year": (-4714, 275_760), "length": (0, 2**30)}


def call(node: Call, reach: Reach, wanted: Type | None, facts: Facts, visit: Visit) -> Typed:
    """Check a call of one of the functions of the language."""
    report = reach.findings.report
    if node.name not in FUNCTIONS:
        report(node.offset, f"there is no function {node.name}()", did_you_mean(node.name, sorted(FUNCTIONS)))
        return unknown(node.offset)
    low, high = SPECIAL[node.name] if node.name in SPECIAL else (len(PLAIN[node.name][0]),) * 2
    if not low <= len(node.arguments) <= high:
        takes = "1 value" if high == 1 else f"{low if low == high else f'{low} to {high}'} values"
        report(node.offset, f"{node.name}() takes {takes}, not {len(node.arguments)}")
        return unknown(node.offset)
    if node.name in CLOCK and not reach.allows("now", node.offset, f"{node.name}()"):
        return unknown(node.offset)
    if node.name == "round":
        return _round(node, reach, facts, visit)
    if node.name == "coalesce":
        return _coalesce(node, reach, wanted, facts, visit)
    if node.name in ("least", "greatest", "concat", "abs", "has"):
        return _special(node, reach, facts, visit)
    return _plain(node, reach, facts, visit)


def _made(node: Call, type_: Type, arguments: Sequence[Typed], fails: bool = False, **more: Any) -> Invoke:
    return Invoke(
        type=type_,
        offset=node.offset,
        name=node.name,
        arguments=tuple(arguments),
        fails=fails or any(argument.fails for argument in arguments),
        queries=any(argument.queries for argument in arguments),
        frames=frozenset().union(*(argument.frames for argument in arguments)),
        narrowed=any(argument.narrowed for argument in arguments),
        **more,
    )


def _settled(node: Call, arguments: Sequence[Typed], reach: Reach) -> bool:
    fine = True
    for argument, source in zip(arguments, node.arguments, strict=True):
        fine = fine and argument.type.kind != "any"
        if argument.type.optional and argument.type.kind != "any":
            name = f"`{source.dotted}`" if isinstance(source, Path) else "a value"
            reach.findings.report(
                source.offset,
                f"{name} of {node.name}() may be unset",
                "narrow it first: `x is set and ...`, or coalesce(x, y)",
            )
            fine = False
    return fine


def _plain(node: Call, reach: Reach, facts: Facts, visit: Visit) -> Typed:
    kinds, type_ = PLAIN[node.name]
    arguments = [
        visit(source, reach, Type(kind) if kind not in ("text", "uuid") else None, facts)
        for source, kind in zip(node.arguments, kinds, strict=True)
    ]
    if not _settled(node, arguments, reach):
        return unknown(node.offset)
    for argument, kind in zip(arguments, kinds, strict=True):
        if argument.type.kind != kind and (argument.type.kind, kind) != ("enum", "text"):
            reach.findings.report(
                argument.offset, f"{node.name}() takes {words(Type(kind))} here, not {words(argument.type)}"
            )
            return unknown(node.offset)
    if node.name == "now":
        low, high = bounds.of_type(INSTANT)
        return Root(
            type=INSTANT, offset=node.offset, low=low, high=high, name="now()", typescript="context.now"
        )
    return _bounded(node, type_, arguments, reach)


def _bounded(node: Call, type_: Type, arguments: list[Typed], reach: Reach) -> Typed:
    report, name = reach.findings.report, node.name
    if name in SMALL:
        low, high = SMALL[name]
        return _made(node, type_, arguments, low=low, high=high)
    if name in ("hours", "minutes", "days"):
        unit = {"hours": 3_600_000, "minutes": 60_000, "days": bounds.DAY}[name]
        low, high = bounds.known((arguments[0].low, arguments[0].high))
        return _made(node, type_, arguments, low=low // unit, high=high // unit)
    if name in ("div", "mod"):
        if is_zero(arguments[1]):
            report(node.offset, "division by zero")
            return unknown(node.offset)
        divisor = (arguments[1].low, arguments[1].high)
        dividend = (arguments[0].low, arguments[0].high)
        low, high = bounds.floor_divide(dividend, divisor)
        if name == "mod":
            largest = max(abs(bound) for bound in bounds.known(divisor)) - 1
            low, high = (0 if bounds.known(divisor)[0] > 0 else -largest), largest
        zero = bounds.known(divisor)[0] <= 0 <= bounds.known(divisor)[1]
        return _made(node, type_, arguments, zero, low=low, high=high)
    if name == "money":
        code = arguments[1]
        if isinstance(code, Constant) and not re.fullmatch(r"[A-Z]{3}", str(code.value)):
            report(code.offset, "a currency is three capital letters, such as EUR")
        currency = str(code.value) if isinstance(code, Constant) else None
        made_type = Type("money", currency=currency)
        return _made(node, made_type, arguments, low=arguments[0].low, high=arguments[0].high)
    if name == "minor":
        return _made(node, type_, arguments, low=arguments[0].low, high=arguments[0].high)
    if name == "add_months":
        first, last = bounds.known((arguments[0].low, arguments[0].high))
        months = bounds.known((arguments[1].low, arguments[1].high))
        if bounds.beyond(months, -MAX_MONTHS, MAX_MONTHS):
            report(node.offset, f"a date moves by at most {MAX_MONTHS} months")
        reach_ = 31 * min(MAX_MONTHS, max(abs(months[0]), abs(months[1])))
        if last + reach_ > bounds.LATEST_DAY:
            report(node.offset, "this date can lie too far away", "compute with fewer intervals")
        fails = not bounds.within(months, -MAX_MONTHS, MAX_MONTHS) or first - reach_ < bounds.EARLIEST_DAY
        return _made(node, type_, arguments, fails, low=first - reach_, high=last + reach_)
    if name == "matches":
        return _matches(node, arguments, reach)
    if name in ("today", "date_of", "time_of", "instant"):
        return _zoned(node, type_, arguments, reach)
    return _made(node, type_, arguments)


def _matches(node: Call, arguments: list[Typed], reach: Reach) -> Typed:
    pattern = arguments[1]
    if not isinstance(pattern, Constant):
        reach.findings.report(pattern.offset, "the pattern of matches() is a quoted text")
        return unknown(node.offset)
    try:
        check_pattern(str(pattern.value))
    except PatternProblem as problem:
        reach.findings.report(pattern.offset + 1 + problem.offset, problem.message)
    return _made(node, BOOL, arguments)


def _zoned(node: Call, type_: Type, arguments: list[Typed], reach: Reach) -> Typed:
    zone = arguments[-1]
    named = isinstance(zone, Constant)
    if isinstance(zone, Constant) and not ZONE.fullmatch(str(zone.value)):
        reach.findings.report(
            zone.offset, f"'{zone.value}' is not a time zone", "it is written like 'Europe/Berlin'"
        )
    low, high = bounds.of_type(type_)
    if node.name == "instant":
        first, last = bounds.known((arguments[0].low, arguments[0].high))
        low, high = (first - 2) * bounds.DAY, (last + 2) * bounds.DAY
    elif node.name == "date_of":
        first, last = bounds.known((arguments[0].low, arguments[0].high))
        low, high = first // bounds.DAY - 2, last // bounds.DAY + 2
    elif node.name == "today" and low is not None and high is not None:
        low, high = low - 2, high + 2
    return _made(node, type_, arguments, not named, low=low, high=high)


def _special(node: Call, reach: Reach, facts: Facts, visit: Visit) -> Typed:
    report = reach.findings.report
    arguments = [visit(node.arguments[0], reach, None, facts)]
    beside = arguments[0].type.of if node.name == "has" else arguments[0].type
    arguments += [visit(source, reach, beside, facts) for source in node.arguments[1:]]
    if not _settled(node, arguments, reach):
        return unknown(node.offset)
    first = arguments[0]
    if node.name == "concat":
        for argument in arguments:
            if argument.type.kind not in ("text", "enum"):
                report(argument.offset, f"concat() takes text, not {words(argument.type)}")
        return _made(node, TEXT, arguments)
    if node.name == "has":
        if (
            first.type.kind != "list"
            or first.type.of is None
            or common(first.type.of, arguments[1].type) is None
        ):
            report(node.offset, f"has() takes a list and a value of it, not {words(first.type)}")
            return unknown(node.offset)
        return _made(node, BOOL, arguments)
    if node.name == "abs":
        if first.type.kind not in NUMBERS | {"interval"}:
            report(first.offset, f"abs() takes a number or an interval, not {words(first.type)}")
            return unknown(node.offset)
        low, high = bounds.known((first.low, first.high))
        if first.type.kind == "decimal":
            return _made(node, first.type, arguments)
        largest = max(abs(low), abs(high))
        return _made(node, first.type, arguments, low=max(low, 0), high=largest)
    return _extreme(node, arguments, reach)


def _extreme(node: Call, arguments: list[Typed], reach: Reach) -> Typed:
    both = _common_of(node, arguments, reach)
    if both is None:
        return unknown(node.offset)
    if both.kind not in ORDERED:
        reach.findings.report(node.offset, f"{words(both)} has no order")
        return unknown(node.offset)
    low, high = bounds.union(*((argument.low, argument.high) for argument in arguments))
    fails = both.kind == "money" and not all(same_currency(arguments[0], other) for other in arguments[1:])
    return _made(node, both, [as_type(argument, both) for argument in arguments], fails, low=low, high=high)


def _coalesce(node: Call, reach: Reach, wanted: Type | None, facts: Facts, visit: Visit) -> Typed:
    arguments = [visit(node.arguments[0], reach, wanted, facts)]
    beside = arguments[0].type
    arguments += [visit(source, reach, beside, facts) for source in node.arguments[1:]]
    if any(argument.type.kind == "any" for argument in arguments):
        return unknown(node.offset)
    both = _common_of(node, arguments, reach)
    if both is None:
        return unknown(node.offset)
    optional = all(argument.type.optional for argument in arguments)
    low, high = bounds.union(*((one.low, one.high) for one in arguments if one.type.kind != "null"))
    taken = [as_type(argument, both) for argument in arguments]
    return _made(node, both.with_optional(optional), taken, low=low, high=high)


def _common_of(node: Call, arguments: list[Typed], reach: Reach) -> Type | None:
    both: Type | None = arguments[0].type
    for argument in arguments[1:]:
        previous = both
        both = common(previous, argument.type) if previous is not None else None
        if previous is not None and (
            both is None or both.kind in ("list", "page", "shape", "json", "row", "null")
        ):
            reach.findings.report(
                argument.offset, f"{node.name}() mixes {words(previous)} and {words(argument.type)}"
            )
            return None
    return both


def _round(node: Call, reach: Reach, facts: Facts, visit: Visit) -> Typed:
    report, source = reach.findings.report, node.arguments[0]
    if isinstance(source, Arithmetic) and source.operator in "*/":
        left, right = (visit(side, reach, None, facts) for side in (source.left, source.right))
        value = operation(source, left, right, reach.findings, in_round=True)
    else:
        value = visit(source, reach, None, facts)
    if value.type.kind == "any" or not _settled(Call(node.offset, 1, "round", (source,)), [value], reach):
        return unknown(node.offset)
    if value.type.kind == "money":
        if len(node.arguments) == 2:
            report(node.arguments[1].offset, "round() of money takes no number of decimals")
        exact = not isinstance(value, Operation) or not _is_fraction(value)
        if exact:
            report(node.offset, "money is whole already", "round() is for money * decimal and money / number")
            return unknown(node.offset)
        return _made(node, value.type, [value], True, low=-bounds.MAX_INT, high=bounds.MAX_INT)
    if value.type.kind not in NUMBERS:
        report(node.offset, f"round() takes a number or money, not {words(value.type)}")
        return unknown(node.offset)
    if len(node.arguments) != 2:
        report(node.offset, "round() of a number says how many decimals: round(x, 2)")
        return unknown(node.offset)
    places = node.arguments[1]
    if not isinstance(places, Number) or not places.text.isdigit() or int(places.text) > MAX_PLACES:
        report(places.offset, f"the number of decimals is written as a number from 0 to {MAX_PLACES}")
        return unknown(node.offset)
    scale = int(places.text)
    count = Constant(type=INT, offset=places.offset, value=scale, low=scale, high=scale)
    whole = _whole_digits(value)
    type_ = Type("decimal") if whole is None else Type("decimal", precision=whole + 1 + scale, scale=scale)
    if whole is None:
        type_ = Type("decimal", scale=scale)
    divides = isinstance(value, Operation) and value.operator == "/" and not _nonzero(value.right)
    return _made(node, type_, [value, count], divides)


def _is_fraction(value: Operation) -> bool:
    return value.operator == "/" or (
        value.operator == "*" and "decimal" in (value.left.type.kind, value.right.type.kind)
    )


def _nonzero(typed: Typed) -> bool:
    if isinstance(typed, Constant):
        return not is_zero(typed)
    return typed.low is not None and typed.high is not None and not typed.low <= 0 <= typed.high


def _whole_digits(value: Typed) -> int | None:
    if isinstance(value, Operation) and value.operator == "/":
        above, below = digits(value.left), digits(value.right)
        return None if above is None or below is None else above[0] + below[1]
    found = digits(value)
    return found[0] if found is not None else None
