"""Rules of entities: checks, uniques, indexes, state machines, and the assignments that steps make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.expressions.typed import Field as FieldNode
from generator.expressions.typed import Gather, Typed, parts
from generator.expressions.types import BOOL, Scope
from generator.model.combining import Declared
from generator.model.elements.entities import Check, Index, States, Transition, Unique
from generator.model.identity import rule_scope
from generator.model.world import World
from generator.plan.members import Field
from generator.plan.routes import PARAMETER, Http
from generator.problems import did_you_mean

NAME_LIMIT = 63
"""Bytes of a name in PostgreSQL (NAMEDATALEN - 1)."""


def fields_of(world: World, name: str) -> list[tuple[str, Declared[Field]]]:
    """The fields of an entity with their places, those that later features add at the end."""
    known = world.fields.get(name)
    if known is None:
        declared = world.combined["entities"][name]
        known = [
            (field, declared.below(value, "fields", field)) for field, value in declared.value.fields.items()
        ]
        for extension in world.combined.extensions.get(name, ()):
            known += [
                (field, extension.below(value, "fields", field))
                for field, value in extension.value.fields.items()
            ]
        world.fields[name] = known
    return known


def parts_of(world: World, name: str, key: str) -> Iterator[tuple[str, Declared[Any]]]:
    """The uniques, indexes or checks of an entity with their places, extensions at the end."""
    declared = world.combined["entities"][name]
    for part, value in getattr(declared.value, key).items():
        yield part, declared.below(value, key, part)
    for extension in world.combined.extensions.get(name, ()):
        for part, value in getattr(extension.value, key).items():
            yield part, extension.below(value, key, part)


def checks_of(world: World, name: str, table: str, scope: Scope) -> Iterator[Check]:
    """The checks of the entity ``name``, with rules over the row alone as ``scope`` allows."""
    for part, source in parts_of(world, name, "checks"):
        world.known_error(source, ("error",), source.value.error)
        rule = world.check(source, ("rule",), source.value.rule, scope, BOOL)
        constraint = constraint_name(world, source, "ck", table, part)
        if rule is not None:
            yield Check(constraint, rule, source.value.error or "VALIDATION_FAILED")


def uniques_of(world: World, name: str, table: str, scope: Scope) -> Iterator[Unique]:
    """What is unique in the entity ``name``: single fields, then groups, each with its error."""
    for field, source in fields_of(world, name):
        if source.value.unique and source.value.derived is None:
            world.known_error(source, ("unique_error",), source.value.unique_error)
            member = world.member(name, field)
            if member is not None:
                constraint = constraint_name(world, source, "uq", table, member.column)
                columns = _per_tenant(world, source, name, (member.column,))
                yield Unique(constraint, columns, None, source.value.unique_error or "CONFLICT", field)
        elif source.value.unique_error:
            world.problems.error(
                source.at("unique_error"), "unique_error without unique", "add `unique: true`"
            )
    for part, group in parts_of(world, name, "unique"):
        world.known_error(group, ("error",), group.value.error)
        columns = columns_of(world, name, group, [(column, False) for column in group.value.fields])
        columns = _per_tenant(world, group, name, columns)
        where = None
        if group.value.where is not None:
            where = world.check(group, ("where",), group.value.where, scope, BOOL)
        constraint = constraint_name(world, group, "uq", table, part)
        yield Unique(constraint, columns, where, group.value.error or "CONFLICT", part)


def _per_tenant(world: World, source: Declared[Any], name: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a unique rule, which counts the rows of one tenant: it starts with its column."""
    path = world.combined["entities"][name].value.scope
    if path is None:
        return columns
    first = next((item for item in world.members[name] if item.relation == path.split(".")[0]), None)
    if first is None or first.column in columns:
        return columns
    if "." in path:
        world.problems.error(
            source.at(),
            f"rows of {name} are unique within a tenant alone",
            f"put {first.word} among the columns",
        )
        return columns
    return (first.column, *columns)


def indexes_of(world: World, name: str, table: str, scope: Scope) -> Iterator[Index]:
    """The indexes that the entity ``name`` declares."""
    for part, source in parts_of(world, name, "indexes"):
        ordered = [(item.field, item.descending) for item in source.value.fields]
        columns = columns_of(world, name, source, ordered)
        where = None
        if source.value.where is not None:
            where = world.check(source, ("where",), source.value.where, scope, BOOL)
        _check_method(world, name, source, columns)
        yield Index(constraint_name(world, source, "idx", table, part), columns, where, source.value.method)


def _check_method(world: World, name: str, source: Declared[Any], columns: tuple[str, ...]) -> None:
    """What an index method can hold."""
    method = source.value.method
    kinds = {member.kind for member in world.members[name] if member.column in columns}
    if method == "gin" and not kinds <= {"json", "list"}:
        world.problems.error(source.at("method", value=True), "gin is for jsonb and arrays", "use btree")
    if method == "gist" and kinds & {"json", "list", "bool"}:
        world.problems.error(source.at("method", value=True), "gist is for values with an order", "use gin")
    if method == "hash" and len(columns) > 1:
        world.problems.error(source.at("method", value=True), "hash is for one column", "use btree")


def columns_of(
    world: World, entity: str, source: Declared[Any], names: list[tuple[str, bool]]
) -> tuple[str, ...]:
    """The columns that a rule names.

    Args:
        world: the state of the resolution.
        entity: whose columns.
        source: the rule; a name that is no column is a problem there.
        names: pairs of a name and whether it is followed by `desc`.

    Returns:
        Columns, with `` desc`` at the end where it was written.
    """
    columns = []
    for name, descending in names:
        member = world.member(entity, name)
        if member is None:
            known = [candidate.word for candidate in world.members[entity]]
            world.problems.error(source.at(), f"{entity} has no column {name}", did_you_mean(name, known))
            continue
        columns.append(f"{member.column} desc" if descending else member.column)
    return tuple(columns)


def constraint_name(world: World, source: Declared[Any], prefix: str, table: str, part: str) -> str:
    """The database's name of a rule; one that is too long for PostgreSQL is a problem."""
    name = f"{prefix}_{table}_{part}"
    if len(name.encode()) > NAME_LIMIT:
        world.problems.error(
            source.at(),
            f"{name} is longer than {NAME_LIMIT} bytes, the limit of PostgreSQL",
            "shorten the name",
        )
    return name


def states_of(world: World, name: str, place: Declared[Any]) -> States | None:
    """The state machine of the entity ``name``, None without one or where a problem was reported."""
    declared = place.value.states
    if declared is None:
        return None
    member = world.member(name, declared.field)
    if member is None or member.kind != "enum":
        fields = [item.name for item in world.members[name] if item.kind == "enum"]
        world.problems.error(
            place.at("states", "field", value=True),
            f"{declared.field} is no enum field of {name}",
            did_you_mean(declared.field, fields),
        )
        return None
    known = member.type.members
    if declared.initial not in known:
        world.problems.error(
            place.at("states", "initial", value=True),
            f"{declared.initial} is no state of {name}",
            did_you_mean(declared.initial, known),
        )
    sources: list[tuple[str, Declared[Any]]] = [
        (key, place.below(value, "states", "transitions", key)) for key, value in declared.transitions.items()
    ]
    for extension in world.combined.extensions.get(name, ()):
        for key, value in extension.value.transitions.items():
            sources.append((key, extension.below(value, "transitions", key)))
    transitions = tuple(_transition(world, name, key, source, known) for key, source in sources)
    reached = {declared.initial} | {transition.target for transition in transitions}
    for state in known:
        if state not in reached:
            world.problems.error(
                place.at("states"),
                f"no transition of {name} leads to {state}",
                "add one, or remove the state",
            )
    return States(member.column, declared.initial, transitions)


def transition_place(world: World, entity: str, name: str) -> Declared[Any]:
    """Where a transition of an entity is written, by the feature that adds it."""
    declared = world.combined["entities"][entity]
    states = declared.value.states
    if states is not None and name in states.transitions:
        return declared.below(states.transitions[name], "states", "transitions", name)
    for extension in world.combined.extensions.get(entity, ()):
        if name in extension.value.transitions:
            return extension.below(extension.value.transitions[name], "transitions", name)
    raise KeyError(name)


def _transition(
    world: World, entity: str, name: str, source: Declared[Any], states: tuple[str, ...]
) -> Transition:
    declared = source.value
    for key, values in (("from", declared.from_), ("to", (declared.to,))):
        for state in values:
            if state not in states:
                world.problems.error(
                    source.at(key, value=True),
                    f"{state} is no state of {entity}",
                    did_you_mean(state, states),
                )
    scope = rule_scope(world, entity, "perhaps")
    guard = None
    if declared.guard is not None:
        guard = world.check(source, ("guard",), declared.guard, scope, BOOL)
    world.known_error(source, ("error",), declared.error)
    http = declared.http if declared.http != "none" else None
    if http is not None and http.route is not None:
        _refuse_strange_route(world, source, entity, http)
    return Transition(
        name=name,
        sources=tuple(declared.from_),
        target=declared.to,
        guard=guard,
        error=declared.error or "INVALID_TRANSITION",
        parameters=check_parameters(world, source, declared.error, declared.with_, scope),
        sets=check_sets(world, source, entity, declared.set, scope),
        steps=(),
        published=declared.http != "none",
        route=f"{http.method} {http.route}" if http is not None and http.route is not None else None,
        status=(http.status if http is not None else None) or 200,
        policy=declared.policy,
    )


def _refuse_strange_route(world: World, source: Declared[Any], entity: str, http: Http) -> None:
    """A transition moves the row that its path names, and answers with it."""
    declared = world.combined["entities"][entity].value.key
    key = list(declared or ("id",))
    if sorted(PARAMETER.findall(http.route or "")) != sorted(key):
        names = ", ".join(f"{{{name}}}" for name in key)
        world.problems.error(
            source.at("http", value=True),
            f"the path has to name the row by {names}",
            "nothing else is an input",
        )
    if http.method == "GET":
        world.problems.error(source.at("http", value=True), "a transition is no GET", "write POST")
    if http.status == 204:
        world.problems.error(
            source.at("http", "status", value=True), "a transition answers with the row", "leave out `status`"
        )


def check_parameters(
    world: World,
    source: Declared[Any],
    code: str | None,
    given: Mapping[str, Any],
    scope: Scope,
    facts: Any = frozenset(),
) -> dict[str, Typed]:
    """Check what is given to an error against its parameters: all of them, and no others.

    Args:
        world: the state of the resolution.
        source: the piece that has ``with``.
        code: the error, or None.
        given: expressions by name.
        scope: the names in reach.
        facts: paths known to be set.

    Returns:
        Typed expressions by name.
    """
    entry = world.errors.get(code or "")
    if entry is None:
        return {}
    known = {parameter.name: parameter for parameter in entry.parameters}
    for name in known:
        if name not in given:
            world.problems.error(source.at("error"), f"{code} needs {name}", "add it under `with:`")
    checked: dict[str, Typed] = {}
    for name, expression in given.items():
        if name not in known:
            world.problems.error(
                source.at("with", name), f"{code} has no parameter {name}", did_you_mean(name, known)
            )
            continue
        typed = world.check(source, ("with", name), expression, scope, known[name].type, facts)
        if typed is not None:
            checked[name] = typed
    return checked


def check_sets(
    world: World,
    source: Declared[Any],
    entity: str,
    given: Mapping[str, Any],
    scope: Scope,
    facts: Any = frozenset(),
) -> dict[str, Typed]:
    """Check assignments to columns of an entity.

    Args:
        world: the state of the resolution.
        source: the piece that has ``set``.
        entity: whose columns are set.
        given: expressions by column.
        scope: the names in reach.
        facts: paths known to be set.

    Returns:
        Typed expressions by column.
    """
    checked: dict[str, Typed] = {}
    states = world.combined["entities"][entity].value.states
    for name, expression in given.items():
        member = world.member(entity, name)
        if member is None or name != member.word:
            known = [item.word for item in world.members[entity]]
            hint = f"write {member.word}" if member is not None else did_you_mean(name, known)
            world.problems.error(source.at("set", name), f"{entity} has no column {name}", hint)
            continue
        if member.role in ("key", "version", "timestamp", "deleted", "computed", "currency"):
            world.problems.error(source.at("set", name), f"{name} is kept by the service", "remove it")
            continue
        if states is not None and member.name == states.field:
            about = f"{name} is moved by transitions alone"
            world.problems.error(source.at("set", name), about, "Use a `transition` step")
            continue
        typed = world.check(source, ("set", name), expression, scope, member.type, facts)
        if typed is not None:
            checked[member.column] = typed
    return checked


def entities_in(typed: Typed | None) -> Iterator[str]:
    """The entities whose tables an expression reads beside the row it is about.

    Args:
        typed: a checked expression, or None.

    Returns:
        Names, possibly repeated.
    """
    if typed is None:
        return
    if isinstance(typed, Gather):
        yield typed.entity.name
    if isinstance(typed, FieldNode) and typed.member.relation:
        yield typed.member.relation
    for part in parts(typed):
        yield from entities_in(part)
