"""Operations as SQL for PostgreSQL: what makes a change, and what takes it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.expressions.pieces import identifier
from generator.model.schema_changes import (
    AddCheck,
    AddColumn,
    AddExclusion,
    AddForeignKey,
    AddKey,
    AddUnique,
    AlterColumn,
    Change,
    Column,
    Compute,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropRule,
    DropTable,
    FillColumns,
    RenameColumn,
    RenamePart,
    RenameTable,
    ReplaceCheck,
    Rule,
)  # fmt: skip

GROUPS: tuple[type, ...] = (
    *(DropRule, DropTable, DropColumn, RenameTable, RenameColumn, RenamePart),
    *(CreateTable, AddColumn, AlterColumn, Compute, FillColumns),
    *(AddCheck, ReplaceCheck, AddKey, AddUnique, AddForeignKey, CreateIndex, AddExclusion),
)
"""The order in which changes work; before all of them goes what the database computes no more."""
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
    for group in in_groups(changes):
        separator = "\n\n" if isinstance(group[0], CreateTable | Compute) else "\n"
        if isinstance(group[0], DropTable):
            # In one statement, so that references among them need no order.
            parts.append(f"DROP TABLE {', '.join(change.table for change in group)};")
        else:
            parts.append(separator.join(write_change(change) for change in group))
    return "\n\n".join(parts) + "\n"


def in_groups(changes: Iterable[Change]) -> list[list[Change]]:
    """Put changes into an order that works: in each group those of one kind, as they were given."""
    given = list(changes)
    gone = [change for change in given if isinstance(change, Compute) and not change.statements]
    groups: list[list[Change]] = [[*gone]]
    for kind in GROUPS:
        groups.append([change for change in given if isinstance(change, kind) and change not in gone])
    return [group for group in groups if group]


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


def write_change(change: Change) -> str:
    """The SQL that makes one change."""
    if isinstance(change, CreateTable):
        lines = [f"  {_column(column)}" for column in change.columns]
        lines.append(f"  CONSTRAINT pk_{change.table} PRIMARY KEY ({_listed(change.primary_key)})")
        lines.extend(f"  CONSTRAINT {identifier(name)} CHECK ({rule})" for name, rule in change.checks)
        return f"CREATE TABLE {change.table} (\n" + ",\n".join(lines) + "\n);"
    if isinstance(change, AddColumn):
        return f"ALTER TABLE {change.table} ADD COLUMN {_column(change.column)};"
    if isinstance(change, Compute):
        return "\n\n".join(_compute(change))
    if isinstance(change, FillColumns):
        return "\n".join(_filled(change))
    if isinstance(change, AlterColumn):
        return "\n".join(_altered(change))
    if isinstance(change, DropRule | DropColumn | RenameTable | RenameColumn | RenamePart):
        return _gone_or_renamed(change)
    if isinstance(change, ReplaceCheck):
        return _replaced(change, change.rule)
    if isinstance(change, AddCheck):
        return f"{_adding(change)} CHECK ({change.rule});"
    if isinstance(change, AddUnique | AddKey):
        kind = "UNIQUE" if isinstance(change, AddUnique) else "PRIMARY KEY"
        return f"{_adding(change)} {kind} ({_listed(change.columns)});"
    if isinstance(change, AddForeignKey):
        column, key, on_delete = identifier(change.column), identifier(change.key), change.on_delete.upper()
        if change.scope is not None:
            on_delete += f" ({column})" if change.on_delete == "set null" else ""
            column, key = f"{identifier(change.scope)}, {column}", f"{identifier(change.scope_key)}, {key}"
        return (
            f"{_adding(change)} FOREIGN KEY ({column})"
            f" REFERENCES {change.references} ({key}) ON DELETE {on_delete};"
        )
    if isinstance(change, AddExclusion):
        equal = "".join(f"{identifier(column)} WITH =, " for column in change.equal)
        where = f" WHERE ({change.where})" if change.where else ""
        return f"{_adding(change)} EXCLUDE USING gist ({equal}{change.range} WITH &&){where};"
    assert isinstance(change, CreateIndex)
    unique = "UNIQUE " if change.unique else ""
    method = "" if change.method == "btree" else f" USING {change.method}"
    where = f" WHERE {change.where}" if change.where else ""
    columns = ", ".join(
        identifier(name.removesuffix(" desc")) + (" DESC" if name.endswith(" desc") else "")
        for name in change.columns
    )
    return f"CREATE {unique}INDEX {identifier(change.name)} ON {change.table}{method} ({columns}){where};"


def _adding(change: Rule) -> str:
    return f"ALTER TABLE {change.table} ADD CONSTRAINT {identifier(change.name)}"


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(identifier, columns))


def _filled(change: FillColumns) -> Iterable[str]:
    column = identifier(change.column)
    if change.value:
        where = f" WHERE {column} IS NULL" if change.unset else ""
        yield f"UPDATE {change.table} SET {column} = {change.value}{where};"
    if change.required:
        yield f"ALTER TABLE {change.table} ALTER COLUMN {column} SET NOT NULL;"


def _altered(change: AlterColumn) -> Iterable[str]:
    before, after = change.before, change.after
    alter = f"ALTER TABLE {change.table} ALTER COLUMN {identifier(after.name)}"
    if before.required and not after.required:
        yield f"{alter} DROP NOT NULL;"
    if before.numbered and not after.numbered:
        yield f"{alter} DROP IDENTITY;"
    retyped = before.type != after.type
    # A default that does not convert by itself would stand in the way.
    if before.default is not None and (retyped or after.default is None):
        yield f"{alter} DROP DEFAULT;"
    if retyped:
        using = f" USING {change.using}" if change.using else ""
        yield f"{alter} TYPE {after.type}{using};"
    if after.default is not None and (retyped or after.default != before.default):
        yield f"{alter} SET DEFAULT {after.default};"
    if after.numbered and not before.numbered:
        yield f"{alter} ADD GENERATED BY DEFAULT AS IDENTITY;"


def _gone_or_renamed(change: DropRule | DropColumn | RenameTable | RenameColumn | RenamePart) -> str:
    table = f"ALTER TABLE {change.table}"
    if isinstance(change, DropColumn):
        return f"{table} DROP COLUMN {identifier(change.column)};"
    if isinstance(change, RenameTable) and change.table == change.to:
        return f"-- {change.table} is {change.element} in the plan from now on."
    if isinstance(change, RenameColumn) and change.column == change.to:
        return f"-- {change.table}.{change.column} is {change.element} in the plan from now on."
    if isinstance(change, RenameTable):
        return f"{table} RENAME TO {change.to};"
    if isinstance(change, RenameColumn):
        return f"{table} RENAME COLUMN {identifier(change.column)} TO {identifier(change.to)};"
    name = identifier(change.name)
    if isinstance(change, DropRule):
        is_index = isinstance(change.rule, CreateIndex)
        return f"DROP INDEX {name};" if is_index else f"{table} DROP CONSTRAINT {name};"
    if change.kind == "constraint":
        return f"{table} RENAME CONSTRAINT {name} TO {identifier(change.to)};"
    return f"ALTER {change.kind.upper()} {name} RENAME TO {identifier(change.to)};"


def _compute(change: Compute) -> list[str]:
    if not change.statements:
        return [f"DROP TRIGGER {change.name} ON {change.table};\nDROP FUNCTION {change.name}();"]
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
    name = identifier(change.name)
    return f"ALTER TABLE {change.table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({rule});"


def _down(change: Change) -> str:
    if isinstance(change, ReplaceCheck):
        return _replaced(change, change.before)
    if isinstance(change, Compute):
        if change.before:
            return _function(change.name, change.before, "CREATE OR REPLACE")
        return f"DROP TRIGGER {change.name} ON {change.table};"
    if isinstance(change, AddColumn):
        return f"ALTER TABLE {change.table} DROP COLUMN {identifier(change.column.name)};"
    if isinstance(change, AddCheck | AddUnique | AddForeignKey | AddExclusion):
        return f"ALTER TABLE {change.table} DROP CONSTRAINT {identifier(change.name)};"
    if isinstance(change, CreateIndex):
        return f"DROP INDEX {identifier(change.name)};"
    raise AssertionError(change)


def _column(column: Column) -> str:
    required = " NOT NULL" if column.required else ""
    default = f" DEFAULT {column.default}" if column.default is not None else ""
    counted = " GENERATED BY DEFAULT AS IDENTITY" if column.numbered else ""
    return f"{identifier(column.name)} {column.type}{required}{default}{counted}"
