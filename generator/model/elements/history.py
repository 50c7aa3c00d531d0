"""The steps of the database's history."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Migration:
    """One step of the database's history, both ways."""

    version: str
    name: str
    up: str
    down: str
    entities: tuple[str, ...]
