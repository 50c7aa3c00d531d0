"""What services are told of deleted rows that others refer to, and of text that lists sort."""

from __future__ import annotations

from pathlib import Path

from generator.languages.typescript.entities import entity_facts
from generator.languages.typescript.services import operation_facts
from tests.model.plans import resolved

PLAN = """
entities:
  Country:
    key: [code]
    soft_delete: true
    fields:
      code: varchar(2) required
  Tag:
    soft_delete: true
    fields:
      name: text required
  Person:
    fields:
      name: text required
  Town:
    resource:
      sort: [name, size]
      order: [kind desc]
    fields:
      country: ref Country required
      mayor: ref Person
      name: text required
      kind: enum(old, new) required
      size: integer
      note: text
      tags: many Tag
      people: many Person
services:
  atlas:
    operations:
      towns:
        output: list(Town)
        steps:
          - load: Town
            where: size is set
            many: true
            order: [name desc, size]
            as: towns
          - return: towns
"""


def test_models_name_the_rows_that_are_only_marked(tmp_path: Path) -> None:
    model = resolved(tmp_path, PLAN)
    facts = entity_facts(model, model.entity("Town"))
    assert facts["checked_references"] == [{"column": "country_id", "const": "countries", "file": "country"}]
    assert {link["other"]: link["others"] for link in facts["links"]} == {
        "tag_id": {"const": "tags", "file": "tag"},
        "person_id": None,
    }


def test_text_that_is_sorted_is_sorted_by_code_point(tmp_path: Path) -> None:
    model = resolved(tmp_path, PLAN)
    assert entity_facts(model, model.entity("Town"))["resource"]["texts"] == ["name", "kind"]
    lines = "\n".join(operation_facts(model, model.operation("atlas.towns"))["lines"])
    assert 'towns.name collate "C" desc, towns.size' in lines
