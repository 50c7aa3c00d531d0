"""Random histories of a plan on a real PostgreSQL: step by step gives what making the last state afresh gives.

Thousands of them: SPECWRIGHT_HISTORIES=2000 pytest tests/model/test_random_histories.py; a part of them, to go on
where somebody stopped: SPECWRIGHT_HISTORIES=500-1000.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from generator.expressions.pieces import identifier
from generator.model import Model
from generator.model.elements.history import Migration
from generator.model.schema import Schema
from generator.model.schema_changes import (
    AlterColumn,
    DropColumn,
    DropTable,
    FillColumns,
    RenameColumn,
    RenameTable,
)
from tests.expressions.database import connection as postgresql
from tests.model.histories import agreeing, empty, resolved, run, sealed, snapshot, state_of
from tests.strategies.histories import first_plan

BEGIN, _, END = os.environ.get("SPECWRIGHT_HISTORIES", "24").rpartition("-")
STEPS = 4


@pytest.fixture(scope="module")
def server() -> Iterator[psycopg.Connection[Any]]:
    with postgresql() as running:
        yield running


@pytest.mark.parametrize("seed", range(int(BEGIN or 0), int(END)))
def test_step_by_step_is_afresh(server: psycopg.Connection[Any], seed: int) -> None:
    history = first_plan(seed)
    migrations: tuple[Migration, ...] = ()
    empty(server, "with_rows")
    empty(server, "without_rows")
    for step in range(STEPS):
        text, model = agreeing(history.text(), migrations)
        added = model.migrations[len(migrations) :]
        migrations = sealed(model.migrations)
        fresh = resolved(text)
        assert tables(state_of(migrations)) == tables(state_of(fresh.migrations)), history.notes
        assert resolved(text, migrations).migrations == migrations, "nothing differs, so nothing is open"
        for each in added:
            check_both_ways(server, each)
        server.execute("set search_path to with_rows")
        for each in added:
            before = contents(server)
            run(server, each.up)
            assert kept(server, before, each) is None, history.notes
        stepwise = snapshot(server)
        empty(server, "afresh")
        for each in fresh.migrations:
            run(server, each.up)
        assert stepwise == snapshot(server), history.notes
        server.execute("set search_path to with_rows")
        fill(server, model, step)
        for _ in range(history.chance.randint(1, 3)):
            history.edit()


def check_both_ways(server: psycopg.Connection[Any], migration: Migration) -> None:
    server.execute("set search_path to without_rows")
    before = snapshot(server)
    run(server, migration.up)
    after = snapshot(server)
    run(server, migration.down)
    assert snapshot(server) == before, f"{migration.up}\n----\n{migration.down}"
    run(server, migration.up)
    assert snapshot(server) == after


def tables(schema: Schema) -> dict[str, Any]:
    """A state without the order of what stands in it."""
    return {
        name: (table.element, {*table.columns}, {*table.rules}, table.computed)
        for name, table in schema.tables.items()
    }


def contents(server: psycopg.Connection[Any]) -> dict[tuple[str, str], list[Any]]:
    """The values of each column of each table, in the order of the first."""
    found = {}
    names = server.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'with_rows'"
    ).fetchall()
    for table, column in names:
        key = "id" if (table, "id") in names else "ctid"
        statement = f"select {identifier(column)}::text from {table} order by {key}"
        rows = server.execute(statement.encode()).fetchall()
        found[table, column] = [row[0] for row in rows]
    return found


def kept(
    server: psycopg.Connection[Any], before: dict[tuple[str, str], list[Any]], migration: Migration
) -> str | None:
    """What is not as before, though the migration does not say so."""
    after, changes = contents(server), migration.changes
    moved = {change.table: change.to for change in changes if isinstance(change, RenameTable)}
    gone = {change.table for change in changes if isinstance(change, DropTable)}
    columns = {
        (change.table, change.column): change.to for change in changes if isinstance(change, RenameColumn)
    }
    dropped = {(change.table, change.column) for change in changes if isinstance(change, DropColumn)}
    changed = {(each.table, each.column) for each in changes if isinstance(each, FillColumns)}
    changed |= {
        (each.table, each.after.name)
        for each in changes
        if isinstance(each, AlterColumn) and each.before.type != each.after.type
    }
    for (table, column), values in before.items():
        if table in gone or (table, column) in dropped:
            continue
        name = moved.get(table, table)
        place = (name, columns.get((name, column), column))
        if place not in after:
            return f"{place} is gone"
        if place not in changed and after[place] != values:
            return f"{place} was {values} and is {after[place]}"
        if len(after[place]) != len(values):
            return f"{place} lost rows"
    return None


def fill(server: psycopg.Connection[Any], model: Model, step: int) -> None:
    """Put two rows into each table, where no reference is required."""
    for entity in model.entities:
        for number in range(2):
            values = {}
            for member in entity.members:
                if member.role in ("data", "state") and member.computed is None:
                    values[member.column] = value_of(member, step * 10 + number)
            for member in entity.members:
                if member.role == "ref":
                    target = next(each for each in model.entities if each.name == member.reference.entity)  # type: ignore[union-attr]
                    values[member.column] = f"(select id from {target.table} order by id limit 1)"
            names = ", ".join(map(identifier, values))
            server.execute(
                f"insert into {entity.table} ({names}) values ({', '.join(values.values())})".encode()
            )


def value_of(member: Any, number: int) -> str:
    """A value that fits every rule that histories make."""
    kind = member.kind
    if kind == "enum":
        return f"'{member.type.members[0]}'"
    return {
        "text": f"'t{number}'",
        "int": str(number),
        "decimal": f"{number}.25" if ",0" not in member.sql_type else str(number),
        "bool": "true",
        "date": "'2026-01-02'",
        "instant": "'2026-01-02T03:04:05Z'",
        "uuid": "gen_random_uuid()",
    }[kind]


def test_histories_make_all_kinds_of_changes() -> None:
    kinds = set()
    for seed in range(40):
        history, migrations = first_plan(seed), ()
        for _ in range(STEPS):
            _, model = agreeing(history.text(), migrations)
            migrations = sealed(model.migrations)
            for _ in range(3):
                history.edit()
        kinds |= {type(change).__name__ for each in migrations[1:] for change in each.changes}
    assert kinds >= {
        "CreateTable", "AddColumn", "DropTable", "DropColumn", "RenameTable", "RenameColumn", "RenamePart",
        "AlterColumn", "FillColumns", "Compute", "AddCheck", "CreateIndex", "DropRule", "AddForeignKey",
    }  # fmt: skip
