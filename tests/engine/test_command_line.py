"""The command as people run it: real processes, exit codes, what is printed where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator import __version__
from generator.doctor import Tool, combined_needs, examine
from generator.failures import explain_failure
from generator.problems import Location, PlanProblems, Problem
from generator.report import tool_lines
from tests.engine.conftest import REPOSITORY


def specwright(
    *arguments: str, cwd: Path, templates: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY), **environment}
    if templates:
        variables["SPECWRIGHT_TEMPLATES"] = str(templates)
    command = [sys.executable, "-m", "generator.cli", *arguments]
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False)


def test_the_version_needs_neither_copier_nor_pydantic_nor_yaml(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom generator.cli import main\ntry:\n    main(['--version'])\n"
        "except SystemExit as leaving:\n    assert not leaving.code\n"
        "heavy = {'copier', 'pydantic', 'ruamel', 'rich', 'jinja2'} & {*sys.modules}\n"
        "assert not heavy, heavy\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"specwright {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["generat"], ["generate", "--tsk", "T1"], ["blueprints", "modle"]])
def test_wrong_use_is_2(arguments: list[str], tmp_path: Path, templates: Path) -> None:
    done = specwright(*arguments, cwd=tmp_path, templates=templates)
    assert done.returncode == 2 and done.stdout == "" and "Usage:" in done.stderr


def test_a_folder_without_a_plan_is_1_and_says_what_to_run(tmp_path: Path) -> None:
    done = specwright("generate", cwd=tmp_path)
    assert done.returncode == 1 and "specwright init" in done.stderr and "Traceback" not in done.stderr
    data = json.loads(specwright("check", "--json", cwd=tmp_path).stdout)
    assert data["ok"] is False and data["problems"][0]["severity"] == "error"
    assert [*tmp_path.iterdir()] == []


def test_a_broken_blueprint_is_4_and_names_the_file(tmp_path: Path, templates: Path) -> None:
    (templates / "blueprints/express-react/{{ when.ci }}/blueprint.yml").write_text("id: no\n")
    done = specwright("blueprints", cwd=tmp_path, templates=templates)
    assert done.returncode == 4 and "Traceback" not in done.stderr
    assert "A defect of Specwright" in done.stderr and "{{ when.ci }}/blueprint.yml" in done.stderr


def test_rooms_are_listed_and_explained(tmp_path: Path, templates: Path) -> None:
    listed = specwright("blueprints", cwd=tmp_path, templates=templates)
    assert listed.returncode == 0 and len(listed.stdout.splitlines()) == 5
    explained = specwright("blueprints", "base", cwd=tmp_path, templates=templates).stdout
    assert "contributes  scripts: start" in explained and "changed in 1: The first version" in explained
    data = json.loads(specwright("blueprints", "base", "--json", cwd=tmp_path, templates=templates).stdout)
    assert [room["id"] for room in data["rooms"]] == ["base"]


def test_doctor_says_what_is_missing(tmp_path: Path, templates: Path) -> None:
    good = specwright("doctor", "--json", cwd=tmp_path, templates=templates)
    assert {tool["name"] for tool in json.loads(good.stdout)["tools"]} == {"python", "git", "node"}
    bare = specwright("doctor", cwd=tmp_path, templates=templates, PATH=str(tmp_path))
    assert bare.returncode == 1 and "missing  node" in bare.stdout and "ok       python" in bare.stdout


def fake(folder: Path, name: str, answer: str, code: int = 0) -> None:
    folder.mkdir(exist_ok=True)
    command = folder / name
    command.write_text(f"#!/bin/sh\necho '{answer}'\nexit {code}\n")
    command.chmod(0o755)


@pytest.mark.parametrize(
    ("answer", "code", "found", "good"),
    [
        ("v20.19.0", 0, "20.19.0", True),
        ("v20.9.1", 0, "20.9.1", False),
        ("v100.0.0", 0, "100.0.0", True),
        ("what?", 0, "", False),
        ("v22.1.0", 1, "", False),
    ],
)
def test_versions_are_compared_as_numbers(
    answer: str, code: int, found: str, good: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path / "bin", "node", answer, code)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    node = next(tool for tool in examine({"node": "20.19"}) if tool.name == "node")
    assert (node.found, node.good) == (found, good)


def test_npm_is_found_with_and_without_its_package_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def npm() -> str:
        return next(tool.found for tool in examine({"npm": "10"}) if tool.name == "npm")

    fake(tmp_path / "bin", "npm", "10.8.2")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    assert npm() == "10.8.2"
    (tmp_path / "package.json").write_text('{"name": "npm", "version": "11.0.1"}')
    assert npm() == "11.0.1"
    (tmp_path / "package.json").write_text('{"name": "other", "version": "1.0.0"}')
    assert npm() == "10.8.2"


def test_the_highest_need_counts_and_is_shown() -> None:
    assert combined_needs([{"node": "20.9"}, {"node": "20.19", "npm": "10"}]) == {
        "node": "20.19",
        "npm": "10",
    }
    lines = tool_lines([Tool("node", "20.19", "18.1", "why"), Tool("npm", "10", "", "why")])
    assert [line.split()[0] for line in lines] == ["too", "missing"]


def test_failures_are_explained_without_a_traceback() -> None:
    problems = explain_failure(PlanProblems([Problem(Location("plan.yaml", 3, 5), "bad", "Good")]), [])
    assert problems.code == 1 and problems.lines == (
        "plan.yaml:3:5: bad. Good",
        "1 problem; nothing was written.",
    )
    assert explain_failure(PermissionError(13, "Permission denied", "a/b"), []).lines == (
        "a/b: Permission denied; nothing was written.",
    )
    try:
        Path(3)  # type: ignore[arg-type]
    except TypeError as error:
        failure = explain_failure(error, ["generate", "-C", "x"])
    assert (
        failure.code == 4
        and failure.lines[2] == "  specwright generate -C x"
        and "TypeError" in failure.lines[3]
    )
