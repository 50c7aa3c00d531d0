"""What a render means for a project that may have been edited: decided for each file before any is written.

A file is ours when the lock says so. Ours and as generated (bodies of slots aside), it follows the render.
Ours and edited, what changed between the two renders is merged into it. Never ours, it is kept and reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from generator.destination import Destination, Found
from generator.frozen import dataclass
from generator.lock import Lock, LockedFile, locked
from generator.recording import ANSWERS_FILE
from generator.rendered import RenderedFile
from generator.shared_files import NotMergeable, can_share, share
from generator.slot_records import SlotRecord, is_filled
from generator.slots import MarkerError, content_hash, find_slots, skeleton_hash, with_bodies, with_line_feeds
from generator.three_way import merge_three


class Action(StrEnum):
    """What a run does with one file."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    MERGE = "merge"
    CONFLICT = "conflict"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    COLLISION = "collision"
    ORPHANED = "orphaned"
    OWNED = "owned"


KEPT = frozenset({Action.EDITED, Action.COLLISION, Action.ORPHANED, Action.OWNED})
WRITTEN = frozenset({Action.CREATE, Action.UPDATE, Action.DELETE, Action.MERGE, Action.CONFLICT})


class Change(NamedTuple):
    """What happens to one file: its bytes before and after, None where there is none.

    `entry` is its line in the lock after the run (None: not ours); `pending` says that what was generated did
    not arrive; `note` says why, for people. `slotted` says that there may be slots in it. `versions` are
    base, ours and theirs of a conflict.
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
    versions: tuple[bytes, bytes, bytes] | None = None


Render = Callable[[], Sequence[RenderedFile]]
"""Renders what was generated last; only called when a file needs it."""


def decide(
    rendered: Sequence[RenderedFile],
    lock: Lock,
    records: Mapping[str, SlotRecord],
    destination: Destination,
    former: Render = tuple,
) -> tuple[Change, ...]:
    """Decide what happens to every file that is rendered now or was before.

    Args:
        rendered: the whole render.
        lock: what earlier runs generated.
        records: what is known of the slots.
        destination: the project; it is read, not written.
        former: gives the render that the lock is of, nothing where it cannot be had any more.

    Returns:
        The changes, in order of path.
    """
    project = _Project(rendered, lock, records, destination, former)
    paths = {file.path for file in rendered}
    changes: list[Change | None] = [_of_rendered(project, file) for file in rendered]
    changes += [
        _of_former(lock.files[path], records, destination) for path in lock.files if path not in paths
    ]
    return tuple(sorted((change for change in changes if change), key=lambda change: change.path))


@dataclass(frozen=True)
class _Project:
    """What a decision on one file needs to know of all."""

    rendered: Sequence[RenderedFile]
    lock: Lock
    records: Mapping[str, SlotRecord]
    destination: Destination
    former: Render

    @cached_property
    def base(self) -> Mapping[str, RenderedFile]:
        """The files that were generated last, by path, as far as they are what the lock says."""
        return {
            file.path: file
            for file in self.former()
            if file.path in self.lock.files and skeleton_hash(file.content) == self.lock.files[file.path].hash
        }

    @cached_property
    def defaults(self) -> Mapping[str, str]:
        """The hash of the body that each slot is generated with now."""
        return {
            slot.id: content_hash(slot.body) for file in self.rendered for slot in find_slots(file.content)
        }

    @cached_property
    def bodies(self) -> Mapping[str, bytes]:
        """The bodies that somebody wrote, wherever their slots stand."""
        found: dict[str, bytes] = {}
        marked = {file.path for file in self.rendered if find_slots(file.content)}
        marked |= {record.file for record in self.records.values()}
        for path in sorted(marked & self.lock.files.keys()):
            content = self.destination.find(path).content
            if content is not None:
                found |= self.filled(content)
        return found

    def filled(self, content: bytes) -> dict[str, bytes]:
        """The bodies in one file that somebody wrote; none where its markers do not pair."""
        try:
            return {
                slot.id: slot.body.replace(b"\r\n", b"\n")
                for slot in find_slots(content)
                if is_filled(slot, self.records.get(slot.id), self.defaults.get(slot.id))
            }
        except MarkerError:
            return {}


def _of_rendered(project: _Project, file: RenderedFile) -> Change:
    entry, found = project.lock.files.get(file.path), project.destination.find(file.path)
    now = found.content
    if now is None and not found.blocked:
        after = _with_own(project, file.content)
        return Change(
            file.path, Action.CREATE, None, after, locked(file), file.room, executable=file.executable
        )
    change = Change(file.path, Action.UNCHANGED, now, now, locked(file), file.room, file.executable)
    if found.blocked:
        return change._replace(action=Action.COLLISION, entry=entry, pending=True, note=found.blocked)
    assert now is not None
    if now == file.content or with_line_feeds(now) == with_line_feeds(file.content):
        return change._replace(entry=locked(file, shared=bool(entry and entry.shared)))
    if file.path == ANSWERS_FILE:
        # Derived from the plan, never edited by hand: whatever stands there (a merge conflict) is made anew.
        return change._replace(action=Action.UPDATE, after=file.content)
    if entry is None or entry.shared:
        return _shared(change, file, now)
    homeless = project.filled(now).keys() - project.defaults.keys()
    if skeleton_hash(now) == entry.hash and not homeless and _pairs(now):
        return _following(project, change, file, now)
    if skeleton_hash(file.content) == entry.hash and not homeless:
        return change._replace(action=Action.EDITED, entry=entry, note="edited by you")
    return _merged(project, change, file, entry, now)


def _pairs(content: bytes) -> bool:
    try:
        find_slots(content)
    except MarkerError:
        return False
    return True


def _with_own(project: _Project, content: bytes) -> bytes:
    """A generated file with the bodies that somebody wrote for its slots."""
    return with_bodies(content, project.bodies) if find_slots(content) else content


def _following(project: _Project, change: Change, file: RenderedFile, now: bytes) -> Change:
    """The file is as generated: it follows the render, and bodies that somebody wrote go along."""
    after = _with_own(project, file.content)
    if b"\r\n" in now and b"\r\n" not in file.content:
        after = after.replace(b"\n", b"\r\n")
    return change._replace(action=Action.UNCHANGED if after == now else Action.UPDATE, after=after)


def _merged(project: _Project, change: Change, file: RenderedFile, entry: LockedFile, now: bytes) -> Change:
    """The file is edited, and something new is meant for it: both are brought together."""
    kept = change._replace(action=Action.EDITED, entry=entry, pending=True)
    base = project.base.get(file.path)
    if base is None:
        return kept._replace(note="edited by you; what is new in it did not arrive")
    after, conflicts, reason = _brought_together(project, base, now, file)
    if after == now and conflicts:
        return kept._replace(note=f"edited by you; what is new in it did not arrive: {reason}")
    if not conflicts:
        return change._replace(action=Action.UNCHANGED if after == now else Action.MERGE, after=after)
    places = "one place" if conflicts == 1 else f"{conflicts} places"
    note = f"you and the plan changed the same lines in {places}"
    versions = (base.content, now, file.content)
    return change._replace(action=Action.CONFLICT, after=after, pending=True, note=note, versions=versions)


def _brought_together(
    project: _Project, base: RenderedFile, now: bytes, file: RenderedFile
) -> tuple[bytes, int, str]:
    """Merge without the bodies of slots, and put those back by their ids.

    A body whose slot is gone stays in, so that it is a conflict; so does one whose marker is in a conflict.
    """
    try:
        generated = {slot.id: slot.body for slot in find_slots(base.content)}
        lifted = {name: body for name, body in generated.items() if name in project.defaults}
        merged = merge_three(file.path, base.content, with_bodies(now, lifted), file.content)
        after = with_bodies(merged.content, project.bodies)
        own = project.filled(now).keys() & {slot.id for slot in find_slots(file.content)}
        if own <= {slot.id for slot in find_slots(after)}:
            return after, merged.conflicts, merged.reason
    except MarkerError:
        pass
    merged = merge_three(file.path, base.content, now, file.content)
    return merged.content, merged.conflicts, merged.reason


def _shared(change: Change, file: RenderedFile, now: bytes) -> Change:
    if not can_share(file.path):
        return change._replace(action=Action.COLLISION, entry=None, pending=True, note="was here before")
    try:
        after = share(file.path, now, file.content)
    except NotMergeable as reason:
        return change._replace(
            action=Action.COLLISION, entry=None, pending=True, note=f"was here before; {reason}"
        )
    action = Action.UNCHANGED if after == now else Action.MERGE
    return change._replace(action=action, after=after, entry=locked(file, shared=True))


def _of_former(
    entry: LockedFile, records: Mapping[str, SlotRecord], destination: Destination
) -> Change | None:
    found: Found = destination.find(entry.path)
    now = found.content
    if now is None and not found.blocked:
        return None
    change = Change(entry.path, Action.ORPHANED, now, now, entry, entry.room)
    if entry.shared:
        return change._replace(
            entry=None, note="no longer generated; the lines that were added are still in it"
        )
    if found.blocked or now is None or skeleton_hash(now) != entry.hash:
        return change._replace(note="no longer generated, but edited by you")
    filled = [slot.id for slot in find_slots(now) if is_filled(slot, records.get(slot.id), None)]
    if filled:
        return change._replace(note=f"no longer generated, but slot {filled[0]} in it is filled")
    return change._replace(action=Action.DELETE, after=None, entry=None)
