"""Keys of several columns: what they are made of, the paths that follow, and what cannot refer to them."""

from __future__ import annotations

from pathlib import Path

from tests.model.plans import problems_of, resolved

SEATS = """
entities:
  Room:
    key: [code]
    fields:
      code: varchar(9) required
  Person:
    fields:
      name: text
  Seat:
    key: [room_id, person_id]
    resource: true
    fields:
      room: ref Room required cascade
      person: ref Person required
      note: text
"""


def test_a_key_has_no_id_and_is_written_once(tmp_path: Path) -> None:
    seat = resolved(tmp_path, SEATS).entity("Seat")
    assert [member.column for member in seat.members][:3] == ["room_id", "person_id", "note"]
    assert [seat.member(column).write for column in seat.key] == ["create", "create"]


def test_paths_have_a_parameter_for_each_column(tmp_path: Path) -> None:
    model = resolved(tmp_path, SEATS)
    route = model.operation("seat.update").route
    assert route is not None and route.path == "/seats/{roomId}/{personId}"
    assert [member.column for member in model.operation("seat.get").input] == ["room_id", "person_id"]
    assert "CONFLICT" in model.operation("seat.create").errors


def test_a_ref_has_the_type_of_the_key_it_leads_to(tmp_path: Path) -> None:
    model = resolved(tmp_path, SEATS)
    assert model.entity("Seat").member("room").sql_type == "varchar(9)"
    up = model.migrations[0].up
    assert "PRIMARY KEY (room_id, person_id)" in up
    assert "REFERENCES rooms (code) ON DELETE CASCADE" in up
    # The primary key is an index that starts with the room.
    assert "idx_seats_person_id" in up and "idx_seats_room_id" not in up


def test_what_a_key_cannot_be(tmp_path: Path) -> None:
    text = SEATS.replace("person: ref Person required", "person: ref Person").replace("[code]", "[cod]")
    text += "      again: ref Seat\n      more: many Room\n"
    found = "\n".join(problems_of(tmp_path, text))
    assert "person_id is part of the key" in found
    assert "Room has no column cod" in found
    assert "Seat has a key of 2 columns, and a ref is one column" in found
    assert "a join table leads to rows by their id" in found


def test_by_loads_by_one_column(tmp_path: Path) -> None:
    text = (
        SEATS
        + "services:\n  desk:\n    operations:\n      go:\n        steps:\n          - load: {}\n            by: {}\n"
    )
    assert not problems_of(tmp_path, text.format("Room", "lower('a')"))
    assert "Seat has a key of 2 columns" in problems_of(tmp_path, text.format("Seat", "new_id()"))[0]
