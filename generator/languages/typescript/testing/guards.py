"""For which sample rows the guard of a transition holds, and for which it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from generator.languages.typescript.testing.evaluation import Surroundings, evaluate
from generator.languages.typescript.testing.samples import Sampler, Values, python_row, settable
from generator.model.elements.entities import Entity, Transition

VARIANTS = ("full", "bare", "referred", "old")
LONG = 10 * 365 * 86_400_000


def guard_variants(sampler: Sampler, entity: Entity, transition: Transition) -> dict[str, str]:
    """Which kind of row a guarded transition takes, and which it refuses, whatever state it comes from.

    Args:
        sampler: makes rows.
        entity: the entity with the states.
        transition: one of its transitions, with a guard.

    Returns:
        ``open`` and ``closed`` with a variant of ``server/tests/subject.ts``; absent where none is sure.
    """
    assert transition.guard is not None and entity.states is not None
    found: dict[str, str] = {}
    for variant in VARIANTS:
        results = []
        for state in transition.sources:
            row, around = _situation(sampler, entity, variant, state)
            holds = evaluate(transition.guard, around.about(row))
            results.append(holds)
            if holds is True and not _may_arrive(sampler, entity, transition, row, around):
                results.append(None)
        if all(result is True for result in results):
            found.setdefault("open", variant)
        elif all(result is False for result in results):
            found.setdefault("closed", variant)
    return dict(sorted(found.items(), reverse=True))


def _situation(
    sampler: Sampler, entity: Entity, variant: str, state: str
) -> tuple[dict[str, Any], Surroundings]:
    assert entity.states is not None
    field = entity.member(entity.states.field).column
    values = sampler.values(entity, "bare" if variant == "bare" else "full") | {field: state}
    values |= sampler.repaired(entity, values, [field]) or {}
    rows: dict[str, list[dict[str, Any]]] = {}
    row = _add(sampler, entity, values, rows)
    if variant == "referred":
        for other in sampler.model.entities:
            for member in settable(other):
                if member.reference and member.reference.entity == entity.name:
                    child = sampler.values(other, "bare") | {member.column: row["id"]}
                    _add(sampler, other, child, rows)
    around = replace(sampler.surroundings(), rows=rows)
    return row, replace(around, now=around.now + LONG) if variant == "old" else around


def _add(
    sampler: Sampler, entity: Entity, values: Values, rows: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """Add a row and the rows that it refers to, each with an id of its own."""
    row = python_row(entity, values)
    for member in settable(entity):
        given = row.get(member.column)
        if member.reference and given is not None and not isinstance(given, str):
            parent = sampler.model.entity(member.reference.entity)
            row[member.column] = _add(sampler, parent, sampler.values(parent, "bare"), rows)["id"]
    kept = rows.setdefault(entity.name, [])
    row["id"] = f"{entity.name} {len(kept) + 1}"
    kept.append(row)
    return row


def _may_arrive(
    sampler: Sampler, entity: Entity, transition: Transition, row: dict[str, Any], around: Surroundings
) -> bool:
    """Whether the row that the transition writes breaks no check."""
    assert entity.states is not None
    moved = row | {column: evaluate(typed, around.about(row)) for column, typed in transition.sets.items()}
    moved[entity.member(entity.states.field).column] = transition.target
    return all(evaluate(check.rule, around.about(moved)) is not False for check in entity.checks)
