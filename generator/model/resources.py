"""Resources: how clients reach an entity, and the operations that follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.model.combining import Declared
from generator.model.elements.entities import Entity, Filter, Resource
from generator.model.elements.members import Member
from generator.model.elements.views import View
from generator.model.world import World
from generator.problems import did_you_mean

DEFAULT_OPERATIONS = ("list", "get", "create", "update", "delete")
UNFILTERED = {
    "money": "an exact amount is nothing to ask for",
    "interval": "an exact length of time is nothing to ask for",
    "json": "what is inside it has no type",
}
UNSORTED = {
    "money": "amounts of several currencies have no order",
    "list": "a list has no order",
    "json": "what is inside it has no type",
}
FILTERED = ("enum", "bool", "date", "instant")


def resolve_resource(world: World, entity: Entity, views: dict[str, View]) -> Resource | None:
    """What clients can ask for an entity.

    Args:
        world: the state of the resolution.
        entity: the entity.
        views: all views by name.

    Returns:
        The resource, or None when the plan gives it none.
    """
    place = world.combined["entities"][entity.name]
    declared = place.value.resource
    if declared is None:
        for extension in world.combined.extensions.get(entity.name, ()):
            if extension.value.resource is not None:
                world.problems.error(extension.at("resource"), f"{entity.name} has no resource to extend")
        return None
    source = place.below(declared, "resource")
    operations = declared.operations or DEFAULT_OPERATIONS
    if entity.soft_delete and declared.operations is None:
        operations = (*operations, "restore")
    if "restore" in operations and not entity.soft_delete:
        world.problems.error(
            source.at("operations"),
            f"{entity.name} cannot be restored",
            "add `soft_delete: true` or remove restore",
        )
    view = declared.output or entity.name
    if declared.output is not None and (view not in views or views[view].entity != entity.name):
        shapes = [name for name, item in views.items() if item.entity == entity.name]
        world.problems.error(
            source.at("output", value=True),
            f"{view} is no schema of {entity.name}",
            did_you_mean(view, shapes),
        )
        view = entity.name
    filters = tuple(dict.fromkeys(_filters(world, source, entity)))
    for item in filters:
        if item.name in ("limit", "search", "sort", declared.page):
            about = f"a list has a parameter {item.name}, so that no filter can be called that"
            world.problems.error(source.at("filter"), about, "leave it out of `filter`")
    return Resource(
        path=declared.path or f"/{entity.names.plural_kebab}",
        operations=operations,
        filters=filters,
        sorts=tuple(dict.fromkeys(_sorts(world, source, entity))),
        search=tuple(dict.fromkeys(_search(world, source, entity))),
        order=tuple(_order(world, source, entity)),
        view=view,
        page=declared.page,
    )


def _requested(
    world: World, source: Declared[Any], entity: Entity, key: str
) -> Iterator[tuple[Declared[Any], int, str]]:
    for index, name in enumerate(getattr(source.value, key) or ()):
        yield source, index, name
    for extension in world.combined.extensions.get(entity.name, ()):
        if extension.value.resource is not None:
            below = extension.below(extension.value.resource, "resource")
            for index, name in enumerate(getattr(below.value, key)):
                yield below, index, name


def _filters(world: World, source: Declared[Any], entity: Entity) -> Iterator[Filter]:
    members = [item for item in entity.members if _is_filtered(item)] if source.value.filter is None else []
    for member in members:
        yield from _filters_of(world, member)
    relations = {item.name: item.key for item in entity.many}
    relations |= {item.name: item.key for item in entity.through}
    for place, index, name in _requested(world, source, entity, "filter"):
        if name in relations:
            yield Filter(name, world.json_name(name), name, "has", relations[name])
            continue
        found = _exposed(world, place, ("filter", index), entity, name)
        held = found.type.of if found is not None and found.type.of is not None else None
        kind = held.kind if held is not None else found.kind if found is not None else ""
        if kind in UNFILTERED:
            world.problems.error(
                place.at("filter", index), f"no list is filtered by {name}", UNFILTERED[kind]
            )
        elif found is not None:
            yield from _filters_of(world, found)


def _is_filtered(member: Member) -> bool:
    kind = bool(member.reference) or member.kind in FILTERED
    return member.exposed and kind and member.role in ("data", "ref", "state", "computed")


def _filters_of(world: World, member: Member) -> Iterator[Filter]:
    if member.type.of is not None:
        yield Filter(member.word, member.json, member.column, "holds", member.type.of)
        return
    type_ = member.type.required()
    yield Filter(member.word, member.json, member.column, "equal", type_)
    if member.kind in ("date", "instant"):
        for suffix in ("from", "before"):
            name = f"{member.word}_{suffix}"
            yield Filter(name, world.json_name(name), member.column, suffix, type_)


def _sorts(world: World, source: Declared[Any], entity: Entity) -> Iterator[tuple[str, str]]:
    requested = list(_requested(world, source, entity, "sort"))
    if source.value.sort is None and entity.timestamps != "none":
        yield (world.json_name("created_at"), world.column_name("created_at"))
    for place, index, name in requested:
        member = _exposed(world, place, ("sort", index), entity, name)
        if member is not None and member.kind in UNSORTED and member.type.currency is None:
            world.problems.error(
                place.at("sort", index), f"no list is sorted by {name}", UNSORTED[member.kind]
            )
        elif member is not None:
            yield (member.json, member.column)


def _search(world: World, source: Declared[Any], entity: Entity) -> Iterator[str]:
    requested = list(_requested(world, source, entity, "search"))
    if source.value.search is None:
        first = next((item for item in entity.members if _is_searched(item)), None)
        if first is not None:
            yield first.column
    for place, index, name in requested:
        member = _exposed(world, place, ("search", index), entity, name)
        if member is None:
            continue
        if member.kind != "text":
            world.problems.error(
                place.at("search", index), f"{name} is not text", "search looks in text only"
            )
            continue
        yield member.column


def _is_searched(member: Member) -> bool:
    return member.exposed and member.kind == "text" and member.sql_type.startswith("varchar")


def _order(world: World, source: Declared[Any], entity: Entity) -> Iterator[tuple[str, str]]:
    columns = []
    if source.value.order is None and entity.timestamps != "none":
        columns.append((world.column_name("created_at"), "desc"))
    for index, item in enumerate(source.value.order or ()):
        member = _exposed(world, source, ("order", index), entity, item.field)
        if member is not None:
            columns.append((member.column, "desc" if item.descending else "asc"))
    yield from columns
    for key in entity.key:
        if key not in [column for column, _ in columns]:
            yield (key, "asc")


def _exposed(
    world: World, place: Declared[Any], path: tuple[str | int, ...], entity: Entity, name: str
) -> Member | None:
    known = [item.word for item in entity.members if item.exposed]
    for member in entity.members:
        if name in (member.word, member.column, member.name):
            if not member.exposed:
                world.problems.error(place.at(*path), f"{name} is never exposed", "remove it")
                return None
            return member
    world.problems.error(
        place.at(*path),
        f"{entity.name} has no column {name}",
        did_you_mean(name, [*known, *entity.relations]),
    )
    return None
