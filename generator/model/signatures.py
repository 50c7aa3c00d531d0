"""Signatures of declared operations, made before any body, so that operations can call each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.expressions import types
from generator.model.access import declared_access, idempotency_of, rate_limit_of
from generator.model.combining import Declared
from generator.model.crud import paging
from generator.model.elements.members import Member
from generator.model.elements.operations import Crud, Operation, Output, Route
from generator.model.elements.views import Shape, View
from generator.model.emitted import KERNEL_NAMES
from generator.model.members import resolve_member
from generator.model.overrides import changed_route, has_body, inferred_input
from generator.model.world import World
from generator.plan.names import names_of
from generator.plan.routes import PARAMETER
from generator.plan.values import TypeLine
from generator.problems import did_you_mean


def declare_operations(
    world: World, views: dict[str, View], shapes: dict[str, Shape], inferred: Mapping[str, Operation]
) -> list[Operation]:
    """The signatures of all declared operations; inline outputs are added to ``shapes``.

    Args:
        world: the state of the resolution.
        views: views by name.
        shapes: shapes by name.
        inferred: operations that resources and state machines bring, by id.

    Returns:
        Operations without bodies, in the plan's order; none that only changes an inferred one.
    """
    declared = []
    for service, operations in world.combined.operations.items():
        for name, place in operations.items():
            former = inferred.get(f"{service}.{name}")
            if former is None or has_body(place.value):
                declared.append(_signature(world, place, service, name, views, shapes, former))
    return declared


def _signature(
    world: World,
    place: Declared[Any],
    service: str,
    name: str,
    views: dict[str, View],
    shapes: dict[str, Shape],
    former: Operation | None,
) -> Operation:
    declared = place.value
    pascal = names_of(snake_case(name)).pascal
    if former is not None and declared.input is None:
        members = inferred_input(world, place, former)
    else:
        members = _input(world, place, shapes)
    if declared.crud is not None and declared.crud.kind == "list":
        members = (*members, *_paging(world, place, members))
    output = _output(world, place, f"{names_of(snake_case(service)).pascal}{pascal}Output", views, shapes)
    if former is not None and declared.output is None:
        output = former.output
    if output.kind == "page" and declared.crud is not None and declared.crud.page == "cursor":
        output = replace(output, kind="cursor_page")
    world.shapes[f"{service}.{name} input"] = types.Shape(
        f"{service}.{name} input",
        {
            item.word: types.Member(item.word, item.type, json=item.json, absent=item.type.optional)
            for item in members
        },
    )
    if declared.slot is None and declared.steps is None and declared.crud is None:
        world.problems.error(
            place.at(), f"{service}.{name} has no body", "give it one of crud, steps and slot"
        )
    return Operation(
        id=f"{service}.{name}",
        service=service,
        name=name,
        function=former.function if former else _function(world, service, name),
        title=declared.title or (former.title if former else names_of(snake_case(name)).title),
        kind=next((name for name in ("slot", "crud") if getattr(declared, name) is not None), "steps"),
        entity=None,
        input=members,
        input_many=(),
        input_name=f"{pascal}Input",
        output=output,
        errors=(),
        writes=False,
        route=_route(world, place, members, output, former.route if former else None),
        transaction=declared.transaction,
        gives_failure=declared.failure == "result",
        as_system=declared.runs_as == "system",
        crud=_crud(world, place) if declared.crud is not None else None,
        feature=place.feature.name,
    )


def _crud(world: World, place: Declared[Any]) -> Crud | None:
    """What a standard operation is about, which policies at its use read; the rest is checked later."""
    written = place.value.crud
    if not world.known_entity(place, ("crud", written.kind), written.entity):
        return None
    if written.kind == "restore" and not world.combined["entities"][written.entity].value.soft_delete:
        world.problems.error(
            place.at("crud"), f"{written.entity} cannot be restored", "add `soft_delete: true` to it"
        )
    return Crud(written.kind, written.entity)


def _paging(world: World, place: Declared[Any], members: tuple[Member, ...]) -> tuple[Member, ...]:
    """What a list takes beside its inputs."""
    added = paging(place.value.crud.page)
    for member in members:
        if member.word in {each.word for each in added}:
            world.problems.error(
                place.at("input", member.word), f"a list takes {member.word} anyway", "remove it"
            )
    return added


def _input(world: World, place: Declared[Any], shapes: dict[str, Shape]) -> tuple[Member, ...]:
    declared = place.value.input
    if declared is None:
        return ()
    if declared.type is None:
        return tuple(
            resolve_member(world, place.below(field, "input", key), key)
            for key, field in (declared.fields or {}).items()
        )
    line = declared.type
    if line.name == "named" and line.arguments[0] in shapes:
        return shapes[line.arguments[0]].members
    world.problems.error(
        place.at("input", value=True), f"{line} is no schema with fields", did_you_mean(str(line), shapes)
    )
    return ()


def _output(
    world: World, place: Declared[Any], name: str, views: dict[str, View], shapes: dict[str, Shape]
) -> Output:
    declared = place.value.output
    if declared is None:
        return Output("none")
    if declared.type is None:
        members = tuple(
            resolve_member(world, place.below(field, "output", key), key)
            for key, field in declared.fields.items()
        )
        shapes[name] = Shape(name, members)
        world.shapes[name] = types.Shape(
            name, {item.word: types.Member(item.word, item.type, json=item.json) for item in members}
        )
        return Output("shape", name)
    line: TypeLine = declared.type
    if line.name in ("list", "page") and line.inner is not None:
        item, shape = _shape_kind(world, place, line.inner, views, shapes)
        return Output(line.name, shape, item)  # type: ignore[arg-type]
    item, shape = _shape_kind(world, place, line, views, shapes)
    return Output(item, shape)


def _shape_kind(
    world: World, place: Declared[Any], line: TypeLine, views: dict[str, View], shapes: dict[str, Shape]
) -> tuple[Any, str]:
    name = line.arguments[0] if line.name == "named" else str(line)
    if name in views:
        return "view", name
    if name not in shapes:
        known = [*shapes, *views]
        world.problems.error(
            place.at("output", value=True), f"no schema or entity is called {name}", did_you_mean(name, known)
        )
    return "shape", name


def _route(
    world: World,
    place: Declared[Any],
    members: tuple[Member, ...],
    output: Output,
    former: Route | None,
) -> Route | None:
    if former is not None and former.access == "tenant":
        # That the inferred body needs a tenant says nothing of this one.
        former = replace(former, access="actor")
    http = place.value.http
    if http is None:
        return former
    if former is not None:
        return changed_route(world, place, former, {item.word: item.json for item in members})
    if http.route is None or http.method is None:
        return None
    path = http.route.split(" ", 1)[-1]
    parameters = tuple(PARAMETER.findall(path))
    known = [member.word for member in members]
    for parameter in parameters:
        if parameter not in known:
            world.problems.error(
                place.at("http", value=True),
                f"path parameter {parameter} is no input",
                did_you_mean(parameter, known),
            )
    bodies = (*(place.value.steps or ()), *((place.value.crud,) if place.value.crud else ()))
    creates = any(body.kind == "create" for body in bodies)
    status = http.status
    if status is None:
        status = 201 if http.method == "POST" and creates else 204 if output.kind == "none" else 200
    return Route(
        http.method.lower(),
        world.json_path(path),
        status,
        parameters,
        declared_access(world, place, http.access, "http"),
        rate_limit_of(world, place, http.rate_limit, {item.word: item.json for item in members}),
        idempotency_of(world, place, http, place.value.transaction),
    )


def _function(world: World, service: str, name: str) -> str:
    """The function of an operation: its name, with the service's where code uses that name already."""
    taken = {names_of(entity).plural_camel for entity in world.combined["entities"]}
    return f"{name}{names_of(snake_case(service)).pascal}" if name in KERNEL_NAMES | taken else name


def snake_case(name: str) -> str:
    """``suggestNext`` as ``suggest_next``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
