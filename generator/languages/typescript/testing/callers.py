"""Who calls in generated tests: somebody who may do as much as possible, and who sees what tests make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
ACTOR, STRANGER, TENANT = "the actor", "a stranger", "the tenant"
Rows = Mapping[str, Sequence[SampleRow]]
"""Rows by entity."""


@dataclass(frozen=True)
class Callers:
    """The callers of tests, from what the plan says of policies and of what is visible."""

    sampler: Sampler

    @cached_property
    def _known(self) -> dict[tuple[Any, ...], tuple[str, ...] | None]:
        """The columns that lead to who calls, by entity and by what their member row has."""
        return {}

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
        if entity.visible is None:
            return None
        columns = self.seen(entity)
        if columns is None:
            columns = () if entity.owner is None else (entity.owner,)
        found = [member for member in self._members() if self._is_unseen(entity, columns, member)]
        # Of those, who may do most: what they are refused is refused for the row alone.
        return max(found, key=self._score, default=None)

    def sees_self(self, entity: str) -> bool:
        """Whether rows of an entity are those who call, and all that somebody sees of them is themselves."""
        actor = self.sampler.model.entity(entity)
        identity = self.sampler.model.identity
        if identity is None or entity != identity.actor or self.seen(actor) is not None:
            return False
        row, rows = self._row(actor, self.member, ())
        around = self._around(self.member, ACTOR, rows).about({**row, "id": ACTOR})
        return evaluate(actor.visible, around) is True if actor.visible else True

    def sees(self, entities: Iterable[str]) -> bool:
        """Whether the usual caller certainly sees the rows of entities that tests make."""
        return all(self.seen(self.sampler.model.entity(name)) is not None for name in entities)

    def does(self, operation: Operation) -> bool:
        """Whether tests can let the usual caller do something to rows that tests make."""
        return self.sees(operation.touches) and self.allows(operation)

    def allows(self, operation: Operation) -> bool:
        """Whether the usual caller is certainly allowed to do something to a row that they see."""
        return self._allows(operation, self.member)

    def _is_unseen(self, entity: Entity, columns: tuple[str, ...], member: Values) -> bool:
        assert entity.visible is not None
        row, rows = self._row(entity, self.member, columns, "full")
        around = self._around(member, STRANGER, rows)
        return evaluate(entity.visible, around.about(row)) is False

    def _score(self, member: Values) -> int:
        model = self.sampler.model
        seen = sum(self._seen(entity, member) is not None for entity in model.entities)
        return seen + sum(self._allows(operation, member) for operation in model.operations)

    def _seen(self, entity: Entity, member: Values) -> tuple[str, ...] | None:
        if entity.visible is None:
            return ()
        key = (entity.name, *member.items())
        if key not in self._known:
            self._known[key] = self._columns(entity, member)
        return self._known[key]

    def _columns(self, entity: Entity, member: Values) -> tuple[str, ...] | None:
        assert entity.visible is not None
        own = [item.column for item in entity.members if self._leads_to_actor(item)]
        fixed = tuple(column for column in own if column == entity.owner)
        choices = [fixed, *((*fixed, column) for column in own if column not in fixed)]
        for columns in choices:
            row, rows = self._row(entity, member, columns)
            around = self._around(member, ACTOR, rows).about(row)
            if evaluate(entity.visible, around) is True:
                return columns
        return None

    def _allows(self, operation: Operation, member: Values) -> bool:
        policy = operation.policy
        if policy is None:
            return True
        around = self._around(member, ACTOR, {})
        if policy.of_row:
            entity = self.sampler.model.entity(operation.about or "")
            columns = self._seen(entity, member) or ()
            row, rows = self._row(entity, member, columns)
            around = self._around(member, ACTOR, rows).about(row)
        return evaluate(policy.allow, around) is True

    def _leads_to_actor(self, member: Member) -> bool:
        identity = self.sampler.model.identity
        reference = member.reference
        return identity is not None and reference is not None and reference.entity == identity.actor

    def _row(
        self, entity: Entity, member: Values, columns: tuple[str, ...], amount: str = "bare"
    ) -> tuple[SampleRow, Rows]:
        """A row that tests make, and with it the rows that it refers to, and those that these refer to."""
        row = python_row(entity, self.sampler.values(entity, amount))
        row |= {"id": f"a {entity.name}"} if entity.key == ("id",) else {}
        rows: dict[str, list[SampleRow]] = {}
        for item in settable(entity):
            if item.reference is None or row[item.column] is not UNKNOWN or item.column in columns:
                continue
            parent = self.sampler.model.entity(item.reference.entity)
            row[item.column] = f"another {parent.name}"
            if not self._leads_to_actor(item) and parent.name != entity.name:
                above, others = self._row(parent, member, self._seen(parent, member) or ())
                rows.setdefault(parent.name, []).append({**above, "id": row[item.column]})
                for name, found in others.items():
                    rows.setdefault(name, []).extend(each for each in found if each is not above)
        row |= dict.fromkeys(columns, ACTOR)
        rows.setdefault(entity.name, []).append(row)
        return row, rows

    def _around(self, member: Values, actor: str, rows: Rows) -> Surroundings:
        """What expressions read of who calls, with rows that tests make and those of who calls."""
        roots: dict[str, SampleRow] = {}
        there = {name: [*found] for name, found in rows.items()}
        # The usual caller is there whoever calls.
        others = () if actor == ACTOR else self._callers(self.member, ACTOR)
        for name, entity, row in (*others, *self._callers(member, actor)):
            there.setdefault(entity, []).append(row)
            roots |= {f"context.{name}": row, f"{name}Of(context)": row}
        return replace(self.sampler.surroundings(), roots=roots, rows=there)

    def _callers(self, member: Values, actor: str) -> Iterator[tuple[str, str, SampleRow]]:
        """The rows of who calls, of their tenant and of what joins both."""
        model = self.sampler.model
        identity = model.identity
        assert identity is not None
        ids = {identity.actor: actor, identity.scope: TENANT}
        for name, entity in (
            ("actor", identity.actor),
            ("scope", identity.scope),
            ("member", identity.member),
        ):
            if entity is not None:
                declared = model.entity(entity)
                row = python_row(declared, self.sampler.values(declared, "bare"))
                row |= {"id": ids[entity]} if entity in ids else member
                for item in declared.members if name == "member" else ():
                    if item.reference is not None and item.reference.entity in ids:
                        row[item.column] = ids[item.reference.entity]
                yield name, entity, row

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
