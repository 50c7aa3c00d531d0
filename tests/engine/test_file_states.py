"""Files that nobody wrote since the last run are not read again; whatever was written is."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from generator import refresh
from generator.folder import file_states
from generator.folder.destination import Destination, State, Write
from generator.folder.journal import Journal
from generator.folder.lock import LOCK_FILE, LockedFile, read_lock
from generator.folder.slot_records import SLOTS_FILE
from generator.merging.changes import Action
from generator.narrowing import Narrowing
from generator.pipeline import generate
from generator.skipping import untouched, updated_locally
from generator.understanding import understand
from tests.engine import processes
from tests.engine.copier_projects import git
from tests.engine.test_conflicts import ITEM, OTHER, PLAN
from tests.engine.test_local import told

NOTE = ".specwright/cache/files"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere files are always read")


@pytest.fixture
def folder(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(templates))
    return processes.generated(tmp_path / "todo", PLAN)


def reads(folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a run with nothing new to generate reads the files of the project; what it finds is right."""
    seen: list[str] = []
    plain = Destination.contents

    def noting(self: Destination, paths: list[str]) -> object:
        seen.extend(paths)
        return plain(self, paths)

    with monkeypatch.context() as patch:
        patch.setattr(Destination, "contents", noting)
        untouched(folder, templates)
    return ITEM in seen


def edited(folder: Path, templates: Path) -> list[str]:
    """What a run that has nothing to do says that a person has edited."""
    outcome = untouched(folder, templates)
    assert outcome is not None
    return [change.path for change in outcome.changes if change.action is Action.EDITED]


def ahead(patch: pytest.MonkeyPatch, clock: Callable[[int], int]) -> None:
    """Let the file system tell other times of change."""
    plain = Destination.states

    def told(self: Destination, paths: Sequence[str]) -> dict[str, State] | None:
        states = plain(self, paths)
        return states and {path: (*each[:3], clock(each[3]), *each[4:]) for path, each in states.items()}

    patch.setattr(Destination, "states", told)


def write_alike(file: Path) -> None:
    """Write another text of the same size, and give the file the times back that it had."""
    state = file.stat()
    file.write_text(file.read_text().replace("string", "strong"))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert file.stat().st_size == state.st_size and file.stat().st_mtime_ns == state.st_mtime_ns


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
            write_alike(file)
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


def test_files_that_the_clock_has_not_moved_on_from_are_not_noted(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who writes in the same tick of the clock leaves no other time; it may also have been put back."""
    (folder / NOTE).unlink()
    with monkeypatch.context() as patch:
        ahead(patch, lambda changed: time.time_ns() + 3_600 * 10**9 + 1)
        assert reads(folder, templates, monkeypatch) and not (folder / NOTE).read_bytes()
    assert reads(folder, templates, monkeypatch)
    assert not reads(folder, templates, monkeypatch)


def test_a_clock_of_whole_seconds_is_not_trusted(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / NOTE).unlink()
    with monkeypatch.context() as patch:
        ahead(patch, lambda changed: changed // 10**9 * 10**9)
        assert reads(folder, templates, monkeypatch) and not (folder / NOTE).read_bytes()


def test_a_file_system_that_other_machines_write_too_is_not_trusted(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / NOTE).unlink()
    with monkeypatch.context() as patch:
        patch.setattr(file_states, "_LOCAL", frozenset())
        assert reads(folder, templates, monkeypatch) and not (folder / NOTE).exists()


@pytest.mark.parametrize("moment", ["looked at", "read"])
def test_an_edit_while_files_are_noted_is_found(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    (folder / NOTE).unlink()
    file, plain = folder / ITEM, Destination.contents
    passes = []

    def disturbed(self: Destination, paths: list[str]) -> Iterator[bytes | None]:
        passes.append(paths)
        noting = len(passes) == 2
        if noting and moment == "looked at":
            write_alike(file)
        yield from plain(self, paths)
        if noting and moment == "read":
            write_alike(file)

    with monkeypatch.context() as patch:
        patch.setattr(Destination, "contents", disturbed)
        assert edited(folder, templates) == []
    assert len(passes) == 2
    assert edited(folder, templates) == [ITEM]
    assert f"Edited by you, and nothing new for them: {ITEM}" in processes.run(folder, "generate")[1]


def test_an_edit_of_another_file_during_a_run_within_one_entity_is_found(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, plain = folder / "plan.yaml", Journal.apply
    plan.write_text(f"{PLAN}  Note:\n    resource: true\n    fields:\n      text: text\n")
    assert processes.run(folder, "generate")[0] == 0
    plan.write_text(f"{plan.read_text()}      amount: integer\n")

    def disturbed(self: Journal, writes: Sequence[Write]) -> tuple[str, ...]:
        assert ITEM not in {write.path for write in writes}
        write_alike(folder / ITEM)
        return plain(self, writes)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "apply", disturbed)
        assert updated_locally(folder, templates, share=1.0) is not None
    assert edited(folder, templates) == [ITEM]
    (folder / ITEM).write_text((folder / ITEM).read_text().replace("strong", "string"))
    assert edited(folder, templates) == []


def test_what_a_run_within_one_entity_left_alone_is_still_known(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = folder / "plan.yaml"
    plan.write_text(f"{PLAN}  Note:\n    resource: true\n    fields:\n      text: text\n")
    assert processes.run(folder, "generate")[0] == 0
    plan.write_text(f"{plan.read_text()}      amount: integer\n")
    looked = []
    with monkeypatch.context() as patch:
        plain = Destination.contents
        patch.setattr(
            Destination, "contents", lambda self, paths: looked.append([*paths]) or plain(self, paths)
        )
        assert updated_locally(folder, templates, share=1.0) is not None
    assert looked and all(ITEM not in paths for paths in looked)
    assert not reads(folder, templates, monkeypatch)


@pytest.mark.parametrize("command", [["cp", "-a"], ["mv"]])
def test_a_copy_is_read_even_where_it_brings_the_note_and_all_times_along(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    state = (folder / ITEM).stat()
    other = folder.with_name("other")
    subprocess.run([*command, folder, other], check=True)
    assert (other / ITEM).stat().st_mtime_ns == state.st_mtime_ns and (other / NOTE).exists()
    # A folder that moved is the same files.
    assert reads(other, templates, monkeypatch) is (command == ["cp", "-a"])


def test_nobody_else_gets_the_note(folder: Path) -> None:
    git("init", "-q", cwd=folder)
    git("add", "-A", cwd=folder)
    tracked = git("ls-files", cwd=folder).split()
    assert LOCK_FILE in tracked and NOTE not in tracked


@pytest.mark.parametrize("way", ["slots", "lock"])
def test_the_state_of_the_engine_is_made_anew_all_the_same(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "slots":
        (folder / SLOTS_FILE).unlink()
    else:
        entry = read_lock((folder / LOCK_FILE).read_text())[0].files[ITEM]
        text = (folder / LOCK_FILE).read_text()
        (folder / LOCK_FILE).write_text(text.replace(entry.hash, "0" * 64))
    lock, _ = read_lock((folder / LOCK_FILE).read_text())
    assert file_states.noted_states(Destination(folder), lock.files) is None


def test_an_edit_that_is_noted_as_generated_is_not_written_over(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a note ever be wrong: what a run changes is read, and held against the lock, all the same."""
    text = (folder / ITEM).read_text()
    (folder / ITEM).write_text(f"{text}// mine\n")
    with monkeypatch.context() as patch:
        patch.setattr(LockedFile, "is_of", lambda self, content, slotted=None: True)
        lock, _ = read_lock((folder / LOCK_FILE).read_text())
        file_states.note_states(Destination(folder), lock.files, {})
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


def test_what_a_person_has_edited_is_read_each_time_and_the_rest_is_not(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "package.json"
    (folder / ITEM).write_text(f"// Mine.\n{(folder / ITEM).read_text()}")
    assert edited(folder, templates) == [ITEM]
    seen: list[str] = []
    plain = Destination.contents
    with monkeypatch.context() as patch:
        patch.setattr(Destination, "contents", lambda self, paths: seen.extend(paths) or plain(self, paths))
        assert edited(folder, templates) == [ITEM]
    assert ITEM in seen and other not in seen
    (folder / other).write_text((folder / other).read_text() + "\n")
    assert {*edited(folder, templates)} == {ITEM, other}


def test_a_run_that_is_skipped_says_of_edited_files_what_a_run_in_full_says(
    folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and ".specwright" not in path.parts]
    chance, skipped = random.Random(36), 0
    for number in range(24):
        copy = Path(shutil.copytree(folder, folder.with_name(f"copy{number}")))
        for file in chance.sample(files, chance.randint(1, 2)):
            place = copy / file.relative_to(folder)
            match chance.randrange(5):
                case 0:
                    place.write_bytes(b"// Mine.\n" + place.read_bytes())
                case 1:
                    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
                case 2:
                    place.unlink()
                case 3:
                    place.write_bytes(b"")
                    place.chmod(0o755)
                case 4:
                    place.write_bytes(place.read_bytes() + b"// slot: board.mine\n// end slot: board.mine\n")
        found = untouched(copy, templates)
        if found is None:
            continue
        skipped += 1
        with monkeypatch.context() as patch:
            patch.setattr(refresh, "as_generated", lambda lock, inputs, destination: None)
            full = generate(copy, understand(copy, templates), templates, Narrowing(), dry_run=True)
        assert [*map(told, found.changes)] == [*map(told, full.changes)]
        assert found.writes == full.writes == ()
    assert skipped > 3
