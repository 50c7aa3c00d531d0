"""tasks.yaml, resolved: who does what, in which phase, and that its order agrees with what rooms need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.expressions.types import Type
from generator.model.elements.model import Model
from generator.model.elements.work import Budget, Phase, Task
from generator.model.literals import read_literal
from generator.model.selection import SUBJECTS, Piece, pieces_of, requirements, subjects_of
from generator.model.world import World
from generator.plan.values import Value
from generator.problems import ProblemList, did_you_mean


def resolve_phases(world: World) -> tuple[Phase, ...]:
    """The phases of all features, in order."""
    phases = []
    for feature in world.combined.project.features:
        if feature.tasks is None or feature.locate_tasks is None:
            continue
        for index, phase in enumerate(feature.tasks.phases):
            for position, identity in enumerate(phase.checkpoint):
                if identity not in feature.plan.acceptance:
                    world.problems.error(
                        feature.locate_tasks("phases", index, "checkpoint", position),
                        f"no criterion is called {identity}",
                        did_you_mean(identity, feature.plan.acceptance),
                    )
            phases.append(
                Phase(
                    phase.id,
                    feature.name,
                    phase.title or phase.id,
                    phase.after,
                    phase.story,
                    phase.checkpoint,
                )
            )
    return tuple(phases)


def resolve_tasks(world: World) -> tuple[Task, ...]:
    """The tasks of all features, in order, without a look at their subjects."""
    tasks = []
    for feature in world.combined.project.features:
        if feature.tasks is None or feature.locate_tasks is None:
            continue
        stories = {phase.id: phase.story for phase in feature.tasks.phases}
        for index, task in enumerate(feature.tasks.tasks):
            kind = "generate" if task.generate else "fill" if task.fill else "manual"
            subjects = task.subject if isinstance(task.subject, tuple) else ()
            operations: tuple[str, ...] = ()
            kind_of_subject = SUBJECTS.get(task.generate or "")
            if kind_of_subject == "criterion":
                own = {name: f"{feature.name}/{name}" for name in subjects}
                subjects = tuple(
                    own[name] if own[name] in world.combined.criteria else name for name in subjects
                )
            elif kind_of_subject == "service":
                operations = tuple(name for name in subjects if "." in name)
                subjects = tuple(dict.fromkeys(name.partition(".")[0] for name in subjects))
            tasks.append(
                Task(
                    id=task.id,
                    feature=feature.name,
                    phase=task.phase,
                    kind=kind,  # type: ignore[arg-type]
                    room=task.generate,
                    subjects=(task.fill,) if task.fill else subjects,
                    story=task.story or stories.get(task.phase),
                    done=task.done,
                    text=task.manual or task.title or "",
                    after=task.after,
                    location=feature.locate_tasks("tasks", index),
                    operations=operations,
                )
            )
    return tuple(tasks)


def check_tasks(model: Model, problems: ProblemList, rooms: Iterable[str]) -> None:
    """Check what tasks name, that none makes what another makes, and that their order works.

    Args:
        model: the resolved plan, tasks included.
        problems: where problems are noted.
        rooms: the rooms that the blueprints of the stack have.
    """
    known = tuple(dict.fromkeys((*SUBJECTS, *rooms)))
    owner: dict[tuple[str, str], Task] = {}
    for task in model.tasks:
        if task.kind == "fill" and task.subjects[0] not in [slot.id for slot in model.slots]:
            slots = [slot.id for slot in model.slots]
            problems.error(
                task.location, f"no slot is called {task.subjects[0]}", did_you_mean(task.subjects[0], slots)
            )
            continue
        if task.kind != "generate" or not _check_room(model, task, problems, known):
            continue
        _check_operations(model, task, problems)
        for piece in pieces_of(model, task):
            if piece in owner and not _share(owner[piece], task, piece):
                problems.error(
                    task.location,
                    f"{task.id} makes {piece[0]} of {piece[1]}, which {owner[piece].id} makes too",
                    "leave it to one of them",
                )
            owner.setdefault(piece, task)
    _check_order(model, owner, problems)


def _share(first: Task, second: Task, piece: Piece) -> bool:
    """Whether both make a part of a service, each operations of their own: the first brings the file."""
    parts = [
        {name for name in task.operations if name.startswith(f"{piece[1]}.")} for task in (first, second)
    ]
    return all(parts) and not parts[0] & parts[1]


def _check_operations(model: Model, task: Task, problems: ProblemList) -> None:
    known = [operation.id for operation in model.operations]
    for name in task.operations:
        if name not in known:
            problems.error(task.location, f"no operation is called {name}", did_you_mean(name, known))


def _check_room(model: Model, task: Task, problems: ProblemList, rooms: Sequence[str]) -> bool:
    room = task.room or ""
    if room not in rooms:
        problems.error(task.location, f"no room is called {room}", did_you_mean(room, rooms))
        return False
    if room in model.rooms_without:
        problems.error(task.location, f"{room} is switched off by `rooms:`", "remove the task or the switch")
    kind = SUBJECTS.get(room, "whole")
    if kind == "whole" and task.subjects:
        problems.error(task.location, f"{room} has no subject", "remove `subject:`")
        return False
    known = subjects_of(model, room)
    for subject in task.subjects:
        if subject not in known:
            problems.error(
                task.location,
                f"{room} has no {kind} called {subject}",
                did_you_mean(subject, known),
            )
    return all(subject in known for subject in task.subjects)


def _check_order(model: Model, owner: dict[tuple[str, str], Task], problems: ProblemList) -> None:
    before = _reachable(model)
    for piece, task in owner.items():
        for needed in _needed(model, piece, owner):
            other = owner.get(needed)
            if other is not None and other is not task and task.id in before.get(other.id, set()):
                problems.error(
                    task.location,
                    f"{task.id} comes before {other.id}, and its {piece[0]} of {piece[1]} needs the"
                    f" {needed[0]} of {needed[1]} made there",
                    "turn the order round",
                )


def _needed(model: Model, piece: Piece, owner: Mapping[Piece, Task]) -> Iterator[Piece]:
    """What a piece needs; what no task makes comes with it, and needs more."""
    seen: set[Piece] = set()
    waiting = list(requirements(model, piece))
    while waiting:
        needed = waiting.pop(0)
        if needed not in seen:
            seen.add(needed)
            yield needed
            if needed not in owner:
                waiting.extend(requirements(model, needed))


def _reachable(model: Model) -> dict[str, set[str]]:
    """For each task the tasks that come before it, by `after` of tasks and of phases."""
    phases = {phase.id: phase.after for phase in model.phases}
    members: dict[str, list[str]] = {}
    for task in model.tasks:
        members.setdefault(task.phase, []).append(task.id)
    direct = {
        task.id: [
            *task.after,
            *(other for phase in phases.get(task.phase, ()) for other in members.get(phase, ())),
        ]
        for task in model.tasks
    }
    found: dict[str, set[str]] = {}
    for start in direct:
        waiting = [start]
        while waiting:
            name = waiting[-1]
            open_ones = [other for other in direct.get(name, ()) if other not in found and other in direct]
            if name not in found and open_ones and len(waiting) <= len(direct):
                waiting += open_ones
                continue
            waiting.pop()
            found[name] = {each for other in direct[name] for each in (other, *found.get(other, ()))}
    return found


def resolve_budgets(world: World, operations: dict[str, Any]) -> tuple[Budget, ...]:
    """The performance goals of all features."""
    budgets = []
    for feature in world.combined.project.features:
        quality = feature.plan.quality
        for index, goal in enumerate(quality.performance if quality else ()):
            if goal.operation not in operations:
                world.problems.error(
                    feature.locate("quality", "performance", index, "operation", value=True),
                    f"no operation is called {goal.operation}",
                    did_you_mean(goal.operation, operations),
                )
                continue
            milliseconds = read_literal(Value(text=goal.p95), Type("interval")).value
            assert isinstance(milliseconds, int)
            budgets.append(Budget(goal.operation, milliseconds, goal.connections, goal.rate))
    return tuple(budgets)
