"""The templates as pytest-copie sees them: a third tool that knows only copier.

It always trusts a template and ignores new answers on update, so it proves copying alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_copie.plugin import Copie

from generator.recording import ANSWERS_FILE, recorded_answers
from generator.render import render
from tests.engine.copier_projects import tree
from tests.engine.samples import answers


@pytest.fixture
def copier_copy(templates: Path, tmp_path: Path) -> Copie:
    return Copie(templates, tmp_path, tmp_path / "none")


def test_a_tool_that_knows_copier_gets_the_same_files(copier_copy: Copie, templates: Path) -> None:
    result = copier_copy.copy(extra_answers=recorded_answers(answers()))
    assert result.exception is None and result.project_dir is not None
    assert result.answers == recorded_answers(answers())
    theirs = {
        path: content for path, (content, _) in tree(result.project_dir).items() if path != ANSWERS_FILE
    }
    assert theirs == {
        file.path: file.content for file in render(templates, answers()) if file.path != ANSWERS_FILE
    }


def test_without_a_model_it_is_told_what_to_run(copier_copy: Copie) -> None:
    assert "specwright generate" in str(copier_copy.copy().exception)
