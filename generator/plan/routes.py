"""Parts that are mostly written as one text: orderings, iterations, rate limits, routes."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from generator.plan.forms import Part, Special, Whole
from generator.plan.lines import read_each, read_ordering, read_rate_limit, read_route


class Ordering(Part):
    """A column to sort by: `created_at`, or `created_at desc`."""

    article: ClassVar[str] = "a column to sort by"
    bare: ClassVar[bool] = True
    text_example: ClassVar[str] = "created_at desc"

    field: str
    descending: bool = False

    @classmethod
    def read_text(cls, text: str) -> dict[str, Any]:
        """`column` or `column desc`."""
        return read_ordering(text)

    def write_text(self) -> str:
        """`column` or `column desc`."""
        return f"{self.field} desc" if self.descending else self.field


class Each(Part):
    """A repetition of a step: `item in items` binds `name` to each row of the bound list `source`."""

    article: ClassVar[str] = "an iteration"
    bare: ClassVar[bool] = True
    text_example: ClassVar[str] = "item in items"

    name: str
    source: str

    @classmethod
    def read_text(cls, text: str) -> dict[str, Any]:
        """`name in source`."""
        return read_each(text)

    def write_text(self) -> str:
        """`name in source`."""
        return f"{self.name} in {self.source}"


class RateLimit(Part):
    """How often a route may be called: `count` times `per` a duration, `by` (`ip`, `actor`, inputs)."""

    article: ClassVar[str] = "a rate limit"
    bare: ClassVar[bool] = True
    text_example: ClassVar[str] = "5 per 1m by ip+email"

    count: int
    per: str
    by: tuple[str, ...]

    @classmethod
    def read_text(cls, text: str) -> dict[str, Any]:
        """`5 per 1m by ip+email`."""
        return read_rate_limit(text)

    def write_text(self) -> str:
        """`5 per 1m by ip+email`."""
        return f"{self.count} per {self.per} by {'+'.join(self.by)}"


class Http(Part):
    """The route of an operation: a text such as `POST /tasks/{id}/assign`, or keys.

    `method` and `route` come from the key `route`; both are None only where an inferred route is kept
    (an operation of a resource that is declared again, to change `access` for example).
    """

    article: ClassVar[str] = "a route"
    text_example: ClassVar[str] = "POST /tasks/{id}/assign"
    hidden: ClassVar[frozenset[str]] = frozenset({"method"})

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] | None = None
    route: Annotated[str | None, Special("route"), "Method and path; `{name}` is an input."] = None
    status: Annotated[int | None, Whole(200, 299), "Status of success; inferred when absent."] = None
    access: Annotated[Literal["actor", "public"] | None, "Who may call: a known actor, or anybody."] = None
    rate_limit: Annotated[RateLimit | None, "How often, and counted by what."] = None
    idempotency: Annotated[
        Literal["none", "optional", "required"],
        "Whether a repeated call with one key is answered from the first.",
    ] = "none"

    @classmethod
    def read_text(cls, text: str) -> dict[str, Any]:
        """`POST /path`."""
        return read_route(text)

    def write_text(self) -> str | None:
        """`POST /path`, when nothing else is set."""
        plain = self == Http(method=self.method, route=self.route)
        return f"{self.method} {self.route}" if plain and self.method else None
