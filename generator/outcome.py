"""What a run did, or would do: data that pipeline and report share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from generator.blueprints import Room
from generator.folder.destination import Write
from generator.frozen import dataclass
from generator.merging.merge import Change
from generator.problems import Problem


@dataclass(frozen=True)
class SlotStatus:
    """A slot as it stands: where, its state, who wrote it, and whether its fallback only holds the place."""

    id: str
    file: str
    state: str
    by: str
    placeholder: bool


@dataclass(frozen=True)
class Outcome:
    """What a run did, or would do: changes by file, slots, and the tasks that were ticked.

    `overtaken` are files that somebody edited while the run was at work: they were kept. `warnings` are those
    of the plan, `rooms` those of its stack; a run that had nothing to do has neither. `unguarded` are the
    operations that act for the service itself, for which every row is there. `brought` is, for each room that
    another release changes, what its manifest says that this brings.
    """

    changes: tuple[Change, ...]
    slots: tuple[SlotStatus, ...]
    writes: tuple[Write, ...]
    ticked: tuple[str, ...] = ()
    overtaken: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    rooms: tuple[Room, ...] = ()
    unguarded: tuple[str, ...] = ()
    brought: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
