"""What the service does, by whichever way it is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from generator.expressions.typed import Typed
from generator.frozen import dataclass
from generator.model.elements.access import Access, Policy, RateLimit
from generator.model.elements.entities import Transition
from generator.model.elements.members import ManyRelation, Member
from generator.model.elements.steps import Body
from generator.plan.names import Names


@dataclass(frozen=True)
class RoomBody:
    """A complete body of a slot that a room of the blueprints has: a function, and what it takes and gives.

    ``module`` is how the service imports it; ``input`` and ``output`` are names of members in the plan.
    """

    module: str
    function: str
    input: tuple[str, ...] = ()
    output: tuple[str, ...] = ()


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
    room: RoomBody | None = None
    """The body that a room has, where that is what it falls back to."""


@dataclass(frozen=True)
class Route:
    """An operation's place in HTTP."""

    method: str
    path: str
    status: int
    parameters: tuple[str, ...]
    access: Access | None = None
    limit: RateLimit | None = None
    idempotency: Literal["none", "optional", "required"] = "none"
    """Whether a call with a key is done once, and answered from the first when it comes again."""


@dataclass(frozen=True)
class Output:
    """What an operation answers: nothing, one value of a shape, a list or a page of them.

    A ``page`` is cut by offset and knows the total; a ``cursor_page`` leads to the next one.
    """

    kind: Literal["none", "view", "shape", "list", "page", "cursor_page"]
    name: str | None = None
    item: Literal["view", "shape"] | None = None


@dataclass(frozen=True)
class Crud:
    """A standard operation on the rows of an entity that meet ``where``.

    ``order`` is that of a list. ``kept`` are inputs that set a column which is never unset: absent they leave
    it as it is.
    """

    kind: Literal["list", "get", "create", "update", "delete", "restore"]
    entity: str
    where: Typed | None = None
    order: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One thing the service does, by whichever way it is called."""

    id: str
    service: str
    name: str
    function: str
    title: str
    kind: Literal[
        "list", "get", "create", "update", "delete", "restore", "transition", "steps", "slot", "crud"
    ]
    entity: str | None
    input: tuple[Member, ...]
    input_many: tuple[ManyRelation, ...]
    input_name: str | None
    output: Output
    errors: tuple[str, ...]
    writes: bool
    route: Route | None
    transaction: Literal["auto", "none", "serializable"] = "auto"
    body: Body | None = None
    slot: Slot | None = None
    crud: Crud | None = None
    transition: Transition | None = None
    feature: str | None = None
    touches: tuple[str, ...] = ()
    """Entities that it reads or writes, those of its output included."""
    policy: Policy | None = None
    gives_failure: bool = False
    """Whether its function returns a failure, so that who calls it decides; HTTP tells it as any other."""
    as_system: bool = False
    """Whether all rows are there for it, whoever calls."""

    @property
    def about(self) -> str | None:
        """The entity whose row it is about, as a policy at its use sees it."""
        return self.crud.entity if self.crud else self.entity


@dataclass(frozen=True)
class Service:
    """Operations declared together."""

    name: str
    names: Names
    title: str
    operations: tuple[Operation, ...]
