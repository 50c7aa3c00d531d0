"""A templates folder with the real copier.yml and macros, and a small stack to drive the engine with."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FIXTURE = Path(__file__).parent / "fixture"

# A job in the background of a shell ignores Ctrl-C, and so would each process that tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return small_templates(tmp_path / "templates")


def small_templates(folder: Path) -> Path:
    """The small stack with the real copier.yml and macros, in a folder."""
    shutil.copytree(FIXTURE, folder)
    shutil.copytree(REPOSITORY / "blueprints" / "_macros", folder / "blueprints" / "_macros")
    shutil.copy(REPOSITORY / "copier.yml", folder / "copier.yml")
    return folder


@pytest.fixture(scope="session")
def evolution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases: the folder has a checkout of each, by version."""
    from tests.engine.evolving import three_releases

    return three_releases(tmp_path_factory.mktemp("evolution"))
