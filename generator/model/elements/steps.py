"""What an operation does, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from generator.expressions.typed import Typed
from generator.frozen import dataclass


@dataclass(frozen=True)
class Step:
    """One step of an operation, checked; which attributes are set depends on ``kind``."""

    kind: str
    subject: str = ""
    entity: str | None = None
    binding: str | None = None
    variable: str | None = None
    """The name of what it binds, or of what its subject is bound to, in generated code."""
    by: Typed | None = None
    where: Typed | None = None
    order: tuple[tuple[str, str], ...] = ()
    limit: int | None = None
    many: bool = False
    lock: str = "none"
    missing: str = "NOT_FOUND"
    condition: Typed | None = None
    error: str | None = None
    parameters: Mapping[str, Typed] = field(default_factory=dict)
    keep: bool = False
    """Of ``require``: what was written before it lasts though it fails."""
    sets: Mapping[str, Typed] = field(default_factory=dict)
    when: Typed | None = None
    each: str | None = None
    transition: str | None = None
    operation: str | None = None
    values: Mapping[str, Typed] = field(default_factory=dict)
    result: Typed | None = None
    members: Mapping[str, Typed] | None = None
    source: str | None = None
    """Of ``each``: the name of the list in generated code."""
    rebinds: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Body:
    """What an operation does: its steps in order, the last of which may return."""

    steps: tuple[Step, ...]
