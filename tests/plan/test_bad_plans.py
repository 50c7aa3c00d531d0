"""Every folder tests/cases/bad-* is a plan with mistakes, and the problems that must be reported, in order.

`python -m tests.plan.test_bad_plans` writes the expectations anew; read the difference before committing it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.blueprints import templates_folder
from generator.plan import nodes as parser
from generator.problems import PlanProblems
from generator.understanding import understand

CASES = Path(__file__).parent.parent / "cases"
BAD = sorted(CASES.glob("bad-*"))


def reported(folder: Path) -> str:
    """What `specwright check` says, a problem in each line."""
    try:
        understand(folder, templates_folder())
    except PlanProblems as problems:
        return "".join(f"{problem}\n" for problem in problems.problems)
    return ""


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_problems_are_reported_where_they_are(folder: Path) -> None:
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    assert expected, "a bad case expects a problem"
    assert reported(folder) == expected


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_the_parser_in_python_reports_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "CParser", None)
    assert reported(folder) == (folder / "expected.txt").read_text(encoding="utf-8")


def test_there_are_enough_cases() -> None:
    assert len(BAD) >= 150
    inputs = {tuple(path.read_bytes() for path in sorted(case.rglob("*.yaml"))) for case in BAD}
    assert len(inputs) == len(BAD), "each case is one of its own"


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_messages_are_for_people(folder: Path) -> None:
    for line in (folder / "expected.txt").read_text(encoding="utf-8").splitlines():
        assert line.isprintable() and len(line) <= 700
        assert folder.name == "bad-no-plan" or re.match(r"[^:]+\.yaml:[1-9][0-9]*:[1-9][0-9]*: \S", line)
        assert not re.search(r"(?<!\.)\. [a-z]|None|<class|Traceback|(?<!`)\b(int|bool)\b(?!`)", line), (
            "an unfinished sentence"
        )


if __name__ == "__main__":
    for case in BAD:
        (case / "expected.txt").write_text(reported(case), encoding="utf-8")
