"""Who may call an operation, and how often."""

from __future__ import annotations

from typing import Literal

from generator.expressions.typed import Typed
from generator.frozen import dataclass

Access = Literal["public", "actor", "tenant"]
"""Anybody; a known actor; a known actor who calls for a tenant."""


@dataclass(frozen=True)
class Policy:
    """A rule that denies, checked in the scope of its use.

    ``of_row``: it reads the row, so that it is decided after the row is loaded.
    """

    name: str
    allow: Typed
    error: str
    of_row: bool


@dataclass(frozen=True)
class RateLimit:
    """How many calls there may be in so many milliseconds, counted by these inputs, `ip` or `actor`."""

    count: int
    milliseconds: int
    by: tuple[str, ...]
