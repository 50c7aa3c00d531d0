"""Steps that write rows: create, update, delete and transition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from generator.expressions.typed import Typed
from generator.expressions.types import BOOL, Type
from generator.model.rules import check_sets, entities_in
from generator.model.turns import Turn
from generator.plan.names import names_of
from generator.problems import did_you_mean


def check_create(turn: Turn) -> None:
    """Check a step that adds a row, which must get all that has no default."""
    step, world = turn.source.value, turn.world
    if not world.known_entity(turn.source, ("create",), step.subject):
        return
    sets = check_sets(world, turn.source, step.subject, step.set, turn.scope, turn.facts)
    states = world.combined["entities"][step.subject].value.states
    for member in world.members[step.subject]:
        if member.role not in ("data", "ref") or not member.required or member.default is not None:
            continue
        entity = world.combined["entities"][step.subject].value
        if member.name in (entity.owner, entity.scope):
            # Who calls says it.
            continue
        if member.word not in step.set and not (states is not None and member.name == states.field):
            turn.refuse((), f"creating {step.subject} lacks {member.word}", "give it under `set:`")
    turn.progress.writes = True
    turn.progress.touches.append(step.subject)
    variable = None
    if step.each is None:
        row = Type("row", entity=step.subject, optional=step.when is not None)
        variable = turn.bind(step.as_ or names_of(step.subject).snake, row)
    elif step.as_ is not None:
        turn.refuse(("as",), "a step with `each` binds nothing", "remove `as`")
    turn.add("create", step.subject, entity=step.subject, sets=sets, variable=variable)


def check_change(turn: Turn) -> None:
    """Check an update or a delete, of a bound row or of all rows that a condition selects."""
    turn.progress.writes = True
    if turn.source.value.names_entity:
        _change_rows(turn)
    else:
        _change_row(turn)


def _change_rows(turn: Turn) -> None:
    step = turn.source.value
    if not turn.world.known_entity(turn.source, (step.kind,), step.subject):
        return
    if step.where is None:
        turn.refuse((), f"{step.kind} of all rows of {step.subject} needs a `where`", "say which rows")
        return
    where = turn.check(("where",), step.where, BOOL, row=step.subject)
    sets = _sets(turn, step.subject)
    turn.progress.touches.append(step.subject)
    turn.progress.touches.extend(entities_in(where))
    turn.add(step.kind, step.subject, entity=step.subject, many=True, where=where, sets=sets)


def _change_row(turn: Turn) -> None:
    step = turn.source.value
    binding = turn.row(step.subject)
    if binding is None or binding.type.entity is None:
        return
    if step.where is not None:
        turn.refuse(("where",), "a bound row needs no `where`", "remove it")
    sets = _sets(turn, binding.type.entity)
    rebinds = step.kind == "update" and step.each is None
    if rebinds:
        turn.progress.forget(step.subject)
    turn.add(
        step.kind, step.subject, entity=binding.type.entity, variable=binding.typescript,
        rebinds=rebinds, optional=step.when is not None, sets=sets,
    )  # fmt: skip


def check_transition(turn: Turn) -> None:
    """Check a step that moves a bound row to another state."""
    step, progress = turn.source.value, turn.progress
    binding = turn.row(step.subject)
    if binding is None or binding.type.entity is None:
        return
    entity = binding.type.entity
    states = turn.world.combined["entities"][entity].value.states
    names = list(states.transitions) if states else []
    if step.using is None or step.using not in names:
        hint = did_you_mean(step.using or "", names)
        turn.refuse(("using",), f"{entity} has no transition {step.using}", hint, value=True)
        return
    sets = _sets(turn, entity)
    progress.writes = True
    progress.errors.append("INVALID_TRANSITION")
    assert states is not None
    if states.transitions[step.using].guard is not None:
        progress.errors.append(states.transitions[step.using].error or "INVALID_TRANSITION")
    effects = turn.world.effects.get((entity, step.using))
    if effects is not None:
        called = [turn.operations[name] for name in effects.calls if name in turn.operations]
        progress.errors.extend((*effects.errors, *(code for each in called for code in each.errors)))
        progress.touches.extend((*effects.touches, *(name for each in called for name in each.touches)))
    progress.forget(step.subject)
    turn.add(
        "transition", step.subject, entity=entity, variable=binding.typescript, transition=step.using,
        rebinds=step.each is None, optional=step.when is not None, sets=sets,
    )  # fmt: skip


def _sets(turn: Turn, entity: str) -> Mapping[str, Typed]:
    """New values of columns, which may read the row they are for."""
    scope = replace(turn.scope, this=entity)
    return check_sets(turn.world, turn.source, entity, turn.source.value.set, scope, turn.facts)
