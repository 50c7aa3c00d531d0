"""What follows a change of state: the steps of transitions, and what they add to whatever moves a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.expressions.types import Binding, Type
from generator.model.bodies import BodyChecker
from generator.model.combining import Declared
from generator.model.elements.entities import Entity, Transition
from generator.model.elements.operations import Operation, Output
from generator.model.elements.steps import Step
from generator.model.identity import callers
from generator.model.inferred import errors_of_steps
from generator.model.turns import variable_of
from generator.model.world import Effects, World
from generator.plan.names import names_of

Way = tuple[str, str]
"""An entity and one of its transitions."""


def check_transition_steps(
    world: World, entities: Mapping[str, Entity], operations: Mapping[str, Operation]
) -> dict[str, Entity]:
    """Check the steps of all transitions; what they raise and touch is noted as their effects.

    Args:
        world: the state of the resolution; its effects are filled.
        entities: entities by name.
        operations: all operations by id, declared ones without bodies.

    Returns:
        The entities, their transitions with steps.
    """
    own: dict[Way, Effects] = {}
    steps: dict[Way, tuple[Step, ...]] = {}
    for entity in entities.values():
        for name, place in ways_of(world, entity.name):
            if place.value.steps:
                way = (entity.name, name)
                steps[way], own[way] = _checked(world, entities, operations, entity, name, place)
    for way in own:
        world.effects[way] = _all_of(world, way, own, steps, ())
    return {name: _with_steps(entity, steps, world.effects) for name, entity in entities.items()}


def ways_of(world: World, entity: str) -> Iterator[tuple[str, Declared[Any]]]:
    """The transitions of an entity as written, those that later features add at the end."""
    declared = world.combined["entities"][entity]
    if declared.value.states is not None:
        for name, value in declared.value.states.transitions.items():
            yield name, declared.below(value, "states", "transitions", name)
    for extension in world.combined.extensions.get(entity, ()):
        for name, value in extension.value.transitions.items():
            yield name, extension.below(value, "transitions", name)


def with_effects(world: World, operation: Operation, operations: Mapping[str, Operation]) -> Operation:
    """An operation that moves a row, with what the steps of its transition raise and touch."""
    effects = world.effects.get((operation.entity or "", operation.name))
    if operation.transition is None or effects is None:
        return operation
    called = [operations[name] for name in effects.calls if name in operations]
    errors = (*operation.errors, *effects.errors, *(code for each in called for code in each.errors))
    touches = (*operation.touches, *effects.touches, *(name for each in called for name in each.touches))
    return replace(operation, errors=tuple(dict.fromkeys(errors)), touches=tuple(dict.fromkeys(touches)))


def _checked(
    world: World,
    entities: Mapping[str, Entity],
    operations: Mapping[str, Operation],
    entity: Entity,
    name: str,
    place: Declared[Any],
) -> tuple[tuple[Step, ...], Effects]:
    binding = names_of(entity.name).snake
    for index, step in enumerate(place.value.steps):
        moved = step.kind in ("update", "delete", "transition") and step.subject == binding
        if moved and step.each is None:
            world.problems.error(
                place.at("steps", index),
                f"{binding} is the row that {name} moves",
                "what changes with it stands under `set:`",
            )
        if step.keep:
            world.problems.error(
                place.at("steps", index, "keep"), "a transition happens as a whole", "leave out `keep`"
            )
    taken = frozenset(each.names.plural_camel for each in entities.values())
    row = Binding(Type("row", entity=entity.name), variable_of(binding, taken))
    bound = {**callers(world, "perhaps"), binding: row}
    checker = BodyChecker(
        world, place, f"{entity.names.camel}.{name}", None, Output("none"), operations, taken, bound
    )
    body, progress = checker.check(place.value.steps, ("steps",))
    errors = (*progress.errors, *errors_of_steps(body.steps, entities))
    calls = tuple(step.operation for step in body.steps if step.operation)
    return body.steps, Effects(tuple(dict.fromkeys(errors)), tuple(dict.fromkeys(progress.touches)), calls)


def _all_of(
    world: World,
    way: Way,
    own: Mapping[Way, Effects],
    steps: Mapping[Way, tuple[Step, ...]],
    path: tuple[Way, ...],
) -> Effects:
    """The effects of a transition and of those that its steps make."""
    effects = own[way]
    if way in path:
        place = dict(ways_of(world, way[0]))[way[1]]
        circle = " leads to ".join(f"{entity}.{name}" for entity, name in (*path, way))
        world.problems.error(place.at("steps"), f"transitions make each other: {circle}", "break it")
        return effects
    inner = [(step.entity or "", step.transition or "") for step in steps[way] if step.kind == "transition"]
    for other in inner:
        if other in own:
            effects = effects.joined(_all_of(world, other, own, steps, (*path, way)))
    return effects


def _with_steps(
    entity: Entity, steps: Mapping[Way, tuple[Step, ...]], effects: Mapping[Way, Effects]
) -> Entity:
    if entity.states is None:
        return entity
    transitions: list[Transition] = []
    touches = list(entity.touches)
    for transition in entity.states.transitions:
        way = (entity.name, transition.name)
        if way in effects:
            touches.extend(name for name in effects[way].touches if name != entity.name)
        transitions.append(replace(transition, steps=steps.get(way, ())))
    states = replace(entity.states, transitions=tuple(transitions))
    return replace(entity, states=states, touches=tuple(dict.fromkeys(touches)))
