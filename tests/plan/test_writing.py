"""A plan that is printed loads to an equal plan, in both forms, whatever its texts are."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.plan import load_plan_file, write_plan
from generator.plan.schema import Expression, Fixture, Plan, Quality, Value
from generator.plan.sources import hidden_character
from tests.plan.plans import NAMES, cut

FORMS = ("short", "long")


def reloaded(text: str) -> Plan:
    with TemporaryDirectory() as folder:
        file = Path(folder, "plan.yaml")
        file.write_bytes(text.encode())
        return load_plan_file(file).plan


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_the_plans_of_the_language_come_back(name: str, form: str) -> None:
    plan = reloaded(cut(name))
    text = write_plan(plan, form)  # type: ignore[arg-type]
    again = reloaded(text)
    assert again == plan
    assert write_plan(again, form) == text  # type: ignore[arg-type]


def test_the_short_form_is_the_one_that_people_write() -> None:
    lines = {line.strip() for line in cut("minimal").splitlines() if not line.startswith("#")}
    assert {line.strip() for line in write_plan(reloaded(cut("minimal"))).splitlines()} == lines


def test_the_long_form_has_no_lines() -> None:
    text = write_plan(reloaded(cut("minimal")), "long")
    assert "      list:\n        type: ref List\n        required: true\n        cascade: true\n" in text


def test_a_key_that_was_given_is_printed_though_it_is_the_default() -> None:
    plan = reloaded(cut("minimal") + "quality:\n  coverage:\n    lines: 90\n")
    assert "    lines: 90\n" in write_plan(plan)
    assert "branches" not in write_plan(plan)
    assert plan.quality == Quality()


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\t").filter(
        lambda sign: hidden_character(sign) is None
    ),
    max_size=20,
)
QUOTED = TEXT.map(lambda text: Value(text=text, quoted=True))
PLAIN = st.sampled_from(["null", "true", "no", "12", "1.50", "2026-01-01", "12.35 EUR", "a b", "10:30"]).map(
    lambda text: Value(text=text)
)
FORMULA = TEXT.map(str.strip).filter(bool).map(lambda text: Value(expression=Expression(text=text)))
VALUE = st.recursive(
    QUOTED | PLAIN | FORMULA,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: Value(items=tuple(items)))
        | st.dictionaries(TEXT, inner, max_size=3).map(lambda members: Value(members=members))
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(value=VALUE, title=TEXT.filter(bool), form=st.sampled_from(FORMS))
def test_any_text_comes_back(value: Value, title: str, form: str) -> None:
    plan = reloaded(cut("minimal"))
    fixtures = {"first": Fixture(entity="Item", set={"title": value})}
    plan = plan.replaced({"fixtures": fixtures, "title": title})
    assert reloaded(write_plan(plan, form)) == plan  # type: ignore[arg-type]
