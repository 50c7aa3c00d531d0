"""The operations that a resource and a state machine bring, with the errors that follow from constraints."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from generator.expressions.types import Type
from generator.model.access import (
    READS,
    declared_access,
    idempotency_of,
    policy_of,
    rate_limit_of,
    with_access,
)
from generator.model.computed import columns_behind
from generator.model.elements.entities import Entity, Resource, Transition
from generator.model.elements.members import Member
from generator.model.elements.operations import Operation, Output, Route
from generator.model.elements.steps import Step
from generator.model.overrides import with_changes
from generator.model.rules import transition_place
from generator.model.world import World

METHODS = {
    "list": "get",
    "get": "get",
    "create": "post",
    "update": "patch",
    "delete": "delete",
    "restore": "post",
}


STATUS = {"create": 201, "delete": 204}


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
            yield _allowed(world, entity, _operation(world, entity, resource, name))
    if entity.states is not None:
        for transition in entity.states.transitions:
            if transition.published:
                yield _allowed(world, entity, _transition(world, entity, transition))


def _allowed(world: World, entity: Entity, operation: Operation) -> Operation:
    """An operation with who may call it: what the resource says, or the transition."""
    place = world.combined["entities"][entity.name]
    written = place.value.resource
    source = place.below(written, "resource")
    route = operation.route
    if route is not None:
        access = route.access
        if access is None:
            access = declared_access(world, source, written.access if written else None, "access")
        operation = replace(operation, route=replace(route, access=access))
    policy = None
    transition = operation.transition
    if transition is not None and transition.policy is not None:
        declared = transition_place(world, entity.name, transition.name)
        policy = policy_of(world, declared, ("policy",), transition.policy, operation)
    elif written is not None:
        key = "read" if operation.name in READS else "write"
        key = key if key in written.policy else "all"
        if key in written.policy:
            policy = policy_of(world, source, ("policy", key), written.policy[key], operation)
    operation = with_changes(world, replace(operation, policy=policy))
    return with_access(world, operation, {entity.name: entity})


def _operation(world: World, entity: Entity, resource: Resource, name: str) -> Operation:
    item = item_path(entity) if name in ("get", "update", "delete", "restore") else ""
    path = resource.path + item + ("/restore" if name == "restore" else "")
    singular, plural = entity.names.pascal, entity.names.plural_pascal
    output = Output("view", resource.view)
    if name == "list":
        output = Output("cursor_page" if resource.page == "cursor" else "page", resource.view, "view")
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
        errors=crud_errors(world, entity, name),
        writes=name not in ("list", "get"),
        route=Route(METHODS[name], path, STATUS.get(name, 200), entity.key_words if item else ()),
        feature=entity.feature,
        touches=(entity.name,),
    )


def item_path(entity: Entity) -> str:
    """The end of the path of one row: ``/{id}``, or all members of a composite key."""
    return "".join(f"/{{{member.json}}}" for member in entity.key_members)


def _input(world: World, entity: Entity, resource: Resource, name: str) -> Iterator[Member]:
    if name in ("get", "update", "delete", "restore"):
        yield from entity.key_members
    if name == "list":
        for item in resource.filters:
            optional = item.type.with_optional(True)
            yield Member(item.name, item.column, item.json, optional, written=item.name)
        if resource.search:
            yield Member("search", "search", "search", Type("text", optional=True))
        if resource.sorts:
            yield Member("sort", "sort", "sort", Type("text", optional=True))
        yield Member("limit", "limit", "limit", Type("int", optional=True))
        start = Type("text" if resource.page == "cursor" else "int", optional=True)
        yield Member(resource.page, resource.page, resource.page, start)
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
        input=(*entity.key_members, *version),
        input_many=(),
        input_name=None,
        output=Output("view", resource.view if resource else entity.name),
        errors=tuple(_transition_errors(entity, transition)),
        writes=True,
        route=_transition_route(world, entity, transition, path),
        transition=transition,
        feature=entity.feature,
        touches=(entity.name,),
    )


def _transition_route(world: World, entity: Entity, transition: Transition, base: str) -> Route:
    inferred = f"POST {base}{item_path(entity)}/{transition.name.replace('_', '-')}"
    method, path = (transition.route or inferred).split(" ", 1)
    route = Route(method.lower(), world.json_path(path), transition.status, entity.key_words)
    place = transition_place(world, entity.name, transition.name)
    http = place.value.http
    if http is None or http == "none":
        return route
    inputs = {member.word: member.json for member in entity.key_members}
    return replace(
        route,
        access=http.access,
        limit=rate_limit_of(world, place, http.rate_limit, inputs),
        idempotency=idempotency_of(world, place, http),
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
    if entity.type.guarded:
        yield "FORBIDDEN"


def write_errors(entity: Entity, columns: Collection[str] | None = None) -> Iterator[str]:
    """The errors that writing a row of an entity can raise by its constraints.

    Args:
        entity: the entity.
        columns: what is written; None means a whole row.

    Yields:
        Error codes, each once.
    """
    codes = ["VALIDATION_FAILED"]
    members = {member.column: member for member in entity.members}
    if any(member.reference for member in entity.members if columns is None or member.column in columns):
        codes.append("CONFLICT")
    if (entity.many or entity.key != ("id",)) and columns is None:
        codes.append("CONFLICT")
    if any(item.currency and (columns is None or item.column in columns) for item in entity.members):
        codes.append("CURRENCY_MISMATCH")
    for unique in entity.uniques:
        if columns is None or set(unique.columns) & set(columns):
            codes.append(unique.error)
    for exclusion in entity.exclusions:
        if columns is None or set(exclusion.columns) & set(columns):
            codes.append(exclusion.error)
    for check in entity.checks:
        if columns is None or columns_behind(check.rule, members).keys() & set(columns):
            codes.append(check.error)
    if any(
        _is_guarded(entity, member)
        for member in entity.members
        if columns is None or member.column in columns
    ):
        codes.append("NOT_FOUND")
    if columns is None and any(relation.guarded for relation in entity.many):
        codes.append("NOT_FOUND")
    if entity.type.guarded:
        codes.append("FORBIDDEN")
    yield from dict.fromkeys(codes)


def errors_of_steps(steps: Iterable[Step], entities: Mapping[str, Entity]) -> Iterator[str]:
    """What the database may refuse when steps write.

    Args:
        steps: checked steps.
        entities: entities by name.

    Yields:
        Error codes, possibly repeated.
    """
    for step in steps:
        if step.kind == "create" and step.entity:
            yield from write_errors(entities[step.entity])
        if step.kind in ("update", "transition") and step.entity:
            yield from write_errors(entities[step.entity], step.sets)
        if step.kind == "delete" and step.entity and not entities[step.entity].soft_delete:
            yield "IN_USE"


def _is_guarded(entity: Entity, member: Member) -> bool:
    """Whether a ref leads to rows that are not there for everybody."""
    return member.reference is not None and member.reference.guarded


def _is_restricted(world: World, name: str) -> bool:
    references = [member.reference for members in world.members.values() for member in members]
    return any(
        item is not None and item.entity == name and item.on_delete == "restrict" for item in references
    )


def crud_errors(world: World, entity: Entity, kind: str) -> tuple[str, ...]:
    """The errors of a standard operation, before what refuses callers.

    Args:
        world: the state of the resolution.
        entity: whose rows it is about.
        kind: list, get, create, update, delete or restore.

    Returns:
        Error codes, each once.
    """
    return tuple(_errors(entity, kind, _is_restricted(world, entity.name)))


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
