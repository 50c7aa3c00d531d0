"""Names of every length from 1 to 40: how a line wraps depends on them, and nothing is left to reformat."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from generator.plan.names import names_of
from tests.stacks.express import borrow, check, write_project
from tests.strategies.plans import to_text

LENGTHS = range(1, 41)
KINDS: tuple[dict[str, Any] | str, ...] = (
    "text",
    "varchar(40) required",
    {"type": "integer", "required": True, "default": 3, "min": 1, "max": 5},
    "boolean required = false",
    "timestamptz",
    "enum(low, high) required = low",
    {"type": "decimal(9,2)", "required": True, "min": "0.01"},
    "date",
    {"type": "varchar(60)", "normalize": "lower", "pattern": "^[a-z]+$"},
    "jsonb",
)

pytestmark = pytest.mark.stack


def name(length: int, letter: str) -> str:
    """A name of so many letters, of one word where there is no room for two."""
    if length > 6 and length % 3 == 0:
        return f"{letter * (length // 2 - 1)}_{'x' * (length - length // 2)}"
    return letter * length


def plan_of(part: range) -> str:
    """A plan in which an entity of each length in a part has a field of each length, and an operation of its own."""
    entities: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for length in part:
        entity = names_of(name(length, "q")).pascal
        fields = {name(other, "z"): deepcopy(KINDS[(length + other) % len(KINDS)]) for other in LENGTHS}
        entities[entity] = {"soft_delete": length % 2 == 0, "resource": True, "fields": fields}
        if length % 2:
            entities[entity]["lock"] = "optimistic"
        operations[names_of(name(length, "w")).camel] = {
            "http": f"POST /{'w' * length}/{{id}}",
            "input": {"id": f"{entity}.id required", name(41 - length, "v"): "integer required"},
            "output": entity,
            "steps": [
                {"load": entity, "by": "input.id", "as": name(41 - length, "k")},
                {"return": name(41 - length, "k")},
            ],
        }
    return to_text(
        {
            "specwright": 1,
            "project": "lengths",
            "stack": "express-react",
            "entities": entities,
            "services": {"board": {"operations": operations}},
        }
    )


@pytest.mark.parametrize("first", LENGTHS[::10])
def test_names_of_every_length_compile_and_lint(express_modules: Path, tmp_path: Path, first: int) -> None:
    (tmp_path / "plan.yaml").write_text(plan_of(range(first, first + 10)), encoding="utf-8")
    write_project(tmp_path)
    borrow(tmp_path, express_modules)
    check(tmp_path, express_modules)
