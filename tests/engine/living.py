"""A folder that is generated into, again and again, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator import refresh
from generator.folder.destination import Destination
from generator.folder.journal import Journal
from generator.merging.changes import Action, Change
from generator.outcome import Outcome
from tests.engine.samples import answers


class LivingProject:
    """A folder that is generated into, again and again."""

    def __init__(self, folder: Path, templates: Path) -> None:
        self.folder, self.templates = folder, templates
        folder.mkdir()

    def generate(self, **changes: Any) -> Outcome:
        outcome = self.forecast(**changes)
        Journal(self.folder).apply(outcome.writes)
        return outcome

    def forecast(self, **changes: Any) -> Outcome:
        return refresh.bring_up_to_date(Destination(self.folder), self.templates, answers(**changes))

    def read(self, path: str) -> str:
        return (self.folder / path).read_text()

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text
        (self.folder / path).write_text(text.replace(old, new))


def actions(outcome: Outcome) -> dict[str, Action]:
    return {change.path: change.action for change in outcome.changes if change.action is not Action.UNCHANGED}


def change_of(outcome: Outcome, path: str) -> Change:
    return next(change for change in outcome.changes if change.path == path)
