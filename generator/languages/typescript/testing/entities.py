"""An entity as its generated tests see it: sample rows, who calls, and what members are called in JSON."""

from __future__ import annotations

from typing import Any

from generator.languages.typescript.literals import literal, property_name
from generator.languages.typescript.testing.callers import Callers
from generator.languages.typescript.testing.samples import Sampler, Values
from generator.model.elements.entities import Entity
from generator.model.elements.members import ManyRelation, Member
from generator.model.elements.model import Model
from generator.typescript_layout.nodes import Array, Atom, Node, Object, text_literal

Entries = list[tuple[str, Node]]


class TestedEntity:
    """What all parts of the subject of an entity need to know of it."""

    def __init__(self, model: Model, sampler: Sampler, entity: Entity) -> None:
        self.model = model
        self.sampler = sampler
        self.entity = entity
        shown = entity.resource.view if entity.resource else entity.name
        self.view = next(view for view in model.views if view.name == shown)
        self.callers = Callers(sampler)
        self.json = {member.column: member.json for member in entity.members}

    def row(self, amount: str) -> Values:
        """The values of a sample row, so that all checks hold."""
        values = self.sampler.values(self.entity, amount)
        return values | (self.sampler.steadied(self.entity, amount) or {})

    def json_values(self, values: Values) -> Node:
        """Values of a row, given by column, as an object with the names of JSON."""
        entries = [(property_name(self.json[name]), Atom(literal(value))) for name, value in values.items()]
        return Object(tuple(entries))

    def caller(self, member: Member) -> str | None:
        """Who a column leads to in tests, if it is the usual caller or their tenant."""
        if self.model.identity is None:
            return None
        if member.column == self.entity.scope_column:
            return "scope"
        return "actor" if member.column in (self.callers.seen(self.entity) or ()) else None

    def is_self(self, item: Member | ManyRelation) -> bool:
        """Whether what tests refer to with a member can only be who calls."""
        if isinstance(item, ManyRelation):
            return self.callers.sees_self(item.entity)
        unique = {column for rule in self.entity.uniques for column in rule.columns}
        if item.reference is None or item.column in {*self.entity.key, *unique}:
            return False
        return self.callers.sees_self(item.reference.entity)

    def is_standard(self, name: str) -> bool:
        """Whether an operation does what the resource says: a service may have given it a body."""
        return self.model.operation(f"{self.entity.names.camel}.{name}").entity is not None


def texts(values: Any) -> Node:
    """A list of texts."""
    return Array(tuple(Atom(text_literal(value)) for value in values))


def has_plain_text(member: Member) -> bool:
    """Whether the sample texts of a member are words and a number."""
    return member.pattern is None and member.format in (None, "email") and not member.needs
