"""SQL that a body writes: conditions and orders over columns, and nothing that reaches further.

It is read as tokens, and what is not known is refused: a fragment may stand within another one, so no word of
one may become a call, or leave a text, by what the other one adds to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_STATEMENTS = frozenset(
    {"select", "insert", "update", "delete", "merge", "copy", "drop", "alter", "create", "truncate", "grant"}
    | {"revoke", "execute", "vacuum", "table", "union", "returning", "listen", "notify", "lock", "explain"}
    | {"declare", "fetch", "with", "values", "do", "call", "set", "intersect", "except"}
)
_SIGNS = ("--", "/*", ";", "\\", "$", "`")
_TOKEN = re.compile(
    r"(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d+)?)|(?P<cast>::\s*\w+)|(?P<word>[^\W\d]\w*(?:\.\w+)*)"
    r"|(?P<space>\s+)|(?P<sign>.)",
    re.DOTALL,
)
# Functions that compute from what they are given; and words and types that a bracket may follow.
_CALLED = frozenset(
    {"abs", "ceil", "ceiling", "coalesce", "concat", "char_length", "date_part", "date_trunc", "extract"}
    | {"floor", "greatest", "least", "left", "length", "lower", "mod", "nullif", "position", "right"}
    | {"round", "sign", "strpos", "substring", "trim", "trunc", "upper", "age", "make_interval"}
    | {"avg", "count", "max", "min", "sum", "bool_and", "bool_or", "jsonb_array_length", "cardinality"}
    | {"and", "or", "not", "in", "any", "all", "case", "when", "then", "else", "between", "is", "on", "as"}
    | {"over", "filter", "by", "cast", "distinct", "from", "row", "like", "ilike"}
    | {"numeric", "decimal", "varchar", "char", "timestamp", "timestamptz"}
)
_WORDS = frozenset(
    {"and", "or", "not", "in", "any", "all", "some", "case", "when", "then", "else", "end", "between", "is"}
    | {"null", "true", "false", "like", "ilike", "escape", "asc", "desc", "nulls", "first", "last", "as"}
    | {"distinct", "from", "for", "both", "leading", "trailing", "interval", "array", "at", "time", "zone"}
    | {"over", "filter", "where", "partition", "order", "by", "rows", "range", "unbounded", "preceding"}
    | {"following", "symmetric", "collate", "on", "cast", "date", "timestamp", "timestamptz"}
    | {"text", "uuid", "int", "integer", "bigint", "smallint", "numeric", "decimal", "boolean", "varchar"}
    | {"year", "quarter", "month", "week", "day", "hour", "minute", "second", "epoch", "dow", "isodow", "doy"}
)
_CLOSED = frozenset({"information_schema", "public"})


def refused_sql(parts: Sequence[str]) -> Iterator[str]:
    """Say what a piece of SQL must not have.

    Args:
        parts: what is written before, between and after the values.
    """
    for number, part in enumerate(parts):
        yield from _refused(part, follows=number > 0)


def refused_column(name: str) -> str:
    """Say why a name is not that of a column of the project, "" if it is."""
    if re.fullmatch(r"\w+(?:\.\w+)+", name, re.ASCII) is None:
        return "sql.ref takes `table.column` as it is written"
    return "" if not _is_closed(name) else f"its SQL names `{name}`"


def _refused(part: str, *, follows: bool) -> Iterator[str]:
    tokens = [
        (str(found.lastgroup), found[0]) for found in _TOKEN.finditer(part) if found.lastgroup != "space"
    ]
    bare = "".join(text for kind, text in tokens if kind != "text")
    for sign in _SIGNS:
        if sign in bare:
            yield f"its SQL has `{sign}`"
    if "'" in bare:
        yield "its SQL has a quote that is not closed: values stand outside of quotes"
    if '"' in bare:
        yield "its SQL quotes a name"
    for place, (kind, text) in enumerate(tokens):
        after = tokens[place + 1][1] if place + 1 < len(tokens) else ""
        if kind == "word":
            yield from _word(text, is_called=after == "(")
        elif (kind == "sign" and text == ".") or (kind == "text" and after[:1] == "'"):
            yield f"its SQL has `{text}` where none belongs"
        elif text == "(" and place == 0 and follows:
            yield "its SQL calls a value"


def _word(text: str, *, is_called: bool) -> Iterator[str]:
    word = text.lower()
    if word in _STATEMENTS:
        yield f"its SQL has `{word}`: rows come from the declared functions"
    elif is_called and word not in _CALLED:
        yield f"its SQL calls `{text}`"
    elif not is_called and "." not in word and word not in _WORDS:
        yield f"its SQL has `{text}`: columns are named in full, as `table.column`"
    elif _is_closed(word):
        yield f"its SQL names `{text}`"


def _is_closed(name: str) -> bool:
    return any(part.startswith("pg_") or part in _CLOSED for part in name.lower().split("."))
