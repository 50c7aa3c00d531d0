"""The steps of the database's history."""

from __future__ import annotations

from generator.frozen import dataclass
from generator.model.schema_changes import Change


@dataclass(frozen=True)
class Migration:
    """One step of the database's history, both ways.

    `changes` are what it does, as operations. One that is sealed has the `digest` of all that is recorded of
    it, and that of the one before it as its `parent`; it never changes again.
    """

    version: str
    name: str
    up: str
    down: str
    entities: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    digest: str = ""
    parent: str = ""

    @property
    def file(self) -> str:
        """Its name among all: number and what it does."""
        return f"{self.version}_{self.name}"
