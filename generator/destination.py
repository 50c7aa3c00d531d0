"""The folder a project is generated into: read without following links out of it, written file by file."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp


@dataclass(frozen=True)
class Found:
    """What stands at a path: its bytes, or None where nothing does, and why it must not be written, if so."""

    content: bytes | None = None
    blocked: str = ""


@dataclass(frozen=True)
class Write:
    """One change of a run: `content` is None to remove the file."""

    path: str
    content: bytes | None
    executable: bool = False


class Destination:
    """A project folder. Paths are relative to it, with `/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root = folder.resolve()

    def find(self, path: str) -> Found:
        """Look at a path; a link, a folder in its place, or a way that leaves the project block it."""
        target = self.folder / path
        for parent in [*PurePosixPath(path).parents][:-1]:
            at = self.folder / parent
            if at.is_symlink() and not at.resolve().is_relative_to(self._root):
                return Found(blocked=f"{parent} is a link that leaves the project")
            if (at.is_symlink() or at.exists()) and not at.is_dir():
                return Found(blocked=f"{parent} is not a folder")
        try:
            mode = target.lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return Found()
        if stat.S_ISLNK(mode):
            return Found(blocked="a link stands in its place")
        if not stat.S_ISREG(mode):
            return Found(blocked="something that is not a file stands in its place")
        return Found(target.read_bytes())

    def text(self, path: str) -> str:
        """Return the text of a file of ours, "" when it is absent or cannot be read as UTF-8."""
        return (self.find(path).content or b"").decode(errors="replace")

    def apply(self, writes: Sequence[Write]) -> None:
        """Write and remove files.

        All new bytes are staged inside the project first, so that a full disk or a folder that cannot be
        written stops the run before anything has changed; then each file is moved into its place whole.

        Raises:
            OSError: something could not be written, the path in it.
        """
        if not writes:
            return
        state = self.folder / ".specwright"
        had_state = state.exists()
        state.mkdir(parents=True, exist_ok=True)
        staging = Path(mkdtemp(prefix="staging-", dir=state))
        try:
            staged = [
                (write, self._stage(staging / str(number), write)) for number, write in enumerate(writes)
            ]
            for write, source in staged:
                target = self.folder / write.path
                if source is None:
                    target.unlink(missing_ok=True)
                    self._remove_empty(PurePosixPath(write.path).parents)
                else:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    source.replace(target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            if not had_state:
                with suppress(OSError):
                    state.rmdir()

    def _stage(self, source: Path, write: Write) -> Path | None:
        if write.content is None:
            return None
        try:
            source.write_bytes(write.content)
        except OSError as error:
            # A full disk names no file.
            raise OSError(error.errno, error.strerror, write.path) from error
        try:
            source.chmod(stat.S_IMODE((self.folder / write.path).stat().st_mode))
        except FileNotFoundError:
            if write.executable:
                mode = stat.S_IMODE(source.stat().st_mode)
                source.chmod(mode | (mode & 0o444) >> 2)
        return source

    def _remove_empty(self, parents: Iterable[PurePosixPath]) -> None:
        for parent in parents:
            if str(parent) == ".":
                return
            with suppress(OSError):
                (self.folder / parent).rmdir()
