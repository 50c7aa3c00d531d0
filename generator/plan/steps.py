"""The bodies of operations: steps, bodies of slots, standard operations."""

# ruff: noqa: RUF012  # records are frozen, and so are their defaults
from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from generator.plan.forms import Choice, Either, MapOf, Name, Part, Special, Variant, Whole
from generator.plan.routes import Each, Ordering
from generator.plan.values import BindingName, ErrorCode, Expression, FieldName, MemberName, TransitionName

EXPRESSION = Special("expression")
RETURN = Either((EXPRESSION, MapOf(Name("member"), EXPRESSION)))
MISSING = Either((Choice(("none",)), Name("error")))
ENTITY, BINDING = Name("entity"), Name("binding")


class Step(Part):
    """One step: `kind` is its first key, `subject` that key's text (an entity, binding, operation or event).

    `require` has a `condition` and `return` has `return_` in place of a `subject`. That of `update`
    and `delete` is an entity (with `where`) or a binding: `names_entity` tells.
    """

    article: ClassVar[str] = "a step"
    variants: ClassVar[dict[str, Variant]] = {
        "load": Variant(
            "subject", ENTITY, ("by", "where", "as", "many", "order", "limit", "lock", "missing")
        ),
        "require": Variant("condition", EXPRESSION, ("error", "with", "keep")),
        "create": Variant("subject", ENTITY, ("set", "as", "each", "when")),
        "update": Variant("subject", Name("entity or binding"), ("set", "where", "each", "when"), ("set",)),
        "delete": Variant("subject", Name("entity or binding"), ("where", "each", "when")),
        "transition": Variant("subject", BINDING, ("using", "set", "each", "when"), ("using",)),
        "call": Variant("subject", Name("operation id"), ("with", "as", "each", "when")),
        "emit": Variant("subject", Name("event"), ("with", "each", "when")),
        "return": Variant("return_", RETURN),
    }
    hidden: ClassVar[frozenset[str]] = frozenset({"kind", "subject", "condition", "return_"})

    kind: Literal["load", "require", "create", "update", "delete", "transition", "call", "emit", "return"]
    subject: str = ""
    condition: Expression | None = None
    return_: Expression | dict[str, Expression] | None = None
    by: Annotated[Expression | None, "The key of the row."] = None
    where: Annotated[Expression | None, "Which rows."] = None
    as_: Annotated[BindingName | None, "The name it is bound to; else the entity in snake_case."] = None
    many: Annotated[bool, "Binds a list."] = False
    order: Annotated[tuple[Ordering, ...], "The order of a list."] = ()
    limit: Annotated[int | None, Whole(1, 1_000_000), "At most so many rows."] = None
    lock: Annotated[
        Literal["none", "update", "skip"] | None, "Locking of rows; `update` when a later step writes them."
    ] = None
    missing: Annotated[
        ErrorCode | None,
        MISSING,
        "The error when there is no row; NOT_FOUND. With `none` what it binds may be unset.",
    ] = None
    error: Annotated[ErrorCode | None, "The error when the condition does not hold; VALIDATION_FAILED."] = (
        None
    )
    with_: Annotated[dict[MemberName, Expression], "Values by name."] = {}
    keep: Annotated[bool, "Commits the writes so far when the condition does not hold."] = False
    set: Annotated[dict[FieldName, Expression], "New values by field."] = {}
    using: Annotated[TransitionName | None, "The transition."] = None
    each: Annotated[Each | None, "Does the step for each row of a bound list."] = None
    when: Annotated[Expression | None, "Does the step only when this holds."] = None

    @property
    def names_entity(self) -> bool:
        """Whether the subject is an entity and no binding."""
        return self.subject[:1].isupper()


class Body(Part):
    """A body in this language: exactly one of `return_` and `steps`."""

    article: ClassVar[str] = "a body"

    return_: Annotated[
        Expression | dict[str, Expression] | None, RETURN, "The result: an expression, or members."
    ] = None
    steps: Annotated[tuple[Step, ...] | None, "Steps, as in an operation."] = None


class Crud(Part):
    """A standard operation: `kind` is its first key and `entity` what it is about."""

    article: ClassVar[str] = "a standard operation"
    variants: ClassVar[dict[str, Variant]] = {
        kind: Variant("entity", ENTITY, ("where", "order", "page"))
        for kind in ("list", "get", "create", "update", "delete", "restore")
    }
    hidden: ClassVar[frozenset[str]] = frozenset({"kind", "entity"})

    kind: Literal["list", "get", "create", "update", "delete", "restore"]
    entity: str
    where: Annotated[Expression | None, "Which rows it may touch."] = None
    order: Annotated[tuple[Ordering, ...], "The order of the list."] = ()
    page: Annotated[Literal["offset", "cursor"] | None, "How the list is cut into pages."] = None
