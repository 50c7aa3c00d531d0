"""Fixtures and acceptance criteria."""

# ruff: noqa: RUF012  # records are frozen, and so are their defaults
from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from generator.plan.forms import ListOf, Name, Part, Special, Variant, Whole
from generator.plan.values import (
    AnswerPath,
    BindingName,
    Duration,
    EntityName,
    ErrorCode,
    EventName,
    Expression,
    FieldName,
    Instant,
    MemberName,
    OperationId,
    Value,
)

ACTOR = "Who calls: an expression, or `none` for nobody."
SCOPE = "The tenant of the call: an expression, or `none`."
Caller = Expression | Literal["none"]
Repeat = Annotated[int, Whole(1, 10_000), "How many times."]
OPERATION = Name("operation id")


class Fixture(Part):
    """A row (`entity`, `set`) or the result of an operation (`call`, `send`, `by`, `scope`) with a name."""

    article: ClassVar[str] = "a fixture"

    entity: Annotated[EntityName | None, "The entity of the row."] = None
    call: Annotated[OperationId | None, "The operation whose result it is."] = None
    set: Annotated[dict[FieldName, Value], "Values by field; required ones not given are made up."] = {}
    send: Annotated[dict[MemberName, Value], "The input of the operation."] = {}
    by: Annotated[Caller | None, ACTOR] = None
    scope: Annotated[Caller | None, SCOPE] = None
    seed: Annotated[bool, "Also puts it into the demo data."] = False


class GivenFixture(Part):
    """A fixture by name."""

    name: str


class GivenRow(Part):
    """A row, or `repeat` rows, of an entity."""

    article: ClassVar[str] = "a row"

    entity: Annotated[EntityName, "The entity of the row."]
    as_: Annotated[BindingName | None, "The name it is bound to."] = None
    set: Annotated[dict[FieldName, Value], "Values by field; required ones not given are made up."] = {}
    repeat: Repeat = 1


class GivenAction(Part):
    """An operation done before: `kind` is `http` (through the route) or `call` (through the service)."""

    article: ClassVar[str] = "an action"
    variants: ClassVar[dict[str, Variant]] = {
        kind: Variant("operation", OPERATION, ("as", "by", "scope", "send", "repeat", "fails"))
        for kind in ("http", "call")
    }
    hidden: ClassVar[frozenset[str]] = frozenset({"kind", "operation"})

    kind: Literal["http", "call"]
    operation: str
    as_: Annotated[BindingName | None, "The name its result is bound to."] = None
    by: Annotated[Caller | None, ACTOR] = None
    scope: Annotated[Caller | None, SCOPE] = None
    send: Annotated[dict[MemberName, Value], "The input."] = {}
    repeat: Repeat = 1
    fails: Annotated[ErrorCode | None, "The error it must end with."] = None


class Advance(Part):
    """The clock moves forward."""

    article: ClassVar[str] = "an advance of the clock"

    advance: Annotated[Duration, "By how much."]


class Action(Part):
    """The operation that is tested: `kind` is `http` (through the route) or `call` (through the service)."""

    article: ClassVar[str] = "an action"
    variants: ClassVar[dict[str, Variant]] = {
        kind: Variant("operation", OPERATION, ("by", "scope", "send")) for kind in ("http", "call")
    }
    hidden: ClassVar[frozenset[str]] = frozenset({"kind", "operation"})

    kind: Literal["http", "call"]
    operation: str
    by: Annotated[Caller | None, ACTOR] = None
    scope: Annotated[Caller | None, SCOPE] = None
    send: Annotated[dict[MemberName, Value], "The input."] = {}


class Then(Part):
    """What must be seen; at least one key."""

    article: ClassVar[str] = "an expectation"

    status: Annotated[int | None, Whole(100, 599), "The HTTP status."] = None
    error: Annotated[ErrorCode | None, "The error."] = None
    with_: Annotated[dict[MemberName, Value], "Parameters of the error."] = {}
    body: Annotated[Value | None, "What the answer contains; lists in full."] = None
    present: Annotated[tuple[AnswerPath, ...], "Paths that the answer has."] = ()
    absent: Annotated[tuple[AnswerPath, ...], "Paths that the answer lacks."] = ()
    holds: Annotated[tuple[Expression, ...], "Conditions over `result` and the database."] = ()
    outcomes: Annotated[
        tuple[Literal["ok"] | ErrorCode, ...],
        "Of `together`: `ok` or an error for each action, in any order.",
    ] = ()
    emitted: Annotated[dict[EventName, Annotated[int, Whole(0, 1_000_000)]], "How many events, by name."] = {}


class Criterion(Part):
    """An acceptance criterion. `when` has one action, or several with `together`."""

    article: ClassVar[str] = "a criterion"
    hidden: ClassVar[frozenset[str]] = frozenset({"together"})

    title: Annotated[str, "What is proved, for people."]
    story: Annotated[str | None, "The story it belongs to."] = None
    at: Annotated[Instant | None, "The clock at the start; 2026-01-01T00:00:00Z."] = None
    given: Annotated[
        tuple[GivenFixture | GivenRow | GivenAction | Advance, ...],
        ListOf(Special("given")),
        "What there is before: fixtures, rows, actions, advances of the clock.",
    ] = ()
    when: Annotated[tuple[Action, ...], Special("when"), "The action, or `together` and a list of actions."]
    together: bool = False
    then: Annotated[Then, "What must be seen."]
