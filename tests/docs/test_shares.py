"""The share of code that docs/slots.md publishes is what is measured."""

from __future__ import annotations

import re

from tests.docs.shares import PAGE, table

LINES, PERCENT = 0.1, 1.0
"""How far numbers may be off: templates change by the day, and the page need not; and points of percent."""


def test_the_shares_are_measured() -> None:
    measured = table()
    stated = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if _is_of_table(line)]
    rows = [line for line in measured.splitlines() if _is_of_table(line)]
    hint = f"run `python -m tests.docs.shares`\n{measured}"
    assert [_cells(row)[0] for row in stated] == [_cells(row)[0] for row in rows], hint
    for row, found in zip(stated[1:], rows[1:], strict=True):
        *counts, percent = (float(re.sub(r"[ ,%]", "", cell)) for cell in _cells(row)[1:])
        *right, wanted = (float(re.sub(r"[ ,%]", "", cell)) for cell in _cells(found)[1:])
        assert all(abs(a - b) <= max(2, LINES * b) for a, b in zip(counts, right, strict=True)), hint
        assert abs(percent - wanted) <= PERCENT, hint


def _is_of_table(line: str) -> bool:
    return line.startswith(("| example |", "| `task-tracker` |", "| `chinook`", "| `auth`", "| `notes-"))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]
