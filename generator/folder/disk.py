"""The system calls that change a project, one method each, so that a test can stop a run between two."""

from __future__ import annotations

import os
from collections.abc import Sequence

_FEW = 8
"""Files that are flushed one by one; more are flushed together, which is far cheaper where there are many."""


class Disk:
    """What a run does to the disk. Paths are absolute; every method raises the OSError of its system call."""

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it; one that is there already is no failure."""
        os.makedirs(path, exist_ok=True)

    def write(self, path: str, content: bytes, mode: int | None = None) -> None:
        """Write a file whole; `mode` are its permissions, those the system gives by default."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(handle, rest) :]
        finally:
            os.close(handle)
        if mode is not None:
            os.chmod(path, mode)

    def flush(self, paths: Sequence[str]) -> None:
        """Return when files and folders are on the disk and not only in memory."""
        if len(paths) > _FEW and os.name != "nt":
            _flush_file_system(paths[0])
            return
        for path in paths:
            if os.path.isdir(path) and os.name == "nt":
                continue
            handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def move(self, source: str, target: str) -> None:
        """Move a file or folder into its place, over a file that stands there, in one step."""
        os.replace(source, target)

    def remove(self, path: str) -> None:
        """Remove a file."""
        os.unlink(path)

    def remove_folder(self, path: str) -> None:
        """Remove a folder; one that holds something is a failure."""
        os.rmdir(path)


def _flush_file_system(path: str) -> None:
    """Flush the whole file system of a path: thousands of files then cost little more than one."""
    import ctypes

    handle = os.open(path, os.O_RDONLY)
    try:
        ctypes.CDLL(None).syncfs(handle)
    except AttributeError:
        # Not Linux: there is only the call for all file systems.
        os.sync()
    finally:
        os.close(handle)
