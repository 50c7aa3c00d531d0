"""The flow, one short function for each command: load, resolve, select, answers, render, merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.answering import Answered
from generator.blueprints import Room, rooms_of
from generator.folder.conflicts import (
    ASIDE,
    STATE_FILE,
    noted,
    refuse_open,
    taken_back,
    tell_git,
    unfinished,
    untold,
)
from generator.folder.destination import Destination, Write
from generator.folder.journal import Journal
from generator.frozen import dataclass
from generator.git import mark_merged, staged
from generator.merging.merge import KEPT, Action
from generator.narrowing import Narrowing, choose, done_by, ticks_of
from generator.outcome import Outcome
from generator.problems import PlanProblems, Problem
from generator.recording import RELEASE, recorded_answers
from generator.refresh import Blueprints, bring_up_to_date
from generator.skipping import note_run, outline_of_plan, sources_of
from generator.understanding import PLAN, Understood, understand


@dataclass(frozen=True)
class TakenBack:
    """A merge that was undone: files that are as before, those of them edited since, and those kept."""

    restored: tuple[str, ...]
    edited: tuple[str, ...]
    overtaken: tuple[str, ...]


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
    ticks, ticked = ticks_of(folder, done_by(selection, understood.project))
    # A narrowed run leaves something to do, and warnings are said again.
    whole = narrowing == Narrowing() and not warnings
    texts = {**understood.texts, **{write.path: write.content or b"" for write in ticks}}
    sources = sources_of(templates, texts) if whole else ""
    outline = outline_of_plan(understood) if whole and [*texts] == [PLAN] else None
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
    paths = [change.path for change in conflicts]
    writes += noted(destination, paths, writes, staged(folder, paths))
    if not dry_run:
        versions = {change.path: (change.versions or (), change.moved_from) for change in conflicts}
        writes += untold(destination, versions)
    overtaken = () if dry_run else Journal(folder).apply(writes)
    if not dry_run:
        tell_git(folder)
    if (
        wanted.sources
        and not dry_run
        and not overtaken
        and not any(change.action in KEPT and not change.is_resting for change in outcome.changes)
    ):
        note_run(folder, outcome, wanted.sources, wanted.outline)
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
    return Answered(RELEASE, recorded, understood.warnings, done_by(selection, understood.project))


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
    mark_merged(folder, merge.conflicts, merge.staged)
    own = (STATE_FILE, *(f"{ASIDE}/{path}" for path in edited))
    restored = tuple(write.path for write in writes if write.path not in own and write.path not in overtaken)
    return TakenBack(restored, edited, overtaken)
