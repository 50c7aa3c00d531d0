"""The shapes that go over the wire: entities as they are answered, and the schemas of the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from generator.expressions import types
from generator.expressions.types import DERIVED, Type
from generator.model.combining import Declared
from generator.model.elements.entities import Entity
from generator.model.elements.members import Derived, ManyRelation, Member, Related
from generator.model.elements.views import Include, Shape, View
from generator.model.members import resolve_member
from generator.model.world import World
from generator.problems import did_you_mean


def declare_shapes(world: World) -> None:
    """Make the members of every schema known to expressions, before anything is checked against them.

    Args:
        world: the state of the resolution; its ``shapes`` are filled.
    """
    for name, place in world.combined["schemas"].items():
        members: dict[str, types.Member] = {}
        for member in _plain_members(world, place):
            members[member.name] = types.Member(member.name, member.type, json=member.json)
        entity = place.value.of
        if entity is not None and entity in world.entity_types:
            row = world.entity_types[entity]
            for picked in place.value.pick or tuple(row.members):
                if picked in row.members:
                    members[picked] = replace(row.members[picked], column=None)
            for relation in place.value.include:
                if relation in row.members:
                    members[relation] = replace(row.members[relation], column=None, join=None, referring=None)
            for added, field in place.value.add.items():
                source = place.below(field, "add", added)
                resolved = resolve_member(world, source, added)
                members[added] = types.Member(added, resolved.type, json=resolved.json)
        world.shapes[name] = types.Shape(name, members)


def resolve_shapes(world: World) -> dict[str, Shape]:
    """The schemas that are no view of an entity.

    Args:
        world: the state of the resolution.

    Returns:
        Shapes by name.
    """
    return {
        name: Shape(name, tuple(_plain_members(world, place)), place.value.title or "")
        for name, place in world.combined["schemas"].items()
        if place.value.of is None
    }


def resolve_views(world: World, entities: dict[str, Entity]) -> dict[str, View]:
    """The views of entities: one of its own for each, and the schemas made ``of`` it.

    Args:
        world: the state of the resolution.
        entities: entities by name.

    Returns:
        Views by name; the own view of an entity has its name.
    """
    views = {name: own_view(entity) for name, entity in entities.items()}
    for name, place in world.combined["schemas"].items():
        if place.value.of is None:
            continue
        if place.value.fields is not None:
            world.problems.error(
                place.at("fields"), "a schema has either `fields` or `of`", "use `add:` beside `of`"
            )
        if not world.known_entity(place, ("of",), place.value.of):
            continue
        views[name] = _schema_view(world, place, name, entities[place.value.of])
    return views


def own_view(entity: Entity) -> View:
    """An entity with all it exposes.

    Args:
        entity: the entity.

    Returns:
        The view that has its name.
    """
    members = tuple(member for member in entity.members if member.exposed)
    return View(entity.name, entity.name, members, entity.many, (), entity.derived, entity.through)


def _plain_members(world: World, place: Declared[Any]) -> Iterable[Member]:
    for name, field in (place.value.fields or {}).items():
        yield resolve_member(world, place.below(field, "fields", name), name)


def _schema_view(world: World, place: Declared[Any], name: str, entity: Entity) -> View:
    schema = place.value
    if schema.pick is not None and schema.omit is not None:
        world.problems.error(place.at("omit"), "pick and omit together", "keep one of them")
    known = [item.word for item in entity.members if item.exposed]
    known += [*entity.relations, *(item.name for item in entity.derived)]
    chosen = (
        list(schema.pick)
        if schema.pick is not None
        else [word for word in known if word not in (schema.omit or ())]
    )
    for key in ("pick", "omit"):
        for index, word in enumerate(getattr(schema, key) or ()):
            if word not in known:
                hidden = any(word in (item.name, item.word) and not item.exposed for item in entity.members)
                message = f"{word} is never exposed" if hidden else f"{entity.name} has no {word} to show"
                world.problems.error(place.at(key, index), message, did_you_mean(word, known))
    added = []
    for word, field in schema.add.items():
        source = place.below(field, "add", word)
        member = resolve_member(world, source, word)
        if field.derived is None:
            world.problems.error(source.at(), f"{word} has no value", "give it `type:` and `derived:`")
            continue
        scope = replace(world.scope(), row=entity.name, this=entity.name, allow=DERIVED)
        typed = world.check(source, ("derived",), field.derived, scope, member.type.with_optional(True))
        if typed is not None:
            added.append(Derived(word, member.json, member.type.with_optional(typed.type.optional), typed))
    return View(
        name=name,
        entity=entity.name,
        members=tuple(item for item in entity.members if item.word in chosen),
        many=tuple(item for item in entity.many if item.name in chosen),
        includes=tuple(_includes(world, place, entity)),
        derived=(*(item for item in entity.derived if item.name in chosen), *added),
        through=tuple(item for item in entity.through if item.name in chosen),
    )


def _includes(world: World, place: Declared[Any], entity: Entity) -> Iterable[Include]:
    for relation, columns in place.value.include.items():
        found = _included(world, entity, relation)
        if found is None:
            names = [item.relation for item in entity.members if item.relation]
            names += [*(item.name for item in entity.many), *(item.name for item in entity.related)]
            world.problems.error(
                place.at("include", relation),
                f"{entity.name} has no ref {relation}",
                did_you_mean(relation, names),
            )
            continue
        yield replace(found, members=tuple(_columns(world, place, relation, found.entity, columns)))


def _included(world: World, entity: Entity, name: str) -> Include | None:
    """What a relation leads to: one row over a ref, or a list of rows."""
    json = world.json_name(name)
    for member in entity.members:
        if member.relation == name and member.reference is not None:
            return Include(name, json, member.column, member.reference.entity, member.required, ())
    for link in entity.many:
        if link.name == name:
            return Include(name, json, "", link.entity, True, (), link=link)
    for related in entity.related:
        if related.name == name:
            return Include(name, json, "", related.entity, True, (), related=related)
    return None


def _columns(
    world: World, place: Declared[Any], relation: str, target: str, columns: Iterable[str]
) -> Iterable[Member]:
    known = [item.word for item in world.members[target] if item.exposed]
    for index, column in enumerate(columns):
        found = world.member(target, column)
        if found is None or not found.exposed:
            message = f"{column} is never exposed" if found is not None else f"{target} has no {column}"
            world.problems.error(place.at("include", relation, index), message, did_you_mean(column, known))
            continue
        yield found


def shape_type(world: World, view: View | Shape) -> types.Shape:
    """A view as a plain object that expressions can look into (results of operations).

    Args:
        world: the state of the resolution.
        view: the view.

    Returns:
        The shape, with JSON names.
    """
    members: dict[str, types.Member] = {}
    for member in view.members:
        known = world.shape_members.get(id(member))
        if known is None:
            shown = types.Member(member.word, member.type, json=member.json)
            known = world.shape_members[id(member)] = (member, shown)
        members[member.word] = known[1]
    if isinstance(view, View):
        many: tuple[ManyRelation | Related, ...] = (*view.many, *view.through)
        for relation in many:
            name = f"{relation.singular}_ids"
            members[name] = types.Member(name, Type("list", of=relation.key), json=relation.json)
        for derived in view.derived:
            members[derived.name] = types.Member(derived.name, derived.type, json=derived.json)
        for include in view.includes:
            inner = types.Shape(
                f"{view.name}.{include.relation}",
                {item.word: types.Member(item.word, item.type, json=item.json) for item in include.members},
            )
            world.shapes[inner.name] = inner
            type_ = Type("shape", shape=inner.name, optional=not include.required)
            type_ = Type("list", of=type_) if include.is_list else type_
            members[include.relation] = types.Member(include.relation, type_, json=include.json)
    return types.Shape(view.name, members)


_NEXT = types.Member("next", Type("text", optional=True), json="next")


def cursor_page_type(view: str) -> types.Shape:
    """One page of a list that is cut by cursors, as expressions see it.

    Args:
        view: the view of its items.

    Returns:
        A shape with ``items`` and ``next``, which is unset on the last page.
    """
    items = Type("list", of=Type("shape", shape=f"view {view}"))
    return types.Shape(
        f"cursor page of {view}",
        {
            "items": types.Member("items", items, json="items"),
            "next": _NEXT,
        },
    )
