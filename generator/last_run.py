"""What the last run left in a project: files that are as it wrote them, and what it wrote them from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from generator.blueprints import templates_digest
from generator.folder.destination import Destination
from generator.folder.file_states import noted_states
from generator.folder.lock import DELETED, LOCK_FILE, Lock, LockedFile, lock_of, locked, read_lock
from generator.folder.slot_records import SLOTS_FILE, SlotRecord, read_records
from generator.merging.merge import Action, Change
from generator.merging.sides import sides_of
from generator.recording import ANSWERS_FILE, RELEASE, Origin, Recorded
from generator.rendered import RenderedFile
from generator.slots import content_hash, find_slots, may_hold_slots, skeleton_hash


def inputs_of(templates: Path, stack: str, text: Iterable[bytes | memoryview], release: str = RELEASE) -> str:
    """Return the release, and a digest of all that a render is made from; `text` are recorded answers."""
    digest = hashlib.sha256(f"{release}\n{templates_digest(templates, stack)}\n".encode())
    for piece in text:
        digest.update(piece)
    return f"{release}:{digest.hexdigest()}"


class _Unread(bytes):
    """Bytes of a kind of their own: an empty file has other ones."""


UNREAD = _Unread()
"""Stands for the bytes of a file that is known to be as generated, and that nobody needs to read."""
_READ = frozenset({ANSWERS_FILE, ".gitattributes"})


def as_generated(lock: Lock, inputs: str, destination: Destination) -> tuple[Change, ...] | None:
    """Return the files of the last run, if its inputs were the same: as it left them, or edited since.

    Files with slots, and those that a summary is made of, have their bytes; others may be `UNREAD`.

    Returns:
        What a run in full would say of each, None where only that can find out.
    """
    if not lock.files or lock.inputs != inputs:
        return None
    entries = lock.files.values()
    plain = not any(entry.kept or entry.shared or entry.at for entry in entries)
    known = noted_states(destination, lock.files) if plain else None
    slotted = {record.file for record in read_records(destination.text(SLOTS_FILE)).values()}
    unread = {*known} - _READ - slotted if known else set()
    read = destination.contents([entry.place for entry in entries if entry.path not in unread])
    changes = []
    for entry in entries:
        if entry.path in unread:
            changes.append(_as_it_was(entry, UNREAD, False))
            continue
        change = _as_it_stands(destination, entry, next(read), entry.place in slotted)
        if change is None:
            return None
        changes.append(change)
    if any(change.action is Action.EDITED for change in changes) and sides_of(destination) is not None:
        # What stands in them may be of both sides of a merge, which are brought together first.
        return None
    return tuple(changes)


def _as_it_was(entry: LockedFile, content: bytes, slotted: bool) -> Change:
    # By place: of thousands of files that is quicker than by name.
    unchanged, bit = Action.UNCHANGED, entry.executable
    return Change(entry.place, unchanged, content, content, entry, entry.room, bit, False, "", slotted)


def _as_it_stands(
    destination: Destination, entry: LockedFile, content: bytes | None, has_slots: bool
) -> Change | None:
    """What a run with the inputs of the last would say of a file, None where only a render can tell."""
    place = entry.place
    if entry.shared:
        content = destination.find(place).content
    if content is None:
        if entry.kept != DELETED or destination.holds(place):
            return None
        return Change(place, Action.REMOVED, None, None, entry, entry.room, note="deleted by you")
    if entry.kept:
        return None
    # No line of the answers begins as a marker does, and they are long.
    slotted = place != ANSWERS_FILE and may_hold_slots(content)
    if entry.shared or entry.is_of(content, slotted=slotted):
        return _as_it_was(entry, content, slotted)
    if has_slots or slotted or entry.at or place == ANSWERS_FILE:
        return None
    executable = destination.find(place).executable
    return Change(place, Action.EDITED, content, content, entry, entry.room, executable, note="edited by you")


def former(templates: Path | None, earlier: Recorded | None) -> tuple[RenderedFile, ...]:
    """Render what was generated last, from the answers as they were recorded.

    Args:
        templates: where the blueprints of the recorded release are, None where they are not at hand.
        earlier: what is recorded.
    """
    from generator.render import render_recorded

    if earlier is None or templates is None:
        return ()
    return render_recorded(templates, earlier.answers, Origin(earlier.release, earlier.source))


def known_state(
    destination: Destination, rendered: Callable[[], Sequence[RenderedFile]]
) -> tuple[Lock, dict[str, SlotRecord]]:
    """Return the lock and the records of slots; without a lock (plain copier made it), as a run leaves them.

    Args:
        destination: the project.
        rendered: gives what the recorded answers render to; only called without a lock.
    """
    lock, _ = read_lock(destination.text(LOCK_FILE))
    if lock.files:
        return lock, read_records(destination.text(SLOTS_FILE))
    files = rendered()
    records = {
        slot.id: SlotRecord(slot.id, file.path, "", body, body, "fallback")
        for file in files
        for slot in find_slots(file.content)
        if (body := content_hash(slot.body))
    }
    return lock_of(files), records


def left_behind(lock: Lock, earlier: Recorded) -> bool:
    """Plain copier has taken the project to another release since the lock was written."""
    release, known, _ = lock.inputs.partition(":")
    return bool(known) and release != earlier.release


def caught_up(lock: Lock, destination: Destination, rendered: Iterable[RenderedFile]) -> Lock:
    """The lock as that release would have written it; what stands as the lock says is not looked at anew."""
    entries = dict(lock.files)
    for file in rendered:
        known, now = lock.files.get(file.path), destination.find(file.path).content
        as_known = known is not None and now is not None and skeleton_hash(now) == known.hash
        if not as_known and not (known and known.shared):
            entries[file.path] = locked(file)
    return Lock(entries, lock.inputs)
