"""Operations that a resource or a state machine brings, as far as services say something else of them.

What a service says of such an operation replaces what was inferred, key by key. With a body it is one
of its own that has the name, the route and the shapes of the inferred one where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.model.access import declared_access, idempotency_of, policy_of, rate_limit_of
from generator.model.combining import Declared
from generator.model.elements.members import Member
from generator.model.elements.operations import Operation, Route
from generator.model.world import World
from generator.plan.routes import PARAMETER

OF_A_BODY = ("input", "output", "failure", "runs_as", "transaction")
"""What only a body can do otherwise."""


def said_of(world: World, operation: Operation) -> Declared[Any] | None:
    """What a service says of an inferred operation, if anything."""
    return world.combined.operations.get(operation.service, {}).get(operation.name)


def has_body(declared: Any) -> bool:
    """Whether an operation of a service has a body of its own."""
    return any(getattr(declared, key) is not None for key in ("crud", "steps", "slot"))


def with_changes(world: World, operation: Operation) -> Operation:
    """An inferred operation as a service without a body for it has it.

    Args:
        world: the state of the resolution.
        operation: as it was inferred, before what refuses callers is added to its errors.
    """
    place = said_of(world, operation)
    if place is None or has_body(place.value):
        return operation
    declared = place.value
    for key in OF_A_BODY:
        if key in declared.written:
            world.problems.error(
                place.at(key),
                f"{operation.id} has no body here that could do so",
                "give it one, or remove the key",
            )
    if declared.policy is not None:
        operation = replace(
            operation, policy=policy_of(world, place, ("policy",), declared.policy, operation)
        )
    inputs = {member.word: member.json for member in operation.input}
    route = operation.route
    if declared.http is not None and route is not None:
        operation = replace(operation, route=changed_route(world, place, route, inputs))
    return replace(operation, title=declared.title or operation.title)


def changed_route(world: World, place: Declared[Any], route: Route, inputs: Mapping[str, str]) -> Route:
    """An inferred route with what a service says of it.

    Args:
        world: the state of the resolution.
        place: the operation of the service.
        route: as it was inferred.
        inputs: JSON names of the inputs, by plan names.
    """
    http = place.value.http
    if http.route is not None and http.method is not None:
        path = http.route.split(" ", 1)[-1]
        wanted = set(route.parameters)
        if {*PARAMETER.findall(path)} != wanted:
            message = (
                f"the route of {place.path[-1]} has the parameters {', '.join(sorted(wanted)) or 'none'}"
            )
            world.problems.error(place.at("http", value=True), message, "name them all, and no others")
        route = replace(route, method=http.method.lower(), path=world.json_path(path))
    return replace(
        route,
        status=http.status or route.status,
        access=declared_access(world, place, http.access, "http") if http.access else route.access,
        limit=rate_limit_of(world, place, http.rate_limit, inputs) or route.limit,
        idempotency=(
            idempotency_of(world, place, http) if "idempotency" in http.written else route.idempotency
        ),
    )


def inferred_input(world: World, place: Declared[Any], inferred: Operation) -> tuple[Member, ...]:
    """The input of an inferred operation for a body that says none of its own."""
    if inferred.kind == "list" or inferred.input_many:
        world.problems.error(
            place.at(), f"{inferred.id} takes more than fields", "say its `input` and its `output`"
        )
    return inferred.input
