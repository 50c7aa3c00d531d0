"""What a run skips when nothing can have changed, and that it skips nothing that can."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.answers import build_answers
from generator.blueprints import rooms_of, templates_folder
from generator.folder.destination import Destination
from generator.folder.slot_records import SlotRecord, read_records, write_records
from generator.narrowing import Narrowing, choose
from generator.recording import model_json
from generator.understanding import understand
from tests.engine.conftest import REPOSITORY
from tests.engine.copier_projects import tree
from tests.engine.test_command_line import specwright
from tests.engine.test_generate_command import PLAN, TASKS

LIGHT = (
    "import sys\nfrom generator.cli import main\ntry:\n"
    "    main(['generate'])\nexcept SystemExit as leaving:\n"
    "    assert not leaving.code\n"
    "print(sorted({'copier', 'jinja2', 'pydantic', 'ruamel', 'rich', 'subprocess'} & {*sys.modules}))\n"
)


@pytest.fixture
def folder(tmp_path: Path, templates: Path) -> Path:
    path = tmp_path / "todo"
    path.mkdir()
    (path / "plan.yaml").write_text(PLAN)
    (path / "tasks.yaml").write_text(TASKS)
    assert specwright("generate", cwd=path, templates=templates).returncode == 0
    return path


def said(folder: Path, templates: Path, *arguments: str) -> str:
    return specwright("generate", *arguments, cwd=folder, templates=templates).stdout


def test_a_run_with_nothing_changed_loads_neither_the_plan_nor_copier(folder: Path, templates: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "SPECWRIGHT_TEMPLATES": str(templates)}
    command = [sys.executable, "-c", LIGHT]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["Nothing has changed; nothing was written.", "[]"], done.stderr


def test_it_says_the_same_as_a_run_that_looks(folder: Path, templates: Path) -> None:
    quick = json.loads(said(folder, templates, "--json"))
    (folder / ".specwright/cache/seal").unlink()
    assert json.loads(said(folder, templates, "--json")) == quick


@pytest.mark.parametrize("change", ["plan", "tasks", "template", "file", "lost", "lock", "specs"])
def test_whatever_changes_is_seen(folder: Path, templates: Path, change: str) -> None:
    model = folder / "server/src/models/item.model.ts"
    before = tree(folder)
    match change:
        case "plan":
            (folder / "plan.yaml").write_text(PLAN + "      due_on: date\n")
        case "tasks":
            text = (folder / "tasks.yaml").read_text()
            (folder / "tasks.yaml").write_text(text.replace("    done: true\n", "", 1))
        case "template":
            place = next(templates.glob("blueprints/express-react/*model*/*/server/src/models/*"))
            place.write_text("// new\n" + place.read_text())
        case "file":
            model.write_text("// mine\n" + model.read_text())
        case "lost":
            model.unlink()
        case "lock":
            (folder / ".specwright/lock.json").unlink()
        case "specs":
            (folder / "specs/001-more").mkdir(parents=True)
            (folder / "specs/001-more/plan.yaml").write_text(PLAN)
    done = specwright("generate", cwd=folder, templates=templates)
    if change == "specs":
        assert done.returncode == 1 and "there is a plan.yaml here and in specs/" in done.stderr
    elif change == "file":
        assert "Edited by you" in done.stdout
    elif change == "lost":
        assert "deleted by you" in done.stdout and not model.exists()
    else:
        assert "Nothing has changed" not in done.stdout and done.returncode == 0
    if change in {"tasks", "lock"}:
        assert tree(folder) == before


def test_a_body_that_was_written_is_noted(folder: Path, templates: Path) -> None:
    records = {"a.b": SlotRecord("a.b", "x.ts", "1", "2", "3", "person")}
    text = write_records(records).decode()
    assert read_records(text) == records == read_records(text.replace('"', "'"))
    assert read_records(write_records({}).decode()) == {} == read_records("<<<<<<< ours\n")


@pytest.mark.parametrize(
    "plan", ["docs/examples/task-tracker", "docs/examples/notes-fastapi", "tests/cases/everything"]
)
def test_answers_are_what_reading_their_json_gives(plan: str) -> None:
    folder, templates = REPOSITORY / plan, templates_folder()
    understood = understand(folder, templates)
    rooms = rooms_of(templates, understood.model.stack)
    selection = choose(understood, rooms, Narrowing(), Destination(folder))
    answers = build_answers(understood.model, selection)
    assert same(answers, json.loads(model_json(answers)))


def same(one: object, other: object) -> bool:
    """Equal, and of the same types all the way down: a tuple is no list."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [*one] == [*other] and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other
