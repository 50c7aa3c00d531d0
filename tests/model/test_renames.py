"""Old names are kept for good: none names what exists, and what is dropped is gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.model import resolve
from generator.plan.loading import load_project
from generator.problems import PlanProblems
from tests.model.plans import problems_of, resolved, write_features

FIRST = """
entities:
  Note:
    fields:
      title: varchar(80) required
    checks:
      named: title != ''
"""


def second(folder: Path, text: str) -> list[str]:
    """What is wrong when a second feature says this."""
    write_features(folder, {"001-first": FIRST, "002-second": text})
    try:
        resolve(load_project(folder))
    except PlanProblems as found:
        return [problem.message for problem in found.problems]
    return []


def test_an_old_name_changes_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "now").mkdir()
    (tmp_path / "was").mkdir()
    plain = resolved(tmp_path / "now", FIRST)
    renamed = resolved(tmp_path / "was", FIRST.replace("  Note:\n", "  Note:\n    was: [Page, Leaf]\n"))
    assert renamed.former == {"entity": {"Note": ("Leaf", "Page")}, "service": {"note": ("leaf", "page")}}
    assert plain == replace(renamed, former={})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("entities:\n  Page:\n    was: Note\n    fields:\n      a: text\n", "`was: Note` names something"),
        (
            "extend:\n  Note:\n    fields:\n      body:\n        type: text\n        was: title\n",
            "`was: title`",
        ),
        (
            "extend:\n  Note:\n    checks:\n      filled:\n        rule: title != 'x'\n        was: named\n",
            "`was: named` names something",
        ),
        (
            "errors:\n  GONE:\n    status: 410\n    text: gone\n    was: NOT_FOUND\n",
            "`was: NOT_FOUND` names a built-in error",
        ),
        ("dropped: [Note]\n", "Note exists, so it is not dropped"),
        ("dropped: [Note.title]\n", "Note.title exists, so it is not dropped"),
        (
            "dropped: [Note.text]\nextend:\n  Note:\n    fields:\n      body:\n        type: text\n        was: text\n",
            "Note.text is called body now",
        ),
    ],
)
def test_an_old_name_that_exists_is_refused(tmp_path: Path, text: str, message: str) -> None:
    assert any(message in found for found in second(tmp_path, text))


def test_what_is_gone_may_be_dropped(tmp_path: Path) -> None:
    assert second(tmp_path, "dropped: [Page, Note.colour, Page.title]\n") == []


def test_two_features_cannot_have_been_the_same_thing(tmp_path: Path) -> None:
    one = FIRST.replace(
        "      title: varchar(80) required", "      title:\n        type: text\n        was: head"
    )
    two = "extend:\n  Note:\n    fields:\n      top:\n        type: text\n        was: head\n"
    write_features(tmp_path, {"001-first": one, "002-second": two})
    with pytest.raises(PlanProblems, match="title was head already"):
        resolve(load_project(tmp_path))


def test_one_plan_is_checked_when_it_is_loaded(tmp_path: Path) -> None:
    text = FIRST.replace("  Note:\n", "  Note:\n    was: Note\n")
    assert any("`was: Note` names something that exists" in found for found in problems_of(tmp_path, text))


def test_an_operation_is_known_by_every_id_it_had(tmp_path: Path) -> None:
    text = (
        FIRST
        + """
services:
  desk:
    was: board
    operations:
      count:
        was: total
        output: {number: integer required}
        steps:
          - return: {number: "1"}
"""
    )
    found = resolved(tmp_path, text)
    assert found.former["operation"] == {"desk.count": ("board.count", "desk.total", "board.total")}
    assert found.former["service"] == {"desk": ("board",)}
