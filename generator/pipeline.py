"""The flow, one short function for each command: load, resolve, select, answers, render, merge."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.answering import Answered
from generator.blueprints import Room, engine_digest, rooms_of, stack_names, templates_digest
from generator.folder.conflicts import ASIDE, STATE_FILE, noted, refuse_open, taken_back, unfinished
from generator.folder.destination import Destination, Write
from generator.folder.file_states import note_states
from generator.folder.journal import Journal
from generator.folder.seal import is_sealed, remember, remembered, seal
from generator.frozen import dataclass
from generator.git import mark_merged, mark_unmerged
from generator.merging.merge import KEPT, Action
from generator.merging.sides import sides_of
from generator.outcome import Outcome
from generator.problems import PlanProblems, Problem, ProblemList, did_you_mean
from generator.recording import (
    ANSWERS_FILE,
    HEAD,
    MIGRATIONS,
    RELEASE,
    Recorded,
    model_json,
    read_recorded,
    recorded_answers,
    recorded_release,
)
from generator.refresh import UNREAD, Blueprints, bring_up_to_date, left_as_is

if TYPE_CHECKING:
    from generator.model import Model, Selection
    from generator.model.elements.history import Migration
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


@dataclass(frozen=True)
class TakenBack:
    """A merge that was undone: files that are as before, those of them edited since, and those kept."""

    restored: tuple[str, ...]
    edited: tuple[str, ...]
    overtaken: tuple[str, ...]


@dataclass(frozen=True)
class Narrowing:
    """What a run is narrowed to; nothing given means everything."""

    tasks: tuple[str, ...] = ()
    phase: str | None = None
    story: str | None = None


@dataclass(frozen=True)
class Wanted:
    """What a project is to become: answers, and the blueprints of a release that they are for.

    `text` are the answers as they are recorded, "" where nobody has written them yet; `ticks` are the writes
    that tick the tasks done with it; `sources` is what the run can be sealed with, "" if there is something
    left to say or do; `outline` is where the entities of the plan stand.
    """

    answers: Mapping[str, Any]
    templates: Path
    rooms: Sequence[Room]
    release: str = RELEASE
    text: str = ""
    warnings: tuple[Problem, ...] = ()
    ticks: tuple[Write, ...] = ()
    ticked: tuple[str, ...] = ()
    sources: str = ""
    outline: tuple[str, Mapping[str, int], int] | None = None


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
    sealed = _sealed(project, stack, texts)
    model, problems = resolve_with_problems(project, [room.id for room in rooms], sealed, to_check=to_check)
    problems.raise_if_errors()
    assert model is not None
    understood = Understood(project, model, problems.warnings, texts)
    _refuse_gaps(understood, rooms)
    return understood


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


def untouched(folder: Path, templates: Path) -> Outcome | None:
    """Return the outcome of a run that has nothing to do and nothing to say; None if it may have.

    Args:
        folder: the project.
        templates: where the blueprints are.
    """
    destination = Destination(folder)
    release = recorded_release(destination.head(ANSWERS_FILE, HEAD))
    sealed = is_sealed(destination, sources_of(templates, plan_files(folder), release))
    outcome = left_as_is(destination) if sealed else None
    # A body written since is no edit of its file, but it is noted.
    if outcome is None or outcome.writes:
        return None
    if not any(change.before is UNREAD for change in outcome.changes):
        note_states(destination, _generated_files(outcome))
    return outcome


def _generated_files(outcome: Outcome) -> list[str]:
    return [change.entry.path for change in outcome.changes if change.entry]


def updated_locally(
    folder: Path, templates: Path, *, dry_run: bool = False, share: float | None = None
) -> Outcome | None:
    """Bring a project up to date with an edit that stays within one entity; None if it may reach further.

    Args:
        folder: the project.
        templates: where the blueprints are.
        dry_run: find out what would happen and write nothing.
        share: of the entities: an edit that can reach more of them is not tried.
    """
    texts = plan_files(folder)
    if [*texts] != [PLAN]:
        return None
    try:
        found = _locally(Destination(folder), templates, texts[PLAN], share)
    except Exception:
        # Whatever is in the way, a full run finds out, and says it with its place.
        return None
    if found is None:
        return None
    outcome, text, begins, end = found
    overtaken = () if dry_run else Journal(folder).apply(outcome.writes)
    if not dry_run and not overtaken:
        seal(Destination(folder), sources_of(templates, texts))
        note_states(Destination(folder), _generated_files(outcome))
        remember(Destination(folder), text, begins, end)
    return replace(outcome, overtaken=overtaken)


def _locally(
    destination: Destination, templates: Path, content: bytes, share: float | None
) -> tuple[Outcome, str, Mapping[str, int], int] | None:
    if destination.find(STATE_FILE).content is not None:
        return None
    known = remembered(destination)
    if known is None or not is_sealed(destination, sources_of(templates, {PLAN: known[0].encode()})):
        return None
    from generator.local.edit import SHARE, Outline, find_edit
    from generator.plan.sources import read_text

    text, begins, end = known
    problems = ProblemList()
    now = read_text(destination.folder / PLAN, PLAN, problems, destination.folder)
    if now is None or problems.errors or now.encode() != content:
        return None
    outline = Outline(begins, end)
    edit = find_edit(text, outline, now, SHARE if share is None else share)
    before, rooms, known_warnings = _answers_alone(destination.folder, edit.before, templates)
    after, _, warnings = _answers_alone(destination.folder, edit.after, templates)
    if known_warnings != warnings:
        return None
    from generator.local.update import local_outcome

    outcome = local_outcome(destination, templates, edit.entity, before, after)
    moved = outline.moved(edit.entity, edit.grown)
    return replace(outcome, rooms=rooms), now, moved.begins, moved.end


def _answers_alone(
    folder: Path, text: str, templates: Path
) -> tuple[dict[str, Any], tuple[Room, ...], list[tuple[str, str]]]:
    """The answers of a text that stands for the plan, the rooms of its stack, and what was warned of."""
    from generator.answers import build_answers
    from generator.plan import load_text

    understood = resolved(load_text(folder, text), {}, templates)
    rooms = rooms_of(templates, understood.model.stack)
    selection = choose(understood, rooms, Narrowing(), Destination(folder))
    return build_answers(understood.model, selection), rooms, understood.warned


def plan_files(folder: Path) -> dict[str, bytes]:
    """Return all that a plan is resolved from, by path: plans, tasks, and records of sealed migrations."""
    patterns = ("plan.yaml", "tasks.yaml", "specs/*/plan.yaml", "specs/*/tasks.yaml", f"{MIGRATIONS}/*.json")
    paths = [path for pattern in patterns for path in sorted(folder.glob(pattern)) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def sources_of(templates: Path, texts: Mapping[str, bytes], release: str = RELEASE) -> str:
    """Return a digest of all that a run reads before it looks at the files of the project.

    Args:
        templates: where the installed blueprints are.
        texts: the plans, tasks and records of migrations, by file.
        release: whose blueprints the run renders; a former one is known by its name, for it never changes.
    """
    digest = hashlib.sha256(engine_digest().encode())
    if release in ("", RELEASE):
        digests = [templates_digest(templates, stack) for stack in stack_names(templates)]
        digest.update("\n".join(digests).encode())
    else:
        digest.update(f"release {release}".encode())
    for name, content in texts.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def generate(
    folder: Path,
    understood: Understood,
    templates: Path,
    narrowing: Narrowing,
    *,
    dry_run: bool = False,
    blueprints: Blueprints | None = None,
    source: str = "",
) -> Outcome:
    """Generate a project, or bring it up to date with its plan.

    Args:
        folder: the project.
        understood: its plan.
        templates: where the blueprints are.
        narrowing: which tasks, phase or story to generate; what an earlier run generated stays.
        dry_run: find out what would happen and write nothing.
        blueprints: finds those of former releases that are needed.
        source: the home of the blueprints to record; by default the one that is recorded.

    Raises:
        PlanProblems: the narrowing names nothing, or the folder belongs to another template.
    """
    from generator.answers import build_answers

    destination = Destination(folder)
    refuse_open(destination)
    rooms, warnings = rooms_of(templates, understood.model.stack), understood.warnings
    selection = choose(understood, rooms, narrowing, destination)
    answers = build_answers(understood.model, selection)
    ticks, ticked = ticks_of(folder, _done_by(selection, understood.project))
    # A narrowed run leaves something to do, and warnings are said again.
    whole = narrowing == Narrowing() and not warnings
    texts = {**understood.texts, **{write.path: write.content or b"" for write in ticks}}
    sources = sources_of(templates, texts) if whole else ""
    outline = _outline(understood) if whole and [*texts] == [PLAN] else None
    wanted = Wanted(
        answers,
        templates,
        rooms,
        warnings=warnings,
        ticks=tuple(ticks),
        ticked=ticked,
        sources=sources,
        outline=outline,
    )
    # The rest needs room, and nothing of the plan.
    del understood, selection, answers
    return bring_in(folder, wanted, dry_run=dry_run, blueprints=blueprints, source=source)


def bring_in(
    folder: Path,
    wanted: Wanted,
    *,
    dry_run: bool = False,
    blueprints: Blueprints | None = None,
    source: str = "",
) -> Outcome:
    """Bring what is wanted into a project, and write it.

    Args:
        folder: the project.
        wanted: what it is to become.
        dry_run: find out what would happen and write nothing.
        blueprints: finds those of former releases that are needed.
        source: the home of the blueprints to record; by default the one that is recorded.

    Raises:
        PlanProblems: the folder belongs to another template.
        OpenConflicts: those of the last run are still there.
    """
    destination = Destination(folder)
    refuse_open(destination)
    outcome = bring_up_to_date(
        destination,
        wanted.templates,
        wanted.answers,
        text=wanted.text,
        release=wanted.release,
        source=source,
        blueprints=blueprints,
    )
    conflicts = [change for change in outcome.changes if change.action is Action.CONFLICT]
    writes = [*outcome.writes, *wanted.ticks]
    writes += noted(destination, [change.path for change in conflicts], writes)
    overtaken = () if dry_run else Journal(folder).apply(writes)
    if not dry_run:
        for change in conflicts:
            mark_unmerged(folder, change.path, change.versions or (), change.moved_from)
    if (
        wanted.sources
        and not dry_run
        and not overtaken
        and not any(change.action in KEPT for change in outcome.changes)
    ):
        seal(Destination(folder), wanted.sources)
        note_states(Destination(folder), _generated_files(outcome))
        if wanted.outline is not None:
            remember(Destination(folder), *wanted.outline)
    return replace(
        outcome,
        ticked=wanted.ticked,
        overtaken=overtaken,
        warnings=wanted.warnings,
        rooms=tuple(wanted.rooms),
    )


def answer(folder: Path, templates: Path, narrowing: Narrowing) -> Answered:
    """Say what this release makes of a project's plan, for a later one that asks; nothing is written.

    Args:
        folder: the project; its plans, tasks, sealed migrations and answers file are all that is read of it.
        templates: where the blueprints are.
        narrowing: which tasks, phase or story.
    """
    from generator.answers import build_answers

    try:
        understood = understand(folder, templates)
        rooms = rooms_of(templates, understood.model.stack)
        selection = choose(understood, rooms, narrowing, Destination(folder))
    except PlanProblems as error:
        return Answered(RELEASE, problems=error.problems)
    recorded = recorded_answers(build_answers(understood.model, selection))
    return Answered(RELEASE, recorded, understood.warnings, _done_by(selection, understood.project))


def _outline(understood: Understood) -> tuple[str, Mapping[str, int], int] | None:
    from generator.local.edit import outline_of

    locate = understood.project.features[0].locate
    found = outline_of(locate.text, locate.root)
    if found is None or locate.text.encode() != understood.texts[PLAN]:
        return None
    return locate.text, found.begins, found.end


def take_back(folder: Path) -> TakenBack | None:
    """Undo the last run, if it left conflicts: every file is again what it was before.

    Args:
        folder: the project.

    Returns:
        What was done, None where there is nothing to undo.
    """
    destination = Destination(folder)
    merge = unfinished(destination)
    if merge is None:
        return None
    writes, edited = taken_back(destination, merge)
    overtaken = Journal(folder).apply(writes)
    mark_merged(folder, merge.conflicts)
    own = (STATE_FILE, *(f"{ASIDE}/{path}" for path in edited))
    restored = tuple(write.path for write in writes if write.path not in own and write.path not in overtaken)
    return TakenBack(restored, edited, overtaken)


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
    names = [room.id for room in rooms]
    if not asked:
        return select(model, names)
    if sides_of(destination) is not None:
        message = (
            "A merge of git has not been brought together yet: a part of the project cannot be generated"
        )
        raise PlanProblems([Problem(None, message, "Run `specwright generate` first")])
    earlier = read_recorded(destination.text(ANSWERS_FILE))
    chosen = {
        room: [name for name in subjects_of(model, room) if name in elements]
        for room, elements in (earlier.chosen if earlier else {}).items()
        if room in names
    }
    return select(
        model,
        names,
        tasks=narrowing.tasks,
        phase=narrowing.phase,
        story=narrowing.story,
        recorded=chosen,
        requires={room.id: room.requires for room in rooms},
    )


def in_step(understood: Understood, rooms: Sequence[Room], earlier: Recorded | None) -> bool:
    """Say whether a plan means what was recorded: the whole of it, or as much as was generated of it."""
    from generator.answers import build_answers
    from generator.model.selection import select, subjects_of

    if earlier is None:
        return False
    model, names = understood.model, [room.id for room in rooms]
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


def _refuse_unknown(asked: Sequence[tuple[str, str]], known: Mapping[str, Sequence[str]]) -> None:
    problems = [
        Problem(None, f"There is no {kind} {name} in tasks.yaml", did_you_mean(name, known[kind]))
        for kind, name in asked
        if name not in known[kind]
    ]
    if problems:
        raise PlanProblems(problems)


def _refuse_gaps(understood: Understood, rooms: Sequence[Room]) -> None:
    """A room that is left out must be one, and no other room may need it."""
    from generator.model.selection import SUBJECTS

    known = [*dict.fromkeys([*SUBJECTS, *(room.id for room in rooms)])]
    problems = ProblemList()
    for feature in understood.project.features:
        without = feature.plan.rooms.without if feature.plan.rooms else ()
        for number, name in enumerate(without):
            place = feature.locate("rooms", "without", number)
            if name not in known:
                problems.error(place, f"there is no room {name}", did_you_mean(name, known))
            needing = [
                room.id
                for room in rooms
                if name in room.requires and room.id not in understood.model.rooms_without
            ]
            if needing:
                problems.error(
                    place, f"the room {name} cannot be left out", f"Needed by {', '.join(needing)}"
                )
    problems.raise_if_errors()


def _done_by(selection: Selection, project: Project) -> dict[str, tuple[str, ...]]:
    """The tasks that a run does and that are not ticked yet, by the file that names them."""
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
