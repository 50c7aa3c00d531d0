"""The database's history as typed operations, the way Alembic's autogenerate sees it: compare, then render.

An operation is plain data (names and PostgreSQL text), so that a history can be recorded and replayed after
the resolver has changed. Constraint names follow one rule: ``idx_``, ``uq_``, ``ck_``, ``ex_`` or ``fk_``,
the table, then the name in the plan (a column for foreign keys).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a table: its PostgreSQL type, whether it may be null, and its default as SQL."""

    name: str
    type: str
    required: bool
    default: str | None = None


@dataclass(frozen=True)
class CreateTable:
    """A new table with its primary key and its checks (name and rule)."""

    table: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    checks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AddColumn:
    """One more column of a table that exists."""

    table: str
    column: Column


@dataclass(frozen=True)
class AddCheck:
    """One more rule over the rows of a table that exists."""

    table: str
    name: str
    rule: str


@dataclass(frozen=True)
class AddForeignKey:
    """A reference from a column to the key of another table."""

    table: str
    column: str
    references: str
    on_delete: str
    key: str = "id"

    @property
    def name(self) -> str:
        """The constraint's name."""
        return f"fk_{self.table}_{self.column}"


@dataclass(frozen=True)
class CreateIndex:
    """An index; ``columns`` may end in `` desc``."""

    table: str
    name: str
    columns: tuple[str, ...]
    unique: bool = False
    where: str | None = None
    method: str = "btree"


@dataclass(frozen=True)
class AddExclusion:
    """Rows that are equal in some columns may not overlap in a range."""

    table: str
    name: str
    equal: tuple[str, ...]
    range: str
    where: str | None = None


Change = CreateTable | AddColumn | AddCheck | AddForeignKey | CreateIndex | AddExclusion
GIST_OF_SCALARS = "CREATE EXTENSION IF NOT EXISTS btree_gist;"
"""What an exclusion needs to compare with `=`. It stays when migrations are undone: others may use it."""


def render_up(changes: Sequence[Change]) -> str:
    """The SQL that makes the changes, in an order that works: tables, columns, checks, keys, indexes.

    Args:
        changes: operations in any order.

    Returns:
        Statements with a blank line between groups, ending in a newline.
    """
    groups: tuple[type, ...] = (CreateTable, AddColumn, AddCheck, AddForeignKey, CreateIndex, AddExclusion)
    parts = [GIST_OF_SCALARS] if any(isinstance(change, AddExclusion) for change in changes) else []
    for group in groups:
        chosen = [change for change in changes if isinstance(change, group)]
        separator = "\n\n" if group is CreateTable else "\n"
        if chosen:
            parts.append(separator.join(_up(change) for change in chosen))
    return "\n\n".join(parts) + "\n"


def render_down(changes: Sequence[Change]) -> str:
    """The SQL that takes the changes back; columns and their data go, and are not recoverable from it.

    Args:
        changes: the operations given to :func:`render_up`.

    Returns:
        Statements, ending in a newline. New tables go in one statement, so that references among them
        need no order.
    """
    created = [change.table for change in changes if isinstance(change, CreateTable)]
    lines = [_down(change) for change in reversed(changes) if not _goes_with(change, created)]
    if created:
        lines.append(f"DROP TABLE {', '.join(reversed(created))};")
    return "\n".join(lines) + "\n"


def _goes_with(change: Change, created: Iterable[str]) -> bool:
    return change.table in created


def _up(change: Change) -> str:
    if isinstance(change, CreateTable):
        lines = [f"  {_column(column)}" for column in change.columns]
        key = ", ".join(change.primary_key)
        lines.append(f"  CONSTRAINT pk_{change.table} PRIMARY KEY ({key})")
        lines.extend(f"  CONSTRAINT {name} CHECK ({rule})" for name, rule in change.checks)
        return f"CREATE TABLE {change.table} (\n" + ",\n".join(lines) + "\n);"
    if isinstance(change, AddColumn):
        return f"ALTER TABLE {change.table} ADD COLUMN {_column(change.column)};"
    if isinstance(change, AddCheck):
        return f"ALTER TABLE {change.table} ADD CONSTRAINT {change.name} CHECK ({change.rule});"
    if isinstance(change, AddForeignKey):
        return (
            f"ALTER TABLE {change.table} ADD CONSTRAINT {change.name} FOREIGN KEY ({change.column})"
            f" REFERENCES {change.references} ({change.key}) ON DELETE {change.on_delete.upper()};"
        )
    if isinstance(change, AddExclusion):
        equal = "".join(f"{column} WITH =, " for column in change.equal)
        where = f" WHERE ({change.where})" if change.where else ""
        return (
            f"ALTER TABLE {change.table} ADD CONSTRAINT {change.name} EXCLUDE USING gist"
            f" ({equal}{change.range} WITH &&){where};"
        )
    unique = "UNIQUE " if change.unique else ""
    method = "" if change.method == "btree" else f" USING {change.method}"
    where = f" WHERE {change.where}" if change.where else ""
    columns = ", ".join(
        name.removesuffix(" desc") + (" DESC" if name.endswith(" desc") else "") for name in change.columns
    )
    return f"CREATE {unique}INDEX {change.name} ON {change.table}{method} ({columns}){where};"


def _down(change: Change) -> str:
    if isinstance(change, AddColumn):
        return f"ALTER TABLE {change.table} DROP COLUMN {change.column.name};"
    if isinstance(change, AddCheck | AddForeignKey | AddExclusion):
        return f"ALTER TABLE {change.table} DROP CONSTRAINT {change.name};"
    if isinstance(change, CreateIndex):
        return f"DROP INDEX {change.name};"
    raise AssertionError(change)


def _column(column: Column) -> str:
    required = " NOT NULL" if column.required else ""
    default = f" DEFAULT {column.default}" if column.default is not None else ""
    return f"{column.name} {column.type}{required}{default}"
