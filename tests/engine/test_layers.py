"""Imports run one way: a module may import what stands below it, never what stands above."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli import COMMANDS
from tests.engine.conftest import REPOSITORY

# From the top of the flow to its bottom; what stands in one line knows nothing of each other.
LAYERS = [
    ["cli"],
    ["commands"],
    ["development", "fill"],
    [
        "progress",
        "sealing",
        "starting",
        "failures",
        "service",
        "soundness",
        "verification",
        "restoring",
        "ejection",
    ],
    ["updating"],
    ["pipeline", "asking"],
    ["skipping"],
    ["answering"],
    ["report", "narrowing"],
    ["disagreements"],
    ["local", "understanding"],
    ["refresh"],
    ["accounting", "exemptions", "last_run", "shares"],
    ["outcome"],
    ["merging", "render", "doctor", "migrations", "branches", "watching"],
    ["releases"],
    ["folder", "addresses"],
    ["blueprints", "fragments"],
    ["slots", "rendered", "recording", "git"],
    ["answers"],
    ["languages"],
    ["model"],
    ["expressions"],
    ["plan"],
    ["typescript_layout"],
    ["layout"],
    ["copies", "problems"],
    ["frozen", "counting"],
]
# Within a package of the engine the same holds, from its top to its bottom.
INSIDE = {
    "merging": [
        ["settling"],
        ["merge"],
        ["survey"],
        ["changes", "pairing", "likeness"],
        ["sides"],
        ["shared_files", "three_way", "losses"],
        ["keyed", "hunks", "words"],
    ],
    "folder": [
        ["recovery"],
        ["conflicts", "aside", "journal", "file_states"],
        ["seal", "owned"],
        ["lock", "destination", "slot_records", "disk", "turn"],
    ],
    "languages": [["python", "typescript"]],
    "languages.typescript": [
        ["facts"],
        ["testing", "web"],
        ["services", "seed"],
        ["crud"],
        ["entities"],
        ["access", "shapes", "transitions"],
        ["links"],
        ["fields", "guards", "steps"],
        ["code", "literals"],
        ["places"],
    ],
    "languages.python": [["facts"], ["testing"], ["schemas"], ["models"], ["layout", "names"]],
}


def heights(layers: list[list[str]]) -> dict[str, int]:
    return {name: len(layers) - number for number, layer in enumerate(layers) for name in layer}


HEIGHT = heights(LAYERS)
MODULES = sorted((REPOSITORY / "generator").rglob("*.py"))


def names_imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            if node.module == "generator":
                found |= {f"generator.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    own = path.relative_to(REPOSITORY / "generator").with_suffix("").parts[0]
    if own == "__init__":
        return
    for name in names_imported(path):
        if name.startswith("generator.") and (other := name.split(".")[1]) != "__version__" and other != own:
            assert {own, other} <= {*HEIGHT}, f"{own} or {other} has no place in LAYERS yet"
            assert HEIGHT[other] < HEIGHT[own], f"{own} imports {other}, which stands no lower"


@pytest.mark.parametrize("package", INSIDE)
def test_imports_run_one_way_inside_a_package(package: str) -> None:
    height = heights(INSIDE[package])
    folder, prefix = REPOSITORY / "generator" / package.replace(".", "/"), f"generator.{package}."
    paths = [path for path in folder.rglob("*.py") if path != folder / "__init__.py"]
    owns = {path: path.relative_to(folder).with_suffix("").parts[0] for path in paths}
    assert {*owns.values()} == {*height}
    for path, own in owns.items():
        imported = [name for name in names_imported(path) if name.startswith(prefix)]
        others = {name.removeprefix(prefix).split(".")[0] for name in imported}
        for other in others - {own}:
            assert height[other] < height[own], f"{own} imports {other}, which stands no lower"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_only_render_imports_copier_and_only_the_command_line_prints(path: Path) -> None:
    imported = {name.split(".")[0] for name in names_imported(path)}
    assert "copier" not in imported or path.name == "render.py"
    calls = [node.func for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    assert not any(isinstance(call, ast.Name) and call.id == "print" for call in calls)
    assert "click" not in imported or path.name == "cli.py" or path.parent.name == "commands"


def test_each_command_is_a_module_and_none_imports_another() -> None:
    modules = {path.stem: path for path in (REPOSITORY / "generator" / "commands").glob("*.py")}
    assert {*COMMANDS} <= {*modules} and list(COMMANDS) == sorted(COMMANDS)
    for name, path in modules.items():
        others = {f"generator.commands.{other}" for other in COMMANDS if other != name}
        assert not names_imported(path) & others


def test_a_list_of_the_commands_loads_nothing_heavy() -> None:
    script = (
        "import sys\nfrom generator.cli import main\ntry:\n    main(['--help'])\n"
        "except SystemExit as leaving:\n    assert not leaving.code\n"
        "heavy = {'copier', 'pydantic', 'ruamel', 'rich', 'jinja2', 'generator.pipeline'} & {*sys.modules}\n"
        "assert not heavy, heavy\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    listed = done.stdout.partition("Commands:\n")[2]
    assert [line.split()[0] for line in listed.splitlines() if line[2:3].strip()] == list(COMMANDS)
