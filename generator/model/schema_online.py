"""SQL for a database in use: what would lock a table for long is done in steps, outside of a transaction.

Indexes are built and removed concurrently. Constraints over rows that exist are added first, for new rows,
and validated in a step of their own, which reads without keeping others from writing. A script says with
``-- Step: …`` how the statements that follow run; the migrator records which steps are done, so each
statement that runs on its own can be run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from generator.expressions.pieces import identifier
from generator.model.schema_changes import (
    AddCheck,
    AddForeignKey,
    AddUnique,
    Change,
    CreateIndex,
    CreateTable,
    DropRule,
    FillColumns,
)
from generator.model.schema_sql import render_up, write_change

IN_TRANSACTION = "-- Step: in a transaction"
ALONE = "-- Step: each statement on its own"


def render_online(changes: Sequence[Change]) -> str:
    """The SQL that makes the changes on a database whose tables are in use.

    Args:
        changes: operations in any order.

    Returns:
        A script in steps, ending in a newline; one step without a mark where nothing would lock for long.
    """
    new = {change.table for change in changes if isinstance(change, CreateTable)}
    indexes = [change for change in changes if isinstance(change, CreateIndex) and change.table not in new]
    gone = [
        change for change in changes if isinstance(change, DropRule) and isinstance(change.rule, CreateIndex)
    ]
    uniques = [change for change in changes if isinstance(change, AddUnique) and change.table not in new]
    rules = [change for change in changes if isinstance(change, AddCheck) and change.table not in new]
    # A reference may lead to columns that are unique only when their index is there.
    references = [
        change
        for change in changes
        if isinstance(change, AddForeignKey) and (change.table not in new or uniques)
    ]
    filled = [change for change in changes if isinstance(change, FillColumns)]
    required = [change for change in filled if change.required]
    later = {id(change) for change in (*indexes, *gone, *uniques, *rules, *references, *filled)}
    first = [change for change in changes if id(change) not in later]
    values = [replace(change, required=False) for change in filled if change.value]
    steps = [
        (ALONE, [f"DROP INDEX CONCURRENTLY IF EXISTS {identifier(change.name)};" for change in gone]),
        (IN_TRANSACTION, [render_up(first).rstrip("\n")] if first else []),
        (IN_TRANSACTION, [write_change(change) for change in values]),
        (ALONE, [*_built(indexes, uniques)]),
        (IN_TRANSACTION, [*_added(uniques, rules, references, required)]),
        (IN_TRANSACTION, [*_validated(rules, references, required)]),
    ]
    parts = [f"{kind}\n" + "\n".join(lines) for kind, lines in steps if lines]
    return "\n\n".join(parts).removeprefix(f"{IN_TRANSACTION}\n") + "\n"


def _built(indexes: Iterable[CreateIndex], uniques: Iterable[AddUnique]) -> Iterable[str]:
    behind = (CreateIndex(each.table, each.name, each.columns, unique=True) for each in uniques)
    for index in (*indexes, *behind):
        # One that was broken off leaves an index that is not valid.
        yield f"DROP INDEX CONCURRENTLY IF EXISTS {identifier(index.name)};"
        yield write_change(index).replace("INDEX", "INDEX CONCURRENTLY IF NOT EXISTS", 1)


def _added(
    uniques: Iterable[AddUnique],
    rules: Iterable[AddCheck],
    references: Iterable[AddForeignKey],
    required: Iterable[FillColumns],
) -> Iterable[str]:
    for unique in uniques:
        name = identifier(unique.name)
        yield f"ALTER TABLE {unique.table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name};"
    for rule in _both(rules, references):
        yield f"{write_change(rule).removesuffix(';')} NOT VALID;"
    for column in required:
        yield (
            f"ALTER TABLE {column.table} ADD CONSTRAINT {_present(column)}"
            f" CHECK ({identifier(column.column)} IS NOT NULL) NOT VALID;"
        )


def _validated(
    rules: Iterable[AddCheck], references: Iterable[AddForeignKey], required: Iterable[FillColumns]
) -> Iterable[str]:
    for rule in _both(rules, references):
        yield f"ALTER TABLE {rule.table} VALIDATE CONSTRAINT {identifier(rule.name)};"
    for column in required:
        # With a valid check PostgreSQL need not look at the rows again.
        yield f"ALTER TABLE {column.table} VALIDATE CONSTRAINT {_present(column)};"
        yield f"ALTER TABLE {column.table} ALTER COLUMN {identifier(column.column)} SET NOT NULL;"
        yield f"ALTER TABLE {column.table} DROP CONSTRAINT {_present(column)};"


def _both(
    rules: Iterable[AddCheck], references: Iterable[AddForeignKey]
) -> Iterable[AddCheck | AddForeignKey]:
    yield from rules
    yield from references


def _present(change: FillColumns) -> str:
    return identifier(f"ck_{change.table}_{change.column}_present"[:63])
