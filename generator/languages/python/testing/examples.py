"""Example rows of an entity that keep its rules, and rows that break one of them, for the generated tests.

Values are JSON, by column. Rules are evaluated here on the typed tree; what this cannot evaluate gives no
example, and then the generated tests leave that rule to the database alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any

from generator.expressions import typed as nodes
from generator.expressions.patterns import write_pattern
from generator.expressions.typed import Typed
from generator.languages.python.schemas import SLUG
from generator.languages.python.testing.patterns import texts_matching
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member

COUNT = 6
"""Rows for each entity: the first half for requests, the rest straight into the database."""
TRIES = 5_000

Row = dict[str, Any]


class Unknown(Exception):
    """A part of a rule that is not evaluated here."""


def written_members(entity: Entity) -> list[Member]:
    """The columns without a reference that a client can write."""
    return [item for item in entity.members if item.role == "data" and item.write != "never"]


def example_rows(entity: Entity) -> list[Row] | None:
    """Some rows that keep every rule of the entity and differ from each other wherever they can.

    Args:
        entity: the entity; its references are left out.

    Returns:
        Rows, as many as `COUNT`; None when no row was found that keeps all rules.
    """
    rows = []
    for number in range(COUNT):
        base = {member.column: sample(member, number) for member in written_members(entity)}
        row = _search(entity, base, [check.rule for check in entity.checks], None)
        if row is None or None in [row[item.column] for item in written_members(entity) if item.required]:
            return None
        rows.append(row)
    return rows


def breaking_row(entity: Entity, row: Row, constraint: str) -> Row | None:
    """What to change in a row so that it breaks one check and keeps the others.

    Args:
        entity: the entity.
        row: one of its example rows.
        constraint: the name of the check.

    Returns:
        The columns that differ, or None when none were found.
    """
    wanted = next(check.rule for check in entity.checks if check.constraint == constraint)
    others = [check.rule for check in entity.checks if check.constraint != constraint]
    found = _search(entity, row, others, wanted)
    return None if found is None else {key: value for key, value in found.items() if row[key] != value}


def keeps_rules(entity: Entity, row: Row) -> bool:
    """Whether a row keeps every check, as far as they can be evaluated."""
    return all(truth(check.rule, entity, row) is not False for check in entity.checks)


def holds(entity: Entity, rule: Typed | None, row: Row) -> bool:
    """Whether a rule is true of a row; a rule that cannot be evaluated is not."""
    return rule is None or truth(rule, entity, row) is True


def sample(member: Member, number: int) -> Any:
    """The valid value with a number; other numbers give other values where the type has as many."""
    values = list(islice(_samples(member), COUNT)) or [member.name]
    return values[number % len(values)]


def _samples(member: Member) -> Iterator[Any]:
    if member.kind == "enum":
        yield from member.type.members
    elif member.kind == "bool":
        yield from (False, True)
    elif member.kind == "int":
        yield from _steps(Decimal(1), member, int)
    elif member.kind == "decimal":
        scale = member.type.scale or 0
        yield from _steps(Decimal(1).scaleb(-scale), member, lambda number: f"{number:.{scale}f}")
    elif member.kind == "date":
        yield from _days(member)
    elif member.kind == "instant":
        yield from (f"{day}T09:30:00.000Z" for day in _days(member))
    elif member.kind == "time":
        yield from (
            text
            for text in ("09:30:00", "10:30:00", "11:30:00", "12:30:00", "13:30:00", "00:00:00")
            if _within(member, text)
        )
        yield from (text for text in (member.minimum, member.maximum) if text)
    elif member.kind == "uuid":
        yield from (f"00000000-0000-4000-8000-{number:012d}" for number in range(1, COUNT + 1))
    elif member.kind == "json":
        yield from ({"number": number} for number in range(1, COUNT + 1))
    else:
        yield from _texts(member)


def _texts(member: Member) -> Iterator[str]:
    least, greatest = member.min_length or 0, member.max_length
    if member.format == "email" and member.pattern is None:
        yield from (f"{letter}@b.co" for letter in "abcdef")
    elif pattern := member.pattern or (SLUG if member.format == "slug" else None):
        for text in islice(texts_matching(write_pattern(pattern, "typescript")), 200):
            if least <= len(text) and (greatest is None or len(text) <= greatest):
                yield _normalized(member, text)
    else:
        for number in "123456":
            text = f"{member.name.replace('_', ' ')} {number}"
            short = text[-greatest:] if greatest else text
            yield _normalized(member, short.rjust(least, "x"))


def _normalized(member: Member, text: str) -> str:
    normalize = member.normalize or ""
    text = text.strip() if "trim" in normalize else text
    return text.upper() if normalize == "upper" else text.lower() if "lower" in normalize else text


def _steps(step: Decimal, member: Member, write: Any) -> Iterator[Any]:
    low = Decimal(member.minimum) if member.minimum is not None else None
    high = Decimal(member.maximum) if member.maximum is not None else None
    start = (
        low if low is not None else min(Decimal(1), high - COUNT * step) if high is not None else Decimal(1)
    )
    if member.kind == "decimal" and member.type.precision == member.type.scale:
        start = low if low is not None else step
    for number in range(COUNT):
        value = start + number * step
        if high is None or value <= high:
            yield write(value)


def _days(member: Member) -> Iterator[str]:
    first, last = (text[:10] if text else None for text in (member.minimum, member.maximum))
    start = date.fromisoformat(first or last or "2026-03-02")
    offset = 1 if first else -COUNT if last else 0
    for number in range(COUNT):
        day = (start + timedelta(days=number + offset)).isoformat()
        if _within(member, day):
            yield day
    if first and member.kind != "instant":
        yield first


def _within(member: Member, text: str) -> bool:
    low, high = member.minimum, member.maximum
    return (low is None or text >= low[: len(text)]) and (high is None or text <= high[: len(text)])


def _search(entity: Entity, base: Row, kept: Sequence[Typed], broken: Typed | None) -> Row | None:
    """The row nearest to `base` that keeps some rules and breaks another, if there is one in reach."""
    wrong = [rule for rule in kept if truth(rule, entity, base) is False]
    if not wrong and (broken is None or truth(broken, entity, base) is False):
        return base
    involved = [*wrong, broken] if broken is not None else wrong
    # Rules that share columns with these must be kept too, so their columns take part.
    columns = {column for rule in involved for column in _columns_of(rule)}
    columns |= {name for rule in kept for name in _columns_of(rule) if columns & set(_columns_of(rule))}
    members = [item for item in written_members(entity) if item.column in columns]
    choices = [_candidates(item, base[item.column], [*kept, *involved]) for item in members]
    for values in islice(product(*choices), TRIES):
        row = {**base, **{item.column: value for item, value in zip(members, values, strict=True)}}
        if broken is not None and truth(broken, entity, row) is not False:
            continue
        if all(truth(rule, entity, row) is not False for rule in kept):
            return row
    return None


def _candidates(member: Member, first: Any, rules: Sequence[Typed]) -> list[Any]:
    values = [first, *islice(_samples(member), 8)]
    for rule in rules:
        values += [value for value in _constants(rule, member) if _admits(member, value)]
    if not member.required:
        values.append(None)
    return [value for index, value in enumerate(values) if value not in values[:index]]


def _constants(rule: Typed, member: Member) -> Iterator[Any]:
    """Values around the constants that a rule compares with."""
    if isinstance(rule, nodes.Constant) and rule.value is not None and not isinstance(rule.value, bool):
        if member.kind in ("int", "decimal") and rule.type.kind in ("int", "decimal"):
            number = Decimal(str(rule.value))
            for value in (number - 1, number, number + 1):
                yield int(value) if member.kind == "int" else f"{value:.{member.type.scale or 0}f}"
        elif member.kind == rule.type.kind and isinstance(rule.value, str):
            yield rule.value
            if member.kind == "date":
                day = date.fromisoformat(rule.value)
                yield from ((day + timedelta(days=step)).isoformat() for step in (-1, 1))
    for part in nodes.parts(rule):
        yield from _constants(part, member)


def _admits(member: Member, value: Any) -> bool:
    if member.kind == "text":
        long = member.max_length is not None and len(value) > member.max_length
        fits = member.pattern is None or re.fullmatch(write_pattern(member.pattern, "typescript"), value)
        return not long and bool(fits) and member.format is None and len(value) >= (member.min_length or 0)
    if member.kind in ("int", "decimal"):
        number = Decimal(str(value))
        low = member.minimum is None or number >= Decimal(member.minimum)
        return low and (member.maximum is None or number <= Decimal(member.maximum))
    return _within(member, value) if member.kind in ("date", "time") else True


def _columns_of(rule: Typed) -> Iterator[str]:
    if isinstance(rule, nodes.Field) and rule.member.column:
        yield rule.member.column
    for part in nodes.parts(rule):
        yield from _columns_of(part)


def truth(rule: Typed, entity: Entity, row: Mapping[str, Any]) -> bool | None:
    """Whether a rule is true of a row; None when it cannot be evaluated."""
    try:
        return bool(_value(rule, entity, row))
    except (Unknown, TypeError, ValueError, ArithmeticError):
        return None


def _value(node: Typed, entity: Entity, row: Mapping[str, Any]) -> Any:
    def value(part: Typed) -> Any:
        return _value(part, entity, row)

    match node:
        case nodes.Constant():
            return _read(node.type.kind, node.value)
        case nodes.Field() if isinstance(node.base, nodes.Row) and node.member.column:
            member = entity.member(node.member.column)
            if member.column in row:
                return _read(member.kind, row[member.column])
            if isinstance(member.default, nodes.Constant):
                return value(member.default)
            raise Unknown
        case nodes.Connect():
            # Like SQL and TypeScript, stop where the rest has no meaning.
            decide = any if node.operator == "or" else all
            return decide(value(part) for part in node.operands)
        case nodes.Inverse():
            return not value(node.operand)
        case nodes.Presence():
            return (value(node.operand) is None) == node.negated
        case nodes.Comparison():
            return _compare(node.operator, value(node.left), value(node.right))
        case nodes.Membership() if node.collection is None:
            return (value(node.value) in [value(item) for item in node.items]) != node.negated
        case nodes.Choice():
            return value(node.then if value(node.condition) else node.otherwise)
        case nodes.Convert():
            found = value(node.operand)
            return Decimal(found) if node.type.kind == "decimal" and isinstance(found, int) else found
        case nodes.Opposite():
            return -value(node.operand)
        case nodes.Operation() if node.operator in "+-*":
            left, right = value(node.left), value(node.right)
            return (
                left + right
                if node.operator == "+"
                else left - right
                if node.operator == "-"
                else left * right
            )
        case nodes.Invoke() if node.name in _FUNCTIONS:
            return _FUNCTIONS[node.name](*[value(item) for item in node.arguments])
    raise Unknown


_FUNCTIONS: dict[str, Any] = {
    "length": len,
    "lower": str.lower,
    "upper": str.upper,
    "trim": str.strip,
    "abs": abs,
    "least": min,
    "greatest": max,
    "starts_with": str.startswith,
    "contains": lambda text, part: part in text,
    "concat": lambda *parts: "".join(parts),
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
}


def _compare(operator: str, left: Any, right: Any) -> bool:
    if operator == "=":
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator])


def _read(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "decimal":
        return Decimal(value)
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "instant":
        return datetime.fromisoformat(value).astimezone(UTC)
    if kind == "time":
        return time.fromisoformat(value)
    return timedelta(milliseconds=value) if kind == "interval" else value
