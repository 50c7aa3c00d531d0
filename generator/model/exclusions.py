"""Exclusions: rows that are equal in some columns and may not overlap in two others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.expressions.types import BOOL, Scope
from generator.model.combining import Declared
from generator.model.elements.entities import Exclusion
from generator.model.elements.members import Member
from generator.model.rules import columns_of, constraint_name, parts_of
from generator.model.world import World

RANGES = {"instant": "tstzrange", "date": "daterange", "decimal": "numrange"}
"""The range over two columns of a kind, which PostgreSQL makes half-open (its manual, section 8.17)."""
NOT_COMPARED = ("json", "array")
"""Kinds that a gist index of btree_gist cannot hold."""


def exclusions_of(world: World, name: str, table: str, scope: Scope) -> Iterator[Exclusion]:
    """The exclusions of an entity, those that later features add at the end.

    Args:
        world: the state of the resolution.
        name: the entity.
        table: its table.
        scope: what rules over a row may read.

    Yields:
        Checked exclusions.
    """
    for part, source in parts_of(world, name, "exclusions"):
        world.known_error(source, ("error",), source.value.error)
        equal = columns_of(world, name, source, [(column, False) for column in source.value.equal])
        overlap = columns_of(world, name, source, [(column, False) for column in source.value.overlap])
        where = None
        if source.value.where is not None:
            where = world.check(source, ("where",), source.value.where, scope, BOOL)
        constraint = constraint_name(world, source, "ex", table, part)
        for index, column in enumerate(equal):
            member = world.member(name, column)
            if member is not None and member.kind in NOT_COMPARED:
                world.problems.error(
                    source.at("equal", index),
                    f"{member.word} cannot be compared in an exclusion",
                    "remove it",
                )
        members = [member for column in overlap if (member := world.member(name, column)) is not None]
        if len(members) == 2:
            range_ = _range(world, source, members[0], members[1])
            yield Exclusion(constraint, equal, overlap, range_, where, source.value.error or "CONFLICT", part)


def _range(world: World, source: Declared[Any], start: Member, end: Member) -> str:
    if start.kind != end.kind or (start.kind not in RANGES and start.kind != "int"):
        world.problems.error(
            source.at("overlap"),
            f"from {start.word} to {end.word} is no range",
            "name two instants, two dates or two numbers",
        )
    wide = "bigint" in (start.sql_type, end.sql_type)
    return RANGES.get(start.kind, "int8range" if wide else "int4range")
