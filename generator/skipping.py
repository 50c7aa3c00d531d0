"""What a run can skip: all of it where nothing changed, all but one entity where an edit stays within it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.blueprints import Room, engine_digest, rooms_of, stack_names, templates_digest
from generator.folder.conflicts import STATE_FILE
from generator.folder.destination import Destination, State
from generator.folder.file_states import note_states
from generator.folder.journal import Journal
from generator.folder.lock import LockedFile
from generator.folder.seal import is_sealed, remember, remembered, seal
from generator.last_run import UNREAD
from generator.narrowing import Narrowing, choose
from generator.outcome import Outcome
from generator.problems import ProblemList
from generator.recording import ANSWERS_FILE, HEAD, RELEASE, recorded_release
from generator.refresh import left_as_is
from generator.understanding import PLAN, Understood, plan_files, resolved, rooms_bringing


def untouched(folder: Path, templates: Path) -> Outcome | None:
    """Return the outcome of a run that has nothing to do and nothing to say; None if it may have.

    Args:
        folder: the project.
        templates: where the blueprints are.
    """
    destination = Destination(folder)
    if destination.find(STATE_FILE).content is not None:
        return None
    release = recorded_release(destination.head(ANSWERS_FILE, HEAD))
    sealed = is_sealed(destination, sources_of(templates, plan_files(folder), release))
    outcome = left_as_is(destination) if sealed else None
    # A body written since is no edit of its file, but it is noted.
    if outcome is None or outcome.writes:
        return None
    if not any(change.before is UNREAD for change in outcome.changes):
        note_states(Destination(folder), _entries(outcome), {})
    return outcome


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
    destination = Destination(folder)
    try:
        found = _locally(destination, templates, texts[PLAN], share)
    except Exception:
        # Whatever is in the way, a full run finds out, and says it with its place.
        return None
    if found is None:
        return None
    outcome, text, begins, end = found
    known = _left_alone(destination, outcome)
    overtaken = () if dry_run else Journal(folder).apply(outcome.writes)
    if not dry_run and not overtaken:
        note_run(folder, outcome, sources_of(templates, texts), (text, begins, end), known)
    return replace(outcome, overtaken=overtaken)


def note_run(
    folder: Path,
    outcome: Outcome,
    sources: str,
    outline: tuple[str, Mapping[str, int], int] | None,
    known: Mapping[str, State] | None = None,
) -> None:
    """Note what lets the next run be skipped, or be done within one entity.

    Args:
        folder: the project, after the run.
        outcome: what the run did.
        sources: all that it read before it looked at the files of the project, as `sources_of` says.
        outline: where the entities of its plan stand, None where an edit within one is not to be tried.
        known: what the file system said of files that are as generated and were left alone.
    """
    destination = Destination(folder)
    seal(destination, sources)
    note_states(destination, _entries(outcome), known or {})
    if outline is not None:
        remember(destination, *outline)


def outline_of_plan(understood: Understood) -> tuple[str, Mapping[str, int], int] | None:
    """Return the text of a plan, where entities begin and the last ends; None where that is not simple."""
    from generator.local.edit import outline_of

    locate = understood.project.features[0].locate
    found = outline_of(locate.text, locate.root)
    if found is None or locate.text.encode() != understood.texts[PLAN]:
        return None
    return locate.text, found.begins, found.end


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
    from generator.local import NotLocal
    from generator.plan import load_text

    project = load_text(folder, text)
    rooms = rooms_of(templates, project.features[0].plan.stack or "")
    if rooms_bringing(project, rooms):
        # What a room brings to the plan reaches everywhere, and a part of the plan would be joined otherwise.
        raise NotLocal("a room brings a part of the plan")
    understood = resolved(project, {}, templates)
    selection = choose(understood, rooms, Narrowing(), Destination(folder))
    return build_answers(understood.model, selection), rooms, understood.warned


def _left_alone(destination: Destination, outcome: Outcome) -> dict[str, State]:
    """What the file system said of the files that nobody needed to read, when that was last looked at."""
    return destination.states(change.path for change in outcome.changes if change.after is UNREAD) or {}


def _entries(outcome: Outcome) -> dict[str, LockedFile]:
    return {change.entry.path: change.entry for change in outcome.changes if change.entry}
