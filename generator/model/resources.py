"""Resources: how clients reach an entity, and the operations that follow from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from generator.expressions.typed import Field, Typed, parts
from generator.expressions.types import Type
from generator.model.combining import Declared
from generator.model.elements import (
    Entity,
    Filter,
    Member,
    Operation,
    Output,
    Resource,
    Route,
    Transition,
    View,
)
from generator.model.world import World
from generator.problems import did_you_mean

DEFAULT_OPERATIONS = ("list", "get", "create", "update", "delete")
FILTERED = ("enum", "bool", "date", "instant")
DEFAULT_LIMIT = 20
GREATEST_LIMIT = 100
METHODS = {
    "list": "get",
    "get": "get",
    "create": "post",
    "update": "patch",
    "delete": "delete",
    "restore": "post",
}
STATUS = {"create": 201, "delete": 204}


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
    return Resource(
        path=declared.path or f"/{entity.names.plural_kebab}",
        operations=operations,
        filters=tuple(dict.fromkeys(_filters(world, source, entity))),
        sorts=tuple(dict.fromkeys(_sorts(world, source, entity))),
        search=tuple(dict.fromkeys(_search(world, source, entity))),
        order=tuple(_order(world, source, entity)),
        view=view,
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
    relations = {item.name for item in entity.many}
    for place, index, name in _requested(world, source, entity, "filter"):
        if name in relations:
            yield Filter(name, world.json_name(name), name, "has", Type("uuid"))
            continue
        found = _exposed(world, place, ("filter", index), entity, name)
        if found is not None:
            yield from _filters_of(world, found)


def _is_filtered(member: Member) -> bool:
    kind = bool(member.reference) or member.kind in FILTERED
    return member.exposed and kind and member.role in ("data", "ref", "state")


def _filters_of(world: World, member: Member) -> Iterator[Filter]:
    type_ = member.type.required()
    yield Filter(member.column, member.json, member.column, "equal", type_)
    if member.kind in ("date", "instant"):
        for suffix in ("from", "before"):
            name = f"{member.column}_{suffix}"
            yield Filter(name, world.json_name(name), member.column, suffix, type_)


def _sorts(world: World, source: Declared[Any], entity: Entity) -> Iterator[tuple[str, str]]:
    requested = list(_requested(world, source, entity, "sort"))
    if source.value.sort is None and entity.timestamps != "none":
        yield (world.json_name("created_at"), "created_at")
    for place, index, name in requested:
        member = _exposed(world, place, ("sort", index), entity, name)
        if member is not None:
            yield (member.json, member.column)


def _search(world: World, source: Declared[Any], entity: Entity) -> Iterator[str]:
    requested = list(_requested(world, source, entity, "search"))
    if source.value.search is None:
        first = next(
            (item for item in entity.members if item.sql_type.startswith("varchar") and item.exposed), None
        )
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


def _order(world: World, source: Declared[Any], entity: Entity) -> Iterator[tuple[str, str]]:
    columns = []
    if source.value.order is None and entity.timestamps != "none":
        columns.append(("created_at", "desc"))
    for index, item in enumerate(source.value.order or ()):
        member = _exposed(world, source, ("order", index), entity, item.field)
        if member is not None:
            columns.append((member.column, "desc" if item.descending else "asc"))
    yield from columns
    if "id" not in [column for column, _ in columns]:
        yield ("id", "asc")


def _exposed(
    world: World, place: Declared[Any], path: tuple[str | int, ...], entity: Entity, name: str
) -> Member | None:
    known = [item.column for item in entity.members if item.exposed]
    for member in entity.members:
        if name in (member.column, member.name):
            if not member.exposed:
                world.problems.error(place.at(*path), f"{name} is never exposed", "remove it")
                return None
            return member
    world.problems.error(
        place.at(*path),
        f"{entity.name} has no column {name}",
        did_you_mean(name, [*known, *(item.name for item in entity.many)]),
    )
    return None


def resource_operations(world: World, entity: Entity) -> Iterator[Operation]:
    """The operations that a resource and a state machine bring.

    Args:
        world: the state of the resolution.
        entity: an entity whose ``resource`` is set, if it has one.

    Yields:
        list, get, create, update, delete and restore as far as asked for, then one for each transition.
    """
    resource = entity.resource
    if resource is not None:
        for name in resource.operations:
            yield _operation(world, entity, resource, name)
    if entity.states is not None:
        for transition in entity.states.transitions:
            if transition.published:
                yield _transition(world, entity, transition)


def _operation(world: World, entity: Entity, resource: Resource, name: str) -> Operation:
    item = "/{id}" if name in ("get", "update", "delete", "restore") else ""
    path = resource.path + item + ("/restore" if name == "restore" else "")
    singular, plural = entity.names.pascal, entity.names.plural_pascal
    output = Output("page", resource.view, "view") if name == "list" else Output("view", resource.view)
    one = with_article(entity.names.title.lower())
    titles = {
        "list": f"List {entity.names.plural_title.lower()}",
        "get": f"Get {one}",
        "create": f"Create {one}",
        "update": f"Change {one}",
        "delete": f"Delete {one}",
        "restore": f"Restore {one}",
    }
    return Operation(
        id=f"{entity.names.camel}.{name}",
        service=entity.names.camel,
        name=name,
        function=f"{name}{plural if name == 'list' else singular}",
        title=titles[name],
        kind=name,  # type: ignore[arg-type]
        entity=entity.name,
        input=tuple(_input(world, entity, resource, name)),
        input_many=entity.many if name in ("create", "update") else (),
        input_name=None,
        output=Output("none") if name == "delete" else output,
        errors=tuple(_errors(entity, name, _is_restricted(world, entity.name))),
        writes=name not in ("list", "get"),
        route=Route(METHODS[name], path, STATUS.get(name, 200), ("id",) if item else ()),
        feature=entity.feature,
        touches=(entity.name,),
    )


def _input(world: World, entity: Entity, resource: Resource, name: str) -> Iterator[Member]:
    key = replace(entity.member("id"), required=True, write="always")
    if name in ("get", "update", "delete", "restore"):
        yield key
    if name == "list":
        for item in resource.filters:
            yield Member(item.name, item.column, item.json, item.type.with_optional(True))
        if resource.search:
            yield Member("search", "search", "search", Type("text", optional=True))
        if resource.sorts:
            yield Member("sort", "sort", "sort", Type("text", optional=True))
        for word in ("limit", "offset"):
            yield Member(word, word, word, Type("int", optional=True))
    if name in ("create", "update"):
        for member in entity.members:
            if member.role not in ("data", "ref") or member.write == "never":
                continue
            if name == "update":
                if member.write == "always":
                    yield replace(member, required=False, default=None, type=member.type.with_optional(True))
            else:
                given = member.required and member.default is None
                yield replace(member, required=given, type=member.type.with_optional(not given))
    if name == "update" and entity.versioned:
        yield replace(entity.member("version"), write="always")


def _transition(world: World, entity: Entity, transition: Transition) -> Operation:
    resource = entity.resource
    path = resource.path if resource else f"/{entity.names.plural_kebab}"
    version = (
        [replace(entity.member("version"), required=False, type=Type("int", optional=True))]
        if entity.versioned
        else []
    )
    title = f"{transition.name.replace('_', ' ').capitalize()} {with_article(entity.names.title.lower())}"
    return Operation(
        id=f"{entity.names.camel}.{transition.name}",
        service=entity.names.camel,
        name=transition.name,
        function=f"{_camel(transition.name)}{entity.names.pascal}",
        title=title,
        kind="transition",
        entity=entity.name,
        input=(entity.member("id"), *version),
        input_many=(),
        input_name=None,
        output=Output("view", resource.view if resource else entity.name),
        errors=tuple(_transition_errors(entity, transition)),
        writes=True,
        route=Route("post", f"{path}/{{id}}/{transition.name.replace('_', '-')}", 200, ("id",)),
        transition=transition,
        feature=entity.feature,
        touches=(entity.name,),
    )


def _transition_errors(entity: Entity, transition: Transition) -> Iterator[str]:
    yield from ("VALIDATION_FAILED", "NOT_FOUND", "INVALID_TRANSITION")
    if transition.guard is not None and transition.error != "INVALID_TRANSITION":
        yield transition.error
    if entity.versioned:
        yield "VERSION_CONFLICT"
    for check in entity.checks:
        if check.error not in ("VALIDATION_FAILED", transition.error):
            yield check.error


def write_errors(entity: Entity, columns: Collection[str] | None = None) -> Iterator[str]:
    """The errors that writing a row of an entity can raise by its constraints.

    Args:
        entity: the entity.
        columns: what is written; None means a whole row.

    Yields:
        Error codes, each once.
    """
    codes = ["VALIDATION_FAILED"]
    if any(member.reference for member in entity.members if columns is None or member.column in columns):
        codes.append("CONFLICT")
    if entity.many and columns is None:
        codes.append("CONFLICT")
    for unique in entity.uniques:
        if columns is None or set(unique.columns) & set(columns):
            codes.append(unique.error)
    for check in entity.checks:
        if columns is None or set(columns_in(check.rule)) & set(columns):
            codes.append(check.error)
    yield from dict.fromkeys(codes)


def columns_in(typed: Typed) -> Iterator[str]:
    """The columns of the row that an expression reads, possibly repeated."""
    if isinstance(typed, Field) and typed.member.column is not None:
        yield typed.member.column
    for part in parts(typed):
        yield from columns_in(part)


def _is_restricted(world: World, name: str) -> bool:
    references = [member.reference for members in world.members.values() for member in members]
    return any(
        item is not None and item.entity == name and item.on_delete == "restrict" for item in references
    )


def _errors(entity: Entity, name: str, restricted: bool) -> Iterator[str]:
    codes = ["VALIDATION_FAILED"]
    if name in ("get", "update", "delete", "restore"):
        codes.append("NOT_FOUND")
    if name in ("create", "update", "restore"):
        codes.extend(write_errors(entity))
    if name == "update" and entity.versioned:
        codes.append("VERSION_CONFLICT")
    if name == "delete" and restricted and not entity.soft_delete:
        codes.append("IN_USE")
    yield from dict.fromkeys(codes)


def with_article(title: str) -> str:
    """``task`` as ``a task``."""
    return f"{'an' if title[:1] in 'aeiou' else 'a'} {title}"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
