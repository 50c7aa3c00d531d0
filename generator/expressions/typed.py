"""The checked tree: every node knows its type, its bounds and whether evaluating it can fail.

Writers need no look-ups: members, entities and bound names are resolved, conversions are explicit.
A *frame* is one row that is being looked at: 0 is the row of the rule, others belong to aggregates and
to derived fields that were put in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Literal

from generator.expressions.nodes import ArithmeticOperator, CompareOperator, Fold
from generator.expressions.types import EntityType, Member, Type
from generator.frozen import dataclass

Fact = tuple[str, ...]
"""A path known to be set, as its names: `("this", "due_on")`. Bare fields of the row count as `this`."""
Facts = frozenset[Fact]

TOP = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A checked piece of an expression.

    `low` and `high` bound whole numbers, milliseconds of intervals and instants (since 1970) and days of
    dates (since 1970); None where nothing is known. `fails`: evaluating may raise VALIDATION_FAILED or
    CURRENCY_MISMATCH. `queries`: in TypeScript the value needs a query. `frames`: the rows it reads.
    `narrowed`: somewhere inside, a value that may be unset is used as one that a condition has proved set.
    """

    type: Type
    offset: int
    low: int | None = None
    high: int | None = None
    fails: bool = False
    queries: bool = False
    frames: frozenset[int] = frozenset()
    narrowed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Typed):
    """A literal: int, interval (milliseconds) as int; bool; None; all else as text in its canonical form.

    That of an array is a tuple of these.
    """

    value: int | str | bool | tuple[int | str | bool, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Root(Typed):
    """A name that code has bound, a `config` entry or the clock, read by the given TypeScript."""

    name: str
    typescript: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Typed):
    """The row of a frame."""

    frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Typed):
    """A member of a row or a shape; a relation where `member.relation` is set.

    `proved`: it may be unset, but not here. `currency`: of money, where its currency is not fixed.
    `target`: the entity of a reference or list of rows; `owner`: the entity of the row it is read from.
    """

    base: Typed
    member: Member
    proved: bool = False
    currency: Typed | None = None
    target: EntityType | None = None
    owner: EntityType | None = None

    @property
    def follows(self) -> bool:
        """Whether this is a reference to one row."""
        return self.member.relation is not None

    def foreign_key(self) -> Field:
        """The column that a reference is kept in."""
        assert self.target is not None
        column = self.member.column or ""
        key = next(member for member in self.target.members.values() if member.column == self.target.key[0])
        type_ = key.type.with_optional(self.type.optional)
        return Field(
            type=type_,
            offset=self.offset,
            base=self.base,
            member=Member(column, type_, column),
            frames=self.frames,
            fails=self.fails,
            queries=self.base.queries,
            narrowed=self.narrowed,
            proved=self.proved,
        )

    def owner_key(self) -> Field:
        """The key of the row that a list of rows belongs to."""
        assert self.owner is not None
        key = next(member for member in self.owner.members.values() if member.column == self.owner.key[0])
        return Field(type=key.type, offset=self.offset, base=self.base, member=key, frames=self.frames)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Typed):
    """A derived field put in place: `body` is evaluated with `frame` bound to `base`."""

    base: Typed
    member: Member
    frame: int
    body: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Length(Typed):
    """`.count` of a list, array or `many` relation."""

    base: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Typed):
    """`.items` or `.total` of a page."""

    base: Typed
    name: Literal["items", "total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Typed):
    """The rule of a policy, checked in the scope of its use."""

    name: str
    body: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect(Typed):
    operator: Literal["and", "or"]
    operands: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverse(Typed):
    """`not`."""

    operand: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Typed):
    operator: CompareOperator
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Typed):
    """`in`: either `items` of a written list, or a `collection` that is a value."""

    negated: bool
    value: Typed
    items: tuple[Typed, ...] = ()
    collection: Typed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence(Typed):
    """`is set`, `is not set`."""

    negated: bool
    operand: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Typed):
    """`+ - * /`; a `/` and a product of money and a decimal stand directly inside `round`.

    `guarded`: the result of whole numbers can leave their range, which has to be noticed.
    """

    operator: ArithmeticOperator
    left: Typed
    right: Typed
    guarded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposite(Typed):
    """Unary minus."""

    operand: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Typed):
    condition: Typed
    then: Typed
    otherwise: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoke(Typed):
    """A function of the closed list, or `has`."""

    name: str
    arguments: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather(Typed):
    """An aggregate over the rows of `entity` that meet `condition`; both see those rows as `frame`."""

    fold: Fold
    entity: EntityType
    frame: int
    value: Typed | None
    condition: Typed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert(Typed):
    """A value as its target type: integer to decimal, digits or bits that the target bounds."""

    operand: Typed


def parts(typed: Typed) -> Iterator[Typed]:
    """The nodes directly inside a node."""
    for each in fields(typed):
        value = getattr(typed, each.name)
        if isinstance(value, Typed):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Typed))


def is_literal(typed: Typed) -> bool:
    """Whether a node is made of literals alone."""
    if isinstance(typed, Root | Row | Gather) or (
        isinstance(typed, Invoke) and typed.name in ("new_id", "new_token", "today")
    ):
        return False
    return all(is_literal(part) for part in parts(typed))


def inherited(*several: Typed | None) -> dict[str, Any]:
    """What a node takes over from its parts."""
    present = [part for part in several if part is not None]
    return {
        "fails": any(part.fails for part in present),
        "queries": any(part.queries for part in present),
        "frames": frozenset().union(*(part.frames for part in present)),
        "narrowed": any(part.narrowed for part in present),
    }
