"""Parts that are mostly written as one text: orderings, iterations, rate limits, routes."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from generator.plan.forms import Part, Special, Whole
from generator.plan.lines import LineProblem
from generator.problems import did_you_mean

PARAMETER = re.compile(r"\{(\w+)\}")
TAKEN = ("health", "openapi.json", "reference")
"""First parts of paths that every service answers itself."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


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


def read_ordering(text: str) -> dict[str, object]:
    """Read `column` or `column desc`; raises `LineProblem`."""
    match = re.fullmatch(r"([a-z][a-z0-9_]*)( desc)?", text)
    if match is None:
        raise LineProblem(
            0, f"`{text}` is not a column to sort by", "Such as `created_at` or `created_at desc`"
        )
    return {"field": match[1], "descending": match[2] == " desc"}


def read_route(text: str) -> dict[str, object]:
    """Read `POST /tasks/{id}/assign` to `method` and `route`; raises `LineProblem`."""
    method, _, route = text.partition(" ")
    if method not in METHODS:
        raise LineProblem(0, f"`{method}` is not a method", did_you_mean(method.upper(), METHODS))
    offset = len(method) + 1
    if not route.startswith("/"):
        raise LineProblem(offset, "a route starts with `/`", "Such as `POST /tasks/{id}/assign`")
    if route != "/" and not re.fullmatch(r"(/([A-Za-z0-9._~-]+|\{[a-z][a-z0-9_]*\}))+", route):
        raise LineProblem(
            offset, f"`{route}` is not a route", "Parts are words, or a parameter such as `{id}`"
        )
    if fault := fault_of_path(route):
        raise LineProblem(offset, *fault)
    parameters = PARAMETER.findall(route)
    for name in parameters:
        if parameters.count(name) > 1:
            raise LineProblem(offset, f"the parameter `{name}` is here twice")
    return {"method": method, "route": route}


def fault_of_path(path: str) -> tuple[str, str] | None:
    """What is wrong with a path that has the right signs, and what to do; None when nothing is."""
    parts = path.split("/")[1:]
    if "." in parts or ".." in parts:
        return f"`{path}` is not a route", "Clients take `.` and `..` out of a path before they ask for it"
    if parts[0] in TAKEN:
        return f"`/{parts[0]}` is a path that every service has", "Choose another"
    return None


def read_rate_limit(text: str) -> dict[str, object]:
    """Read `5 per 1m by ip+email` to `count`, `per` and `by`; raises `LineProblem`."""
    match = re.fullmatch(
        r"([1-9][0-9]{0,8}) per ((?:[0-9]{1,12}(?:ms|s|m|h|d))+) by ([a-z][a-z0-9_]*(?:\+[a-z][a-z0-9_]*)*)",
        text,
    )
    if match is None:
        raise LineProblem(0, f"`{text}` is not a rate limit", "Such as `5 per 1m by ip+email`")
    return {"count": int(match[1]), "per": match[2], "by": tuple(match[3].split("+"))}


def read_each(text: str) -> dict[str, object]:
    """Read `item in items` to `name` and `source`; raises `LineProblem`."""
    match = re.fullmatch(r"([a-z][a-z0-9_]*) +in +([a-z][a-z0-9_]*)", text)
    if match is None:
        raise LineProblem(
            0, f"`{text}` is not an iteration", "Such as `item in items`, where `items` is a bound list"
        )
    return {"name": match[1], "source": match[2]}
