"""The shapes in which clients are answered."""

from __future__ import annotations

from dataclasses import dataclass

from generator.model.elements.members import Derived, ManyRelation, Member


@dataclass(frozen=True)
class Include:
    """Named members of the row a reference points to."""

    relation: str
    json: str
    column: str
    entity: str
    required: bool
    members: tuple[Member, ...]


@dataclass(frozen=True)
class View:
    """A shape in which an entity is answered."""

    name: str
    entity: str
    members: tuple[Member, ...]
    many: tuple[ManyRelation, ...]
    includes: tuple[Include, ...]
    derived: tuple[Derived, ...]


@dataclass(frozen=True)
class Shape:
    """A shape that is no entity's: named members."""

    name: str
    members: tuple[Member, ...]
    title: str = ""
