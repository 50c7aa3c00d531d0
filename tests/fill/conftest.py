"""What the tests of slots share: the generated task tracker, which none of them changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.fill.contract import Contract
from generator.fill.workshop import Workshop
from tests.fill.projects import SLOT, looked_at, project


@pytest.fixture(scope="session")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated task tracker; tests change copies of it only."""
    return project(tmp_path_factory.mktemp("fill") / "tracker")


@pytest.fixture(scope="session")
def workshop(tracker: Path) -> Workshop:
    """Its slots."""
    return looked_at(tracker)


@pytest.fixture(scope="session")
def contract(workshop: Workshop) -> Contract:
    """The contract of its slot that only holds the place."""
    found = workshop.seats[SLOT].contract
    assert found is not None
    return found
