"""Standard operations as bodies: `crud: list: Note` and its kin, on one entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.expressions.types import BOOL, Binding, Type
from generator.model.access import certainty, with_access
from generator.model.combining import Declared
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.model.elements.operations import Crud, Operation
from generator.model.elements.views import View
from generator.model.identity import callers
from generator.model.inferred import crud_errors
from generator.model.rules import entities_in
from generator.model.world import World
from generator.problems import did_you_mean

KEYED = ("get", "update", "delete", "restore")
"""What is about one row, which the input names by its key."""
COUNT, MARK = Type("int", optional=True, bits=32), Type("text", optional=True)
LIMIT = Member("limit", "limit", "limit", COUNT, "integer", minimum="1", maximum="100")
STARTS = {
    "offset": Member("offset", "offset", "offset", COUNT, "integer", minimum="0"),
    "cursor": Member("cursor", "cursor", "cursor", MARK, "text", min_length=1),
}
"""The input that says where a page starts, by the kind of page."""


def paging(page: str | None) -> tuple[Member, ...]:
    """The inputs of a list that say which page is wanted."""
    return (LIMIT, STARTS[page or "offset"])


def complete_crud(
    world: World,
    place: Declared[Any],
    operation: Operation,
    entities: Mapping[str, Entity],
    views: Mapping[str, View],
    reads: list[str],
) -> Operation:
    """Check a standard operation that a service declares.

    Args:
        world: the state of the resolution.
        place: where the operation is declared.
        operation: its signature, with its policy.
        entities: entities by name.
        views: views by name.
        reads: the entities that its output reads.

    Returns:
        The operation, complete.
    """
    written = place.value.crud
    entity = entities.get(written.entity)
    source = place.below(written, "crud")
    if entity is None:
        return operation
    _check_output(world, place, operation, entity, views)
    members = {member.word: member for member in entity.members}
    inputs = {member.word: member for member in operation.input}
    _check_input(world, place, written.kind, entity, inputs)
    where = None
    if written.where is not None:
        bound = callers(world, certainty(operation.route.access if operation.route else None))
        roots = {**bound, "input": Binding(Type("shape", shape=f"{operation.id} input"), "input")}
        scope = replace(world.scope(), row=entity.name, this=entity.name, roots=roots)
        where = world.check(source, ("where",), written.where, scope, BOOL)
    kept = tuple(name for name, item in inputs.items() if name in members and members[name].required)
    crud = Crud(written.kind, entity.name, where, tuple(_order(world, source, entity)), kept)
    touches = tuple(dict.fromkeys((entity.name, *reads, *entities_in(where))))
    operation = replace(
        operation,
        crud=crud,
        errors=crud_errors(world, entity, written.kind),
        writes=written.kind not in ("list", "get"),
        touches=touches,
    )
    if operation.transaction == "none" and operation.writes:
        world.problems.error(
            place.at("transaction"), f"`{written.kind}` writes in a transaction", "remove `transaction`"
        )
    return with_access(world, operation, entities)


def _check_output(
    world: World, place: Declared[Any], operation: Operation, entity: Entity, views: Mapping[str, View]
) -> None:
    kind, output = place.value.crud.kind, operation.output
    view = views.get(output.name or "")
    if kind == "delete":
        if output.kind != "none":
            world.problems.error(place.at("output"), "nothing is left of a deleted row", "remove `output`")
        return
    if kind == "list":
        fits = output.kind in ("page", "cursor_page") and view is not None and view.entity == entity.name
        wanted = f"page({entity.name})"
    else:
        fits = output.kind == "view" and view is not None and view.entity == entity.name
        fits, wanted = fits or (output.kind == "none" and kind != "get"), entity.name
    if not fits:
        given = place.at("output", value=True) if place.value.output is not None else place.at("crud", kind)
        message = f"`{kind}: {entity.name}` gives {'a page' if kind == 'list' else 'a row'} of {entity.name}"
        world.problems.error(given, message, f"write `output: {wanted}`, or a schema of {entity.name}")


def _check_input(
    world: World, place: Declared[Any], kind: str, entity: Entity, inputs: Mapping[str, Member]
) -> None:
    """Whether the input names the row, and gives it what it needs and may be given."""
    if kind in KEYED:
        for key in entity.key_members:
            _require(world, place, inputs, key, f"`{kind}: {entity.name}` needs {key.word} as an input")
    if kind == "update" and entity.versioned:
        message = f"{entity.name} has a version, which an update is decided on"
        _require(world, place, inputs, entity.member("version"), message)
    if kind not in ("create", "update"):
        return
    for member in entity.members:
        given = inputs.get(member.word)
        if given is None:
            lacks = member.role in ("data", "ref") and member.required and member.default is None
            if kind == "create" and lacks and member.write != "never":
                message = f"creating {entity.name} lacks {member.word}"
                world.problems.error(place.at("crud", kind), message, "give it under `input:`")
            continue
        if member.role == "version" or (kind == "update" and member.column in entity.key):
            continue
        if member.role not in ("data", "ref") or member.write not in _writable(kind):
            message = f"{entity.name}.{member.word} is nothing that `{kind}` writes"
            world.problems.error(place.at("input", member.word), message, "name the input otherwise")
        elif given.type.kind != member.type.kind:
            message = f"{member.word} is no value of {entity.name}.{member.word}"
            world.problems.error(
                place.at("input", member.word), message, f"write `{entity.name}.{member.word}`"
            )
        elif kind == "create" and given.type.optional and member.required and member.default is None:
            message = f"{member.word} may be unset, and {entity.name}.{member.word} is required"
            world.problems.error(place.at("input", member.word), message, "add `required`")


def _writable(kind: str) -> tuple[str, ...]:
    return ("always", "create") if kind == "create" else ("always",)


def _require(
    world: World, place: Declared[Any], inputs: Mapping[str, Member], key: Member, message: str
) -> None:
    given = inputs.get(key.word)
    if given is None or given.type.optional or given.type.kind != key.type.kind:
        line = f"{place.value.crud.entity}.{key.word}"
        world.problems.error(place.at("crud"), message, f"write `{key.word}: {line} required` under `input:`")


def _order(world: World, source: Declared[Any], entity: Entity) -> Iterator[tuple[str, str]]:
    for index, item in enumerate(source.value.order):
        member = world.member(entity.name, item.field)
        if member is None:
            known = [candidate.word for candidate in entity.members]
            message = f"{entity.name} has no column {item.field}"
            world.problems.error(source.at("order", index), message, did_you_mean(item.field, known))
            continue
        yield (member.column, "desc" if item.descending else "asc")
