"""Tables with their rules, their states, and how clients reach them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from generator.expressions.typed import Typed
from generator.expressions.types import EntityType, Type
from generator.frozen import dataclass
from generator.model.elements.identity import ScopeStep
from generator.model.elements.members import Derived, ManyRelation, Member, Related
from generator.model.elements.steps import Step
from generator.plan.names import Names


@dataclass(frozen=True)
class Unique:
    """Columns that no two (live) rows share; ``error`` is what a clash answers."""

    constraint: str
    columns: tuple[str, ...]
    where: Typed | None
    error: str
    declared: str


@dataclass(frozen=True)
class Index:
    """An index over columns, each with an optional ``desc``."""

    name: str
    columns: tuple[str, ...]
    where: Typed | None
    method: str


@dataclass(frozen=True)
class Check:
    """A rule over the row alone, held by the database."""

    constraint: str
    rule: Typed
    error: str


@dataclass(frozen=True)
class Exclusion:
    """Rows that are equal in ``equal`` may not overlap from the first to the second column of ``overlap``."""

    constraint: str
    equal: tuple[str, ...]
    overlap: tuple[str, ...]
    range: str
    """PostgreSQL's constructor of the range, half-open, as ``tstzrange``; an unset end has no bound."""
    where: Typed | None
    error: str
    declared: str

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it compares."""
        return (*self.equal, *self.overlap)


@dataclass(frozen=True)
class Transition:
    """One allowed change of state, with what must hold and what is written beside it."""

    name: str
    sources: tuple[str, ...]
    target: str
    guard: Typed | None
    error: str
    parameters: Mapping[str, Typed]
    sets: Mapping[str, Typed]
    steps: tuple[Step, ...]
    published: bool
    route: str | None = None
    """Method and path where the plan gives it a route of its own, as ``POST /loans/{id}/lateness``."""
    status: int = 200
    policy: str | None = None


@dataclass(frozen=True)
class States:
    """A state machine over one field of an entity."""

    field: str
    initial: str
    transitions: tuple[Transition, ...]


@dataclass(frozen=True)
class Filter:
    """One query parameter that narrows a list."""

    name: str
    json: str
    column: str
    operator: Literal["equal", "from", "before", "has", "holds"]
    type: Type


@dataclass(frozen=True)
class Resource:
    """How clients reach an entity: path, operations and what a list can be asked for."""

    path: str
    operations: tuple[str, ...]
    filters: tuple[Filter, ...]
    sorts: tuple[tuple[str, str], ...]
    search: tuple[str, ...]
    order: tuple[tuple[str, str], ...]
    view: str
    page: Literal["offset", "cursor"] = "offset"


@dataclass(frozen=True)
class Entity:
    """A table with its rules."""

    name: str
    names: Names
    title: str
    table: str
    feature: str | None
    members: tuple[Member, ...]
    many: tuple[ManyRelation, ...]
    derived: tuple[Derived, ...]
    uniques: tuple[Unique, ...]
    indexes: tuple[Index, ...]
    checks: tuple[Check, ...]
    states: States | None
    resource: Resource | None
    timestamps: Literal["both", "created", "none"]
    soft_delete: bool
    versioned: bool
    type: EntityType
    key: tuple[str, ...] = ("id",)
    """The columns of the primary key."""
    exclusions: tuple[Exclusion, ...] = ()
    scope: tuple[ScopeStep, ...] = ()
    """The references from a row to its tenant."""
    owner: str | None = None
    """The column that refers to the actor who made the row."""
    visible: Typed | None = None
    """Which rows there are for a caller."""
    related: tuple[Related, ...] = ()
    """Lists of rows that other rows say."""
    touches: tuple[str, ...] = ()
    """Entities that a model of this one needs beside it: where its references and rules lead."""

    @property
    def references(self) -> tuple[str, ...]:
        """Entities whose tables this one's columns point to."""
        targets = [member.reference.entity for member in self.members if member.reference]
        targets.extend(relation.entity for relation in self.many)
        return tuple(dict.fromkeys(targets))

    @property
    def through(self) -> tuple[Related, ...]:
        """The relations of many to many that another entity keeps."""
        return tuple(item for item in self.related if item.other_column is not None)

    @property
    def relations(self) -> tuple[str, ...]:
        """The names of its relations of many to many, which outputs show by ids."""
        return (*(item.name for item in self.many), *(item.name for item in self.through))

    @property
    def scope_column(self) -> str | None:
        """The column that refers to the tenant, where the row itself has one."""
        return self.scope[0].column if len(self.scope) == 1 else None

    @property
    def key_members(self) -> tuple[Member, ...]:
        """The members of the primary key, as an input that names a row has them."""
        return tuple(replace(self.member(column), required=True, write="always") for column in self.key)

    @property
    def key_words(self) -> tuple[str, ...]:
        """What the plan calls the columns of the primary key."""
        return tuple(self.member(column).word for column in self.key)

    def member(self, name: str) -> Member:
        """The member called ``name`` (plan name or column).

        Raises:
            KeyError: there is none.
        """
        for candidate in self.members:
            if name in (candidate.name, candidate.column):
                return candidate
        raise KeyError(name)
