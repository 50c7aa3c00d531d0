"""From the resolved plan and what is selected to the one input of a render: plain data."""

from __future__ import annotations

from typing import Any

from generator.model.elements.model import Model
from generator.model.selection import Selection

MODEL_VERSION = 1
"""Raised when a field of the answers changes its meaning; within one version fields are only added."""


def build_answers(model: Model, selection: Selection) -> dict[str, Any]:
    """Build the answers of a project.

    Args:
        model: the resolved plan.
        selection: which rooms render which elements.

    Returns:
        JSON data: what all stacks share, then what the plan's stack adds.
    """
    return {**shared_answers(model, selection), **_of_stack(model, selection)}


def shared_answers(model: Model, selection: Selection) -> dict[str, Any]:
    """What every stack is told.

    Args:
        model: the resolved plan.
        selection: which rooms render which elements.

    Returns:
        Version, stack, project, conventions and rooms; where something was renamed, its earlier names.
    """
    former = {kind: {name: [*old] for name, old in names.items()} for kind, names in model.former.items()}
    return {
        "model_version": MODEL_VERSION,
        "stack": model.stack,
        "project": {"name": model.project, "title": model.title, "description": model.title},
        "conventions": dict(model.conventions),
        "rooms": {room: bool(names) for room, names in selection.rooms.items()},
        "chosen": {room: list(names) for room, names in selection.rooms.items()},
        **({"former": former} if former else {}),
    }


def _of_stack(model: Model, selection: Selection) -> dict[str, Any]:
    # Each stack brings writers of its own, and a run needs those of one.
    if model.stack == "fastapi":
        from generator.languages.python.facts import python_answers

        return python_answers(model, selection)
    from generator.languages.typescript.facts import typescript_answers

    return typescript_answers(model, selection)
