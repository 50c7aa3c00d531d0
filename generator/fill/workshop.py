"""A project whose slots are looked at, proved and filled: what is recorded, rendered, and in its files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from generator.fill.contract import Contract, contracts_of
from generator.folder.destination import Destination
from generator.frozen import dataclass
from generator.last_run import former
from generator.outcome import SlotStatus
from generator.problems import PlanProblems, Problem, did_you_mean
from generator.recording import ANSWERS_FILE, Recorded, read_recorded
from generator.releases.home import Home
from generator.slots import MarkerError, find_slots
from generator.updating import recorded_blueprints
from generator.verification import slot_statuses


@dataclass(frozen=True)
class Seat:
    """A slot as it stands in a project: its state, the body in the file, and its contract.

    `contract` is None where no present plan has the slot; `body` is None where its markers are gone.
    """

    status: SlotStatus
    body: bytes | None
    contract: Contract | None

    @property
    def id(self) -> str:
        """The id of the slot."""
        return self.status.id

    @property
    def is_open(self) -> bool:
        """Whether a model may write it: it holds its fallback, or what a model wrote for another contract."""
        if self.contract is None or self.body is None:
            return False
        return self.status.state == "fallback" or (
            self.status.state == "stale" and self.status.by != "person"
        )


@dataclass(frozen=True)
class Workshop:
    """A generated project: its folder, its recorded answers, what they render to, and its slots by id."""

    folder: Path
    recorded: Recorded
    answers: Mapping[str, Any]
    files: Mapping[str, bytes]
    seats: Mapping[str, Seat]

    def chosen(self, names: Sequence[str]) -> tuple[Seat, ...]:
        """Return slots by id, all of them for none.

        Raises:
            PlanProblems: there is no slot of a name.
        """
        problems = [
            Problem(None, f"No slot is called {name}", did_you_mean(name, self.seats))
            for name in dict.fromkeys(names)
            if name not in self.seats
        ]
        if problems:
            raise PlanProblems(problems)
        return tuple(self.seats[name] for name in (dict.fromkeys(names) if names else self.seats))


def workshop_of(folder: Path, templates: Path, home: Home | None = None) -> Workshop:
    """Look at the slots of a generated project, as its recorded answers and its files have them.

    Raises:
        PlanProblems: nothing was generated there, or what was generated cannot be had.
        ReleaseError: the release that the project is at is not at hand.
    """
    destination = Destination(folder)
    earlier = read_recorded(destination.text(ANSWERS_FILE))
    if earlier is None:
        message = f"Nothing was generated here: there is no {ANSWERS_FILE}"
        raise PlanProblems([Problem(None, message, "Run `specwright generate`")])
    with recorded_blueprints(folder, templates, home or Home()) as (blueprints, _):
        rendered = former(blueprints, earlier)
    if not rendered:
        message = f"What {earlier.release} generated cannot be had here"
        raise PlanProblems([Problem(None, message, "Run `specwright generate`")])
    answers = json.loads(earlier.answers["model_json"])
    files = {file.path: file.content for file in rendered}
    contracts = contracts_of(answers, files)
    seats = {}
    for status in slot_statuses(destination, rendered, answers):
        body = body_in(destination.find(status.file).content or b"", status.id)
        seats[status.id] = Seat(status, body, contracts.get(status.id))
    return Workshop(folder.resolve(), earlier, answers, files, seats)


def body_in(content: bytes, identity: str) -> bytes | None:
    """The body of a slot in a file; None where its markers are not there."""
    with suppress(MarkerError):
        return next((slot.body for slot in find_slots(content) if slot.id == identity), None)
    return None
