"""State machines as generated tests are told of them: the ways, and for which rows they are open."""

from __future__ import annotations

from generator.languages.typescript.literals import literal, property_name
from generator.languages.typescript.testing.entities import Entries, TestedEntity, texts
from generator.languages.typescript.testing.evaluation import UNKNOWN, evaluate
from generator.languages.typescript.testing.guards import guard_variants
from generator.languages.typescript.testing.samples import NOW, python_row
from generator.model.elements.entities import Transition
from generator.typescript_layout.nodes import Atom, Node, Object, text_literal


def states_node(tested: TestedEntity) -> Node:
    """What tests are told of the state machine of an entity."""
    states = tested.entity.states
    assert states is not None
    member = tested.entity.member(states.field)
    rows: Entries = []
    for name in member.type.members:
        values = tested.sampler.values(tested.entity, "bare") | {member.column: name}
        change = tested.sampler.repaired(tested.entity, values, [member.column]) or {}
        rows.append((property_name(name), tested.json_values(change)))
    ways: Entries = []
    for transition in states.transitions:
        if not transition.published or not _may_move(tested, transition):
            continue
        facts: Entries = [
            ("from", texts(transition.sources)),
            ("to", Atom(text_literal(transition.target))),
        ]
        if transition.guard is not None:
            guard: Entries = [("error", Atom(text_literal(transition.error)))]
            found = {} if transition.steps else guard_variants(tested.sampler, tested.entity, transition)
            guard += [(name, Atom(text_literal(variant))) for name, variant in found.items()]
            facts.append(("guard", Object(tuple(guard))))
        elif any(step.kind in ("load", "require", "call", "transition") for step in transition.steps):
            # Whether such a step succeeds depends on more than the row.
            facts.append(("guard", Object((("error", Atom(text_literal("CONFLICT"))),))))
        sets = _sets(tested, transition)
        if sets:
            facts.append(("sets", Object(tuple(sets))))
        ways.append((property_name(transition.name), Object(tuple(facts))))
    entries: Entries = [
        ("member", Atom(text_literal(member.json))),
        ("initial", Atom(text_literal(states.initial))),
        ("all", Object(tuple(rows))),
        ("ways", Object(tuple(ways))),
    ]
    return Object(tuple(entries))


def _may_move(tested: TestedEntity, transition: Transition) -> bool:
    if not tested.is_standard(transition.name):
        return False
    if tested.model.identity is None:
        return True
    operation = tested.model.operation(f"{tested.entity.names.camel}.{transition.name}")
    return tested.callers.seen(tested.entity) is not None and tested.callers.allows(operation)


def _sets(tested: TestedEntity, transition: Transition) -> Entries:
    """What a transition writes beside the state, where the plan alone tells it."""
    around = tested.sampler.surroundings().about(python_row(tested.entity, tested.row("bare")))
    entries: Entries = []
    for column, typed in transition.sets.items():
        member = tested.entity.member(column)
        value = evaluate(typed, around)
        if typed.frames or typed.queries or value is UNKNOWN or not member.exposed:
            continue
        shown = "'2026-01-01T00:00:00.000Z'" if member.kind == "instant" and value == NOW else None
        if value is None or (isinstance(value, bool | int) and member.kind != "instant"):
            shown = literal(value)
        if shown is not None:
            entries.append((property_name(tested.json[column]), Atom(shown)))
    return entries
