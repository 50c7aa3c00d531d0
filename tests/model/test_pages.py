"""An operation that answers with a page says which rows are on it, and how many there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.plans import problems_of, resolved

LISTED = """
entities:
  Note:
    resource:
      page: {}
    fields:
      title: varchar(80) required
acceptance:
  AC-1:
    title: A list
    when:
      http: note.list
    then:
      holds:
        - result.{}
"""

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


def test_a_list_by_cursor_leads_to_the_next_page_and_counts_nothing(tmp_path: Path) -> None:
    model = resolved(tmp_path, LISTED.format("cursor", "items.count = 0 and result.next is not set"))
    listing = model.operation("note.list")
    assert (listing.output.kind, listing.output.item) == ("cursor_page", "view")
    names = [member.json for member in listing.input]
    assert "cursor" in names and "offset" not in names


@pytest.mark.parametrize(("page", "member"), [("cursor", "total = 0"), ("offset", "next is set")])
def test_each_kind_of_page_has_its_own_members(tmp_path: Path, page: str, member: str) -> None:
    found = problems_of(tmp_path, LISTED.format(page, member))
    assert any("has no member" in each for each in found), found
