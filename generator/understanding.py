"""From the files of a plan to what they mean, with every problem found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from generator.addresses import refuse_taken_addresses
from generator.blueprints import Room, rooms_of
from generator.frozen import dataclass
from generator.problems import PlanProblems, Problem, ProblemList, did_you_mean
from generator.recording import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.model import Model
    from generator.model.elements.history import Migration
    from generator.model.elements.operations import RoomBody
    from generator.plan import Project

PLAN = "plan.yaml"


@dataclass(frozen=True)
class Understood:
    """A plan that passed every check: what was written, what it means, and what deserves a second look.

    `texts` are its files as they were before they were read, by name.
    """

    project: Project
    model: Model
    warnings: tuple[Problem, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def warned(self) -> list[tuple[str, str]]:
        """What is warned of, wherever it stands."""
        return [(warning.message, warning.hint) for warning in self.warnings]


def understand(folder: Path, templates: Path, *, to_check: bool = False) -> Understood:
    """Load a project's plans and tasks and resolve what they mean.

    Args:
        folder: the project.
        templates: where the blueprints are: a plan can leave out rooms of theirs, and tasks name them.
        to_check: only to know what is wrong; the model has no migrations then.

    Raises:
        PlanProblems: with every problem found.
    """
    from generator.plan import load_project

    texts = plan_files(folder)
    return resolved(load_project(folder), texts, templates, to_check=to_check)


def resolved(
    project: Project, texts: Mapping[str, bytes], templates: Path, *, to_check: bool = False
) -> Understood:
    """Resolve what loaded plans mean, as `understand` does.

    Args:
        project: the plans.
        texts: what they were read from, by file.
        templates: where the blueprints are.
        to_check: only to know what is wrong.

    Raises:
        PlanProblems: with every problem found.
    """
    # Read only when there is something to resolve: a plan that cannot be loaded is told at once.
    from generator.model import resolve_with_problems

    stack = next((feature.plan.stack for feature in project.features if feature.plan.stack), None)
    rooms = rooms_of(templates, stack) if stack else ()
    project, bodies = with_rooms(project, rooms)
    sealed = _sealed(project, stack, texts)
    model, problems = resolve_with_problems(
        project,
        [room.id for room in rooms],
        sealed,
        optional=[room.id for room in rooms if room.optional],
        to_check=to_check,
        bodies=bodies,
    )
    problems.raise_if_errors()
    assert model is not None
    understood = Understood(project, model, problems.warnings, texts)
    _refuse_gaps(understood, rooms_for(rooms, model))
    return understood


def rooms_for(rooms: Sequence[Room], model: Model) -> tuple[Room, ...]:
    """The rooms that there are for a plan.

    Some are only for those whose identity is from there, and some only where a plan has another room.

    Args:
        rooms: all rooms of the stack.
        model: what the plan means.

    Returns:
        The rooms, in the same order.
    """
    source = "" if model.identity is None else "auth" if model.identity.auth else "gateway"
    return tuple(
        room
        for room in rooms
        if room.identity in ("", source) and not any(each in model.rooms_without for each in room.follows)
    )


def rooms_bringing(project: Project, rooms: Sequence[Room]) -> tuple[Room, ...]:
    """The rooms that bring a part of the plan to a project: those for where its identity is from.

    Args:
        project: the features as loaded.
        rooms: all rooms of the stack.
    """
    source = next((each.plan.identity.from_ for each in project.features if each.plan.identity), None)
    return tuple(room for room in rooms if source is not None and room.identity == source)


def with_rooms(project: Project, rooms: Sequence[Room]) -> tuple[Project, dict[str, RoomBody]]:
    """Join a project with what the rooms of its stack bring to the plan.

    Args:
        project: the features as loaded.
        rooms: all rooms of the stack.

    Returns:
        The project with that, and the bodies that rooms have for slots.

    Raises:
        PlanProblems: a fragment cannot be joined with the plan.
    """
    bringing = rooms_bringing(project, rooms)
    if not bringing:
        return project, {}
    from generator.fragments import joined
    from generator.model.elements.operations import RoomBody

    problems, bodies = ProblemList(), {}
    for room in bringing:
        project = joined(project, room.folder, problems)
        for slot, body in room.bodies.items():
            taken, given = (tuple(body.get(key) or ()) for key in ("input", "output"))
            bodies[slot] = RoomBody(str(body["module"]), str(body["function"]), taken, given)
    problems.raise_if_errors()
    return project, bodies


def _sealed(project: Project, stack: str | None, texts: Mapping[str, bytes]) -> tuple[Migration, ...]:
    """The migrations that are recorded as sealed; most projects in the making have none."""
    if not any(name.startswith(MIGRATIONS) for name in texts):
        return ()
    from generator.migrations import read_sealed, refuse_stack

    refuse_stack(stack or "")
    return read_sealed(project.folder)


def explained(folder: Path, templates: Path) -> dict[str, str]:
    """Return each plan of a project, by file, with everything inferred written out.

    Raises:
        PlanProblems: the plan has problems.
    """
    understood = understand(folder, templates)
    from generator.model.explanation import explain
    from generator.plan import write_plan

    return {file: write_plan(plan) for file, plan in explain(understood.project, understood.model)}


def stack_of(folder: Path) -> str | None:
    """Return the stack of the plan in a folder, None when there is no plan there that can be loaded."""
    from generator.plan import load_project

    with suppress(PlanProblems):
        return next(
            (feature.plan.stack for feature in load_project(folder).features if feature.plan.stack), None
        )
    return None


def plan_files(folder: Path) -> dict[str, bytes]:
    """Return all that a plan is resolved from, by path: plans, tasks, and records of sealed migrations."""
    patterns = ("plan.yaml", "tasks.yaml", "specs/*/plan.yaml", "specs/*/tasks.yaml", f"{MIGRATIONS}/*.json")
    paths = [path for pattern in patterns for path in sorted(folder.glob(pattern)) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _refuse_gaps(understood: Understood, rooms: Sequence[Room]) -> None:
    """A room that is left out or on must be one that fits the others, and no route is at its addresses."""
    from generator.model.selection import SUBJECTS

    known = [*dict.fromkeys([*SUBJECTS, *(room.id for room in rooms)])]
    off = understood.model.rooms_without
    problems = ProblemList()
    for feature in understood.project.features:
        said = feature.plan.rooms
        for number, name in enumerate(said.with_ if said else ()):
            place = feature.locate("rooms", "with", number)
            room = next((room for room in rooms if room.id == name), None)
            if room is None:
                problems.error(
                    place, f"there is no room {name}", did_you_mean(name, [room.id for room in rooms])
                )
                continue
            missing = [need for need in room.requires if need in off]
            if missing:
                problems.error(
                    place, f"the room {name} needs {missing[0]}", f"Switch on {missing[0]} as well"
                )
        for number, name in enumerate(said.without if said else ()):
            place = feature.locate("rooms", "without", number)
            if name not in known:
                problems.error(place, f"there is no room {name}", did_you_mean(name, known))
            needing = [room.id for room in rooms if name in room.requires and room.id not in off]
            if needing:
                problems.error(
                    place, f"the room {name} cannot be left out", f"Needed by {', '.join(needing)}"
                )
    on = [room for room in rooms if room.id not in off]
    refuse_taken_addresses(understood.project, understood.model.operations, on, problems)
    problems.raise_if_errors()
