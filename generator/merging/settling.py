"""Bringing together what two sides of a merge had generated: as if one run had generated what git merged.

For each file the base is found that it comes from: what either side had generated, or both brought together.
A file that git could not merge is made anew, of what is generated now and what people made of it on either
side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.folder.destination import Destination, Found
from generator.folder.lock import Lock, LockedFile, locked
from generator.folder.slot_records import SlotRecord
from generator.merging.merge import Action, Change
from generator.merging.sides import Side, Sides, holds_conflict, merged_records
from generator.merging.three_way import merge_three
from generator.recording import ANSWERS_FILE, Recorded
from generator.rendered import RenderedFile, RenderError
from generator.slots import MarkerError, content_hash, find_slots, skeleton_hash, with_bodies

Render = Callable[[Recorded | None], Sequence[RenderedFile]]
"""Renders what was recorded; nothing where that cannot be had."""


class UnsettledMerge(Exception):
    """Files hold conflicts of git that only a person can settle: `paths`."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = tuple(paths)


@dataclass(frozen=True)
class Settled:
    """A project as if one run had generated it: its lock, the files behind that, and the records of slots.

    `destination` shows the project with the files made anew that git had left in conflict (`remade`).
    """

    lock: Lock
    records: dict[str, SlotRecord]
    former: tuple[RenderedFile, ...]
    destination: Destination
    remade: Mapping[str, bytes]

    def seen_on_disk(self, change: Change, destination: Destination) -> Change:
        """Return a change as it is for the file on disk, which may still hold the conflict of git."""
        if change.path not in self.remade:
            return change
        written = {Action.UNCHANGED: Action.UPDATE, Action.EDITED: Action.MERGE}
        action = written.get(change.action, change.action)
        return change._replace(action=action, before=destination.find(change.path).content)


class _Remade(Destination):
    """A project in which some files stand as they have been made anew."""

    def __init__(self, destination: Destination, remade: Mapping[str, bytes]) -> None:
        super().__init__(destination.folder)
        self._remade = remade

    def find(self, path: str) -> Found:
        found = super().find(path)
        return found._replace(content=self._remade[path]) if path in self._remade else found

    def contents(self, paths: Iterable[str]) -> Iterator[bytes | None]:
        return (self.find(path).content for path in paths)


def settled(
    sides: Sides, destination: Destination, rendered: Sequence[RenderedFile], render: Render
) -> Settled:
    """Bring both sides of a merge together.

    Args:
        sides: of `generator.merging.sides.sides_of`.
        destination: the project; it is read, not written.
        rendered: what is generated now, from the plan that was merged.
        render: renders what a side had recorded.

    Raises:
        UnsettledMerge: both sides changed the same lines of a file, and not only what is generated.
    """
    merge = _Merge(sides, destination, {file.path: file for file in rendered}, render)
    remade, left = merge.remade()
    if left:
        raise UnsettledMerge(left)
    entries, former = {}, {}
    for path, entry, file in merge.origins(remade):
        entries[path] = entry
        if file is not None:
            former[path] = file
    shown = _Remade(destination, remade)
    return Settled(
        Lock(entries), merged_records(sides, _bodies(shown, entries)), tuple(former.values()), shown, remade
    )


def _bodies(destination: Destination, entries: Mapping[str, LockedFile]) -> Iterator[str]:
    for entry in entries.values():
        try:
            content = destination.find(entry.place).content or b""
            yield from (content_hash(slot.body) for slot in find_slots(content))
        except MarkerError:
            continue


class _Merge:
    """A merge with what its sides had generated."""

    def __init__(
        self,
        sides: Sides,
        destination: Destination,
        present: Mapping[str, RenderedFile],
        render: Render,
    ) -> None:
        self._sides, self._destination, self._present, self._render = sides, destination, present, render
        self._ours, self._theirs = self._generated(sides.ours), self._generated(sides.theirs)
        self._known_base: Mapping[str, RenderedFile] | None = None

    def _generated(self, side: Side | None) -> Mapping[str, RenderedFile]:
        if side is None:
            return {}
        try:
            return {file.path: file for file in self._render(side.recorded)}
        except RenderError:
            # What stood between markers need not be answers of any run.
            return {}

    @property
    def _base(self) -> Mapping[str, RenderedFile]:
        if self._known_base is None:
            self._known_base = self._generated(self._sides.base)
        return self._known_base

    def remade(self) -> tuple[dict[str, bytes], list[str]]:
        """The files that git left in conflict, made anew, and those that cannot be."""
        remade: dict[str, bytes] = {}
        left: list[str] = []
        for path, file in self._present.items():
            place = self._place(path)
            if path == ANSWERS_FILE or not holds_conflict(self._destination.find(place).content):
                continue
            # Each side has it where it knows it, a side that has just moved it where it stands now.
            ours, theirs = (
                side.read(place) or side.read(_known_place(side, path))
                for side in (self._sides.ours, self._sides.theirs)
            )
            content = self._made_anew(path, file, ours, theirs) if ours and theirs else None
            if content is None:
                left.append(place)
            else:
                remade[place] = content
        return remade, left

    def _place(self, path: str) -> str:
        """Where a file stands: where one side had put it, if it stands there, else where it is generated."""
        places = [_known_place(side, path) for side in (self._sides.ours, self._sides.theirs)]
        return next((each for each in places if each != path and self._destination.holds(each)), path)

    def _made_anew(self, path: str, file: RenderedFile, ours: bytes, theirs: bytes) -> bytes | None:
        made = []
        for now, generated in ((ours, self._ours.get(path)), (theirs, self._theirs.get(path))):
            if generated is None:
                return None
            brought = _brought_over(path, generated.content, now, file.content)
            if brought is None:
                return None
            made.append(brought)
        both = merge_three(path, file.content, *made)
        return None if both.conflicts else both.content

    def origins(self, remade: Mapping[str, bytes]) -> Iterator[tuple[str, LockedFile, RenderedFile | None]]:
        """Each file that either side had generated: its entry in the lock, and what it was generated as."""
        ours, theirs = self._sides.ours.lock.files, self._sides.theirs.lock.files
        for path in sorted({*ours, *theirs}):
            place = self._place(path)
            if place in remade:
                file = self._present[path]
                yield path, locked(file, at=place if place != path else ""), file
                continue
            entry = self._entry(ours.get(path), theirs.get(path))
            entry = entry._replace(at=place) if place != path else entry
            now = self._destination.find(place).content
            hashed = skeleton_hash(now) if now is not None else ""
            candidates = list(self._candidates(path))
            found = next((each for each in candidates if skeleton_hash(each.content) == hashed), None)
            if found is None and hashed in {each.hash for each in (ours.get(path), theirs.get(path)) if each}:
                # As generated by a side that cannot be rendered any more: its hash says so.
                yield path, entry._replace(hash=hashed), None
                continue
            found = found or (candidates[-1] if candidates else None)
            yield path, entry._replace(hash=skeleton_hash(found.content)) if found else entry, found

    def _entry(self, ours: LockedFile | None, theirs: LockedFile | None) -> LockedFile:
        """The entry of the side that says more: where a person put the file, what became of it."""
        both = [entry for entry in (ours, theirs) if entry]
        return max(both, key=lambda entry: sum(map(bool, entry[5:])))

    def _candidates(self, path: str) -> Iterator[RenderedFile]:
        """What a file may have been generated as; the last is the likeliest where it has been edited."""
        ours, theirs = self._ours.get(path), self._theirs.get(path)
        both = [file for file in (theirs, ours) if file]
        yield from both
        if ours and theirs and ours.content != theirs.content and path in self._base:
            merged = merge_three(path, self._base[path].content, ours.content, theirs.content)
            if not merged.conflicts:
                yield replace(ours, content=merged.content)


def _known_place(side: Side, path: str) -> str:
    entry = side.lock.files.get(path)
    return entry.place if entry else path


def _brought_over(path: str, base: bytes, now: bytes, present: bytes) -> bytes | None:
    """What a person made of a file, in what is generated now; None where that meets in the same lines."""
    try:
        defaults = {slot.id: slot.body for slot in find_slots(base)}
        bodies = {slot.id: slot.body for slot in find_slots(now) if slot.body != defaults.get(slot.id)}
        held = {slot.id for slot in find_slots(present)}
        if not bodies.keys() <= held:
            return None
        merged = merge_three(path, base, with_bodies(now, defaults), present)
        return None if merged.conflicts else with_bodies(merged.content, bodies)
    except MarkerError:
        return None
