"""What a resolved plan consists of: frozen data, every decision taken, no names left to compute.

The resolver fills these from a plan; :mod:`generator.answers` turns them into the plain data a blueprint
reads. Nothing here knows a target language but PostgreSQL's column types, which the plan language shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from generator.expressions.typed import Typed
from generator.expressions.types import EntityType, Type
from generator.plan.names import Names
from generator.problems import Location

Role = Literal["key", "data", "ref", "state", "version", "timestamp", "deleted"]
Write = Literal["always", "create", "never"]


@dataclass(frozen=True)
class Reference:
    """Where a column points, and what deleting the row it points to does."""

    entity: str
    on_delete: Literal["restrict", "cascade", "set null"]


@dataclass(frozen=True)
class Member:
    """One value with a name: a column of an entity, a member of a shape, a parameter or an input.

    ``name`` is the plan's, ``column`` PostgreSQL's (equal to ``name`` outside entities), ``json`` what
    clients see. ``default`` is a typed expression; ``kind`` the kind of :class:`Type`, constraints beside it.
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
    pattern: str | None = None
    format: str | None = None
    reference: Reference | None = None
    relation: str | None = None
    title: str = ""

    @property
    def kind(self) -> str:
        """The kind of its type, for example ``text`` or ``enum``."""
        return self.type.kind


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


@dataclass(frozen=True)
class Derived:
    """A value computed at each read."""

    name: str
    json: str
    type: Type
    expression: Typed


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
    operator: Literal["equal", "from", "before", "has"]
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
    touches: tuple[str, ...] = ()
    """Entities that a model of this one needs beside it: where its references and rules lead."""

    @property
    def references(self) -> tuple[str, ...]:
        """Entities whose tables this one's columns point to."""
        targets = [member.reference.entity for member in self.members if member.reference]
        targets.extend(relation.entity for relation in self.many)
        return tuple(dict.fromkeys(targets))

    def member(self, name: str) -> Member:
        """The member called ``name`` (plan name or column).

        Raises:
            KeyError: there is none.
        """
        for candidate in self.members:
            if name in (candidate.name, candidate.column):
                return candidate
        raise KeyError(name)


@dataclass(frozen=True)
class Step:
    """One step of an operation, checked; which attributes are set depends on ``kind``."""

    kind: str
    subject: str = ""
    entity: str | None = None
    binding: str | None = None
    variable: str | None = None
    """The name of what it binds, or of what its subject is bound to, in generated code."""
    by: Typed | None = None
    where: Typed | None = None
    order: tuple[tuple[str, str], ...] = ()
    limit: int | None = None
    many: bool = False
    lock: str = "none"
    missing: str = "NOT_FOUND"
    condition: Typed | None = None
    error: str | None = None
    parameters: Mapping[str, Typed] = field(default_factory=dict)
    sets: Mapping[str, Typed] = field(default_factory=dict)
    when: Typed | None = None
    each: str | None = None
    transition: str | None = None
    operation: str | None = None
    values: Mapping[str, Typed] = field(default_factory=dict)
    result: Typed | None = None
    members: Mapping[str, Typed] | None = None
    source: str | None = None
    """Of ``each``: the name of the list in generated code."""
    rebinds: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Body:
    """What an operation does: its steps in order, the last of which may return."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Slot:
    """A body that a person or a model may write, and the contract it must meet."""

    id: str
    intent: str
    may_read: tuple[str, ...]
    may_write: tuple[str, ...]
    may_call: tuple[str, ...]
    errors: tuple[str, ...]
    proven_by: tuple[str, ...]
    fallback: Body | None
    wrong: Mapping[str, Body]


@dataclass(frozen=True)
class Route:
    """An operation's place in HTTP."""

    method: str
    path: str
    status: int
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Output:
    """What an operation answers: nothing, one value of a shape, a list or a page of them."""

    kind: Literal["none", "view", "shape", "list", "page"]
    name: str | None = None
    item: Literal["view", "shape"] | None = None


@dataclass(frozen=True)
class Operation:
    """One thing the service does, by whichever way it is called."""

    id: str
    service: str
    name: str
    function: str
    title: str
    kind: Literal["list", "get", "create", "update", "delete", "restore", "transition", "steps", "slot"]
    entity: str | None
    input: tuple[Member, ...]
    input_many: tuple[ManyRelation, ...]
    input_name: str | None
    output: Output
    errors: tuple[str, ...]
    writes: bool
    route: Route | None
    body: Body | None = None
    slot: Slot | None = None
    transition: Transition | None = None
    feature: str | None = None
    touches: tuple[str, ...] = ()
    """Entities that it reads or writes, those of its output included."""


@dataclass(frozen=True)
class Service:
    """Operations declared together."""

    name: str
    names: Names
    title: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class ErrorEntry:
    """One entry of the error catalogue."""

    code: str
    status: int
    text: str
    parameters: tuple[Member, ...]
    builtin: bool


@dataclass(frozen=True)
class ConfigEntry:
    """One setting read from the environment when the service starts."""

    name: str
    type: Type
    required: bool
    secret: bool
    default: str | None
    minimum: str | None
    maximum: str | None
    min_length: int | None


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


@dataclass(frozen=True)
class Budget:
    """A bound on the answering time of one operation."""

    operation: str
    p95_milliseconds: int
    connections: int | None
    rate: int | None


@dataclass(frozen=True)
class Migration:
    """One step of the database's history, both ways."""

    version: str
    name: str
    up: str
    down: str
    entities: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """One entry of tasks.yaml, with what it produces."""

    id: str
    feature: str | None
    phase: str
    kind: Literal["generate", "fill", "manual"]
    room: str | None
    subjects: tuple[str, ...]
    story: str | None
    done: bool
    text: str
    after: tuple[str, ...]
    location: Location


@dataclass(frozen=True)
class Phase:
    """A group of tasks with what must hold when it is over."""

    id: str
    feature: str | None
    title: str
    after: tuple[str, ...]
    story: str | None
    checkpoint: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """A whole plan, resolved."""

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

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Every slot, in the plan's order."""
        return tuple(operation.slot for operation in self.operations if operation.slot)
