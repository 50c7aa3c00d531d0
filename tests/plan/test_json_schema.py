"""The published JSON Schema is the one of the code, describes every key, and agrees with the loader.

`python -m tests.plan.test_json_schema` publishes it anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from generator.plan import plan_schema, tasks_schema, write_plan
from generator.plan.nodes import Mapping, Node, Scalar, Sequence, compose
from generator.problems import ProblemList
from tests.plan.plans import NAMES, PLANS, cut, whole
from tests.plan.test_writing import reloaded

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema"
CASES = Path(__file__).parent.parent / "cases"
SCHEMAS = {"plan": plan_schema(), "tasks": tasks_schema()}
REFUSED = (
    "unknown-section",
    "missing-head",
    "wrong-words",
    "name-shapes",
    "long-name",
    "wrong-kinds",
    "unknown-field-key",
    "entity-keys",
    "resource-false",
    "resource-keys",
    "crud",
    "unknown-step",
    "step-keys",
    "slot",
    "member-types",
    "given",
    "when",
    "quality",
    "task-keys",
    "no-fields",
    "empty-fields",
    "project-name",
    "newer-language",
    "constraints",
)
"""Bad cases whose mistake an editor can see without knowing the language's texts."""


def as_editors_read(node: Node) -> Any:
    """A document by the core schema of YAML 1.2, as editors guess it."""
    if isinstance(node, Mapping):
        return {key.text: as_editors_read(value) for key, value in node.entries()}
    if isinstance(node, Sequence):
        return [as_editors_read(item) for item in node.items]
    assert isinstance(node, Scalar)
    if node.style:
        return node.text
    if node.text in ("", "~", "null"):
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if re.fullmatch(r"[-+]?[0-9]+", node.text):
        return int(node.text)
    return float(node.text) if re.fullmatch(r"[-+]?[0-9]*\.[0-9]+", node.text) else node.text


def faults(text: str, kind: str) -> list[str]:
    """What an editor would underline."""
    problems = ProblemList()
    root = compose(text, "plan.yaml", problems)
    problems.raise_if_errors()
    assert root is not None
    found = jsonschema.Draft7Validator(SCHEMAS[kind]).iter_errors(as_editors_read(root))
    return [f"{list(error.absolute_path)}: {error.message}" for error in found]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_published_schema_is_that_of_the_code(kind: str) -> None:
    published = (PUBLISHED / f"{kind}-1.json").read_text(encoding="utf-8")
    assert published == json.dumps(SCHEMAS[kind], indent=2) + "\n"
    jsonschema.Draft7Validator.check_schema(SCHEMAS[kind])


@pytest.mark.parametrize("name", NAMES)
def test_the_plans_of_the_language_are_accepted_reserved_parts_too(name: str) -> None:
    assert faults(whole(name), "plan") == []
    tasks = PLANS / name / "tasks.yaml"
    if tasks.is_file():
        assert faults(tasks.read_text(encoding="utf-8"), "tasks") == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_is_accepted(name: str) -> None:
    plan = reloaded(cut(name))
    assert faults(write_plan(plan, "short"), "plan") == []
    assert faults(write_plan(plan, "long"), "plan") == []


@pytest.mark.parametrize("name", REFUSED)
def test_mistakes_are_seen_in_the_editor(name: str) -> None:
    kind = "tasks" if name.startswith("task") else "plan"
    assert faults((CASES / f"bad-{name}" / f"{kind}.yaml").read_text(encoding="utf-8"), kind)


def properties(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of a schema, at every depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for part in schema.values():
            yield from properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from properties(part)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_key_is_described(kind: str) -> None:
    found = list(properties(SCHEMAS[kind]))
    assert len(found) > 15
    bare = {name for name, schema in found if not schema.get("description", "").endswith(".")}
    assert bare - {"together"} == set()


def test_what_is_reserved_is_marked() -> None:
    marked = {
        name
        for name, schema in properties(SCHEMAS["plan"])
        if "not supported yet" in schema.get("description", "")
    }
    sections = {"events", "jobs", "integrations", "webhooks", "realtime", "ui", "infrastructure"}
    assert marked == sections | {"encrypt"}


if __name__ == "__main__":
    for name, published in SCHEMAS.items():
        (PUBLISHED / f"{name}-1.json").write_text(json.dumps(published, indent=2) + "\n", encoding="utf-8")
