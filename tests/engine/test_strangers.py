"""Which places of requests tests of strangers are told of, and what they know of who sees a row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.blueprints import templates_folder
from generator.languages.typescript.guards import guard_facts
from generator.languages.typescript.testing.callers import Callers
from generator.languages.typescript.testing.endpoints import endpoint_facts
from generator.languages.typescript.testing.samples import Sampler
from generator.model.selection import select
from generator.understanding import understand
from tests.engine.conftest import REPOSITORY

CASES = REPOSITORY / "tests" / "cases"
TRACKER = """\
specwright: 1
project: tracker
stack: express-react
identity: {actor: Person, from: gateway}
entities:
  Person:
    visible: id = actor.id
    fields: {name: varchar(80) required}
  Project:
    owner: lead
    visible: lead_id = actor.id or exists Part(project_id = this.id and person_id = actor.id)
    resource: true
    fields: {lead: ref Person required, name: varchar(80) required}
  Part:
    visible: project.lead_id = actor.id or person_id = actor.id
    resource: true
    fields: {project: ref Project required, person: ref Person required}
  Task:
    visible: project.lead_id = actor.id
    resource: true
    fields: {project: ref Project required, assignee: ref Person, name: varchar(80) required}
"""


def places(folder: Path) -> set[tuple[str, ...]]:
    """The places that tests are told of: operation, subject of the row, and the input if it is one."""
    model = understand(folder, templates_folder()).model
    facts = endpoint_facts(model, select(model, ["model", "controller", "test"]))
    assert facts is not None
    text = " ".join(" ".join(facts["lines"]).split())
    found = re.findall(r"operation: '([\w.]+)', names: '(\w+)'(?:, as: '(\w+)')?", text)
    return {tuple(part for part in each if part) for each in found}


def test_every_place_that_can_name_a_row_is_told() -> None:
    told = places(CASES / "callers")
    rows = {(operation, subject) for operation, subject, *place in told if not place}
    assert {operation for operation, subject in rows if subject == "booking"} == {
        f"booking.{name}" for name in ("get", "update", "delete", "confirm", "cancel")
    }
    assert ("room.restore", "room") in rows and ("membership.get", "membership") in rows
    assert {each for each in told if each[1:2] == ("room",) and len(each) == 3} == {
        ("tag.create", "room", "roomIds"),
        ("tag.update", "room", "roomIds"),
        *(
            (f"{name}.{kind}", "room", "roomId")
            for name in ("opening", "note")
            for kind in ("create", "update")
        ),
        *((f"{name}.list", "room", "roomId") for name in ("opening", "note", "booking")),
        ("booking.update", "room", "roomId"),
        ("desk.book", "room", "roomId"),
    }
    # What everybody sees is nobody's secret.
    assert not {subject for _, subject, *_ in told} & {"tenant", "user"}


def test_accounts_name_sessions_and_each_other() -> None:
    told = places(CASES / "people")
    assert {("auth.revokeDevice", "refreshToken", "id"), ("person.get", "person")} <= told
    # What runs as the system sees all rows.
    assert not [each for each in told if each[0] == "auth.resetPassword"]


@pytest.fixture
def callers(tmp_path: Path) -> Callers:
    (tmp_path / "plan.yaml").write_text(TRACKER)
    return Callers(Sampler(understand(tmp_path, templates_folder()).model))


@pytest.mark.parametrize("name", ["Person", "Project", "Part", "Task"])
def test_a_stranger_is_known_whatever_the_way_to_a_row(callers: Callers, name: str) -> None:
    assert callers.unseen(callers.sampler.model.entity(name)) == {}


def test_conditions_of_sight_share_no_alias_with_statements_around_them(callers: Callers) -> None:
    model = callers.sampler.model
    text = guard_facts(model, model.entity("Task"))["visible"]
    # Inside of `(select count(*) from tasks a1 where …)` an alias of its own would be taken for the task.
    assert " v1 where v1.id = ${row}.project_id" in text and " a1" not in text


def test_who_leads_a_project_sees_what_belongs_to_it(callers: Callers) -> None:
    entity = callers.sampler.model.entity
    assert callers.seen(entity("Project")) == ("lead_id",)
    assert callers.seen(entity("Part")) == () and callers.seen(entity("Task")) == ()
    assert callers.seen(entity("Person")) is None and callers.sees_self("Person")
    assert not callers.sees_self("Project")
