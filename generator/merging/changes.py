"""What a run does with the files of a project: one change for each, decided before any is written."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from generator.folder.lock import LockedFile
from generator.merging.hunks import Hunk


class Action(StrEnum):
    """What a run does with one file; one that is `removed` a person deleted, and it stays so."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    MERGE = "merge"
    MOVE = "move"
    CONFLICT = "conflict"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    COLLISION = "collision"
    ORPHANED = "orphaned"
    OWNED = "owned"
    REMOVED = "removed"


KEPT = frozenset({Action.EDITED, Action.COLLISION, Action.ORPHANED, Action.OWNED, Action.REMOVED})
WRITTEN = frozenset({Action.CREATE, Action.UPDATE, Action.DELETE, Action.MERGE, Action.MOVE, Action.CONFLICT})


class Change(NamedTuple):
    """What happens to one file: its bytes before and after, None where there is none.

    `entry` is its line in the lock after the run (None: not ours); `pending` says that what was generated did
    not arrive; `note` says why, for people. `slotted` says that there may be slots in it. `versions` are
    base, ours and theirs of a conflict, `places` what they disagree about. `moved_from` is where the file
    stood that stands here after the run, `moved_to` where the file goes that stood here.
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
    moved_from: str = ""
    moved_to: str = ""
    places: tuple[Hunk, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a person has to look at it: the run ends with the exit code for that."""
        return self.pending and self.entry is not None

    @property
    def is_resting(self) -> bool:
        """Whether it is edited, and nothing new is meant for it: whoever reads it again can say so."""
        return self.action is Action.EDITED and not self.pending
