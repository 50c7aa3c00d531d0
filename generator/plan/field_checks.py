"""Checks of what has a type: fields, members, config entries, declared types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from generator.plan.checking import Checker, Path
from generator.plan.patterns import fault_of
from generator.plan.schema import ConfigEntry, Field, NamedType, TypeLine, Value

NOT_IN_ARRAYS = ("array", "ref", "many", "list", "page", "jsonb", "money")
CONFIG_TYPES = ("text", "integer", "decimal", "boolean", "duration", "url", "list", "enum")
BASE_TYPES = ("varchar", "text", "integer", "smallint", "bigint", "decimal")
_INSTEAD = {
    "duration": "Use `interval`",
    "url": "Use `text` with `format: url`",
    "list": "Use `array(..)`, or `many` and an entity",
    "page": "Only an output is a page",
    "ref": "Use `entity_id: Entity.id`",
    "many": "Use `array(uuid)`, or a list of a schema",
}


def check_field(checker: Checker, path: Path, field: Field) -> None:
    """Check a field of an entity."""
    if id(field) in checker.sound:
        return
    noted = len(checker.problems)
    _check_field(checker, path, field)
    if len(checker.problems) == noted:
        checker.sound[id(field)] = field


def _check_field(checker: Checker, path: Path, field: Field) -> None:
    kind = field.type.name
    _refuse_type(checker, path, field.type, ("duration", "url", "list", "page"), "a field")
    checker.only_with(path, field, ("inverse", "on_delete"), kind == "ref", "`ref`")
    checker.only_with(path, field, ("table", "through"), kind == "many", "`many`")
    checker.only_with(path, field, ("unique_error",), field.unique, "`unique`")
    checker.only_with(path, field, ("stored",), field.derived is not None, "`derived`")
    if field.cascade and kind != "ref":
        checker.error((*path, "cascade"), "`cascade` has a meaning only with `ref`")
    if kind == "many":
        for key in ("required", "unique", "default", "column", "derived", "snapshot", "backfill"):
            if key in field.written:
                checker.error((*path, key), f"`{key}` has no meaning with `many`")
        if field.table and field.through:
            checker.error((*path, "table"), "`through` has a table of its own")
    if field.cascade and field.on_delete not in (None, "cascade"):
        checker.error((*path, "on_delete"), "`cascade` says something else")
    if field.required and field.on_delete == "set_null":
        checker.error((*path, "on_delete"), "a required field cannot be set to null")
    if field.derived is not None:
        for key in ("default", "required", "snapshot", "backfill"):
            if key in field.written:
                checker.error((*path, key), f"`{key}` and `derived` exclude each other")
    if field.snapshot is not None and field.default is not None:
        checker.error((*path, "default"), "`default` and `snapshot` exclude each other")
    _check_constraints(checker, path, field)
    _check_optional(checker, path, field)


def check_members(checker: Checker, path: Path, members: Mapping[str, Field]) -> None:
    """Check members of a shape or parameters."""
    for name, member in members.items():
        inside = (*path, name)
        if member.type.name == "money" and member.type.arguments and not member.type.arguments[0].isupper():
            hint = "Use `money`, which brings its currency along"
            checker.error(
                (*inside, "type"), f"`{member.type}` needs the row it starts from", hint, value=True
            )
        _refuse_type(checker, inside, member.type, ("ref", "many", "duration", "url", "page"), "a member")
        _check_constraints(checker, inside, member)
        _check_optional(checker, inside, member)


def check_config(checker: Checker, path: Path, entry: ConfigEntry) -> None:
    """Check a config entry."""
    inner = entry.type.inner
    if entry.type.name not in CONFIG_TYPES or (inner and inner.name not in CONFIG_TYPES):
        hint = f"Possible here: {', '.join(CONFIG_TYPES)}"
        checker.error((*path, "type"), f"a config entry cannot be `{entry.type}`", hint, value=True)
    if entry.secret and entry.default is not None:
        checker.error((*path, "default"), "a secret has no default", "It comes from the environment alone")
    _check_bounds(checker, path, entry.min, entry.max)


def check_named_type(checker: Checker, path: Path, declared: NamedType) -> None:
    """Check a declared type."""
    if declared.base.name not in BASE_TYPES:
        hint = f"Possible here: {', '.join(BASE_TYPES)}"
        checker.error((*path, "base"), f"`{declared.base}` cannot be narrowed", hint, value=True)
    _check_constraints(checker, path, declared)


def _refuse_type(checker: Checker, path: Path, kind: TypeLine, refused: tuple[str, ...], what: str) -> None:
    if kind.name in refused:
        checker.error((*path, "type"), f"{what} cannot be `{kind}`", _INSTEAD[kind.name], value=True)
    if kind.inner is not None:
        if kind.name == "array" and kind.inner.name in NOT_IN_ARRAYS:
            checker.error((*path, "type"), f"an array cannot be of `{kind.inner}`", value=True)
        elif kind.inner.name in ("duration", "url", "ref", "many", "page"):
            message = f"a list cannot be of `{kind.inner}`"
            checker.error((*path, "type"), message, _INSTEAD[kind.inner.name], value=True)


def _check_constraints(checker: Checker, path: Path, part: Field | NamedType) -> None:
    if part.pattern is not None and (fault := fault_of(part.pattern)):
        place = checker.locate(*path, "pattern", offset=fault[0])
        checker.problems.error(place, fault[1], "Keep to the common part of the three languages")
    least, most = part.min_length, part.max_length
    if least is not None and most is not None and least > most:
        checker.error((*path, "min_length"), "`min_length` is greater than `max_length`")
    _check_bounds(checker, path, part.min, part.max)


def _check_optional(checker: Checker, path: Path, field: Field) -> None:
    if field.optional and field.type.name != "member":
        hint = "Without `required` it may be unset anyway"
        checker.error((*path, "optional"), "`optional` has a meaning only with `Entity.field`", hint)


def _check_bounds(checker: Checker, path: Path, least: Value | None, most: Value | None) -> None:
    low, high = _number(least), _number(most)
    if low is not None and high is not None and low > high:
        checker.error((*path, "min"), "`min` is greater than `max`")


def _number(value: Value | None) -> Decimal | None:
    if value is None or value.text is None or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value.text):
        return None
    return Decimal(value.text)
