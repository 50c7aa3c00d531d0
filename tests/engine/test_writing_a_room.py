"""docs/writing-a-room.md, followed to the letter on the real blueprints."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.engine.conftest import REPOSITORY
from tests.engine.copier_projects import tree
from tests.engine.evolving import STACK, Evolution, done
from tests.engine.test_command_line import specwright
from tests.engine.test_generate_command import PLAN

PAGE = (REPOSITORY / "docs/writing-a-room.md").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    junk = shutil.ignore_patterns("__pycache__", "node_modules")
    shutil.copytree(REPOSITORY / "blueprints", folder / "blueprints", ignore=junk)
    shutil.copy(REPOSITORY / "copier.yml", folder)
    return folder


def follow(checkout: Path) -> list[str]:
    """Write the files the page shows and make the change it shows; return the paths."""
    files = re.findall(r"^`(blueprints/[^`\n]+)`\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for path, text in files:
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        (checkout / path).write_text(text)
    old, new = re.findall(r"^[-+](      .+)$", PAGE, re.MULTILINE)
    questions = (checkout / "copier.yml").read_text()
    assert questions.count(old) == 1
    (checkout / "copier.yml").write_text(questions.replace(old, new))
    return [path for path, _ in files]


def test_the_page_makes_a_room_that_generates(checkout: Path, tmp_path: Path) -> None:
    assert len(follow(checkout)) == 3
    explained = specwright("blueprints", "handbook", cwd=tmp_path, templates=checkout).stdout
    assert "requires     base, model" in explained and "Pages for people who join" in explained
    project = tmp_path / "project"
    project.mkdir()
    (project / "plan.yaml").write_text(PLAN)
    forecast = specwright("generate", "--dry-run", cwd=project, templates=checkout)
    assert "+ HANDBOOK.md" in forecast.stdout and [*tree(project)] == ["plan.yaml"]
    done = specwright("generate", cwd=project, templates=checkout)
    assert done.returncode == 0, done.stderr
    assert (project / "HANDBOOK.md").read_text().startswith("# Working on Lists\n\n- [")
    assert "Kept in the table `lists`." in (project / "docs/handbook/list.md").read_text()
    again = specwright("generate", cwd=project, templates=checkout)
    assert again.stdout.startswith("Nothing has changed")


def test_a_plan_leaves_the_room_out_and_its_files_go(checkout: Path, tmp_path: Path) -> None:
    follow(checkout)
    project = tmp_path / "project"
    project.mkdir()
    (project / "plan.yaml").write_text(PLAN)
    assert specwright("generate", cwd=project, templates=checkout).returncode == 0
    (project / "plan.yaml").write_text(PLAN + "rooms:\n  without: [handbook]\n")
    assert specwright("generate", cwd=project, templates=checkout).returncode == 0
    assert not (project / "HANDBOOK.md").exists() and not (project / "docs/handbook").exists()


def test_a_task_makes_the_room_with_all_that_it_requires(checkout: Path, tmp_path: Path) -> None:
    follow(checkout)
    project = tmp_path / "project"
    project.mkdir()
    (project / "plan.yaml").write_text(PLAN)
    (task,) = re.findall(r"^```yaml\n(  - id: T011\n.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    tasks = f"specwright: 1\nphases:\n  - id: setup\n    title: Setup\ntasks:\n{task}"
    (project / "tasks.yaml").write_text(tasks.replace("handbook", "handbok"))
    refused = specwright("generate", cwd=project, templates=checkout)
    assert refused.returncode != 0
    assert "no room is called handbok" in refused.stderr and "handbook" in refused.stderr
    (project / "tasks.yaml").write_text(tasks)
    done = specwright("generate", "--task", "T011", cwd=project, templates=checkout)
    assert done.returncode == 0, done.stderr
    assert "Ticked in tasks.yaml: T011" in done.stdout
    assert (project / "docs/handbook/list.md").is_file() and (project / "HANDBOOK.md").is_file()
    assert (project / "server/src/models/list.model.ts").is_file()
    assert not (project / "server/src/services").exists() and not (project / "Dockerfile").exists()


def test_its_second_version_reaches_a_project_that_was_edited(tmp_path: Path) -> None:
    evolution = Evolution(tmp_path / "specwright", small=False)
    follow(evolution.folder)
    evolution.commit("7.0.0")
    project = tmp_path / "project"
    project.mkdir()
    (project / "plan.yaml").write_text(PLAN)
    done(evolution.folder, project, "generate")
    handbook = project / "HANDBOOK.md"
    handbook.write_text(handbook.read_text() + "\nLunch is at noon.\n")

    room = evolution.folder / STACK / "{{ when.handbook }}"
    (stated,) = re.findall(r"^```yaml evolved\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    yaml = YAML(typ="safe")
    manifest = yaml.load((room / "blueprint.yml").read_text()) | yaml.load(stated)
    with (room / "blueprint.yml").open("w") as file:
        yaml.dump(manifest, file)
    ((now, before),) = manifest["was"].items()
    (room / now).parent.mkdir(parents=True)
    (room / before).rename(room / now)
    (room / now).write_text((room / now).read_text().replace("# Working on", "# How we work on"))
    evolution.commit("7.1.0")

    said = done(evolution.folder, project, "update")
    assert "1 to 2   The handbook stands in docs/handbook" in said and not handbook.exists()
    moved = (project / "docs/handbook/README.md").read_text()
    assert moved.startswith("# How we work on Lists") and moved.endswith("\nLunch is at noon.\n")
    assert done(evolution.folder, project, "update").startswith("Nothing has changed")
