"""The members of what an entity is created from and answered as, stored, linked or computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generator.expressions.types import TEXT, Type
from generator.languages.typescript.code import EXPRESSION, CodeWriter, imports_of
from generator.languages.typescript.fields import (
    column_type,
    contract,
    currency_part,
    default_literal,
    is_normalized,
    shown_facts,
)
from generator.languages.typescript.links import link_input, link_shown
from generator.model.elements.entities import Entity
from generator.model.elements.members import Derived, Member
from generator.model.elements.model import Model
from generator.model.elements.views import View


def input_members(entity: Entity, writable: Sequence[Member]) -> list[dict[str, Any]]:
    """The members of an input that creates a row, in the order of the plan.

    Args:
        entity: whose row.
        writable: its members that clients may set.

    Returns:
        Columns, then relations kept in join tables.
    """
    return [
        *(_input(member, entity) for member in writable),
        *(link_input(relation) for relation in entity.many),
    ]


def shape_members(
    view: View, entity: Entity, included: Sequence[dict[str, Any]] = ()
) -> list[dict[str, Any]]:
    """The members of an answer in the order in which they come out.

    Args:
        view: the shape.
        entity: the entity it is a view of.
        included: members that come from rows it refers to.

    Returns:
        Stored members, what refers to others, what is computed, then what the service keeps.
    """
    kept = ("version", "timestamp")
    stored = [_shown(member, entity) for member in view.members if member.role not in kept]
    last = [_shown(member, entity) for member in view.members if member.role in kept]
    many = [*map(link_shown, view.many), *map(link_shown, view.through)]
    computed = [_computed(derived) for derived in view.derived]
    return [*stored, *included, *computed, *many, *last]


def part_facts(model: Model, entity: Entity, derived: Derived) -> dict[str, Any]:
    """A value that the database computes for each row that is shown."""
    writer = CodeWriter(model)
    sql = writer.sql_text(derived.expression, entity.table)
    if derived.type.kind == "money":
        sql = _money(sql, writer.sql_text(derived.expression, entity.table, currency=True), derived.type)
        writer.take(EXPRESSION, "type Money")
    if derived.type.kind == "decimal" and derived.type.scale is not None:
        sql = f"({sql})::numeric({derived.type.precision},{derived.type.scale})"
    return {
        "json": derived.json,
        "type": _part_type(derived.type),
        "sql": sql,
        "uses_context": "context." in sql,
        "imports": from_models(imports_of(writer.imports)),
    }


def from_models(imports: list[list[str]]) -> list[list[str]]:
    """Imports as a file among the models writes them."""
    return [
        [module.replace("../models/", "./", 1), name]
        for module, name in imports
        if [module, name] != ["kysely", "sql"]
    ]


def currency_facts(model: Model, entity: Entity, members: Sequence[Member]) -> list[dict[str, Any]]:
    """The currencies that money of a row finds over paths, as values that the database computes."""
    return [
        part_facts(model, entity, Derived(member.name, currency_part(member), TEXT, member.currency))
        for member in members
        if member.currency is not None
    ]


def _shown(member: Member, entity: Entity) -> dict[str, Any]:
    return shown_facts(member, entity)


def _computed(derived: Derived) -> dict[str, Any]:
    member = Member(derived.name, derived.name, derived.json, derived.type)
    return {
        "kind": "derived",
        "json": derived.json,
        "contract": contract(member, None, normalized=False),
        "nullable": derived.type.optional,
        "to_json": f"more.{derived.json}",
        "to_json_imports": [],
    }


def _input(member: Member, entity: Entity) -> dict[str, Any]:
    default = default_literal(member)
    return {
        "name": member.name,
        "column": member.column,
        "json": member.json,
        "nullable": member.type.optional,
        "contract_input": contract(member, entity, normalized=is_normalized(member)),
        "default_json": default,
        "optional_input": member.required and member.default is not None and default is None,
    }


def _money(amount: str, currency: str, type_: Type) -> str:
    value = f"jsonb_build_object('amount', {amount}, 'currency', {currency})"
    return f"case when ({amount}) is null then null else {value} end" if type_.optional else value


def _part_type(type_: Type) -> str:
    name: str = column_type(Member("", "", "", type_), None)["type"]
    name = "Money" if type_.kind == "money" else name
    return f"{name} | null" if type_.optional else name
