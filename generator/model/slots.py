"""Slots: the contract of a body that a person or a model may write."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from generator.model.bodies import BodyChecker
from generator.model.catalogue import UNWRITTEN
from generator.model.combining import Declared
from generator.model.elements.entities import Entity
from generator.model.elements.operations import Operation, RoomBody, Slot
from generator.model.inferred import errors_of_steps
from generator.model.turns import Progress
from generator.model.world import World
from generator.problems import did_you_mean


def complete_slot(
    world: World,
    place: Declared[Any],
    operation: Operation,
    checker: BodyChecker,
    reads: list[str],
    entities: Mapping[str, Entity],
) -> Operation:
    """Check the contract of a slot, its fallback and its wrong variants.

    Args:
        world: the state of the resolution.
        place: where the operation is declared.
        operation: its signature.
        checker: checks its bodies.
        reads: the entities of its output.
        entities: entities by name.

    Returns:
        The operation with its slot.
    """
    declared = place.value.slot
    source = place.below(declared, "slot")
    _check_names(world, place, source, operation, checker)
    room = _room_body(world, source, operation) if declared.fallback == "room" else None
    body, touches, writes = None, [*declared.may_read, *declared.may_write], bool(declared.may_write)
    if not isinstance(declared.fallback, str):
        body, progress = _body(checker, declared.fallback, ("slot", "fallback"))
        _refuse_undeclared(world, source, declared, progress.touches)
        _refuse_errors(world, declared.errors, progress, entities)
        writes = writes or progress.writes
    wrong = {
        name: _body(checker, variant, ("slot", "wrong", name))[0] for name, variant in declared.wrong.items()
    }
    errors = ["VALIDATION_FAILED", *declared.errors]
    if declared.fallback == "placeholder":
        errors.append("NOT_IMPLEMENTED")
    slot = Slot(
        id=operation.id,
        intent=declared.intent.strip(),
        may_read=declared.may_read,
        may_write=declared.may_write,
        may_call=declared.may_call,
        errors=declared.errors,
        proven_by=declared.proven_by,
        fallback=body,
        wrong=wrong,
        room=room,
    )
    return replace(
        operation,
        slot=slot,
        body=body,
        errors=tuple(dict.fromkeys(errors)),
        writes=writes,
        touches=tuple(dict.fromkeys((*touches, *reads))),
    )


def _room_body(world: World, source: Declared[Any], operation: Operation) -> RoomBody | None:
    """The body that a room has for a slot; one that takes or gives something else is a problem."""
    room = world.bodies.get(operation.id)
    if room is None:
        world.problems.error(
            source.at("fallback"),
            f"no room has a body for {operation.id}",
            did_you_mean(operation.id, world.bodies) or "write `return`, `steps` or `placeholder`",
        )
        return None
    shape = world.shapes.get(operation.output.name or "")
    for kind, wanted, found in (
        ("takes", room.input, [member.word for member in operation.input]),
        ("gives", room.output, [*shape.members] if shape is not None else []),
    ):
        if {*found} != {*wanted}:
            world.problems.error(
                source.at("fallback"),
                f"the body that the room has for {operation.id} {kind} {', '.join(wanted) or 'nothing'}",
                f"this one {kind} {', '.join(found) or 'nothing'}",
            )
    return room


def _check_names(
    world: World, place: Declared[Any], source: Declared[Any], operation: Operation, checker: BodyChecker
) -> None:
    declared = source.value
    for key in ("may_read", "may_write"):
        for index, name in enumerate(getattr(declared, key)):
            world.known_entity(source, (key, index), name)
    for index, code in enumerate(declared.errors):
        world.known_error(source, ("errors", index), code)
    for index, name in enumerate(declared.may_call):
        if name not in checker.operations:
            world.problems.error(
                source.at("may_call", index),
                f"no operation is called {name}",
                did_you_mean(name, checker.operations),
            )
    known = _criteria_of(world, place)
    for index, identity in enumerate(declared.proven_by):
        if identity not in known:
            world.problems.error(
                source.at("proven_by", index),
                f"no criterion is called {identity}",
                did_you_mean(identity, known),
            )
    if not declared.proven_by:
        world.problems.error(
            source.at(), f"nothing proves {operation.id}", "name a criterion under `proven_by:`"
        )


def _body(checker: BodyChecker, body: Any, path: tuple[str | int, ...]) -> Any:
    if body.steps is not None:
        return checker.check(body.steps, (*path, "steps"))
    return checker.check_return(body.return_, (*path, "return"))


def _refuse_undeclared(world: World, source: Declared[Any], declared: Any, touched: list[str]) -> None:
    allowed = {*declared.may_read, *declared.may_write}
    for name in dict.fromkeys(touched):
        if name not in allowed:
            world.problems.error(
                source.at("fallback"),
                f"the fallback reads {name}, which the slot may not",
                f"add {name} to `may_read:`",
            )


def _refuse_errors(
    world: World, declared: Collection[str], progress: Progress, entities: Mapping[str, Entity]
) -> None:
    """Note each step that raises what the slot does not declare: its callers would not know the answer."""
    for source, raised, steps in progress.turns:
        step = source.value
        for code in dict.fromkeys((*raised, *errors_of_steps(steps, entities))):
            if code in UNWRITTEN or code in declared:
                continue
            key = next((key for key in ("error", "missing") if getattr(step, key, None) == code), None)
            world.problems.error(
                source.at(key, value=True) if key else source.at(),
                f"the fallback raises {code}, which the slot may not",
                f"add {code} to `errors:`",
            )


def _criteria_of(world: World, place: Declared[Any]) -> list[str]:
    own = list(place.feature.plan.acceptance)
    return own + [name for name in world.combined.criteria if name not in own]
