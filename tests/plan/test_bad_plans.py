"""Every folder tests/cases/bad-* is a plan with mistakes, and the problems that must be reported, in order.

`python -m tests.plan.test_bad_plans` writes the expectations anew; read the difference before committing it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.plan import load_project
from generator.plan import nodes as parser
from generator.problems import PlanProblems

CASES = Path(__file__).parent.parent / "cases"
BAD = sorted(CASES.glob("bad-*"))


def reported(folder: Path) -> str:
    """What loading says, a problem in each line."""
    try:
        load_project(folder)
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
    assert len(BAD) >= 40


if __name__ == "__main__":
    for case in BAD:
        (case / "expected.txt").write_text(reported(case), encoding="utf-8")
