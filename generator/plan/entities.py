"""Entities: fields, constraints, states, and the resource that serves them."""

# ruff: noqa: RUF012  # records are frozen, and so are their defaults
from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from generator.plan.forms import Choice, Keyed, ListOf, MapOf, Name, Part, Text
from generator.plan.members import Field
from generator.plan.routes import Http, Ordering
from generator.plan.steps import Step
from generator.plan.values import (
    ConstraintName,
    EntityName,
    ErrorCode,
    Expression,
    FieldName,
    MemberName,
    Path,
    PolicyName,
    ShapeName,
    SqlName,
    StateName,
    TransitionName,
)

Was = Annotated[
    tuple[ConstraintName, ...], ListOf(Name("constraint"), single=True), "Earlier names, oldest first."
]


class Unique(Part):
    """Columns that are unique together: a list, or keys."""

    article: ClassVar[str] = "a unique rule"
    list_key: ClassVar[str] = "fields"

    fields: Annotated[tuple[FieldName, ...], "The columns."]
    where: Annotated[Expression | None, "Only among rows for which this holds."] = None
    error: Annotated[ErrorCode | None, "The error when it is violated; CONFLICT."] = None
    was: Was = ()


class Index(Part):
    """An index: a list of columns, or keys."""

    article: ClassVar[str] = "an index"
    list_key: ClassVar[str] = "fields"

    fields: Annotated[tuple[Ordering, ...], "The columns, each may be followed by `desc`."]
    where: Annotated[Expression | None, "Only rows for which this holds."] = None
    method: Annotated[Literal["btree", "gin", "gist", "hash"], "The kind of index."] = "btree"
    was: Was = ()


class Check(Part):
    """What every row must satisfy: an expression, or keys."""

    article: ClassVar[str] = "a check"
    text_key: ClassVar[str] = "rule"

    rule: Annotated[Expression, "True for every row."]
    error: Annotated[ErrorCode | None, "The error when it is violated; VALIDATION_FAILED."] = None
    was: Was = ()


class Exclusion(Part):
    """Rows that may not overlap."""

    article: ClassVar[str] = "an exclusion"

    equal: Annotated[tuple[FieldName, ...], "Columns in which two rows are equal."]
    overlap: Annotated[tuple[FieldName, ...], "Start and end, half-open: `[from, to]`."]
    where: Annotated[Expression | None, "Only among rows for which this holds."] = None
    error: Annotated[ErrorCode | None, "The error when it is violated; CONFLICT."] = None
    was: Was = ()


class Transition(Part):
    """A change of state. `http` is None for the inferred route, `none` for no endpoint."""

    article: ClassVar[str] = "a transition"

    from_: Annotated[
        tuple[StateName, ...], ListOf(Name("state"), single=True, distinct=True), "States it starts from."
    ]
    to: Annotated[StateName, "The state it leads to."]
    guard: Annotated[Expression | None, "What must hold; `this` is the row."] = None
    error: Annotated[ErrorCode | None, "The error when the guard does not hold; INVALID_TRANSITION."] = None
    with_: Annotated[dict[MemberName, Expression], "Parameters of the error."] = {}
    policy: Annotated[PolicyName | None, "Who may do it, over its endpoint."] = None
    set: Annotated[dict[FieldName, Expression], "Fields that change with it."] = {}
    steps: Annotated[tuple[Step, ...], "What follows, in the same transaction."] = ()
    http: Annotated[Http | Literal["none"] | None, "A route of its own, or `none` for no endpoint."] = None
    was: Annotated[
        tuple[TransitionName, ...], ListOf(Name("transition"), single=True), "Earlier names, oldest first."
    ] = ()


class States(Part):
    """A state machine over an enum field."""

    article: ClassVar[str] = "a state machine"

    field: Annotated[FieldName, "The enum field."]
    initial: Annotated[StateName, "The state of a new row."]
    transitions: Annotated[
        dict[TransitionName, Transition],
        MapOf(Name("transition"), Keyed(Transition), filled=True),
        "Changes of state by name.",
    ]


Operations = tuple[Literal["list", "get", "create", "update", "delete", "restore"], ...]


class Resource(Part):
    """The standard endpoints of an entity: `true`, or keys. None is: not given, inferred.

    `policy` has the keys `read`, `write` and `all`; a name alone is `all`.
    """

    article: ClassVar[str] = "a resource"
    flag: ClassVar[bool] = True

    path: Annotated[
        str | None,
        Text(r"/[a-z0-9._~-]+(/[a-z0-9._~-]+)*", "/people", "a path"),
        "The path; the plural in kebab-case.",
    ] = None
    operations: Annotated[Operations | None, "Which operations there are."] = None
    filter: Annotated[tuple[FieldName, ...] | None, "Fields to filter a list by."] = None
    sort: Annotated[tuple[FieldName, ...] | None, "Fields to sort a list by."] = None
    search: Annotated[tuple[FieldName, ...] | None, "Text fields that a search looks in."] = None
    order: Annotated[tuple[Ordering, ...] | None, "The order of a list when nobody asks for one."] = None
    page: Annotated[Literal["offset", "cursor"], "How a list is cut into pages."] = "offset"
    access: Annotated[Literal["actor", "public"] | None, "Who may call: a known actor, or anybody."] = None
    policy: Annotated[
        dict[Literal["read", "write", "all"], PolicyName],
        MapOf(Choice(("read", "write", "all")), Name("policy"), short="all"),
        "Policies: one name for all, or by `read` and `write`.",
    ] = {}
    output: Annotated[ShapeName | None, "A schema of the entity that answers are shaped by."] = None


class Entity(Part):
    """A kind of row."""

    article: ClassVar[str] = "an entity"
    tolerant: ClassVar[bool] = True

    title: Annotated[str | None, "A name for people."] = None
    table: Annotated[SqlName | None, "The table; the plural in snake_case."] = None
    key: Annotated[tuple[FieldName, ...] | None, "Columns of the primary key; `[id]`, which is added."] = None
    timestamps: Annotated[
        Literal["both", "created", "none"], "Which of `created_at` and `updated_at` there are."
    ] = "both"
    soft_delete: Annotated[bool, "Deleted rows stay, hidden, and can be restored."] = False
    lock: Annotated[Literal["none", "optimistic"], "`optimistic`: a `version`, required on update."] = "none"
    scope: Annotated[Path | None, "The path of required refs that ends at the tenant."] = None
    owner: Annotated[FieldName | None, "The ref to the actor, set on create."] = None
    visible: Annotated[Expression | None, "Which rows there are for a caller."] = None
    resource: Annotated[Resource | None, "The standard endpoints: `true`, or keys."] = None
    fields: Annotated[
        dict[FieldName, Field], MapOf(Name("field"), Keyed(Field), filled=True), "Fields by name."
    ]
    unique: Annotated[dict[ConstraintName, Unique], "Columns that are unique together."] = {}
    indexes: Annotated[dict[ConstraintName, Index], "Indexes."] = {}
    checks: Annotated[dict[ConstraintName, Check], "What every row must satisfy."] = {}
    exclusions: Annotated[dict[ConstraintName, Exclusion], "Rows that may not overlap."] = {}
    states: Annotated[States | None, "The state machine."] = None
    was: Annotated[
        tuple[EntityName, ...], ListOf(Name("entity"), single=True), "Earlier names, oldest first."
    ] = ()


class ResourceExtension(Part):
    """What a later feature adds to a resource."""

    article: ClassVar[str] = "an extension of a resource"

    filter: Annotated[tuple[FieldName, ...], "More fields to filter by."] = ()
    sort: Annotated[tuple[FieldName, ...], "More fields to sort by."] = ()
    search: Annotated[tuple[FieldName, ...], "More fields to search in."] = ()


class Extension(Part):
    """What a later feature adds to an entity of an earlier one."""

    article: ClassVar[str] = "an extension"

    fields: Annotated[dict[FieldName, Field], "More fields."] = {}
    unique: Annotated[dict[ConstraintName, Unique], "More unique rules."] = {}
    indexes: Annotated[dict[ConstraintName, Index], "More indexes."] = {}
    checks: Annotated[dict[ConstraintName, Check], "More checks."] = {}
    exclusions: Annotated[dict[ConstraintName, Exclusion], "More exclusions."] = {}
    transitions: Annotated[dict[TransitionName, Transition], "More changes of state."] = {}
    values: Annotated[dict[FieldName, tuple[StateName, ...]], "More members, by enum field."] = {}
    resource: Annotated[ResourceExtension | None, "More filters, sorts and searches."] = None
