"""The sections that are reserved are refused by name; nothing of them is ignored, nothing else is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model import resolve
from generator.plan.loading import load_project
from generator.plan.schema import RESERVED_SECTIONS
from generator.problems import PlanProblems

CASES = Path(__file__).parents[1] / "cases"
LANGUAGE = Path(__file__).parents[2] / "docs" / "reference" / "plan-language.md"


def test_the_reference_lists_them_all() -> None:
    written = LANGUAGE.read_text(encoding="utf-8")
    listed = written.split("## Not supported yet", 1)[1].split("\n## ", 1)[0]
    rows = [line[2:] for line in listed.splitlines() if line.startswith("- ")]
    assert rows == [f"`{text}`" for text in RESERVED_SECTIONS]


@pytest.mark.parametrize("plan", sorted(path.name for path in (CASES / "whole-plans").iterdir()))
def test_whole_plans_are_refused_for_nothing_else(plan: str) -> None:
    try:
        resolve(load_project(CASES / "whole-plans" / plan))
    except PlanProblems as found:
        # Rooms are not looked for here, so none has a body for a slot.
        told = [problem for problem in found.problems if problem.severity == "error"]
        reasons = ("not supported yet", "no room has a body")
        assert all(any(reason in each.message for reason in reasons) for each in told), str(found)
