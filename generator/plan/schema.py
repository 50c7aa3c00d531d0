"""The models of plan.yaml and tasks.yaml: what people write, brought to one long form."""

# ruff: noqa: RUF012  # records are frozen, and so are their defaults
from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from generator.plan.acceptance import (
    Action,
    Advance,
    Criterion,
    Fixture,
    GivenAction,
    GivenFixture,
    GivenRow,
    Then,
)
from generator.plan.entities import (
    Check,
    Entity,
    Exclusion,
    Extension,
    Index,
    Resource,
    ResourceExtension,
    States,
    Transition,
    Unique,
)
from generator.plan.forms import ListOf, Part, Text, Whole
from generator.plan.members import ConfigEntry, Field, NamedType, Shape
from generator.plan.routes import Each, Http, Ordering, RateLimit
from generator.plan.services import DeclaredError, Operation, Policy, Schema, Service, Slot
from generator.plan.steps import Body, Crud, Step
from generator.plan.values import (
    VERSION,
    ConfigName,
    CriterionId,
    Duration,
    EntityName,
    ErrorCode,
    Expression,
    FeatureName,
    FixtureName,
    OperationId,
    PolicyName,
    RoomName,
    ServiceName,
    ShapeName,
    TypeLine,
    Value,
)
from generator.plan.work import Phase, Task, Tasks

__all__ = [
    "Action",
    "Advance",
    "Body",
    "Check",
    "ConfigEntry",
    "Conventions",
    "Coverage",
    "Criterion",
    "Crud",
    "DeclaredError",
    "Each",
    "Entity",
    "Exclusion",
    "Expression",
    "Extension",
    "Field",
    "Fixture",
    "GivenAction",
    "GivenFixture",
    "GivenRow",
    "Http",
    "Identity",
    "Index",
    "NamedType",
    "Operation",
    "Ordering",
    "Part",
    "Performance",
    "Phase",
    "Plan",
    "Policy",
    "Quality",
    "RateLimit",
    "Resource",
    "ResourceExtension",
    "Rooms",
    "Schema",
    "Service",
    "Shape",
    "Slot",
    "States",
    "Step",
    "Task",
    "Tasks",
    "Then",
    "Transition",
    "TypeLine",
    "Unique",
    "Value",
]


RESERVED_SECTIONS: dict[str, str] = {
    "events": "who hears what `emit` writes",
    "jobs": "work by the clock",
    "integrations": "services of others",
    "webhooks": "calls from services of others",
    "realtime": "channels over a lasting connection",
    "ui": "forms and pages",
    "infrastructure": "where it runs",
}
"""Sections of the language that are refused with "not supported yet" (LANGUAGE section 14)."""


class Conventions(Part):
    """How names and errors come out; the first choice is the default."""

    article: ClassVar[str] = "conventions"

    columns: Annotated[Literal["snake_case", "camelCase"], "Case of columns in the database."] = "snake_case"
    json: Annotated[Literal["camelCase", "snake_case"], "Case of members in JSON."] = "camelCase"
    ids: Annotated[Literal["uuid", "integer", "bigint"], "Type of the inferred `id`."] = "uuid"
    errors: Annotated[Literal["problem", "compact"], "`compact` adds `error` and `code` to problem+json."] = (
        "problem"
    )


class Identity(Part):
    """Who calls, and for whom."""

    article: ClassVar[str] = "identity"

    actor: Annotated[EntityName, "The entity of those who call."]
    scope: Annotated[EntityName | None, "The entity of the tenants."] = None
    member: Annotated[EntityName | None, "The entity that joins actor and tenant."] = None
    from_: Annotated[
        Literal["gateway", "auth"],
        "Where identity comes from: a gateway in front of the service, or its own room `auth`.",
    ] = "gateway"
    enumeration: Annotated[
        Literal["guide", "strict"] | None,
        "Of `auth`: with `strict` no answer says whether an address is registered; `guide`.",
    ] = None
    hash: Annotated[Literal["bcrypt", "scrypt"] | None, "Of `auth`: how passwords are hashed; `bcrypt`."] = (
        None
    )


class Rooms(Part):
    """Which rooms of the blueprints are used."""

    article: ClassVar[str] = "rooms"

    with_: Annotated[tuple[RoomName, ...], "Rooms to switch on that are off by themselves."] = ()
    without: Annotated[tuple[RoomName, ...], "Rooms to leave out."] = ()


class Coverage(Part):
    """Least coverage of the generated service, in percent."""

    article: ClassVar[str] = "coverage"

    lines: Annotated[int, Whole(0, 100), "Lines, in percent."] = 90
    branches: Annotated[int, Whole(0, 100), "Branches, in percent."] = 85


class Performance(Part):
    """How fast an operation must answer under load: exactly one of `rate` and `connections`."""

    article: ClassVar[str] = "a performance goal"

    operation: Annotated[OperationId, "The operation."]
    p95: Annotated[Duration, "The time within which 95 of 100 calls are answered."]
    rate: Annotated[int | None, Whole(1, 1_000_000), "Calls per second."] = None
    connections: Annotated[int | None, Whole(1, 100_000), "Connections that call at once."] = None


class Quality(Part):
    """What is measured."""

    article: ClassVar[str] = "quality"

    coverage: Annotated[Coverage, "Least coverage."] = Coverage()
    performance: Annotated[tuple[Performance, ...], "Goals under load."] = ()


class Plan(Part):
    """The file plan.yaml."""

    article: ClassVar[str] = "a plan"
    later: ClassVar[dict[str, str]] = RESERVED_SECTIONS
    tolerant: ClassVar[bool] = True

    specwright: Annotated[Literal["1"], VERSION, "The version of the language."]
    project: Annotated[
        str | None,
        Text(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "task-tracker", "a slug"),
        "The name of the project, in exactly one plan.",
    ] = None
    feature: Annotated[FeatureName | None, "The feature: the name of the folder under specs."] = None
    title: Annotated[str | None, "A name for people."] = None
    spec: Annotated[str | None, "The path of the specification it was written from."] = None
    needs: Annotated[tuple[FeatureName, ...] | None, "Features it builds on; all earlier ones."] = None
    stack: Annotated[Literal["express-react", "fastapi"] | None, "The blueprints."] = None
    conventions: Annotated[Conventions | None, "How names and errors come out."] = None
    rooms: Annotated[Rooms | None, "Which rooms of the blueprints are used."] = None
    dropped: Annotated[
        tuple[str, ...],
        ListOf(Text(r"[A-Z][A-Za-z0-9]*(\.[a-z][a-z0-9_]*)?", "Task.notes", "an entity or field")),
        "Agrees to lose data: `Entity` or `Entity.field`.",
    ] = ()
    narrowed: Annotated[
        tuple[str, ...],
        ListOf(Text(r"[A-Z][A-Za-z0-9]*\.[a-z][a-z0-9_]*", "Task.title", "a field or rule of an entity")),
        "Agrees to rules that rows which exist may not follow: `Entity.field` or `Entity.rule`.",
    ] = ()
    identity: Annotated[Identity | None, "Who calls, and for whom."] = None
    config: Annotated[dict[ConfigName, ConfigEntry], "Settings by name."] = {}
    types: Annotated[dict[EntityName, NamedType], "Declared types by name."] = {}
    entities: Annotated[dict[EntityName, Entity], "Entities by name."] = {}
    extend: Annotated[dict[EntityName, Extension], "What this feature adds to earlier entities."] = {}
    policies: Annotated[dict[PolicyName, Policy], "Rules that deny, by name."] = {}
    errors: Annotated[dict[ErrorCode, DeclaredError], "Errors by code."] = {}
    schemas: Annotated[dict[ShapeName, Schema], "Shapes by name."] = {}
    services: Annotated[dict[ServiceName, Service], "Services by name."] = {}
    fixtures: Annotated[
        dict[FixtureName, Fixture], "Rows and results by name, for criteria and demo data."
    ] = {}
    acceptance: Annotated[dict[CriterionId, Criterion], "Acceptance criteria by id."] = {}
    quality: Annotated[Quality | None, "What is measured."] = None
