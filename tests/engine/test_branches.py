"""`--branch`: a commit on a new branch, the folder and the index untouched; and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.engine import processes
from tests.engine.copier_projects import git, git_environment
from tests.engine.plans import BOARD, ITEM, PLAN, WIDER, filled


@pytest.fixture
def folder(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project below the root of a repository, committed; its plan has changed since."""
    for name, value in {**git_environment(), "SPECWRIGHT_TEMPLATES": str(templates)}.items():
        monkeypatch.setenv(name, value)
    root = tmp_path / "all of it"
    path = root / "services" / "todo"
    path.mkdir(parents=True)
    (root / "other").mkdir()
    (root / "other" / "mine.txt").write_text("mine\n")
    (root / ".gitignore").write_text("*.md\n")
    (path / "plan.yaml").write_text(PLAN)
    assert processes.run(path, "generate")[0] == 0
    git("init", "-q", "--initial-branch=main", cwd=root)
    git("add", "-A", cwd=root)
    git("commit", "-q", "-m", "Generated", cwd=root)
    (path / "plan.yaml").write_text(WIDER)
    return path


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and its time, those of git included; what is in a database of objects not."""
    root = folder.parents[1]
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file() and "objects" not in path.parts
    }


def test_the_result_is_a_commit_and_nothing_else_is_touched(folder: Path) -> None:
    (folder / BOARD).write_text(filled((folder / BOARD).read_text(), "board.next", "  return 7;\n"))
    git("commit", "-qam", "Filled", cwd=folder)
    (folder / "plan.yaml").write_text(WIDER)
    (folder / "scratch.txt").write_text("not committed\n")
    (folder.parents[1] / "other" / "mine.txt").write_text("changed\n")
    before = everything(folder)
    code, said, _ = processes.run(folder, "generate", "--branch", "wider/items")
    assert code == 0, said
    assert "Committed on branch wider/items (" in said and "3 updated" in said
    assert "changes of scratch.txt" in said and "git merge wider/items" in said
    after = everything(folder)
    made = {".git/refs/heads/wider/items", ".git/logs/refs/heads/wider/items"}
    assert after.keys() - before.keys() == made and before.items() <= after.items()
    shown = git("show", "--stat", "--format=%s%n%P", "wider/items", cwd=folder)
    assert shown.startswith("Generate from the plan") and "other/mine.txt" not in shown
    assert git("rev-parse", "HEAD", cwd=folder) in shown
    assert "due_on" in git("show", f"wider/items:services/todo/{ITEM}", cwd=folder)
    assert "return 7;" in git("show", f"wider/items:services/todo/{BOARD}", cwd=folder)
    listed = git("ls-tree", "-r", "--name-only", "wider/items", cwd=folder.parents[1])
    assert "README.md" not in listed and "/cache/" not in listed and "scratch" not in listed


def test_the_branch_is_what_generate_would_leave(folder: Path) -> None:
    assert processes.run(folder, "generate", "--branch", "wider")[0] == 0
    assert processes.run(folder, "generate")[0] == 0
    git("add", "-A", cwd=folder)
    assert git("diff", "--cached", "--name-only", "wider", cwd=folder) == ""


def test_it_can_be_merged_and_then_nothing_is_left_to_do(folder: Path) -> None:
    assert processes.run(folder, "generate", "--branch", "wider")[0] == 0
    git("checkout", "-q", "--", "plan.yaml", cwd=folder)
    git("merge", "-q", "wider", cwd=folder)
    code, said, _ = processes.run(folder, "generate")
    assert code == 0 and said.startswith("Nothing has changed")


def test_conflicts_make_no_branch_and_are_listed(folder: Path) -> None:
    text = (folder / ITEM).read_text()
    (folder / ITEM).write_text(text.replace("  title: string;\n", "  title: string;\n  mine: string;\n"))
    git("add", ITEM, cwd=folder)
    git("commit", "-q", "-m", "Edited", cwd=folder)
    before = everything(folder)
    code, said, _ = processes.run(folder, "generate", "--branch", "wider")
    assert code == 3 and "so no branch wider was made" in said and f"  {ITEM}: you and the plan" in said
    assert everything(folder) == before
    code, said, _ = processes.run(folder, "generate", "--branch", "wider", "--json")
    assert code == 3 and json.loads(said)["branch"] is None


def test_a_dry_run_makes_no_branch(folder: Path) -> None:
    before = everything(folder)
    code, said, _ = processes.run(folder, "generate", "--branch", "wider", "--dry-run")
    assert code == 0 and "+  due_on: string;" in said and "Would be committed on branch wider" in said
    assert everything(folder) == before


def test_a_dry_run_without_a_branch_says_what_the_run_does_and_touches_nothing(folder: Path) -> None:
    text = (folder / ITEM).read_text()
    (folder / ITEM).write_text(text.replace("  title: string;\n", "  title: string;\n  mine: string;\n"))
    before = everything(folder)
    code, said, _ = processes.run(folder, "generate", "--dry-run", "--json")
    assert everything(folder) == before
    forecast = [(file["path"], file["action"], file.get("note")) for file in json.loads(said)["files"]]
    real, said, _ = processes.run(folder, "generate", "--json")
    assert code == real == 3
    assert [
        (file["path"], file["action"], file.get("note")) for file in json.loads(said)["files"]
    ] == forecast


def test_nothing_new_makes_no_branch(folder: Path) -> None:
    (folder / "plan.yaml").write_text(PLAN)
    before = everything(folder)
    code, said, _ = processes.run(folder, "generate", "--branch", "same")
    assert code == 0 and "no branch same was made" in said
    assert everything(folder) == before


@pytest.mark.parametrize(
    ("name", "said"),
    [("main", "There is a branch main already"), ("a..b", "'a..b' is no name for a branch")],
)
def test_a_name_that_cannot_be_is_refused(name: str, said: str, folder: Path) -> None:
    before = everything(folder)
    code, output, _ = processes.run(folder, "generate", "--branch", name)
    assert code == 1 and said in output
    assert everything(folder) == before


def test_without_a_repository_or_a_commit_it_says_how_to_begin(folder: Path) -> None:
    shutil.rmtree(folder.parents[1] / ".git")
    code, said, _ = processes.run(folder, "generate", "--branch", "wider")
    assert code == 1 and "git init" in said
    git("init", "-q", cwd=folder)
    code, said, _ = processes.run(folder, "generate", "--branch", "wider")
    assert code == 1 and "there is none yet" in said


def test_without_git_it_says_so(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    code, said, _ = processes.run(folder, "generate", "--branch", "wider")
    assert code == 1 and "A branch needs git" in said


def test_submodules_links_and_modes_stay_as_they_are(folder: Path) -> None:
    root = folder.parents[1]
    head = git("rev-parse", "HEAD", cwd=root).strip()
    git("update-index", "--add", "--cacheinfo", f"160000,{head},services/todo/vendor", cwd=root)
    (folder / "link.yaml").symlink_to("plan.yaml")
    (folder / "tool.sh").write_text("#!/bin/sh\n")
    (folder / "tool.sh").chmod(0o755)
    git("add", "services/todo/link.yaml", "services/todo/tool.sh", cwd=root)
    git("commit", "-q", "-m", "Odd ones", cwd=root)
    code, said, _ = processes.run(folder, "generate", "--branch", "wider")
    assert code == 0, said
    changed = git("diff", "--name-only", "main", "wider", cwd=root)
    assert ITEM in changed and not {"vendor", "link.yaml", "tool.sh"} & {*changed.replace("/", "\n").split()}
