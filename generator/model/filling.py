"""What the database puts into columns by itself: computed values, and values for rows that exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from generator.expressions.pieces import Piece, identifier
from generator.expressions.sql import write_currency, write_sql
from generator.expressions.sql_writer import Request, SqlWriter
from generator.expressions.typed import TOP, Constant, Convert, Field, Root, Row, Typed, parts
from generator.expressions.types import BACKFILL
from generator.model.combining import Declared
from generator.model.computed import in_order
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.model.literals import READERS
from generator.model.rules import fields_of
from generator.model.schema_changes import Change, Compute, FillColumns
from generator.model.world import World
from generator.plan.members import Field as WrittenField

Homes = Mapping[str, str | None]
"""The feature that adds each column which does not come with its entity."""
NOW = "${now()}"


def computing(world: World, entity: Entity, homes: Homes) -> Iterator[tuple[str | None, Change]]:
    """The functions that compute columns, one version for each feature that adds such a column.

    Args:
        world: the state of the resolution.
        entity: the entity.
        homes: where its columns come from.

    Yields:
        Features and changes; rows that exist get the values of new columns.
    """
    members = in_order({member.column: member for member in entity.members})
    added: dict[str | None, list[Member]] = {}
    for member in members:
        added.setdefault(homes.get(member.column, entity.feature), []).append(member)
    before: tuple[str, ...] = ()
    for feature in (each.name for each in world.combined.project.features):
        if feature not in added:
            continue
        known = [item for item in members if not _is_later(world, homes.get(item.column), feature)]
        statements = tuple(_statements(world, entity, known))
        yield feature, Compute(entity.table, statements, before)
        before = statements
        if feature != entity.feature:
            for member in added[feature]:
                assert member.computed is not None
                value = write_sql(member.computed, row_alias=entity.table)
                yield feature, FillColumns(entity.table, member.column, value, member.required)


def backfilling(world: World, entity: Entity, homes: Homes) -> Iterator[tuple[str | None, Change]]:
    """What rows that exist get in columns that later features add.

    Args:
        world: the state of the resolution; problems are noted.
        entity: the entity.
        homes: where its columns come from.

    Yields:
        Features and changes.
    """
    for name, source in fields_of(world, entity.name):
        member = world.member(entity.name, name)
        if member is None or member.computed is not None:
            continue
        home = homes.get(member.column, entity.feature)
        typed = _filled(world, source, entity, member)
        if home == entity.feature:
            continue
        if typed is not None and (source.value.backfill is not None or member.required):
            value = _in_migration(world, source, typed, entity)
            yield home, FillColumns(entity.table, member.column, value, member.required)
            if member.currency_column is not None:
                code = _in_migration(world, source, typed, entity, SqlWriter.currency)
                yield home, FillColumns(entity.table, member.currency_column, code, member.required)
        elif member.required and not has_constant(member):
            world.problems.error(
                source.at(),
                f"rows of {entity.name} that exist would have no {name}",
                "give it a default or `backfill:`",
            )


def value_for_rows(world: World, entity: Entity, column: str) -> str | None:
    """What rows that exist get in a column that is new, or that becomes required.

    Args:
        world: the state of the resolution; problems are noted.
        entity: the entity.
        column: one of its columns.

    Returns:
        SQL over the row; None where the plan says nothing, or the column itself has a default.
    """
    for name, source in fields_of(world, entity.name):
        member = world.member(entity.name, name)
        if member is None:
            continue
        money = column == member.currency_column
        if column != member.column and not money:
            continue
        if member.computed is not None:
            write = write_currency if money else write_sql
            return write(member.computed, row_alias=entity.table)
        typed = _filled(world, source, entity, member)
        if typed is None or (source.value.backfill is None and not member.required):
            return None
        return _in_migration(world, source, typed, entity, SqlWriter.currency if money else SqlWriter.write)
    return None


def has_constant(member: Member) -> bool:
    """Whether the column itself has a default, which rows that exist get as well."""
    default = member.default
    while isinstance(default, Convert):
        default = default.operand
    return isinstance(default, Constant) and default.value is not None


def _filled(world: World, source: Declared[WrittenField], entity: Entity, member: Member) -> Typed | None:
    if source.value.backfill is None:
        return None if has_constant(member) else member.default
    scope = replace(world.scope(), row=entity.name, this=entity.name, allow=BACKFILL)
    return world.check(source, ("backfill",), source.value.backfill, scope, member.type)


def _in_migration(
    world: World,
    source: Declared[WrittenField],
    typed: Typed,
    entity: Entity,
    write: Callable[[SqlWriter, Typed], Piece] = SqlWriter.write,
) -> str:
    writer = _MigrationWriter({TOP: entity.table}, world=world)
    try:
        return write(writer, typed).text.replace(NOW, "now()")
    except ValueError:
        world.problems.error(source.at(), "a migration cannot compute this", "give it a simpler `backfill:`")
        return "null"


def _statements(world: World, entity: Entity, members: list[Member]) -> Iterator[str]:
    references = {
        step.member.column: step for item in members if item.computed for step in _followed(item.computed)
    }
    for column, step in references.items():
        assert step.target is not None
        # A row that is not there is a broken reference first, and only then a value that is missing.
        yield (
            f"IF new.{identifier(column or '')} IS NOT NULL AND NOT EXISTS (\n"
            f"  SELECT FROM {identifier(step.target.table)}"
            f" WHERE {identifier(step.target.key[0])} = new.{identifier(column or '')}\n"
            ") THEN\n"
            f"  RAISE foreign_key_violation USING CONSTRAINT = 'fk_{entity.table}_{column}';\n"
            "END IF;"
        )
    for member in members:
        assert member.computed is not None
        place = f"new.{identifier(member.column)}"
        assigned = f"{place} := {write_sql(member.computed, row_alias='new')};"
        if member.currency_column is not None:
            code = write_currency(member.computed, row_alias="new")
            assigned += f"\nnew.{identifier(member.currency_column)} := {code};"
        if member.is_copied:
            inside = assigned.replace("\n", "\n  ")
            assigned = f"IF TG_OP = 'INSERT' AND {place} IS NULL THEN\n  {inside}\nEND IF;"
        yield assigned


def _followed(typed: Typed) -> Iterator[Field]:
    """The references of its own row that an expression follows."""
    base = typed.base if isinstance(typed, Field) else None
    if isinstance(base, Field) and base.follows and isinstance(base.base, Row):
        yield base
    for part in parts(typed):
        yield from _followed(part)


def _is_later(world: World, home: str | None, feature: str | None) -> bool:
    names = [each.name for each in world.combined.project.features]
    return home in names and names.index(home) > names.index(feature)


class _Clock:
    def now_text(self) -> str:
        return "now()"


@dataclass
class _MigrationWriter(SqlWriter):
    """Writes SQL for a migration: the clock is the database's, settings are what they are by default."""

    world: World = field(kw_only=True)

    def hole(self, typed: Typed) -> Piece:
        if isinstance(typed, Root) and typed.typescript == "context.now":
            return Piece("now()")
        if isinstance(typed, Root) and typed.name.startswith("config."):
            default = self.world.settings[typed.name.removeprefix("config.")].default
            if default is not None and typed.type.kind in READERS:
                number = typed.type.kind in ("int", "interval")
                flag = default == "true" if typed.type.kind == "bool" else default
                value = int(default) if number else flag
                return self.constant(Constant(type=typed.type, offset=0, value=value))
        raise ValueError(f"a value of the request stands in a migration, at {typed.offset}")

    def needed(self, typed: Typed) -> Request:
        return _Clock()  # type: ignore[return-value]

    def inside(self, aliases: dict[int, str]) -> SqlWriter:
        return replace(self, aliases=self.aliases | aliases)
