"""Who may call an operation: policies at their use, and what an operation has to know of its caller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal

from generator.expressions import types
from generator.expressions.typed import TOP, Root
from generator.expressions.types import BOOL, Binding, Type
from generator.model.combining import Declared
from generator.model.elements.access import Access, Policy, RateLimit
from generator.model.elements.entities import Entity
from generator.model.elements.operations import Operation
from generator.model.identity import Certainty, rule_scope
from generator.model.literals import read_literal
from generator.model.world import World
from generator.plan.routes import Http
from generator.plan.routes import RateLimit as WrittenRateLimit
from generator.plan.values import Value
from generator.problems import did_you_mean

READS = ("list", "get")
OF_ROW = ("get", "update", "delete", "restore", "transition")


def certainty(access: str | None) -> Certainty:
    """Whether who calls is known in an operation: it is, unless anybody may call."""
    return "perhaps" if access == "public" else "known"


def policy_of(
    world: World, place: Declared[Any], path: tuple[str | int, ...], name: str, operation: Operation
) -> Policy | None:
    """Check a policy in the scope of an operation.

    Args:
        world: the state of the resolution.
        place: the piece that names the policy, and `path` the way from there.
        name: the policy.
        operation: the operation it is for.

    Returns:
        The policy, or None when there is a problem.
    """
    shape = f"{operation.id} input"
    if shape not in world.shapes:
        members = {
            item.word: types.Member(item.word, item.type, json=item.json, absent=item.type.optional)
            for item in operation.input
        }
        world.shapes[shape] = types.Shape(shape, members)
    entity = operation.entity if operation.kind in OF_ROW else None
    if operation.crud is not None and operation.crud.kind in OF_ROW:
        entity = operation.crud.entity
    scope = rule_scope(world, entity, certainty(access_of(operation)))
    roots: dict[str, Binding] = {**scope.roots, "input": Binding(Type("shape", shape=shape), "input")}
    declared = world.combined["policies"].get(name)
    if declared is not None:
        world.known_error(declared, ("error",), declared.value.error)
    allow = world.check(place, path, f"policies.{name}", replace(scope, row=None, roots=roots), BOOL)
    if allow is None or declared is None:
        return None
    return Policy(name, allow, declared.value.error or "FORBIDDEN", TOP in allow.frames)


def access_of(operation: Operation) -> Access | None:
    """Who may call an operation over HTTP; None where the plan knows no callers."""
    return operation.route.access if operation.route is not None else None


def declared_access(world: World, place: Declared[Any], written: str | None, key: str) -> Access | None:
    """What `access` says, or what it is where nobody says."""
    if world.identity is None:
        if written == "actor":
            world.problems.error(place.at(key), "there is no actor", "add `identity`")
        return None
    return "public" if written == "public" else "actor"


def rate_limit_of(
    world: World, place: Declared[Any], written: WrittenRateLimit | None, inputs: Mapping[str, str]
) -> RateLimit | None:
    """How often a route may be called.

    Args:
        world: the state of the resolution.
        place: the route.
        written: what the plan says.
        inputs: JSON names of the operation's inputs, by plan names.

    Returns:
        The limit with JSON names, or None where there is none.
    """
    if written is None:
        return None
    known = {"ip": "ip", **({"actor": "actor"} if world.identity is not None else {}), **inputs}
    for name in written.by:
        if name not in known:
            message = f"{name} is no input, so that nothing can be counted by it"
            world.problems.error(place.at("http", "rate_limit"), message, did_you_mean(name, known))
    constant = read_literal(Value(text=written.per), Type("interval")).value
    assert isinstance(constant, int)
    world.counts_calls.add(place.feature.name)
    return RateLimit(written.count, constant, tuple(known.get(name, name) for name in written.by))


def idempotency_of(
    world: World, place: Declared[Any], http: Http, transaction: str = "auto"
) -> Literal["none", "optional", "required"]:
    """Whether a route takes keys that make a call happen once.

    Args:
        world: the state of the resolution.
        place: the operation or the transition.
        http: its route, as written.
        transaction: which transaction the operation has.

    Returns:
        What the plan says; a route that can have none is a problem.
    """
    at = place.at("http", "idempotency")
    if http.idempotency == "none":
        return "none"
    if http.method == "GET":
        world.problems.error(at, "a GET changes nothing, however often it is sent", "remove `idempotency`")
    if transaction == "none":
        about = "the key is kept with what the operation writes, in its transaction; this one has none"
        world.problems.error(at, about, "remove `idempotency`, or `transaction`")
    world.keeps_answers.add(place.feature.name)
    return http.idempotency


def with_access(world: World, operation: Operation, entities: Mapping[str, Entity]) -> Operation:
    """Add to an operation what it refuses because of who calls.

    Args:
        world: the state of the resolution.
        operation: an operation that is complete otherwise.
        entities: entities by name.

    Returns:
        The same operation; one that needs a tenant says so.
    """
    errors = dict.fromkeys(operation.errors)
    if operation.policy is not None:
        errors[operation.policy.error] = None
    if world.identity is None:
        return replace(operation, errors=tuple(errors))
    named = set(_roots((operation.body, operation.crud, operation.policy)))
    if named & {"scope", "member"}:
        errors["FORBIDDEN"] = None
    route = operation.route
    if route is not None and route.access != "public":
        errors["UNAUTHENTICATED"] = None
        tenant = named & {"scope", "member"} or any(entities[name].scope for name in operation.touches)
        if world.identity.scope is not None and tenant:
            route = replace(route, access="tenant")
    elif "actor" in named:
        errors["UNAUTHENTICATED"] = None
    return replace(operation, errors=tuple(errors), route=route)


def _roots(part: Any) -> Iterator[str]:
    """The names of who calls that anything in an operation reads."""
    if isinstance(part, Root) and part.name in ("actor", "scope", "member"):
        yield part.name
    if isinstance(part, Mapping):
        part = tuple(part.values())
    if isinstance(part, tuple):
        for item in part:
            yield from _roots(item)
    elif is_dataclass(part) and not isinstance(part, types.EntityType | types.Type | types.Member):
        for each in fields(part):
            yield from _roots(getattr(part, each.name))
