"""What a decision on one file needs to know of all: which is which, where it stands, what bodies it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from pathlib import PurePosixPath

from generator.folder.destination import Destination
from generator.folder.lock import DELETED, Lock, LockedFile
from generator.folder.slot_records import SlotRecord, is_filled
from generator.frozen import dataclass
from generator.git import ignored
from generator.merging.changes import Action, Change
from generator.merging.likeness import find_moved
from generator.merging.pairing import Names, pair
from generator.recording import ANSWERS_FILE
from generator.rendered import RenderedFile
from generator.slots import MarkerError, content_hash, find_slots, skeleton_hash, with_line_feeds

Render = Callable[[], Sequence[RenderedFile]]
"""Renders what was generated last; only called when a file needs it."""


@dataclass(frozen=True)
class Survey:
    """A project, a render and the lock between them.

    `records` go by the present ids of slots, `heirs` gives those by earlier ones; `stuck` are slots whose
    bodies must stay where they are; `other` is who changes the project beside the person.
    """

    rendered: Sequence[RenderedFile]
    lock: Lock
    records: Mapping[str, SlotRecord]
    destination: Destination
    former: Render
    names: Callable[[], Names]
    heirs: Mapping[str, str]
    stuck: frozenset[str] = field(default_factory=frozenset)
    other: str = "the plan"

    @cached_property
    def base(self) -> Mapping[str, RenderedFile]:
        """The files that were generated last, by path, as far as they are what the lock says."""
        return {
            file.path: file
            for file in self.former()
            if file.path in self.lock.files and skeleton_hash(file.content) == self.lock.files[file.path].hash
        }

    @cached_property
    def entries(self) -> Mapping[str, LockedFile]:
        """The lock, with what a person has moved since."""
        missing = [entry for entry in self.lock.files.values() if self._is_missing(entry)]
        if not missing or self.is_bare:
            return self.lock.files
        taken = {entry.place for entry in self.lock.files.values()}
        kinds = {PurePosixPath(entry.path).suffix for entry in missing}
        others = {
            path: content
            for path in self.destination.files()
            if path not in taken and PurePosixPath(path).suffix in kinds
            if (content := self.destination.find(path).content) is not None
        }
        moved = find_moved(missing, others, lambda: {path: file.content for path, file in self.base.items()})
        # What stands where something else is generated is not the file that went missing.
        wanted = {file.path: None for file in self.rendered} | {
            path: entry.path for path, entry in self._known.items()
        }
        followed = {path: at for path, at in moved.items() if wanted.get(at, path) == path}
        return {
            path: entry._replace(at=followed[path]) if path in followed else entry
            for path, entry in self.lock.files.items()
        }

    def _is_missing(self, entry: LockedFile) -> bool:
        return not entry.shared and entry.kept != DELETED and not self.destination.holds(entry.place)

    @cached_property
    def is_bare(self) -> bool:
        """Whether nothing of what was generated is left: nobody deletes a whole project file by file."""
        return all(
            not self.destination.holds(entry.place)
            for entry in self.lock.files.values()
            if entry.path != ANSWERS_FILE
        )

    @cached_property
    def ignored(self) -> frozenset[str]:
        """Missing files that git ignores: they are not in a checkout, and nobody deleted them."""
        missing = [entry.place for entry in self.entries.values() if self._is_missing(entry)]
        return ignored(self.destination.folder, missing) if missing else frozenset()

    @cached_property
    def _known(self) -> Mapping[str, LockedFile]:
        """The entry that each rendered file continues, by its path, as the lock has it."""
        files = self.lock.files
        same = all(
            (entry := files.get(file.path)) is not None
            and (entry.template, entry.element) == (file.template, file.element)
            for file in self.rendered
        )
        return pair(self.rendered, self.lock, Names() if same or not files else self.names())

    @cached_property
    def pairs(self) -> Mapping[str, LockedFile]:
        """The entry that each rendered file continues, by its path."""
        return {path: self.entries[entry.path] for path, entry in self._known.items()}

    def target(self, file: RenderedFile, entry: LockedFile | None) -> str:
        """Where a file stands after the run: where a person has put it, else where it is generated."""
        return entry.at if entry is not None and entry.at else file.path

    @cached_property
    def moves(self) -> Mapping[str, str]:
        """Where files that stand elsewhere now belong: from where they come, by where they go."""
        return {
            file.path: entry.place
            for file in self.rendered
            if (entry := self.pairs.get(file.path)) is not None
            and self.target(file, entry) != entry.place
            and self.destination.holds(entry.place)
        }

    @cached_property
    def barred(self) -> frozenset[str]:
        """Where something stands that does not go: what belongs there stays where it is."""
        content = {file.path: file.content for file in self.rendered}
        moves = dict(self.moves)
        while True:
            leaving = {*moves.values()}
            stopped = {
                path
                for path, place in moves.items()
                if not self._is_free(path, place, content[path], leaving)
            }
            if not stopped:
                return frozenset(self.moves.keys() - moves.keys())
            moves = {path: place for path, place in moves.items() if path not in stopped}

    @cached_property
    def arrivals(self) -> frozenset[str]:
        """Where a file of ours stands after the run that is rendered now."""
        return frozenset(
            self.target(file, self.pairs.get(file.path))
            for file in self.rendered
            if file.path not in self.barred
        )

    def _is_free(self, path: str, place: str, content: bytes, leaving: set[str]) -> bool:
        found = self.destination.find(path)
        if found.blocked:
            return False
        if found.content is None or path in leaving or self.destination.is_one(place, path):
            return True
        former = next((entry for entry in self.entries.values() if entry.place == path), None)
        if former is not None and not former.shared and former not in self.pairs.values():
            return self.is_as_generated(found.content, former) and not self.own(found.content)
        return former is None and with_line_feeds(found.content) == with_line_feeds(content)

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
        marked = {record.file for record in self.records.values()}
        marked |= {entry.path for entry in self.entries.values() if entry.place in marked}
        slotted = {file.path for file in self.rendered if find_slots(file.content)}
        marked |= {self.pairs[path].path for path in slotted & self.pairs.keys()}
        for path in sorted(marked & self.entries.keys()):
            content = self.destination.find(self.entries[path].place).content
            for name, body in (self.filled(content) if content is not None else {}).items():
                record = self.records.get(name)
                if name not in found or (record and record.file == self.entries[path].place):
                    found[name] = body
        return found

    def filled(self, content: bytes) -> dict[str, bytes]:
        """The bodies in one file that somebody wrote, by present id; none where its markers do not pair."""
        try:
            slots = [(self.heirs.get(slot.id, slot.id), slot) for slot in find_slots(content)]
        except MarkerError:
            return {}
        return {
            name: slot.body.replace(b"\r\n", b"\n")
            for name, slot in slots
            if is_filled(slot, self.records.get(name), self.defaults.get(name))
        }

    def own(self, content: bytes) -> set[str]:
        """The slots in one file that somebody filled and that have no other home."""
        return {name for name in self.filled(content) if name not in self.defaults or name in self.stuck}

    def is_as_generated(self, content: bytes, entry: LockedFile) -> bool:
        """Say whether a file is what was generated, bodies of slots aside."""
        return skeleton_hash(content) == entry.hash and _slots_pair(content)

    def homeless(self, changes: Sequence[Change]) -> frozenset[str]:
        """The slots whose bodies are in no file after the changes."""
        if not self.bodies:
            return frozenset()
        texts = [
            with_line_feeds(change.after)
            for change in changes
            if change.after is not None and change.action is not Action.COLLISION
        ]
        return frozenset(
            name for name, body in self.bodies.items() if not any(body in text for text in texts)
        )


def _slots_pair(content: bytes) -> bool:
    try:
        find_slots(content)
    except MarkerError:
        return False
    return True
