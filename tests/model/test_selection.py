"""Narrowing a run: what tasks produce, what that needs, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model import Model, resolve, select
from generator.plan.loading import load_project
from tests.model.plans import problems_of

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
ROOMS = (
    "base",
    "model",
    "migration",
    "service",
    "controller",
    "validator",
    "test",
    "ci",
    "container",
    "docs",
)
NOTES = "entities:\n  Note:\n    resource: true\n    fields:\n      title: text required\n"


@pytest.fixture(scope="module")
def tracker() -> Model:
    return resolve(load_project(EXAMPLES / "task-tracker"))


def test_nothing_asked_for_is_everything(tracker: Model) -> None:
    selection = select(tracker, ROOMS)
    assert selection.rooms["model"] == ("Person", "Project", "Label", "Task", "Comment")
    assert selection.rooms["controller"] == ("person", "project", "label", "task", "comment", "board")
    assert selection.rooms["ci"] == ("*",)
    assert [task.id for task in selection.tasks] == ["T001", "T002", "T003", "T004", "T005", "T006", "T007"]


def test_a_task_brings_what_it_needs_and_no_more(tracker: Model) -> None:
    selection = select(tracker, ROOMS, tasks=["T006"])
    assert selection.rooms == {
        "base": ("*",),
        "migration": ("Person", "Project", "Label", "Task", "Comment"),
        "model": ("Person", "Project", "Label", "Task", "Comment"),
        "service": ("board",),
    }
    assert [task.id for task in selection.tasks] == ["T001", "T003", "T004", "T006"]


def test_a_phase_is_its_tasks(tracker: Model) -> None:
    assert select(tracker, ROOMS, phase="setup").rooms == {"base": ("*",), "ci": ("*",)}


def test_what_an_earlier_run_chose_stays(tracker: Model) -> None:
    selection = select(tracker, ROOMS, tasks=["T001"], recorded={"docs": ["*"]})
    assert selection.rooms == {"base": ("*",), "docs": ("*",)}


def test_a_story_is_the_story_of_tasks_or_of_their_phase(tracker: Model) -> None:
    assert select(tracker, ROOMS, story="US3").has("test", "AC-7")


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ("generate: modle", "no room is called modle"),
        ("generate: model\n    subject: [Nota]", "model has no entity called Nota"),
        ("generate: ci\n    subject: [Note]", "ci has no subject"),
        ("fill: note.create", "there is no slot `note.create`"),
    ],
)
def test_tasks_name_what_there_is(tmp_path: Path, tasks: str, expected: str) -> None:
    text = f"phases:\n  - id: one\ntasks:\n  - id: T1\n    phase: one\n    {tasks}\n"
    problems = problems_of(tmp_path, NOTES, text)
    assert len(problems) == 1
    assert expected in problems[0]
    assert problems[0].startswith("tasks.yaml:")


def test_two_tasks_cannot_make_the_same(tmp_path: Path) -> None:
    tasks = "phases:\n  - id: one\ntasks:\n" + "".join(
        f"  - id: T{number}\n    phase: one\n    generate: model\n    subject: [Note]\n" for number in (1, 2)
    )
    assert "T1 makes `model` of `Note` already" in problems_of(tmp_path, NOTES, tasks)[0]


def test_an_order_that_cannot_work_is_refused(tmp_path: Path) -> None:
    tasks = (
        "phases:\n  - id: one\ntasks:\n"
        "  - id: T1\n    phase: one\n    generate: service\n    subject: [note]\n"
        "  - id: T2\n    phase: one\n    generate: model\n    subject: [Note]\n    after: [T1]\n"
    )
    assert "T1 comes before T2" in problems_of(tmp_path, NOTES, tasks)[0]
