"""State that came with a project of somebody else: no command writes, removes or reads outside for it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from generator.folder.conflicts import STATE_FILE
from generator.folder.destination import Destination, digest
from generator.folder.journal import TRANSACTION
from generator.folder.lock import LOCK_FILE, Lock, LockedFile, write_lock
from generator.slots import skeleton_hash
from tests.engine import processes

PLAN = (
    "specwright: 1\nproject: todo\nstack: express-react\nentities:\n  Item:\n    fields:\n      title: text\n"
)
OUTSIDE = ("../outside", "made/../../outside", ".specwright/../../outside")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "plan.yaml").write_text(PLAN)
    (tmp_path / "there").write_text("as it was\n")
    (tmp_path / "empty").mkdir()
    return folder


def state(folder: Path, path: str, content: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)


def outside(folder: Path) -> dict[str, bytes | None]:
    return {
        path.name: path.read_bytes() if path.is_file() else None
        for path in folder.parent.iterdir()
        if path != folder
    }


def test_a_journal_moves_nothing_out_of_the_project(project: Path) -> None:
    before = outside(project)
    moves = [{"path": path, "staged": "0", "before": None} for path in OUTSIDE]
    moves.append({"path": "../there", "staged": None, "before": digest(b"as it was\n")})
    moves.append({"path": "../empty/nothing", "staged": None, "before": None})
    state(project, f"{TRANSACTION}/0", b"from elsewhere\n")
    state(project, f"{TRANSACTION}/manifest.json", json.dumps({"version": 1, "moves": moves}).encode())
    said = processes.run(project, "check")[1]
    assert "Traceback" not in said and "broken off" in said
    assert outside(project) == before


def test_a_noted_merge_takes_nothing_back_outside(project: Path) -> None:
    before = outside(project)
    content = base64.b64encode(b"from elsewhere\n").decode()
    files = [{"path": path, "before": content, "after": None} for path in OUTSIDE]
    files.append({"path": "../there", "before": None, "after": digest(b"as it was\n")})
    noted = {"version": 1, "conflicts": ["../there"], "files": files}
    state(project, STATE_FILE, json.dumps(noted).encode())
    said = processes.run(project, "generate", "--abort")[1]
    assert "Traceback" not in said
    assert outside(project) == before


def test_a_lock_removes_nothing_outside(project: Path) -> None:
    before = outside(project)
    entry = LockedFile("../there", "base", "there", "", skeleton_hash(b"as it was\n"))
    state(project, LOCK_FILE, write_lock(Lock({entry.path: entry}, "")))
    code, said, _ = processes.run(project, "generate")
    assert code == 3 and "../there: no longer generated, and left: " in said and "leaves the project" in said
    assert outside(project) == before
    assert processes.run(project, "generate")[0] == 0, "it is said once"
    assert outside(project) == before


@pytest.mark.parametrize("path", [*OUTSIDE, "../there"])
def test_a_path_that_climbs_out_is_not_read(project: Path, path: str) -> None:
    found = Destination(project).find(path)
    assert found.content is None and "leaves the project" in found.blocked


def test_dots_in_names_are_no_way_out(project: Path) -> None:
    (project / "a..b").write_text("mine")
    assert Destination(project).find("a..b").content == b"mine"
