"""What reads well: the SQL and TypeScript of rules as plans write them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.expressions.checking import check
from generator.expressions.sql import write_sql
from generator.expressions.types import Binding, Type
from generator.expressions.typescript import write_typescript
from tests.expressions.samples import MIXED_SCOPE

SCOPE = replace(
    MIXED_SCOPE, roots={**MIXED_SCOPE.roots, "owner": Binding(Type("row", entity="Sample"), "owner")}
)
TASK = replace(SCOPE, row=None)

SQL = [
    ("status != done or maybe_ends is set", "samples.status <> 'done' or samples.maybe_ends is not null"),
    (
        "maybe_due is not set or maybe_due >= due",
        "samples.maybe_due is null or samples.maybe_due >= samples.due",
    ),
    ("parent_id = id", "samples.parent_id is not distinct from samples.id"),
    ("whole >= 1 and whole <= 5", "samples.whole >= 1 and samples.whole <= 5"),
    ("title > note", 'samples.title collate "C" > samples.note'),
    ("whole + 1 > 2", "samples.whole::bigint + 1 > 2"),
    ("small in [1, 2]", "samples.small in (1, 2)"),
    ("due + 7d > born", "samples.due + 7 > samples.born"),
    (
        "whole > 0 and div(large, whole) > 1",
        "case when samples.whole > 0 then floor(samples.large::numeric(40, 20) / samples.whole)::bigint > 1"
        " else false end",
    ),
    ("title = 'it''s \\ ` ${x}'", "samples.title = 'it''s \\ ` ${x}'"),
]


@pytest.mark.parametrize(("text", "sql"), SQL)
def test_rules_of_the_database(text: str, sql: str) -> None:
    assert write_sql(check(text, SCOPE), row_alias="samples") == sql


QUERIES = [
    ("parent_id = owner.id", "samples.parent_id = ${owner.id}::uuid"),
    ("title = 'a\\`${x}'", "samples.title = 'a\\\\\\`\\${x}'"),
    (
        "maybe_ends is set and maybe_ends > now() - config.WAIT",
        "samples.maybe_ends is not null and samples.maybe_ends >"
        " ${addInterval(context.now, -context.config.WAIT)}::timestamptz",
    ),
    (
        "items > config.LIMIT",
        "(select count(*) from items a1 where a1.deleted_at is null and a1.sample_id = samples.id)"
        " > ${context.config.LIMIT}::bigint",
    ),
]


@pytest.mark.parametrize(("text", "sql"), QUERIES)
def test_conditions_of_queries(text: str, sql: str) -> None:
    assert write_sql(check(text, SCOPE), row_alias="samples", holes="typescript", where=True) == sql


def test_a_rule_of_the_database_reads_nothing_of_the_request() -> None:
    with pytest.raises(ValueError, match="value of the request"):
        write_sql(check("title = input.title", SCOPE), row_alias="samples")


TYPESCRIPT = [
    ("this.parent_id is set", "row.parent_id !== null"),
    ("this.parent is not set", "row.parent_id === null"),
    (
        "count Item(sample_id = owner.id) < config.LIMIT",
        "(await count(context, items, sql`items.sample_id = ${owner.id}::uuid`)) < context.config.LIMIT",
    ),
    (
        "not exists Item(sample_id = this.id and quantity is set)",
        "!(await exists(context, items, sql`items.sample_id = ${row.id}::uuid"
        " and items.quantity is not null`))",
    ),
    (
        "this.maybe_ends is set and this.maybe_ends > now() - config.WAIT",
        "row.maybe_ends !== null && row.maybe_ends > addInterval(context.now, -context.config.WAIT)",
    ),
    (
        "sum Item.weight(sample_id = this.id) + count Item()",
        "addDecimal(await sum<string>(context, items, sql`items.weight`,"
        " sql`items.sample_id = ${row.id}::uuid`), await count(context, items, sql`true`))",
    ),
    ("coalesce(input.maybe_status, todo)", "input.maybe_status ?? 'todo'"),
    ("not (owner.whole = 1)", "owner.whole !== 1"),
    ("owner.whole + owner.small", "owner.whole + owner.small"),
    ("owner.large + owner.small", "checkedInteger(owner.large + owner.small)"),
    ("if owner.flag then true else false", "owner.flag"),
]


@pytest.mark.parametrize(("text", "code"), TYPESCRIPT)
def test_typescript(text: str, code: str) -> None:
    assert write_typescript(check(text, TASK)).text == code


def test_imports_are_named() -> None:
    code = write_typescript(check("round(sum Item.weight() / 3, 2) > owner.price", TASK))
    assert code.runtime == {"compareDecimal", "divideDecimal"}
    assert code.kernel == {"sql", "sum"}
    assert code.models == {"items"}
    assert code.awaits
