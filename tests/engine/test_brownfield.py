"""A project that is there before Specwright: what is new comes beside it, and every collision is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine import processes
from tests.engine.copier_projects import git, git_environment, tree
from tests.engine.plans import BOARD, ITEM, LIST, PLAN, WIDER

PACKAGE = """\
{
    "name": "ours",
    "scripts": { "start": "node ours.js", "lint": "ours" },
    "dependencies": { "express": "4.0.0" }
}"""


@pytest.fixture
def folder(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with code of its own, some of it where the blueprints would put theirs."""
    for name, value in {**git_environment(), "SPECWRIGHT_TEMPLATES": str(templates)}.items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "old"
    for name, text in {
        "server/src/main.js": "ours\n",
        "src/app.ts": "ours\n",
        "package.json": PACKAGE,
        ".gitignore": "node_modules/\r\n*.secret\r\n",
        "README.md": "# Ours\n",
        ITEM: "// ours\n",
        "server/src/services": "a file where a folder should be\n",
        "plan.yaml": PLAN,
    }.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(text.encode())
    (path / LIST).symlink_to("item.model.ts")
    (path / ".github").mkdir()
    (path / ".github" / "workflows").symlink_to(tmp_path)
    git("init", "-q", cwd=path)
    git("add", "-A", cwd=path)
    git("commit", "-q", "-m", "Ours", cwd=path)
    return path


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    found, said, _ = processes.run(folder, *arguments)
    assert found == code, said
    return said


def test_what_is_new_comes_beside_what_is_there(folder: Path) -> None:
    before, outside = tree(folder), {*folder.parent.iterdir()}
    said = run(folder, "generate")
    after = tree(folder)
    changed = {path for path in before if after.get(path) != before[path]}
    assert changed == {"package.json", ".gitignore"}
    assert {*folder.parent.iterdir()} == outside
    for line in (
        "README.md: was here before",
        f"{ITEM}: was here before",
        f"{LIST}: a link stands in its place",
        f"{BOARD}: server/src/services is not a folder",
        ".github/workflows/check.yml: .github/workflows is a link that leaves the project",
    ):
        assert f"  {line}\n" in said, line
    assert "specwright restore" in said

    package = json.loads((folder / "package.json").read_text())
    ours = json.loads(PACKAGE)
    assert package == {**ours, "private": True, "scripts": {**ours["scripts"]}}
    assert (folder / "package.json").read_text().startswith('{\n    "name": "ours",')
    ignored = (folder / ".gitignore").read_bytes()
    assert ignored.startswith(b"node_modules/\r\n*.secret\r\n") and b"\n" not in ignored.replace(b"\r\n", b"")
    assert "server/tests/models/item.model.test.ts" in after


def test_collisions_are_said_again_and_nothing_moves(folder: Path) -> None:
    first = run(folder, "generate")
    before = tree(folder)
    again = run(folder, "generate")
    assert "Kept as they are:" in again and "README.md: was here before" in again
    assert tree(folder) == before
    collisions = {file["path"] for file in json.loads(run(folder, "generate", "--json"))["files"]
                  if file["action"] == "collision"}  # fmt: skip
    assert len(collisions) == 5 and all(path in first for path in collisions)


def test_a_dry_run_says_the_same(folder: Path) -> None:
    before = tree(folder)
    forecast = json.loads(run(folder, "generate", "--dry-run", "--json"))["files"]
    assert tree(folder) == before
    done = json.loads(run(folder, "generate", "--json"))["files"]
    for file in forecast:
        file.pop("diff", None)
    assert forecast == done


def test_a_collision_ends_when_what_is_generated_is_taken(folder: Path) -> None:
    run(folder, "generate")
    said = run(folder, "restore", ITEM)
    assert (folder / f".specwright/cache/aside/{ITEM}").read_text() == "// ours\n"
    assert "what stood there is now" in said
    (folder / "plan.yaml").write_text(WIDER)
    said = run(folder, "generate")
    assert f"{ITEM}: was here before" not in said and "due_on" in (folder / ITEM).read_text()
    (folder / "server/src/services").unlink()
    run(folder, "generate")
    assert (folder / BOARD).is_file()


def test_a_collision_ends_when_the_file_stays_a_persons(folder: Path) -> None:
    run(folder, "generate")
    run(folder, "own", "README.md")
    assert "README.md: was here before" not in run(folder, "generate")
    assert (folder / "README.md").read_text() == "# Ours\n"


def test_verify_tells_what_was_never_ours(folder: Path) -> None:
    run(folder, "generate")
    data = json.loads(run(folder, "verify", "--json"))
    states = {file["path"]: (file["state"], file["note"]) for file in data["files"]}
    assert states["package.json"][0] == states[".gitignore"][0] == "shared"
    assert states["README.md"] == ("collision", "was here before")
    assert states[LIST] == ("collision", "a link stands in its place")


def test_what_is_there_and_the_same_is_ours_from_then_on(folder: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "plan.yaml").write_text(PLAN)
    run(fresh, "generate")
    (folder / ITEM).write_bytes((fresh / ITEM).read_bytes())
    run(folder, "generate")
    (folder / "plan.yaml").write_text(WIDER)
    run(folder, "generate")
    assert "due_on" in (folder / ITEM).read_text()
