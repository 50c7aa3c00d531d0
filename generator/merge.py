"""What a render means for a project that may have been edited: decided for each file before any is written.

A file is ours when the lock says so. Ours and as generated (bodies of slots aside), it follows the render.
Ours and edited, or never ours, it is kept and reported; bringing both together is the work of the three-way
merge to come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from generator.destination import Destination, Found
from generator.lock import Lock, LockedFile, locked
from generator.recording import ANSWERS_FILE
from generator.rendered import RenderedFile
from generator.shared_files import NotMergeable, can_share, share
from generator.slot_records import SlotRecord, is_filled
from generator.slots import MarkerError, content_hash, find_slots, skeleton_hash, with_bodies, with_line_feeds


class Action(StrEnum):
    """What a run does with one file."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    MERGE = "merge"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    COLLISION = "collision"
    ORPHANED = "orphaned"


KEPT = frozenset({Action.EDITED, Action.COLLISION, Action.ORPHANED})
WRITTEN = frozenset({Action.CREATE, Action.UPDATE, Action.DELETE, Action.MERGE})


@dataclass(frozen=True)
class Change:
    """What happens to one file: its bytes before and after, None where there is none.

    `entry` is its line in the lock after the run (None: not ours); `pending` says that what was generated did
    not arrive; `note` says why, for people. `slotted` says that there may be slots in it.
    """

    path: str
    action: Action
    before: bytes | None
    after: bytes | None
    entry: LockedFile | None
    room: str
    executable: bool = False
    pending: bool = False
    note: str = ""
    slotted: bool = True


def decide(
    rendered: Sequence[RenderedFile], lock: Lock, records: Mapping[str, SlotRecord], destination: Destination
) -> tuple[Change, ...]:
    """Decide what happens to every file that is rendered now or was before.

    Args:
        rendered: the whole render.
        lock: what earlier runs generated.
        records: what is known of the slots.
        destination: the project; it is read, not written.

    Returns:
        The changes, in order of path.
    """
    paths = {file.path for file in rendered}
    changes: list[Change | None] = [
        _of_rendered(file, lock.files.get(file.path), records, destination) for file in rendered
    ]
    changes += [
        _of_former(lock.files[path], records, destination) for path in lock.files if path not in paths
    ]
    return tuple(sorted((change for change in changes if change), key=lambda change: change.path))


def _of_rendered(
    file: RenderedFile, entry: LockedFile | None, records: Mapping[str, SlotRecord], destination: Destination
) -> Change:
    found = destination.find(file.path)
    now = found.content
    if now is None and not found.blocked:
        return Change(
            file.path, Action.CREATE, None, file.content, locked(file), file.room, executable=file.executable
        )
    change = Change(file.path, Action.UNCHANGED, now, now, locked(file), file.room, file.executable)
    if found.blocked:
        return replace(change, action=Action.COLLISION, entry=entry, pending=True, note=found.blocked)
    assert now is not None
    if now == file.content or with_line_feeds(now) == with_line_feeds(file.content):
        return replace(change, entry=locked(file, shared=bool(entry and entry.shared)))
    if file.path == ANSWERS_FILE:
        # Derived from the plan, never edited by hand: whatever stands there (a merge conflict) is made anew.
        return replace(change, action=Action.UPDATE, after=file.content)
    if entry is None or entry.shared:
        return _shared(change, file, now)
    if skeleton_hash(now) == entry.hash:
        return _following(change, file, entry, now, records)
    pending = skeleton_hash(file.content) != entry.hash
    note = "edited by you; what is new in it did not arrive" if pending else "edited by you"
    return replace(change, action=Action.EDITED, entry=entry, pending=pending, note=note)


def _shared(change: Change, file: RenderedFile, now: bytes) -> Change:
    if not can_share(file.path):
        return replace(change, action=Action.COLLISION, entry=None, pending=True, note="was here before")
    try:
        after = share(file.path, now, file.content)
    except NotMergeable as reason:
        return replace(
            change, action=Action.COLLISION, entry=None, pending=True, note=f"was here before; {reason}"
        )
    action = Action.UNCHANGED if after == now else Action.MERGE
    return replace(change, action=action, after=after, entry=locked(file, shared=True))


def _following(
    change: Change, file: RenderedFile, entry: LockedFile, now: bytes, records: Mapping[str, SlotRecord]
) -> Change:
    """The file is as generated: it follows the render, and bodies that somebody wrote go along."""
    try:
        defaults = {slot.id: content_hash(slot.body) for slot in find_slots(file.content)}
        filled = {
            slot.id: slot.body
            for slot in find_slots(now)
            if is_filled(slot, records.get(slot.id), defaults.get(slot.id))
        }
    except MarkerError as reason:
        return replace(change, action=Action.EDITED, entry=entry, pending=True, note=str(reason))
    if lost := [name for name in filled if name not in defaults]:
        note = f"slot {lost[0]} is filled, but the plan has it here no more"
        return replace(change, action=Action.EDITED, entry=entry, pending=True, note=note)
    line_end = b"\r\n" if b"\r\n" in now and b"\r\n" not in file.content else b"\n"
    after = with_bodies(file.content, {name: body.replace(b"\r\n", b"\n") for name, body in filled.items()})
    if line_end != b"\n":
        after = after.replace(b"\n", line_end)
    return replace(change, action=Action.UNCHANGED if after == now else Action.UPDATE, after=after)


def _of_former(
    entry: LockedFile, records: Mapping[str, SlotRecord], destination: Destination
) -> Change | None:
    found: Found = destination.find(entry.path)
    now = found.content
    if now is None and not found.blocked:
        return None
    change = Change(entry.path, Action.ORPHANED, now, now, entry, entry.room)
    if entry.shared:
        return replace(
            change, entry=None, note="no longer generated; the lines that were added are still in it"
        )
    if found.blocked or now is None or skeleton_hash(now) != entry.hash:
        return replace(change, note="no longer generated, but edited by you")
    filled = [slot.id for slot in find_slots(now) if is_filled(slot, records.get(slot.id), None)]
    if filled:
        return replace(change, note=f"no longer generated, but slot {filled[0]} in it is filled")
    return replace(change, action=Action.DELETE, after=None, entry=None)
