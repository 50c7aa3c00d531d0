"""Every example in the documentation is loaded and resolved; the reference has one for each key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from generator.model import resolve
from generator.plan.loading import load_project
from generator.problems import PlanProblems
from tests.docs.pages import DOCUMENTS, Example, examples_of, project_of

PAGES = ("reference/plan-language.md",)
EXAMPLES = [(page, example) for page in PAGES for example in examples_of(DOCUMENTS / page)]


def _named(pair: tuple[str, Example]) -> str:
    return f"{pair[0]}:{pair[1].block.line}"


@pytest.mark.parametrize("pair", EXAMPLES, ids=_named)
def test_the_example_means_what_the_page_says(tmp_path: Path, pair: tuple[str, Example]) -> None:
    example = pair[1]
    try:
        resolve(project_of(example, tmp_path))
    except PlanProblems as found:
        problems = [str(problem) for problem in found.problems]
        assert example.block.word == "refused", "\n".join(problems)
        for line in example.answer.splitlines():
            assert any(line in problem for problem in problems), "\n".join(problems)
        return
    assert example.block.word != "refused", "this is not refused"
