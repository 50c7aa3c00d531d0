"""From a plan to files, as people run it: real processes, with git and without, no network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import REPOSITORY
from tests.engine.copier_projects import git, publish, tree
from tests.engine.test_command_line import specwright

PLAN = """\
specwright: 1
project: todo
title: Lists
stack: express-react

entities:
  List:
    resource: true
    fields:
      name: varchar(80) required unique
  Item:
    resource: true
    fields:
      list: ref List required cascade
      title: varchar(200) required
"""
TASKS = """\
specwright: 1

# What comes first
phases:
  - id: setup
    title: Setup
  - id: lists
    title: Lists
    story: US1
    after: [setup]

tasks:
  - id: T001
    phase: setup
    generate: base   # the ground

  - id: T002
    phase: lists
    story: US1
    generate: model
    subject: [List]
  - id: T003
    phase: lists
    generate: model
    subject: [Item]
  - id: T004
    phase: lists
    manual: Show it
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "todo"
    path.mkdir()
    (path / "plan.yaml").write_text(PLAN)
    return path


def with_tasks(folder: Path) -> Path:
    (folder / "tasks.yaml").write_text(TASKS)
    return folder


def generated(folder: Path, templates: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = specwright("generate", *arguments, cwd=folder, templates=templates)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_a_project_is_generated_without_git_and_a_second_run_says_nothing_changed(
    folder: Path, templates: Path
) -> None:
    first = generated(folder, templates)
    assert "Next: npm ci && npm test" in first.stdout
    assert (folder / "server/src/models/item.model.ts").is_file() and not (folder / ".git").exists()
    before = tree(folder)
    second = generated(folder, templates)
    assert second.stdout.startswith("Nothing has changed; nothing was written.")
    assert tree(folder) == before


def test_another_place_gives_the_same_bytes(folder: Path, templates: Path, tmp_path: Path) -> None:
    generated(folder, templates)
    other = tmp_path / "elsewhere" / "Ünders pace"
    other.mkdir(parents=True)
    shutil.copy(folder / "plan.yaml", other)
    specwright("generate", "-C", str(other), cwd=tmp_path, templates=templates, TZ="Pacific/Apia", LC_ALL="C")
    assert tree(other) == tree(folder)


@pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode != 0,
    reason="no network namespaces here",
)
def test_it_needs_no_network(folder: Path, templates: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "SPECWRIGHT_TEMPLATES": str(templates)}
    command = ["unshare", "-rn", sys.executable, "-m", "generator.cli", "generate"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_in_a_repository_the_result_is_only_new_files(folder: Path, templates: Path) -> None:
    publish(folder, "plan")
    generated(folder, templates)
    lines = git("status", "--porcelain", cwd=folder).splitlines()
    assert lines and all(line.startswith("?? ") for line in lines)


def test_a_dry_run_shows_everything_and_writes_nothing(folder: Path, templates: Path) -> None:
    before = tree(folder)
    text = generated(folder, templates, "--dry-run").stdout
    assert "+export interface ItemTable {" in text and "+ server/src/models/item.model.ts" in text
    assert "Would be written: " in text and "\x1b" not in text
    data = json.loads(generated(folder, templates, "--dry-run", "--json").stdout)
    assert data["dry_run"] and all("diff" in file for file in data["files"])
    assert tree(folder) == before


def test_tasks_narrow_and_are_ticked_with_every_comment_kept(folder: Path, templates: Path) -> None:
    with_tasks(folder)
    generated(folder, templates, "--task", "T002")
    models = folder / "server/src/models"
    assert [path.name for path in models.iterdir()] == ["list.model.ts"]
    text = (folder / "tasks.yaml").read_text()
    assert text.replace("    done: true\n", "").replace("\n    done: true", "") == TASKS
    assert text.count("done: true") == 2
    generated(folder, templates, "--task", "T003")
    assert {path.name for path in models.iterdir()} == {"list.model.ts", "item.model.ts"}
    assert (folder / "tasks.yaml").read_text().count("done: true") == 3
    before = tree(folder)
    assert generated(folder, templates, "--phase", "lists").stdout.startswith("Nothing has changed")
    assert tree(folder) == before


def test_a_story_narrows_too_and_a_name_that_is_not_there_is_told(folder: Path, templates: Path) -> None:
    with_tasks(folder)
    generated(folder, templates, "--story", "US1")
    assert (folder / "server/src/models/list.model.ts").exists()
    wrong = specwright("generate", "--task", "T02", cwd=folder, templates=templates)
    assert wrong.returncode == 1 and "no task T02" in wrong.stderr and "Did you mean" in wrong.stderr


def test_status_shows_tasks_files_and_slots(folder: Path, templates: Path) -> None:
    with_tasks(folder)
    generated(folder, templates, "--task", "T002")
    text = specwright("status", cwd=folder, templates=templates).stdout
    assert "[x] T002" in text and "[ ] T003" in text and "[ ] T004  Show it" in text
    data = json.loads(specwright("status", "--json", cwd=folder, templates=templates).stdout)
    tasks = {task["id"]: task for phase in data["phases"] for task in phase["tasks"]}
    assert "server/src/models/list.model.ts" in tasks["T002"]["files"] and tasks["T003"]["files"] == []


def test_a_change_is_merged_into_a_file_that_was_edited(folder: Path, templates: Path) -> None:
    generated(folder, templates)
    item = folder / "server/src/models/item.model.ts"
    item.write_text("// mine\n" + item.read_text())
    assert generated(folder, templates).returncode == 0
    (folder / "plan.yaml").write_text(PLAN + "      due_on: date\n")
    done = specwright("generate", cwd=folder, templates=templates)
    assert done.returncode == 0 and "1 merged" in done.stdout
    assert item.read_text().startswith("// mine\n") and "due_on" in item.read_text()


def test_a_plan_with_problems_writes_nothing_and_lists_them_all(folder: Path, templates: Path) -> None:
    (folder / "plan.yaml").write_text(
        PLAN.replace("varchar(200)", "varchr(200)").replace("ref List", "ref Lst")
    )
    before = tree(folder)
    done = specwright("generate", cwd=folder, templates=templates)
    assert done.returncode == 1 and tree(folder) == before
    assert "plan.yaml:" in done.stderr and "nothing was written" in done.stderr


def test_a_room_can_be_left_out_unless_another_needs_it(folder: Path, templates: Path) -> None:
    (folder / "plan.yaml").write_text(PLAN + "rooms:\n  without: [ci]\n")
    generated(folder, templates)
    assert not (folder / ".github").exists()
    (folder / "plan.yaml").write_text(PLAN + "rooms:\n  without: [model]\n")
    for command in ("generate", "check"):
        done = specwright(command, cwd=folder, templates=templates)
        assert done.returncode == 1
        assert (
            "plan.yaml:17:13: the room model cannot be left out. Needed by migration, service" in done.stderr
        )
    (folder / "plan.yaml").write_text(PLAN + "rooms:\n  without: [contaner]\n")
    done = specwright("check", cwd=folder, templates=templates)
    assert done.returncode == 1 and "Did you mean `container`?" in done.stderr


def test_explain_prints_a_plan_that_generates_the_same(folder: Path, templates: Path) -> None:
    generated(folder, templates)
    before = tree(folder)
    text = specwright("explain", cwd=folder, templates=templates).stdout
    assert json.loads(specwright("explain", "--json", cwd=folder, templates=templates).stdout)["plans"] == {
        "plan.yaml": text
    }
    (folder / "plan.yaml").write_text(text)
    assert generated(folder, templates).stdout.startswith("Nothing has changed")
    assert {path: file for path, file in tree(folder).items() if path != "plan.yaml"} == {
        path: file for path, file in before.items() if path != "plan.yaml"
    }


def test_a_disk_that_takes_no_more_is_1_and_leaves_everything_as_it_was(
    folder: Path, templates: Path
) -> None:
    before = tree(folder)
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "from generator.cli import main; main(['generate'])"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "SPECWRIGHT_TEMPLATES": str(templates)}
    command = [sys.executable, "-B", "-c", script]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "File too large" in done.stderr and "Traceback" not in done.stderr
    assert tree(folder) == before and not (folder / ".specwright").exists()


def test_missing_tools_are_told_and_do_not_stop(folder: Path, templates: Path, tmp_path: Path) -> None:
    done = specwright("generate", cwd=folder, templates=templates, PATH=str(tmp_path))
    assert done.returncode == 0 and "missing  node" in done.stderr
    assert (folder / "package.json").is_file()


def test_init_writes_a_plan_that_generates(tmp_path: Path, templates: Path) -> None:
    done = specwright("init", "-C", "My Shop", cwd=tmp_path)
    assert done.returncode == 0 and "Next: specwright generate" in done.stdout
    text = (tmp_path / "My Shop/plan.yaml").read_text()
    assert "project: my-shop\n" in text and len(text.splitlines()) <= 22
    schema = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert json.loads((tmp_path / "My Shop" / schema).read_text())["type"] == "object"
    assert (
        "The plan is sound" in specwright("check", "-C", "My Shop", cwd=tmp_path, templates=templates).stdout
    )
    generated(tmp_path / "My Shop", templates)
    again = specwright("init", "-C", "My Shop", cwd=tmp_path)
    assert again.returncode == 1 and "plan.yaml is here already" in again.stderr
    unknown = specwright("init", "-C", "other", "--from", "nothing", cwd=tmp_path)
    assert unknown.returncode == 1 and not (tmp_path / "other").exists()
