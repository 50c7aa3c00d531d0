"""What the tests of generated projects share: one installation of the packages of express-react."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.stacks.express import EXAMPLES, install, write_project


@pytest.fixture(scope="session")
def express_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The node_modules of a generated task tracker, installed from its own lockfile."""
    folder = tmp_path_factory.mktemp("express") / "task-tracker"
    shutil.copytree(EXAMPLES / "task-tracker", folder)
    write_project(folder)
    return install(folder)
