"""`specwright eject`: what is left builds as it did, and nothing of Specwright is in it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from generator.blueprints import rooms_of
from generator.folder.aside import ASIDE
from generator.folder.conflicts import ASIDE as TAKEN_BACK
from generator.folder.conflicts import refuse_open
from generator.folder.destination import Destination, Write
from generator.folder.journal import STATE, Journal
from generator.folder.lock import LOCK_FILE, read_lock
from generator.last_run import former, known_state
from generator.migrations import refuse_stack
from generator.problems import PlanProblems, Problem
from generator.recording import ANSWERS_FILE, read_recorded
from generator.releases import ReleaseError
from generator.releases.home import Home
from generator.understanding import PLAN, plan_files, understand
from generator.updating import recorded_blueprints

# Put there by earlier runs, and a person's.
_KEPT = (ASIDE, TAKEN_BACK, f"{STATE}/cache/database")
_MENTIONS = (STATE, ANSWERS_FILE)
_COMMAND = b"specwright "
_SCHEMA = "# yaml-language-server: $schema="


@dataclass(frozen=True)
class Ejection:
    """What goes, files that lose the lines that name it, what is kept, and lines that still name it."""

    removed: tuple[str, ...]
    edited: tuple[str, ...]
    kept: tuple[str, ...]
    mentions: tuple[str, ...]


def eject(folder: Path, templates: Path, *, really: bool, home: Home | None = None) -> Ejection:
    """Take Specwright out of a project.

    Args:
        folder: the project.
        templates: where the blueprints are.
        really: without it, nothing is done.
        home: of former releases; by default that of the installed Specwright.

    Returns:
        What was done, or would be.

    Raises:
        PlanProblems: Specwright is not in it, or nobody could seal its migrations any more.
        OpenConflicts: those of the last run are still open.
    """
    destination = Destination(folder)
    removed = [path for path in (STATE, ANSWERS_FILE) if os.path.lexists(folder / path)]
    if not removed:
        message = f"There is neither {STATE} nor {ANSWERS_FILE} here"
        raise PlanProblems([Problem(None, message, "Nothing of Specwright is in this folder")])
    refuse_open(destination)
    if ANSWERS_FILE in removed:
        _refuse_open_migrations(folder, templates)
    files, instead = _generated(destination, templates, home or Home())
    plans = [path.relative_to(folder).as_posix() for path in _plans(folder)]
    writes, mentions = _without(destination, files, plans, instead)
    answers = destination.find(ANSWERS_FILE).content
    kept = tuple(path for path in _KEPT if (folder / path).is_dir() and any((folder / path).iterdir()))
    if really:
        gone = [Write(ANSWERS_FILE, None, before=answers)] if answers is not None else []
        Journal(folder).apply([*writes, *gone])
        _remove_state(folder / STATE, [folder / path for path in kept])
    return Ejection(tuple(removed), tuple(write.path for write in writes), kept, mentions)


def _refuse_open_migrations(folder: Path, templates: Path) -> None:
    """What is generated refuses open migrations where data matters, and only Specwright seals them."""
    if not any(path.endswith(PLAN) for path in plan_files(folder)):
        return
    model = understand(folder, templates).model
    try:
        refuse_stack(model.stack)
    except PlanProblems:
        return
    if any(not migration.digest for migration in model.migrations):
        message = "The project has open migrations, and nothing could seal them afterwards"
        raise PlanProblems([Problem(None, message, "Run `specwright migrations seal` first")])


def _generated(destination: Destination, templates: Path, home: Home) -> tuple[list[str], dict[str, str]]:
    """Where generated files stand, and what the blueprints say in place of texts that name a command."""
    earlier = read_recorded(destination.text(ANSWERS_FILE))
    lock, _ = read_lock(destination.text(LOCK_FILE))
    instead: dict[str, str] = {}
    # Without the release that it is of, what names a command is told.
    with (
        suppress(PlanProblems, ReleaseError),
        recorded_blueprints(destination.folder, templates, home) as (blueprints, _),
    ):
        lock, _ = known_state(destination, lambda: former(blueprints, earlier))
        stack = earlier.answers.get("stack", "") if earlier else ""
        for room in rooms_of(blueprints, stack) if stack else ():
            instead |= room.ejected
    return [entry.place for entry in lock.files.values()], instead


def _plans(folder: Path) -> list[Path]:
    return [path for pattern in ("*.yaml", "specs/*/*.yaml") for path in sorted(folder.glob(pattern))]


def _without(
    destination: Destination, files: Sequence[str], plans: Sequence[str], instead: Mapping[str, str]
) -> tuple[list[Write], tuple[str, ...]]:
    """The writes that take lines out that name what goes, and the places where such a line has to stay."""
    writes, mentions = [], []
    for path in [*files, *plans]:
        before = destination.find(path).content
        if path == ANSWERS_FILE or before is None or not (_names(before) or _COMMAND in before):
            continue
        after = _cleaned(path, before)
        if path not in plans:
            for text, other in instead.items():
                after = after.replace(text.encode(), other.encode())
        if after != before:
            writes.append(Write(path, after, before=before))
        mentions += [
            f"{path}:{number}"
            for number, line in enumerate(after.splitlines(), start=1)
            if _names(line) or (_COMMAND in line and path not in plans)
        ]
    return writes, tuple(mentions)


def _cleaned(path: str, content: bytes) -> bytes:
    """A file without the lines about what goes: a pattern, an item of a list, the schema of a plan."""
    kept = [line for line in content.splitlines(keepends=True) if not _is_ours(line)]
    after = b"".join(kept)
    if path.endswith(".json"):
        try:
            json.loads(after)
        except ValueError:
            return content
    return after


def _is_ours(line: bytes) -> bool:
    text = line.decode(errors="replace").strip()
    if not _names(line):
        return False
    if text.startswith(_SCHEMA):
        return True
    pattern = text.split()[0].strip("\"',!/")
    return pattern.split("/")[0] in _MENTIONS


def _names(content: bytes) -> bool:
    return any(name.encode() in content for name in _MENTIONS)


def _remove_state(folder: Path, kept: Iterable[Path]) -> None:
    """Remove a folder but for what is in some folders below it."""
    stay = [*kept]
    if not stay:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        if path in stay:
            continue
        if any(each.is_relative_to(path) for each in stay):
            _remove_state(path, [each for each in stay if each.is_relative_to(path)])
        elif path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
