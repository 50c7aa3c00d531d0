"""The performance goals of a plan are measured on the built server, and one that is missed fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stacks.express import attempt, borrowed_copy, run

pytestmark = pytest.mark.stack


def test_a_goal_that_is_missed_fails_and_another_does_not(task_tracker: Path, tmp_path: Path) -> None:
    folder = borrowed_copy(task_tracker, tmp_path / "project")
    budgets = folder / "server" / "tests" / "budgets.ts"
    goal = "operation: 'task.list',\n    p95: 100,\n    connections: 20,"
    text = budgets.read_text(encoding="utf-8")
    assert goal in text
    # A machine that runs other tests as well is slow.
    easy = goal.replace("100", "20_000").replace("20,", "3,")
    written = goal.replace("task.list", "board.assignTask").replace("p95: 100", "p95: 20_000")
    written = written.replace("connections: 20", "rows: { id: 'task', personId: 'person' },\n    rate: 5")
    budgets.write_text(text.replace(goal, f"{easy}\n  }},\n  {{\n    {written}"), encoding="utf-8")
    printed = run(folder, ["npm", "run", "test:performance"])
    assert "2 passed" in printed and "of 20000 ms" in printed
    budgets.write_text(text.replace(goal, goal.replace("p95: 100", "p95: 0.01")), encoding="utf-8")
    code, printed = attempt(folder / "server", ["npm", "run", "test:performance"])
    assert code != 0 and "milliseconds for 95 of 100 answers" in printed, printed[-3000:]
