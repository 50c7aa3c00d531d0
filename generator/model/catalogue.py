"""The error catalogue and the settings of a service."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from generator.expressions.nodes import Boolean, ListOf, Node, Number, Path, Text
from generator.expressions.syntax import parse
from generator.expressions.types import DEFAULT, TEXT, ExpressionProblem, Type
from generator.model.combining import Combined, Declared
from generator.model.elements.catalogue import ConfigEntry, ErrorEntry
from generator.model.literals import LiteralProblem, read_literal
from generator.model.members import config_type, resolve_member
from generator.model.world import World
from generator.plan.values import Value

BUILT_IN: dict[str, tuple[int, str]] = {
    "VALIDATION_FAILED": (400, "The request is not valid"),
    "UNAUTHENTICATED": (401, "Sign in first"),
    "FORBIDDEN": (403, "Not allowed"),
    "NOT_FOUND": (404, "There is no such thing"),
    "CONFLICT": (409, "This clashes with what is there"),
    "VERSION_CONFLICT": (409, "Someone else has changed this meanwhile"),
    "INVALID_TRANSITION": (409, "Cannot go from {from} to {to}"),
    "IN_USE": (409, "Something else still refers to this"),
    "CURRENCY_MISMATCH": (409, "The currencies differ"),
    "RATE_LIMITED": (429, "Too many requests, try again later"),
    "INTERNAL": (500, "Something went wrong"),
    "NOT_IMPLEMENTED": (501, "This is not built yet"),
}
"""Errors that every service has, with status and text (LANGUAGE.md, section 8)."""
UNWRITTEN = frozenset({"VALIDATION_FAILED", "UNAUTHENTICATED"})
"""Errors that `errors` of an operation does not name: every operation with an input or a caller has them."""
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/]\S*")


def declare_errors(world: World, combined: Combined) -> dict[str, ErrorEntry]:
    """The catalogue: built-in errors, restated where the plan does, then the plan's own.

    Args:
        world: the state of the resolution.
        combined: the plan.

    Returns:
        Entries by code.
    """
    entries = {code: ErrorEntry(code, status, text, (), True) for code, (status, text) in BUILT_IN.items()}
    for code, place in combined["errors"].items():
        declared = place.value
        parameters = tuple(
            replace(resolve_member(world, place.below(field, "params", name), name), required=True)
            for name, field in declared.params.items()
        )
        parameters = tuple(replace(item, type=item.type.required()) for item in parameters)
        built_in = code in BUILT_IN
        if built_in and parameters:
            world.problems.error(
                place.at("params"), f"{code} is built in and takes no parameters", "remove them"
            )
        status = declared.status if declared.status is not None else BUILT_IN.get(code, (500, ""))[0]
        entries[code] = ErrorEntry(code, status, declared.text, parameters, built_in)
    return entries


def resolve_config(world: World, combined: Combined) -> tuple[ConfigEntry, ...]:
    """The settings; their types are made known to expressions.

    Args:
        world: the state of the resolution.
        combined: the plan.

    Returns:
        Settings in the plan's order.
    """
    entries = []
    for name, place in combined["config"].items():
        declared = place.value
        type_ = config_type(world, place)
        world.config[name] = type_
        if declared.secret and declared.default is not None:
            world.problems.error(
                place.at("default"), f"{name} is a secret and has no default", "remove the default"
            )
        if declared.secret and type_.kind != "text":
            world.problems.error(place.at("secret"), "a secret is text", "make the type `text`")
        if declared.min_length is not None and type_.kind != "text":
            world.problems.error(place.at("min_length"), "only text has a length", "remove it, or use `min`")
        entry = ConfigEntry(
            name=name,
            type=type_,
            required=declared.default is None,
            secret=declared.secret,
            default=None if declared.default is None else _default(world, place, type_),
            minimum=_bound(world, place, "min", type_),
            maximum=_bound(world, place, "max", type_),
            min_length=declared.min_length,
            url=declared.type.name == "url",
            title=declared.title or "",
        )
        _check_bounds(world, place, entry)
        entries.append(entry)
    world.settings = {entry.name: entry for entry in entries}
    return tuple(entries)


def _bound(world: World, place: Declared[Any], key: str, type_: Type) -> str | None:
    value = getattr(place.value, key)
    if value is None:
        return None
    if type_.kind not in ("int", "decimal", "interval"):
        world.problems.error(place.at(key), f"`{key}` is for numbers and durations", "remove it")
        return None
    try:
        return _text(read_literal(value, type_).value)
    except LiteralProblem as problem:
        world.problems.error(place.at(key, value=True), str(problem))
        return None


def _check_bounds(world: World, place: Declared[Any], entry: ConfigEntry) -> None:
    """A default keeps the bounds, or the service would start without a variable and not with its default."""
    bounded = entry.minimum is not None and entry.maximum is not None
    if bounded and Decimal(entry.minimum or 0) > Decimal(entry.maximum or 0):
        world.problems.error(place.at("min"), "`min` is more than `max`", "change one of them")
    if entry.default is None:
        return
    problem = None
    if entry.minimum is not None and Decimal(entry.default) < Decimal(entry.minimum):
        problem = "the default is less than `min`"
    elif entry.maximum is not None and Decimal(entry.default) > Decimal(entry.maximum):
        problem = "the default is more than `max`"
    elif entry.min_length is not None and len(entry.default) < entry.min_length:
        problem = "the default is shorter than `min_length`"
    elif entry.url and not _URL.fullmatch(entry.default):
        problem = f"`{entry.default}` is not a URL such as `https://example.com/path`"
    if problem is not None:
        world.problems.error(place.at("default", value=True), problem, "change one of them")


def _default(world: World, place: Any, type_: Any) -> str | None:
    value = place.value.default
    if type_.kind == "list":
        return _list_default(world, place, type_.of or TEXT)
    if value.expression is not None:
        scope = replace(world.scope(), allow=DEFAULT - {"config"})
        typed = world.check(place, (), value.expression, scope, type_)
        constant = getattr(getattr(typed, "operand", typed), "value", None)
        if typed is not None and constant is None:
            world.problems.error(
                place.at(value=True), "the default of a setting is a plain value", "write it out"
            )
        return None if constant is None else _text(constant)
    try:
        constant = read_literal(value, type_).value
    except LiteralProblem as problem:
        world.problems.error(place.at("default", value=True), str(problem))
        return None
    return _text(constant)


def _list_default(world: World, place: Any, type_: Type) -> str | None:
    """The entries of a list as the environment has them, with commas between."""
    value = place.value.default
    items = value.items
    if value.expression is not None:
        try:
            node = parse(value.expression.text)
        except ExpressionProblem as problem:
            world.problems.error(place.at("default", offset=problem.offset), problem.message, problem.hint)
            return None
        items = _written(node)
    if items is None:
        world.problems.error(place.at(value=True), "expected a list", "such as ['a', 'b']")
        return None
    entries = []
    for item in items:
        try:
            entries.append(_text(read_literal(item, type_).value))
        except LiteralProblem as problem:
            world.problems.error(place.at(value=True), str(problem))
            return None
    if any("," in entry or entry != entry.strip() or not entry for entry in entries):
        world.problems.error(
            place.at(value=True), "an entry of a list is empty, or has a comma or blanks around it",
            "the environment separates entries by commas",
        )  # fmt: skip
    return ",".join(entries)


def _written(node: Node) -> tuple[Value, ...] | None:
    """The items of a list of literals as values."""
    if not isinstance(node, ListOf):
        return None
    found = []
    for item in node.items:
        if isinstance(item, Path) and len(item.names) == 1:
            found.append(Value(text=item.names[0]))
        elif isinstance(item, Number):
            found.append(Value(text=item.text))
        elif isinstance(item, Text | Boolean):
            found.append(Value(text=_text(item.value)))
        else:
            return None
    return tuple(found)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
