"""Files that nobody wrote since the last run are not read again; whatever was written is."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from generator.folder import file_states
from generator.folder.destination import Destination
from generator.folder.lock import LOCK_FILE, read_lock
from generator.skipping import untouched
from tests.engine import processes
from tests.engine.test_conflicts import ITEM, OTHER, PLAN

NOTE = ".specwright/cache/files"


@pytest.fixture
def folder(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(templates))
    path = tmp_path / "todo"
    path.mkdir()
    (path / "plan.yaml").write_text(PLAN)
    assert processes.run(path, "generate")[0] == 0
    return path


def reads(folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a run with nothing new to generate reads the files of the project; what it finds is right."""
    seen = []
    plain = Destination.contents

    def noting(self: Destination, paths: list[str]) -> object:
        seen.append(paths)
        return plain(self, paths)

    with monkeypatch.context() as patch:
        patch.setattr(Destination, "contents", noting)
        untouched(folder, templates)
    return bool(seen)


def test_what_a_run_left_is_not_read_again(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not reads(folder, templates, monkeypatch)
    (folder / NOTE).unlink()
    assert reads(folder, templates, monkeypatch)
    assert not reads(folder, templates, monkeypatch), "what was read is noted"
    (folder / NOTE).write_text("something else")
    assert reads(folder, templates, monkeypatch)


@pytest.mark.parametrize("way", ["same size and times", "deleted", "link", "bit", "replaced", "folder"])
def test_whatever_was_written_is_found(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    file = folder / ITEM
    state, text = file.stat(), file.read_text()
    match way:
        case "same size and times":
            file.write_text(text.replace("string", "strong"))
            os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
            assert file.stat().st_size == state.st_size and file.stat().st_mtime_ns == state.st_mtime_ns
        case "deleted":
            file.unlink()
        case "link":
            file.rename(folder / "elsewhere.ts")
            file.symlink_to(folder / "elsewhere.ts")
        case "bit":
            file.chmod(0o755)
        case "replaced":
            (folder / "new").write_text(text)
            os.utime(folder / "new", ns=(state.st_atime_ns, state.st_mtime_ns))
            (folder / "new").rename(file)
        case "folder":
            file.unlink()
            file.mkdir()
    assert reads(folder, templates, monkeypatch)
    if way == "same size and times":
        said = processes.run(folder, "generate")[1]
        assert f"Edited by you, and nothing new for them: {ITEM}" in said


def test_a_note_that_is_no_younger_than_a_file_does_not_count(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who writes within one tick of the clock that files are stamped with leaves no other time behind."""
    newest = max(path.stat().st_ctime_ns for path in folder.rglob("*") if ".specwright" not in path.parts)
    os.utime(folder / NOTE, ns=(newest, newest + file_states.TICKS // 2))
    assert reads(folder, templates, monkeypatch)
    os.utime(folder / NOTE)
    time.sleep(file_states.TICKS / 1e9)
    assert not reads(folder, templates, monkeypatch)


def test_a_clock_of_whole_seconds_is_not_trusted(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Destination.states

    def coarse(self: Destination, paths: list[str]) -> object:
        states = plain(self, paths)
        return states and states._replace(newest=states.newest // 10**9 * 10**9)

    (folder / NOTE).unlink()
    with monkeypatch.context() as patch:
        patch.setattr(Destination, "states", coarse)
        assert reads(folder, templates, monkeypatch) and not (folder / NOTE).exists()


def test_files_from_the_future_are_read_each_time(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = time.time_ns() + 3_600 * 10**9 + 1
    os.utime(folder / ITEM, ns=(later, later))
    assert reads(folder, templates, monkeypatch) and not (folder / NOTE).exists()
    assert reads(folder, templates, monkeypatch)


def test_an_edit_that_slipped_in_before_the_note_is_not_written_over(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a note ever be wrong: what a run changes is read, and held against the lock, all the same."""
    text = (folder / ITEM).read_text()
    (folder / ITEM).write_text(f"{text}// mine\n")
    (folder / NOTE).unlink()
    file_states.note_states(Destination(folder), read_lock((folder / LOCK_FILE).read_text())[0].files)
    assert "Nothing has changed" in processes.run(folder, "generate")[1]
    (folder / "plan.yaml").write_text(PLAN.replace("varchar(200)", "varchar(100)") + "      due_on: date\n")
    assert processes.run(folder, "generate")[0] == 0
    after = (folder / ITEM).read_text()
    assert after.endswith("// mine\n") and "due" in after


def test_what_a_run_merged_is_not_noted_as_generated(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (folder / ITEM).read_text()
    (folder / ITEM).write_text(f"// Mine.\n{text}")
    (folder / "plan.yaml").write_text(OTHER)
    code, said, _ = processes.run(folder, "generate")
    assert code == 0 and "merged" in said and (folder / ITEM).read_text().startswith("// Mine.\n")
    assert reads(folder, templates, monkeypatch)
    assert processes.run(folder, "verify")[0] == 0
