"""The state of a database as data: what its tables are after a list of operations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace

from generator.expressions.pieces import identifier
from generator.frozen import dataclass
from generator.model.schema_changes import (
    AddCheck,
    AddColumn,
    AddExclusion,
    AddForeignKey,
    AddKey,
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
)
from generator.model.schema_sql import in_groups

_WORDS = re.compile(
    r"[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(?<!::)\b[A-Za-z_][A-Za-z0-9_]*\b(?!\s*\()",
    re.DOTALL,
)
"""Literals, quoted names and words; what is a type after `::` or is called like a function is no column."""


class SchemaError(Exception):
    """Operations that do not fit what is there: a migration was recorded for another state."""


@dataclass(frozen=True)
class Table:
    """A table: its columns in order, the rules over its rows, and what the database computes in it."""

    name: str
    element: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    computed: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name. Raises `SchemaError` where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise SchemaError(f"{self.name} has no column {name}")

    def rule(self, name: str) -> Rule:
        """The rule of that name. Raises `SchemaError` where there is none."""
        for rule in self.rules:
            if rule.name == name:
                return rule
        raise SchemaError(f"{self.name} has no {name}")


@dataclass(frozen=True)
class Schema:
    """All tables of a database, by name."""

    tables: Mapping[str, Table] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """The table of that name. Raises `SchemaError` where there is none."""
        if name not in self.tables:
            raise SchemaError(f"there is no table {name}")
        return self.tables[name]


def apply(schema: Schema, changes: Iterable[Change]) -> Schema:
    """The state after operations, in the order in which their SQL makes them.

    Args:
        schema: the state before; it stays as it is.
        changes: operations in any order.

    Raises:
        SchemaError: an operation does not fit the state.
    """
    tables = dict(schema.tables)
    for group in in_groups(changes):
        for change in group:
            _apply(tables, change)
    return Schema(tables)


def _apply(tables: dict[str, Table], change: Change) -> None:
    if isinstance(change, CreateTable):
        if change.table in tables:
            raise SchemaError(f"there is a table {change.table} already")
        rules = tuple(AddCheck(change.table, name, rule) for name, rule in change.checks)
        key = AddKey(change.table, change.primary_key)
        tables[change.table] = Table(change.table, change.element, change.columns, (key, *rules))
        return
    table = Schema(tables).table(change.table)
    if isinstance(change, DropTable):
        del tables[change.table]
    elif isinstance(change, RenameTable):
        if change.to in tables and change.to != change.table:
            raise SchemaError(f"there is a table {change.to} already")
        del tables[change.table]
        tables[change.to] = replace(table, name=change.to, element=change.element)
        _rename_in_rules(tables, lambda rule: renamed(rule, {change.table: change.to}, {}))
    elif isinstance(change, RenameColumn):
        if change.to != change.column:
            _refuse_second(table, change.to)
        columns = {change.table: {change.column: change.to}}
        moved = replace(table.column(change.column), name=change.to, element=change.element)
        tables[change.table] = _with_column(table, change.column, moved)
        _rename_in_rules(tables, lambda rule: renamed(rule, {}, columns))
    else:
        tables[change.table] = _changed(table, change)


def _changed(table: Table, change: Change) -> Table:
    if isinstance(change, AddColumn):
        _refuse_second(table, change.column.name)
        return replace(table, columns=(*table.columns, change.column))
    if isinstance(change, DropColumn):
        gone = table.column(change.column)
        return replace(table, columns=tuple(column for column in table.columns if column is not gone))
    if isinstance(change, AlterColumn):
        before = table.column(change.before.name)
        if replace(before, element="") != change.before:
            raise SchemaError(f"{table.name}.{before.name} is not what it was")
        return _with_column(table, before.name, replace(change.after, element=before.element))
    if isinstance(change, FillColumns):
        column = table.column(change.column)
        return _with_column(table, column.name, replace(column, required=column.required or change.required))
    if isinstance(change, Compute):
        if change.before != table.computed:
            raise SchemaError(f"{change.name} is not what it was")
        return replace(table, computed=change.statements)
    if isinstance(change, DropRule):
        gone_rule = table.rule(change.name)
        return replace(table, rules=tuple(rule for rule in table.rules if rule is not gone_rule))
    if isinstance(change, ReplaceCheck):
        before_rule = table.rule(change.name)
        if before_rule != AddCheck(change.table, change.name, change.before):
            raise SchemaError(f"{change.name} is not what it was")
        new = AddCheck(change.table, change.name, change.rule)
        return replace(table, rules=tuple(new if rule is before_rule else rule for rule in table.rules))
    if isinstance(change, RenamePart):
        rules = tuple(_named(rule, change) for rule in table.rules)
        return replace(table, rules=rules)
    assert isinstance(change, Rule), change
    if any(rule.name == change.name for rule in table.rules):
        raise SchemaError(f"there is {change.name} already")
    return replace(table, rules=(*table.rules, change))


def _named(rule: Rule, change: RenamePart) -> Rule:
    # The names of the others follow from their table and columns, which have their new names by now.
    if isinstance(rule, AddCheck | CreateIndex | AddExclusion) and rule.name == change.name:
        return replace(rule, name=change.to)
    return rule


def _refuse_second(table: Table, name: str) -> None:
    if any(column.name == name for column in table.columns):
        raise SchemaError(f"{table.name} has a column {name} already")


def _with_column(table: Table, name: str, column: Column) -> Table:
    columns = tuple(column if each.name == name else each for each in table.columns)
    return replace(table, columns=columns)


def _rename_in_rules(tables: dict[str, Table], rename: Callable[[Rule], Rule]) -> None:
    for name, table in tables.items():
        tables[name] = replace(table, rules=tuple(rename(rule) for rule in table.rules))


def renamed(rule: Rule, tables: Mapping[str, str], columns: Mapping[str, Mapping[str, str]]) -> Rule:
    """A rule as PostgreSQL has it after renames: what it says follows, its own name does not.

    Args:
        rule: the rule before.
        tables: new names of tables by the old ones.
        columns: by the old name of a table, new names of its columns by the old ones.

    Returns:
        The rule; where its name is derived from what it is about, that is the new one.
    """
    table = tables.get(rule.table, rule.table)
    names = columns.get(rule.table, {})

    def listed(given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(name.removesuffix(" desc"), name.removesuffix(" desc"))
                     + (" desc" if name.endswith(" desc") else "") for name in given)  # fmt: skip

    if isinstance(rule, AddCheck):
        return replace(rule, table=table, rule=_in_text(rule.rule, names))
    if isinstance(rule, CreateIndex):
        where = _in_text(rule.where, names) if rule.where else rule.where
        return replace(rule, table=table, columns=listed(rule.columns), where=where)
    if isinstance(rule, AddExclusion):
        where = _in_text(rule.where, names) if rule.where else rule.where
        range_ = _in_text(rule.range, names)
        return replace(rule, table=table, equal=listed(rule.equal), range=range_, where=where)
    if isinstance(rule, AddForeignKey):
        theirs = columns.get(rule.references, {})
        return replace(
            rule,
            table=table,
            column=names.get(rule.column, rule.column),
            references=tables.get(rule.references, rule.references),
            key=theirs.get(rule.key, rule.key),
            scope=names.get(rule.scope, rule.scope) if rule.scope else rule.scope,
            scope_key=theirs.get(rule.scope_key, rule.scope_key),
        )
    return replace(rule, table=table, columns=listed(rule.columns))


def mentions(rule: Rule, table: str, columns: Iterable[str]) -> bool:
    """Whether a rule is about one of the columns of a table."""
    marked = {column: f"{column}\0" for column in columns}
    return bool(marked) and renamed(rule, {}, {table: marked}) != rule


def _in_text(text: str, names: Mapping[str, str]) -> str:
    """SQL with the columns in it renamed."""
    if not names:
        return text

    def word(match: re.Match[str]) -> str:
        found = match[0]
        if found.startswith(("'", "e'", "E'")):
            return found
        plain = found[1:-1].replace('""', '"') if found.startswith('"') else found
        return identifier(names[plain]) if plain in names else found

    return _WORDS.sub(word, text)
