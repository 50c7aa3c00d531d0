"""What the tests of generated projects share: one installed task tracker, and a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.expressions.database import server
from tests.stacks.express import install_example


@pytest.fixture(scope="session")
def task_tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated task tracker, installed from its own lockfile; tests change copies of it only."""
    return install_example("task-tracker", tmp_path_factory.mktemp("express") / "task-tracker")


@pytest.fixture(scope="session")
def express_modules(task_tracker: Path) -> Path:
    """The node_modules of the generated task tracker."""
    return task_tracker / "node_modules"


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated example whose people sign in, installed from its own lockfile; tests change copies of it only."""
    return install_example("auth", tmp_path_factory.mktemp("express") / "accounts")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    with server() as url:
        yield url
