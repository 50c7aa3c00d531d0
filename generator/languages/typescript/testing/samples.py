"""Sample rows of entities: what values a test gives a member, and which rows meet or break a rule.

The nth value of a member is written by ``server/tests/values.ts`` of the test room; :func:`nth_value` says
the same here, so that rules can be evaluated when the tests are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any

from generator.expressions.bounds import MAX_INTERVAL
from generator.expressions.typed import Constant, Convert, Typed, parts
from generator.frozen import dataclass
from generator.languages.typescript.fields import sample_currency
from generator.languages.typescript.testing.evaluation import UNKNOWN, Surroundings, evaluate, python_value
from generator.model.computed import columns_behind, in_order
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.model.elements.model import Model

NOW = 1_767_225_600_000
"""The clock of a test that sets none: 2026-01-01T00:00:00Z."""
MOST_TRIES = 5000
LATER_ROWS = (2, 3, 101, 140)
"""Rows that are looked at beside the first; those that tests make on the way are counted from 100."""
SHORT = 9
"""Texts of up to so many letters are numbers in the tests, for want of room."""
MANY = 1000
SETTABLE = ("data", "ref", "state")

Values = dict[str, Any]
"""Values of columns as JSON has them."""


@dataclass(frozen=True)
class Sampler:
    """Makes sample rows of the entities of a plan."""

    model: Model

    def surroundings(self) -> Surroundings:
        """The clock and the settings' defaults, without any rows."""
        config = {
            entry.name: python_value(entry.type.kind, _number(entry.type.kind, entry.default))
            for entry in self.model.config
        }
        return Surroundings(NOW, config)

    def values(self, entity: Entity, amount: str, n: int = 1) -> Values:
        """The values of a row that has only what it must have, or everything clients can set.

        Args:
            entity: whose row.
            amount: ``bare`` or ``full``.
            n: which of the values of each member.

        Returns:
            A value for every column that tests can set.
        """
        values: Values = {}
        same = clashing(entity)
        for member in settable(entity):
            if member.role == "state":
                values[member.column] = entity.states.initial if entity.states else None
            elif is_needed(member) or member.column in same or (amount == "full" and member.write != "never"):
                values[member.column] = nth_value(member, n)
            else:
                values[member.column] = default_value(member)
        return values

    def fits(self, entity: Entity, values: Values) -> bool:
        """Whether no check of the entity is certainly broken, and no range ends before it starts."""
        row: dict[str, Any] = python_row(entity, values)
        for exclusion in entity.exclusions:
            start, end = (row.get(column) for column in exclusion.overlap)
            if start is not None and end is not None and UNKNOWN not in (start, end) and start > end:
                return False
        return all(self.holds(entity, check.rule, values) is not False for check in entity.checks)

    def holds(self, entity: Entity, rule: Typed, values: Values) -> Any:
        """Whether a rule over one row holds: true, false or :data:`UNKNOWN`."""
        return evaluate(rule, self.surroundings().about(python_row(entity, values)))

    def repaired(self, entity: Entity, values: Values, fixed: Sequence[str] = ()) -> Values | None:
        """What to change in a row so that all checks hold.

        Args:
            entity: whose row.
            values: the row.
            fixed: columns that must stay.

        Returns:
            The changed values, none where all is well; None if no row was found.
        """
        if self.fits(entity, values):
            return {}
        rules = [check.rule for check in entity.checks]
        for change in self._changes(entity, rules, values, fixed):
            if self.fits(entity, values | change):
                return change
        return None

    def steadied(self, entity: Entity, amount: str) -> Values | None:
        """What every sample row of an entity needs so that all checks hold, not only the first one.

        Args:
            entity: whose rows.
            amount: ``bare`` or ``full``.

        Returns:
            As :meth:`repaired`; where later rows need it, values for all members that the checks read.
        """
        values = self.values(entity, amount)
        change = self.repaired(entity, values)
        if change is None or all(
            self.fits(entity, self.values(entity, amount, n) | change) for n in LATER_ROWS
        ):
            return change
        columns = {member.column: member for member in entity.members}
        read = {name for check in entity.checks for name in columns_behind(check.rule, columns)}
        fixed = {
            member.column: (values | change)[member.column]
            for member in settable(entity)
            if member.column in read and _varies(member) and (values | change)[member.column] is not UNKNOWN
        }
        # Rows that are all alike would break a rule of uniqueness.
        return change if any({*rule.columns} <= {*fixed} for rule in entity.uniques) else fixed

    def breaking(self, entity: Entity, index: int) -> Values | None:
        """Values that break one check while all others hold.

        Args:
            entity: whose checks.
            index: which of them.

        Returns:
            Values that differ from a bare row's, if possible of members that clients can set.
        """
        check = entity.checks[index]
        others = [other for other in entity.checks if other is not check]
        base = self.values(entity, "bare")
        base |= self.repaired(entity, base) or {}
        hidden = [item.column for item in settable(entity) if item.write == "never" or item.role == "state"]
        for fixed in (hidden, []):
            for change in self._changes(entity, [check.rule], base, fixed):
                values = base | change
                broken = self.holds(entity, check.rule, values) is False
                if broken and all(self.holds(entity, other.rule, values) is True for other in others):
                    return change
        return None

    def _changes(
        self, entity: Entity, rules: Sequence[Typed], values: Values, fixed: Sequence[str]
    ) -> Iterator[Values]:
        columns = {member.column: member for member in entity.members}
        read = dict.fromkeys(name for rule in rules for name in columns_behind(rule, columns))
        members = [
            member
            for member in settable(entity)
            if member.column in read and member.column not in fixed and _varies(member)
        ]
        constants = [constant for rule in rules for constant in constants_of(rule)]
        pools = [
            list(dict.fromkeys([values[member.column], *candidates(member, constants)])) for member in members
        ]
        for combination in islice(product(*pools), MOST_TRIES):
            chosen = {member.column: value for member, value in zip(members, combination, strict=True)}
            yield {name: value for name, value in chosen.items() if value != values[name]}


def settable(entity: Entity) -> list[Member]:
    """The members that a test can give a row."""
    return [member for member in entity.members if member.role in SETTABLE]


def is_needed(member: Member) -> bool:
    """Whether a row has to be given the member."""
    return member.required and member.default is None


def clashing(entity: Entity) -> set[str]:
    """The columns whose defaults would make two rows break a rule of uniqueness."""
    found = set()
    for unique in entity.uniques:
        members = [entity.member(column) for column in unique.columns]
        filled = all(member.required or member.default is not None for member in members)
        if filled and not any(is_needed(member) for member in members):
            found.add(members[0].column)
    return found


def python_row(entity: Entity, values: Mapping[str, Any]) -> dict[str, Any]:
    """A row of JSON values as expressions are evaluated over it."""
    kept = {"timestamp": NOW, "deleted": None, "version": 1}
    row: dict[str, Any] = {item.column: kept[item.role] for item in entity.members if item.role in kept}
    row |= values
    for member in entity.members:
        if member.column in values:
            row[member.column] = python_value(member.kind, values[member.column])
    for member in in_order({member.column: member for member in entity.members}):
        if member.computed is not None and row.get(member.column) is None:
            row[member.column] = evaluate(member.computed, Surroundings(NOW).about(row))
    return row


def nth_value(member: Member, n: int) -> Any:
    """The nth value that tests give a member, or :data:`UNKNOWN` where only the test can tell."""
    if member.role == "ref":
        return UNKNOWN
    match member.kind:
        case "enum":
            return member.type.members[(n - 1) % len(member.type.members)]
        case "int" | "interval":
            least, most = integer_bounds(member)
            first = max(least, min(1, most))
            return first + (n - 1) % (most - first + 1)
        case "decimal":
            return _decimal(member, n)
        case "bool":
            return n % 2 == 0
        case "date":
            return _nth_moment(member, n)[:10]
        case "instant":
            return _nth_moment(member, n)
        case "time":
            moment = datetime.fromisoformat(f"1970-01-01T{member.nearest('08:00:00')}") + timedelta(minutes=n)
            return member.nearest(moment.time().isoformat() if moment.day == 1 else "23:59:59")
        case "text" if _is_free(member) and longest(member) > SHORT:
            return f"{label(member)} {n:03}"[: longest(member)]
        case "money":
            return {"amount": n, "currency": sample_currency(member)}
        case "uuid":
            return f"00000000-0000-4000-8000-{n:012}"
        case "list" if member.element is not None:
            value = nth_value(member.element, n)
            return value if value is UNKNOWN else (value,) * max(1, member.min_length or 0)
    return UNKNOWN


def default_value(member: Member) -> Any:
    """What a member is when nobody says: its default where that is a plain value, else unset."""
    typed = member.default
    while isinstance(typed, Convert):
        typed = typed.operand
    if isinstance(typed, Constant):
        return typed.value
    return None if typed is None else UNKNOWN


def integer_bounds(member: Member) -> tuple[int, int]:
    """The least and the greatest value of an integer or interval member."""
    if member.kind == "interval":
        limit = MAX_INTERVAL
    else:
        limit = 2**53 - 1 if member.type.bits == 53 else 2 ** (member.type.bits - 1) - 1
    lowest = -limit - (member.kind == "int" and member.type.bits != 53)
    least = int(member.minimum) if member.minimum is not None else lowest
    return least, int(member.maximum) if member.maximum is not None else limit


def _varies(member: Member) -> bool:
    """Whether other values of a member are tried; a literal tells nothing of rows and money."""
    return member.role != "ref" and member.kind != "money"


def longest(member: Member) -> int:
    """How many letters of ASCII a text member holds."""
    return min(member.max_length or MANY, member.max_bytes or MANY)


def _is_free(member: Member) -> bool:
    return member.pattern is None and member.format is None and not member.needs


def label(member: Member) -> str:
    """The words that sample texts of a member begin with."""
    return member.name.replace("_", " ").capitalize()


def constants_of(rule: Typed) -> Iterator[Constant]:
    """The literals in a rule."""
    if isinstance(rule, Constant):
        yield rule
    for part in parts(rule):
        yield from constants_of(part)


def candidates(member: Member, constants: Sequence[Constant]) -> list[Any]:
    """Values worth trying for a member: the first ones, those in rules, and their neighbours."""
    found = [nth_value(member, n) for n in (1, 2, 3, 5)]
    if member.kind == "enum":
        found = list(member.type.members)
    for constant in constants:
        kinds = {member.kind, "int"} if member.kind == "decimal" else {member.kind}
        if constant.type == member.type.of and member.min_length in (None, 0, 1):
            found.append((constant.value,))
        if constant.type.kind not in kinds or constant.value is None:
            continue
        if member.kind in ("int", "interval"):
            least, most = integer_bounds(member)
            around = [int(str(constant.value)) + step for step in (0, 1, -1)]
            found += [value for value in around if least <= value <= most]
        elif member.kind == "decimal":
            unit = Decimal(1).scaleb(-(member.type.scale or 0))
            exact = Decimal(str(constant.value)).quantize(unit)
            low, high = _decimal_bounds(member)
            found += [str(value) for value in (exact, exact + unit, exact - unit) if low <= value <= high]
        elif member.kind == "date":
            day = date.fromisoformat(str(constant.value))
            days = [str(day + timedelta(days=step)) for step in (0, 1, -1)]
            found += [text for text in days if text == member.nearest(text)]
        elif member.kind == "text" and _is_free(member):
            found.append(str(constant.value)[: longest(member)])
    if member.kind == "list" and not member.min_length:
        found.append(())
    unset = [] if member.required else [None]
    return list(dict.fromkeys([*found, *unset]))


def _decimal_bounds(member: Member) -> tuple[Decimal, Decimal]:
    scale = member.type.scale or 0
    limit = Decimal(10) ** ((member.type.precision or 10) - scale) - Decimal(1).scaleb(-scale)
    least = Decimal(member.minimum) if member.minimum is not None else -limit
    return least, Decimal(member.maximum) if member.maximum is not None else limit


def _decimal(member: Member, n: int) -> str:
    unit = Decimal(1).scaleb(-(member.type.scale or 0))
    least, most = _decimal_bounds(member)
    first = least if least > 1 else min(Decimal(1), most)
    value = first + (n - 1) * unit
    return str((value if value <= most else first).quantize(unit))


def _nth_moment(member: Member, n: int) -> str:
    length = 10 if member.kind == "date" else None
    first = datetime.fromisoformat(member.nearest("2026-01-01T00:00:00.000Z"[:length]))
    moment = first + timedelta(days=n - 1)
    return member.nearest(f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"[:length])


def _number(kind: str, text: str | None) -> Any:
    if text is None:
        return UNKNOWN
    if kind in ("int", "interval"):
        return int(text)
    return text == "true" if kind == "bool" else text
