"""Steps that call an operation of their own service, and steps that write a row for each of a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.languages.typescript.services import operation_facts
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


EACH = """
entities:
  Item:
    fields:
      title: varchar(80) required
  Copy:
    fields:
      title: varchar(80) required
      number: integer
services:
  desk:
    operations:
      copy:
        http: POST /copies
        steps:
          - load: Item
            as: items
            many: true
            where: true
          - create: Copy
            each: item in items
            {}
"""


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("set:\n              title: item.title", True),
        ("set:\n              title: item.title\n              number: count Copy(true)", False),
        ("when: item.title != 'x'\n            set:\n              title: item.title", False),
    ],
)
def test_rows_for_each_of_a_list_are_one_statement_where_that_can_be(
    tmp_path: Path, written: str, is_one: bool
) -> None:
    model = resolved(tmp_path, EACH.format(written))
    code = "\n".join(operation_facts(model, model.operation("desk.copy"))["lines"])
    assert ("insertMany(" in code, "for (const" in code) == (is_one, not is_one)
