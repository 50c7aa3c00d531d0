"""`explain` writes out what was inferred: the same meaning, and nothing left to infer."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from generator.answers import build_answers
from generator.model import resolve, select
from generator.model.explanation import explain
from generator.plan import write_plan
from generator.plan.loading import load_project
from tests.model.test_selection import ROOMS

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
CASES = Path(__file__).parents[1] / "cases"


@pytest.mark.parametrize("example", ["task-tracker"])
def test_what_is_explained_means_the_same(tmp_path: Path, example: str) -> None:
    project = load_project(EXAMPLES / example)
    model = resolve(project)
    for file, plan in explain(project, model):
        (tmp_path / file).write_text(write_plan(plan), encoding="utf-8")
    (tmp_path / "tasks.yaml").write_bytes((EXAMPLES / example / "tasks.yaml").read_bytes())
    again = resolve(load_project(tmp_path))
    for field in fields(model):
        if field.name not in ("tasks", "phases"):
            assert getattr(again, field.name) == getattr(model, field.name), field.name
    assert build_answers(again, select(again, ROOMS)) == build_answers(model, select(model, ROOMS))


@pytest.mark.parametrize("case", ["callers", "crud", "overrides", "relations", "money"])
def test_what_is_explained_of_a_case_means_the_same(tmp_path: Path, case: str) -> None:
    project = load_project(CASES / case)
    model = resolve(project)
    for file, plan in explain(project, model):
        (tmp_path / file).write_text(write_plan(plan), encoding="utf-8")
    again = resolve(load_project(tmp_path))
    for field in fields(model):
        assert getattr(again, field.name) == getattr(model, field.name), field.name


def test_inferred_things_are_written_out(tmp_path: Path) -> None:
    text = (
        "specwright: 1\nproject: sample\nstack: express-react\n"
        "entities:\n  Note:\n    resource: true\n    fields:\n      title: varchar(80) required\n"
    )
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    project = load_project(tmp_path)
    ((_, plan),) = explain(project, resolve(project))
    written = write_plan(plan)
    for inferred in (
        "table: notes",
        "path: /notes",
        "search: [title]",
        "order: [created_at desc]",
        "json: camelCase",
    ):
        assert inferred in written
