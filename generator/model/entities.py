"""Entities: columns first, so that every name exists, then the rules over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.expressions import types
from generator.expressions.typed import Field as FieldNode
from generator.expressions.typed import Gather, Typed, parts
from generator.expressions.types import BOOL, DERIVED, ROW_RULE, RULE, EntityType, Join, Scope, Type
from generator.model.combining import Declared
from generator.model.elements import (
    Check,
    Derived,
    Entity,
    Index,
    ManyRelation,
    Member,
    States,
    Transition,
    Unique,
)
from generator.model.members import resolve_member
from generator.model.world import World
from generator.plan.members import Field
from generator.plan.names import names_of
from generator.problems import did_you_mean

NAME_LIMIT = 63
"""Bytes of a name in PostgreSQL (NAMEDATALEN - 1)."""


def lay_out(world: World) -> None:
    """Give every entity its columns and relations, and make its row known to expressions.

    Args:
        world: the state of the resolution; its ``members``, ``many`` and ``entity_types`` are filled.
    """
    for name in world.combined["entities"]:
        world.members[name] = []
        world.many[name] = []
    for name in world.combined["entities"]:
        _lay_out(world, name)
    for name in world.combined["entities"]:
        world.entity_types[name] = _row_type(world, name)


def resolve_entities(world: World) -> dict[str, Entity]:
    """Check the rules of every entity.

    Args:
        world: the state of the resolution, after :func:`lay_out`.

    Returns:
        Entities by name, in the plan's order, without resources.
    """
    return {name: _resolve(world, name) for name in world.combined["entities"]}


def table_of(world: World, name: str) -> str:
    """The table of an entity: the plural in snake_case unless the plan says otherwise."""
    return world.combined["entities"][name].value.table or names_of(name).plural_snake


def fields_of(world: World, name: str) -> Iterator[tuple[str, Declared[Field]]]:
    """The fields of an entity with their places, those that later features add at the end."""
    declared = world.combined["entities"][name]
    for field, value in declared.value.fields.items():
        yield field, declared.below(value, "fields", field)
    for extension in world.combined.extensions.get(name, ()):
        for field, value in extension.value.fields.items():
            yield field, extension.below(value, "fields", field)


def parts_of(world: World, name: str, key: str) -> Iterator[tuple[str, Declared[Any]]]:
    """The uniques, indexes or checks of an entity with their places, extensions at the end."""
    declared = world.combined["entities"][name]
    for part, value in getattr(declared.value, key).items():
        yield part, declared.below(value, key, part)
    for extension in world.combined.extensions.get(name, ()):
        for part, value in getattr(extension.value, key).items():
            yield part, extension.below(value, key, part)


def _lay_out(world: World, name: str) -> None:
    declared = world.combined["entities"][name].value
    members = world.members[name]
    seen: dict[str, str] = {}

    def add(place: Declared[Any], member: Member) -> None:
        for word in {member.name, member.column}:
            if word in seen:
                world.problems.error(
                    place.at(), f"{name} has {word} twice (see {seen[word]})", "rename one of them"
                )
            seen[word] = member.name
        members.append(member)

    place = world.combined["entities"][name]
    add(place, _own("id", Type("uuid"), "uuid", "key", world))
    for field, source in fields_of(world, name):
        if source.value.type.name == "many":
            _add_many(world, name, field, source)
            continue
        if source.value.derived is not None:
            continue
        member = resolve_member(world, source, field)
        if declared.states is not None and declared.states.field == field:
            member = replace(member, role="state", write="never")
        add(source, member)
    if declared.lock == "optimistic":
        add(place, _own("version", Type("int", bits=32), "integer", "version", world))
    if declared.timestamps in ("both", "created"):
        add(place, _own("created_at", Type("instant"), "timestamptz(3)", "timestamp", world))
    if declared.timestamps == "both":
        add(place, _own("updated_at", Type("instant"), "timestamptz(3)", "timestamp", world))
    if declared.soft_delete:
        deleted = _own("deleted_at", Type("instant", optional=True), "timestamptz(3)", "deleted", world)
        add(place, replace(deleted, required=False, exposed=False))


def _own(name: str, type_: Type, sql_type: str, role: Any, world: World) -> Member:
    return Member(name, name, world.json_name(name), type_, sql_type, role=role, required=True, write="never")


def _add_many(world: World, name: str, field: str, source: Declared[Field]) -> None:
    target = source.value.type.arguments[0]
    if not world.known_entity(source, (), target):
        return
    own, other = names_of(name).snake, names_of(target).snake
    singular = names_of(field).snake
    if singular == field:
        singular = other
    relation = ManyRelation(
        name=field,
        singular=singular,
        json=world.json_name(f"{singular}_ids"),
        entity=target,
        table=source.value.table or f"{own}_{other}",
        own_column=f"{own}_id",
        other_column=f"{other}_id" if own != other else f"other_{other}_id",
    )
    world.many[name].append(relation)


def _row_type(world: World, name: str) -> EntityType:
    members: dict[str, types.Member] = {}
    for member in world.members[name]:
        members[member.column] = types.Member(member.column, member.type, member.column, member.json)
        if member.reference:
            row = Type("row", entity=member.reference.entity, optional=member.type.optional)
            members[member.name] = types.Member(
                member.name, row, member.column, member.json, relation=member.reference.entity
            )
    for relation in world.many[name]:
        row = Type("row", entity=relation.entity)
        join = Join(relation.table, relation.own_column, relation.other_column)
        members[relation.name] = types.Member(
            relation.name, Type("list", of=row), json=relation.json, join=join
        )
    for field, source in fields_of(world, name):
        if source.value.derived is None:
            continue
        member = resolve_member(world, source, field)
        type_ = member.type
        if str(source.value.derived).startswith(("count", "sum", "exists")):
            type_ = type_.required()
        members[field] = types.Member(field, type_, json=member.json, derived=str(source.value.derived))
    declared = world.combined["entities"][name].value
    return EntityType(
        name,
        table_of(world, name),
        ("id",),
        members,
        soft_delete=declared.soft_delete,
        model=names_of(name).plural_camel,
    )


def _resolve(world: World, name: str) -> Entity:
    place = world.combined["entities"][name]
    declared = place.value
    table = table_of(world, name)
    row_rule = replace(world.scope(), row=name, this=name, allow=ROW_RULE)
    derived = tuple(_derived(world, name))
    checks = tuple(_checks(world, name, table, row_rule))
    uniques = tuple(_uniques(world, name, table, row_rule))
    indexes = tuple(_indexes(world, name, table, row_rule))
    states = _states(world, name, place)
    entity = Entity(
        name=name,
        names=names_of(name),
        title=declared.title or names_of(name).title,
        table=table,
        feature=place.feature.name,
        members=tuple(world.members[name]),
        many=tuple(world.many[name]),
        derived=derived,
        uniques=uniques,
        indexes=indexes,
        checks=checks,
        states=states,
        resource=None,
        timestamps=declared.timestamps,
        soft_delete=declared.soft_delete,
        versioned=declared.lock == "optimistic",
        type=world.entity_types[name],
    )
    touched = list(entity.references)
    for typed in [item.expression for item in derived]:
        touched.extend(entities_in(typed))
    for transition in states.transitions if states else ():
        for value in (transition.guard, *transition.sets.values(), *transition.parameters.values()):
            touched.extend(entities_in(value))
    return replace(entity, touches=tuple(dict.fromkeys(entity for entity in touched if entity != name)))


def _derived(world: World, name: str) -> Iterator[Derived]:
    scope = replace(world.scope(), row=name, this=name, allow=DERIVED)
    for field, source in fields_of(world, name):
        if source.value.derived is None:
            continue
        for key in ("default", "required", "snapshot"):
            if getattr(source.value, key):
                world.problems.error(source.at(key), f"a derived field has no {key}", "remove it")
        member = resolve_member(world, source, field)
        expected = member.type.with_optional(True)
        typed = world.check(source, ("derived",), source.value.derived, scope, expected)
        if typed is not None:
            type_ = member.type.with_optional(typed.type.optional)
            yield Derived(field, member.json, type_, typed)


def _checks(world: World, name: str, table: str, scope: Scope) -> Iterator[Check]:
    for part, source in parts_of(world, name, "checks"):
        world.known_error(source, ("error",), source.value.error)
        rule = world.check(source, ("rule",), source.value.rule, scope, BOOL)
        constraint = _constraint(world, source, "ck", table, part)
        if rule is not None:
            yield Check(constraint, rule, source.value.error or "VALIDATION_FAILED")


def _uniques(world: World, name: str, table: str, scope: Scope) -> Iterator[Unique]:
    for field, source in fields_of(world, name):
        if source.value.unique and source.value.derived is None:
            world.known_error(source, ("unique_error",), source.value.unique_error)
            member = world.member(name, field)
            if member is not None:
                constraint = _constraint(world, source, "uq", table, member.column)
                yield Unique(
                    constraint, (member.column,), None, source.value.unique_error or "CONFLICT", field
                )
        elif source.value.unique_error:
            world.problems.error(
                source.at("unique_error"), "unique_error without unique", "add `unique: true`"
            )
    for part, group in parts_of(world, name, "unique"):
        world.known_error(group, ("error",), group.value.error)
        columns = _columns(world, name, group, [(column, False) for column in group.value.fields])
        where = None
        if group.value.where is not None:
            where = world.check(group, ("where",), group.value.where, scope, BOOL)
        constraint = _constraint(world, group, "uq", table, part)
        yield Unique(constraint, columns, where, group.value.error or "CONFLICT", part)


def _indexes(world: World, name: str, table: str, scope: Scope) -> Iterator[Index]:
    for part, source in parts_of(world, name, "indexes"):
        ordered = [(item.field, item.descending) for item in source.value.fields]
        columns = _columns(world, name, source, ordered)
        where = None
        if source.value.where is not None:
            where = world.check(source, ("where",), source.value.where, scope, BOOL)
        yield Index(_constraint(world, source, "idx", table, part), columns, where, source.value.method)


def _columns(
    world: World, entity: str, source: Declared[Any], names: list[tuple[str, bool]]
) -> tuple[str, ...]:
    columns = []
    for name, descending in names:
        member = world.member(entity, name)
        if member is None:
            known = [candidate.column for candidate in world.members[entity]]
            world.problems.error(source.at(), f"{entity} has no column {name}", did_you_mean(name, known))
            continue
        columns.append(f"{member.column} desc" if descending else member.column)
    return tuple(columns)


def _constraint(world: World, source: Declared[Any], prefix: str, table: str, part: str) -> str:
    name = f"{prefix}_{table}_{part}"
    if len(name.encode()) > NAME_LIMIT:
        world.problems.error(
            source.at(),
            f"{name} is longer than {NAME_LIMIT} bytes, the limit of PostgreSQL",
            "shorten the name",
        )
    return name


def _states(world: World, name: str, place: Declared[Any]) -> States | None:
    declared = place.value.states
    if declared is None:
        return None
    member = world.member(name, declared.field)
    if member is None or member.kind != "enum":
        fields = [item.name for item in world.members[name] if item.kind == "enum"]
        world.problems.error(
            place.at("states", "field", value=True),
            f"{declared.field} is no enum field of {name}",
            did_you_mean(declared.field, fields),
        )
        return None
    known = member.type.members
    if declared.initial not in known:
        world.problems.error(
            place.at("states", "initial", value=True),
            f"{declared.initial} is no state of {name}",
            did_you_mean(declared.initial, known),
        )
    sources: list[tuple[str, Declared[Any]]] = [
        (key, place.below(value, "states", "transitions", key)) for key, value in declared.transitions.items()
    ]
    for extension in world.combined.extensions.get(name, ()):
        for key, value in extension.value.transitions.items():
            sources.append((key, extension.below(value, "transitions", key)))
    transitions = tuple(_transition(world, name, key, source, known) for key, source in sources)
    reached = {declared.initial} | {transition.target for transition in transitions}
    for state in known:
        if state not in reached:
            world.problems.error(
                place.at("states"),
                f"no transition of {name} leads to {state}",
                "add one, or remove the state",
            )
    return States(member.column, declared.initial, transitions)


def _transition(
    world: World, entity: str, name: str, source: Declared[Any], states: tuple[str, ...]
) -> Transition:
    declared = source.value
    for key, values in (("from", declared.from_), ("to", (declared.to,))):
        for state in values:
            if state not in states:
                world.problems.error(
                    source.at(key, value=True),
                    f"{state} is no state of {entity}",
                    did_you_mean(state, states),
                )
    scope = replace(world.scope(), this=entity, row=entity, allow=RULE)
    guard = None
    if declared.guard is not None:
        guard = world.check(source, ("guard",), declared.guard, scope, BOOL)
    world.known_error(source, ("error",), declared.error)
    return Transition(
        name=name,
        sources=tuple(declared.from_),
        target=declared.to,
        guard=guard,
        error=declared.error or "INVALID_TRANSITION",
        parameters=check_parameters(world, source, declared.error, declared.with_, scope),
        sets=check_sets(world, source, entity, declared.set, scope),
        steps=(),
        published=declared.http != "none",
    )


def check_parameters(
    world: World,
    source: Declared[Any],
    code: str | None,
    given: Mapping[str, Any],
    scope: Scope,
    facts: Any = frozenset(),
) -> dict[str, Typed]:
    """Check what is given to an error against its parameters: all of them, and no others.

    Args:
        world: the state of the resolution.
        source: the piece that has ``with``.
        code: the error, or None.
        given: expressions by name.
        scope: the names in reach.
        facts: paths known to be set.

    Returns:
        Typed expressions by name.
    """
    entry = world.errors.get(code or "")
    if entry is None:
        return {}
    known = {parameter.name: parameter for parameter in entry.parameters}
    for name in known:
        if name not in given:
            world.problems.error(source.at("error"), f"{code} needs {name}", "add it under `with:`")
    checked: dict[str, Typed] = {}
    for name, expression in given.items():
        if name not in known:
            world.problems.error(
                source.at("with", name), f"{code} has no parameter {name}", did_you_mean(name, known)
            )
            continue
        typed = world.check(source, ("with", name), expression, scope, known[name].type, facts)
        if typed is not None:
            checked[name] = typed
    return checked


def check_sets(
    world: World,
    source: Declared[Any],
    entity: str,
    given: Mapping[str, Any],
    scope: Scope,
    facts: Any = frozenset(),
) -> dict[str, Typed]:
    """Check assignments to columns of an entity.

    Args:
        world: the state of the resolution.
        source: the piece that has ``set``.
        entity: whose columns are set.
        given: expressions by column.
        scope: the names in reach.
        facts: paths known to be set.

    Returns:
        Typed expressions by column.
    """
    checked: dict[str, Typed] = {}
    for name, expression in given.items():
        member = world.member(entity, name)
        if member is None or name != member.column:
            known = [item.column for item in world.members[entity]]
            hint = f"write {member.column}" if member is not None else did_you_mean(name, known)
            world.problems.error(source.at("set", name), f"{entity} has no column {name}", hint)
            continue
        if member.role in ("key", "version", "timestamp", "deleted"):
            world.problems.error(source.at("set", name), f"{name} is kept by the service", "remove it")
            continue
        typed = world.check(source, ("set", name), expression, scope, member.type, facts)
        if typed is not None:
            checked[member.column] = typed
    return checked


def entities_in(typed: Typed | None) -> Iterator[str]:
    """The entities whose tables an expression reads beside the row it is about.

    Args:
        typed: a checked expression, or None.

    Returns:
        Names, possibly repeated.
    """
    if typed is None:
        return
    if isinstance(typed, Gather):
        yield typed.entity.name
    if isinstance(typed, FieldNode) and typed.member.relation:
        yield typed.member.relation
    for part in parts(typed):
        yield from entities_in(part)
