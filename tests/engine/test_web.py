"""What the web room is told of a plan: pages, columns, actions, titles; and nothing where it is off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.answers import build_answers
from generator.blueprints import rooms_of
from generator.model import select
from generator.pipeline import understand
from tests.engine.conftest import REPOSITORY

PLAN = """\
specwright: 1
project: shop
title: "Shop </title>{process.exit()} `${1}` 'and' \\"more\\""
stack: express-react
ROOMS
entities:
  Shelf:
    title: "Shelf {`</script>`}"
    resource:
      sort: [name]
    fields:
      code: varchar(8) required
      name:
        type: varchar(80)
        title: "Name </b> '{x}' */"
        required: true
      note: text
      price: money(EUR)
      parent: ref Shelf
      opened_on: date
  Box:
    lock: optimistic
    soft_delete: true
    resource:
      filter: [shelf_id, state, opened_on]
      search: [label]
      sort: [opened_on]
    fields:
      shelf: ref Shelf required
      label: varchar(40) required
      state: enum(shut, open) required = shut
      opened_on: date
    states:
      field: state
      initial: shut
      transitions:
        open: {from: shut, to: open}
  Log:
    resource:
      operations: [create]
    fields:
      text: text required
services:
  desk:
    operations:
      move:
        title: Move a box to 'another' shelf
        http:
          route: POST /boxes/{box_id}/move
          idempotency: required
        input:
          box_id: Box.id required
          shelf_id: Shelf.id required
        output: Box
        steps:
          - load: Box
            by: input.box_id
          - update: box
            set:
              shelf_id: input.shelf_id
          - return: box
"""

Told = Callable[..., dict[str, Any]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    def answer(rooms: str = "rooms: {with: [web]}") -> dict[str, Any]:
        (tmp_path / "plan.yaml").write_text(PLAN.replace("ROOMS", rooms), encoding="utf-8")
        model = understand(tmp_path, REPOSITORY).model
        return build_answers(
            model, select(model, [room.id for room in rooms_of(REPOSITORY, "express-react")])
        )

    return answer


def text_of(facts: dict[str, Any], name: str) -> str:
    return "\n".join(next(item["lines"] for item in facts["resources"] if item["key"] == name))


def test_nothing_is_told_where_the_room_is_off(told: Told) -> None:
    answers = told(rooms="")
    assert "web" not in answers and "web" not in answers["rooms"]


def test_every_resource_has_the_pages_that_it_can_have(told: Told) -> None:
    entries = {item["key"]: dict(item["entry"]) for item in told()["web"]["resources"]}
    assert [*entries] == ["shelf", "box", "log"]
    assert entries["box"] == {
        "title": "'Box'",
        "plural": "'Boxes'",
        "path": "'/boxes'",
        "isListed": "true",
        "isShown": "true",
        "isCreated": "true",
        "isUpdated": "true",
    }
    assert entries["log"]["isListed"] == "false" and entries["log"]["isCreated"] == "true"


def test_text_of_a_plan_stays_text(told: Told) -> None:
    facts = told()["web"]
    assert facts["title"] == [
        "export const TITLE =",
        "  'Shop </title>{process.exit()} `${1}` \\'and\\' \"more\"';",
    ] or facts["title"] == ["export const TITLE = 'Shop </title>{process.exit()} `${1}` \\'and\\' \"more\"';"]
    shelf = next(item for item in facts["resources"] if item["key"] == "shelf")
    assert dict(shelf["entry"])["title"] == "'Shelf {`</script>`}'"
    assert "\"Name </b> '{x}' */\"" in text_of(facts, "shelf")


def test_fields_say_what_they_are(told: Told) -> None:
    shelf = text_of(told()["web"], "shelf")
    for line in (
        "price: field.money('Price', 'EUR')",
        "note: field.multiline('Note')",
        "parentId: field.reference('Parent', 'shelf')",
        "openedOn: field.date('Opened on')",
        "label: 'name'",
    ):
        assert line in shelf
    assert "id: field" not in shelf


def test_a_table_begins_with_what_says_most(told: Told) -> None:
    facts = told()["web"]
    assert "columns: ['name', 'code', 'price', 'openedOn', 'parentId', 'createdAt']" in text_of(
        facts, "shelf"
    )
    box = text_of(facts, "box")
    assert "columns: ['label', 'state', 'shelfId', 'openedOn', 'createdAt', 'updatedAt']" in box
    for line in ("openedOnFrom: from('openedOn')", "openedOnBefore: before('openedOn')", "hasSearch: true"):
        assert line in box


def test_a_row_can_do_what_its_state_and_its_services_say(told: Told) -> None:
    box = text_of(told()["web"], "box")
    assert "undo: boxApi.restore" in box and "isVersioned: true" in box
    assert "title: 'Open'" in box and "when: { state: ['shut'] }" in box
    assert "title: \"Move a box to 'another' shelf\"" in box
    assert "path: { boxId: 'id' }" in box
    assert "input: MoveInput.omit({ boxId: true })" in box
    assert "fields: { shelfId: field.reference('Shelf', 'shelf') }" in box


def test_operations_are_typed_by_the_contract(told: Told) -> None:
    apis = {api["file"]: api for api in told()["web"]["apis"]}
    assert [*apis] == ["shelf", "box", "log", "desk"]
    desk = " ".join(line.strip() for line in apis["desk"]["lines"])
    assert desk.startswith("move: endpoint<z.input<typeof MoveInput>, Box>(")
    assert "'/boxes/{boxId}/move'" in desk and "'keyed'" in desk
    assert ["@app/contract/desk.operations", "type MoveInput"] in apis["desk"]["imports"]
