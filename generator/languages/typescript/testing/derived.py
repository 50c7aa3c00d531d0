"""Computed members tried out: what each shows for rows that count, and rows that just do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from generator.languages.typescript.code import lines_of
from generator.languages.typescript.literals import literal, property_name
from generator.languages.typescript.testing.evaluation import UNKNOWN, SampleRow, Surroundings, evaluate
from generator.languages.typescript.testing.rows import Witness, gathers, may_clash, witnesses
from generator.languages.typescript.testing.samples import Sampler, Values, python_row, settable
from generator.layout import Doc
from generator.model.elements.entities import Entity, Transition
from generator.model.elements.members import Derived
from generator.typescript_layout.nodes import Atom, Await, Call, Node, Object, text_literal
from generator.typescript_layout.statements import constant, statement

COLUMN = 6
"""Where statements of a trial stand: inside a method inside an object inside a list."""
CONTEXT = Atom("context")
TWICE = 2


def derived_trial(sampler: Sampler, entity: Entity, derived: Derived) -> dict[str, Any] | None:
    """A trial of a computed member.

    Args:
        sampler: makes rows.
        entity: an entity that clients can get.
        derived: one of its computed members.

    Returns:
        Id, title, lines and imports, or None where the plan alone does not tell the value.
    """
    owner = _owner(sampler, entity, {})
    around = sampler.surroundings().about(owner)
    found = _witnesses(sampler, list(gathers(derived.expression)), around, {entity.names.camel: owner})
    rows = [each for each in found for _ in range(TWICE if each.counts else 1)]
    if may_clash(sampler, rows):
        rows = found
    if may_clash(sampler, rows):
        return None
    value = evaluate(derived.expression, _with(sampler, around, entity, owner, rows))
    shown = _json(value, derived.type.scale)
    if shown is None:
        return None
    name = entity.names.camel
    body = Object(((property_name(derived.json), Atom(shown)),))
    statements = [
        constant(name, Await(_make(entity, {}))),
        *(statement(Await(each.node({name: owner}))) for each in rows),
        statement(Await(_http(f"{name}.get", entity, Object((("body", body),))))),
    ]
    return _trial(f"{name}.{derived.name}", "is computed as the plan says", statements)


def guard_trial(sampler: Sampler, entity: Entity, transition: Transition) -> dict[str, Any] | None:
    """A trial of a guard that looks at other rows: those that do not count do not matter.

    Args:
        sampler: makes rows.
        entity: the entity with the states.
        transition: one of its transitions.

    Returns:
        As :func:`derived_trial`; None where the guard looks at no other rows.
    """
    if transition.guard is None or entity.states is None or not list(gathers(transition.guard)):
        return None
    field = entity.member(entity.states.field).column
    values: Values = {field: transition.sources[0]}
    values |= sampler.repaired(entity, sampler.values(entity, "bare") | values, [field]) or {}
    owner = _owner(sampler, entity, values)
    around = sampler.surroundings().about(owner)
    name = entity.names.camel
    found = _witnesses(sampler, list(gathers(transition.guard)), around, {name: owner})
    rows = [each for each in found if not each.counts]
    if not rows or may_clash(sampler, rows):
        return None
    if evaluate(transition.guard, _with(sampler, around, entity, owner, rows)) is not True:
        return None
    made = Witness(entity, True, values, owner).node({})
    statements = [
        constant(name, Await(made)),
        *(statement(Await(each.node({name: owner}))) for each in rows),
        statement(Await(_http(f"{name}.{transition.name}", entity))),
    ]
    return _trial(f"{name}.{transition.name}", "takes no notice of rows that do not count", statements)


def _owner(sampler: Sampler, entity: Entity, values: Values) -> dict[str, Any]:
    row = python_row(entity, sampler.values(entity, "bare") | values)
    return row | {"id": f"the {entity.name}", "entity": entity.name}


def _witnesses(
    sampler: Sampler, found: list[Any], around: Surroundings, owners: Mapping[str, SampleRow]
) -> list[Witness]:
    return [witness for gather in found for witness in witnesses(sampler, gather, around, owners)]


def _with(
    sampler: Sampler, around: Surroundings, entity: Entity, owner: SampleRow, made: list[Witness]
) -> Surroundings:
    rows: dict[str, list[SampleRow]] = {entity.name: [owner]}
    for each in made:
        rows.setdefault(each.entity.name, []).append(each.row)
    for name in dict.fromkeys(
        _made_on_the_way(sampler, [(entity, {}), *((each.entity, each.values) for each in made)])
    ):
        unknown = {member.column: UNKNOWN for member in sampler.model.entity(name).members}
        rows.setdefault(name, []).append({**unknown, "id": UNKNOWN, "entity": name})
    return replace(around, rows=rows)


def _made_on_the_way(sampler: Sampler, rows: Iterable[tuple[Entity, Values]]) -> Iterator[str]:
    """The entities of rows that others need to refer to, and that the tests make without being asked."""
    for entity, values in rows:
        for member in settable(entity):
            if (
                member.reference is not None
                and member.required
                and not isinstance(values.get(member.column), str)
            ):
                target = sampler.model.entity(member.reference.entity)
                yield target.name
                yield from _made_on_the_way(sampler, [(target, {})])


def _make(entity: Entity, values: Values) -> Node:
    return Call(f"make.{entity.names.camel}", (CONTEXT,))


def _http(operation: str, entity: Entity, *expected: Node) -> Node:
    name = entity.names.camel
    send = Object(tuple((member.json, Atom(f"{name}.{member.column}")) for member in entity.key_members))
    return Call("test.http", (Atom(text_literal(operation)), send, *expected))


def _trial(identity: str, title: str, statements: list[Doc]) -> dict[str, Any]:
    return {
        "id": text_literal(identity),
        "title": text_literal(title),
        "lines": ["const { context } = test;", *lines_of(statements, COLUMN)],
        "imports": [["./subjects.js", "make"]],
    }


def _json(value: Any, scale: int | None) -> str | None:
    """A value as an answer shows it, if it is of a kind that can be told."""
    if value is UNKNOWN or isinstance(value, Mapping):
        return None
    if isinstance(value, Decimal):
        return literal(str(value.quantize(Decimal(1).scaleb(-(scale or 0)))))
    return literal(value) if value is None or isinstance(value, bool | int | str) else None
