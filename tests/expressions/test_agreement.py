"""An expression means the same in SQL, in TypeScript, and in SQL with parameters from TypeScript."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from generator.expressions.checking import check
from generator.expressions.sql import write_currency, write_sql
from generator.expressions.typed import Gather, Typed, parts
from generator.expressions.types import ExpressionProblems
from generator.expressions.typescript import write_typescript
from tests.expressions import samples
from tests.expressions.database import connection, literal, outcome, read, shown
from tests.expressions.node import Evaluator

EXAMPLES = int(os.environ.get("SPECWRIGHT_EXPRESSIONS", "400"))
REFUSED = (
    "always too large",
    "too far away",
    "before the calendar",
    "division by zero",
    "more than 1000 digits",
    "literals alone",
    "whole days only",
    "at most 99999 months",
    "nested more than",
    "does not fit",
    "at most 4,000 characters",
)
"""Refusals that depend on values or size, which the strategy cannot foresee; any other is a mistake in it."""
COMMON = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="SPECWRIGHT_EXPRESSIONS" not in os.environ,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
        HealthCheck.large_base_example,
    ],
)
pytestmark = pytest.mark.stack
Connection = psycopg.Connection[tuple[Any, ...]]
NOW = {"$date": 1_774_746_000_123}


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with connection() as made:
        made.execute("drop schema if exists expressions cascade")
        made.execute("create schema expressions")
        made.execute("set search_path to expressions")
        for statement in samples.create_tables():
            made.execute(statement.encode())
        yield made


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluator]:
    made = Evaluator(tmp_path_factory.mktemp("evaluator"))
    yield made
    made.close()


def insert(database: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    """Replace the rows of a table."""
    types = dict(
        database.execute(
            "select attname, format_type(atttypid, null) from pg_attribute"
            " where attrelid = %s::regclass and attnum > 0",
            (table,),
        ).fetchall()
    )
    database.execute(f"delete from {table}".encode())
    for row in rows:
        values = ", ".join(literal(value, types[name]) for name, value in row.items())
        database.execute(f"insert into {table} ({', '.join(row)}) values ({values})".encode())


def query(typed: Typed, mixed: bool, **places: Any) -> str:
    """The columns to select for a value: two for money."""
    holes: Any = "typescript" if mixed else "forbidden"
    text = shown(write_sql(typed, holes=holes, **places), typed.type.kind)
    if typed.type.kind == "money":
        text += ", " + shown(write_currency(typed, holes=holes, **places), "text")
    return text


def found(row: tuple[Any, ...] | str, typed: Typed) -> dict[str, Any]:
    """What a query brought, as the evaluator would say it."""
    if isinstance(row, str):
        return {"error": row}
    if typed.type.kind != "money":
        return {"value": read(row[0], typed.type.kind)}
    return {"value": None if row[0] is None else {"amount": int(row[0]), "currency": row[1]}}


def agrees(one: dict[str, Any], two: dict[str, Any], kind: str) -> bool:
    if kind == "decimal" and isinstance(one.get("value"), str) and isinstance(two.get("value"), str):
        return Decimal(one["value"]) == Decimal(two["value"])
    if "CURRENCY_MISMATCH" in (one.get("error"), two.get("error")):
        # Which of two reasons to fail is told is left open: overflow on one side, currencies on the other.
        return "error" in one and "error" in two
    return one == two


def computes_early(typed: Typed) -> bool:
    """Whether an aggregate has a condition that can fail: that it does where there are no rows is left open.

    A database computes what depends on no row before it looks at any, or with the first; so may code.
    """
    own = isinstance(typed, Gather) and typed.condition is not None and typed.condition.fails
    return own or any(computes_early(part) for part in parts(typed))


def answerer(database: Connection) -> Any:
    """Runs the queries that TypeScript asks back, with values as the drivers of the server read them."""

    kinds = {
        "timestamp with time zone": "instant",
        "interval": "interval",
        "boolean": "bool",
        "integer": "int",
        "bigint": "int",
        "smallint": "int",
    }

    def answer(text: str) -> dict[str, Any]:
        inner = f"({text})"
        row = outcome(database, f"select pg_typeof({inner})::text")
        if isinstance(row, str):
            return {"error": row}
        kind = kinds.get(row[0], "text")
        value = outcome(database, f"select {shown(inner, kind)}")
        if isinstance(value, str):
            return {"error": value}
        read_value = read(value[0], kind)
        return {
            "value": json.loads(read_value) if row[0] == "jsonb" and read_value is not None else read_value
        }

    return answer


def compare(
    database: Connection,
    evaluator: Evaluator,
    text: str,
    mixed: bool,
    rows: list[dict[str, Any]],
    given_: dict[str, Any],
) -> None:
    """Evaluate one expression everywhere, for each of the rows."""
    scope = samples.MIXED_SCOPE if mixed else samples.ROW_SCOPE
    try:
        typed = check(text, scope)
    except ExpressionProblems as problems:
        unexpected = [
            each.message for each in problems.problems if not any(known in each.message for known in REFUSED)
        ]
        assert not unexpected, f"{text}: {unexpected}"
        assume(False)
        return
    code = write_typescript(typed)
    event(f"kind {typed.type.kind}")
    event("can fail" if typed.fails else "cannot fail")
    columns = query(typed, mixed, row_alias="samples")
    models = {
        "items": {"table": "items", "live": "items.deleted_at is null"},
        "samples": {"table": "samples", "live": "true"},
    }
    for row in rows:
        values = {
            "row": samples.as_row(row),
            "input": given_,
            **models,
            "context": {"now": NOW, "config": {"LIMIT": 20, "WAIT": 900_000}},
        }
        selected = columns
        if mixed:
            rendered = evaluator.evaluate(f"sql`{columns}`", values, answerer(database))
            assert "value" in rendered, (text, rendered, columns)
            selected = rendered["value"]
        in_sql = found(outcome(database, f"select {selected} from samples where id = '{row['id']}'"), typed)
        in_typescript = evaluator.evaluate(code.text, values, answerer(database))
        if "error" in in_sql:
            event("fails")
            assert typed.fails, f"{text} was said never to fail: {in_sql}"
        if "error" in in_typescript and "error" not in in_sql and computes_early(typed):
            event("fails before it looks at rows")
            continue
        assert agrees(in_sql, in_typescript, typed.type.kind), (
            f"\n{text}\n  SQL {in_sql}: {selected}\n  TypeScript {in_typescript}: {code.text}"
            f"\n  row {values['row']}"
            f"\n  input {given_}"
        )
        in_bounds(typed, in_sql)


def in_bounds(typed: Typed, result: dict[str, Any]) -> None:
    """The bounds on which the writers rely hold."""
    value = result.get("value")
    if (
        isinstance(value, int)
        and typed.type.kind in ("int", "interval")
        and typed.low is not None
        and typed.high is not None
    ):
        assert typed.low <= value <= typed.high, (typed, value)


ROWS = st.lists(samples.shapes(), min_size=2, max_size=3, unique_by=lambda row: row["id"])
ITEM_ROWS = st.lists(samples.ITEMS, max_size=4)


def prepared(database: Connection, rows: list[dict[str, Any]], items: list[dict[str, Any]]) -> None:
    insert(database, "samples", [samples.as_row(row) for row in rows])
    insert(
        database,
        "items",
        [{"id": f"00000000-0000-4000-9000-{at:012}", **item} for at, item in enumerate(items)],
    )


@COMMON
@given(samples.expressions(mixed=False), ROWS, ITEM_ROWS)
def test_rules_of_the_database(
    database: Connection,
    evaluator: Evaluator,
    text: str,
    rows: list[dict[str, Any]],
    items: list[dict[str, Any]],
) -> None:
    prepared(database, rows, items)
    compare(database, evaluator, text, False, rows, {})


@COMMON
@given(samples.expressions(mixed=True), ROWS, ITEM_ROWS, samples.shapes())
def test_queries_with_values_of_the_request(
    database: Connection,
    evaluator: Evaluator,
    text: str,
    rows: list[dict[str, Any]],
    items: list[dict[str, Any]],
    given_: dict[str, Any],
) -> None:
    prepared(database, rows, items)
    compare(database, evaluator, text, True, rows, given_)
