"""Arithmetic, functions and the results of aggregates in TypeScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expressions.bounds import DAY
from generator.expressions.typed import Constant, Gather, Invoke, Operation, Opposite, Typed
from generator.typescript_layout.nodes import Atom, Binary, Call, Node, Object, Unary, text_literal

if TYPE_CHECKING:
    from generator.expressions.typescript_writer import TypescriptWriter

DECIMAL = {"+": "addDecimal", "-": "subtractDecimal", "*": "multiplyDecimal"}
MONEY = {"+": "addMoney", "-": "subtractMoney", "*": "multiplyMoney"}
RENAMED = {
    "lower": "lowerText",
    "upper": "upperText",
    "trim": "trimText",
    "length": "textLength",
    "concat": "concatTexts",
    "starts_with": "startsWith",
    "contains": "containsText",
    "div": "floorDivide",
    "mod": "floorModulo",
    "date_of": "dateOf",
    "time_of": "timeOf",
    "instant": "instantOf",
    "weekday": "weekdayOf",
    "year": "yearOf",
    "month": "monthOf",
    "day": "dayOf",
    "add_months": "addMonths",
}
COMPARERS = {
    "decimal": "compareDecimal",
    "text": "compareText",
    "enum": "compareText",
    "time": "compareText",
    "date": "compareDate",
    "instant": "compareInstant",
    "money": "compareMoney",
}


def operation(writer: TypescriptWriter, typed: Operation) -> Node:
    """`+ - *`; a `/` is written by the `round` around it."""
    left, right, operator = typed.left, typed.right, typed.operator
    kinds = (left.type.kind, right.type.kind)
    one, two = writer.node(left), writer.node(right)
    if typed.type.kind == "decimal":
        return writer.call(DECIMAL[operator], one, two)
    if typed.type.kind == "money":
        if operator == "*" and kinds[1] == "money":
            one, two = two, one
        return writer.call(MONEY[operator], one, two)
    if kinds == ("instant", "instant"):
        return writer.call("intervalBetween", two, one)
    if kinds == ("date", "date"):
        return writer.call("intervalBetweenDates", two, one)
    if kinds[0] in ("instant", "date"):
        name = "addInterval" if kinds[0] == "instant" else "addDays"
        return writer.call(name, one, two if operator == "+" else negative(two))
    result = Binary(operator, one, two)
    return writer.call("checkedInteger", result) if typed.guarded else result


def negative(node: Node) -> Node:
    """The opposite of a number."""
    if isinstance(node, Unary) and node.operator == "-":
        return node.operand
    return Unary("-", node)


def opposite(writer: TypescriptWriter, typed: Opposite) -> Node:
    """Unary minus."""
    operand = writer.node(typed.operand)
    if typed.type.kind == "decimal":
        return writer.call("subtractDecimal", Atom("0"), operand)
    if typed.type.kind == "money":
        return writer.call("multiplyMoney", operand, Unary("-", Atom("1")))
    return negative(operand)


def invoke(writer: TypescriptWriter, typed: Invoke) -> Node:
    """A function of the closed list."""
    name = typed.name
    if name == "round":
        return _round(writer, typed)
    if name == "new_id":
        return Call("context.newId")
    if name == "new_token":
        return Call("context.newToken")
    arguments = [writer.node(argument) for argument in typed.arguments]
    if name in RENAMED:
        return writer.call(RENAMED[name], *arguments)
    if name == "today":
        return writer.call("dateOf", Atom("context.now"), *arguments)
    if name in ("hours", "minutes", "days"):
        unit = {"hours": 3_600_000, "minutes": 60_000, "days": DAY}[name]
        return Call("Math.floor", (Binary("/", arguments[0], Atom(str(unit))),))
    if name in ("least", "greatest"):
        return _extreme(writer, typed, arguments)
    if name == "coalesce":
        return _coalesce(arguments)
    if name == "abs":
        return (
            writer.call("absDecimal", *arguments)
            if typed.type.kind == "decimal"
            else Call("Math.abs", tuple(arguments))
        )
    if name == "has":
        return writer.one_of(typed.arguments[1], typed.arguments[0], arguments[0])
    if name == "matches":
        from generator.expressions.typescript_writer import pattern_literal

        pattern = typed.arguments[1]
        assert isinstance(pattern, Constant)
        return Call(f"{pattern_literal(str(pattern.value))}.test", (arguments[0],))
    if name == "money":
        return Object((("amount", arguments[0]), ("currency", arguments[1])))
    assert name == "minor"
    return writer.amount(typed.arguments[0])


def _coalesce(arguments: list[Node]) -> Node:
    result = _without_null(arguments[0])
    for argument in arguments[1:-1]:
        result = Binary("??", result, _without_null(argument))
    return Binary("??", result, arguments[-1])


def _without_null(node: Node) -> Node:
    """`a?.b ?? null` beside another `??` is `a?.b`."""
    if isinstance(node, Binary) and node.operator == "??" and node.right == Atom("null"):
        return node.left
    return node


def _extreme(writer: TypescriptWriter, typed: Invoke, arguments: list[Node]) -> Node:
    compare = COMPARERS.get(typed.type.kind)
    if compare is None:
        return Call("Math.min" if typed.name == "least" else "Math.max", tuple(arguments))
    writer.runtime.add(compare)
    return writer.call(typed.name, Atom(compare), *arguments)


def _round(writer: TypescriptWriter, typed: Invoke) -> Node:
    value = typed.arguments[0]
    money = typed.type.kind == "money"
    if isinstance(value, Operation) and value.operator == "/":
        sides = [writer.node(value.left), writer.node(value.right)]
        if money:
            return writer.call("divideMoney", *sides)
        return writer.call("divideDecimal", *sides, writer.node(typed.arguments[1]))
    if money:
        return writer.node(value)
    return writer.call("roundDecimal", writer.node(value), writer.node(typed.arguments[1]))


def collected(writer: TypescriptWriter, typed: Gather, query: Node) -> Node:
    """What an aggregate of the kernel answers, as the value the expression means."""
    value: Typed | None = typed.value
    if value is None:
        return query
    wide = value.type.kind in ("interval", "money") or typed.fails
    if typed.fold == "sum" and typed.type.kind in ("int", "interval") and wide:
        query = writer.call("checkedInteger", query)
    if typed.type.kind == "money":
        total = writer.call("checkedInteger", query) if typed.fold == "sum" else query
        return writer.call("moneyOf", total, Atom(text_literal(typed.type.currency or "")))
    return query
