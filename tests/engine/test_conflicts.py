"""Conflicts from beginning to end: told, refused while open, finished or taken back, with git and without."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.engine import processes
from tests.engine.copier_projects import git, tree

ITEM = "server/src/models/item.model.ts"
PLAN = """\
specwright: 1
project: todo
stack: express-react

entities:
  Item:
    resource: true
    fields:
      title: varchar(200) required
"""
OTHER = PLAN.replace("title:", "headline:")


@pytest.fixture
def folder(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a generated project, an edit of a line that the changed plan changes too."""
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(templates))
    path = processes.generated(tmp_path / "todo", PLAN)
    git("init", "-q", cwd=path)
    git("add", "-A", cwd=path)
    git("commit", "-q", "-m", "Generated", cwd=path)
    text = (path / ITEM).read_text()
    assert "  title: string;\n" in text
    (path / ITEM).write_text(text.replace("  title: string;\n", "  title: Title;\n"))
    (path / "mine.txt").write_text("mine\n")
    (path / "plan.yaml").write_text(OTHER)
    return path


def test_a_conflict_is_told_and_refused_until_it_is_mended(folder: Path) -> None:
    code, said, _ = processes.run(folder, "generate")
    assert code == 3
    at = (folder / ITEM).read_text().split("\n").index("<<<<<<< yours") + 1
    assert said.partition("Conflicts:\n")[2].splitlines()[:4] == [
        f"  {ITEM}: you and the plan changed the same lines in one place",
        f"    line {at}",
        "      yours      title: [-string-]{+Title+};",
        "      generated  [-title-]{+headline+}: string;",
    ]
    text = (folder / ITEM).read_text()
    assert "<<<<<<< yours" in text and "  title: Title;\n" in text and "headline" in text
    assert f"UU {ITEM}" in git("status", "--porcelain", cwd=folder)

    before = tree(folder)
    code, said, _ = processes.run(folder, "generate")
    assert code == 3 and f"  {ITEM}" in said and "generate --abort" in said
    assert tree(folder) == before
    code, said, _ = processes.run(folder, "generate", "--json")
    assert code == 3 and json.loads(said)["ok"] is False

    mended = "".join(
        line
        for line in text.splitlines(keepends=True)
        if not line.startswith(("<<<<<<<", "=======", ">>>>>>>", "  title: string;"))
    )
    (folder / ITEM).write_text(mended)
    git("add", "-A", cwd=folder)
    code, said, _ = processes.run(folder, "generate")
    assert code == 0, said
    assert (folder / ITEM).read_text() == mended
    assert not (folder / ".specwright/cache/merge.json").exists()
    assert processes.run(folder, "generate", "--abort")[1] == "There is no run with conflicts to take back.\n"


def test_a_run_with_conflicts_is_taken_back_whole(folder: Path) -> None:
    before, index = tree(folder), git("status", "--porcelain", cwd=folder)
    assert processes.run(folder, "generate")[0] == 3
    assert tree(folder) != before
    code, said, _ = processes.run(folder, "generate", "--abort")
    assert code == 0 and said.startswith("Taken back: ")
    shutil.rmtree(folder / ".specwright/cache")
    assert tree(folder) == before and git("status", "--porcelain", cwd=folder) == index


def test_what_was_edited_since_is_put_aside(folder: Path) -> None:
    before = (folder / ITEM).read_bytes()
    assert processes.run(folder, "generate")[0] == 3
    (folder / ITEM).write_text("half mended\n")
    code, said, _ = processes.run(folder, "generate", "--abort")
    assert code == 0 and f".specwright/cache/aborted:\n  {ITEM}" in said
    assert (folder / ITEM).read_bytes() == before
    assert (folder / ".specwright/cache/aborted" / ITEM).read_text() == "half mended\n"


def test_a_dry_run_forecasts_conflicts_and_writes_nothing(folder: Path) -> None:
    before = tree(folder)
    code, said, _ = processes.run(folder, "generate", "--dry-run")
    assert code == 3 and "Would be conflicts:" in said and "+<<<<<<< yours" in said
    assert tree(folder) == before


def test_without_a_repository_it_is_the_same(folder: Path) -> None:
    shutil.rmtree(folder / ".git")
    assert processes.run(folder, "generate")[0] == 3
    assert "<<<<<<< yours" in (folder / ITEM).read_text()
    assert processes.run(folder, "generate", "--abort")[0] == 0
    assert "title: Title" in (folder / ITEM).read_text()


def test_programs_are_told_which_words_differ(folder: Path) -> None:
    code, said, _ = processes.run(folder, "generate", "--json")
    told = next(file for file in json.loads(said)["files"] if file["action"] == "conflict")
    assert code == 3 and told["brought"] == []
    (place,) = told["conflicts"]
    assert place["base"] == ["  title: string;"]
    assert (place["yours"], place["generated"]) == (["  title: Title;"], ["  headline: string;"])
    assert place["words"]["yours"] == [
        [{"same": "  title: "}, {"gone": "string"}, {"new": "Title"}, {"same": ";"}]
    ]


def test_a_tool_for_merges_finishes_it(folder: Path) -> None:
    assert processes.run(folder, "generate")[0] == 3
    tool = ["-c", "merge.tool=both", "-c", "mergetool.both.trustExitCode=true"]
    # What a person does in such a tool: the generated line, with the type of their own.
    both = "sed s/string/Title/ $REMOTE > $MERGED; grep -q Title $LOCAL; grep -q string $BASE"
    git(*tool, "-c", f"mergetool.both.cmd={both}", "mergetool", "--no-prompt", cwd=folder)
    assert git("diff", "--name-only", "--diff-filter=U", cwd=folder) == ""
    assert "  headline: Title;\n" in (folder / ITEM).read_text()
    assert processes.run(folder, "generate")[0] == 0


def test_below_the_root_of_a_repository_the_index_has_the_versions(folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder / ".git")
    git("init", "-q", cwd=tmp_path)
    git("add", "todo", cwd=tmp_path)
    git("commit", "-q", "-m", "Generated", cwd=tmp_path)
    assert processes.run(folder, "generate")[0] == 3
    assert f"UU todo/{ITEM}" in git("status", "--porcelain", cwd=tmp_path)
    assert "title: Title" in git("show", f":2:todo/{ITEM}", cwd=tmp_path)
    assert "headline" in git("show", f":3:todo/{ITEM}", cwd=tmp_path)


def test_abort_goes_alone(folder: Path) -> None:
    code, said, _ = processes.run(folder, "generate", "--abort", "--dry-run")
    assert code == 2 and "--abort goes with no other choice" in said


def test_what_was_staged_is_staged_again_after_the_way_back(folder: Path) -> None:
    git("add", ITEM, cwd=folder)
    git("commit", "-q", "-m", "Mine", cwd=folder)
    (folder / ITEM).write_text((folder / ITEM).read_text() + "// staged\n")
    git("add", ITEM, cwd=folder)
    (folder / ITEM).write_text((folder / ITEM).read_text() + "// not staged\n")
    staged, before = git("diff", "--cached", cwd=folder), tree(folder)
    assert "// staged" in staged and "// not staged" not in staged
    assert processes.run(folder, "generate")[0] == 3
    assert f"UU {ITEM}" in git("status", "--porcelain", cwd=folder)
    assert processes.run(folder, "generate", "--abort")[0] == 0
    assert git("diff", "--cached", cwd=folder) == staged and tree(folder) == before
