"""What a release makes of a plan, as data that crosses from one release of Specwright to another.

`specwright answers --json` prints it. A later Specwright asks an earlier release for it, so what is written
here is a protocol that is kept: docs/decisions/0065 says what may change in it and what may not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any, cast

from generator.frozen import dataclass
from generator.problems import Location, Problem, Severity
from generator.report import problem_data

PROTOCOL = 1
"""Raised when what is printed changes its meaning; fields are added without that."""


class NotAnswered(Exception):
    """What was printed is not what a release of Specwright answers."""


@dataclass(frozen=True)
class Answered:
    """What a release makes of a plan.

    `recorded` are the declared questions of copier.yml with their answers as text, none where the plan has
    errors; `problems` are errors or warnings; `ticks` are the tasks that a run with these answers does, by
    the file that names them.
    """

    release: str
    recorded: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    ticks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Any]:
        """The resolved plan as plain data."""
        return cast("dict[str, Any]", json.loads(self.recorded["model_json"]))


def write_answered(answered: Answered) -> str:
    """Write what a release makes of a plan as JSON, on one line."""
    data = {
        "protocol": PROTOCOL,
        "release": answered.release,
        "ok": bool(answered.recorded),
        "recorded": dict(answered.recorded),
        "problems": problem_data(answered.problems),
        "ticks": {file: list(tasks) for file, tasks in answered.ticks.items()},
    }
    # Whatever a plan quotes is spelled in ASCII: nothing depends on how a pipe between processes is read.
    return json.dumps(data)


def read_answered(text: str | bytes) -> Answered:
    """Read what a release printed.

    Args:
        text: of `write_answered`, of this release or an earlier one.

    Raises:
        NotAnswered: it is nothing of the kind, or of a protocol that is not known here.
    """
    try:
        data = json.loads(text)
        protocol = int(data["protocol"])
    except (ValueError, TypeError, KeyError):
        raise NotAnswered("it did not answer in a way that is understood") from None
    if protocol > PROTOCOL:
        raise NotAnswered(f"it answers by protocol {protocol}, and {PROTOCOL} is the newest known here")
    try:
        return Answered(
            str(data["release"]),
            {str(name): str(value) for name, value in data["recorded"].items()} if data["ok"] else {},
            tuple(_problem(entry) for entry in data["problems"]),
            {str(file): tuple(map(str, tasks)) for file, tasks in data["ticks"].items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NotAnswered("it did not answer in a way that is understood") from None


def _problem(entry: Mapping[str, Any]) -> Problem:
    place = None
    if entry["file"] is not None:
        place = Location(str(entry["file"]), int(entry["line"]), int(entry["column"]))
    severity: Severity = "warning" if entry["severity"] == "warning" else "error"
    return Problem(place, str(entry["message"]), str(entry["hint"]), severity)
