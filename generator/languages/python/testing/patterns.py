"""Texts that match a pattern, for example rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

# The parser that `re` itself uses; a pattern that passed the plan's checks holds only what is read here.
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_CHOICES = 4
_CATEGORIES = {"CATEGORY_DIGIT": "0123", "CATEGORY_WORD": "abcd", "CATEGORY_SPACE": " "}
_PLAIN = "abcdABCD0123-_.x"


def texts_matching(pattern: str) -> Iterator[str]:
    """Texts that match a pattern as a whole, the simplest first; not all there are.

    Args:
        pattern: of the common part of the languages.

    Yields:
        Different texts.
    """
    seen = set()
    for text in _sequence(parser.parse(pattern)):
        if text not in seen and re.fullmatch(pattern, text):
            seen.add(text)
            yield text


def _sequence(parsed: Any) -> Iterator[str]:
    choices = [list(islice(_item(str(kind), value), _CHOICES)) for kind, value in parsed]
    yield from ("".join(parts) for parts in product(*choices))


def _item(kind: str, value: Any) -> Iterator[str]:
    if kind == "LITERAL":
        yield chr(value)
    elif kind == "IN":
        yield from _class(value)
    elif kind == "NOT_LITERAL":
        yield from (sign for sign in _PLAIN if sign != chr(value))
    elif kind == "ANY":
        yield from _PLAIN
    elif kind == "BRANCH":
        for branch in value[1]:
            yield from islice(_sequence(branch), 2)
    elif kind == "SUBPATTERN":
        yield from _sequence(value[-1])
    elif kind in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, repeated = value
        for count in range(least, min(int(most), least + 2) + 1):
            # The same part each time but the last keeps the texts few and different.
            for part in islice(_sequence(repeated), _CHOICES):
                first = next(_sequence(repeated))
                yield first * (count - 1) + part if count else ""
    elif kind == "CATEGORY":
        yield from _CATEGORIES.get(str(value), "")
    elif kind == "AT":
        yield ""


def _class(items: Any) -> Iterator[str]:
    negated = any(str(kind) == "NEGATE" for kind, _ in items)
    found: list[str] = []
    for kind, value in items:
        if str(kind) == "LITERAL":
            found.append(chr(value))
        elif str(kind) == "RANGE":
            found.extend(chr(code) for code in range(value[0], min(value[1], value[0] + 200) + 1))
        elif str(kind) == "CATEGORY":
            found.extend(_CATEGORIES.get(str(value), ""))
    yield from (sign for sign in _PLAIN if sign not in found) if negated else iter(found)
