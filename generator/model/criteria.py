"""Fixtures and acceptance criteria: data with types, and expressions over what was given and came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.expressions import types
from generator.expressions.kinds import words
from generator.expressions.types import Binding, Type
from generator.model.combining import Declared
from generator.model.elements.criteria import Criterion, Fixture, Given, Then
from generator.model.elements.entities import Entity
from generator.model.elements.operations import Operation
from generator.model.fixtures import (
    START,
    Roots,
    action_of,
    called_by,
    row_of,
    value_of,
    variable_of,
)
from generator.model.literals import read_literal
from generator.model.rules import entities_in
from generator.model.steps import result_type
from generator.model.turns import scope_of
from generator.model.world import World
from generator.plan.acceptance import Advance, GivenAction, GivenFixture, GivenRow
from generator.plan.values import Value
from generator.plan.writing import plain_data
from generator.problems import did_you_mean


def resolve_criteria(
    world: World,
    fixtures: tuple[Fixture, ...],
    entities: Mapping[str, Entity],
    operations: Mapping[str, Operation],
) -> tuple[Criterion, ...]:
    """Check the acceptance criteria.

    Args:
        world: the state of the resolution.
        fixtures: the fixtures.
        entities: entities by name.
        operations: operations by id.

    Returns:
        Criteria in the plan's order.
    """
    known = {fixture.name: fixture for fixture in fixtures}
    proving = _proving_slots(operations)
    return tuple(
        _criterion(world, identity, place, known, entities, operations, in_full=identity in proving)
        for identity, place in world.combined.criteria.items()
    )


def _proving_slots(operations: Mapping[str, Operation]) -> set[str]:
    """The ids of the criteria that prove slots; an id may stand without its feature."""
    slotted = [operation for operation in operations.values() if operation.slot is not None]
    return {
        identity
        for operation in slotted
        for name in (operation.slot.proven_by if operation.slot else ())
        for identity in (name, f"{operation.feature}/{name}")
    }


def _criterion(
    world: World,
    identity: str,
    place: Declared[Any],
    fixtures: Mapping[str, Fixture],
    entities: Mapping[str, Entity],
    operations: Mapping[str, Operation],
    *,
    in_full: bool,
) -> Criterion:
    declared = place.value
    roots = Roots()
    given: list[Given] = []
    used: list[str] = []
    for index, item in enumerate(declared.given):
        source = place.below(item, "given", index)
        if isinstance(item, GivenFixture):
            _bring(world, source, item.name, fixtures, roots, given, operations)
        elif isinstance(item, GivenRow):
            if item.entity not in entities:
                world.known_entity(source, ("entity",), item.entity)
                continue
            given.append(
                row_of(world, source, item.entity, item.set, item.as_, item.repeat, roots, entities, used)
            )
            if item.as_ is not None:
                roots[item.as_] = Binding(Type("row", entity=item.entity), variable_of(item.as_))
        elif isinstance(item, GivenAction):
            action = action_of(
                world, source, item.operation, item.kind == "http", item.send, roots, operations, used
            )
            action = called_by(world, source, action, item, roots, used)
            world.known_error(source, ("fails",), item.fails)
            binding = variable_of(item.as_) if item.as_ else None
            given.append(replace(action, binding=binding, repeat=item.repeat, fails=item.fails))
            if item.as_ is not None and item.operation in operations:
                roots[item.as_] = Binding(
                    result_type(operations[item.operation].output), variable_of(item.as_)
                )
        elif isinstance(item, Advance):
            milliseconds = read_literal(Value(text=item.advance), Type("interval")).value
            assert isinstance(milliseconds, int)
            given.append(Given("advance", milliseconds=milliseconds))
    actions = []
    for index, action in enumerate(declared.when):
        path = ("when", "together", index) if declared.together else ("when",)
        source = place.below(action, *path)
        done = action_of(
            world, source, action.operation, action.kind == "http", action.send, roots, operations, used
        )
        actions.append(called_by(world, source, done, action, roots, used))
    operation = operations.get(declared.when[0].operation) if declared.when else None
    then = _then(world, place.below(declared.then, "then"), roots, operation, declared.together)
    touched = [item.entity for item in given if item.entity]
    called = [
        operations[item.operation]
        for item in (*given, *actions)
        if item.operation is not None and item.operation in operations
    ]
    touched += [name for each in called for name in each.touches]
    touched += [name for typed in then.holds for name in entities_in(typed)]
    return Criterion(
        id=identity,
        feature=place.feature.name,
        title=declared.title,
        story=declared.story,
        at=str(read_literal(Value(text=declared.at), Type("instant")).value) if declared.at else START,
        given=tuple(given),
        actions=tuple(actions),
        together=declared.together,
        then=then,
        services=tuple(dict.fromkeys(each.service for each in called)),
        entities=tuple(dict.fromkeys(touched)),
        written=_written(world, declared, fixtures) if in_full else {},
    )


def _written(world: World, declared: Any, fixtures: Mapping[str, Fixture]) -> dict[str, Any]:
    """What a criterion says, and the fixtures that it begins with, those included that they need."""
    data = {key: value for key, value in plain_data(declared).items() if key not in ("title", "story")}
    named = [item.name for item in declared.given if isinstance(item, GivenFixture)]
    brought = [each for name in named if name in fixtures for each in (*fixtures[name].needs, name)]
    found = {name: plain_data(world.combined["fixtures"][name].value) for name in dict.fromkeys(brought)}
    # Whether a row is demo data, too, says nothing of what the criterion needs.
    told = {name: {key: row[key] for key in row if key != "seed"} for name, row in found.items()}
    return {"fixtures": told, **data} if told else data


def _bring(
    world: World,
    source: Declared[Any],
    name: str,
    fixtures: Mapping[str, Fixture],
    roots: Roots,
    given: list[Given],
    operations: Mapping[str, Operation],
) -> None:
    if name not in fixtures:
        world.problems.error(source.at(), f"no fixture is called {name}", did_you_mean(name, fixtures))
        return
    for item in (*fixtures[name].needs, name):
        if item in roots or item not in fixtures:
            continue
        fixture = fixtures[item].given
        given.append(fixture)
        if fixture.entity is not None:
            type_ = Type("row", entity=fixture.entity)
        else:
            operation = operations.get(fixture.operation or "")
            type_ = result_type(operation.output) if operation else types.ANY
        roots[item] = Binding(type_, variable_of(item))


def _then(
    world: World, place: Declared[Any], roots: Roots, operation: Operation | None, together: bool
) -> Then:
    declared = place.value
    world.known_error(place, ("error",), declared.error)
    for index, outcome in enumerate(declared.outcomes):
        if outcome != "ok":
            world.known_error(place, ("outcomes", index), outcome)
    if declared.outcomes and not together:
        world.problems.error(place.at("outcomes"), "outcomes are for actions done together", "use `error:`")
    output = result_type(operation.output) if operation is not None and not together else types.ANY
    entry = world.errors.get(declared.error or "")
    parameters = {}
    for name, value in declared.with_.items():
        known = {item.name: item for item in entry.parameters} if entry else {}
        if name not in known:
            world.problems.error(
                place.at("with", name), f"{declared.error} has no parameter {name}", did_you_mean(name, known)
            )
            continue
        parameters[known[name].json] = value_of(
            world, place, ("with", name), value, known[name].type, roots, []
        )
    scope = scope_of(world, Roots(roots | {"result": Binding(output, "result")}))
    holds = []
    for index, expression in enumerate(declared.holds):
        typed = world.check(place, ("holds", index), expression, scope, types.BOOL)
        if typed is not None:
            holds.append(typed)
    body = _body(world, place, ("body",), declared.body, output, roots) if declared.body is not None else None
    for name in declared.emitted:
        if name not in world.events:
            world.problems.error(
                place.at("emitted", name), f"nothing emits {name}", did_you_mean(name, world.events)
            )
    return Then(
        status=declared.status,
        error=declared.error,
        parameters=parameters,
        body=body,
        present=tuple(_json_path(world, path) for path in declared.present),
        absent=tuple(_json_path(world, path) for path in declared.absent),
        holds=tuple(holds),
        outcomes=declared.outcomes,
        emitted=dict(declared.emitted),
    )


def _body(
    world: World, place: Declared[Any], path: tuple[str | int, ...], value: Value, type_: Type, roots: Roots
) -> Any:
    """What an answer must contain, by its type: members by JSON names, lists in full."""
    if value.members is not None:
        if type_.kind == "page":
            page = {"items": Type("list", of=type_.of), "total": Type("int")}
            return {
                name: _body(world, place, (*path, name), item, page.get(name, types.ANY), roots)
                for name, item in value.members.items()
            }
        if type_.kind == "json":
            return value_of(world, place, path, value, type_.with_optional(True), roots, [])
        shape = world.shapes.get(type_.shape or f"view {type_.entity}")
        if shape is None:
            world.problems.error(place.at(*path), f"{words(type_)} has no members", "Write one value")
            return {}
        found = {}
        for name, item in value.members.items():
            member = shape.members.get(name)
            if member is None:
                hint = did_you_mean(name, shape.members)
                world.problems.error(place.at(*path, name), f"the answer has no member {name}", hint)
                continue
            found[member.json] = _body(world, place, (*path, name), item, member.type, roots)
        return found
    if value.items is not None:
        inner = type_.of if type_.kind == "list" and type_.of is not None else types.ANY
        return [
            _body(world, place, (*path, index), item, inner, roots) for index, item in enumerate(value.items)
        ]
    return value_of(world, place, path, value, type_.with_optional(True), roots, [])


def _json_path(world: World, path: str) -> str:
    return ".".join(world.json_name(part) for part in path.split("."))
