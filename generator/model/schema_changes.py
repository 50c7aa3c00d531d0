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
    """A column of a table: its PostgreSQL type, whether it may be null, and its default as SQL.

    The database counts the rows in a `numbered` column, unless a row brings its number.
    """

    name: str
    type: str
    required: bool
    default: str | None = None
    numbered: bool = False


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
class ReplaceCheck:
    """Another rule in the place of one of that name."""

    table: str
    name: str
    rule: str
    before: str


@dataclass(frozen=True)
class AddForeignKey:
    """A reference from a column to the key of another table."""

    table: str
    column: str
    references: str
    on_delete: str
    key: str = "id"
    scope: str | None = None
    """The column of the tenant, which both tables have: a row refers to one of its own tenant."""
    scope_key: str = ""
    """The same column in the table that is referred to."""

    @property
    def name(self) -> str:
        """The constraint's name."""
        return f"fk_{self.table}_{self.column}"


@dataclass(frozen=True)
class AddUnique:
    """Columns that are unique together because the key is among them: what a reference may lead to."""

    table: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The constraint's name."""
        return f"uq_{self.table}_{'_'.join(self.columns)}"


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
class Compute:
    """What the database puts into a row before it writes it, and what it did `before` this change.

    Statements are PL/pgSQL.
    """

    table: str
    statements: tuple[str, ...]
    before: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the function and of its trigger."""
        return f"compute_{self.table}"


@dataclass(frozen=True)
class FillColumns:
    """What rows that exist get in a new column, as SQL over the row; then the column may be required."""

    table: str
    column: str
    value: str
    required: bool


@dataclass(frozen=True)
class AddExclusion:
    """Rows that are equal in some columns may not overlap in a range."""

    table: str
    name: str
    equal: tuple[str, ...]
    range: str
    where: str | None = None


Rule = AddCheck | ReplaceCheck | AddUnique | AddForeignKey | AddExclusion
Change = CreateTable | AddColumn | Compute | FillColumns | Rule | CreateIndex
GROUPS: tuple[type, ...] = (
    *(CreateTable, AddColumn, Compute, FillColumns, AddCheck, ReplaceCheck, AddUnique, AddForeignKey),
    *(CreateIndex, AddExclusion),
)
"""The order in which changes work."""
GIST_OF_SCALARS = "CREATE EXTENSION IF NOT EXISTS btree_gist;"
"""What an exclusion needs to compare with `=`. It stays when migrations are undone: others may use it."""


def render_up(changes: Sequence[Change]) -> str:
    """The SQL that makes the changes, in an order that works: tables, columns and their values, rules.

    Args:
        changes: operations in any order.

    Returns:
        Statements with a blank line between groups, ending in a newline.
    """
    parts = [GIST_OF_SCALARS] if any(needs_gist(change) for change in changes) else []
    for group in GROUPS:
        chosen = [change for change in changes if isinstance(change, group)]
        separator = "\n\n" if group in (CreateTable, Compute) else "\n"
        if chosen:
            parts.append(separator.join(_up(change) for change in chosen))
    return "\n\n".join(parts) + "\n"


def needs_gist(change: Change) -> bool:
    """Whether a change needs values with an order in an index of the kind gist."""
    return isinstance(change, AddExclusion) or (isinstance(change, CreateIndex) and change.method == "gist")


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
    # A trigger goes with its table, its function does not.
    functions = [change for change in changes if isinstance(change, Compute) and not change.before]
    lines += [f"DROP FUNCTION {change.name}();" for change in functions]
    return "\n".join(lines) + "\n"


def _goes_with(change: Change, created: Iterable[str]) -> bool:
    # A column that goes takes its values along.
    return change.table in created or isinstance(change, FillColumns)


def _up(change: Change) -> str:
    if isinstance(change, CreateTable):
        lines = [f"  {_column(column)}" for column in change.columns]
        key = ", ".join(change.primary_key)
        lines.append(f"  CONSTRAINT pk_{change.table} PRIMARY KEY ({key})")
        lines.extend(f"  CONSTRAINT {name} CHECK ({rule})" for name, rule in change.checks)
        return f"CREATE TABLE {change.table} (\n" + ",\n".join(lines) + "\n);"
    if isinstance(change, AddColumn):
        return f"ALTER TABLE {change.table} ADD COLUMN {_column(change.column)};"
    if isinstance(change, Compute):
        return "\n\n".join(_compute(change))
    if isinstance(change, FillColumns):
        required = f"ALTER TABLE {change.table} ALTER COLUMN {change.column} SET NOT NULL;"
        filled = f"UPDATE {change.table} SET {change.column} = {change.value};"
        return f"{filled}\n{required}" if change.required else filled
    if isinstance(change, ReplaceCheck):
        return _replaced(change, change.rule)
    if isinstance(change, AddCheck):
        return f"ALTER TABLE {change.table} ADD CONSTRAINT {change.name} CHECK ({change.rule});"
    if isinstance(change, AddUnique):
        columns = ", ".join(change.columns)
        return f"ALTER TABLE {change.table} ADD CONSTRAINT {change.name} UNIQUE ({columns});"
    if isinstance(change, AddForeignKey):
        column, key, on_delete = change.column, change.key, change.on_delete.upper()
        if change.scope is not None:
            column, key = f"{change.scope}, {column}", f"{change.scope_key}, {key}"
            on_delete += f" ({change.column})" if change.on_delete == "set null" else ""
        return (
            f"ALTER TABLE {change.table} ADD CONSTRAINT {change.name} FOREIGN KEY ({column})"
            f" REFERENCES {change.references} ({key}) ON DELETE {on_delete};"
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


def _compute(change: Compute) -> list[str]:
    parts = [_function(change.name, change.statements, "CREATE OR REPLACE" if change.before else "CREATE")]
    if not change.before:
        parts.append(
            f"CREATE TRIGGER {change.name} BEFORE INSERT OR UPDATE ON {change.table}\n"
            f"  FOR EACH ROW EXECUTE FUNCTION {change.name}();"
        )
    return parts


def _function(name: str, statements: Sequence[str], create: str) -> str:
    lines = "\n".join(f"  {line}" for statement in statements for line in statement.split("\n"))
    return (
        f"{create} FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN\n{lines}\n  RETURN new;\nEND\n$$;"
    )


def _replaced(change: ReplaceCheck, rule: str) -> str:
    table = f"ALTER TABLE {change.table}"
    return f"{table} DROP CONSTRAINT {change.name}, ADD CONSTRAINT {change.name} CHECK ({rule});"


def _down(change: Change) -> str:
    if isinstance(change, ReplaceCheck):
        return _replaced(change, change.before)
    if isinstance(change, Compute):
        if change.before:
            return _function(change.name, change.before, "CREATE OR REPLACE")
        return f"DROP TRIGGER {change.name} ON {change.table};"
    if isinstance(change, AddColumn):
        return f"ALTER TABLE {change.table} DROP COLUMN {change.column.name};"
    if isinstance(change, AddCheck | AddUnique | AddForeignKey | AddExclusion):
        return f"ALTER TABLE {change.table} DROP CONSTRAINT {change.name};"
    if isinstance(change, CreateIndex):
        return f"DROP INDEX {change.name};"
    raise AssertionError(change)


def _column(column: Column) -> str:
    required = " NOT NULL" if column.required else ""
    default = f" DEFAULT {column.default}" if column.default is not None else ""
    counted = " GENERATED BY DEFAULT AS IDENTITY" if column.numbered else ""
    return f"{column.name} {column.type}{required}{default}{counted}"
