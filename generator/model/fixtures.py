"""Fixtures and given rows and actions: data with the types of what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.expressions import types
from generator.expressions.typed import Typed
from generator.expressions.types import Binding, Type
from generator.model.combining import Declared
from generator.model.currencies import read_money
from generator.model.elements.criteria import Fixture, Given
from generator.model.elements.entities import Entity
from generator.model.elements.operations import Operation
from generator.model.literals import LiteralProblem, read_literal
from generator.model.steps import result_type
from generator.model.turns import scope_of
from generator.model.world import World, camel_case
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
            given = row_of(world, place, declared.entity, declared.set, name, 1, roots, entities, used)
            type_ = Type("row", entity=declared.entity)
        else:
            given = action_of(
                world, place, declared.call or "", False, declared.send, roots, operations, used
            )
            given = replace(given, binding=camel_case(name))
            given = called_by(world, place, given, declared, roots, used)
            operation = operations.get(declared.call or "")
            type_ = result_type(operation.output) if operation else types.ANY
        direct = [item for item in dict.fromkeys(used) if item != name]
        brought = [other for item in direct for other in (*needs.get(item, ()), item)]
        needs[name] = tuple(dict.fromkeys(brought))
        roots[name] = Binding(type_, variable_of(name))
        fixtures.append(Fixture(name, given, declared.seed, needs[name], tuple(direct)))
    return tuple(fixtures)


def row_of(
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
    """Check a row that a criterion begins with or a fixture names.

    Args:
        world: the state of the resolution.
        place: the piece that has ``set``.
        entity: whose row.
        values: what it is set to, by column or relation.
        binding: the name it is bound to, if any.
        repeat: how many such rows.
        roots: the names in reach.
        entities: entities by name.
        used: takes up the names it uses.

    Returns:
        The row, with checked values.
    """
    if entity not in entities:
        world.known_entity(place, ("entity",), entity)
        return Given("row", entity=entity)
    columns = {member.word: member for member in entities[entity].members}
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
        member = columns[name]
        if member.computed is not None and not member.is_copied:
            world.problems.error(place.at("set", name), f"{name} is computed at each write", "remove it")
            continue
        read[member.column] = value_of(world, place, ("set", name), value, member.type, roots, used)
    return Given(
        "row", binding=variable_of(binding) if binding else None, entity=entity, values=read, repeat=repeat
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
    scope = scope_of(world, roots)
    return world.check(place, ("set", field), f"{text}.id", scope, world.id_type)


def action_of(
    world: World,
    place: Declared[Any],
    identity: str,
    over_http: bool,
    send: Mapping[str, Value],
    roots: Roots,
    operations: Mapping[str, Operation],
    used: list[str],
) -> Given:
    """Check a call of an operation.

    Args:
        world: the state of the resolution.
        place: the piece that has ``send``.
        identity: the id of the operation.
        over_http: whether it is called as a client would, not from code.
        send: what it is given, by input.
        roots: the names in reach.
        operations: operations by id.
        used: takes up the names it uses.

    Returns:
        The call, with checked values.
    """
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
    inputs = {member.word: member for member in operation.input}
    many = {relation.name: relation for relation in operation.input_many}
    many |= {f"{relation.singular}_ids": relation for relation in operation.input_many}
    values: dict[str, Any] = {}
    for name, value in send.items():
        if name in many:
            values[many[name].json] = [
                value_of(world, place, ("send", name), item, world.id_type, roots, used)
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
        values[inputs[name].json] = value_of(
            world, place, ("send", name), value, inputs[name].type, roots, used, lenient=True
        )
    return Given("action", operation=identity, over_http=over_http, values=values)


def called_by(
    world: World, place: Declared[Any], action: Given, written: Any, roots: Roots, used: list[str]
) -> Given:
    """An action with who does it, and for which tenant.

    Args:
        world: the state of the resolution.
        place: the action.
        action: what it does.
        written: what may have `by` and `scope`.
        roots: the names that are bound.
        used: the names that are read are added to it.

    Returns:
        The action; who is not said is the only actor among the names, or nobody.
    """
    identity = world.identity
    if identity is None:
        for key in ("by", "scope"):
            if getattr(written, key) is not None:
                world.problems.error(place.at(key), "nobody is known who could call", "add `identity`")
        return action
    return replace(
        action,
        actor=_caller(world, place, "by", written.by, identity.actor, roots, used),
        scope=_caller(world, place, "scope", written.scope, identity.scope, roots, used),
    )


def _caller(
    world: World,
    place: Declared[Any],
    key: str,
    written: Any,
    entity: str | None,
    roots: Roots,
    used: list[str],
) -> Typed | None:
    if entity is None:
        if written is not None:
            world.problems.error(place.at(key), "there are no tenants", "add `scope` to `identity`")
        return None
    if written == "none":
        return None
    if written is None:
        named = [name for name, item in roots.items() if item.type.entity == entity]
        if len(named) != 1:
            return None
        written = named[0]
    text = str(written)
    used.extend(name for name in roots if name in text.replace(".", " ").split())
    scope = scope_of(world, roots)
    found = world.check(place, (key,), text, scope)
    if found is None:
        return None
    if found.type.kind not in ("row", "shape") or (found.type.kind == "row" and found.type.entity != entity):
        world.problems.error(place.at(key, value=True), f"{text} is no {entity}", "name a row of it")
        return None
    return world.check(place, (key,), f"{text}.id", scope, Type("uuid"))


def value_of(
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
        return world.check(place, path, value.expression, scope_of(world, roots), type_.with_optional(True))
    if value.members is not None or value.items is not None:
        if type_.kind in ("json", "money"):
            return plain(value)
        if type_.of is not None and value.items is not None:
            return [
                value_of(world, place, (*path, index), item, type_.of, roots, used, lenient)
                for index, item in enumerate(value.items)
            ]
        world.problems.error(place.at(*path), f"expected one value ({type_.kind})")
        return None
    if type_.kind == "any":
        return value.text if not value.null else None
    try:
        if type_.kind == "money" and not value.null:
            amount, currency = read_money(value.text or "", type_.currency)
            return {"amount": amount, "currency": currency}
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
        if re.fullmatch(r"-?[0-9]{1,15}", text):
            return int(text)
    return text


def variable_of(name: str) -> str:
    """The variable for a name of the plan, which must not hide one that every test has."""
    variable = camel_case(name)
    return f"{variable}Row" if variable in TEST_NAMES else variable


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
