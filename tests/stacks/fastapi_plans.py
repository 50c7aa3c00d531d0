"""Random plans cut down to what fastapi has code for, and a plan whose names mean something in Python."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.strategies.plans import plans, to_text

NOT_YET = ("config", "services", "acceptance", "fixtures", "schemas", "quality")

AWKWARD = """
specwright: 1
project: awkward
title: 'Names that mean something: "quotes", \\back, 漢字'
stack: fastapi
conventions:
  json: snake_case
entities:
  Index:
    resource:
      filter: [date, int, bool, many_of]
      sort: [str, date, decimal]
    fields:
      str: varchar(10) required unique
      int: integer
      bool: boolean required = true
      date: date
      datetime: timestamptz
      time: time
      text:
        type: text
        default: 'a "quoted" \\ text: :colon'
      decimal: decimal(6,2) = 2.5
      uuid: uuid
      json: jsonb
      metadata: jsonb required
      copy: enum(one) required
      schema: enum(left, right)
      fields: smallint
      model_config: bigint
      sa: varchar(5)
      mapped_column: varchar(5)
      violations: varchar(5)
      other_name:
        type: varchar(9)
        column: another_name
      many_of: many Literal
    checks:
      colon: "text is not set or text != ':it''s :index %(no)s'"
  Literal:
    resource: true
    fields:
      index: ref Index required
      annotated: varchar(9) required = 'x'
  Shape:
    timestamps: none
    resource:
      operations: [list]
      sort: []
    fields:
      x: integer
"""


@st.composite
def fastapi_plans(draw: st.DrawFn) -> str:
    """A valid plan for fastapi, as text."""
    plan = YAML(typ="safe").load(io.StringIO(draw(plans())))
    plan["stack"] = "fastapi"
    for key in NOT_YET:
        plan.pop(key, None)
    for entity in plan["entities"].values():
        entity.pop("states", None)
        entity["fields"] = {name: _reduced(field) for name, field in entity["fields"].items()}
    return to_text(plan)


def _reduced(field: Any) -> Any:
    if isinstance(field, dict):
        computed = str(field.get("default", "")).startswith("= ")
        return {key: value for key, value in field.items() if key != "default" or not computed}
    return field
