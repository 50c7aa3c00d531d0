"""The state machine of an entity as the templates of express-react need it."""

from __future__ import annotations

from typing import Any

from generator.languages.typescript.code import CodeWriter, imports_of, lines_of
from generator.languages.typescript.steps import BodyWriter
from generator.model.elements.entities import Entity, Transition
from generator.model.elements.model import Model
from generator.model.elements.steps import Body
from generator.model.turns import variable_of
from generator.typescript_layout.nodes import Atom, Call, Object, text_literal
from generator.typescript_layout.statements import returned, statement

GUARD_COLUMN = 8
"""Where the lines of a guard stand: inside a function inside a way inside the ways."""


def states_facts(model: Model, entity: Entity) -> dict[str, Any] | None:
    """The states of an entity and the ways between them.

    Args:
        model: the resolved plan.
        entity: one of its entities.

    Returns:
        Plain data, None for an entity without states.
    """
    if entity.states is None:
        return None
    writer = CodeWriter(model)
    taken = frozenset(each.names.plural_camel for each in model.entities)
    row = variable_of(entity.names.snake, taken)
    ways = [_way(writer, transition, row) for transition in entity.states.transitions]
    return {
        "field": entity.states.field,
        "initial": entity.states.initial,
        "ways": ways,
        "imports": imports_of(writer.imports),
    }


def _way(writer: CodeWriter, transition: Transition, row: str) -> dict[str, Any]:
    guard = None
    if transition.guard is not None:
        writer.take("../failure.js", "ensure")
        arguments = [writer.code(transition.guard), Atom(text_literal(transition.error))]
        if transition.parameters:
            values = tuple((name, writer.code(typed)) for name, typed in transition.parameters.items())
            arguments.append(Object(values))
        guard = _block(lines_of([statement(Call("ensure", tuple(arguments)))], GUARD_COLUMN))
    change = None
    if transition.sets:
        values = tuple((column, writer.code(typed)) for column, typed in transition.sets.items())
        change = _block(lines_of([returned(Object(values))], GUARD_COLUMN))
    return {
        "name": transition.name,
        "from": list(transition.sources),
        "to": transition.target,
        "guard": guard,
        "set": change,
        "after": _after(writer, transition, row),
    }


def _after(writer: CodeWriter, transition: Transition, row: str) -> dict[str, Any] | None:
    if not transition.steps:
        return None
    steps = BodyWriter(writer.model, writer.imports, operation=None)
    return _block(steps.body(Body(transition.steps), GUARD_COLUMN)) | {"row": row}


def _block(lines: list[str]) -> dict[str, Any]:
    text = "\n".join(lines)
    return {
        "lines": lines,
        "uses_context": "context" in text,
        "uses_row": "row" in text,
        "awaits": "await " in text,
    }
