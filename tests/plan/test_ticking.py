"""Ticking changes the tick and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.plan import load_project, tick_task
from generator.plan.ticking import tick_text
from generator.problems import PlanProblems
from tests.plan.plans import PLANS, project_of

ODD = """\
# The work
specwright: 1
phases:   # in order
  - id: "one"
tasks:

  # the first
  - id: 'T1'   # quoted
    phase: one
    done:   false   # not yet
    manual: |
      Several lines

      # not a comment

  -   phase: one

      manual: >-
        Folded
        lines
      # before the id
      id: T2
      after:
        - T1

  - {id: T3, phase: one, generate: base }   # in braces
  - id: T4
    phase: one
    generate: model
    subject: [Item,
      Other]   # two lines
    # a last word
  - id: T5
    phase: one
    done:
    fill: board.next
  - id: T6
    phase: one
    generate: ci
    done: true   # long ago
"""

TICKED = """\
# The work
specwright: 1
phases:   # in order
  - id: "one"
tasks:

  # the first
  - id: 'T1'   # quoted
    phase: one
    done:   true   # not yet
    manual: |
      Several lines

      # not a comment

  -   phase: one

      manual: >-
        Folded
        lines
      # before the id
      id: T2
      done: true
      after:
        - T1

  - {id: T3, phase: one, generate: base, done: true }   # in braces
  - id: T4
    phase: one
    generate: model
    subject: [Item,
      Other]   # two lines
    done: true
    # a last word
  - id: T5
    phase: one
    done: true
    fill: board.next
  - id: T6
    phase: one
    generate: ci
    done: true   # long ago
"""
ALL = {"T1", "T2", "T3", "T4", "T5", "T6", "T9"}


def test_every_way_to_write_a_task() -> None:
    ticked, text = tick_text(ODD, ALL)
    assert text == TICKED
    assert ticked == ("T1", "T2", "T3", "T4", "T5")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_marks_stay(ending: str, mark: str) -> None:
    text = mark + ODD.replace("\n", ending)
    assert tick_text(text, ALL)[1] == mark + TICKED.replace("\n", ending)


def test_a_file_without_a_last_line_end() -> None:
    text = "specwright: 1\ntasks:\n  - id: T1\n    phase: é"
    assert tick_text(text, {"T1"})[1] == text + "\n    done: true"


@settings(max_examples=60, deadline=None)
@given(ids=st.sets(st.sampled_from(sorted(ALL))))
def test_any_choice_of_tasks(ids: set[str]) -> None:
    ticked, text = tick_text(ODD, ids)
    assert set(ticked) == ids - {"T6", "T9"}
    assert tick_text(text, ids) == ((), text)
    assert tick_text(text, ALL)[1] == TICKED


def test_the_file_still_loads_and_says_what_is_done(tmp_path: Path) -> None:
    path = project_of("task-tracker", tmp_path) / "tasks.yaml"
    before = (PLANS / "task-tracker" / "tasks.yaml").read_text(encoding="utf-8")
    assert tick_task(path, "T001") == ("T001",)
    assert tick_task(path, ["T001", "T010"]) == ("T010",)
    tasks = load_project(tmp_path).features[0].tasks
    assert tasks is not None
    assert [task.id for task in tasks.tasks if task.done] == ["T001", "T010"]
    after = path.read_text(encoding="utf-8")
    assert after.replace("    done: true\n", "") == before


def test_a_file_with_nothing_to_tick_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "tasks.yaml"
    path.write_text(ODD, encoding="utf-8")
    path.chmod(0o400)
    stamp = path.stat().st_mtime_ns
    assert tick_task(path, ["T6", "T9"]) == ()
    assert path.stat().st_mtime_ns == stamp


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "tasks.yaml"
    path.write_bytes(b"tasks: [\xff\n")
    with pytest.raises(PlanProblems):
        tick_task(path, "T1")
    assert path.read_bytes() == b"tasks: [\xff\n"


def test_links_and_permissions_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text(ODD, encoding="utf-8")
    real.chmod(0o640)
    link = tmp_path / "tasks.yaml"
    link.symlink_to(real)
    tick_task(link, "T1")
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "done:   true" in real.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["real.yaml", "tasks.yaml"]
