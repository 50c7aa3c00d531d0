"""What a render means for a project that may have been edited: decided for each file before any is written.

A file is ours when the lock says so. Ours and as generated (bodies of slots aside), it follows the render.
Ours and edited, what changed between the two renders is merged into it. Never ours, it is kept and reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from generator.counting import counted
from generator.folder.destination import Destination, Found
from generator.folder.lock import DELETED, ORPHANED, Lock, LockedFile, locked
from generator.folder.slot_records import SlotRecord
from generator.git import GitMissing
from generator.merging.changes import KEPT, WRITTEN, Action, Change
from generator.merging.losses import loses
from generator.merging.pairing import Names
from generator.merging.shared_files import NotMergeable, can_share, share
from generator.merging.survey import Render, Survey
from generator.merging.three_way import Merged, marked_whole, merge_three
from generator.recording import ANSWERS_FILE
from generator.rendered import RenderedFile
from generator.slots import MarkerError, find_slots, skeleton_hash, with_bodies, with_line_feeds

__all__ = ["KEPT", "WRITTEN", "Action", "Change", "Render", "decide"]

REMADE_BY = {
    "package-lock.json": "npm install",
    "pnpm-lock.yaml": "pnpm install",
    "yarn.lock": "yarn install",
    "uv.lock": "uv lock",
    "poetry.lock": "poetry lock",
}
"""Files that a tool derives from others, and the command that does."""


def decide(
    rendered: Sequence[RenderedFile],
    lock: Lock,
    records: Mapping[str, SlotRecord],
    destination: Destination,
    former: Render = tuple,
    names: Callable[[], Names] = Names,
    heirs: Mapping[str, str] | None = None,
    other: str = "the plan",
) -> tuple[Change, ...]:
    """Decide what happens to every file that is rendered now or was before.

    Args:
        rendered: the whole render.
        lock: what earlier runs generated.
        records: what is known of the slots, by their present ids.
        destination: the project; it is read, not written.
        former: gives the render that the lock is of, nothing where it cannot be had any more.
        names: gives the earlier names of templates and elements; only called where a path is new.
        heirs: the present id of each slot that had another one.
        other: who changed what a person changed as well, for what is said of conflicts.

    Returns:
        The changes, in order of path.
    """
    stuck: frozenset[str] = frozenset()
    while True:
        survey = Survey(rendered, lock, records, destination, former, names, heirs or {}, stuck, other)
        changes = _decided(survey)
        homeless = survey.homeless(changes)
        if homeless <= stuck:
            return changes
        # A body whose new home is not written stays where it is.
        stuck |= homeless


def _decided(survey: Survey) -> tuple[Change, ...]:
    changes: dict[str, Change] = {}
    collisions: list[Change] = []
    for file in counted("Comparing", survey.rendered):
        entry = survey.pairs.get(file.path)
        if file.path in survey.barred:
            assert entry is not None
            collisions += _barred(survey, changes, file, entry)
            continue
        place = entry.place if entry else file.path
        change = _of_rendered(survey, file, entry, place)
        target = survey.target(file, entry)
        if change.path == target or change.action is Action.REMOVED:
            changes[target] = change._replace(path=target)
            continue
        changes[target] = _moved(survey, change, target)
        if place not in survey.arrivals:
            changes[place] = Change(
                place, Action.DELETE, change.before, None, None, file.room, moved_to=target
            )
    for change in collisions:
        changes.setdefault(change.path, change)
    paired = {entry.path for entry in survey.pairs.values()}
    for entry in survey.entries.values():
        gone = None if entry.path in paired else _of_former(survey, entry)
        if gone is not None:
            changes.setdefault(gone.path, gone)
    return tuple(changes[path] for path in sorted(changes))


def _of_rendered(survey: Survey, file: RenderedFile, entry: LockedFile | None, place: str) -> Change:
    """What happens to the file that stands at `place`, as if it stayed there."""
    found = survey.destination.find(place)
    now = found.content
    target = survey.target(file, entry)
    new = locked(file, at=target if target != file.path else "")
    if now is None and not found.blocked:
        by_hand = entry is not None and not entry.shared and file.path != ANSWERS_FILE and not survey.is_bare
        if entry is not None and by_hand and (entry.kept == DELETED or place not in survey.ignored):
            return _removed(file, entry, place)
        after = _with_own(survey, file.content)
        return Change(
            file.path, Action.CREATE, None, after, locked(file), file.room, executable=file.executable
        )
    executable = found.executable
    if entry is not None and executable == entry.executable:
        executable = file.executable
    change = Change(place, Action.UNCHANGED, now, now, new, file.room, executable)
    if found.blocked:
        same = entry is not None and skeleton_hash(file.content) == entry.hash
        action = Action.EDITED if same else Action.COLLISION
        kept = _carried(entry, new) if entry else None
        return change._replace(action=action, entry=kept, pending=not same, note=found.blocked)
    assert now is not None
    if now == file.content or with_line_feeds(now) == with_line_feeds(file.content):
        change = change._replace(entry=new._replace(shared=bool(entry and entry.shared)))
        return _with_bit(change, found, entry)
    if file.path == ANSWERS_FILE:
        # Derived from the plan, never edited by hand: whatever stands there (a merge conflict) is made anew.
        return change._replace(action=Action.UPDATE, after=file.content)
    if entry is None or entry.shared:
        return _shared(change._replace(executable=found.executable), file, now)
    if survey.is_as_generated(now, entry) and not survey.own(now):
        return _with_bit(_following(survey, change, file, now), found, entry)
    if skeleton_hash(file.content) == entry.hash and not survey.own(now):
        return _with_bit(change._replace(action=Action.EDITED, note="edited by you"), found, entry)
    return _merged(survey, change, file, entry, now)


def _carried(entry: LockedFile, new: LockedFile) -> LockedFile:
    """The entry under its present name, still with the hash of what was generated before."""
    return new._replace(hash=entry.hash)


def _with_bit(change: Change, found: Found, entry: LockedFile | None) -> Change:
    """The change with the bit that makes a file executable: whichever side changed it decides."""
    if entry is None or change.executable == found.executable or change.action is Action.UPDATE:
        return change._replace(executable=found.executable) if entry is None else change
    note = "executable now" if change.executable else "no longer executable"
    return change._replace(action=Action.UPDATE, note=note)


def _removed(file: RenderedFile, entry: LockedFile, place: str) -> Change:
    """A person deleted it: it stays so, and is told once more where something new was meant for it."""
    same = skeleton_hash(file.content) == entry.hash
    note = "deleted by you" if same else "you deleted it, and it is generated otherwise now"
    return Change(
        place,
        Action.REMOVED,
        None,
        None,
        locked(file, at=entry.at, kept=DELETED),
        file.room,
        pending=not same,
        note=f"{note}; specwright restore {file.path} brings it back",
    )


def _barred(
    survey: Survey, changes: dict[str, Change], file: RenderedFile, entry: LockedFile
) -> list[Change]:
    """The file belongs where another one stands: neither is touched."""
    place, occupant = entry.place, survey.destination.find(file.path)
    now = survey.destination.find(place).content
    note = f"belongs at {file.path} now, where another file stands"
    changes[place] = Change(place, Action.EDITED, now, now, entry, file.room, pending=True, note=note)
    content, note = occupant.content, occupant.blocked or f"stands where {place} belongs now"
    return [Change(file.path, Action.COLLISION, content, content, None, file.room, pending=True, note=note)]


def _moved(survey: Survey, change: Change, target: str) -> Change:
    """The change of a file that goes elsewhere at the same time."""
    if change.action is Action.CREATE:
        return change
    stays = Action.CONFLICT if change.action is Action.CONFLICT else Action.MOVE
    there = survey.destination.find(target)
    before = None if survey.destination.is_one(change.path, target) else there.content
    note = "; ".join(filter(None, [f"moved from {change.path}", change.note]))
    return change._replace(path=target, action=stays, before=before, note=note, moved_from=change.path)


def _with_own(survey: Survey, content: bytes, now: bytes = b"") -> bytes:
    """A generated file with the bodies that somebody wrote for its slots, those it holds itself first."""
    if not find_slots(content):
        return content
    return with_bodies(content, {**survey.bodies, **survey.filled(now)})


def _following(survey: Survey, change: Change, file: RenderedFile, now: bytes) -> Change:
    """The file is as generated: it follows the render, and bodies that somebody wrote go along."""
    after = _with_own(survey, file.content, now)
    if b"\r\n" in now and b"\r\n" not in file.content:
        after = after.replace(b"\n", b"\r\n")
    return change._replace(action=Action.UNCHANGED if after == now else Action.UPDATE, after=after)


def _merged(survey: Survey, change: Change, file: RenderedFile, entry: LockedFile, now: bytes) -> Change:
    """The file is edited, and something new is meant for it: both are brought together."""
    base = survey.base.get(entry.path)
    if base is None:
        note = "edited by you; what is new in it did not arrive"
        kept = _carried(entry, change.entry or entry)
        return change._replace(action=Action.EDITED, entry=kept, pending=True, note=note)
    try:
        merged = _brought_together(survey, base, now, file)
    except GitMissing as error:
        raise GitMissing(f"{change.path} was edited by you and is generated otherwise now: {error}") from None
    after = merged.content
    command = REMADE_BY.get(PurePosixPath(file.path).name)
    remade = f"; {command} remakes it" if command else ""
    if not merged.conflicts:
        note = f"edited by you and merged{remade}" if remade else ""
        return change._replace(
            action=Action.UNCHANGED if after == now else Action.MERGE, after=after, note=note
        )
    versions = (base.content, now, file.content)
    conflict = change._replace(action=Action.CONFLICT, pending=True, versions=versions, places=merged.places)
    if merged.reason or remade:
        note = f"you and {survey.other} changed it, and {merged.reason or 'a tool writes it'}: yours stays"
        way = remade or f"; specwright restore {file.path} takes what is generated"
        return conflict._replace(after=now, note=f"{note}{way}")
    places = "one place" if merged.conflicts == 1 else f"{merged.conflicts} places"
    return conflict._replace(after=after, note=f"you and {survey.other} changed the same lines in {places}")


def _brought_together(survey: Survey, base: RenderedFile, now: bytes, file: RenderedFile) -> Merged:
    """Merge without the bodies of slots, and put those back by their ids.

    A body whose slot is gone stays in, so that it is a conflict; so does one whose marker is in a conflict.
    Should a line of the person's be missing then, both versions stand between markers.
    """
    merged = _without_bodies(survey, base, now, file) or merge_three(
        file.path, base.content, now, file.content
    )
    elsewhere = [body for name, body in survey.bodies.items() if name in survey.defaults]
    if not merged.reason and loses(file.path, base.content, now, [merged.content, *elsewhere]):
        return marked_whole(now, file.content)
    return merged


def _without_bodies(survey: Survey, base: RenderedFile, now: bytes, file: RenderedFile) -> Merged | None:
    try:
        homes = survey.defaults.keys() - survey.stuck
        generated = {slot.id: slot.body for slot in find_slots(base.content)}
        lifted = {name: body for name, body in generated.items() if survey.heirs.get(name, name) in homes}
        merged = merge_three(file.path, base.content, with_bodies(now, lifted), file.content)
        if merged.reason:
            return None
        after = with_bodies(merged.content, {**survey.bodies, **survey.filled(now)})
        own = survey.filled(now).keys() & {slot.id for slot in find_slots(file.content)}
        if own <= {slot.id for slot in find_slots(after)}:
            return replace(merged, content=after)
    except MarkerError:
        pass
    return None


def _shared(change: Change, file: RenderedFile, now: bytes) -> Change:
    kept = change._replace(action=Action.COLLISION, entry=None, pending=True, note="was here before")
    if not can_share(file.path):
        return kept
    try:
        after = share(file.path, now, file.content)
    except NotMergeable as reason:
        return kept._replace(note=f"was here before; {reason}")
    action = Action.UNCHANGED if after == now else Action.MERGE
    return change._replace(action=action, after=after, entry=locked(file, shared=True))


def _of_former(survey: Survey, entry: LockedFile) -> Change | None:
    """A file that is generated no more: it goes, unless a person's work is in it."""
    found = survey.destination.find(entry.place)
    now = found.content
    if now is None and not found.blocked:
        return None
    change = Change(entry.place, Action.ORPHANED, now, now, entry._replace(kept=ORPHANED), entry.room)
    if entry.shared:
        return change._replace(
            entry=None, note="no longer generated; the lines that were added are still in it"
        )
    kept = change._replace(pending=entry.kept != ORPHANED)
    if found.blocked or now is None:
        return kept._replace(note=f"no longer generated, and left: {found.blocked}")
    if not survey.is_as_generated(now, entry):
        return kept._replace(note="no longer generated, but edited by you")
    if filled := sorted(survey.own(now)):
        return kept._replace(note=f"no longer generated, but slot {filled[0]} in it is filled")
    if entry.at:
        return kept._replace(note="no longer generated, but moved here by you")
    return change._replace(action=Action.DELETE, after=None, entry=None)
