"""Facts of the generated tests: example bodies, what is wrong with others, what lists can be asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from generator.expressions.patterns import write_pattern
from generator.languages.python.layout import (
    Call,
    Node,
    assigned,
    entry,
    exploded,
    laid_out,
    text_literal,
    value_node,
)
from generator.languages.python.schemas import SLUG
from generator.languages.python.testing.examples import (
    COUNT,
    Row,
    breaking_row,
    example_rows,
    holds,
    keeps_rules,
    sample,
    written_members,
)
from generator.languages.python.testing.reading import count_cases, order_lines
from generator.model.elements.entities import Entity, Unique
from generator.model.elements.members import Member
from generator.model.elements.model import Model

_WRONG = {
    "text": "7",
    "enum": '"none of these"',
    "int": '"7"',
    "decimal": "2.5",
    "bool": '"true"',
    "uuid": '"7"',
    "date": '"2026-02-30"',
    "instant": '"yesterday"',
    "time": '"25:00:00"',
}
_READERS = {"decimal": "Decimal"}


def test_facts(model: Model, entity: Entity) -> dict[str, Any]:
    """What the tests of a resource are rendered from.

    Args:
        model: the resolved plan.
        entity: an entity with a resource.

    Returns:
        Plain data and lines of code; `bodies` is empty when no valid row could be found.
    """
    resource = entity.resource
    assert resource is not None
    rows = (rows_of(model, entity) or [])[: COUNT // 2]
    json = {item.column: item.json for item in entity.members}
    bodies = [{json[column]: value for column, value in row.items()} for row in rows]
    facts: dict[str, Any] = {
        "path": assigned("PATH", f'"{resource.path}"'),
        "bodies": [line for body in bodies for line in _mapping("", body, 4, ",")],
        "references": [
            line
            for item in _references(model, entity)
            if item.reference
            for line in laid_out(_row_of(item.json, _table(model, item.reference.entity)), 8, ",")
        ],
        "invalid": _cases(
            Call("(", (f'"{item.json}"', value)) for item in written_members(entity) for value in _wrong(item)
        ),
        "dangling": _cases(f'"{item.json}"' for item in _writable_references(entity)),
        "links": [
            {
                "name": relation.name,
                "json": relation.json,
                "filter": _link_filter(entity, relation.name),
                "table": _table(model, relation.entity),
            }
            for relation in entity.many
            if rows_of(model, model.entity(relation.entity))
        ],
        "filters": _cases(
            Call("(", (f'"{item.json}"', f'"{json[item.column]}"', f"operator.{_OPERATORS[item.operator]}"))
            for item in resource.filters
            if item.operator != "has"
        ),
        "search": _cases(f'"{json[column]}"' for column in resource.search),
        "sorts": _cases(
            Call("(", (f'"{name}"', _READERS.get(entity.member(column).kind, "str")))
            for name, column in resource.sorts
            if entity.member(column).kind in ("text", "decimal", "date", "instant", "time")
            and entity.member(column).exposed
        ),
    }
    if not rows:
        return facts
    hidden: list[Node] = [f'"{item.json}"' for item in entity.members if not _is_shown(item)]
    facts["hidden"] = assigned("hidden", Call("{", tuple(hidden), "}"), 4) if hidden else []
    facts["change"] = _mapping("change = ", _change(entity, rows, json), 4)
    facts["cleared"] = _cases(f'"{json[column]}"' for column in _clearable(entity, rows[0]))
    facts["duplicates"] = [
        line for item in entity.uniques if _clashes(entity, item, rows) for line in _duplicate(entity, item)
    ]
    facts["broken"] = [line for check in entity.checks for line in _broken(entity, rows[0], check, json)]
    facts["holders"] = _holders(model, entity)
    facts["order"] = order_lines(entity)
    facts["counts"] = _cases(count_cases(model, entity, partial(_added_rows, model)))
    return facts


def test_imports(model: Model, entity: Entity, facts: dict[str, Any]) -> list[str]:
    """The imports of the test module of a resource.

    Args:
        model: the resolved plan.
        entity: an entity with a resource.
        facts: what `test_facts` gave.

    Returns:
        Lines, groups apart.
    """
    kinds = {item.kind for item in model.operations if item.service == entity.names.camel}
    writable = bool(facts["bodies"]) and {"create", "get"} <= kinds
    lists = writable and "list" in kinds
    cases = [facts.get(key) for key in ("invalid", "dangling", "duplicates", "broken", "counts")]
    cases += [facts.get("cleared")] if "update" in kinds else []
    cases += [facts.get("holders")] if "delete" in kinds else []
    listed = [facts[key] for key in ("filters", "search", "sorts")] if lists else []
    lines = ["import operator"] if lists and facts["filters"] else []
    lines += (
        ["from collections.abc import Callable"] if lists and (facts["filters"] or facts["sorts"]) else []
    )
    lines += (
        ["from decimal import Decimal"]
        if lists and any("Decimal" in item for item in [*facts["sorts"], *facts["order"]])
        else []
    )
    lines += ["from typing import Any"] if writable else []
    third = ["import pytest"] if writable and any([*cases, *listed]) else []
    third += ["from httpx2 import Response"] if writable and "update" in kinds else []
    own = ["from app.errors import ERRORS"] if writable and (facts["duplicates"] or facts["broken"]) else []
    names = (["NOBODY"] if writable or "get" in kinds else []) + ["Harness"]
    names += (["by"] if lists and facts["order"] else []) + ["problem"]
    own += [f"from tests.harness import {', '.join(names)}"] if writable or "get" in kinds else []
    groups = [group for group in (lines, third, own) if group]
    return [line for index, group in enumerate(groups) for line in ([""] if index else []) + group]


def row_lines(model: Model) -> list[str]:
    """Example rows of every table by column, as entries of a dict."""
    lines: list[str] = []
    for entity in model.entities:
        rows = _added_rows(model, entity)
        if rows:
            lines += [f'    "{entity.table}": [']
            lines += [line for row in rows for line in _mapping("", row, 8, ",")]
            lines += ["    ],"]
    return lines


def reference_lines(model: Model) -> list[str]:
    """The tables that the required references of every table lead to, as entries of a dict."""
    lines: list[str] = []
    for entity in model.entities:
        required = [item for item in entity.members if item.reference and item.required]
        pairs: list[Node] = [
            f'"{item.column}": "{_table(model, item.reference.entity)}"'
            for item in required
            if item.reference
        ]
        if pairs:
            lines += exploded(f'"{entity.table}": {{', pairs, "}", 4, ",")
    return lines


def rows_of(model: Model, entity: Entity, waiting: tuple[str, ...] = ()) -> list[Row] | None:
    """Example rows of an entity; None when one cannot be made, for example for want of a row to refer to."""
    if entity.name in waiting:
        return None
    for member in entity.members:
        if (
            member.required
            and member.default is None
            and member.write == "never"
            and member.role in ("data", "ref")
        ):
            return None
        if (
            member.required
            and member.reference is not None
            and rows_of(model, model.entity(member.reference.entity), (*waiting, entity.name)) is None
        ):
            return None
    return example_rows(entity)


def _added_rows(model: Model, entity: Entity) -> list[Row]:
    """The example rows that go straight into the database."""
    return (rows_of(model, entity) or [])[COUNT // 2 :]


_OPERATORS = {"equal": "eq", "from": "ge", "before": "lt"}


def _cases(cases: Iterable[Node]) -> list[str]:
    """The cases of a test that runs once for each."""
    return [line for case in cases for line in laid_out(case, 8, ",")]


def _is_shown(member: Member) -> bool:
    return member.exposed or member.role not in ("data", "ref") or member.write == "never"


def _row_of(name: str, table: str) -> Node:
    return Call(f'"{name}": service.row(', (f'"{table}"', "number"))


def _mapping(head: str, values: dict[str, Any], indent: int, suffix: str = "") -> list[str]:
    items = [entry(text_literal(key), value_node(value)) for key, value in values.items()]
    return exploded(f"{head}{{", items, "}", indent, suffix)


def _references(model: Model, entity: Entity) -> list[Member]:
    """References that example bodies carry: all that lead to other entities with examples."""
    return [
        item
        for item in _writable_references(entity)
        if item.reference
        and item.reference.entity != entity.name
        and rows_of(model, model.entity(item.reference.entity)) is not None
    ]


def _writable_references(entity: Entity) -> list[Member]:
    return [item for item in entity.members if item.role == "ref" and item.write != "never"]


def _wrong(member: Member) -> list[str]:
    wrong = [_WRONG[member.kind]] if member.kind in _WRONG else []
    if member.required:
        wrong.append("None")
    if member.max_length is not None:
        wrong.append(f'"x" * {member.max_length + 1}')
    if member.min_length and member.normalize not in ("trim", "lower_trim"):
        wrong.append(f'"x" * {member.min_length - 1}')
    if member.kind == "text" and (member.pattern or member.format == "slug"):
        pattern = write_pattern(member.pattern or SLUG, "typescript")
        wrong += [text_literal(text) for text in ("\n", "!?") if re.fullmatch(pattern, text) is None][:1]
    elif member.format == "email":
        wrong.append('"nobody"')
    if member.kind == "int":
        wrong += [str(int(member.minimum) - 1)] if member.minimum is not None else []
        wrong += [str(int(member.maximum) + 1)] if member.maximum is not None else []
    return wrong


def _change(entity: Entity, rows: list[Row], json: dict[str, str]) -> dict[str, Any]:
    for member in written_members(entity):
        value = rows[1][member.column]
        changed = {**rows[0], member.column: value}
        if member.write == "always" and value != rows[0][member.column] and keeps_rules(entity, changed):
            return {json[member.column]: value}
    return {}


def _clearable(entity: Entity, row: Row) -> list[str]:
    return [
        member.column
        for member in written_members(entity)
        if not member.required
        and member.write == "always"
        and keeps_rules(entity, {**row, member.column: None})
    ]


def _clashes(entity: Entity, unique: Unique, rows: list[Row]) -> bool:
    columns = set(unique.columns)
    writable = {
        item.column for item in entity.members if item.role in ("data", "ref") and item.write != "never"
    }
    wider = any(set(other.columns) <= columns for other in entity.uniques if other is not unique)
    second = {**rows[1], **{column: rows[0][column] for column in columns if column in rows[0]}}
    both = holds(entity, unique.where, rows[0]) and holds(entity, unique.where, second)
    filled = all(rows[0].get(column, True) is not None for column in columns)
    own = [item for item in entity.members if item.column in columns and item.reference]
    loops = any(item.reference and item.reference.entity == entity.name for item in own)
    optional = any(not item.required for item in own)
    return (
        columns <= writable
        and not (wider or loops or optional)
        and both
        and filled
        and keeps_rules(entity, second)
    )


def _duplicate(entity: Entity, unique: Unique) -> list[str]:
    names: list[Node] = [f'"{entity.member(column).json}"' for column in unique.columns]
    return exploded("(", [Call("[", tuple(names), "]"), f'"{unique.error}"'], ")", 8, ",")


def _broken(entity: Entity, row: Row, check: Any, json: dict[str, str]) -> list[str]:
    wrong = breaking_row(entity, row, check.constraint)
    if not wrong:
        return []
    given = _mapping("", {json[column]: value for column, value in wrong.items()}, 12, ",")
    return ["        (", *given, f'            "{check.error}",', "        ),"]


def _holders(model: Model, entity: Entity) -> list[str]:
    """The columns whose rows keep a row of this entity from being deleted."""
    if entity.soft_delete:
        return []
    return _cases(
        Call("(", (f'"{other.table}"', f'"{member.column}"'))
        for other in model.entities
        for member in other.members
        if member.reference is not None
        and member.reference.entity == entity.name
        and member.reference.on_delete == "restrict"
        and other.name != entity.name
        and rows_of(model, other)
    )


def _link_filter(entity: Entity, relation: str) -> str:
    resource = entity.resource
    assert resource is not None
    return next(
        (item.json for item in resource.filters if item.operator == "has" and item.name == relation), ""
    )


def _table(model: Model, entity: str) -> str:
    return model.entity(entity).table


__all__ = ["reference_lines", "row_lines", "rows_of", "sample", "test_facts", "test_imports"]
