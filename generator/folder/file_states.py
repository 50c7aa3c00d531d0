"""What the file system says of the files that a run left, so that the next knows them without reading them.

Size, times, inode and device, as git's index has them. A file whose bytes change gets a time of change that
nobody can set; the clock it is taken from stands still for some milliseconds at a time. So files are looked
at, then the clock is seen to have moved on from the newest of them, and only then they are read: whoever
writes one later leaves another time. Nothing is decided by this alone: what a run changes is read, and held
against the lock, before it is written.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

from generator.folder.destination import Destination, State
from generator.folder.lock import LockedFile
from generator.folder.seal import CACHE, write_cache
from generator.folder.slot_records import SLOTS_FILE

_NOTE = f"{CACHE}/files"
_SECOND = 1_000_000_000
_TICK = 0.01
"""Seconds: the slowest clock that Linux takes the times of files from ticks a hundred times a second."""
_TICKS = 4
_LOCAL = frozenset({0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x01021994, 0x794C7630})
"""File systems of this machine alone: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs and overlay, as linux/magic.h
numbers them. Others may show what another machine wrote some seconds late, or keep no time of change."""


def noted_states(destination: Destination, entries: Mapping[str, LockedFile]) -> dict[str, State] | None:
    """Return what the file system says of the files that are as generated, if it is what was noted of them.

    Args:
        destination: the project.
        entries: of all its files, by path.

    Returns:
        Their states by path, None where one has been written since; what was edited is not among them.
    """
    noted, *edited = (destination.find(_NOTE).content or b"").decode(errors="replace").split("\n")
    if not noted:
        return None
    apart = {*edited}
    noted_entries = {path: entry for path, entry in entries.items() if path not in apart}
    states = destination.states(noted_entries)
    return states if states is not None and _digest(destination, noted_entries, states) == noted else None


def note_states(
    destination: Destination, entries: Mapping[str, LockedFile], known: Mapping[str, State]
) -> None:
    """Note what the file system says of the files of a project that are as generated.

    Args:
        destination: the project after a run, not yet looked at.
        entries: of all its files, by path, in the order of the lock.
        known: what `noted_states` said of those that the run left alone; the others are read.
    """
    if any(entry.kept or entry.shared or entry.at for entry in entries.values()):
        return
    new = [path for path in entries if path not in known]
    states = destination.states(new)
    if states is None or not _has_clock(destination) or not _is_past(destination, states.values()):
        return
    apart: set[str] = set()
    for path, content in zip(new, destination.contents(new), strict=True):
        if content is None:
            return
        if not entries[path].is_of(content):
            apart.add(path)
    noted = {path: entry for path, entry in entries.items() if path not in apart}
    digest = _digest(destination, noted, {**known, **states})
    # What somebody has edited is named, and read each time.
    write_cache(destination, _NOTE, os.fsencode("\n".join([digest, *sorted(apart)])))


def _digest(destination: Destination, entries: Mapping[str, LockedFile], states: Mapping[str, State]) -> str:
    """What is noted: of each file what the system says and what it was generated as, and where slots are."""
    said = hashlib.sha256(destination.find(SLOTS_FILE).content or b"")
    lines = [f"{path}\0{entries[path].hash}\0{states[path]}" for path in sorted(entries)]
    said.update(os.fsencode("\n".join(lines)))
    return said.hexdigest()


def _is_past(destination: Destination, states: Iterable[State]) -> bool:
    """Say whether whoever writes a file from now on leaves another time at it."""
    # What was noted counts no more, and its own time says what the clock of the file system shows.
    write_cache(destination, _NOTE, b"")
    note = destination.folder / _NOTE
    devices, newest = set(), 0
    for _, _, _, changed, _, device in states:
        # A file system that keeps whole seconds shows them in no other way.
        if not changed % _SECOND:
            return False
        newest = max(newest, changed)
        devices.add(device)
    with suppress(OSError):
        for _ in range(_TICKS):
            os.utime(note)
            seen = note.stat()
            if not {seen.st_dev} >= devices:
                return False
            if seen.st_ctime_ns > newest:
                return True
            time.sleep(_TICK)
    return False


def _has_clock(destination: Destination) -> bool:
    """Say whether a project lies on a file system that stamps each change as it happens."""
    if sys.platform != "linux":
        return False
    import ctypes

    # The kind comes first in what statfs(2) fills in, as a long; all of it takes 120 bytes.
    found = (ctypes.c_long * 64)()
    failed = ctypes.CDLL(None).statfs(os.fsencode(destination.folder), ctypes.byref(found))
    return not failed and found[0] in _LOCAL
