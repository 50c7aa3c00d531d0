"""Who calls: what `identity` demands of entities, what policies are typed with, and what is refused because of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model import Model
from tests.model.plans import problems_of, resolved

HOUSE = """
identity:
  actor: Person
  scope: House
  member: Membership
entities:
  House:
    fields:
      name: text required
  Person:
    fields:
      name: text required
  Membership:
    scope: house
    key: [house_id, person_id]
    fields:
      house: ref House required
      person: ref Person required
      role: enum(guest, staff) required
  Room:
    scope: house
    resource:
      policy:
        write: staff
    fields:
      house: ref House required
      name: varchar(40) required unique
  Bed:
    scope: room.house
    visible: policies.staff or this.sleeper_id = actor.id
    resource: true
    fields:
      room: ref Room required
      sleeper: ref Person
  Diary:
    owner: author
    resource:
      access: public
      operations: [list]
    fields:
      author: ref Person required
policies:
  staff:
    allow: member.role = staff
services:
  desk:
    operations:
      settle:
        http:
          route: POST /settle
          rate_limit: 2 per 1m by actor+ip
        policy: staff
        runs_as: system
        steps:
          - create: Room
            set:
              name: actor.name
"""


@pytest.fixture
def house(tmp_path: Path) -> Model:
    return resolved(tmp_path, HOUSE)


def test_rows_belong_to_a_tenant_over_required_refs(house: Model) -> None:
    assert [step.column for step in house.entity("Bed").scope] == ["room_id", "house_id"]
    assert house.entity("Room").scope_column == "house_id"
    assert house.entity("Bed").scope_column is None


def test_who_calls_writes_the_columns_that_say_so(house: Model) -> None:
    assert [member.column for member in house.operation("room.create").input] == ["name"]
    assert house.entity("Diary").member("author").write == "never"


def test_owner_implies_what_is_visible(house: Model) -> None:
    assert house.entity("Diary").visible is not None
    assert house.entity("Room").visible is None


def test_operations_say_what_they_need_to_know(house: Model) -> None:
    access = {item.id: item.route.access for item in house.operations if item.route}
    assert access["room.list"] == "tenant" and access["diary.list"] == "public"
    settle = house.operation("desk.settle")
    assert settle.route is not None and settle.route.limit is not None
    assert (settle.route.limit.by, settle.route.limit.milliseconds) == (("actor", "ip"), 60_000)
    assert settle.as_system and {"UNAUTHENTICATED", "FORBIDDEN"} <= set(settle.errors)


def test_a_body_says_whether_a_tenant_is_needed(tmp_path: Path) -> None:
    bodies = """\
  room:
    operations:
      list:
        input:
          text: text
        output:
          text: text required
        steps:
          - return:
              text: "'none of them'"
      get:
        output:
          rooms: integer required
        steps:
          - return:
              rooms: count Room(id = input.id)
"""
    house = resolved(tmp_path, HOUSE + bodies)
    access = {name: house.operation(f"room.{name}").route.access for name in ("list", "get", "create")}  # type: ignore[union-attr]
    assert access == {"list": "actor", "get": "tenant", "create": "tenant"}


def test_policies_are_asked_of_what_they_are_for(house: Model) -> None:
    assert house.operation("room.list").policy is None
    policy = house.operation("room.update").policy
    assert policy is not None and (policy.name, policy.of_row) == ("staff", False)


def test_the_database_holds_tenants_apart(house: Model) -> None:
    up = house.migrations[0].up
    assert "uq_rooms_name ON rooms (house_id, name)" in up
    assert "CREATE TABLE rate_limits" in up


def test_references_within_a_tenant_name_it(tmp_path: Path) -> None:
    text = HOUSE.replace("      name: varchar(40)", "      next: ref Room\n      name: varchar(40)")
    up = resolved(tmp_path, text).migrations[0].up
    assert "ADD CONSTRAINT uq_rooms_house_id_id UNIQUE (house_id, id)" in up
    assert (
        "FOREIGN KEY (house_id, next_id) REFERENCES rooms (house_id, id) ON DELETE SET NULL (next_id)" in up
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("  member: Membership\n", "  member: Room\n"), "Room has no refs to Person, not one"),
        (("scope: room.house", "scope: room.hous"), "Room has no ref hous"),
        (("room: ref Room required", "room: ref Room"), "Bed.room may be unset"),
        (("    scope: room.house\n", ""), "Room belongs to a tenant, and Bed does not"),
        (("author: ref Person required", "author: ref Person"), "Diary.author may be unset"),
        (("owner: author", "owner: writer"), "writer is no ref of Diary to Person"),
        (("write: staff", "write: stuff"), "there is no policy `stuff`"),
        (("write: staff", "all: staff\n        read: staff"), "`all` leaves nothing"),
        (("by actor+ip", "by email"), "email is no input"),
        (("allow: member.role = staff", "allow: this.name = 'x'"), "nothing is called `this` here"),
        (("sleeper: ref Person\n", "sleeper: ref Person\n      size: integer unique\n"), "Put room_id among"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    found = problems_of(tmp_path, HOUSE.replace(*change))
    assert any(message in problem for problem in found), found


def test_callers_need_an_identity(tmp_path: Path) -> None:
    text = "entities:\n  Note:\n    scope: house\n    owner: author\n    resource:\n      access: actor\n"
    text += "    visible: actor is set\n    fields:\n      title: text\n"
    found = "\n".join(problems_of(tmp_path, text))
    assert (
        "there is no scope" in found and "there is no actor" in found and "nothing is called `actor`" in found
    )
