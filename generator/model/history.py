"""From entities to the history of the database: one migration for each feature, in order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce

from generator.expressions.pieces import identifier
from generator.expressions.sql import write_sql
from generator.expressions.typed import Constant
from generator.expressions.types import Type
from generator.model.arrays import array_checks, safe_element
from generator.model.combining import Declared
from generator.model.elements.entities import Entity
from generator.model.elements.history import Migration
from generator.model.elements.members import Member
from generator.model.filling import backfilling, computing, has_constant
from generator.model.formats import NEEDS, anchored
from generator.model.identity import scope_column
from generator.model.open_migration import open_migration
from generator.model.rules import NAME_LIMIT, fields_of, parts_of
from generator.model.schema import Schema, apply
from generator.model.schema_changes import (
    AddCheck,
    AddColumn,
    AddExclusion,
    AddForeignKey,
    AddUnique,
    Change,
    Column,
    CreateIndex,
    CreateTable,
    ReplaceCheck,
)
from generator.model.schema_sql import render_down, render_up
from generator.model.world import World
from generator.plan.members import Field

SAFE_INTEGER = 2**53 - 1
"""The greatest whole number that JSON carries exactly (RFC 8259, section 6)."""

OUTBOX = CreateTable(
    "outbox",
    (
        Column("id", "uuid", True),
        Column("name", "text", True),
        Column("payload", "jsonb", True),
        Column("created_at", "timestamptz(3)", True),
    ),
    ("id",),
)

RATE_LIMITS = (
    CreateTable(
        "rate_limits",
        (
            Column("caller", "text", True),
            Column("ends_at", "timestamptz(3)", True),
            Column("calls", "integer", True),
        ),
        ("caller", "ends_at"),
    ),
    CreateIndex("rate_limits", "idx_rate_limits_ends_at", ("ends_at",)),
)


IDEMPOTENCY_KEYS = (
    CreateTable(
        "idempotency_keys",
        (
            Column("call", "text", True),
            Column("request", "text", True),
            Column("answer", "text", False),
            Column("created_at", "timestamptz(3)", True),
        ),
        ("call",),
    ),
    CreateIndex("idempotency_keys", "idx_idempotency_keys_created_at", ("created_at",)),
)


def resolve_history(
    world: World, entities: tuple[Entity, ...], sealed: tuple[Migration, ...] = ()
) -> tuple[Migration, ...]:
    """The migrations that make the tables of the plan.

    Args:
        world: the state of the resolution.
        entities: all entities.
        sealed: the migrations that are recorded, and stay as they are.

    Returns:
        The sealed ones and what leads from there to the plan, if anything does. Where none is sealed, one
        migration for each feature that changes the database, numbered from 0001.
    """
    derived = _by_feature(world, entities)
    if not sealed or world.problems.errors:
        return derived
    before, after = (
        reduce(apply, (each.changes for each in migrations), Schema()) for migrations in (sealed, derived)
    )
    opened = open_migration(world, entities, before, after, int(sealed[-1].version) + 1)
    return (*sealed, opened) if opened is not None else sealed


def _by_feature(world: World, entities: tuple[Entity, ...]) -> tuple[Migration, ...]:
    by_feature: dict[str | None, list[Change]] = {
        feature.name: [] for feature in world.combined.project.features
    }
    touched: dict[str | None, list[str]] = {name: [] for name in by_feature}
    uniques: dict[AddUnique, list[str | None]] = {}
    for entity in entities:
        for feature, change in _changes(world, entity):
            if isinstance(change, AddUnique):
                uniques.setdefault(change, []).append(feature)
                continue
            by_feature[feature].append(change)
            if entity.name not in touched[feature]:
                touched[feature].append(entity.name)
    for unique, features in uniques.items():
        by_feature[min(features, key=list(by_feature).index)].append(unique)
    for users, tables in ((world.counts_calls, RATE_LIMITS), (world.keeps_answers, IDEMPOTENCY_KEYS)):
        if users:
            earliest = min(users, key=list(by_feature).index)
            by_feature[earliest] = [*by_feature[earliest], *tables]
    if world.events:
        first = next(iter(by_feature))
        by_feature[first] = [*by_feature[first], OUTBOX]
    migrations: list[Migration] = []
    for feature, changes in by_feature.items():
        if not changes:
            continue
        name = "initial" if feature is None else feature.split("-", 1)[1].replace("-", "_")
        version = f"{len(migrations) + 1:04d}"
        up, down = render_up(changes), render_down(changes)
        migrations.append(Migration(version, name, up, down, tuple(touched[feature]), tuple(changes)))
    return tuple(migrations)


def check_history(world: World, entities: Iterable[Entity]) -> None:
    """Note what is wrong with the migrations of a plan, without writing them.

    Args:
        world: the state of the resolution; problems are noted.
        entities: all entities.
    """
    for entity in entities:
        # The rest of a migration follows from what has been checked.
        if entity.name in world.combined.extensions or any(
            place.value.backfill is not None for _, place in fields_of(world, entity.name)
        ):
            for _ in backfilling(world, entity, _homes(world, entity)):
                pass


def implied_checks(table: str, member: Member) -> Iterator[tuple[str, str]]:
    """The checks that follow from the type and the bounds of a column.

    Args:
        table: the table.
        member: the column.

    Yields:
        Constraint names and rules as SQL.
    """
    column = identifier(member.column)

    def named(ending: str) -> str:
        return _name("ck", table, member.column, ending)

    if member.kind == "list" and member.element is not None:
        bounded = replace(member, element=safe_element(member.element, SAFE_INTEGER))
        for ending, rule in array_checks(column, bounded):
            yield named(ending), rule
    if member.kind == "enum":
        values = ", ".join(_constant(value, Type("text")) for value in member.type.members)
        yield named("values"), f"{column} IN ({values})"
    if member.kind == "text":
        bounds = []
        if member.min_length:
            bounds.append(f"char_length({column}) >= {member.min_length}")
        if member.max_length is not None and member.sql_type != f"varchar({member.max_length})":
            bounds.append(f"char_length({column}) <= {member.max_length}")
        if member.max_bytes is not None:
            bounds.append(f"octet_length({column}) <= {member.max_bytes}")
        if bounds:
            yield named("length"), " AND ".join(bounds)
        if member.needs:
            kinds = (_constant(NEEDS[need], Type("text")) for need in member.needs)
            yield named("needs"), " AND ".join(f"{column} ~ {kind}" for kind in kinds)
        if member.pattern:
            yield named("pattern"), f"{column} ~ {_constant(anchored(member.pattern), Type('text'))}"
    if member.kind in ("int", "decimal", "money", "date", "instant", "time", "interval"):
        least, greatest = member.minimum, member.maximum
        # Keys are counted from 1, and references lead to keys.
        if member.sql_type == "bigint" and member.role not in ("key", "ref"):
            least, greatest = least or str(-SAFE_INTEGER), greatest or str(SAFE_INTEGER)
        bounds = []
        for bound, sign in ((least, ">="), (greatest, "<=")):
            if bound is not None:
                value: int | str = int(bound) if member.kind in ("int", "money", "interval") else bound
                bounds.append(f"{column} {sign} {_constant(value, member.type.required())}")
        if bounds:
            yield named("range"), " AND ".join(bounds)


def implied_names(entity: Entity) -> Iterator[tuple[str, Member]]:
    """The names of the checks that follow from types and bounds, with the column each is about."""
    for member in entity.members:
        for name, _ in implied_checks(entity.table, member):
            yield name, member


def _changes(world: World, entity: Entity) -> Iterator[tuple[str | None, Change]]:
    own = entity.feature
    homes = _homes(world, entity)
    source_of = {column: place.value for column, place in _places(world, entity).items()}
    columns = list(entity.members)
    first = [member for member in columns if homes.get(member.column, own) == own]
    checks = [pair for member in first for pair in implied_checks(entity.table, _as_of(world, member, own))]
    declared = {
        f"ck_{entity.table}_{name}": place.feature.name
        for name, place in parts_of(world, entity.name, "checks")
    }
    rules = {check.constraint: _rule(check.rule, entity.table) for check in entity.checks}
    checks += [(name, rule) for name, rule in rules.items() if declared.get(name, own) == own]
    stored = tuple(_column(member) for member in first)
    yield own, CreateTable(entity.table, stored, entity.key, tuple(checks), entity.name)
    for member in columns:
        home = homes.get(member.column, own)
        if home != own:
            column = _column(member)
            if source_of[member.column].backfill is not None or not has_constant(member):
                column = replace(column, required=False)
            yield home, AddColumn(entity.table, column)
            for name, rule in implied_checks(entity.table, _as_of(world, member, home)):
                yield home, AddCheck(entity.table, name, rule)
        yield from _widenings(world, entity, member, home)
    for name, rule in rules.items():
        if declared.get(name, own) != own:
            yield declared[name], AddCheck(entity.table, name, rule)
    for member in columns:
        if member.reference is not None:
            home = homes.get(member.column, own)
            reference = _reference(world, entity, member)
            if reference.scope is not None:
                yield home, AddUnique(reference.references, (reference.scope_key, reference.key))
            yield home, reference
    yield from computing(world, entity, homes)
    yield from backfilling(world, entity, homes)
    yield from _indexes(world, entity, homes)
    yield from _exclusions(world, entity)
    for relation in entity.many:
        home = homes.get(relation.name, own)
        target = world.entity_types[relation.entity].table
        key = world.ids
        both = (
            Column(relation.own_column, key, True, element="own"),
            Column(relation.other_column, key, True, element="other"),
        )
        primary = (relation.own_column, relation.other_column)
        yield home, CreateTable(relation.table, both, primary, element=f"{entity.name}.{relation.name}")
        yield home, AddForeignKey(relation.table, relation.own_column, entity.table, "cascade")
        yield home, AddForeignKey(relation.table, relation.other_column, target, "cascade")
        index = _name("idx", relation.table, relation.other_column)
        yield home, CreateIndex(relation.table, index, (relation.other_column,))


def _homes(world: World, entity: Entity) -> dict[str, str | None]:
    """The feature that each column of an entity comes from, where a field says it."""
    return {column: place.feature.name for column, place in _places(world, entity).items()}


def _places(world: World, entity: Entity) -> dict[str, Declared[Field]]:
    columns: dict[str, tuple[str, ...]] = {}
    for member in entity.members:
        own = (member.column, member.currency_column) if member.currency_column else (member.column,)
        columns.setdefault(member.name, own)
        columns.setdefault(member.column, own)
    return {
        column: place
        for name, place in fields_of(world, entity.name)
        for column in columns.get(name, (name,))
    }


def _as_of(world: World, member: Member, feature: str | None) -> Member:
    """An enum column with the members that it has when a feature is done."""
    if not member.widened:
        return member
    names = [each.name for each in world.combined.project.features]
    later = {value for name, value in member.widened if names.index(name) > names.index(feature)}
    members = tuple(value for value in member.type.members if value not in later)
    return replace(member, type=replace(member.type, members=members)) if later else member


def _widenings(
    world: World, entity: Entity, member: Member, home: str | None
) -> Iterator[tuple[str | None, Change]]:
    if not member.widened:
        return
    before = dict(implied_checks(entity.table, _as_of(world, member, home)))
    for feature in dict.fromkeys(name for name, _ in member.widened):
        after = dict(implied_checks(entity.table, _as_of(world, member, feature)))
        for name, rule in after.items():
            if rule != before[name]:
                yield feature, ReplaceCheck(entity.table, name, rule, before[name])
        before = after


def _reference(world: World, entity: Entity, member: Member) -> AddForeignKey:
    """The foreign key of a reference, with the tenant in it where both rows name their own."""
    assert member.reference is not None
    name = member.reference.entity
    target = world.entity_types[name]
    scope = scope_column(world, name)
    held = entity.scope_column is not None and scope is not None
    return AddForeignKey(
        entity.table,
        member.column,
        target.table,
        member.reference.on_delete,
        target.key[0],
        entity.scope_column if held else None,
        scope or "",
    )


def _indexes(
    world: World, entity: Entity, homes: dict[str, str | None]
) -> Iterator[tuple[str | None, Change]]:
    own = entity.feature
    declared = {name: place.feature.name for name, place in parts_of(world, entity.name, "indexes")}
    declared_unique = {name: place.feature.name for name, place in parts_of(world, entity.name, "unique")}
    covered: set[str] = {entity.key[0]}
    for unique in entity.uniques:
        where = _among_live(entity, _rule(unique.where, entity.table) if unique.where is not None else None)
        if where is None and unique.columns:
            covered.add(unique.columns[0])
        home = declared_unique.get(
            unique.declared, homes.get(unique.columns[0] if unique.columns else "", own)
        )
        yield home, CreateIndex(entity.table, unique.constraint, unique.columns, unique=True, where=where)
    names = set()
    for index in entity.indexes:
        where = _rule(index.where, entity.table) if index.where is not None else None
        if where is None and index.columns:
            covered.add(index.columns[0].removesuffix(" desc"))
        names.add(index.name)
        home = declared.get(index.name.removeprefix(f"idx_{entity.table}_"), own)
        yield home, CreateIndex(entity.table, index.name, index.columns, where=where, method=index.method)
    for member in entity.members:
        if member.reference is not None and member.column not in covered:
            name = _name("idx", entity.table, member.column)
            if name not in names:
                yield homes.get(member.column, own), CreateIndex(entity.table, name, (member.column,))


def _exclusions(world: World, entity: Entity) -> Iterator[tuple[str | None, Change]]:
    declared = {name: place.feature.name for name, place in parts_of(world, entity.name, "exclusions")}
    for item in entity.exclusions:
        where = _among_live(entity, _rule(item.where, entity.table) if item.where is not None else None)
        bounds = f"{item.range}({', '.join(map(identifier, item.overlap))})"
        yield (
            declared[item.declared],
            AddExclusion(entity.table, item.constraint, item.equal, bounds, where),
        )


def _among_live(entity: Entity, where: str | None) -> str | None:
    """A condition on rows that are not marked as deleted, where that is how the entity deletes."""
    if not entity.soft_delete:
        return where
    live = f"{identifier(entity.type.deleted_column)} IS NULL"
    return f"({where}) AND {live}" if where else live


def _column(member: Member) -> Column:
    default = None
    numbered = member.role == "key" and member.kind == "int"
    if member.role == "key" and not numbered:
        default = "gen_random_uuid()"
    elif member.role == "version":
        default = "1"
    elif member.role == "timestamp":
        default = "now()"
    elif isinstance(member.default, Constant) and member.default.value is not None:
        default = write_sql(member.default)
    element = member.name
    if member.role == "currency":
        element = f"{member.name.removesuffix('_currency')}.currency"
    return Column(member.column, member.sql_type, member.required, default, numbered, element)


def _rule(rule: object, table: str) -> str:
    return write_sql(rule, row_alias=table).replace(f"{table}.", "")  # type: ignore[arg-type]


def _constant(value: int | str, type_: Type) -> str:
    return write_sql(Constant(type=type_, offset=0, value=value))


def _name(prefix: str, *parts: str) -> str:
    name = "_".join((prefix, *parts))
    if len(name) <= NAME_LIMIT:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: NAME_LIMIT - 9]}_{digest}"
