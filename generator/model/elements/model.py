"""A whole plan, resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from generator.expressions.types import Type
from generator.frozen import dataclass
from generator.model.elements.catalogue import ConfigEntry, ErrorEntry
from generator.model.elements.criteria import Criterion, Fixture
from generator.model.elements.entities import Entity
from generator.model.elements.history import Migration
from generator.model.elements.identity import Identity
from generator.model.elements.operations import Operation, Service, Slot
from generator.model.elements.views import Shape, View
from generator.model.elements.work import Budget, Phase, Task


@dataclass(frozen=True)
class Model:
    """A whole plan, resolved.

    `former` has the earlier names of what was renamed, by kind and present name, newest first.
    """

    project: str
    title: str
    stack: str
    conventions: Mapping[str, str]
    rooms_without: tuple[str, ...]
    config: tuple[ConfigEntry, ...]
    errors: tuple[ErrorEntry, ...]
    entities: tuple[Entity, ...]
    shapes: tuple[Shape, ...]
    views: tuple[View, ...]
    services: tuple[Service, ...]
    operations: tuple[Operation, ...]
    fixtures: tuple[Fixture, ...]
    criteria: tuple[Criterion, ...]
    events: Mapping[str, Mapping[str, Type]]
    migrations: tuple[Migration, ...]
    budgets: tuple[Budget, ...]
    coverage_lines: int
    coverage_branches: int
    phases: tuple[Phase, ...]
    tasks: tuple[Task, ...]
    features: tuple[str, ...]
    identity: Identity | None = None
    former: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def entity(self, name: str) -> Entity:
        """The entity called ``name``.

        Raises:
            KeyError: there is none.
        """
        for candidate in self.entities:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def operation(self, identity: str) -> Operation:
        """The operation whose id is ``identity``, for example ``task.create``.

        Raises:
            KeyError: there is none.
        """
        for candidate in self.operations:
            if candidate.id == identity:
                return candidate
        raise KeyError(identity)

    def proofs(self, operation: Operation) -> tuple[Criterion, ...]:
        """The criteria that prove the slot of an operation, in the plan's order."""
        named = operation.slot.proven_by if operation.slot else ()
        wanted = {*named, *(f"{operation.feature}/{identity}" for identity in named)}
        return tuple(criterion for criterion in self.criteria if criterion.id in wanted)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Every slot, in the plan's order."""
        return tuple(operation.slot for operation in self.operations if operation.slot)
