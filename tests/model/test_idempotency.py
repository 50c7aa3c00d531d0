"""Keys of requests: what routes say of them, and which migration brings their table."""

from __future__ import annotations

from pathlib import Path

from generator.languages.typescript.access import PolicyFunctions
from generator.languages.typescript.services import operation_facts, resource_operation_facts
from generator.model import resolve
from generator.plan.loading import load_project
from tests.model.plans import resolved, write_features

ITEMS = """
entities:
  Item:
    resource: true
    fields:
      title: varchar(80) required
      state: enum(open, shut) required = open
    states:
      field: state
      initial: open
      transitions:
        close:
          from: open
          to: shut
          http:
            access: actor
            idempotency: required
identity:
  actor: Person
"""
PERSON = """
  Person:
    fields:
      name: text required
"""
DESK = """
services:
  desk:
    operations:
      tidy:
        http:
          route: POST /tidy
          idempotency: optional
        transaction: serializable
        steps:
          - delete: Item
            where: state = shut
"""
TABLE = "CREATE TABLE idempotency_keys"


def test_a_transition_takes_keys_and_limits_as_an_operation_does(tmp_path: Path) -> None:
    text = ITEMS.replace("identity:", PERSON.strip("\n") + "\nidentity:").replace(
        "idempotency: required", "idempotency: required\n            rate_limit: 5 per 1m by actor+id"
    )
    model = resolved(tmp_path, text)
    close = model.operation("item.close")
    assert close.route is not None and close.route.limit is not None
    assert (close.route.idempotency, close.route.limit.by) == ("required", ("actor", "id"))
    item = model.entity("Item")
    facts = resource_operation_facts(item, close, PolicyFunctions(model, item))
    assert facts["idempotency"] == "required" and not facts["keyed_serializable"]
    assert {"CONFLICT", "VALIDATION_FAILED"} <= set(facts["errors"]) and "CONFLICT" not in close.errors


def test_the_key_is_kept_as_strictly_as_the_operation_works(tmp_path: Path) -> None:
    items = ITEMS.split("    states:")[0]
    model = resolved(tmp_path, items + DESK)
    facts = operation_facts(model, model.operation("desk.tidy"))
    assert (facts["idempotency"], facts["keyed_serializable"]) == ("optional", True)
    assert TABLE in model.migrations[0].up and "DROP TABLE idempotency_keys" in model.migrations[0].down


def test_the_table_comes_with_the_first_feature_that_needs_it(tmp_path: Path) -> None:
    items = ITEMS.split("    states:")[0]
    write_features(tmp_path, {"001-items": items, "002-desk": DESK})
    model = resolve(load_project(tmp_path))
    assert [TABLE in migration.up for migration in model.migrations] == [False, True]


def test_a_plan_without_keys_has_no_table_for_them(tmp_path: Path) -> None:
    model = resolved(tmp_path, ITEMS.split("    states:")[0])
    assert not any(TABLE in migration.up for migration in model.migrations)
