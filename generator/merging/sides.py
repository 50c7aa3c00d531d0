"""Both sides of a merge that git has made: what each had recorded, and what each had made of a file.

The state of the engine is derived, so nobody merges it: what git leaves in it (conflict markers, or the state
of one side) is put aside, and what both sides had recorded is read from the repository, or from between the
markers where there is none any more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from generator.folder.destination import Destination
from generator.folder.lock import LOCK_FILE, Lock, read_lock
from generator.folder.slot_records import SLOTS_FILE, SlotRecord, read_records
from generator.git import GitError, read_repository
from generator.recording import ANSWERS_FILE, Recorded, read_recorded

STATE = (ANSWERS_FILE, LOCK_FILE, SLOTS_FILE)
# What git calls the other side of what it is in the middle of.
_HEADS = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD")
# The last one stays behind when all is done; these do not.
_REBASING = ("rebase-merge", "rebase-apply")


@dataclass(frozen=True)
class Side:
    """One side of a merge: what it had recorded; `read` gives any file as the side has it."""

    recorded: Recorded | None
    lock: Lock
    records: Mapping[str, SlotRecord]
    read: Callable[[str], bytes | None]


@dataclass(frozen=True)
class Sides:
    """Ours, theirs, and what both come from, if known. `unmerged` are files left in conflict by git."""

    ours: Side
    theirs: Side
    base: Side | None
    unmerged: frozenset[str] = field(default=frozenset())


def holds_conflict(content: bytes | None) -> bool:
    """Say whether a file holds markers as git leaves them, of a merge that is nobody's of ours."""
    if content is None or b"<<<<<<< " not in content:
        return False
    lines = content.splitlines()
    return any(line.startswith(b"<<<<<<< ") for line in lines) and any(
        line.startswith(b">>>>>>> ") for line in lines
    )


def versions_of(text: str) -> tuple[str, str]:
    """Return both versions of a text with conflict markers; what stands outside of them is in both."""
    ours: list[str] = []
    theirs: list[str] = []
    into: tuple[list[str], ...] = (ours, theirs)
    for line in text.splitlines(keepends=True):
        if line.startswith("<<<<<<< "):
            into = (ours,)
        elif line.startswith("||||||| ") and into == (ours,):
            into = ()
        elif line.rstrip("\r\n") == "=======" and len(into) < 2:
            into = (theirs,)
        elif line.startswith(">>>>>>> ") and len(into) < 2:
            into = (ours, theirs)
        else:
            for each in into:
                each.append(line)
    return "".join(ours), "".join(theirs)


def sides_of(destination: Destination) -> Sides | None:
    """Find the sides of a merge whose state nobody has brought together yet; None if there is none.

    Args:
        destination: the project; in the middle of a merge, or its last commit is one.
    """
    now = {path: destination.find(path).content for path in STATE}
    marked = any(holds_conflict(content) for content in now.values())
    if now[LOCK_FILE] is None and not marked:
        return None
    # Git, told to take lines of either side, leaves no markers, and a lock that no run has written.
    mixed = not marked and read_lock(destination.text(LOCK_FILE))[1]
    try:
        repository = _Repository.around(destination)
        found = repository.sides() if repository else None
    except GitError:
        found = None
    if found is not None:
        locks = [side.read(LOCK_FILE) for side in (found.ours, found.theirs)]
        if marked or mixed or (now[LOCK_FILE] in locks and _both_changed(found, locks)):
            return found
    return _between_markers(destination) if marked else None


def _both_changed(found: Sides, locks: Sequence[bytes | None]) -> bool:
    """Whether each side had recorded something new: else what git took is the state of the newer side."""
    base = found.base.read(LOCK_FILE) if found.base else None
    return len({base, *locks}) == 3


def _between_markers(destination: Destination) -> Sides:
    ours, theirs = (_side(_version(destination, number)) for number in (0, 1))
    return Sides(ours, theirs, None)


def _version(destination: Destination, number: int) -> Callable[[str], bytes | None]:
    """What one side has of a file, as far as its markers say."""

    def read(path: str) -> bytes | None:
        content = destination.find(path).content
        # Bytes that are no UTF-8 come back as they were.
        text = None if content is None else content.decode(errors="surrogateescape")
        return None if text is None else versions_of(text)[number].encode(errors="surrogateescape")

    return read


def _side(read: Callable[[str], bytes | None]) -> Side:
    texts = [(read(path) or b"").decode(errors="replace") for path in STATE]
    return Side(read_recorded(texts[0]), read_lock(texts[1])[0], read_records(texts[2]), read)


@dataclass(frozen=True)
class _Repository:
    """The repository around a project: `prefix` is the place of the project in it."""

    destination: Destination
    state: str
    prefix: str

    @classmethod
    def around(cls, destination: Destination) -> _Repository | None:
        place = destination.folder.resolve()
        if not any(os.path.lexists(each / ".git") for each in (place, *place.parents)):
            return None
        said = read_repository(place, "rev-parse", "--absolute-git-dir", "--show-prefix").decode()
        state, prefix = said.split("\n")[:2]
        return cls(destination, state, prefix)

    def sides(self) -> Sides | None:
        heads = self._heads()
        unmerged = self._unmerged()
        if heads is None and not any(path in unmerged for path in STATE):
            return None
        base, *both = heads or (None, None, None)

        def reading(stage: int, commit: str | None) -> Callable[[str], bytes | None]:
            def read(path: str) -> bytes | None:
                stages = unmerged.get(path)
                if stages is not None:
                    return self._blob(stages[stage]) if stage in stages else None
                if commit:
                    return self._blob(f"{commit}:{self.prefix}{path}")
                return _version(self.destination, stage - 2)(path) if stage > 1 else None

            return read

        origin = _side(reading(1, base)) if base or LOCK_FILE in unmerged else None
        ours, theirs = (_side(reading(stage, commit)) for stage, commit in ((2, both[0]), (3, both[1])))
        return Sides(ours, theirs, origin, frozenset(unmerged))

    def _heads(self) -> tuple[str | None, str, str] | None:
        """What both sides come from, our side and theirs; None where no two sides meet."""
        rebasing = any(os.path.lexists(f"{self.state}/{name}") for name in _REBASING)
        names = _HEADS if rebasing else _HEADS[:-1]
        other = next((name for name in names if os.path.lexists(f"{self.state}/{name}")), None)
        if other == "MERGE_HEAD":
            ours, theirs = "HEAD", "MERGE_HEAD"
        elif other is not None:
            return f"{other}^", "HEAD", other
        else:
            commits = self._git("rev-list", "--parents", "--max-count=1", "HEAD").split()
            if len(commits) != 3:
                return None
            ours, theirs = commits[1:]
        try:
            base = self._git("merge-base", ours, theirs).strip()
        except GitError:
            base = None
        return base, ours, theirs

    def _unmerged(self) -> dict[str, dict[int, str]]:
        found: dict[str, dict[int, str]] = {}
        listed = self._git("ls-files", "--unmerged", "-z", "--full-name", "--", ".")
        for line in listed.split("\0"):
            if line:
                head, _, path = line.partition("\t")
                _, blob, stage = head.split()
                found.setdefault(path.removeprefix(self.prefix), {})[int(stage)] = blob
        return found

    def _blob(self, name: str) -> bytes | None:
        try:
            return read_repository(self.destination.folder, "cat-file", "blob", name)
        except GitError:
            return None

    def _git(self, *arguments: str) -> str:
        return read_repository(self.destination.folder, *arguments).decode(errors="surrogateescape")


def merged_records(sides: Sides, bodies: Iterable[str]) -> dict[str, SlotRecord]:
    """Bring the records of slots together: one whose body stands there now, else one that somebody filled.

    Args:
        sides: of the merge.
        bodies: hashes of the bodies that stand in the project.
    """
    standing = frozenset(bodies)
    found: dict[str, SlotRecord] = {}
    for side in (sides.theirs, sides.ours):
        for name, record in side.records.items():
            other = found.get(name)
            if other is None or _worth(record, standing) >= _worth(other, standing):
                found[name] = record
    return found


def _worth(record: SlotRecord, standing: frozenset[str]) -> tuple[bool, bool]:
    return record.by != "fallback", record.body in standing
