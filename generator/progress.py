"""`specwright status`: phases and tasks, what each has produced, slots, and the share of code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.accounting import slots_of
from generator.blueprints import rooms_of, templates_folder
from generator.folder.destination import Destination
from generator.folder.lock import Lock, LockedFile
from generator.frozen import dataclass
from generator.last_run import former, known_state
from generator.outcome import SlotStatus
from generator.recording import ANSWERS_FILE, read_recorded
from generator.releases.home import Home
from generator.shares import Shares, shares_data, shares_lines, shares_of
from generator.understanding import rooms_for, understand
from generator.updating import recorded_blueprints

if TYPE_CHECKING:
    from generator.model.elements.model import Model
    from generator.model.elements.work import Task


@dataclass(frozen=True)
class TaskProgress:
    """One task: what it says, whether it is done, and the files it produced."""

    id: str
    phase: str
    text: str
    state: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class PhaseProgress:
    """One phase with its tasks; a project without tasks.yaml has none."""

    id: str
    title: str
    tasks: tuple[TaskProgress, ...]


@dataclass(frozen=True)
class Progress:
    """How far a project is, and where its lines come from."""

    project: str
    files: int
    phases: tuple[PhaseProgress, ...]
    slots: tuple[SlotStatus, ...]
    shares: Shares


def progress_of(folder: Path) -> Progress:
    """Find out how far a project is.

    Raises:
        PlanProblems: the plan has problems.
    """
    from generator.answers import build_answers
    from generator.model import select

    templates = templates_folder()
    model = understand(folder, templates).model
    rooms = rooms_for(rooms_of(templates, model.stack), model)
    answers = build_answers(model, select(model, [room.id for room in rooms]))
    destination = Destination(folder)
    with recorded_blueprints(folder, templates, Home()) as (blueprints, _):
        earlier = read_recorded(destination.text(ANSWERS_FILE))
        lock, records = known_state(destination, lambda: former(blueprints, earlier))
        slots = slots_of(destination, lock, records, answers)
        shares = shares_of(destination, lock, slots, lambda: former(blueprints, earlier))
    states = {slot.id: slot.state for slot in slots}
    phases = tuple(
        PhaseProgress(
            phase.id,
            phase.title,
            tuple(_task(model, task, lock, states) for task in model.tasks if task.phase == phase.id),
        )
        for phase in model.phases
    )
    return Progress(model.project, len(lock.files), phases, slots, shares)


def progress_lines(progress: Progress) -> list[str]:
    """Return the progress as lines for people."""
    lines = [f"{progress.project}: {_files(progress.files)} generated"]
    for phase in progress.phases:
        done = sum(task.state == "done" for task in phase.tasks)
        lines += ["", f"{phase.id}: {phase.title} ({done} of {len(phase.tasks)} done)"]
        for task in phase.tasks:
            produced = f", {_files(len(task.files))}" if task.files else ""
            lines.append(f"  [{'x' if task.state == 'done' else ' '}] {task.id}  {task.text}{produced}")
    if progress.slots:
        lines += ["", "Slots"]
    for slot in progress.slots:
        state = "placeholder" if slot.placeholder and slot.state == "fallback" else slot.state
        lines.append(f"  {state:<12} {slot.id}  {slot.file}")
    return [*lines, "", *shares_lines(progress.shares)] if progress.shares.total else lines


def progress_data(progress: Progress) -> dict[str, Any]:
    """Return the progress as plain data."""
    return {
        "project": progress.project,
        "files": progress.files,
        "phases": [
            {"id": phase.id, "title": phase.title, "tasks": [vars(task) for task in phase.tasks]}
            for phase in progress.phases
        ],
        "slots": [vars(slot) for slot in progress.slots],
        "lines": shares_data(progress.shares),
    }


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _task(model: Model, task: Task, lock: Lock, slots: dict[str, str]) -> TaskProgress:
    from generator.model.selection import pieces_of, subjects_of

    files: list[str] = []
    if task.kind == "generate":
        pieces = pieces_of(model, task)
        known = _folded(subjects_of(model, task.room or ""))
        wanted = _folded(name for _, name in pieces)
        files = [
            file.path
            for file in lock.files.values()
            if file.room == task.room and _made_for(file, wanted, known)
        ]
    done = task.done or (task.kind == "fill" and slots.get(task.subjects[0]) == "filled")
    text = task.text or " ".join(filter(None, (task.kind, task.room, ", ".join(task.subjects))))
    return TaskProgress(task.id, task.phase, text, "done" if done else "open", tuple(files))


def _made_for(file: LockedFile, wanted: Sequence[str], known: Sequence[str]) -> bool:
    """A file of one element belongs to who asked for it, any other file of a room to all its tasks."""
    names = _folded(part.split(":", 1)[-1] for part in file.element.split("/") if part)
    return any(name in wanted for name in names) or not any(name in known for name in names)


def _folded(names: Iterable[str]) -> list[str]:
    """Entities and the services named after them differ in case alone."""
    return [name.casefold() for name in names]
