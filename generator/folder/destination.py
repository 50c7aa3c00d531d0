"""The folder a project is generated into, read without following links out of it; `journal` writes it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from generator.frozen import dataclass
from generator.git import files_of


class Found(NamedTuple):
    """What stands at a path: its bytes, or None where nothing does, and why it must not be written, if so."""

    content: bytes | None = None
    blocked: str = ""
    executable: bool = False


State = tuple[int, int, int, int, int, int]
"""What the file system says of a file: mode, size, times of modification and change in nanoseconds, inode,
device. No class: of thousands of files it takes half of the time that looking takes."""


@dataclass(frozen=True, slots=True)
class Write:
    """One change of a run: `content` is None to remove the file; `before` is what the run saw there.

    `executable` is None to leave that as it is.
    """

    path: str
    content: bytes | None
    executable: bool | None = None
    before: bytes | None = None


_NOTHING = Found()
_INSTALLED = frozenset({"node_modules", "__pycache__"})


_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_USUAL_SIZE = 16_384
"""Bytes that hold most files."""


def leaves(path: str) -> bool:
    """Say whether a path climbs out of a folder: state that came with a project may hold such."""
    return ".." in path and ".." in path.split("/")


def digest(content: bytes | None) -> str | None:
    """Return the SHA-256 of a file's bytes in hexadecimal, None where there is no file."""
    return None if content is None else hashlib.sha256(content).hexdigest()


class Destination:
    """A project folder; paths are relative to it, with `/`. It remembers folders: one for each run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root = folder.resolve()
        self._place = str(folder)
        # By folder: why nothing below it may be written, "" if it may, None if it is not there.
        self._ways: dict[str, str | None] = {"": ""}
        self._states: dict[str, State] = {}

    def find(self, path: str) -> Found:
        """Look at a path; a link, a folder in its place, or a way that leaves the project block it."""
        if leaves(path):
            return Found(blocked="its path leaves the project")
        way = self._way(path.rpartition("/")[0])
        if way is None:
            return _NOTHING
        if way:
            return Found(blocked=way)
        target = f"{self._place}/{path}"
        try:
            status = os.lstat(target)
        except FileNotFoundError:
            return _NOTHING
        mode = status.st_mode
        if stat.S_ISLNK(mode):
            return Found(blocked="a link stands in its place")
        if not stat.S_ISREG(mode):
            return Found(blocked="something that is not a file stands in its place")
        return Found(_content(target, status.st_size), executable=bool(mode & 0o100))

    def head(self, path: str, size: int) -> bytes | None:
        """Read the beginning of a file; None where `find` finds no content.

        Args:
            path: of the file, which may be long.
            size: bytes to read at most.
        """
        if leaves(path) or self._way(path.rpartition("/")[0]) != "":
            return None
        try:
            if not stat.S_ISREG(os.lstat(f"{self._place}/{path}").st_mode):
                return None
            with open(f"{self._place}/{path}", "rb") as source:
                return source.read(size)
        except FileNotFoundError:
            return None

    def contents(self, paths: Iterable[str]) -> Iterator[bytes | None]:
        """Read many files, each folder listed once instead of looking at each of its files.

        Args:
            paths: of the files.

        Yields:
            The bytes of each, to be held against a hash: a file system may hand over fewer at once. None for
            what is no plain file of just that name, or would be blocked.
        """
        known: dict[str, frozenset[str]] = {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            plain = known.get(folder)
            if plain is None:
                plain = known[folder] = self._plain_files(folder)
            yield _content(f"{self._place}/{path}", _USUAL_SIZE, at_once=True) if name in plain else None

    def _plain_files(self, folder: str) -> frozenset[str]:
        if leaves(folder) or self._way(folder) != "":
            return frozenset()
        with os.scandir(f"{self._place}/{folder}") as entries:
            return frozenset(entry.name for entry in entries if entry.is_file(follow_symlinks=False))

    def states(self, paths: Iterable[str]) -> dict[str, State] | None:
        """Return what the file system says of many files; None if one is no plain file, or would be blocked.

        Each file is looked at once in the life of this object.

        Args:
            paths: of the files.
        """
        found, known = {}, self._states
        for path in paths:
            state = known.get(path)
            if state is None:
                if leaves(path) or self._way(path.rpartition("/")[0]) != "":
                    return None
                try:
                    seen = os.lstat(f"{self._place}/{path}")
                except FileNotFoundError:
                    return None
                if not stat.S_ISREG(seen.st_mode):
                    return None
                state = known[path] = (
                    seen.st_mode,
                    seen.st_size,
                    seen.st_mtime_ns,
                    seen.st_ctime_ns,
                    seen.st_ino,
                    seen.st_dev,
                )
            found[path] = state
        return found

    def text(self, path: str) -> str:
        """Return the text of a file of ours, "" when it is absent or cannot be read as UTF-8."""
        return (self.find(path).content or b"").decode(errors="replace")

    def holds(self, path: str) -> bool:
        """Say whether anything stands at a path, or something stands in its way."""
        return os.path.lexists(f"{self._place}/{path}") or self.find(path) != _NOTHING

    def files(self) -> tuple[str, ...]:
        """Return the paths of the files in the project; not what git ignores, nor what a tool installs."""
        tracked = files_of(self.folder)
        if tracked is not None:
            return tracked
        found = []
        for folder, folders, names in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if name[0] != "." and name not in _INSTALLED)
            below = Path(folder).relative_to(self.folder).as_posix()
            found += [name if below == "." else f"{below}/{name}" for name in sorted(names)]
        return tuple(found)

    def is_one(self, path: str, other: str) -> bool:
        """Say whether two paths are one file: some file systems take those for it that differ in case."""
        if path == other or path.casefold() != other.casefold():
            return path == other
        try:
            return os.path.samefile(f"{self._place}/{path}", f"{self._place}/{other}")
        except OSError:
            return False

    def _way(self, folder: str) -> str | None:
        if folder in self._ways:
            return self._ways[folder]
        way = self._way(folder.rpartition("/")[0])
        if way == "":
            way = self._step(folder)
        self._ways[folder] = way
        return way

    def _step(self, folder: str) -> str | None:
        at = self.folder / folder
        try:
            mode = at.lstat().st_mode
        except FileNotFoundError:
            return None
        if stat.S_ISLNK(mode) and not at.resolve().is_relative_to(self._root):
            return f"{folder} is a link that leaves the project"
        return "" if at.is_dir() else f"{folder} is not a folder"


def _content(target: str, size: int, *, at_once: bool = False) -> bytes:
    """The bytes of a file; a file object for each of thousands takes longer than the reading."""
    handle = os.open(target, _READ)
    try:
        content = os.read(handle, size + 1)
        if len(content) == size or (at_once and len(content) < size):
            return content
        # It grew meanwhile, or is too big for one call.
        rest = [content]
        while more := os.read(handle, 1 << 20):
            rest.append(more)
        return b"".join(rest)
    finally:
        os.close(handle)
