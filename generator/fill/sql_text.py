"""SQL that a body writes: conditions and orders over columns, and nothing that reaches further."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STATEMENTS = re.compile(
    r"\b(?:select|insert|update|delete|merge|copy|drop|alter|create|truncate|grant|revoke|execute|vacuum"
    r"|table|union|returning|listen|notify|lock|explain|declare|fetch)\b",
    re.IGNORECASE,
)
_SIGNS = ("--", "/*", ";", "\\", "$$")
_CALL = re.compile(r"([\w\"&.$]+)\s*\(")
_STRING = re.compile(r"'(?:[^']|'')*'")
# Functions that compute from what they are given; and words and types that a bracket may follow.
_CALLED = frozenset(
    {"abs", "ceil", "ceiling", "coalesce", "concat", "char_length", "date_part", "date_trunc", "extract"}
    | {"floor", "greatest", "least", "left", "length", "lower", "mod", "nullif", "position", "right"}
    | {"round", "sign", "strpos", "substring", "trim", "trunc", "upper", "age", "make_interval"}
    | {"avg", "count", "max", "min", "sum", "bool_and", "bool_or", "jsonb_array_length", "cardinality"}
    | {"and", "or", "not", "in", "any", "all", "case", "when", "then", "else", "between", "is", "on", "as"}
    | {"over", "filter", "partition", "by", "order", "cast", "distinct", "from", "array", "row", "interval"}
    | {"numeric", "decimal", "varchar", "char", "timestamp", "timestamptz"}
)


def refused_sql(text: str) -> Iterator[str]:
    """Say what a piece of SQL must not have.

    Args:
        text: as it is written, with a sign in place of each value.
    """
    bare = _STRING.sub("''", text)
    if found := _STATEMENTS.search(bare):
        yield f"its SQL has `{found[0].lower()}`: rows come from the declared functions"
    for sign in _SIGNS:
        if sign in bare:
            yield f"its SQL has `{sign}`"
    if bare.count("'") % 2:
        yield "its SQL has a quote that is not closed"
    if '"' in bare:
        yield "its SQL quotes a name"
    for call in _CALL.finditer(bare):
        if call[1].lower() not in _CALLED:
            yield f"its SQL calls `{call[1]}`"
