"""Plans resolved one after the other, each over migrations that are sealed: what a history means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

import psycopg
from ruamel.yaml import YAML

from generator.model import Model
from generator.model.elements.history import Migration
from generator.model.recorded_changes import recorded, restored
from generator.model.resolve import resolve_with_problems
from generator.model.schema import Schema, apply
from generator.plan.loading import load_text
from generator.problems import PlanProblems
from tests.strategies.plans import to_text

# From version 18 on PostgreSQL names what is not null, and those names do not follow a rename: no migration that
# runs on 17 as well can speak of them.
SNAPSHOT = """
select 'column', c.relname::text, a.attname::text,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid))
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
 where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
union all
select 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
  from pg_constraint where connamespace = current_schema()::regnamespace and contype <> 'n'
union all
select 'index', tablename::text, indexname::text, replace(indexdef, schemaname || '.', '')
  from pg_indexes where schemaname = current_schema()
union all
select 'trigger', tgrelid::regclass::text, tgname::text, replace(pg_get_triggerdef(t.oid), current_schema() || '.', '')
  from pg_trigger t join pg_class c on c.oid = tgrelid
 where c.relnamespace = current_schema()::regnamespace and not tgisinternal
union all
select 'function', proname::text, '', prosrc from pg_proc where pronamespace = current_schema()::regnamespace
   and prolang = (select oid from pg_language where lanname = 'plpgsql')
union all
select 'sequence', relname::text, '', '' from pg_class
 where relnamespace = current_schema()::regnamespace and relkind = 'S'
order by 1, 2, 3
"""


def resolved(text: str, sealed: tuple[Migration, ...] = ()) -> Model:
    """The model of a plan over sealed migrations. Raises `PlanProblems`."""
    model, problems = resolve_with_problems(load_text(Path(), text), (), sealed)
    problems.raise_if_errors()
    assert model is not None
    return model


def sealed(migrations: Iterable[Migration]) -> tuple[Migration, ...]:
    """The migrations as they are when they were sealed, recorded and read back."""
    return tuple(
        replace(each, changes=tuple(restored(recorded(change)) for change in each.changes), digest="sealed")
        for each in migrations
    )


def state_of(migrations: Iterable[Migration]) -> Schema:
    """The state after migrations."""
    return reduce(apply, (each.changes for each in migrations), Schema())


def agreeing(text: str, before: tuple[Migration, ...]) -> tuple[str, Model]:
    """The plan as it is when a person has done what each message about lost data asks for."""
    for _ in range(20):
        try:
            return text, resolved(text, before)
        except PlanProblems as caught:
            asked = re.findall(r"`(narrowed|dropped): \[([^\]]+)\]`", str(caught))
            assert asked, f"{caught}\n{text}"
            plan = YAML(typ="safe").load(text)
            for key, name in asked:
                plan[key] = [*dict.fromkeys([*plan.get(key, ()), name])]
            text = to_text(plan)
    raise AssertionError(text)


def empty(connection: psycopg.Connection[Any], name: str = "sample") -> None:
    """Begin anew in a schema of that name."""
    connection.execute(f"drop schema if exists {name} cascade".encode())
    connection.execute(f"create schema {name}".encode())
    connection.execute(f"set search_path to {name}".encode())


def run(connection: psycopg.Connection[Any], script: str) -> None:
    """Run a script as the migrator does: each step in a transaction, or its statements one by one."""
    first, *more = re.split(r"^-- Step: (.*)\n", script, flags=re.MULTILINE)
    for kind, step in zip(["", *more[::2]], [first, *more[1::2]], strict=True):
        if kind == "each statement on its own":
            for statement in step.split("\n"):
                if statement:
                    connection.execute(statement.encode())
        else:
            with connection.transaction():
                connection.execute(step.encode())


def snapshot(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    """All that the present schema holds, in an order of its own."""
    return connection.execute(SNAPSHOT.encode()).fetchall()
