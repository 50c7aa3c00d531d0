"""A step that calls an operation of its own service, by whatever names the plan has for both."""

from __future__ import annotations

from pathlib import Path

from generator.languages.typescript_services import operation_facts
from tests.model.plans import resolved

PLAN = """
services:
  desk:
    operations:
      total:
        output:
          amount: integer required
        slot:
          intent: The amount
          proven_by: [AC-1]
          fallback:
            return:
              amount: 1
      bill:
        http: POST /bill
        output:
          amount: integer required
        steps:
          - call: desk.total
            as: total
          - return:
              amount: total.amount
acceptance:
  AC-1:
    title: It adds up
    when:
      http: desk.bill
    then:
      body:
        amount: 1
"""


def test_a_binding_is_not_called_as_the_function_is_that_gives_it(tmp_path: Path) -> None:
    model = resolved(tmp_path, PLAN)
    facts = operation_facts(model, model.operation("desk.bill"))
    assert facts["lines"][0] == "const totalRow = await total(context, {});"


def test_the_function_of_a_slot_is_imported_from_the_file_of_slots(tmp_path: Path) -> None:
    model = resolved(tmp_path, PLAN)
    assert ["./desk.slots.js", "total"] in operation_facts(model, model.operation("desk.bill"))["imports"]
    assert not any(
        "desk" in module for module, _ in operation_facts(model, model.operation("desk.total"))["imports"]
    )
