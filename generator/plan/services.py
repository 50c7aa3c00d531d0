"""Services, their operations and slots; policies, errors and schemas they speak of."""

# ruff: noqa: RUF012  # records are frozen, and so are their defaults
from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from generator.plan.forms import Choice, Either, Keyed, ListOf, MapOf, Name, Part, Whole
from generator.plan.members import ADDED, MEMBERS, PARAMETERS, Field, Shape
from generator.plan.routes import Http
from generator.plan.steps import Body, Crud, Step
from generator.plan.values import (
    CriterionId,
    EntityName,
    ErrorCode,
    Expression,
    FieldName,
    MemberName,
    OperationId,
    OperationName,
    PolicyName,
    ServiceName,
    ShapeName,
)


class Policy(Part):
    """A rule that denies."""

    article: ClassVar[str] = "a policy"

    allow: Annotated[Expression, "What must hold."]
    error: Annotated[ErrorCode | None, "The error when it does not; FORBIDDEN."] = None
    was: Annotated[
        tuple[PolicyName, ...], ListOf(Name("policy"), single=True), "Earlier names, oldest first."
    ] = ()


class DeclaredError(Part):
    """An error of the service. `status` is None only for a built-in error that keeps its own."""

    article: ClassVar[str] = "an error"

    status: Annotated[int | None, Whole(400, 599), "The HTTP status, 400 to 599."] = None
    text: Annotated[str, "What people read; `{name}` is a parameter."]
    params: Annotated[dict[MemberName, Field], PARAMETERS, "Parameters by name."] = {}
    was: Annotated[
        tuple[ErrorCode, ...], ListOf(Name("error"), single=True), "Earlier names, oldest first."
    ] = ()


class Schema(Part):
    """A shape with a name: either `fields`, or `of` an entity."""

    article: ClassVar[str] = "a schema"

    title: Annotated[str | None, "A name for people."] = None
    fields: Annotated[dict[MemberName, Field] | None, MEMBERS, "Members by name."] = None
    of: Annotated[EntityName | None, "The entity it is a view of."] = None
    pick: Annotated[tuple[FieldName, ...] | None, "The fields it has."] = None
    omit: Annotated[tuple[FieldName, ...] | None, "The fields it lacks."] = None
    include: Annotated[dict[FieldName, tuple[FieldName, ...]], "Columns of related rows, by relation."] = {}
    add: Annotated[dict[MemberName, Field], ADDED, "Members of its own: lines, or `type` and `derived`."] = {}
    was: Annotated[
        tuple[ShapeName, ...], ListOf(Name("schema"), single=True), "Earlier names, oldest first."
    ] = ()


class Slot(Part):
    """A body that is written by a person or a model; the fallback stands in until then."""

    article: ClassVar[str] = "a slot"

    intent: Annotated[str, "What the body shall do, in free text."]
    may_read: Annotated[tuple[EntityName, ...], "Entities it may read."] = ()
    may_write: Annotated[tuple[EntityName, ...], "Entities it may write."] = ()
    may_call: Annotated[tuple[OperationId, ...], "Operations it may call."] = ()
    errors: Annotated[tuple[ErrorCode, ...], "Errors it may raise."] = ()
    proven_by: Annotated[tuple[CriterionId, ...], "Criteria that prove it."]
    fallback: Annotated[
        Literal["placeholder", "room"] | Body,
        Either((Choice(("placeholder", "room")), Keyed(Body))),
        "`placeholder` raises NOT_IMPLEMENTED; `return` or `steps` are complete; `room`: a room has it.",
    ]
    wrong: Annotated[dict[MemberName, Body], "Plausible wrong bodies that the criteria must reject."] = {}


class Operation(Part):
    """What a service does: one of `crud`, `steps`, `slot`; none where it only changes an inferred operation.

    `written` tells which keys were given: only those replace the inferred ones.
    """

    article: ClassVar[str] = "an operation"

    title: Annotated[str | None, "A name for people."] = None
    http: Annotated[Http | None, "The route: `POST /x/{id}`, or keys; internal without it."] = None
    input: Annotated[Shape | None, "The name of a schema, or members by name."] = None
    output: Annotated[Shape | None, "A schema, an entity, `list(X)`, `page(X)`, or members by name."] = None
    failure: Annotated[Literal["throw", "result"], "How the function tells of an error."] = "throw"
    errors: Annotated[tuple[ErrorCode, ...] | None, "The errors it raises; inferred, checked when given."] = (
        None
    )
    policy: Annotated[PolicyName | None, "Who may call it."] = None
    runs_as: Annotated[Literal["caller", "system"], "`system` lifts the visibility of rows."] = "caller"
    transaction: Annotated[Literal["auto", "none", "serializable"], "The transaction around it."] = "auto"
    crud: Annotated[Crud | None, "A standard operation: `list: Entity`."] = None
    steps: Annotated[tuple[Step, ...] | None, "Steps in order; the first failure undoes all writes."] = None
    slot: Annotated[Slot | None, "A body written by a person or a model."] = None
    was: Annotated[
        tuple[OperationName, ...], ListOf(Name("operation"), single=True), "Earlier names, oldest first."
    ] = ()


class Service(Part):
    """Operations that belong together."""

    article: ClassVar[str] = "a service"
    tolerant: ClassVar[bool] = True

    title: Annotated[str | None, "A name for people."] = None
    operations: Annotated[
        dict[OperationName, Operation],
        MapOf(Name("operation"), Keyed(Operation), filled=True),
        "Operations by name.",
    ]
    was: Annotated[
        tuple[ServiceName, ...], ListOf(Name("service"), single=True), "Earlier names, oldest first."
    ] = ()
