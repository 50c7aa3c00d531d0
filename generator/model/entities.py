"""Entities: columns first, so that every name exists, then the rules over them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.copies import replace
from generator.expressions import types
from generator.expressions.types import DERIVED, ROW_RULE, EntityType, Join, Referring, Type
from generator.model.combining import Declared
from generator.model.computed import is_computed, resolve_computed
from generator.model.currencies import currency_column, has_own_currency, resolve_currency
from generator.model.elements.entities import Entity
from generator.model.elements.members import Derived, Member
from generator.model.exclusions import exclusions_of
from generator.model.identity import (
    complete_identity,
    owner_column,
    refuse_open_references,
    scope_path,
    visible_rule,
)
from generator.model.members import key_columns, resolve_member, widened
from generator.model.relations import add_many, relate
from generator.model.rules import (
    checks_of,
    entities_in,
    fields_of,
    indexes_of,
    states_of,
    uniques_of,
)
from generator.model.world import World
from generator.plan.names import names_of
from generator.problems import did_you_mean


def lay_out(world: World) -> None:
    """Give every entity its columns and relations, and make its row known to expressions.

    Args:
        world: the state of the resolution; its ``members``, ``many`` and ``entity_types`` are filled.
    """
    for name in world.combined["entities"]:
        world.members[name] = []
        world.many[name] = []
        world.related[name] = []
    for name in world.combined["entities"]:
        _lay_out(world, name)
    for name in world.combined["entities"]:
        relate(world, name)
    complete_identity(world)
    refuse_open_references(world)
    for name in world.combined["entities"]:
        world.entity_types[name] = _row_type(world, name)
    for name in world.combined["entities"]:
        if any(item.kind == "money" for item in world.members[name]):
            places = dict(fields_of(world, name))
            world.members[name][:] = [
                resolve_currency(world, name, places[item.name], item) if item.kind == "money" else item
                for item in world.members[name]
            ]
        for _ in resolve_computed(world, name):
            # What reads a computed column next knows whether it can be unset.
            world.entity_types[name] = _row_type(world, name)


def resolve_entities(world: World) -> dict[str, Entity]:
    """Check the rules of every entity.

    Args:
        world: the state of the resolution, after :func:`lay_out`.

    Returns:
        Entities by name, in the plan's order, without resources.
    """
    return {name: _resolve(world, name) for name in world.combined["entities"]}


def _check_extended_values(world: World, name: str) -> None:
    for extension in world.combined.extensions.get(name, ()):
        for field in extension.value.values:
            if world.member(name, field) is None:
                known = [member.name for member in world.members[name] if member.kind == "enum"]
                world.problems.error(
                    extension.at("values", field), f"{name} has no field {field}", did_you_mean(field, known)
                )


def table_of(world: World, name: str) -> str:
    """The table of an entity: the plural in snake_case unless the plan says otherwise."""
    return world.combined["entities"][name].value.table or names_of(name).plural_snake


def _lay_out(world: World, name: str) -> None:
    declared = world.combined["entities"][name].value
    members = world.members[name]
    seen: dict[str, str] = {}

    def add(place: Declared[Any], member: Member) -> None:
        column = world.column_name(member.column)
        for word in {member.name, member.column, column}:
            if word in seen:
                world.problems.error(
                    place.at(), f"{name} has {word} twice (see {seen[word]})", "rename one of them"
                )
            seen[word] = member.name
        if column != member.column:
            member = replace(member, column=column, written=member.word)
        members.append(member)

    place = world.combined["entities"][name]
    key = key_columns(world, name)
    if key == ("id",):
        add(place, _own("id", world.id_type, world.ids, "key", world))
    for field, source in fields_of(world, name):
        if source.value.type.name == "many":
            if source.value.through is None:
                add_many(world, name, field, source)
            continue
        if source.value.derived is not None and not source.value.stored:
            continue
        member = widened(world, name, resolve_member(world, source, field))
        if is_computed(source.value):
            member = replace(member, role="computed", write="never")
        if member.kind == "money":
            column = source.value.column or f"{field}_minor"
            own = world.column_name(f"{field}_currency") if has_own_currency(member) else None
            member = replace(member, column=column, written=field, currency_column=own)
        if declared.states is not None and declared.states.field == field:
            member = replace(member, role="state", write="never")
        if world.column_name(member.column) in key:
            member = _of_key(world, source, member)
        if member.name in (declared.owner, declared.scope):
            # Who calls says it, and nobody else.
            member = replace(member, write="never")
        add(source, member)
        if has_own_currency(member):
            add(source, currency_column(member))
    if declared.lock == "optimistic":
        add(place, _own("version", Type("int", bits=32), "integer", "version", world))
    if declared.timestamps in ("both", "created"):
        add(place, _own("created_at", Type("instant"), "timestamptz(3)", "timestamp", world))
    if declared.timestamps == "both":
        add(place, _own("updated_at", Type("instant"), "timestamptz(3)", "timestamp", world))
    _check_key(world, name)
    _check_extended_values(world, name)
    if declared.soft_delete:
        deleted = _own("deleted_at", Type("instant", optional=True), "timestamptz(3)", "deleted", world)
        add(place, replace(deleted, required=False, exposed=False))


def _of_key(world: World, source: Declared[Any], member: Member) -> Member:
    """A column of a key: always set, and never another later."""
    if not member.required:
        world.problems.error(source.at(), f"{member.word} is part of the key", "add `required`")
    return replace(member, write="create") if member.write == "always" else member


def _check_key(world: World, name: str) -> None:
    place = world.combined["entities"][name]
    known = {member.column: member.word for member in world.members[name]}
    for index, column in enumerate(place.value.key or ()):
        if world.column_name(column) not in known:
            hint = did_you_mean(column, known.values())
            world.problems.error(place.at("key", index), f"{name} has no column {column}", hint)


def _own(name: str, type_: Type, sql_type: str, role: Any, world: World) -> Member:
    known = world.own.get(name)
    if known is None:
        json = world.json_name(name)
        known = Member(name, name, json, type_, sql_type, role=role, required=True, write="never")
        world.own[name] = known
    return known


def _row_type(world: World, name: str) -> EntityType:
    members: dict[str, types.Member] = {}
    for member in world.members[name]:
        for seen in _seen(world, member):
            members[seen.name] = seen
    for relation in world.many[name]:
        row = Type("row", entity=relation.entity)
        join = Join(relation.table, relation.own_column, relation.other_column)
        members[relation.name] = types.Member(
            relation.name, Type("list", of=row), json=relation.json, join=join
        )
    for related in world.related[name]:
        row = Type("row", entity=related.entity)
        referring = Referring(related.via, related.own_column, related.other_column)
        members[related.name] = types.Member(
            related.name, Type("list", of=row), json=related.json, referring=referring
        )
    for field, source in fields_of(world, name):
        if source.value.derived is None or source.value.stored:
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
        key_columns(world, name),
        members,
        soft_delete=declared.soft_delete,
        model=names_of(name).plural_camel,
        deleted_column=world.column_name("deleted_at"),
        guarded=world.is_guarded(name),
    )


def _seen(world: World, member: Member) -> tuple[types.Member, ...]:
    """What expressions see of a member: its column, and the row that it refers to."""
    known = world.row_members.get(id(member))
    if known is not None:
        return known[1]
    column = types.Member(
        member.word,
        member.type,
        member.column,
        member.json,
        currency_column=member.currency_column,
        currency_path=member.currency_path,
    )
    seen: tuple[types.Member, ...] = (column,)
    if member.reference:
        to = member.reference.entity
        row = Type("row", entity=to, optional=member.type.optional)
        seen = (column, types.Member(member.name, row, member.column, member.json, relation=to))
    world.row_members[id(member)] = (member, seen)
    return seen


def _resolve(world: World, name: str) -> Entity:
    place = world.combined["entities"][name]
    declared = place.value
    table = table_of(world, name)
    row_rule = world.scope(name, ROW_RULE)
    derived = tuple(_derived(world, name))
    checks = tuple(checks_of(world, name, table, row_rule))
    uniques = tuple(uniques_of(world, name, table, row_rule))
    indexes = tuple(indexes_of(world, name, table, row_rule))
    states = states_of(world, name, place)
    entity = Entity(
        name=name,
        names=names_of(name),
        title=declared.title or names_of(name).title,
        table=table,
        feature=place.feature.name,
        members=tuple(world.members[name]),
        many=tuple(world.many[name]),
        related=tuple(world.related[name]),
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
        key=key_columns(world, name),
        exclusions=tuple(exclusions_of(world, name, table, row_rule)),
        scope=scope_path(world, name),
        owner=owner_column(world, name),
        visible=visible_rule(world, name),
    )
    touched = list(entity.references)
    touched.extend(step.entity for step in entity.scope)
    for related in entity.through:
        touched.extend((related.via, related.entity))
    computed = [item.computed for item in entity.members]
    for typed in [*(item.expression for item in derived), *computed, entity.visible]:
        touched.extend(entities_in(typed))
    for transition in states.transitions if states else ():
        for value in (transition.guard, *transition.sets.values(), *transition.parameters.values()):
            touched.extend(entities_in(value))
    return replace(entity, touches=tuple(dict.fromkeys(entity for entity in touched if entity != name)))


def _derived(world: World, name: str) -> Iterator[Derived]:
    for field, source in fields_of(world, name):
        if source.value.derived is None or source.value.stored:
            continue
        scope = world.scope(name, DERIVED)
        for key in ("default", "required", "snapshot"):
            if getattr(source.value, key):
                world.problems.error(source.at(key), f"a derived field has no {key}", "remove it")
        member = resolve_member(world, source, field)
        expected = member.type.with_optional(True)
        typed = world.check(source, ("derived",), source.value.derived, scope, expected)
        if typed is not None:
            type_ = member.type.with_optional(typed.type.optional)
            yield Derived(field, member.json, type_, typed)
