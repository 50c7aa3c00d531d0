"""Columns that the database fills: derived values that are stored, and snapshots of what a row refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.expressions.typed import TOP, Row, Typed, parts
from generator.expressions.typed import Field as FieldNode
from generator.expressions.types import STORED
from generator.model.elements.members import Member
from generator.model.rules import fields_of
from generator.model.world import World
from generator.plan.members import Field


def is_computed(field: Field) -> bool:
    """Whether a field has a column that the database fills."""
    return field.snapshot is not None or (field.derived is not None and field.stored)


def resolve_computed(world: World, name: str) -> Iterator[Member]:
    """Check what an entity's computed columns hold; what is never unset makes its column required.

    Args:
        world: the state of the resolution; the entity's ``members`` are completed.
        name: the entity.

    Yields:
        Each of the columns when it is known.
    """
    found: dict[str, Member] = {}
    for field, source in fields_of(world, name):
        if not is_computed(source.value):
            continue
        member = world.member(name, field)
        assert member is not None
        is_copied = source.value.snapshot is not None
        key = "snapshot" if is_copied else "derived"
        text = source.value.snapshot if is_copied else source.value.derived
        expected = member.type if is_copied else member.type.with_optional(True)
        scope = replace(world.scope(), row=name, this=name, allow=STORED)
        typed = world.check(source, (key,), str(text), scope, expected)
        if typed is None:
            continue
        required = member.required or (not is_copied and not typed.type.optional)
        found[member.column] = replace(
            member,
            computed=typed,
            is_copied=is_copied,
            required=required,
            type=member.type.with_optional(not required),
        )
        if member.column in columns_behind(typed, found):
            world.problems.error(source.at(key), f"{name}.{field} is computed from itself", "cut the circle")
        members = world.members[name]
        members[:] = [found.get(member.column, member) for member in members]
        yield found[member.column]


def in_order(members: Mapping[str, Member]) -> list[Member]:
    """The computed columns among members, each after those that it reads."""
    ordered: dict[str, Member] = {}

    def add(member: Member) -> None:
        if member.computed is None or member.column in ordered:
            return
        for column in columns_of(member.computed):
            if column in members and column != member.column:
                add(members[column])
        ordered[member.column] = member

    for member in members.values():
        add(member)
    return list(ordered.values())


def columns_of(typed: Typed) -> Iterator[str]:
    """The columns of its own row that an expression reads, possibly repeated."""
    own = isinstance(typed, FieldNode) and isinstance(typed.base, Row) and typed.base.frame == TOP
    if own and isinstance(typed, FieldNode) and typed.member.column is not None:
        yield typed.member.column
    for part in parts(typed):
        yield from columns_of(part)


def columns_behind(typed: Typed, members: Mapping[str, Member]) -> dict[str, None]:
    """The columns that an expression reads, itself or by way of computed columns.

    Args:
        typed: a checked expression.
        members: the members of the entity, by column.

    Returns:
        Columns, in the order in which they are read.
    """
    found: dict[str, None] = {}
    waiting = list(columns_of(typed))
    while waiting:
        column = waiting.pop(0)
        if column not in found:
            found[column] = None
            member = members.get(column)
            if member is not None and member.computed is not None:
                waiting.extend(columns_of(member.computed))
    return found
