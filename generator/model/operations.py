"""Declared services: signatures first, so that operations can call each other, then bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.expressions import types
from generator.model.bodies import BodyChecker
from generator.model.combining import Declared
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.model.elements.operations import Operation, Output, Route, Service, Slot
from generator.model.elements.views import Shape, View
from generator.model.emitted import KERNEL_NAMES
from generator.model.inferred import in_json_case, write_errors
from generator.model.members import resolve_member
from generator.model.rules import entities_in
from generator.model.world import World
from generator.plan.names import names_of
from generator.plan.routes import PARAMETER
from generator.plan.values import TypeLine
from generator.problems import did_you_mean


def declare_operations(world: World, views: dict[str, View], shapes: dict[str, Shape]) -> list[Operation]:
    """The signatures of all declared operations; inline outputs are added to ``shapes``.

    Args:
        world: the state of the resolution.
        views: views by name.
        shapes: shapes by name.

    Returns:
        Operations without bodies, in the plan's order.
    """
    declared = []
    for service, operations in world.combined.operations.items():
        for name, place in operations.items():
            declared.append(_signature(world, place, service, name, views, shapes))
    return declared


def complete_operations(
    world: World, operations: dict[str, Operation], entities: dict[str, Entity], views: Mapping[str, View]
) -> dict[str, Operation]:
    """Check the bodies of declared operations.

    Args:
        world: the state of the resolution.
        operations: all operations by id, resources included; declared ones without bodies.
        entities: entities by name.
        views: views by name.

    Returns:
        All operations by id, complete.
    """
    finished = dict(operations)
    for identity in _called_first(world, operations):
        service, name = identity.split(".", 1)
        place = world.combined.operations[service][name]
        finished[identity] = _complete(world, place, finished[identity], finished, entities, views)
    return finished


def resolve_services(world: World, operations: dict[str, Operation]) -> tuple[Service, ...]:
    """Declared services with their operations.

    Args:
        world: the state of the resolution.
        operations: all operations by id.

    Returns:
        Services in the plan's order.
    """
    services = []
    for name, place in world.combined.services.items():
        own = tuple(operations[f"{name}.{key}"] for key in world.combined.operations[name])
        services.append(
            Service(name, names_of(_snake(name)), place.value.title or names_of(_snake(name)).title, own)
        )
    return tuple(services)


def _signature(
    world: World,
    place: Declared[Any],
    service: str,
    name: str,
    views: dict[str, View],
    shapes: dict[str, Shape],
) -> Operation:
    declared = place.value
    pascal = names_of(_snake(name)).pascal
    members: tuple[Member, ...] = ()
    if declared.input is not None and declared.input.type is not None:
        line = declared.input.type
        if line.name != "named" or line.arguments[0] not in shapes:
            world.problems.error(
                place.at("input", value=True),
                f"{line} is no schema with fields",
                did_you_mean(str(line), shapes),
            )
        else:
            members = shapes[line.arguments[0]].members
    elif declared.input is not None:
        members = tuple(
            resolve_member(world, place.below(field, "input", key), key)
            for key, field in (declared.input.fields or {}).items()
        )
    output = _output(world, place, f"{names_of(_snake(service)).pascal}{pascal}Output", views, shapes)
    world.shapes[f"{service}.{name} input"] = types.Shape(
        f"{service}.{name} input",
        {
            item.column: types.Member(item.column, item.type, json=item.json, absent=item.type.optional)
            for item in members
        },
    )
    if declared.slot is None and declared.steps is None:
        world.problems.error(
            place.at(), f"{service}.{name} has no body", "give it one of crud, steps and slot"
        )
    return Operation(
        id=f"{service}.{name}",
        service=service,
        name=name,
        function=_function(world, service, name),
        title=declared.title or names_of(_snake(name)).title,
        kind="slot" if declared.slot is not None else "steps",
        entity=None,
        input=members,
        input_many=(),
        input_name=f"{pascal}Input",
        output=output,
        errors=(),
        writes=False,
        route=_route(world, place, members, output),
        transaction=declared.transaction,
        feature=place.feature.name,
    )


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
            name, {item.column: types.Member(item.column, item.type, json=item.json) for item in members}
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


def _route(world: World, place: Declared[Any], members: tuple[Member, ...], output: Output) -> Route | None:
    http = place.value.http
    if http is None or http.route is None or http.method is None:
        return None
    path = http.route.split(" ", 1)[-1]
    parameters = tuple(PARAMETER.findall(path))
    known = {member.column for member in members}
    for parameter in parameters:
        if parameter not in known:
            world.problems.error(
                place.at("http", value=True),
                f"path parameter {parameter} is no input",
                did_you_mean(parameter, known),
            )
    creates = any(step.kind == "create" for step in place.value.steps or ())
    status = http.status
    if status is None:
        status = 201 if http.method == "POST" and creates else 204 if output.kind == "none" else 200
    return Route(http.method.lower(), in_json_case(world, path), status, parameters)


def _called_first(world: World, operations: dict[str, Operation]) -> Iterator[str]:
    """Declared operations so that each comes after those it calls; cycles are problems."""
    state: dict[str, str] = {}

    def visit(identity: str, path: tuple[str, ...]) -> Iterator[str]:
        if state.get(identity) == "done":
            return
        service, name = identity.split(".", 1)
        place = world.combined.operations[service][name]
        if state.get(identity) == "open":
            cycle = " calls ".join((*path[path.index(identity) :], identity))
            world.problems.error(place.at(), f"operations call each other in a cycle: {cycle}", "break it")
            return
        state[identity] = "open"
        steps = list(place.value.steps or ())
        if place.value.slot is not None and not isinstance(place.value.slot.fallback, str):
            steps.extend(place.value.slot.fallback.steps or ())
        for step in steps:
            called = step.subject
            if step.kind == "call" and _is_declared(world, called):
                yield from visit(called, (*path, identity))
        if state[identity] == "open":
            state[identity] = "done"
            yield identity

    for service, declared in world.combined.operations.items():
        for name in declared:
            yield from visit(f"{service}.{name}", ())


def _complete(
    world: World,
    place: Declared[Any],
    operation: Operation,
    operations: dict[str, Operation],
    entities: dict[str, Entity],
    views: Mapping[str, View],
) -> Operation:
    declared = place.value
    taken = frozenset(entity.names.plural_camel for entity in entities.values()) | {operation.function}
    checker = BodyChecker(
        world, place, operation.id, f"{operation.id} input", operation.output, operations, taken
    )
    reads = _output_entities(views, operation.output)
    if declared.steps is not None:
        body, progress = checker.check(declared.steps, ("steps",))
        errors = ["VALIDATION_FAILED", *progress.errors]
        for step in body.steps:
            if step.kind == "create" and step.entity:
                errors.extend(write_errors(entities[step.entity]))
            if step.kind in ("update", "transition") and step.entity:
                errors.extend(write_errors(entities[step.entity], step.sets))
            if step.kind == "delete" and step.entity and not entities[step.entity].soft_delete:
                errors.append("IN_USE")
        codes = tuple(dict.fromkeys(errors))
        if declared.errors is not None and set(declared.errors) != set(codes) - {"VALIDATION_FAILED"}:
            world.problems.error(
                place.at("errors"),
                f"{operation.id} raises {', '.join(sorted(set(codes) - {'VALIDATION_FAILED'}))}",
                "write the same list, or leave it to be computed",
            )
        touches = tuple(dict.fromkeys((*progress.touches, *reads)))
        return replace(operation, body=body, errors=codes, writes=progress.writes, touches=touches)
    if declared.slot is None:
        return operation
    return _with_slot(world, place, operation, checker, reads)


def _with_slot(
    world: World, place: Declared[Any], operation: Operation, checker: BodyChecker, reads: list[str]
) -> Operation:
    declared = place.value.slot
    source = place.below(declared, "slot")
    for key in ("may_read", "may_write"):
        for index, name in enumerate(getattr(declared, key)):
            world.known_entity(source, (key, index), name)
    for index, code in enumerate(declared.errors):
        world.known_error(source, ("errors", index), code)
    for index, name in enumerate(declared.may_call):
        if name not in checker.operations:
            world.problems.error(
                source.at("may_call", index),
                f"no operation is called {name}",
                did_you_mean(name, checker.operations),
            )
    known = _criteria_of(world, place)
    for index, identity in enumerate(declared.proven_by):
        if identity not in known:
            world.problems.error(
                source.at("proven_by", index),
                f"no criterion is called {identity}",
                did_you_mean(identity, known),
            )
    if not declared.proven_by:
        world.problems.error(
            source.at(), f"nothing proves {operation.id}", "name a criterion under `proven_by:`"
        )
    body, touches, writes = None, [*declared.may_read, *declared.may_write], bool(declared.may_write)
    if not isinstance(declared.fallback, str):
        body, progress = _body(checker, declared.fallback, ("slot", "fallback"))
        _refuse_undeclared(world, source, declared, progress.touches)
        writes = writes or progress.writes
    wrong = {
        name: _body(checker, variant, ("slot", "wrong", name))[0] for name, variant in declared.wrong.items()
    }
    errors = ["VALIDATION_FAILED", *declared.errors]
    if declared.fallback == "placeholder":
        errors.append("NOT_IMPLEMENTED")
    slot = Slot(
        id=operation.id,
        intent=declared.intent.strip(),
        may_read=declared.may_read,
        may_write=declared.may_write,
        may_call=declared.may_call,
        errors=declared.errors,
        proven_by=declared.proven_by,
        fallback=body,
        wrong=wrong,
    )
    return replace(
        operation,
        slot=slot,
        body=body,
        errors=tuple(dict.fromkeys(errors)),
        writes=writes,
        touches=tuple(dict.fromkeys((*touches, *reads))),
    )


def _body(checker: BodyChecker, body: Any, path: tuple[str | int, ...]) -> Any:
    if body.steps is not None:
        return checker.check(body.steps, (*path, "steps"))
    return checker.check_return(body.return_, (*path, "return"))


def _refuse_undeclared(world: World, source: Declared[Any], declared: Any, touched: list[str]) -> None:
    allowed = {*declared.may_read, *declared.may_write}
    for name in dict.fromkeys(touched):
        if name not in allowed:
            world.problems.error(
                source.at("fallback"),
                f"the fallback reads {name}, which the slot may not",
                f"add {name} to `may_read:`",
            )


def _criteria_of(world: World, place: Declared[Any]) -> list[str]:
    own = list(place.feature.plan.acceptance)
    return own + [name for name in world.combined.criteria if name not in own]


def _output_entities(views: Mapping[str, View], output: Output) -> list[str]:
    view = views.get(output.name or "")
    if view is None:
        return []
    computed = [name for derived in view.derived for name in entities_in(derived.expression)]
    return [view.entity, *(include.entity for include in view.includes), *computed]


def _function(world: World, service: str, name: str) -> str:
    """The function of an operation: its name, with the service's where code uses that name already."""
    taken = {names_of(entity).plural_camel for entity in world.combined["entities"]}
    return f"{name}{names_of(_snake(service)).pascal}" if name in KERNEL_NAMES | taken else name


def _is_declared(world: World, identity: str) -> bool:
    service, _, name = identity.partition(".")
    return name in world.combined.operations.get(service, {})


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
