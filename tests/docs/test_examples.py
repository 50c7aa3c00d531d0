"""Every example in the documentation is loaded and resolved; the reference has one for each key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from generator.blueprints import templates_folder
from generator.model.unsupported_fastapi import NOT_YET_ON_FASTAPI
from generator.plan.forms import Part
from generator.plan.schema import Expression, Plan, Tasks, TypeLine, Value
from generator.problems import PlanProblems
from generator.understanding import resolved
from tests.docs.pages import DOCUMENTS, Example, examples_of, project_of

PAGES = ("reference/plan-language.md", "language-card.md")
EXAMPLES = [(page, example) for page in PAGES for example in examples_of(DOCUMENTS / page)]


def _named(pair: tuple[str, Example]) -> str:
    return f"{pair[0]}:{pair[1].block.line}"


@pytest.mark.parametrize("pair", EXAMPLES, ids=_named)
def test_the_example_means_what_the_page_says(tmp_path: Path, pair: tuple[str, Example]) -> None:
    example = pair[1]
    try:
        resolved(project_of(example, tmp_path), {}, templates_folder())
    except PlanProblems as found:
        problems = [str(problem) for problem in found.problems]
        assert example.block.word == "refused", "\n".join(problems)
        for line in example.answer.splitlines():
            assert any(line in problem for problem in problems), "\n".join(problems)
        return
    assert example.block.word != "refused", "this is not refused"


def test_the_reference_has_an_example_for_each_key(tmp_path: Path) -> None:
    used: set[str] = set()
    for number, (page, example) in enumerate(EXAMPLES):
        if page == "reference/plan-language.md" and example.block.word != "refused":
            folder = tmp_path / str(number)
            folder.mkdir()
            for feature in project_of(example, folder).features:
                used |= set(_used(feature.plan))
                used |= set(_used(feature.tasks)) if feature.tasks else set()
    known = {key for model in _models(Plan, Tasks) for key in _keys(model)}
    assert sorted(known - used) == [], "no example"


def test_the_reference_lists_what_fastapi_lacks() -> None:
    page = (DOCUMENTS / "reference" / "plan-language.md").read_text(encoding="utf-8")
    listed = page.split("\n## Not supported yet on fastapi\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in listed.splitlines() if line.startswith("- ")]
    assert rows == [f"- `{text}`" for text in NOT_YET_ON_FASTAPI.values()]


def _models(*roots: type[Part]) -> set[type[Part]]:
    found: set[type[Part]] = set()
    waiting: list[object] = list(roots)
    while waiting:
        item = waiting.pop()
        waiting.extend(get_args(item))
        if isinstance(item, type) and issubclass(item, Part) and item not in found:
            found.add(item)
            waiting.extend(get_type_hints(item, include_extras=True).values())
    return found - LEAVES


LEAVES: set[type[Part]] = {Value, Expression, TypeLine}


def _keys(model: type[Part]) -> Iterator[str]:
    hidden: frozenset[str] = getattr(model, "hidden", frozenset())
    yield from (f"{model.__name__}.{name}" for name in model.names if name not in hidden)


def _used(item: object) -> Iterator[str]:
    if isinstance(item, Part) and type(item) not in LEAVES:
        for name in item.written:
            yield f"{type(item).__name__}.{name}"
            yield from _used(getattr(item, name))
    elif isinstance(item, dict):
        for value in item.values():
            yield from _used(value)
    elif isinstance(item, tuple):
        for value in item:
            yield from _used(value)


def test_the_language_card_can_be_read_in_one_go() -> None:
    assert len((DOCUMENTS / "language-card.md").read_text(encoding="utf-8").split()) <= 3_000
