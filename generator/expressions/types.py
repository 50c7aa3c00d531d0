"""What an expression can speak about: value types, entities, shapes and the names in reach.

Nothing here knows YAML or a target language beyond the two names a value has in generated code
(its SQL column and its TypeScript property). Rules: LANGUAGE.md, sections 5 and 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Literal

from generator.frozen import dataclass

Kind = Literal[
    "text",
    "int",
    "decimal",
    "money",
    "bool",
    "uuid",
    "instant",
    "date",
    "time",
    "interval",
    "json",
    "enum",
    "list",
    "page",
    "row",
    "shape",
    "null",
    "any",
]

Permission = Literal["now", "config", "refs", "required_refs", "aggregates", "context"]

ROW_RULE: frozenset[Permission] = frozenset()
"""Checks, partial indexes, `where` of unique constraints and exclusions: only the row."""
DEFAULT: frozenset[Permission] = frozenset({"now", "config"})
BACKFILL: frozenset[Permission] = frozenset({"now", "config", "refs"})
STORED: frozenset[Permission] = frozenset({"required_refs"})
"""Stored derived fields and snapshots."""
DERIVED: frozenset[Permission] = frozenset({"now", "config", "refs", "aggregates"})
RULE: frozenset[Permission] = frozenset({"now", "config", "refs", "aggregates", "context"})
"""`visible`, policies, guards, steps, slot bodies, criteria."""


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value.

    `members` are those of an enum; `of` is what a list, array or page holds; `entity` names the entity of a
    row and `shape` a key of `Scope.shapes`; `precision` and `scale` bound a decimal (None: unbounded);
    `currency` is the code of money that has one fixed currency; `bits` is 16, 32 or 53 for integers.
    """

    kind: Kind
    optional: bool = False
    members: tuple[str, ...] = ()
    of: Type | None = None
    entity: str | None = None
    shape: str | None = None
    precision: int | None = None
    scale: int | None = None
    currency: str | None = None
    bits: int = 53

    def required(self) -> Type:
        """The same type without "may be unset"."""
        return replace(self, optional=False) if self.optional else self

    def with_optional(self, optional: bool) -> Type:
        """The same type that may (or may not) be unset."""
        return replace(self, optional=optional) if self.optional != optional else self


ANY = Type("any", optional=True)
BOOL = Type("bool")
TEXT = Type("text")
INT = Type("int")
DATE = Type("date")
TIME = Type("time")
INSTANT = Type("instant")
UUID = Type("uuid")


@dataclass(frozen=True, slots=True)
class Join:
    """The table behind a `many` relation: `own_column` points at the row, `other_column` at the member."""

    table: str
    own_column: str
    other_column: str


@dataclass(frozen=True, slots=True)
class Referring:
    """Rows of `entity` whose `column` refers to a row: the inverse of a ref.

    With `other` the rows are those that they refer to by that column: `many` through an entity.
    """

    entity: str
    column: str
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One name inside a row or a shape.

    `column` is the SQL column and the property of a row in TypeScript (for money the `_minor` column, for a
    relation the foreign key); `json` the property of a shape. `relation` names the entity a relation leads
    to; `join` is set for `many`, `referring` for lists of rows that others say. `currency_column` or
    `currency_path` (`tenant.currency`, from the same row) says where money without a fixed currency finds
    it. `derived` is the expression text of a derived field that is not stored. `absent`: the TypeScript
    property may be missing, not only null.
    """

    name: str
    type: Type
    column: str | None = None
    json: str = ""
    relation: str | None = None
    derived: str | None = None
    join: Join | None = None
    referring: Referring | None = None
    currency_column: str | None = None
    currency_path: str | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class EntityType:
    """A table. `model` is the TypeScript constant that kernel functions take, by default the table's name."""

    name: str
    table: str
    key: tuple[str, ...]
    members: Mapping[str, Member]
    soft_delete: bool = False
    model: str = ""
    deleted_column: str = "deleted_at"
    guarded: bool = False
    """Whether some of its rows are not there for every caller."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A plain object: an input, a schema value, the result of an operation."""

    name: str
    members: Mapping[str, Member]


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that code has bound: its type and how TypeScript reads it (`person`, `context.actor`)."""

    type: Type
    typescript: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything one expression may name.

    `row` is the entity whose fields may be written bare, `this` the entity of `this`; where both are given
    they are the same row. `allow` is one of the constants above (section 10, last table). `policies` maps
    a name to the text of its `allow`, which is checked anew at each use, in the scope of the use.
    """

    entities: Mapping[str, EntityType] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    config: Mapping[str, Type] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    roots: Mapping[str, Binding] = field(default_factory=dict)
    row: str | None = None
    this: str | None = None
    allow: frozenset[Permission] = RULE


class ExpressionProblem(Exception):
    """One thing wrong with an expression, `offset` characters into its text."""

    def __init__(self, offset: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.hint = hint


class ExpressionProblems(Exception):
    """Everything wrong with an expression, in the order of the text."""

    def __init__(self, problems: tuple[ExpressionProblem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
