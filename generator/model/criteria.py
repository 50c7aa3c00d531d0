"""Fixtures and acceptance criteria: data with types, and expressions over what was given and came out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.expressions import types
from generator.expressions.typed import Typed
from generator.expressions.types import RULE, Binding, Scope, Type
from generator.model.bodies import result_type
from generator.model.combining import Declared
from generator.model.elements import (
    Criterion,
    Entity,
    Fixture,
    Given,
    Operation,
    Then,
)
from generator.model.entities import entities_in
from generator.model.literals import LiteralProblem, read_literal
from generator.model.world import World, camel_case
from generator.plan.acceptance import Advance, GivenAction, GivenFixture, GivenRow
from generator.plan.values import Value
from generator.problems import did_you_mean

START = "2026-01-01T00:00:00.000Z"
"""The clock of a criterion that names none (LANGUAGE.md, section 11)."""
TEST_NAMES = frozenset(
    [
        "result",
        "context",
        "clock",
        "test",
        "expect",
        "describe",
        "it",
        "make",
        "call",
        "http",
        "harness",
        "criterion",
        "events",
        "given",
    ]
)


class Roots(dict[str, Binding]):
    """Names that fixtures and given rows have bound, in order."""


def resolve_fixtures(
    world: World, entities: Mapping[str, Entity], operations: Mapping[str, Operation]
) -> tuple[Fixture, ...]:
    """Check the fixtures; each may refer to those before it.

    Args:
        world: the state of the resolution.
        entities: entities by name.
        operations: operations by id.

    Returns:
        Fixtures in the plan's order, each with the fixtures it brings along.
    """
    fixtures = []
    roots = Roots()
    needs: dict[str, tuple[str, ...]] = {}
    for name, place in world.combined["fixtures"].items():
        declared = place.value
        used: list[str] = []
        if declared.entity is not None:
            given = _row(world, place, declared.entity, declared.set, name, 1, roots, entities, used)
            type_ = Type("row", entity=declared.entity)
        else:
            given = _action(world, place, declared.call or "", False, declared.send, roots, operations, used)
            given = replace(given, binding=camel_case(name))
            operation = operations.get(declared.call or "")
            type_ = result_type(operation.output) if operation else types.ANY
        direct = [item for item in dict.fromkeys(used) if item != name]
        brought = [other for item in direct for other in (*needs.get(item, ()), item)]
        needs[name] = tuple(dict.fromkeys(brought))
        roots[name] = Binding(type_, _variable(name))
        fixtures.append(Fixture(name, given, declared.seed, needs[name], tuple(direct)))
    return tuple(fixtures)


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
    return tuple(
        _criterion(world, identity, place, known, entities, operations)
        for identity, place in world.combined.criteria.items()
    )


def _criterion(
    world: World,
    identity: str,
    place: Declared[Any],
    fixtures: Mapping[str, Fixture],
    entities: Mapping[str, Entity],
    operations: Mapping[str, Operation],
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
                _row(world, source, item.entity, item.set, item.as_, item.repeat, roots, entities, used)
            )
            if item.as_ is not None:
                roots[item.as_] = Binding(Type("row", entity=item.entity), _variable(item.as_))
        elif isinstance(item, GivenAction):
            action = _action(
                world, source, item.operation, item.kind == "http", item.send, roots, operations, used
            )
            world.known_error(source, ("fails",), item.fails)
            binding = _variable(item.as_) if item.as_ else None
            given.append(replace(action, binding=binding, repeat=item.repeat, fails=item.fails))
            if item.as_ is not None and item.operation in operations:
                roots[item.as_] = Binding(result_type(operations[item.operation].output), _variable(item.as_))
        elif isinstance(item, Advance):
            milliseconds = read_literal(Value(text=item.advance), Type("interval")).value
            assert isinstance(milliseconds, int)
            given.append(Given("advance", milliseconds=milliseconds))
    actions = []
    for index, action in enumerate(declared.when):
        path = ("when", "together", index) if declared.together else ("when",)
        source = place.below(action, *path)
        actions.append(
            _action(
                world, source, action.operation, action.kind == "http", action.send, roots, operations, used
            )
        )
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
    )


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
        if item in roots:
            continue
        fixture = fixtures[item].given
        given.append(fixture)
        if fixture.entity is not None:
            type_ = Type("row", entity=fixture.entity)
        else:
            operation = operations.get(fixture.operation or "")
            type_ = result_type(operation.output) if operation else types.ANY
        roots[item] = Binding(type_, _variable(item))


def _row(
    world: World,
    place: Declared[Any],
    entity: str,
    values: Mapping[str, Value],
    binding: str | None,
    repeat: int,
    roots: Roots,
    entities: Mapping[str, Entity],
    used: list[str],
) -> Given:
    if entity not in entities:
        world.known_entity(place, ("entity",), entity)
        return Given("row", entity=entity)
    columns = {member.column: member for member in entities[entity].members}
    relations = {relation.name: relation for relation in entities[entity].many}
    read: dict[str, Any] = {}
    for name, value in values.items():
        if name in relations:
            read[name] = [_named_row(world, place, name, item, roots, used) for item in value.items or ()]
            continue
        if name not in columns:
            hint = did_you_mean(name, [*columns, *relations])
            world.problems.error(place.at("set", name), f"{entity} has no column {name}", hint)
            continue
        read[name] = _value(world, place, ("set", name), value, columns[name].type, roots, used)
    return Given(
        "row", binding=_variable(binding) if binding else None, entity=entity, values=read, repeat=repeat
    )


def _named_row(
    world: World, place: Declared[Any], field: str, item: Value, roots: Roots, used: list[str]
) -> Typed | None:
    text = item.expression.text if item.expression is not None else item.text or ""
    used.append(text)
    if text not in roots:
        world.problems.error(
            place.at("set", field), f"nothing is called {text} here", did_you_mean(text, roots)
        )
        return None
    scope = _scope(world, roots)
    return world.check(place, ("set", field), f"{text}.id", scope, Type("uuid"))


def _action(
    world: World,
    place: Declared[Any],
    identity: str,
    over_http: bool,
    send: Mapping[str, Value],
    roots: Roots,
    operations: Mapping[str, Operation],
    used: list[str],
) -> Given:
    operation = operations.get(identity)
    if operation is None:
        key = "http" if over_http else "call"
        world.problems.error(
            place.at(key, value=True),
            f"no operation is called {identity}",
            did_you_mean(identity, operations),
        )
        return Given("action", over_http=over_http)
    if over_http and operation.route is None:
        world.problems.error(place.at("http", value=True), f"{identity} has no route", "use `call:`")
    inputs = {member.column: member for member in operation.input}
    many = {relation.name: relation for relation in operation.input_many}
    many |= {f"{relation.singular}_ids": relation for relation in operation.input_many}
    values: dict[str, Any] = {}
    for name, value in send.items():
        if name in many:
            values[many[name].json] = [
                _value(world, place, ("send", name), item, Type("uuid"), roots, used)
                for item in value.items or ()
            ]
            continue
        if name not in inputs:
            known = [*inputs, *many]
            world.problems.error(
                place.at("send", name), f"{identity} takes no {name}", did_you_mean(name, known)
            )
            continue
        # A criterion may send what the service must refuse, so that a text that is no value is kept as it is.
        values[inputs[name].json] = _value(
            world, place, ("send", name), value, inputs[name].type, roots, used, lenient=True
        )
    return Given("action", operation=identity, over_http=over_http, values=values)


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
        parameters[known[name].json] = _value(
            world, place, ("with", name), value, known[name].type, roots, []
        )
    scope = _scope(world, Roots(roots | {"result": Binding(output, "result")}))
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
        shape = world.shapes.get(type_.shape or "")
        if shape is None:
            world.problems.error(place.at(*path), f"a {type_.kind} has no members", "write one value")
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
    return _value(world, place, path, value, type_.with_optional(True), roots, [])


def _value(
    world: World,
    place: Declared[Any],
    path: tuple[str | int, ...],
    value: Value,
    type_: Type,
    roots: Roots,
    used: list[str],
    lenient: bool = False,
) -> Any:
    """A scalar as JSON data, or a typed expression."""
    if value.expression is not None:
        used.extend(name for name in roots if name in value.expression.text.replace(".", " ").split())
        return world.check(place, path, value.expression, _scope(world, roots), type_.with_optional(True))
    if value.members is not None or value.items is not None:
        if type_.kind == "json":
            return plain(value)
        world.problems.error(place.at(*path), f"expected one value ({type_.kind})")
        return None
    if type_.kind == "any":
        return value.text if not value.null else None
    try:
        return read_literal(value, type_.with_optional(True)).value
    except LiteralProblem as problem:
        if lenient:
            return value.text
        world.problems.error(place.at(*path, value=True), str(problem))
        return None


def plain(value: Value) -> Any:
    """A value as JSON data, scalars by YAML 1.2's core rules (for `jsonb`, which has no type)."""
    if value.members is not None:
        return {name: plain(item) for name, item in value.members.items()}
    if value.items is not None:
        return [plain(item) for item in value.items]
    if value.null:
        return None
    text = value.text or ""
    if not value.quoted:
        if text in ("true", "false"):
            return text == "true"
        if text.lstrip("-").isdigit() and len(text) < 16:
            return int(text)
    return text


def _scope(world: World, roots: Roots) -> Scope:
    return replace(world.scope(), roots=dict(roots), allow=RULE)


def _variable(name: str) -> str:
    variable = camel_case(name)
    return f"{variable}Row" if variable in TEST_NAMES else variable


def _json_path(world: World, path: str) -> str:
    return ".".join(world.json_name(part) for part in path.split("."))


def typed_values(values: Any) -> Iterator[Typed]:
    """Every expression inside given data.

    Args:
        values: data as :class:`Given` holds it.

    Yields:
        The typed expressions.
    """
    if isinstance(values, Typed):
        yield values
    elif isinstance(values, Mapping):
        for item in values.values():
            yield from typed_values(item)
    elif isinstance(values, list | tuple):
        for item in values:
            yield from typed_values(item)
