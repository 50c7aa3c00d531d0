"""Types of the plan as types of PostgreSQL, as wide as the values need."""

from __future__ import annotations

from generator.expressions import bounds
from generator.expressions.typed import Convert, Typed
from generator.expressions.types import Type


def sql_type(typed: Typed) -> str:
    """The SQL type to which a value from outside is cast."""
    type_ = typed.type
    if type_.kind == "list" and type_.of is not None:
        return f"{_name(type_.of, wide=type_.of.bits == 53)}[]"
    return _name(type_, wide=not bounds.within((typed.low, typed.high), -(2**31), 2**31 - 1))


def target_type(typed: Convert) -> str:
    """The SQL type that a conversion leads to, with the digits or bits that bound it."""
    type_ = typed.type
    if type_.kind == "decimal" and type_.precision is not None and type_.scale is not None:
        return f"numeric({type_.precision}, {type_.scale})"
    if type_.kind == "int":
        return {16: "smallint", 32: "integer"}.get(type_.bits, "bigint")
    return _name(type_, wide=True)


def _name(type_: Type, wide: bool) -> str:
    if type_.kind == "int":
        return "bigint" if wide else "integer"
    names = {
        "decimal": "numeric",
        "bool": "boolean",
        "instant": "timestamptz",
        "enum": "text",
        "money": "bigint",
        "json": "jsonb",
        "row": "uuid",
    }
    return names.get(type_.kind, type_.kind)
