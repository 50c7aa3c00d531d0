"""Which rooms render which elements: everything, or what some tasks produce and what that needs.

A room renders elements of one kind: entities, services, criteria, or the project as a whole (``*``).
Elements of the resource of an entity belong to the service named after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.frozen import dataclass
from generator.model.elements.model import Model
from generator.model.elements.work import Task

WHOLE = "*"

# What a room that is not listed here renders is the project as a whole.
SUBJECTS: Mapping[str, str] = {
    "base": "whole",
    "migration": "entity",
    "model": "entity",
    "service": "service",
    "validator": "service",
    "controller": "service",
    "test": "criterion",
    "ci": "whole",
    "container": "whole",
    "docs": "whole",
}

Piece = tuple[str, str]


@dataclass(frozen=True)
class Selection:
    """For each room the elements it renders, in the plan's order, and the tasks that this completes."""

    rooms: Mapping[str, tuple[str, ...]]
    tasks: tuple[Task, ...] = ()

    def has(self, room: str, element: str = WHOLE) -> bool:
        """Whether ``room`` renders ``element``."""
        return element in self.rooms.get(room, ())


def subjects_of(model: Model, room: str) -> tuple[str, ...]:
    """Every element that ``room`` can render, in the plan's order.

    Args:
        model: the resolved plan.
        room: a room's name.

    Returns:
        Names of entities, services or criteria, or ``("*",)``.
    """
    kind = SUBJECTS.get(room, "whole")
    if kind == "entity":
        return tuple(entity.name for entity in model.entities)
    if kind == "service":
        return tuple(dict.fromkeys(operation.service for operation in model.operations))
    if kind == "criterion":
        # What is tested without a criterion (resources, contract, kernel) is there in every plan.
        return (WHOLE, *(criterion.id for criterion in model.criteria))
    return (WHOLE,)


def select(
    model: Model,
    rooms: Iterable[str],
    *,
    tasks: Sequence[str] = (),
    phase: str | None = None,
    story: str | None = None,
    recorded: Mapping[str, Sequence[str]] | None = None,
    requires: Mapping[str, Sequence[str]] | None = None,
) -> Selection:
    """Choose what to render.

    Args:
        model: the resolved plan.
        rooms: the rooms the stack has.
        tasks, phase, story: narrow to these tasks; none given means everything.
        recorded: what an earlier narrowed run chose, which stays chosen.
        requires: which rooms a room cannot do without, as its manifest says.

    Returns:
        The selection, closed under need: an operation brings its entities, a criterion its operations, and a
        room that only its blueprint knows all of the rooms that it requires.
    """
    allowed = [room for room in rooms if room not in model.rooms_without]
    narrowed = bool(tasks or phase or story)
    if not narrowed:
        everything = {room: subjects_of(model, room) for room in allowed}
        return Selection(everything, tuple(task for task in model.tasks if task.kind == "generate"))
    chosen_tasks = [task for task in model.tasks if _matches(task, tasks, phase, story)]
    wanted: list[Piece] = [piece for task in chosen_tasks for piece in pieces_of(model, task)]
    wanted.extend((room, name) for room, names in (recorded or {}).items() for name in names)
    closed = _close(model, wanted, set(allowed), requires or {})
    ordered = {
        room: tuple(name for name in subjects_of(model, room) if (room, name) in closed) for room in allowed
    }
    done = tuple(
        task
        for task in model.tasks
        if task.kind == "generate" and all(piece in closed for piece in pieces_of(model, task))
    )
    return Selection({room: names for room, names in ordered.items() if names}, done)


def pieces_of(model: Model, task: Task) -> list[Piece]:
    """What a task produces: pairs of room and element.

    Args:
        model: the resolved plan.
        task: one of its tasks.

    Returns:
        The pairs; empty for a task done by hand, the slot's service for one that fills it.
    """
    if task.kind == "manual":
        return []
    if task.kind == "fill":
        return [("service", task.subjects[0].split(".")[0])]
    assert task.room is not None
    if SUBJECTS.get(task.room, "whole") == "whole":
        return [(task.room, WHOLE)]
    return [(task.room, name) for name in task.subjects or subjects_of(model, task.room)]


def _matches(task: Task, tasks: Sequence[str], phase: str | None, story: str | None) -> bool:
    return (
        task.id in tasks
        or (phase is not None and task.phase == phase)
        or (story is not None and task.story == story)
    )


def _close(
    model: Model, wanted: Iterable[Piece], allowed: set[str], requires: Mapping[str, Sequence[str]]
) -> set[Piece]:
    closed: set[Piece] = set()
    waiting = [("base", WHOLE), *wanted]
    while waiting:
        piece = waiting.pop()
        if piece not in closed:
            closed.add(piece)
            waiting.extend(requirements(model, piece))
            if piece[0] not in SUBJECTS:
                needed = requires.get(piece[0], ())
                waiting.extend((room, name) for room in needed for name in subjects_of(model, room))
    # A stack without a room still needs what the room would have brought: a controller its models.
    return {piece for piece in closed if piece[0] in allowed}


def requirements(model: Model, piece: Piece) -> Iterator[Piece]:
    """What a piece cannot do without.

    Args:
        model: the resolved plan.
        piece: room and element.

    Yields:
        Pieces, possibly repeated.
    """
    room, name = piece
    if room == "controller":
        yield ("service", name)
        yield ("validator", name)
    elif room in ("service", "validator"):
        for operation in model.operations:
            if operation.service == name:
                for entity in operation.touches:
                    yield ("model", entity)
                for called in operation.body.steps if operation.body else ():
                    if called.operation:
                        yield ("service", called.operation.split(".")[0])
    elif room == "model":
        yield ("migration", name)
        for other in model.entity(name).touches:
            yield ("model", other)
    elif room == "migration":
        for other in model.entity(name).references:
            yield ("migration", other)
    elif room == "test" and name != WHOLE:
        criterion = next(criterion for criterion in model.criteria if criterion.id == name)
        for service in criterion.services:
            yield ("controller", service)
        for entity in criterion.entities:
            yield ("model", entity)
