"""What no code is generated for yet is refused by name; nothing of it is ignored, nothing else is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.model import resolve
from generator.model.unsupported import NOT_YET
from generator.plan.loading import load_project
from generator.plan.schema import RESERVED_SECTIONS
from generator.problems import PlanProblems
from tests.model.plans import problems_of

CASES = Path(__file__).parents[1] / "cases"
LANGUAGE = Path(__file__).parents[2] / "docs" / "reference" / "plan-language.md"

NOTE = """
entities:
  Note:
    resource: true
    fields:
      title: varchar(80) required
"""
STATES = """
    states:
      field: state
      initial: open
      transitions:
        close:
          from: open
          to: shut
          {}
"""
STATEFUL = NOTE + "      state: enum(open, shut) required = open" + STATES
DESK = NOTE + "services:\n  desk:\n    operations:\n      run:\n"
SLOT = "        slot:\n          intent: x\n          proven_by: [AC-1]\n          fallback: {}\n"

USES = {
    "conventions.columns": "conventions:\n  columns: camelCase\n" + NOTE,
}


@pytest.mark.parametrize("key", sorted(NOT_YET))
def test_each_is_refused_by_its_name_where_it_stands(tmp_path: Path, key: str) -> None:
    problems = problems_of(tmp_path, USES[key])
    wanted = f"{NOT_YET[key]}: not supported yet"
    found = [problem for problem in problems if wanted in problem]
    assert found, problems
    assert re.match(r"plan\.yaml:\d+:\d+: ", found[0])


def test_the_reference_lists_them_all() -> None:
    written = LANGUAGE.read_text(encoding="utf-8")
    listed = written.split("## Not supported yet", 1)[1].split("\n## ", 1)[0]
    rows = [line[2:] for line in listed.splitlines() if line.startswith("- ")]
    assert rows == [f"`{text}`" for text in (*NOT_YET.values(), *RESERVED_SECTIONS)]


@pytest.mark.parametrize("plan", sorted(path.name for path in (CASES / "whole-plans").iterdir()))
def test_whole_plans_are_refused_for_nothing_else(plan: str) -> None:
    try:
        resolve(load_project(CASES / "whole-plans" / plan))
    except PlanProblems as found:
        assert all("not supported yet" in problem.message for problem in found.problems), str(found)
