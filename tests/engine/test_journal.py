"""A run is broken off after each of its steps in turn: the next command finds the old state or the new."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from generator.folder.destination import Write
from generator.folder.disk import Disk
from generator.folder.journal import BrokenOff, Journal, Outcome, Resumption
from generator.folder.lock import LOCK_FILE, Lock, LockedFile, read_lock, write_lock
from tests.engine.copier_projects import tree


class PowerCut(BaseException):
    """Nothing runs after it."""


class FailingDisk(Disk):
    """Does a number of steps, then fails: once and for all (`kill -9`), or as a full disk does."""

    def __init__(self, steps: int, failure: BaseException) -> None:
        self.left, self.failure = steps, failure

    def _step(self) -> None:
        if self.left <= 0:
            raise self.failure
        self.left -= 1

    def make_folder(self, path: str) -> None:
        self._step()
        super().make_folder(path)

    def write(self, path: str, content: bytes, mode: int | None = None) -> None:
        self._step()
        if self.left <= 0:
            super().write(path, content[: len(content) // 2])
            raise self.failure
        super().write(path, content, mode)

    def move(self, source: str, target: str) -> None:
        self._step()
        super().move(source, target)

    def flush(self, paths: Sequence[str]) -> None:
        self._step()

    def remove(self, path: str) -> None:
        if isinstance(self.failure, PowerCut):
            self._step()
        super().remove(path)

    def remove_folder(self, path: str) -> None:
        if isinstance(self.failure, PowerCut):
            self._step()
        super().remove_folder(path)


def entry(path: str, content: str) -> LockedFile:
    return LockedFile(path, "base", path, "", content)


OLD_LOCK = write_lock(
    Lock({path: entry(path, "old") for path in ("kept.txt", "same/gone.txt", "run.sh")}, "1")
)
NEW_LOCK = write_lock(
    Lock({path: entry(path, "new") for path in ("kept.txt", "new/deep/file.txt", "run.sh")}, "2")
)
WRITES = [
    Write("kept.txt", b"new text\n", before=b"old text\n"),
    Write("new/deep/file.txt", b"a new file\n"),
    Write("new/deep/other.bin", bytes(range(256))),
    Write("same/gone.txt", None, before=b"to be removed\n"),
    Write("run.sh", b"#!/bin/sh\necho new\n", executable=True),
    Write("folder", b"a file where a folder was\n"),
    Write("folder/inside.txt", None, before=b"inside\n"),
    Write(LOCK_FILE, NEW_LOCK, before=OLD_LOCK),
]


def project(folder: Path) -> Path:
    for path, content in {
        "kept.txt": b"old text\n",
        "same/gone.txt": b"to be removed\n",
        "same/mine.txt": b"mine\n",
        "folder/inside.txt": b"inside\n",
        LOCK_FILE: OLD_LOCK,
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "kept.txt").chmod(0o640)
    return folder


def states(tmp_path: Path) -> tuple[object, object]:
    old, new = project(tmp_path / "old"), project(tmp_path / "new")
    assert Journal(new).apply(WRITES) == ()
    assert (new / "kept.txt").stat().st_mode & 0o777 == 0o640
    assert os.access(new / "run.sh", os.X_OK) and not (new / "same/gone.txt").exists()
    return tree(old), tree(new)


def broken_off(folder: Path, steps: int) -> bool:
    """Whether the run was over before the power went."""
    try:
        Journal(folder, FailingDisk(steps, PowerCut())).apply(WRITES)
    except PowerCut:
        return False
    return True


def test_broken_off_after_any_step_the_next_command_finds_old_or_new_and_says_which(tmp_path: Path) -> None:
    old, new = states(tmp_path)
    seen = []
    for steps in range(1000):
        folder = project(tmp_path / str(steps))
        over = broken_off(folder, steps)
        resumption = Journal(folder).resume()
        expected = {None: {0: old, 1: new}[over]} | {Outcome.NOTHING: old, Outcome.EVERYTHING: new}
        outcome = resumption.outcome if resumption else None
        assert tree(folder) == expected[outcome], f"{steps}: {outcome}"
        assert [path.name for path in (folder / ".specwright").iterdir()] == ["lock.json"]
        assert Journal(folder).resume() is None
        seen.append(outcome)
        if over:
            break
    # Nothing at first, then everything: never back.
    assert [*dict.fromkeys(seen)] == [None, Outcome.NOTHING, Outcome.EVERYTHING] or set(seen) >= {
        Outcome.NOTHING,
        Outcome.EVERYTHING,
    }
    assert seen.index(Outcome.EVERYTHING) > len(seen) - 1 - seen[::-1].index(Outcome.NOTHING)


def test_the_recovery_can_be_broken_off_too(tmp_path: Path) -> None:
    old, new = states(tmp_path)
    count = 0
    for steps in range(0, 60, 3):
        for further in range(30):
            folder = project(tmp_path / f"{steps}-{further}")
            if broken_off(folder, steps):
                return
            try:
                Journal(folder, FailingDisk(further, PowerCut())).resume()
            except PowerCut:
                count += 1
            resumption = Journal(folder).resume()
            allowed = (
                [old, new]
                if resumption is None
                else [old]
                if resumption.outcome is Outcome.NOTHING
                else [new]
            )
            assert tree(folder) in allowed, f"{steps}, {further}"
    assert count > 100


def test_a_disk_that_is_full_at_any_step_leaves_nothing_or_what_the_next_command_finishes(
    tmp_path: Path,
) -> None:
    old, new = states(tmp_path)
    for steps in range(100):
        folder = project(tmp_path / str(steps))
        try:
            Journal(folder, FailingDisk(steps, OSError(errno.ENOSPC, "No space left on device"))).apply(
                WRITES
            )
        except BrokenOff:
            assert Journal(folder).resume() == Resumption(Outcome.EVERYTHING)
            assert tree(folder) == new
        except OSError:
            assert tree(folder) == old and Journal(folder).resume() is None
        else:
            assert tree(folder) == new and steps > 10
            return


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    """A project whose run was broken off after two files of eight were in place."""
    folder = project(tmp_path / "project")
    for steps in range(100):
        if (folder / ".specwright/transaction/manifest.json").exists() and not (
            folder / "folder/inside.txt"
        ).exists():
            return folder
        subprocess.run(["rm", "-rf", folder], check=True)
        project(folder)
        broken_off(folder, steps)
    raise AssertionError


def test_what_a_person_edits_after_a_crash_is_kept_and_told(decided: Path) -> None:
    (decided / "kept.txt").write_text("mine\n")
    (decided / "same/gone.txt").write_text("mine, and it stays\n")
    (decided / "new/deep").mkdir(parents=True)
    (decided / "new/deep/file.txt").write_text("mine too\n")
    resumption = Journal(decided).resume()
    assert resumption is not None and resumption.outcome is Outcome.EVERYTHING
    assert {*resumption.kept} == {"kept.txt", "same/gone.txt", "new/deep/file.txt"}
    assert (decided / "kept.txt").read_text() == "mine\n" and (decided / "same/gone.txt").exists()
    assert (decided / "run.sh").read_text() == "#!/bin/sh\necho new\n"
    lock, damaged = read_lock((decided / LOCK_FILE).read_text())
    # What was kept is still what the run before generated, so the next one says what did not arrive.
    assert not damaged and lock.inputs == ""
    assert {path: file.hash for path, file in lock.files.items()} == {
        "kept.txt": "old",
        "same/gone.txt": "old",
        "run.sh": "new",
    }


def test_an_edit_after_the_new_bytes_arrived_is_no_matter_of_the_journal(decided: Path) -> None:
    for path in ("kept.txt", "folder/inside.txt"):
        (decided / path).unlink(missing_ok=True)
    assert Journal(decided).resume() == Resumption(Outcome.EVERYTHING)
    assert (decided / "kept.txt").read_text() == "new text\n"


def test_a_folder_that_became_a_link_out_of_the_project_is_not_followed(
    decided: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (decided / "new").symlink_to(tmp_path / "outside")
    resumption = Journal(decided).resume()
    assert resumption is not None and {*resumption.kept} == {"new/deep/file.txt", "new/deep/other.bin"}
    assert [*(tmp_path / "outside").iterdir()] == []


def test_on_another_branch_what_was_left_is_dropped(decided: Path) -> None:
    (decided / LOCK_FILE).write_bytes(write_lock(Lock({}, "3")))
    before = {path: file for path, file in tree(decided).items() if "transaction" not in path}
    assert Journal(decided).resume() == Resumption(Outcome.DROPPED)
    assert tree(decided) == before


def test_an_edit_between_looking_and_writing_is_kept(tmp_path: Path) -> None:
    folder = project(tmp_path / "project")
    (folder / "kept.txt").write_text("mine\n")
    assert Journal(folder).apply(WRITES) == ("kept.txt",)
    assert (folder / "kept.txt").read_text() == "mine\n" and not (folder / "same/gone.txt").exists()


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    place = project(tmp_path / "project") / "new"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], check=False, capture_output=True).returncode:
        pytest.skip("may not mount here")
    yield tmp_path / "project"
    subprocess.run(["umount", place], check=True)


def test_a_folder_on_another_file_system_is_written_too(mounted: Path, tmp_path: Path) -> None:
    _, new = states(tmp_path)
    assert Journal(mounted).apply(WRITES) == ()
    assert tree(mounted) == new
