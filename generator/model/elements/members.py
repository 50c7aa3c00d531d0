"""Values with a name: columns, members of shapes, parameters and inputs, and what is computed."""

from __future__ import annotations

from typing import Literal

from generator.expressions.typed import Typed
from generator.expressions.types import Type
from generator.frozen import dataclass

Role = Literal["key", "data", "ref", "state", "version", "timestamp", "deleted", "computed", "currency"]
Write = Literal["always", "create", "never"]


@dataclass(frozen=True)
class Reference:
    """Where a column points, and what deleting the row it points to does."""

    entity: str
    on_delete: Literal["restrict", "cascade", "set null"]
    guarded: bool = False
    """Whether the rows it leads to are there for some callers only: a tenant's, or who sees them."""


@dataclass(frozen=True)
class Member:
    """One value with a name: a column of an entity, a member of a shape, a parameter or an input.

    ``name`` is the plan's, ``column`` PostgreSQL's (equal to ``name`` outside entities), ``json`` what
    clients see. ``default`` is a typed expression; ``kind`` the kind of :class:`Type`, constraints beside it.
    ``computed`` is what the database puts into a column of that role: at each write, or once (``is_copied``).
    """

    name: str
    column: str
    json: str
    type: Type
    sql_type: str = ""
    role: Role = "data"
    required: bool = False
    default: Typed | None = None
    write: Write = "always"
    exposed: bool = True
    personal: str = "none"
    normalize: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_bytes: int | None = None
    needs: tuple[str, ...] = ()
    pattern: str | None = None
    format: str | None = None
    reference: Reference | None = None
    relation: str | None = None
    title: str = ""
    names: str | None = None
    """Of an input with the type of a key: the entity whose row it names."""
    computed: Typed | None = None
    is_copied: bool = False
    written: str = ""
    """What the plan calls a column whose name in the database is another."""
    currency_path: str | None = None
    """Of money without a fixed currency: the way from its row; None where it stands in a column beside it."""
    currency: Typed | None = None
    """The currency at the end of that way."""
    currency_column: str | None = None
    """Of money that has one: the column beside it."""
    element: Member | None = None
    """Of an array: what it holds."""
    widened: tuple[tuple[str, str], ...] = ()
    """Of an enum: members that later features add, each with its feature."""

    @property
    def kind(self) -> str:
        """The kind of its type, for example ``text`` or ``enum``."""
        return self.type.kind

    @property
    def word(self) -> str:
        """What the plan calls it where it speaks of columns: ``project_id`` of a ref ``project``."""
        return self.written or self.column

    def nearest(self, text: str) -> str:
        """Return a day, a time or a moment, or the bound that it is beyond."""
        later = text if self.minimum is None else max(text, self.minimum)
        return later if self.maximum is None else min(later, self.maximum)


@dataclass(frozen=True)
class ManyRelation:
    """A relation of many to many, kept in a join table of its own."""

    name: str
    singular: str
    json: str
    entity: str
    table: str
    own_column: str
    other_column: str
    key: Type
    """The type of the keys of the rows it leads to."""
    guarded: bool = False
    """Whether the rows it leads to are there for some callers only: a tenant's, or who sees them."""


@dataclass(frozen=True)
class Related:
    """A list of rows that other rows say: the inverse of a ref, or `many` through an entity.

    The rows of ``via`` refer to the row by ``own_column``. They are the list themselves, or lead to it by
    ``other_column``; ``entity`` is that of the list and ``key`` the type of its keys.
    """

    name: str
    singular: str
    json: str
    entity: str
    via: str
    own_column: str
    other_column: str | None
    key: Type


@dataclass(frozen=True)
class Derived:
    """A value computed at each read."""

    name: str
    json: str
    type: Type
    expression: Typed
