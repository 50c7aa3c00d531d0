"""docs/reference/commands.md names every command and option, and shows JSON of the shape that is printed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from generator.cli import COMMANDS, command_of
from tests.docs.pages import DOCUMENTS, REPOSITORY, blocks_of

PAGE = DOCUMENTS / "reference" / "commands.md"
TEXT = PAGE.read_text(encoding="utf-8")
SHOWN = {block.word: json.loads(block.text) for block in blocks_of(PAGE) if block.language == "json"}
FREE = frozenset({".plans", *(f".rooms[].{name}" for name in ("changes", "contributes", "tools"))})
"""Members whose keys are names of the project or of a room."""

GIVEN = {
    "restore": ("README.md",),
    "own": ("package.json",),
    "eject": ("--yes",),
    "prove": ("board.suggestNext",),
    "fill": ("board.suggestNext", "--recorded", "bodies.json"),
}
"""What a command is given to have something to report."""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "generator.cli", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


def section(name: str) -> str:
    return TEXT.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_names_each_option_of(name: str) -> None:
    described = section(name)
    for parameter in command_of(name).params:
        if isinstance(parameter, click.Option):
            for option in parameter.opts:
                assert re.search(rf"`{option}[` ]", described), f"{name} {option}"
        else:
            assert f"`{(parameter.name or '').upper()}`" in described


def test_the_page_names_no_other_command_or_option() -> None:
    headings = re.findall(r"^## (\S+)$", TEXT, re.MULTILINE)
    assert sorted(headings) == sorted(COMMANDS)
    for name in headings:
        known = {option for parameter in command_of(name).params for option in parameter.opts}
        rows = re.findall(r"^\| (`-.*?) \|", section(name), re.MULTILINE)
        assert {option for row in rows for option in re.findall(r"`(-[\w-]+)", row)} <= known


def test_the_shape_of_json_is_the_one_that_is_shown(tmp_path: Path) -> None:
    (tmp_path / "bodies.json").write_text('{"version": 1, "bodies": {}}')
    for file in ("plan.yaml", "tasks.yaml"):
        shutil.copy(DOCUMENTS / "examples" / "task-tracker" / file, tmp_path)
    assert {*SHOWN} == {*COMMANDS, "failed"} - {"dev", "completion", "mcp"}
    pending = {"prove", "fill"}
    # Slots are known once they have been generated, and nothing is after the end.
    for name in ("generate", *sorted({*SHOWN} - {"failed", "generate", "eject"}), "eject"):
        place = tmp_path / "new" if name == "init" else tmp_path
        place.mkdir(exist_ok=True)
        if name == "restore":
            (tmp_path / "README.md").write_text("edited\n")
        if name == "eject":
            assert run(place, "migrations", "seal").returncode == 0
        done = run(place, name, "--json", *GIVEN.get(name, ()))
        assert done.returncode == (3 if name in pending else 0), done.stderr
        assert shape(json.loads(done.stdout)) == shape(SHOWN[name]), name


def test_the_json_of_a_failure_is_the_one_that_is_shown(tmp_path: Path) -> None:
    head = "specwright: 1\nproject: todo\nstack: express-react\n"
    (tmp_path / "plan.yaml").write_text(f"{head}entitties:\n  Item:\n    fields: {{}}\n")
    done = run(tmp_path, "check", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (1, SHOWN["failed"])


def shape(data: Any) -> set[str]:
    """The paths of the members of JSON data; a list stands for all that is in it."""
    return set(_paths(data, ""))


def _paths(data: Any, path: str) -> Iterator[str]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield f"{path}.{name}"
            if f"{path}.{name}" not in FREE:
                yield from _paths(value, f"{path}.{name}")
    elif isinstance(data, list):
        for item in data:
            yield from _paths(item, f"{path}[]")
