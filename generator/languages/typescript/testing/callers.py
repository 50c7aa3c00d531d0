"""Who calls in generated tests: somebody who may do as much as possible, and who sees what tests make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice, product
from typing import Any

from generator.frozen import dataclass
from generator.languages.typescript.testing.evaluation import UNKNOWN, SampleRow, Surroundings, evaluate
from generator.languages.typescript.testing.samples import Sampler, Values, python_row, settable
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.model.elements.operations import Operation

MOST_MEMBERS = 200
ACTOR, STRANGER = "the actor", "a stranger"


@dataclass(frozen=True)
class Callers:
    """The callers of tests, from what the plan says of policies and of what is visible."""

    sampler: Sampler

    @cached_property
    def member(self) -> Values:
        """What the usual caller's member row has, so that most is allowed and visible."""
        return max(self._members(), key=self._score, default={})

    def seen(self, entity: Entity) -> tuple[str, ...] | None:
        """The columns of a row that have to lead to the usual caller, so that they see it.

        Args:
            entity: whose row.

        Returns:
            Columns, often none; None where the plan alone does not tell how they see a row.
        """
        return self._seen(entity, self.member)

    def unseen(self, entity: Entity) -> Values | None:
        """What the member row of somebody has who does not see the usual caller's rows, if there is such."""
        columns = self.seen(entity)
        if entity.visible is None or columns is None:
            return None
        for member in self._members():
            around = self._around(member, STRANGER)
            row = self._row(entity, columns)
            if evaluate(entity.visible, around.about(row)) is False:
                return member
        return None

    def sees(self, entities: Iterable[str]) -> bool:
        """Whether the usual caller certainly sees the rows of entities that tests make."""
        return all(self.seen(self.sampler.model.entity(name)) is not None for name in entities)

    def does(self, operation: Operation) -> bool:
        """Whether tests can let the usual caller do something to rows that tests make."""
        return self.sees(operation.touches) and self.allows(operation)

    def allows(self, operation: Operation) -> bool:
        """Whether the usual caller is certainly allowed to do something to a row that they see."""
        return self._allows(operation, self.member)

    def _score(self, member: Values) -> int:
        model = self.sampler.model
        seen = sum(self._seen(entity, member) is not None for entity in model.entities)
        return seen + sum(self._allows(operation, member) for operation in model.operations)

    def _seen(self, entity: Entity, member: Values) -> tuple[str, ...] | None:
        if entity.visible is None:
            return ()
        own = [item.column for item in entity.members if self._leads_to_actor(item)]
        fixed = tuple(column for column in own if column == entity.owner)
        choices = [fixed, *((*fixed, column) for column in own if column not in fixed)]
        for columns in choices:
            around = self._around(member, ACTOR).about(self._row(entity, columns))
            if evaluate(entity.visible, around) is True:
                return columns
        return None

    def _allows(self, operation: Operation, member: Values) -> bool:
        policy = operation.policy
        if policy is None:
            return True
        around = self._around(member, ACTOR)
        if policy.of_row:
            entity = self.sampler.model.entity(operation.about or "")
            columns = self._seen(entity, member) or ()
            around = around.about(self._row(entity, columns))
        return evaluate(policy.allow, around) is True

    def _leads_to_actor(self, member: Member) -> bool:
        identity = self.sampler.model.identity
        reference = member.reference
        return identity is not None and reference is not None and reference.entity == identity.actor

    def _row(self, entity: Entity, columns: tuple[str, ...]) -> SampleRow:
        row = python_row(entity, self.sampler.values(entity, "bare"))
        for item in settable(entity):
            if item.reference is not None and row[item.column] is UNKNOWN:
                row[item.column] = f"another {item.reference.entity}"
        return {**row, **dict.fromkeys(columns, ACTOR)}

    def _around(self, member: Values, actor: str) -> Surroundings:
        model = self.sampler.model
        identity = model.identity
        assert identity is not None
        rows: dict[str, Mapping[str, Any]] = {}
        for name, entity, more in (
            ("actor", identity.actor, {"id": actor}),
            ("scope", identity.scope, {"id": "the tenant"}),
            ("member", identity.member, member),
        ):
            if entity is not None:
                declared = model.entity(entity)
                row = python_row(declared, self.sampler.values(declared, "bare"))
                rows |= {f"context.{name}": {**row, **more}, f"{name}Of(context)": {**row, **more}}
        return replace(self.sampler.surroundings(), roots=rows)

    def _members(self) -> Iterator[Values]:
        """Values of the member row by which policies may tell callers apart."""
        identity = self.sampler.model.identity
        if identity is None or identity.member is None:
            yield {}
            return
        entity = self.sampler.model.entity(identity.member)
        columns = [item for item in settable(entity) if item.kind in ("enum", "bool")]
        pools = [list(item.type.members) if item.kind == "enum" else [True, False] for item in columns]
        for values in islice(product(*pools), MOST_MEMBERS):
            yield {item.column: value for item, value in zip(columns, values, strict=True)}
