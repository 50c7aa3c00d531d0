"""The same tree from the plans that use the most, whatever the machine is set to, and without a network."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.engine.copier_projects import tree
from tests.stacks.express import CASES, EXAMPLES, offline, run

REPOSITORY = Path(__file__).parents[2]
SETTINGS = (
    {"PYTHONHASHSEED": "0", "TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "4711", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "COLUMNS": "20"},
)


@pytest.mark.parametrize(
    "plan",
    [CASES / "everything", EXAMPLES / "task-tracker", EXAMPLES / "notes-fastapi"],
    ids=lambda path: path.name,
)
def test_another_machine_gives_the_same_tree(plan: Path, tmp_path: Path) -> None:
    trees = []
    for number, setting in enumerate(SETTINGS):
        folder = tmp_path / ("first", "Ünders pace")[number]
        shutil.copytree(plan, folder)
        home = tmp_path / f"home-{number}"
        home.mkdir()
        command = [*offline(), sys.executable, "-m", "generator.cli", "generate"]
        run(folder, command, PYTHONPATH=str(REPOSITORY), HOME=str(home), PATH=os.environ["PATH"], **setting)
        trees.append(tree(folder))
    assert len(trees[0]) > 20
    assert trees[0] == trees[1]
