"""Problems: how they are shown, sorted and raised, and which name was probably meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.problems import Location, PlanProblems, Problem, ProblemList, did_you_mean, nearest

HERE = Location("plan.yaml", 3, 7)


def test_how_a_problem_is_shown() -> None:
    assert str(Problem(HERE, "wrong", "Mend it")) == "plan.yaml:3:7: wrong. Mend it"
    assert str(Problem(HERE, "odd", severity="warning")) == "plan.yaml:3:7: warning: odd"
    assert str(Problem(None, "nothing here")) == "nothing here"


def test_problems_come_in_the_order_of_the_text_and_once() -> None:
    problems = ProblemList()
    problems.error(Location("plan.yaml", 10, 1), "third")
    problems.error(Location("plan.yaml", 9, 2), "second")
    problems.warning(None, "first")
    problems.error(Location("plan.yaml", 9, 2), "second")
    assert [problem.message for problem in problems] == ["first", "second", "third"]
    with pytest.raises(PlanProblems) as raised:
        problems.raise_if_errors()
    assert [problem.message for problem in raised.value.problems] == ["first", "second", "third"]


def test_warnings_stop_nothing() -> None:
    problems = ProblemList()
    problems.warning(HERE, "odd")
    problems.raise_if_errors()
    assert problems.errors == () and len(problems.warnings) == 1


@pytest.mark.parametrize(
    ("name", "names", "meant"),
    [
        ("titel", ["table", "title"], "title"),
        ("requird", ["required", "unique"], "required"),
        ("FirstName", ["last_name", "first_name"], "first_name"),
        ("form", ["from", "to"], "from"),
        ("colour", ["table", "key"], None),
        ("x", [], None),
    ],
)
def test_which_name_was_meant(name: str, names: list[str], meant: str | None) -> None:
    assert nearest(name, names) == meant


def test_hints() -> None:
    assert did_you_mean("titel", ["title"]) == "Did you mean `title`?"
    assert did_you_mean("colour", ["table", "key"]) == "Possible here: table, key"
    assert did_you_mean("colour", [f"name_{number}" for number in range(20)]) == ""


@given(name=st.text(max_size=30), others=st.lists(st.text(max_size=30), max_size=5))
def test_a_name_is_nearest_to_itself(name: str, others: list[str]) -> None:
    found = nearest(name, [name, *others])
    assert found is not None
    assert found.lower().replace("_", "").replace("-", "") == name.lower().replace("_", "").replace("-", "")
