"""What is to be done, and how fast the result has to be."""

from __future__ import annotations

from typing import Literal

from generator.frozen import dataclass
from generator.problems import Location


@dataclass(frozen=True)
class Budget:
    """A bound on the answering time of one operation."""

    operation: str
    p95_milliseconds: int
    connections: int | None
    rate: int | None


@dataclass(frozen=True)
class Task:
    """One entry of tasks.yaml, with what it produces.

    `operations` are those of its subjects that name an operation: they stand for the file of its service.
    """

    id: str
    feature: str | None
    phase: str
    kind: Literal["generate", "fill", "manual"]
    room: str | None
    subjects: tuple[str, ...]
    story: str | None
    done: bool
    text: str
    after: tuple[str, ...]
    location: Location
    operations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Phase:
    """A group of tasks with what must hold when it is over."""

    id: str
    feature: str | None
    title: str
    after: tuple[str, ...]
    story: str | None
    checkpoint: tuple[str, ...]
