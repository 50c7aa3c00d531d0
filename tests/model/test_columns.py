"""Columns in camelCase: what the database is told, while the plan keeps its words."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from generator.model import Model, resolve
from generator.model.explanation import explain
from generator.plan import write_plan
from generator.plan.loading import load_project
from generator.problems import PlanProblems
from tests.model.plans import problems_of, resolved, write_features

CASE = Path(__file__).parents[1] / "cases" / "camel-columns"
CAMEL = "conventions:\n  columns: camelCase\n"
NOTES = (
    CAMEL
    + """
entities:
  Box:
    fields:
      title: varchar(80) required
  Note:
    soft_delete: true
    lock: optimistic
    resource:
      filter: [kept_in_id, due_on]
    fields:
      kept_in: ref Box required
      due_on: date required
      full_price: money required
      short_text:
        type: text
        column: text_in_short
        unique: true
      seen_by: many Box
    checks:
      due: due_on is set
"""
)


@pytest.fixture(scope="module")
def hire() -> Model:
    """The case whose columns are in camelCase."""
    return resolve(load_project(CASE))


def test_columns_are_quoted_and_tables_are_not(tmp_path: Path) -> None:
    (migration,) = resolved(tmp_path, NOTES).migrations
    for statement in (
        '"keptInId" uuid NOT NULL',
        '"fullPriceMinor" bigint NOT NULL',
        '"fullPriceCurrency" text NOT NULL',
        '"deletedAt" timestamptz(3)',
        "version integer NOT NULL DEFAULT 1",
        'PRIMARY KEY ("noteId", "boxId")',
        'CONSTRAINT ck_notes_due CHECK ("dueOn" is not null)',
        'CREATE UNIQUE INDEX "uq_notes_textInShort" ON notes ("textInShort") WHERE "deletedAt" IS NULL;',
        'CONSTRAINT "fk_notes_keptInId" FOREIGN KEY ("keptInId") REFERENCES boxes (id)',
    ):
        assert statement in migration.up, migration.up


def test_no_statement_of_the_case_says_a_column_without_quotes(hire: Model) -> None:
    columns = {member.column for entity in hire.entities for member in entity.members}
    columns |= {
        each
        for entity in hire.entities
        for item in entity.many
        for each in (item.own_column, item.other_column)
    }
    assert len([column for column in columns if column != column.lower()]) > 30
    for migration in hire.migrations:
        unquoted = re.sub(r'"[^"]*"|\'[^\']*\'', "", migration.up + migration.down)
        assert not re.findall(r"\b[a-z]+[A-Z]\w*", unquoted)


def test_the_plan_keeps_its_words(tmp_path: Path, hire: Model) -> None:
    assert {member.word for member in hire.entity("Machine").members} > {
        "first_skill",
        "day_rate",
        "created_at",
    }
    filters = [item.name for item in hire.entity("Machine").resource.filters]  # type: ignore[union-attr]
    assert {"first_skill", "bought_on", "bought_on_before"} <= set(filters)
    assert hire.operation("yardMember.get").route.parameters == ("yard_id", "person_id")  # type: ignore[union-attr]
    lacking = (
        NOTES
        + """
services:
  desk:
    operations:
      add:
        steps:
          - create: Note
"""
    )
    assert any("creating Note lacks due_on" in problem for problem in problems_of(tmp_path, lacking))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    plain = "entities:\n  Note:\n    fields:\n      line_1: text\n"
    added = "extend:\n  Note:\n    fields:\n      line1: text\n"
    write_features(tmp_path, {"001-notes": CAMEL + plain, "002-lines": added})
    with pytest.raises(PlanProblems, match="Note has line1 twice"):
        resolve(load_project(tmp_path))


def test_what_is_explained_means_the_same(tmp_path: Path, hire: Model) -> None:
    for file, plan in explain(load_project(CASE), hire):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_text(write_plan(plan), encoding="utf-8")
    again = resolve(load_project(tmp_path))
    for field in fields(hire):
        assert getattr(again, field.name) == getattr(hire, field.name), field.name
