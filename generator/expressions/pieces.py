"""Pieces of SQL that know how tightly they bind, and the spelling of names and literals."""

from __future__ import annotations

import re

from generator.expressions.bounds import DAY
from generator.frozen import dataclass

OR, AND, NOT, IS, COMPARE, IN, OTHER, ADD, MULTIPLY, AT_ZONE, UNARY, ATOM = range(1, 13)
"""How tightly operators bind, as in the PostgreSQL manual, 4.1.6."""

RESERVED = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "both",
        "case",
        "cast",
        "check",
        "collate",
        "column",
        "constraint",
        "create",
        "current_date",
        "current_role",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "deferrable",
        "desc",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "false",
        "fetch",
        "for",
        "foreign",
        "from",
        "grant",
        "group",
        "having",
        "in",
        "initially",
        "intersect",
        "into",
        "lateral",
        "leading",
        "limit",
        "localtime",
        "localtimestamp",
        "not",
        "null",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "placing",
        "primary",
        "references",
        "returning",
        "select",
        "session_user",
        "some",
        "symmetric",
        "system_user",
        "table",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "user",
        "using",
        "variadic",
        "when",
        "where",
        "window",
        "with",
        "authorization",
        "binary",
        "collation",
        "concurrently",
        "cross",
        "current_catalog",
        "current_schema",
        "freeze",
        "full",
        "ilike",
        "inner",
        "is",
        "isnull",
        "join",
        "left",
        "like",
        "natural",
        "notnull",
        "outer",
        "overlaps",
        "right",
        "similar",
        "tablesample",
        "verbose",
    ]
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some SQL and the level of its outermost operator."""

    text: str
    level: int = ATOM

    def at(self, level: int) -> str:
        """The text as an operand of an operator of `level`, in parentheses if it binds less tightly."""
        return self.text if self.level >= level else f"({self.text})"


def identifier(name: str) -> str:
    """A name of the database, quoted where it has to be."""
    if re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def interval_text(milliseconds: int) -> str:
    """An exact time as PostgreSQL reads it, in the largest unit that divides it; never days or months."""
    for unit, size in (("hours", 3_600_000), ("minutes", 60_000), ("seconds", 1000)):
        if milliseconds % size == 0:
            return f"{milliseconds // size} {unit}"
    return f"{milliseconds} milliseconds"


def whole_days(milliseconds: int) -> int:
    """Days of an interval that is known to be whole days."""
    return milliseconds // DAY


def for_template(text: str) -> str:
    """Text as part of a TypeScript template literal."""
    return text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
