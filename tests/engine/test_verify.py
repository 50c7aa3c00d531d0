"""`specwright verify`: every file and slot by name, with the lock and without, and what is drift."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine import processes
from tests.engine.copier_projects import tree
from tests.engine.plans import BOARD, ITEM, LIST, PLAN, WIDER, filled


@pytest.fixture
def folder(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(templates))
    path = tmp_path / "todo"
    path.mkdir()
    (path / "plan.yaml").write_text(PLAN)
    (path / ".gitignore").write_text("mine\n")
    (path / "package.json").write_text('{"name": "mine"}\n')
    code, said, _ = processes.run(path, "generate")
    assert code == 0, said
    return path


def verified(folder: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
    before = tree(folder)
    found, said, _ = processes.run(folder, "verify", "--json", *arguments)
    assert found == code, said
    assert tree(folder) == before
    data: dict[str, Any] = json.loads(said)
    assert data["ok"] is (code == 0)
    return data


def states(data: dict[str, Any], kind: str = "files") -> dict[str, str]:
    return {item.get("path") or item["id"]: item["state"] for item in data[kind]}


def edit(folder: Path) -> None:
    """An edit, a deletion, a filled slot, and a file that the lock alone knows."""
    (folder / ITEM).write_text("// mine\n" + (folder / ITEM).read_text())
    (folder / LIST).unlink()
    (folder / BOARD).write_text(filled((folder / BOARD).read_text(), "board.next", "  return 7;\n"))


def test_what_was_just_generated_is_in_order(folder: Path) -> None:
    data = verified(folder, "--edits", "slots-only")
    assert data["plan"] == "recorded" and data["release"].startswith("v") and data["drift"] == []
    assert states(data)["package.json"] == "shared"
    assert {*states(data).values()} == {"generated", "shared"}
    assert states(data, "slots") == {"board.next": "fallback", "board.oldest": "fallback"}


@pytest.mark.parametrize("lock", ["kept", "lost", "damaged"])
def test_edits_are_named_and_shown(folder: Path, lock: str) -> None:
    edit(folder)
    if lock == "lost":
        (folder / ".specwright/lock.json").unlink()
        (folder / ".specwright/slots.yml").unlink()
    elif lock == "damaged":
        text = (folder / ".specwright/lock.json").read_text()
        (folder / ".specwright/lock.json").write_text("<<<<<<< HEAD\n" + text[:400])
    data = verified(folder, "--diff")
    found = states(data)
    assert (found[ITEM], found[LIST], found[BOARD]) == ("edited", "missing", "generated")
    others = {path for path, state in found.items() if state != "generated"}
    assert others - {"package.json", ".gitignore"} == {ITEM, LIST}
    assert "+// mine" in next(file["diff"] for file in data["files"] if file["path"] == ITEM)
    assert states(data, "slots") == {"board.next": "edited", "board.oldest": "fallback"}


def test_where_only_slots_may_be_edited_other_edits_are_drift(folder: Path) -> None:
    edit(folder)
    data = verified(folder, "--edits", "slots-only", code=3)
    assert data["drift"] == [
        f"{ITEM}: edited, and only slots may be edited",
        f"{LIST}: missing, and only slots may be edited",
    ]
    code, said, _ = processes.run(folder, "verify", "--edits", "slots-only", "-q")
    assert code == 3 and f"  edited    {ITEM}" in said and "fallback" not in said


def test_a_filled_slot_is_filled_once_it_was_seen_and_edited_when_it_changes(folder: Path) -> None:
    (folder / BOARD).write_text(filled((folder / BOARD).read_text(), "board.next", "  return 7;\n"))
    assert processes.run(folder, "generate")[0] == 0
    assert states(verified(folder, "--edits", "slots-only"), "slots")["board.next"] == "filled"
    (folder / BOARD).write_text(filled((folder / BOARD).read_text(), "board.next", "  return 8;\n"))
    assert states(verified(folder, "--edits", "slots-only"), "slots")["board.next"] == "edited"
    assert processes.run(folder, "generate")[0] == 0
    (folder / "plan.yaml").write_text(PLAN.replace("The item that next is about", "The next item"))
    assert processes.run(folder, "generate")[0] == 0
    assert states(verified(folder), "slots")["board.next"] == "stale"


def test_lost_markers_are_told(folder: Path) -> None:
    text = (folder / BOARD).read_text()
    (folder / BOARD).write_text(text.replace("  // end slot: board.next\n", ""))
    data = verified(folder, "--edits", "slots-only", code=3)
    assert states(data)[BOARD] == "edited"
    assert states(data, "slots") == {"board.next": "missing", "board.oldest": "missing"}
    assert "slot board.next: its markers are gone from server/src/services/board.service.ts" in data["drift"]


def test_a_plan_that_moved_on_is_drift(folder: Path) -> None:
    (folder / "plan.yaml").write_text(WIDER)
    data = verified(folder, code=3)
    assert data["plan"] == "changed" and "run `specwright generate`" in data["drift"][0]
    assert {*states(data).values()} == {"generated", "shared"}


def test_what_is_no_longer_generated_and_was_edited_is_orphaned(folder: Path) -> None:
    path = ".github/workflows/check.yml"
    (folder / path).write_text((folder / path).read_text() + "# mine\n")
    (folder / "plan.yaml").write_text(f"{PLAN}rooms:\n  without: [ci]\n")
    assert [processes.run(folder, "generate")[0] for _ in range(2)] == [3, 0]
    assert states(verified(folder))[path] == "orphaned"


def test_open_conflicts_are_drift(folder: Path) -> None:
    text = (folder / ITEM).read_text()
    (folder / ITEM).write_text(text.replace("  title: string;\n", "  title: string;\n  mine: string;\n"))
    (folder / "plan.yaml").write_text(WIDER)
    assert processes.run(folder, "generate")[0] == 3
    assert verified(folder, code=3)["drift"] == [f"{ITEM}: the conflicts of the last run are still open"]


def test_a_run_that_was_narrowed_is_in_step_with_its_plan(folder: Path, tmp_path: Path) -> None:
    narrow = tmp_path / "narrow"
    narrow.mkdir()
    (narrow / "plan.yaml").write_text(PLAN)
    tasks = "  - id: T1\n    phase: one\n    generate: model\n    subject: [List]\n"
    (narrow / "tasks.yaml").write_text(
        f"specwright: 1\nphases:\n  - id: one\n    title: One\ntasks:\n{tasks}"
    )
    assert processes.run(narrow, "generate", "--task", "T1")[0] == 0
    assert verified(narrow)["plan"] == "recorded"
    (narrow / "plan.yaml").write_text(PLAN.replace("name: varchar(80)", "name: varchar(90)"))
    assert verified(narrow, code=3)["plan"] == "changed"


def test_without_a_plan_files_are_told_all_the_same(folder: Path) -> None:
    (folder / "plan.yaml").unlink()
    assert verified(folder, "--edits", "slots-only")["plan"] == "absent"


def test_where_nothing_was_generated_it_is_a_problem(tmp_path: Path, templates: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, said, _ = processes.run(tmp_path / "empty", "verify")
    assert code == 1 and "Nothing was generated here" in said
