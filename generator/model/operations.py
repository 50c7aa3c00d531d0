"""Declared services: their operations with bodies, those that are called before those that call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.model.access import certainty, policy_of, with_access
from generator.model.bodies import BodyChecker
from generator.model.catalogue import UNWRITTEN
from generator.model.combining import Declared
from generator.model.crud import complete_crud
from generator.model.elements.entities import Entity
from generator.model.elements.operations import Operation, Output, Service
from generator.model.elements.views import View
from generator.model.identity import callers
from generator.model.inferred import errors_of_steps
from generator.model.rules import entities_in
from generator.model.signatures import snake_case
from generator.model.slots import complete_slot
from generator.model.transition_steps import with_effects
from generator.model.world import World
from generator.plan.names import names_of

DEEPEST_CALLS = 100
"""Operations that call one another; all of it is one transaction."""


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
    return {name: with_effects(world, operation, finished) for name, operation in finished.items()}


def resolve_services(world: World, operations: dict[str, Operation]) -> tuple[Service, ...]:
    """Declared services with their operations.

    Args:
        world: the state of the resolution.
        operations: all operations by id.

    Returns:
        Services in the plan's order.
    """
    services = []
    offering = {operation.service for operation in operations.values() if operation.entity is not None}
    for name, place in world.combined.services.items():
        own = tuple(
            operations[f"{name}.{key}"]
            for key in world.combined.operations[name]
            if operations[f"{name}.{key}"].entity is None
        )
        title = place.value.title or names_of(snake_case(name)).title
        # The files of an entity have its name already.
        names = names_of(f"{snake_case(name)}_actions" if name in offering else snake_case(name))
        if own:
            services.append(Service(name, names, title, own))
    return tuple(services)


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
        if len(path) > DEEPEST_CALLS:
            message = f"operations call each other more than {DEEPEST_CALLS} deep"
            world.problems.error(place.at(), message, "call fewer in one another")
            state[identity] = "done"
            return
        steps = list(place.value.steps or ())
        if place.value.slot is not None and not isinstance(place.value.slot.fallback, str):
            steps.extend(place.value.slot.fallback.steps or ())
        for called in _calls(world, steps):
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
    functions = {operations[name].function for name in _calls(world, declared.steps or ())}
    models = frozenset(entity.names.plural_camel for entity in entities.values())
    taken = models | functions | {operation.function}
    who = callers(world, certainty(operation.route.access if operation.route else None))
    checker = BodyChecker(
        world, place, operation.id, f"{operation.id} input", operation.output, operations, taken, who
    )
    if operation.as_system and operation.transaction == "none":
        world.problems.error(
            place.at("runs_as"), "what the service does by itself has a transaction", "remove one of the two"
        )
    if declared.policy is not None and operation.entity is None:
        policy = policy_of(world, place, ("policy",), declared.policy, operation)
        operation = replace(operation, policy=policy)
    reads = _output_entities(views, operation.output)
    if declared.crud is not None:
        operation = complete_crud(world, place, operation, entities, views, reads)
        _check_errors(world, place, operation)
        return operation
    if declared.steps is None:
        if declared.slot is None:
            _check_errors(world, place, operation)
            return operation
        operation = complete_slot(world, place, operation, checker, reads, entities)
        return with_access(world, operation, entities)
    body, progress = checker.check(declared.steps, ("steps",))
    codes = tuple(
        dict.fromkeys(("VALIDATION_FAILED", *progress.errors, *errors_of_steps(body.steps, entities)))
    )
    touches = tuple(dict.fromkeys((*progress.touches, *reads)))
    operation = replace(operation, body=body, errors=codes, writes=progress.writes, touches=touches)
    operation = with_access(world, operation, entities)
    _check_errors(world, place, operation)
    return operation


def _check_errors(world: World, place: Declared[Any], operation: Operation) -> None:
    """Whether the errors that the plan writes are those that the body raises."""
    written = place.value.errors
    told = [code for code in operation.errors if code not in UNWRITTEN]
    if written is not None and set(written) != set(told):
        world.problems.error(
            place.at("errors"),
            f"{operation.id} raises {', '.join(sorted(told))}",
            "write the same list, or leave it to be computed",
        )


def _output_entities(views: Mapping[str, View], output: Output) -> list[str]:
    view = views.get(output.name or "")
    if view is None:
        return []
    computed = [name for derived in view.derived for name in entities_in(derived.expression)]
    included = [name for include in view.includes for name in include.entities]
    return [view.entity, *included, *(related.via for related in view.through), *computed]


def _calls(world: World, steps: Iterable[Any]) -> Iterator[str]:
    """The declared operations that steps call, those that transitions bring included."""
    for step in steps:
        if step.kind == "call" and _is_declared(world, step.subject):
            yield step.subject
        if step.kind == "transition":
            for (_, name), effects in world.effects.items():
                if name == step.using:
                    yield from (called for called in effects.calls if _is_declared(world, called))


def _is_declared(world: World, identity: str) -> bool:
    service, _, name = identity.partition(".")
    return name in world.combined.operations.get(service, {})
