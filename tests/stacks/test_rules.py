"""The rules of the examples: right bodies are proved, and the mistakes that people make there are refused.

The second mistake of each slot is left to `python -m tests.stacks.mistakes MODULES`: all 20 are refused, in 9 runs of
12 seconds of a processor each.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.blueprints import templates_folder
from generator.cli import command_of
from generator.understanding import understand
from tests.fill.projects import project
from tests.fill.rules import MISTAKES, right, written
from tests.stacks.express import EXAMPLES, borrow, borrowed_copy
from tests.stacks.mistakes import missed

EXPRESS = ("task-tracker", "chinook", "auth")


def test_the_examples_have_rules_with_wrong_variants() -> None:
    rules = {
        slot.id: slot
        for example in EXPRESS
        for slot in understand(EXAMPLES / example, templates_folder()).model.slots
        if slot.room is None
    }
    assert len(rules) >= 12
    assert all(len(slot.wrong) >= 2 for slot in rules.values())
    # Some hold a body from the beginning, some only their place; who writes those has a body here.
    bodies = {slot for example in EXPRESS for slot in right(example)}
    empty = {name for name, slot in rules.items() if slot.fallback is None}
    assert empty < bodies == {*MISTAKES} < {*rules}


@pytest.mark.stack
def test_mistakes_in_the_task_tracker_are_refused(task_tracker: Path, tmp_path: Path) -> None:
    assert missed("task-tracker", borrowed_copy(task_tracker, tmp_path / "project"), 0) == []


@pytest.mark.stack
def test_the_rules_of_the_media_store_are_proved(express_modules: Path, tmp_path: Path) -> None:
    folder = project(tmp_path / "project", (EXAMPLES / "chinook" / "plan.yaml").read_text(encoding="utf-8"))
    borrow(folder, express_modules)
    written("chinook", folder)
    done = CliRunner().invoke(command_of("prove"), ["-C", str(folder), "--json"])
    told = json.loads(done.output)
    assert done.exit_code == 0 and len(told["slots"]) == 5, told
    assert missed("chinook", folder, 0) == []
