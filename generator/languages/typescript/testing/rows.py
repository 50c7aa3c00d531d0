"""Rows that an aggregate counts, and rows that it just does not: each misses one of its conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice, product
from typing import Any

from generator.expressions.typed import Connect, Constant, Field, Gather, Row, Typed, parts
from generator.frozen import dataclass
from generator.languages.typescript.literals import literal
from generator.languages.typescript.testing.evaluation import UNKNOWN, SampleRow, Surroundings, evaluate
from generator.languages.typescript.testing.samples import (
    MOST_TRIES,
    Sampler,
    Values,
    candidates,
    constants_of,
    python_row,
    settable,
)
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.typescript_layout.nodes import Array, Atom, Call, Node, Object


@dataclass(frozen=True)
class Witness:
    """A row for an aggregate: whether it counts, and what it has beside what every row needs."""

    entity: Entity
    counts: bool
    values: Values
    row: SampleRow

    def node(self, owners: Mapping[str, SampleRow]) -> Call:
        """The call that makes the row.

        Args:
            owners: rows that it may refer to, by the names of the constants that hold them.

        Returns:
            ``make.task(context, {...})``.
        """
        ids = {row["id"]: name for name, row in owners.items()}
        entries = tuple((column, self._value(column, ids)) for column in self.values)
        given = (Object(entries),) if entries else ()
        return Call(f"make.{self.entity.names.camel}", (Atom("context"), *given))

    def _value(self, column: str, ids: Mapping[str, str]) -> Node:
        value, member = self.values[column], self.entity.member(column)
        if member.reference is not None and value in ids:
            return Atom(f"{ids[value]}.id")
        if member.kind == "instant" and value is not None:
            return Call("new Date", (Atom(literal(value)),))
        if member.type.of is not None and member.type.of.kind == "instant" and value is not None:
            return Array(tuple(Call("new Date", (Atom(literal(each)),)) for each in value))
        return Atom(literal(value))


def witnesses(
    sampler: Sampler, gather: Gather, around: Surroundings, owners: Mapping[str, SampleRow]
) -> list[Witness]:
    """Rows that show what an aggregate counts.

    Args:
        sampler: makes rows.
        gather: the aggregate.
        around: clock, settings, bound names and the row of the rule.
        owners: rows that its rows may refer to.

    Returns:
        A row that counts, then for each condition one that fails it alone; those that exist.
    """
    entity = sampler.model.entity(gather.entity.name)
    conditions = _conditions(gather.condition)
    wanted = [[True] * len(conditions)]
    wanted += [[other != index for other in range(len(conditions))] for index in range(len(conditions))]
    found = []
    for index, truths in enumerate(wanted):
        for values in _rows(sampler, entity, gather, owners):
            row = _row(entity, sampler.values(entity, "bare") | values)
            inner = around.about(row, gather.frame)
            if [evaluate(condition, inner) for condition in conditions] == truths:
                found.append(Witness(entity, index == 0, values, row))
                break
    return found


def may_clash(sampler: Sampler, made: Sequence[Witness]) -> bool:
    """Whether two of the rows may be refused beside each other: by uniqueness, or because they overlap."""
    return any(
        all(_is_alike(one, other, column) for column in columns)
        and all(
            where is None or evaluate(where, sampler.surroundings().about(dict(each.row))) is not False
            for each in (one, other)
        )
        for one, other in combinations(made, 2)
        if one.entity is other.entity
        for columns, where in (
            *((rule.columns, rule.where) for rule in one.entity.uniques),
            *((rule.equal, rule.where) for rule in one.entity.exclusions),
        )
    )


def _is_alike(one: Witness, other: Witness, column: str) -> bool:
    """Whether two rows may have the same in a column: what is not given differs, where it can."""
    member = one.entity.member(column)
    told = column in one.values or column in other.values or member.default is not None
    return (told or member.kind in ("enum", "bool")) and one.row[column] == other.row[column]


def gathers(typed: Typed) -> Iterator[Gather]:
    """The aggregates in an expression, outer ones only."""
    if isinstance(typed, Gather):
        yield typed
        return
    for part in parts(typed):
        yield from gathers(part)


def _conditions(typed: Typed | None) -> list[Typed]:
    if typed is None:
        return []
    return list(typed.operands) if isinstance(typed, Connect) and typed.operator == "and" else [typed]


def _rows(
    sampler: Sampler, entity: Entity, gather: Gather, owners: Mapping[str, SampleRow]
) -> Iterator[Values]:
    """What rows can have in the columns that an aggregate reads, so that all checks hold."""
    base = sampler.values(entity, "bare")
    read = set(_columns(gather, gather.frame))
    members = [item for item in settable(entity) if item.column in read and item.kind != "money"]
    constants = list(constants_of(gather))
    pools = [_pool(sampler, member, base, constants, owners) for member in members]
    for combination in islice(product(*pools), MOST_TRIES):
        chosen = {member.column: value for member, value in zip(members, combination, strict=True)}
        chosen = {column: value for column, value in chosen.items() if value != base[column]}
        change = sampler.repaired(entity, base | chosen, list(read))
        if change is not None:
            yield chosen | change


def _pool(
    sampler: Sampler,
    member: Member,
    base: Values,
    constants: list[Constant],
    owners: Mapping[str, SampleRow],
) -> list[Any]:
    if member.reference is None:
        return list(dict.fromkeys([base[member.column], *candidates(member, constants)]))
    target = sampler.model.entity(member.reference.entity).name
    return [base[member.column], *(row["id"] for row in owners.values() if row["entity"] == target)]


def _row(entity: Entity, values: Values) -> dict[str, Any]:
    """A row whose references lead elsewhere, unless they lead to a known row."""
    row = python_row(entity, values)
    for member in settable(entity):
        if member.reference is not None and row[member.column] is UNKNOWN:
            row[member.column] = f"another {member.reference.entity}"
    return row


def _columns(typed: Typed, frame: int) -> Iterator[str]:
    if isinstance(typed, Field) and isinstance(typed.base, Row) and typed.base.frame == frame:
        yield typed.member.column or typed.member.name
    for part in parts(typed):
        yield from _columns(part, frame)
