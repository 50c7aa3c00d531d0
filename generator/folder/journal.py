"""The journal: a run writes everything or nothing, whatever breaks it off.

All new bytes are staged in `.specwright/transaction/`, with a manifest of what goes where. The manifest gets
its name last: from then on the run is decided, and whoever comes next carries out what is left of it. Before
that, what is staged counts for nothing. When all is in place the folder is renamed, and then removed.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from generator.counting import counted
from generator.folder.destination import Destination, Write, digest, leaves
from generator.folder.disk import Disk
from generator.folder.lock import LOCK_FILE, Lock, read_lock, write_lock
from generator.frozen import dataclass

STATE = ".specwright"
TRANSACTION = f"{STATE}/transaction"
_FINISHED = f"{STATE}/finished"
_MANIFEST = "manifest.json"
WRITTEN = threading.Event()
"""Set once this process has carried a run out: a later stop must not say that nothing was written."""


class BrokenOff(Exception):
    """A run could not carry out what was decided: some files are in place, the rest is staged."""

    def __init__(self, cause: OSError, done: int, of: int) -> None:
        super().__init__(str(cause))
        self.cause, self.done, self.of = cause, done, of


class Outcome(StrEnum):
    """What became of a run that was broken off."""

    NOTHING = "nothing"
    EVERYTHING = "everything"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Resumption:
    """What became of a run that was broken off, and which files were kept because of an edit."""

    outcome: Outcome
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Move:
    """One step: `staged` is the name of the new bytes, None to remove; `before` the hash of the old."""

    path: str
    staged: str | None
    before: str | None

    @property
    def order(self) -> tuple[int, str]:
        """The state of the engine comes last, its lock at the very end."""
        return (self.path.startswith(f"{STATE}/") + (self.path == LOCK_FILE), self.path)


class Journal:
    """The journal of one project. Only whoever holds the turn (`generator.folder.turn`) may use it."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self.folder = folder
        self._disk = disk or Disk()
        self._folders: set[str] = set()
        # What a run saw is compared sooner than its hash is computed once more.
        self._before: dict[str, bytes | None] = {}

    @property
    def is_open(self) -> bool:
        """Whether a run left something behind, or one is at work now."""
        return any(os.path.lexists(self._at(path)) for path in (TRANSACTION, _FINISHED))

    def apply(self, writes: Sequence[Write]) -> tuple[str, ...]:
        """Write and remove files, all or none.

        Args:
            writes: what to do, by path; a file that is no longer what `before` says was edited meanwhile.

        Returns:
            The paths that were kept because somebody had edited them meanwhile.

        Raises:
            OSError: something could not be staged, the path in it; nothing has changed.
            BrokenOff: something could not be moved; the next command goes on from there.
        """
        if not writes:
            return ()
        had_state, decided = os.path.lexists(self._at(STATE)), False
        try:
            self._refuse_closed_folders(writes)
            self._before = {write.path: write.before for write in writes}
            moves = self._stage(writes)
            with _undisturbed():
                self._decide(moves)
                decided = True
                kept = self._carry_out(moves)
                WRITTEN.set()
                return kept
        finally:
            if not decided:
                self._drop(TRANSACTION)
                if not had_state:
                    with suppress(OSError):
                        self._disk.remove_folder(self._at(STATE))

    def resume(self) -> Resumption | None:
        """Finish or undo what a run left that was broken off; None if there is nothing.

        Raises:
            BrokenOff: it cannot be finished yet.
        """
        if not self.is_open:
            return None
        if os.path.lexists(self._at(_FINISHED)):
            self._drop(_FINISHED)
            return Resumption(Outcome.EVERYTHING)
        moves = self._read()
        if moves is not None and not self._has_moved_on(moves):
            with _undisturbed():
                return Resumption(Outcome.EVERYTHING, self._carry_out(moves))
        self._drop(TRANSACTION)
        with suppress(OSError):
            self._disk.remove_folder(self._at(STATE))
        return Resumption(Outcome.NOTHING if moves is None else Outcome.DROPPED)

    def _stage(self, writes: Sequence[Write]) -> list[_Move]:
        folder = self._at(TRANSACTION)
        self._disk.make_folder(folder)
        moves, paths = [], [folder]
        for number, write in enumerate(counted("Writing", writes)):
            staged = None if write.content is None else str(number)
            if write.content is not None:
                path = f"{folder}/{number}"
                paths.append(path)
                try:
                    self._disk.write(path, write.content, self._mode(write))
                except OSError as error:
                    # A full disk names no file, and the name of a staged one says nothing.
                    raise OSError(error.errno, error.strerror, write.path) from error
            moves.append(_Move(write.path, staged, digest(write.before)))
        self._disk.flush(paths)
        return moves

    def _decide(self, moves: Sequence[_Move]) -> None:
        folder = self._at(TRANSACTION)
        draft = f"{folder}/draft"
        manifest = json.dumps({"version": 1, "moves": [vars(move) for move in moves]})
        self._disk.write(draft, manifest.encode())
        self._disk.flush([draft])
        self._disk.move(draft, f"{folder}/{_MANIFEST}")
        self._disk.flush([folder])

    def _mode(self, write: Write) -> int | None:
        if write.before is not None:
            with suppress(OSError):
                mode = stat.S_IMODE(os.stat(self._at(write.path)).st_mode)
                if write.executable is None or write.executable == bool(mode & 0o100):
                    return mode
                # Whoever may read it may run it, as `chmod +x` does.
                return mode | (mode & 0o444) >> 2 if write.executable else mode & ~0o111
        return _executable_mode() if write.executable else None

    def _refuse_closed_folders(self, writes: Sequence[Write]) -> None:
        """A folder that takes no file must stop a run before it has changed anything."""
        for folder in dict.fromkeys(write.path.rpartition("/")[0] for write in writes):
            while folder and not os.path.lexists(self._at(folder)):
                folder = folder.rpartition("/")[0]
            if not os.access(self._at(folder), os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder or str(self.folder))

    def _read(self) -> list[_Move] | None:
        try:
            data: dict[str, Any] = json.loads(Path(self._at(f"{TRANSACTION}/{_MANIFEST}")).read_bytes())
            return [_Move(**move) for move in data["moves"]]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _has_moved_on(self, moves: Sequence[_Move]) -> bool:
        """Whether the folder is another one by now (a branch was switched): its lock is of neither state."""
        for move in moves:
            if move.path == LOCK_FILE and move.staged is not None:
                staged = self._staged(move.staged)
                now = Destination(self.folder).find(LOCK_FILE).content
                return staged is not None and digest(now) not in {None, move.before, digest(staged)}
        return False

    def _carry_out(self, moves: Sequence[_Move]) -> tuple[str, ...]:
        destination, done = Destination(self.folder), 0
        kept: list[str] = []
        try:
            staged = {*os.listdir(self._at(TRANSACTION))}
            # What goes makes place first: names may differ in case alone.
            ordered = sorted(moves, key=lambda move: move.order)
            for removing in (True, False):
                for move in counted("Removing" if removing else "Moving into place", ordered):
                    if (move.staged is None) is not removing:
                        continue
                    if move.path == LOCK_FILE and move.staged in staged and kept:
                        self._remember_kept(kept, destination, move.staged)
                    if not (removing or move.staged in staged) or self._make(move, destination):
                        done += 1
                    else:
                        kept.append(move.path)
                if removing:
                    self._remove_empty(moves)
            self._disk.move(self._at(TRANSACTION), self._at(_FINISHED))
        except OSError as error:
            raise BrokenOff(error, done, len(moves)) from error
        self._drop(_FINISHED)
        return tuple(kept)

    def _make(self, move: _Move, destination: Destination) -> bool:
        """Carry out one step; False where a person's edit stands in its way."""
        found = destination.find(move.path)
        if found.content is not None and not self._is_as_before(move, found.content):
            # Copied from another file system and broken off then; else it is somebody's edit.
            return move.staged is not None and found.content == self._staged(move.staged)
        target = self._at(move.path)
        if found.blocked:
            # A new file may stand already where the folder of a removed one was.
            return move.staged is None and not os.path.lexists(target)
        if move.staged is not None:
            self._place(self._at(f"{TRANSACTION}/{move.staged}"), target)
        elif found.content is not None:
            self._disk.remove(target)
        return True

    def _is_as_before(self, move: _Move, content: bytes) -> bool:
        return content == self._before.get(move.path) or digest(content) == move.before

    def _place(self, source: str, target: str) -> None:
        folder, _, name = target.rpartition("/")
        if folder not in self._folders:
            if not os.path.isdir(folder):
                self._disk.make_folder(folder)
            self._folders.add(folder)
        try:
            self._disk.move(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # A folder of the project lies on another file system: copy beside the target, then move.
            beside = f"{folder}/.{name}.specwright"
            mode = stat.S_IMODE(os.stat(source).st_mode)
            self._disk.write(beside, Path(source).read_bytes(), mode)
            self._disk.flush([beside])
            self._disk.move(beside, target)

    def _remember_kept(self, kept: Sequence[str], destination: Destination, staged: str) -> None:
        """What was kept is still what an earlier run generated, as far as the lock is concerned."""
        earlier, _ = read_lock(destination.text(LOCK_FILE))
        later, _ = read_lock((self._staged(staged) or b"").decode(errors="replace"))
        files = {path: file for path, file in later.files.items() if file.place not in kept}
        files |= {path: file for path, file in earlier.files.items() if file.place in kept}
        draft = self._at(f"{TRANSACTION}/draft")
        self._disk.write(draft, write_lock(Lock(files, "")))
        self._disk.flush([draft])
        self._disk.move(draft, self._at(f"{TRANSACTION}/{staged}"))

    def _remove_empty(self, moves: Sequence[_Move]) -> None:
        folders: set[str] = set()
        for move in moves:
            folder = move.path.rpartition("/")[0] if move.staged is None and not leaves(move.path) else ""
            while folder:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        for folder in sorted(folders, key=len, reverse=True):
            with suppress(OSError):
                self._disk.remove_folder(self._at(folder))

    def _drop(self, folder: str) -> None:
        """Remove a folder of the journal; what cannot be removed now is removed by the next command."""
        with suppress(OSError):
            at = self._at(folder)
            # The manifest goes first: a folder without it counts for nothing.
            for name in sorted(os.listdir(at), key=lambda name: name != _MANIFEST):
                self._disk.remove(f"{at}/{name}")
            self._disk.remove_folder(at)

    def _staged(self, name: str) -> bytes | None:
        with suppress(OSError):
            return Path(self._at(f"{TRANSACTION}/{name}")).read_bytes()
        return None

    def _at(self, path: str) -> str:
        return f"{self.folder}/{path}"


def _executable_mode() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return 0o777 & ~umask


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A stop that comes while files are moved comes too late: the run ends as if it had not come."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
