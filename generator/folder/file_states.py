"""What the file system says of the files that a run left, so that the next knows them without reading them.

Size, times and inode, as git's index has them: a file whose bytes change gets a time of change that nobody
can set. What was written in the last moment before it was noted may be written again within the same tick of
that clock, so the note has to be younger than every file by some ticks. Nothing is decided by this alone:
what a run changes is read, and held against the lock, before it is written.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress

from generator.folder.destination import Destination, States
from generator.folder.seal import CACHE, write_cache

_NOTE = f"{CACHE}/files"
TICKS = 30_000_000
"""Nanoseconds: three ticks of the slowest clock that Linux stamps files with (100 a second)."""
_SECOND = 1_000_000_000


def note_states(destination: Destination, paths: Iterable[str]) -> None:
    """Note what the file system says of files that are known to be as generated.

    Args:
        destination: the project.
        paths: of all files of the lock.
    """
    states = destination.states(sorted(paths))
    # A file system that keeps whole seconds cannot tell two writes apart.
    if states is None or not states.newest % _SECOND or _is_noted(destination, states):
        return
    write_cache(destination, _NOTE, states.digest)
    note = destination.folder / _NOTE
    with suppress(OSError):
        while (lacking := states.newest + TICKS - note.stat().st_mtime_ns) > 0:
            if lacking > 2 * TICKS:
                # The clocks of two machines: nobody waits for what comes from the future.
                note.unlink()
                return
            time.sleep(lacking / _SECOND)
            os.utime(note)


def known_by_states(destination: Destination, paths: Iterable[str]) -> bool:
    """Say whether no file has been written since their states were noted.

    Args:
        destination: the project.
        paths: of all files of the lock.
    """
    if destination.find(_NOTE).content is None:
        return False
    states = destination.states(sorted(paths))
    return states is not None and _is_noted(destination, states)


def _is_noted(destination: Destination, states: States) -> bool:
    if destination.find(_NOTE).content != states.digest:
        return False
    with suppress(OSError):
        return (destination.folder / _NOTE).stat().st_mtime_ns - states.newest >= TICKS
    return False
