"""The shapes in which clients are answered."""

from __future__ import annotations

from generator.frozen import dataclass
from generator.model.elements.members import Derived, ManyRelation, Member, Related


@dataclass(frozen=True)
class Include:
    """Named members of the row a reference points to, or of the rows of a list.

    ``column`` is that of the reference. Of a list it is empty, and ``link`` or ``related`` says which.
    """

    relation: str
    json: str
    column: str
    entity: str
    required: bool
    members: tuple[Member, ...]
    link: ManyRelation | None = None
    related: Related | None = None

    @property
    def is_list(self) -> bool:
        """Whether it is a list of rows."""
        return self.link is not None or self.related is not None

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities whose rows are read for it."""
        return (self.entity, self.related.via) if self.related else (self.entity,)


@dataclass(frozen=True)
class View:
    """A shape in which an entity is answered."""

    name: str
    entity: str
    members: tuple[Member, ...]
    many: tuple[ManyRelation, ...]
    includes: tuple[Include, ...]
    derived: tuple[Derived, ...]
    through: tuple[Related, ...] = ()
    """Relations kept by another entity, whose ids are shown."""


@dataclass(frozen=True)
class Shape:
    """A shape that is no entity's: named members."""

    name: str
    members: tuple[Member, ...]
    title: str = ""
