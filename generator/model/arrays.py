"""Arrays: what they hold, and what the database checks of each element."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from generator.expressions.sql import write_sql
from generator.expressions.typed import Constant
from generator.expressions.types import TEXT, Type
from generator.model.combining import Declared
from generator.model.elements.members import Member
from generator.model.formats import NEEDS, anchored
from generator.model.world import World
from generator.plan.values import TypeLine

REFUSED = {
    "row": "an entity",
    "shape": "a schema",
    "list": "arrays",
    "json": "jsonb",
    "money": "money",
}
"""What one column cannot hold several of."""
LONGEST_REPEAT = 255
"""How often PostgreSQL repeats a part of a pattern at most (its manual, section 9.7.3.1)."""


def array_of(world: World, place: Declared[object], line: TypeLine, element: Member) -> Member:
    """The type of an array.

    Args:
        world: the state of the resolution; problems are noted.
        place: the member and where it stands.
        line: its type as written.
        element: what it holds.

    Returns:
        The member, without a name; elements are never unset.
    """
    refused = REFUSED.get(element.kind) if line.name == "array" else None
    if refused is not None:
        world.problems.error(place.at(value=True), f"an array cannot be of {refused}", "Use an entity")
    if element.max_bytes is not None:
        world.problems.error(
            place.at(value=True), "max_bytes is of one text, and no array is checked for it", "Use max_length"
        )
    type_ = Type("list", of=element.type.required())
    return Member("", "", "", type_, sql_type=f"{element.sql_type}[]", element=element)


def is_bounded(member: Member, key: str) -> bool:
    """Whether a key bounds how many elements an array has."""
    return member.kind == "list" and key in ("min_length", "max_length")


def array_checks(column: str, member: Member) -> Iterator[tuple[str, str]]:
    """What the database checks of an array: its length and each element.

    Args:
        column: the column as SQL.
        member: what it holds.

    Yields:
        How the names of constraints end, and rules as SQL.
    """
    element = member.element
    assert element is not None
    bounds = []
    if member.min_length:
        bounds.append(f"cardinality({column}) >= {member.min_length}")
    if member.max_length is not None:
        bounds.append(f"cardinality({column}) <= {member.max_length}")
    if bounds:
        yield "length", " AND ".join(bounds)
    rules = [f"array_position({column}, NULL) IS NULL"]
    if element.kind == "enum":
        members = ", ".join(_text(value) for value in element.type.members)
        rules.append(f"{column} <@ ARRAY[{members}]")
    for bound, sign in ((element.minimum, "<="), (element.maximum, ">=")):
        if bound is not None:
            value: int | str = int(bound) if element.kind in ("int", "interval") else bound
            constant = write_sql(Constant(type=element.type.required(), offset=0, value=value))
            rules.append(f"{constant} {sign} ALL ({column})")
    rules += [f"NOT {_holds(column, condition)}" for condition in _faults(element)]
    yield "elements", " AND ".join(rules)


def _faults(element: Member) -> Iterator[str]:
    """What is wrong with a text, as conditions of SQL/JSON paths: no other rule looks into an array."""
    if element.kind != "text":
        return
    if element.min_length:
        yield f"!({_like(f'^{_repeated(element.min_length)}')})"
    if element.max_length is not None and element.sql_type != f"varchar({element.max_length})":
        yield _like(f"^{_repeated(element.max_length + 1)}")
    for need in element.needs:
        yield f"!({_like(NEEDS[need])})"
    if element.pattern:
        yield f"!({_like(anchored(element.pattern))})"


def _repeated(count: int) -> str:
    """So many characters, in parts of a length that PostgreSQL allows."""
    whole, rest = divmod(count, LONGEST_REPEAT)
    return f".{{{LONGEST_REPEAT}}}" * whole + (f".{{{rest}}}" if rest else "")


def _like(pattern: str) -> str:
    return f'@ like_regex {json.dumps(pattern, ensure_ascii=False)} flag "s"'


def _holds(column: str, condition: str) -> str:
    return f"jsonb_path_exists(to_jsonb({column}), {_text(f'$[*] ? ({condition})')})"


def _text(value: str) -> str:
    return write_sql(Constant(type=TEXT, offset=0, value=value))


def safe_element(element: Member, greatest: int) -> Member:
    """An element whose whole numbers JSON carries exactly."""
    if element.sql_type != "bigint":
        return element
    return replace(
        element,
        minimum=element.minimum or str(-greatest),
        maximum=element.maximum or str(greatest),
    )
