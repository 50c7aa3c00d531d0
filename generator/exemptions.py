"""What generation leaves alone: files that a person has taken over, and SQL that was sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.folder.destination import Destination
from generator.folder.lock import DELETED, Lock, locked
from generator.folder.owned import OWNED_FILE, read_owned
from generator.merging.merge import Action, Change
from generator.rendered import RenderedFile
from generator.slots import skeleton_hash

MISSES = "yours; what is generated for it has changed since you took it over"
_SEALED = (".up.sql", ".down.sql", ".sealed")
_DIFFERS = "differs from what was sealed, and stays: take it back from git"


def without_sealed(
    changes: tuple[Change, ...], answers: Mapping[str, Any], rendered: Iterable[RenderedFile]
) -> tuple[Change, ...]:
    """The changes, but none to what was sealed: what differs there is only told, what is gone comes back."""
    names = sealed_names(answers)
    if not names:
        return changes
    sealed = {file.path: file for file in rendered if file.path.rpartition("/")[2] in names}

    def left(change: Change) -> Change:
        file = sealed.get(change.entry.path) if change.entry else None
        if file is None:
            return change
        if change.entry and (change.action is Action.REMOVED or change.entry.at):
            # Where the migrator looks for it; what a person has put elsewhere is a file of their own.
            note = "is sealed, and was not here"
            return Change(
                file.path,
                Action.CREATE,
                None,
                file.content,
                locked(file),
                file.room,
                file.executable,
                note=note,
            )
        if change.action in (Action.UPDATE, Action.MERGE, Action.CONFLICT, Action.EDITED, Action.MOVE):
            return _as_sealed(change, file)
        return change

    return tuple(sorted(map(left, changes), key=lambda change: change.path))


def sealed_names(answers: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the files, without their folder, whose text a sealed migration has for good.

    Args:
        answers: as they were recorded.
    """
    sealed = [migration["file"] for migration in answers.get("migrations", ()) if "hash" in migration]
    return frozenset(f"{name}{ending}" for name in sealed for ending in _SEALED)


def _as_sealed(change: Change, file: RenderedFile) -> Change:
    """A change to a sealed file, but not of its text, unless that is as it was sealed."""
    if change.action is Action.MOVE or change.moved_from:
        own = change.versions[1] if change.versions else change.after
        if own == file.content:
            return change
        return change._replace(action=Action.MOVE, after=own, pending=True, note=_DIFFERS, versions=None)
    return change._replace(
        action=Action.EDITED, after=change.before, pending=True, note=_DIFFERS, versions=None
    )


def without_owned(
    destination: Destination, changes: tuple[Change, ...], rendered: Iterable[RenderedFile]
) -> tuple[Change, ...]:
    """The changes, but none to a file that a person has taken over: that is only told what it misses."""
    owned = read_owned(destination.text(OWNED_FILE))
    if not owned:
        return changes
    files = {file.path: file for file in rendered}

    def left(change: Change) -> Change:
        if change.path not in owned:
            return change
        now = destination.find(change.path).content
        file = files.get(change.entry.path if change.entry else change.path)
        entry = locked(file, at=change.path if change.path != file.path else "") if file else change.entry
        missing = file is not None and skeleton_hash(file.content) != owned[change.path]
        return Change(
            change.path,
            Action.OWNED,
            now,
            now,
            entry,
            change.room,
            note=MISSES if missing else "no longer generated" if file is None else "",
        )

    return tuple(left(change) for change in changes)


def staying(lock: Lock, destination: Destination) -> Lock:
    """The lock, with files that a person has taken over held where they stand: they follow no template."""
    owned = read_owned(destination.text(OWNED_FILE))
    if not owned:
        return lock
    entries = dict(lock.files)
    for path, entry in lock.files.items():
        if entry.place in owned:
            # One that is gone is not looked for elsewhere: what a person makes of it is theirs.
            kept = entry.kept if destination.holds(entry.place) else DELETED
            entries[path] = entry._replace(at=entry.place, kept=kept)
    return Lock(entries, lock.inputs)
