"""The open migration: what leads from the sealed ones to the plan, and what the plan has to agree to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.expressions.pieces import identifier
from generator.model.elements.entities import Entity
from generator.model.elements.history import Migration
from generator.model.filling import value_for_rows
from generator.model.rules import fields_of, parts_of
from generator.model.schema import Schema
from generator.model.schema_changes import (
    AddColumn,
    Change,
    CreateTable,
    DropColumn,
    DropTable,
    RenameColumn,
    RenameTable,
)
from generator.model.schema_difference import PASSING, Fill, Loss, Renames, diff
from generator.model.schema_online import render_online
from generator.model.schema_sql import render_up
from generator.model.world import World
from generator.problems import Location

_LONGEST = 40
"""Letters of the name of a migration."""


_MAY = {
    "rule": "the migration would stop at one that does not",
    "type": "a value that does not fit would be rounded, or stop the migration",
}


class _Place(NamedTuple):
    """What a problem of a loss says: where, and how the plan agrees to it."""

    location: Location
    word: str


def open_migration(
    world: World, entities: tuple[Entity, ...], before: Schema, after: Schema, number: int
) -> Migration | None:
    """What leads from the sealed migrations to the plan.

    Args:
        world: the state of the resolution; what may lose data and is not agreed to is noted as a problem.
        entities: all entities.
        before: the state after the sealed migrations.
        after: the state of the plan.
        number: of the migration.

    Returns:
        The migration, None where nothing differs.
    """
    by_table = {entity.table: entity for entity in entities}

    def fill(table: str, column: str) -> str | None:
        return value_for_rows(world, by_table[table], column) if table in by_table else None

    renames = _renames(world)
    there = diff(before, after, renames, fill)
    _refuse(world, entities, there.losses)
    if not there.changes:
        return None
    back = diff(after, before, _inverted(renames, before, after), _recomputed(before))
    lost = [f"-- What was in {each} does not come back.\n" for each in _lost(there.changes)]
    down = "".join(lost) + render_up(back.changes)
    tables = {change.table for change in there.changes} | {
        change.to for change in there.changes if isinstance(change, RenameTable)
    }
    touched = tuple(entity.name for entity in entities if entity.table in tables)
    name = name_of(there.changes)
    return Migration(f"{number:04d}", name, render_online(there.changes), down, touched, there.changes)


def name_of(changes: tuple[Change, ...]) -> str:
    """A name that says what a migration does.

    Args:
        changes: its operations.

    Returns:
        Words with `_` between them, for example `add_priority_to_tasks`.
    """
    # What something is called for a while is no name of it.
    names = [change.to for change in changes if isinstance(change, RenameTable)]
    passing = {change.table for change in changes if isinstance(change, RenameTable)}
    passing -= {name for name in names if not name.endswith(PASSING)}
    created = [change.table for change in changes if isinstance(change, CreateTable)]
    dropped = [change.table for change in changes if isinstance(change, DropTable)]
    moved = [change for change in changes if isinstance(change, RenameTable) and "." not in change.element]
    columns = [change for change in changes if isinstance(change, AddColumn | DropColumn | RenameColumn)]
    touched = [name for name in dict.fromkeys(change.table for change in changes) if name not in passing]
    others = [table for table in touched if table not in (*created, *dropped)]
    name = ""
    if created and not dropped and not others:
        name = f"create_{'_and_'.join(created)}"
    elif dropped and not created and not others:
        name = f"drop_{'_and_'.join(dropped)}"
    elif (
        len(moved) == 1
        and not created
        and not dropped
        and all(isinstance(each, RenameColumn) for each in columns)
    ):
        name = f"rename_{moved[0].table}_to_{moved[0].to}"
    elif len(columns) == 1 and len(touched) == 1:
        name = _about_column(columns[0])
    if not name or len(name) > _LONGEST:
        name = f"change_{'_and_'.join(touched)}"
    if len(name) > _LONGEST:
        name = f"change_{len(touched)}_tables" if len(touched) > 1 else f"change_{touched[0]}"[:_LONGEST]
    return re.sub("[^a-z0-9_]", "_", re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())


def _about_column(change: AddColumn | DropColumn | RenameColumn) -> str:
    if isinstance(change, AddColumn):
        return f"add_{change.column.name}_to_{change.table}"
    if isinstance(change, DropColumn):
        return f"drop_{change.column}_of_{change.table}"
    return f"rename_{change.column}_to_{change.to}"


def _renames(world: World) -> Renames:
    renames: dict[str, tuple[str, ...]] = {}
    for name, place in world.combined["entities"].items():
        renames[name] = tuple(place.value.was)
        for field, source in fields_of(world, name):
            renames[f"{name}.{field}"] = tuple(source.value.was)
    return {name: was for name, was in renames.items() if was}


def _inverted(renames: Renames, before: Schema, after: Schema) -> Renames:
    """The way back: what is called otherwise now was called so before."""
    known = {table.element for table in before.tables.values()}
    former = {
        name: next((old for old in reversed(was) if old in known), "")
        for name, was in renames.items()
        if "." not in name
    }
    inverted = {old: [name] for name, old in former.items() if old and name not in known}
    for name, was in renames.items():
        entity, dot, field = name.partition(".")
        if dot:
            for old in was:
                inverted.setdefault(f"{former.get(entity) or entity}.{old}", []).append(field)
    return inverted


def _recomputed(before: Schema) -> Fill:
    """On the way back, what the database computed is computed again when a row is written."""

    def fill(table: str, column: str) -> str | None:
        name = identifier(column)
        statements = before.tables[table].computed
        return name if any(text.startswith(f"new.{name} := ") for text in statements) else None

    return fill


def _lost(changes: tuple[Change, ...]) -> Iterator[str]:
    for change in changes:
        if isinstance(change, DropTable):
            yield change.table
        if isinstance(change, DropColumn):
            yield f"{change.table}.{change.column}"


def _refuse(world: World, entities: tuple[Entity, ...], losses: tuple[Loss, ...]) -> None:
    """Note each loss that the plan does not agree to, and each agreement that nothing needs."""
    dropped = {name for feature in world.combined.project.features for name in feature.plan.dropped}
    narrowed = {name for feature in world.combined.project.features for name in feature.plan.narrowed}
    needed: set[str] = set()
    for loss in losses:
        if loss.kind in ("table", "column"):
            _refuse_drop(world, loss, dropped)
            continue
        place = _place(world, entities, loss)
        if loss.kind == "required":
            world.problems.error(
                place.location, f"{place.word}: {loss.about}", "give it a default or `backfill:`"
            )
        elif loss.kind == "impossible":
            world.problems.error(
                place.location,
                f"{loss.about}, and values of one have no like in the other",
                "give the new field a name of its own, and put the old one under `dropped:`",
            )
        else:
            needed.add(place.word)
            if place.word not in narrowed:
                world.problems.error(
                    place.location,
                    f"{loss.about}: {_MAY[loss.kind]}",
                    f"when that is meant, write `narrowed: [{place.word}]` into the plan",
                )
    for feature in world.combined.project.features:
        for index, name in enumerate(feature.plan.narrowed):
            if name not in needed:
                where = feature.locate("narrowed", index)
                world.problems.warning(where, f"{name} is not narrowed by now", "remove it from `narrowed`")


def _refuse_drop(world: World, loss: Loss, dropped: set[str]) -> None:
    entity = loss.element.partition(".")[0]
    # What the service keeps for itself is nothing that the plan speaks of.
    place = world.combined["entities"].get(entity)
    names = (entity, *(place.value.was if place is not None else ()))
    ending = loss.element.removeprefix(entity)
    if not entity or any(f"{name}{ending}" in dropped or name in dropped for name in names):
        return
    where = world.combined.head.locate("entities")
    if place is not None:
        where = place.at("fields")
    about = f"the plan has no {loss.element} any more: {loss.about}"
    hint = f"write `dropped: [{loss.element}]` into the plan, or `was:` where it is called otherwise now"
    world.problems.error(where, about, hint)


def _place(world: World, entities: tuple[Entity, ...], loss: Loss) -> _Place:
    """The part of the plan that a column or a rule is made from."""
    entity = next((each for each in entities if each.table == loss.table), None)
    if entity is None:
        return _Place(world.combined.head.locate("entities"), loss.table)
    for prefix, key in (("uq", "unique"), ("ck", "checks"), ("ex", "exclusions")):
        for part, source in parts_of(world, entity.name, key):
            if loss.name == f"{prefix}_{entity.table}_{part}":
                return _Place(source.at(), f"{entity.name}.{part}")
    for field, source in fields_of(world, entity.name):
        member = world.member(entity.name, field)
        column = member.column if member is not None else field
        beside = member.currency_column if member is not None else None
        names = {column, beside, f"uq_{entity.table}_{column}", f"fk_{entity.table}_{column}"}
        if loss.name in names or loss.name.startswith(f"ck_{entity.table}_{column}_"):
            return _Place(source.at(), f"{entity.name}.{field}")
    return _Place(world.combined["entities"][entity.name].at(), f"{entity.name}.{_implied(loss, entity)}")


def _implied(loss: Loss, entity: Entity) -> str:
    """What the plan would call a column that no field has, or the key."""
    return "key" if loss.name == f"pk_{entity.table}" else loss.name
