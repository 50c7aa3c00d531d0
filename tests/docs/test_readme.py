"""The README: its plan is sound, its numbers are measured, its two commands are what CI runs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from generator.model import resolve
from tests.docs.pages import REPOSITORY, blocks_of, examples_of, project_of
from tests.docs.size import table

PAGE = REPOSITORY / "README.md"
TEXT = PAGE.read_text(encoding="utf-8")
TOLERANCE = 0.2
"""Of a number: templates change by the day, and the README need not."""


def test_the_plan_is_sound(tmp_path: Path) -> None:
    (example,) = examples_of(PAGE)
    assert resolve(project_of(example, tmp_path)).entities


def test_the_numbers_are_measured() -> None:
    measured = table()
    rows = [line for line in measured.splitlines() if line.startswith("| ")]
    stated = [line for line in TEXT.splitlines() if line.startswith("| ")]
    assert [_words(row) for row in stated] == [_words(row) for row in rows], (
        f"run `python -m tests.docs.size`\n{measured}"
    )
    for row, found in zip(stated, rows, strict=True):
        for number, right in zip(_numbers(row), _numbers(found), strict=True):
            assert abs(number - right) <= max(1, TOLERANCE * right), (
                f"run `python -m tests.docs.size`\n{measured}"
            )


def test_the_commands_are_there_and_ci_runs_the_second() -> None:
    commands = [block.text.strip() for block in blocks_of(PAGE) if block.language == "sh"][:2]
    assert commands == [".ci/demo", ".ci/test"]
    assert (REPOSITORY / ".ci" / "run").read_text().endswith('exec "$(dirname "$0")/test"\n')


@pytest.mark.parametrize("script", sorted((REPOSITORY / ".ci").iterdir()), ids=lambda path: path.name)
def test_scripts_are_plain_shell(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", script], capture_output=True).returncode == 0


def _words(row: str) -> str:
    return re.sub(r"[\d,.]+", "0", row).replace("lines", "line").replace("files", "file")


def _numbers(row: str) -> list[float]:
    return [float(text.replace(",", "")) for text in re.findall(r"\d[\d,.]*", row)]
