"""What the tests of slots share: the generated task tracker, which none of them changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.fill import agents, filling
from generator.fill.contract import Contract
from generator.fill.inside import leaving
from generator.fill.proof import Stage, Verdict
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


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The proof without processes: a body that stays inside passes if it sorts by priority, as AC-11 does."""
    proved: list[str] = []

    def prove(workshop: Workshop, bodies: dict[str, str], **choices: Any) -> tuple[Verdict, ...]:
        [(slot, text)] = bodies.items()
        seat = workshop.seats[slot]
        assert seat.contract is not None
        proved.append(slot)
        content = (workshop.folder / seat.status.file).read_bytes()
        if reasons := leaving(seat.contract, content, text):
            return (Verdict(slot, Stage.INSIDE, reasons, text),)
        if "tasks.priority desc" in text:
            laid_out = "".join(f"  {line}".rstrip() + "\n" for line in text.strip("\n").split("\n"))
            return (Verdict(slot, Stage.PROVED, (), laid_out if choices.get("laid_out") else text),)
        return (Verdict(slot, Stage.CRITERIA, ("AC-11: expected important, got another",), text),)

    monkeypatch.setattr(filling, "prove", prove)
    monkeypatch.setattr(agents, "prove", prove)
    return proved
