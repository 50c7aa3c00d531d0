"""Bodies in a file: saved once they were accepted, and put into slots again, byte for byte, with no model."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from generator.fill.answers import NoReply, Reply
from generator.fill.contract import Contract
from generator.fill.placing import put
from generator.fill.prompt import Message
from generator.fill.workshop import Workshop
from generator.frozen import dataclass
from generator.problems import Location, PlanProblems, Problem

_MOST_BYTES = 50_000_000
"""Of a recording; a bigger file is none."""


@dataclass(frozen=True)
class RecordedBody:
    """A body, the hash of the contract it was accepted for, and who wrote it."""

    contract: str
    by: str
    body: str


class Recording:
    """A source that plays bodies of a file."""

    rounds = 1
    lays_out = False

    def __init__(self, path: Path) -> None:
        self.name = "recording"
        self._bodies = read_recording(path)

    def ask(self, contract: Contract, messages: tuple[Message, ...]) -> Reply:
        """Return the recorded body; raises `NoReply` if there is none for the contract as it is now."""
        found = self._bodies.get(contract.id)
        if found is None:
            raise NoReply("the recording has no body for it")
        if found.contract != contract.hash:
            raise NoReply("the recorded body was accepted for another contract: the plan has changed")
        return Reply(found.body)

    def by(self, slot: str) -> str:
        """Who wrote it once."""
        return self._bodies[slot].by


def read_recording(path: Path) -> dict[str, RecordedBody]:
    """Read a recording, by slot.

    Raises:
        PlanProblems: it cannot be read.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError
        data = json.loads(path.read_text(encoding="utf-8"))
        return {
            str(name): RecordedBody(str(entry["contract"]), str(entry["by"]), "\n".join(entry["body"]))
            for name, entry in data["bodies"].items()
        }
    except OSError as error:
        raise PlanProblems([Problem(Location(str(path), 1, 1), f"{error.strerror}")]) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = "this is no recording of slots"
        raise PlanProblems([Problem(Location(str(path), 1, 1), message, "Make one with --record")]) from None


def write_recording(path: Path, bodies: Mapping[str, RecordedBody]) -> None:
    """Write a recording: sorted, a body as a list of its lines, so that it can be reviewed."""
    entries = {
        name: {
            "contract": bodies[name].contract,
            "by": bodies[name].by,
            "body": bodies[name].body.split("\n"),
        }
        for name in sorted(bodies)
    }
    text = json.dumps({"version": 1, "bodies": entries}, indent=1, ensure_ascii=False)
    put(path, f"{text}\n".encode())


def recordable(path: Path) -> dict[str, RecordedBody]:
    """Return what a recording that is to be written has already: to be asked before anything is paid for.

    Raises:
        PlanProblems: it is a link, is no recording, or cannot stand where it shall.
    """
    reason = ""
    if path.is_symlink():
        reason = "a link stands in its place: bodies are not saved through it"
    elif not path.parent.is_dir():
        reason = "there is no folder for it"
    elif not os.access(path.parent, os.W_OK):
        reason = "nothing can be written in its folder"
    if reason:
        raise PlanProblems([Problem(Location(str(path), 1, 1), reason, "Name another file")])
    return read_recording(path) if path.exists() else {}


def record(workshop: Workshop, path: Path) -> tuple[str, ...]:
    """Save the bodies that were accepted for the present plan; what a file has of other slots stays in it.

    Returns:
        The slots whose bodies were saved.

    Raises:
        PlanProblems: as of `recordable`.
    """
    known = recordable(path)
    found = {
        seat.id: RecordedBody(seat.contract.hash, seat.status.by, seat.body.decode().replace("\r\n", "\n"))
        for seat in workshop.seats.values()
        if seat.contract is not None and seat.body is not None and seat.status.state == "filled"
    }
    if found:
        write_recording(path, {**known, **found})
    return tuple(found)
