"""Random plans cut down to what fastapi has code for, and a plan whose names mean something in Python."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.strategies.plans import plans, to_text

NOT_YET = ("config", "services", "acceptance", "fixtures", "schemas", "quality", "types")

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
    plan = YAML(typ="safe").load(io.StringIO(draw(plans(related=False))))
    plan["stack"] = "fastapi"
    plan["conventions"] = {"json": plan["conventions"]["json"]}
    for key in NOT_YET:
        plan.pop(key, None)
    for entity in plan["entities"].values():
        entity.pop("states", None)
        if isinstance(entity.get("resource"), dict):
            entity["resource"].pop("page", None)
        entity["fields"] = {
            name: _reduced(field) for name, field in entity["fields"].items() if not _is_computed(field)
        }
    return to_text(plan)


def _is_computed(field: Any) -> bool:
    return isinstance(field, dict) and bool({"stored", "snapshot"} & field.keys())


def _reduced(field: Any) -> Any:
    if not isinstance(field, dict):
        return field
    kept = dict(field)
    if str(kept.get("default", "")).startswith("= "):
        del kept["default"]
    if kept["type"] == "interval":
        return {"type": "integer"} | ({"required": True} if kept.get("required") else {})
    if kept["type"].startswith(("money", "array")):
        return {"type": "integer"} | ({"required": True} if kept.get("required") else {})
    if kept["type"] == "Secret":
        kept["type"] = "text"
    if kept.get("format") not in ("email", "slug"):
        kept.pop("format", None)
    return kept


def sized_plan(lengths: Iterable[int]) -> str:
    """A plan whose names have given lengths: for each, an entity with fields as long and one with others.

    Every shape of line that depends on a name is in it: all types with and without rules, defaults and
    filters, references, relations, enums, checks, uniques, indexes, derived fields.
    """
    plan: dict[str, Any] = {"specwright": 1, "project": "sized", "stack": "fastapi", "entities": {}}
    plan["errors"] = {}
    for length in lengths:
        for letter, within in (("v", length), ("w", 41 - length)):
            error = _sized(letter, length).upper()
            plan["errors"][error] = {"status": 409, "text": "t" * length}
            plan["entities"][_sized(letter, length).capitalize()] = _sized_entity(
                letter, length, within, error
            )
    plan["entities"]["Target"] = {"resource": True, "fields": {"name": "varchar(20) required"}}
    return to_text(plan)


def _sized(letter: str, length: int) -> str:
    return letter + "u" * (length - 1)


def _sized_entity(letter: str, length: int, within: int, error: str) -> dict[str, Any]:
    own = _sized(letter, length).capitalize()
    words = ("w" * length + " ") * 2
    types: dict[str, Any] = {
        "a": {"type": "text", "default": words},
        "b": {"type": "varchar(255)", "format": "email", "required": True, "normalize": "lower_trim"},
        "c": {"type": "varchar(20)", "min_length": 1, "pattern": "[a-z]{1,9}"},
        "d": {"type": "smallint", "min": -7, "max": 20000, "required": True, "default": 12345},
        "e": {"type": "integer"},
        "f": {"type": "bigint", "min": -9007199254740990},
        "g": {"type": "decimal(12,4)", "min": -1, "max": 12345678, "default": 2.5},
        "h": {"type": "boolean", "required": True, "default": False},
        "i": {"type": f"enum({_sized('l', within)}, {_sized('r', within)})", "required": True},
        "j": {"type": "date", "min": "2026-01-01", "default": "2026-02-03"},
        "k": {"type": "time", "default": "09:30:00"},
        "l": {"type": "timestamptz", "min": "2026-01-01T00:00:00Z"},
        "m": {"type": "uuid"},
        "n": {"type": "jsonb", "required": True},
        "o": {"type": "jsonb", "expose": "never"},
        "p": {"type": "text", "default": "漢é☃" * (1 + length // 2), "required": True},
        "s": {"type": "varchar(100)", "min_length": 2 * length, "required": True, "unique": True},
        "t": {"type": "varchar(60)", "format": "slug", "write": "create"},
        "u": {"type": "integer", "required": True, "min": 1, "max": 5},
        "v": {"type": "boolean"},
        "r": "ref Target required",
        "x": f"ref {own}",
        "y": {"type": "many Target", "table": f"j{letter}{length}"},
        "z": {"type": "integer", "derived": "count Target(id != this.r_id)"},
    }
    # With `_id` a reference has to stay within 40 characters too.
    names = {key: _sized(key, min(within, 37) if key in "rx" else within) for key in types}
    types["z"]["derived"] = f"count Target(id != this.{names['r']}_id)"
    listed = [names[key] for key in "abcdefghijklmpstuv"]
    filters = [name for name in listed if name != names["p"]]
    return {
        # As long as the constraint of the longest column allows.
        "table": f"{letter}{length}_".ljust(56 - max(within, 3), "t"),
        "lock": "optimistic",
        "soft_delete": letter == "w",
        "resource": {
            "path": f"/{letter}{'p' * 2 * length}",
            "filter": [*filters, f"{names['r']}_id", names["y"]],
            "search": [names["a"], names["b"], names["c"]],
            "sort": listed,
            "order": [f"{names['d']} desc", names["e"]],
        },
        "fields": {names[key]: type_ for key, type_ in types.items()},
        "unique": {names["b"]: {"fields": [names["b"], names["d"]], "error": error}},
        "indexes": {names["e"]: {"fields": [names["e"], f"{names['d']} desc"], "where": f"{names['d']} > 5"}},
        "checks": {
            names["c"]: {"rule": f"{names['d']} > -20000 or {names['e']} is set", "error": error},
            names["d"]: f"{names['c']} is not set or {names['a']} is set",
        },
    }
