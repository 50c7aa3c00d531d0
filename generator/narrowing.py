"""Which part of a project a run generates: all of it, or what some tasks, a phase or a story need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.blueprints import Room
from generator.folder.destination import Destination, Write
from generator.frozen import dataclass
from generator.merging.sides import sides_of
from generator.problems import PlanProblems, Problem, did_you_mean
from generator.recording import ANSWERS_FILE, Recorded, model_json, read_recorded
from generator.understanding import Understood, rooms_for

if TYPE_CHECKING:
    from generator.model import Model, Selection
    from generator.plan import Project


@dataclass(frozen=True)
class Narrowing:
    """What a run is narrowed to; nothing given means everything."""

    tasks: tuple[str, ...] = ()
    phase: str | None = None
    story: str | None = None


def choose(
    understood: Understood, rooms: Sequence[Room], narrowing: Narrowing, destination: Destination
) -> Selection:
    """Select what to render; what a narrowed run generated before stays selected.

    Raises:
        PlanProblems: a task, phase or story is asked for that the plan does not have.
    """
    from generator.model.selection import select, subjects_of

    model = understood.model
    known = {
        "task": [task.id for task in model.tasks],
        "phase": list(dict.fromkeys(task.phase for task in model.tasks)),
        "story": list(dict.fromkeys(task.story for task in model.tasks if task.story)),
    }
    asked = [("task", name) for name in narrowing.tasks]
    asked += [(kind, name) for kind, name in (("phase", narrowing.phase), ("story", narrowing.story)) if name]
    if asked and sides_of(destination) is not None:
        message = (
            "A merge of git has not been brought together yet: a part of the project cannot be generated"
        )
        raise PlanProblems([Problem(None, message, "Run `specwright generate` first")])
    _refuse_unknown(asked, known)
    rooms = rooms_for(rooms, model)
    names = [room.id for room in rooms]
    if not asked:
        return select(model, names)
    earlier = read_recorded(destination.text(ANSWERS_FILE))
    chosen = {
        room: [name for name in subjects_of(model, room) if name in elements]
        for room, elements in (earlier.chosen if earlier else {}).items()
        if room in names
    }
    # Without them nobody could call: what is narrowed is the rest.
    chosen |= {
        room.id: [*subjects_of(model, room.id)] for room in rooms if room.identity and not room.follows
    }
    selection = select(
        model,
        names,
        tasks=narrowing.tasks,
        phase=narrowing.phase,
        story=narrowing.story,
        recorded=chosen,
        requires={room.id: room.requires for room in rooms},
    )
    return _with_followers(model, selection, rooms)


def _with_followers(model: Model, selection: Selection, rooms: Sequence[Room]) -> Selection:
    """A selection with the rooms that are there wherever others are."""
    from generator.model.selection import subjects_of

    added = {
        room.id: subjects_of(model, room.id)
        for room in rooms
        if room.follows
        and room.id not in model.rooms_without
        and all(selection.has(followed) for followed in room.follows)
    }
    found = {**selection.rooms, **added}
    return replace(selection, rooms={room.id: found[room.id] for room in rooms if room.id in found})


def in_step(understood: Understood, rooms: Sequence[Room], earlier: Recorded | None) -> bool:
    """Say whether a plan means what was recorded: the whole of it, or as much as was generated of it."""
    from generator.answers import build_answers
    from generator.model.selection import select, subjects_of

    if earlier is None:
        return False
    model = understood.model
    names = [room.id for room in rooms_for(rooms, model)]
    selections = [select(model, names)]
    chosen = {
        room: [name for name in subjects_of(model, room) if name in elements]
        for room, elements in earlier.chosen.items()
        if room in names
    }
    if chosen != {room: [*elements] for room, elements in selections[0].rooms.items()}:
        # No task has this name: what was recorded alone.
        requires = {room.id: room.requires for room in rooms}
        selections.append(select(model, names, tasks=("",), recorded=chosen, requires=requires))
    recorded = earlier.answers.get("model_json", "")
    return any(model_json(build_answers(model, selection)) == recorded for selection in selections)


def done_by(selection: Selection, project: Project) -> dict[str, tuple[str, ...]]:
    """Return the tasks that a run does and that are not ticked yet, by the file that names them."""
    opened = {task.id for task in selection.tasks if not task.done and task.room in selection.rooms}
    found = {
        feature.tasks_file: tuple(task.id for task in feature.tasks.tasks if task.id in opened)
        for feature in project.features
        if feature.tasks_file and feature.tasks
    }
    return {file: tasks for file, tasks in found.items() if tasks}


def ticks_of(folder: Path, tasks: Mapping[str, Sequence[str]]) -> tuple[list[Write], tuple[str, ...]]:
    """Return the writes that tick tasks, and the tasks that were not ticked before.

    Args:
        folder: the project.
        tasks: by the file that names them.
    """
    from generator.plan.ticking import tick_text

    writes: list[Write] = []
    ticked: list[str] = []
    for file, names in tasks.items():
        # Bytes, not text: line ends stay as they are.
        before = (folder / file).read_bytes()
        done, text = tick_text(before.decode(), {*names}, file)
        if done:
            writes.append(Write(file, text.encode(), before=before))
            ticked += done
    return writes, tuple(ticked)


def _refuse_unknown(asked: Sequence[tuple[str, str]], known: Mapping[str, Sequence[str]]) -> None:
    problems = [
        Problem(None, f"There is no {kind} {name} in tasks.yaml", did_you_mean(name, known[kind]))
        for kind, name in asked
        if name not in known[kind]
    ]
    if problems:
        raise PlanProblems(problems)
