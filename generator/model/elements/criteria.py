"""Acceptance criteria and the rows they begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from generator.expressions.typed import Typed
from generator.frozen import dataclass


@dataclass(frozen=True)
class Given:
    """One thing that is so before a criterion begins.

    ``kind`` is ``row``, ``action`` or ``advance``; ``values`` holds plain data whose leaves are JSON scalars,
    :class:`Typed` expressions or nested dicts and lists.
    """

    kind: Literal["row", "action", "advance"]
    binding: str | None = None
    entity: str | None = None
    operation: str | None = None
    over_http: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    repeat: int = 1
    fails: str | None = None
    milliseconds: int = 0
    actor: Typed | None = None
    """The id of who calls, None for nobody; and of the tenant."""
    scope: Typed | None = None


@dataclass(frozen=True)
class Then:
    """What must hold after a criterion's action."""

    status: int | None = None
    error: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    holds: tuple[Typed, ...] = ()
    outcomes: tuple[str, ...] = ()
    emitted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Criterion:
    """An acceptance criterion: given, when, then."""

    id: str
    feature: str | None
    title: str
    story: str | None
    at: str
    given: tuple[Given, ...]
    actions: tuple[Given, ...]
    together: bool
    then: Then
    services: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    written: Mapping[str, Any] = field(default_factory=dict)
    """What the plan says, as plain data, if it proves a slot: the contract of the slot has it."""


@dataclass(frozen=True)
class Fixture:
    """A named row or result that criteria and seed data share."""

    name: str
    given: Given
    seed: bool
    needs: tuple[str, ...]
    """The fixtures it brings along, in an order that works."""
    uses: tuple[str, ...]
    """Those of them that it names itself."""
