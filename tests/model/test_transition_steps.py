"""What follows a change of state belongs to whatever makes that change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.plans import problems_of, resolved

PLAN = """
entities:
  Loan:
    resource: true
    fields:
      state: enum(open, shut) required = open
    states:
      field: state
      initial: open
      transitions:
        close:
          from: open
          to: shut
          steps:
{}
  Note:
    fields:
      title: varchar(80) required unique
errors:
  TOO_LATE:
    status: 409
    text: too late
services:
  desk:
    operations:
      warn:
        steps:
          - require: 1 = 2
            error: TOO_LATE
      shut:
        input:
          id: Loan.id required
        steps:
          - load: Loan
            by: input.id
          - transition: loan
            using: close
"""


def steps(*lines: str) -> str:
    """The plan with these steps."""
    return PLAN.format("\n".join(f"            {line}" for line in lines))


def test_errors_reach_the_endpoint_and_operations_that_move_a_row(tmp_path: Path) -> None:
    model = resolved(tmp_path, steps("- create: Note", "  set:", "    title: \"'x'\"", "- call: desk.warn"))
    for identity in ("loan.close", "desk.shut"):
        operation = model.operation(identity)
        assert {"CONFLICT", "TOO_LATE"} <= set(operation.errors), identity
        assert "Note" in operation.touches, identity
    assert "Note" in model.entity("Loan").touches


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("- update: loan", "  set:", "    state: open"), "loan is the row that close moves"),
        (("- transition: loan", "  using: close"), "loan is the row that close moves"),
        (("- require: 1 = 2", "  keep: true"), "a transition happens as a whole"),
        (("- require: input.id is set",), "input"),
        (("- call: desk.shut",), "operations call each other in a cycle"),
        (
            ("- load: Loan", "  as: other", "  where: state = open", "- transition: other", "  using: close"),
            "transitions make each other",
        ),
    ],
)
def test_what_a_transition_cannot_do_is_refused(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    found = problems_of(tmp_path, steps(*lines))
    assert any(message in each for each in found), found
