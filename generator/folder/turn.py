"""The turn: one run at a time works in a project. The system takes it back from a run that dies."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: a folder cannot be locked there, and runs are not kept apart
    fcntl = None  # type: ignore[assignment]

_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF, errno.EINVAL}


class AtWork(Exception):
    """Another run works in the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Another run of Specwright is at work in {folder.resolve()}")


@contextmanager
def taking_turn(folder: Path) -> Iterator[None]:
    """Hold the turn of a project, as a lock on its folder: it needs no file, so nothing is left of it.

    Where the file system has no locks, or there is no folder yet, runs are not kept apart.

    Raises:
        AtWork: another process holds it.
    """
    if fcntl is None or not folder.is_dir():
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AtWork(folder) from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        yield
    finally:
        os.close(handle)
