"""The types of `+ - * /`, and where their results can leave the range of their type."""

from __future__ import annotations

from dataclasses import replace

from generator.expressions import bounds
from generator.expressions.kinds import NUMBERS, digits, words
from generator.expressions.money import same_currency
from generator.expressions.nodes import Arithmetic, Negate, Node, Path
from generator.expressions.reach import Findings
from generator.expressions.typed import Constant, Operation, Opposite, Typed
from generator.expressions.types import ANY, Type

DAY = bounds.DAY


def operation(node: Arithmetic, left: Typed, right: Typed, findings: Findings, *, in_round: bool) -> Typed:
    """Type one arithmetic operation; `in_round` when it stands directly inside `round(..)`."""
    nothing = Constant(type=ANY, offset=node.offset, value=None)
    if "any" in (left.type.kind, right.type.kind):
        return nothing
    for side, source in ((left, node.left), (right, node.right)):
        unset(side, source, node.operator, findings)
    type_ = _type_of(node, left, right, findings, in_round)
    if type_ is None:
        return nothing
    made = Operation(
        type=type_,
        offset=node.offset,
        operator=node.operator,
        left=left,
        right=right,
        fails=left.fails or right.fails,
        queries=left.queries or right.queries,
        frames=left.frames | right.frames,
        narrowed=left.narrowed or right.narrowed,
    )
    return made if node.operator == "/" else bounded(made, findings)


def unset(typed: Typed, source: Node, operator: str, findings: Findings) -> None:
    """Report an operand that may be unset."""
    if typed.type.optional:
        name = f"`{source.dotted}`" if isinstance(source, Path) else "an operand"
        findings.report(
            source.offset,
            f"{name} may be unset, and {operator} needs a value",
            "narrow it first: `x is set and ...`, `x is not set or ...`, or coalesce(x, y)",
        )


def opposite(node: Negate, operand: Typed, findings: Findings) -> Typed:
    """Type a unary minus; the minus of a literal is part of the literal."""
    if operand.type.kind == "any":
        return operand
    unset(operand, node.operand, "-", findings)
    if operand.type.kind not in ("int", "decimal", "money", "interval"):
        findings.report(node.offset, f"{words(operand.type)} has no opposite")
        return Constant(type=ANY, offset=node.offset, value=None)
    low, high = bounds.negate((operand.low, operand.high)) if operand.type.kind != "decimal" else (None, None)
    if isinstance(operand, Constant) and isinstance(operand.value, int):
        return replace(operand, offset=node.offset, value=-operand.value, low=low, high=high)
    if isinstance(operand, Constant) and isinstance(operand.value, str):
        zero = not operand.value.strip("0.")
        minus = operand.value[1:] if operand.value.startswith("-") else f"-{operand.value}"
        return operand if zero else replace(operand, offset=node.offset, value=minus)
    return Opposite(
        type=operand.type,
        offset=node.offset,
        low=low,
        high=high,
        operand=operand,
        fails=operand.fails,
        queries=operand.queries,
        frames=operand.frames,
        narrowed=operand.narrowed,
    )


def _type_of(node: Arithmetic, left: Typed, right: Typed, findings: Findings, in_round: bool) -> Type | None:
    kinds = (left.type.kind, right.type.kind)
    operator = node.operator
    if operator == "/":
        return _quotient(node, left, right, findings, in_round)
    if set(kinds) <= NUMBERS:
        return Type("int") if kinds == ("int", "int") else _decimal(node, left, right, findings)
    if operator == "*" and "money" in kinds:
        other = kinds[0] if kinds[1] == "money" else kinds[1]
        money = left.type if kinds[0] == "money" else right.type
        if other == "decimal" and not in_round:
            findings.report(
                node.at, "money times a decimal is not a whole number", "write round(a * b) around it"
            )
            return None
        if other in NUMBERS:
            return money
    if operator != "*" and kinds == ("money", "money"):
        if left.type.currency and right.type.currency and left.type.currency != right.type.currency:
            findings.report(node.at, f"{left.type.currency} and {right.type.currency} cannot be mixed")
            return None
        return left.type if left.type.currency == right.type.currency else Type("money")
    if operator == "-" and kinds in (("instant", "instant"), ("date", "date")):
        return Type("interval")
    if operator != "*" and kinds[1] == "interval" and kinds[0] in ("instant", "interval"):
        return left.type
    if operator != "*" and kinds == ("date", "interval"):
        if right.low is not None and right.low == right.high and right.low % DAY:
            findings.report(node.at, "a date moves by whole days only")
        return left.type
    hint = "put the interval last" if kinds in (("interval", "instant"), ("interval", "date")) else ""
    findings.report(node.at, f"{words(left.type)} {operator} {words(right.type)} is not defined", hint)
    return None


def _quotient(node: Arithmetic, left: Typed, right: Typed, findings: Findings, in_round: bool) -> Type | None:
    if right.type.kind not in NUMBERS or left.type.kind not in NUMBERS | {"money"}:
        findings.report(node.at, f"{words(left.type)} / {words(right.type)} is not defined")
        return None
    if not in_round:
        findings.report(
            node.at, "a division stands directly inside round(..)", "write round(a / b, 2), or div(a, b)"
        )
        return None
    if is_zero(right):
        findings.report(node.at, "division by zero")
        return None
    return Type("money", currency=left.type.currency) if left.type.kind == "money" else Type("decimal")


def is_zero(typed: Typed) -> bool:
    """Whether a number is certainly zero."""
    if isinstance(typed, Constant) and isinstance(typed.value, str):
        return not typed.value.strip("-0.")
    return typed.low == typed.high == 0


def _decimal(node: Arithmetic, left: Typed, right: Typed, findings: Findings) -> Type:
    one, two = digits(left), digits(right)
    if one is None or two is None:
        return Type("decimal")
    if node.operator == "*":
        whole, scale = one[0] + two[0], one[1] + two[1]
    else:
        whole, scale = max(one[0], two[0]) + 1, max(one[1], two[1])
    if whole + scale > bounds.MAX_DIGITS:
        findings.report(node.at, f"this can have more than {bounds.MAX_DIGITS} digits", "round a part of it")
    return Type("decimal", precision=whole + scale, scale=scale)


def bounded(made: Operation, findings: Findings) -> Operation:
    """The bounds of a sum, difference or product, and whether they have to be watched."""
    if made.type.kind == "decimal":
        return made
    left, right = (made.left.low, made.left.high), (made.right.low, made.right.high)
    kind = made.type.kind
    if made.operator == "*":
        low, high = bounds.multiply(left, right)
        if "decimal" in (made.left.type.kind, made.right.type.kind):
            return made
    else:
        if made.left.type.kind == "date":
            days = bounds.negate(right) if made.operator == "-" else bounds.known(right)
            right = (-(-days[0] // DAY), days[1] // DAY) if made.right.type.kind == "interval" else days
            if made.type.kind == "interval":
                left, right = (
                    (bounds.known(left)[0] * DAY, bounds.known(left)[1] * DAY),
                    (right[0] * DAY, right[1] * DAY),
                )
        elif made.operator == "-":
            right = bounds.negate(right)
        low, high = bounds.add(left, right)
    fails = made.fails
    if kind == "money" and made.operator != "*" and not same_currency(made.left, made.right):
        fails = True
    if kind in ("int", "money"):
        guarded = not bounds.within((low, high), -bounds.MAX_INT, bounds.MAX_INT)
        if bounds.beyond((low, high), -bounds.MAX_INT, bounds.MAX_INT):
            findings.report(made.offset, "this number is always too large")
        low, high = max(low, -bounds.MAX_INT), min(high, bounds.MAX_INT)
        return replace(made, low=low, high=high, guarded=guarded, fails=fails or guarded)
    last = {"interval": bounds.MAX_INT, "instant": bounds.LATEST_DAY * DAY, "date": bounds.LATEST_DAY}[kind]
    first = {"interval": -bounds.MAX_INT, "instant": bounds.EARLIEST_DAY * DAY, "date": bounds.EARLIEST_DAY}[
        kind
    ]
    if high > last or (kind == "interval" and low < first):
        findings.report(made.offset, "this time can lie too far away", "compute with fewer intervals")
    if bounds.beyond((low, high), first, last):
        findings.report(made.offset, "this time always lies before the calendar starts")
    whole_days = kind != "date" or (made.right.low == made.right.high)
    guarded = low < first
    return replace(
        made, low=max(low, first), high=high, guarded=guarded, fails=fails or guarded or not whole_days
    )
