"""Arrays: what plans may say of them, and what a real PostgreSQL then refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.expressions.database import connection as postgresql
from tests.model.plans import problems_of, resolved

TYPES = """
types:
  Tag:
    base: varchar(9)
    pattern: "[a-z]+"
  Code:
    base: text
    min_length: 2
    max_length: 300
    needs: [digit]
  Short:
    base: varchar(9)
    max_length: 2
  Grade:
    base: integer
    min: 1
    max: 6
  Secret:
    base: text
    max_bytes: 9
"""
COLUMNS = {
    "tags": "array(Tag)",
    "codes": "array(Code)",
    "grades": "array(Grade)",
    "counts": "array(bigint)",
    "languages": "array(enum(de, en))",
    "days": "array(date)",
    "marks": "array(Short)",
}
LENGTH = "    few:\n      type: array(text)\n      min_length: 1\n      max_length: 2\n"
TAKEN = {
    "tags": "array['a', 'abc']",
    "codes": f"array['a1', '{'1' * 300}', E'\\n7']",
    "grades": "array[1, 6]",
    "counts": "array[9007199254740991, -9007199254740991]",
    "languages": "array['en', 'de', 'de']",
    "days": "array[]::date[]",
    "few": "array['a', 'b']",
    "marks": "array['ab', '']",
}
REFUSED = [
    ("tags", "array['A']"),
    ("tags", "array['a', E'b\\n']"),
    ("tags", "array['']"),
    ("tags", "array['abcdefghij']"),
    ("tags", "array['a', null]"),
    ("codes", "array['1']"),
    ("codes", "array['ab']"),
    ("codes", f"array['{'1' * 301}']"),
    ("grades", "array[0]"),
    ("grades", "array[6, 7]"),
    ("counts", "array[9007199254740992]"),
    ("languages", "array['fr']"),
    ("languages", "array[null]"),
    ("days", "array[null]::date[]"),
    ("few", "array[]::text[]"),
    ("marks", "array['abc']"),
    ("few", "array['a', 'b', 'c']"),
]


def plan_of(fields: str, more: str = "") -> str:
    return f"{TYPES}\nentities:\n  Note:\n{more}    fields:\n{fields}"


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the table of an entity with arrays."""
    lines = "".join(f"      {name}: {type_}\n" for name, type_ in COLUMNS.items())
    few = LENGTH.replace("    ", "      ", 1).replace("\n      ", "\n        ")
    model = resolved(tmp_path_factory.mktemp("arrays"), plan_of(lines + few))
    with postgresql() as running:
        running.execute("drop schema if exists arrays cascade")
        running.execute("create schema arrays")
        running.execute("set search_path to arrays")
        running.execute(model.migrations[0].up.encode())
        yield running


@pytest.mark.parametrize("column", TAKEN)
def test_what_the_types_allow_is_kept(notes: psycopg.Connection[Any], column: str) -> None:
    notes.execute(f"insert into notes ({column}) values ({TAKEN[column]})".encode())


@pytest.mark.parametrize(("column", "value"), REFUSED)
def test_the_database_looks_at_each_element(notes: psycopg.Connection[Any], column: str, value: str) -> None:
    with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.StringDataRightTruncation)):
        notes.execute(f"insert into notes ({column}) values ({value})".encode())


@pytest.mark.parametrize(
    ("fields", "more", "message"),
    [
        ("      a: array(money)\n", "", "an array cannot be of `money`"),
        ("      a: array(array(text))\n", "", "an array cannot be of `array(text)`"),
        ("      a: array(Note)\n", "", "an array cannot be of an entity"),
        ("      a: array(Secret)\n", "", "max_bytes is of one text"),
        (
            "      a:\n        type: array(text)\n        pattern: a\n",
            "",
            "pattern has no meaning for a list",
        ),
        ("      a:\n        type: array(integer)\n        min: 1\n", "", "min has no meaning for a list"),
        ("      a:\n        type: array(integer)\n        default: [x]\n", "", "x is not a whole number"),
        ("      a:\n        type: array(text)\n        default: x\n", "", "cannot be written as a value"),
        ("      a: array(text)\n", "    resource:\n      sort: [a]\n", "no list is sorted by a"),
        ("      a: array(interval)\n", "    resource:\n      filter: [a]\n", "no list is filtered by a"),
        ("      a: array(text)\n", "    checks:\n      same: a = a\n", "cannot be compared"),
        ("      a: array(text)\n", "    checks:\n      one: has(a, 'x')\n", "may be unset"),
        ("      a: array(text) required\n", "    checks:\n      one: has(a, 1)\n", "has() takes a list"),
        ("      a: array(date) required\n", "    checks:\n      one: \"'x' in a\"\n", "'x' is not a date"),
    ],
)
def test_what_arrays_cannot_be(tmp_path: Path, fields: str, more: str, message: str) -> None:
    assert message in "\n".join(problems_of(tmp_path, plan_of(fields, more)))


def test_a_search_looks_into_no_array(tmp_path: Path) -> None:
    more = "    resource: true\n"
    model = resolved(tmp_path, plan_of("      a: array(varchar(9))\n      b: varchar(9)\n", more))
    resource = model.entity("Note").resource
    assert resource is not None and resource.search == ("b",)
