"""An operation that answers with a page says which rows are on it, and how many there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.plans import problems_of, resolved

PLAN = """
entities:
  Note:
    fields:
      title: varchar(80) required
services:
  desk:
    operations:
      find:
        http: GET /found-notes
        output: page(Note)
        steps:
          - load: Note
            as: found
            many: true
            where: title != ''
            limit: 5
          - return: {}
"""


def test_a_page_has_items_and_their_number(tmp_path: Path) -> None:
    given = "\n              items: found\n              total: count Note(title != '')"
    operation = resolved(tmp_path, PLAN.format(given)).operation("desk.find")
    assert (operation.output.kind, operation.output.name, operation.output.item) == ("page", "Note", "view")
    assert operation.body is not None and list(operation.body.steps[-1].members or {}) == ["items", "total"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("found", "a page is `items` and `total`"),
        ("\n              items: found", "a page is `items` and `total`"),
        ("\n              items: found\n              total: found", "integer is expected"),
        ("\n              items: found.count\n              total: found.count", "list is expected"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, given: str, message: str) -> None:
    found = problems_of(tmp_path, PLAN.format(given))
    assert any(message in each for each in found), found
