"""Entities as the templates of express-react need them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generator.languages.typescript.code import CodeWriter, imports_of, lines_of_members
from generator.languages.typescript.fields import (
    column_facts,
    contract,
    default_literal,
    encoder,
    key_contract,
    shown_facts,
)
from generator.languages.typescript.guards import (
    guard_facts,
    is_link_checked,
    model_facts,
    reference_facts,
)
from generator.languages.typescript.links import link_facts, through_constant, through_facts
from generator.languages.typescript.places import contract_file, model_constant, view_constant
from generator.languages.typescript.shapes import currency_facts, input_members, part_facts, shape_members
from generator.languages.typescript.transitions import states_facts
from generator.model.elements.entities import Entity, Filter, Resource
from generator.model.elements.members import Derived, Member
from generator.model.elements.model import Model
from generator.model.history import implied_names
from generator.plan.names import Names
from generator.typescript_layout.nodes import text_literal

FUNCTIONS = {"equal": "equal", "from": "from", "before": "before", "has": "linkedTo", "holds": "holding"}
ENCODERS = {"money": "../money.js", "list": "../array.js"}
"""Where the encoders are that a kind of columns needs."""
VOWELS = "aeiou"
DEFAULT_COLUMN = 4
"""Where the members of a model's defaults stand."""


def entity_facts(model: Model, entity: Entity) -> dict[str, Any]:
    """Everything the templates need to know of an entity.

    Args:
        model: the resolved plan.
        entity: one of its entities.

    Returns:
        Plain data, without operations.
    """
    view = next(view for view in model.views if view.name == entity.name)
    writable = [item for item in entity.members if item.role in ("data", "ref") and item.write != "never"]
    return {
        "name": entity.name,
        "names": {**names_facts(entity.names), "pascal": entity.name},
        "file": contract_file(entity.name),
        "table": entity.table,
        "title": entity.title,
        "model": model_constant(entity),
        "key": list(entity.key),
        "key_names": _key_names(entity),
        "key_members": [shown_facts(member, entity) for member in entity.key_members],
        "timestamps": entity.timestamps,
        "soft_delete": entity.soft_delete,
        "versioned": entity.versioned,
        "numbered": any(member.role == "key" and member.kind == "int" for member in entity.members),
        "fields": [column_facts(member, entity) for member in entity.members],
        "enums": [
            {"name": facts["name"], "members": list(member.type.members)}
            for member in entity.members
            if member.kind == "enum" and member.exposed and (facts := contract(member, entity, False)["enum"])
        ],
        "shape": shape_members(view, entity),
        "create": input_members(entity, writable),
        "update_omits": [member.json for member in writable if member.write == "create"],
        "data": [{"json": member.json, "column": member.column} for member in writable],
        "defaults": _defaults(model, entity, writable),
        "links": [
            {**link_facts(entity, relation), "others": _others(model, relation.entity)}
            for relation in entity.many
        ],
        "throughs": [through_facts(model, entity, related) for related in entity.through],
        "parts": [
            *(_part(model, entity, derived) for derived in entity.derived),
            *currency_facts(model, entity, view.members),
        ],
        "encode": [
            {"column": member.column, "code": encoder(member), "module": ENCODERS.get(member.kind)}
            for member in entity.members
            if member.kind in ("json", "interval", "money") or is_of_intervals(member)
        ],
        "currencies": [
            {"column": member.column, "sql": CodeWriter(model).sql_text(member.currency, entity.table)}
            for member in entity.members
            if member.currency is not None
        ],
        "constraints": constraint_facts(entity),
        "references": [
            {
                "column": member.column,
                "json": member.json,
                "entity": member.reference.entity,
                "required": member.required,
            }
            for member in entity.members
            if member.reference
        ],
        "checked_references": reference_facts(model, entity),
        "guard": guard_facts(model, entity),
        "resource": _resource(model, entity),
        "states": states_facts(model, entity),
    }


def _part(model: Model, entity: Entity, derived: Derived) -> dict[str, Any]:
    """A computed value in the file of the entity's own model."""
    facts = part_facts(model, entity, derived)
    own = model_constant(entity)
    return {**facts, "imports": [pair for pair in facts["imports"] if pair[1] != own]}


def _others(model: Model, entity: str) -> dict[str, str] | None:
    return model_facts(model, entity) if is_link_checked(model, entity) else None


def names_facts(names: Names) -> dict[str, str]:
    """A name in every case; titles in lower case, as they stand inside sentences."""
    return {
        "pascal": names.pascal,
        "camel": names.camel,
        "snake": names.snake,
        "kebab": names.kebab,
        "plural_pascal": names.plural_pascal,
        "plural_camel": names.plural_camel,
        "plural_snake": names.plural_snake,
        "plural_kebab": names.plural_kebab,
        "title": names.title.lower(),
        "article": "an" if names.title[:1].lower() in VOWELS else "a",
        "plural_title": names.plural_title.lower(),
    }


def constraint_facts(entity: Entity) -> list[dict[str, Any]]:
    """What each constraint of the entity's tables means when the database reports it."""
    facts: list[dict[str, Any]] = []

    def add(name: str, code: str, path: str | None, usual: str) -> None:
        if code != usual or path is not None:
            facts.append({"name": name, "code": code if code != usual else None, "path": path})

    for unique in entity.uniques:
        first = entity.member(unique.columns[0]).json if unique.columns else None
        add(unique.constraint, unique.error, first, "CONFLICT")
    for exclusion in entity.exclusions:
        add(exclusion.constraint, exclusion.error, entity.member(exclusion.overlap[0]).json, "CONFLICT")
    for name, member in implied_names(entity):
        add(name, "VALIDATION_FAILED", member.json, "VALIDATION_FAILED")
    for check in entity.checks:
        add(check.constraint, check.error, None, "VALIDATION_FAILED")
    for member in entity.members:
        if member.reference:
            absent = "NOT_FOUND" if member.reference.guarded else "CONFLICT"
            add(f"fk_{entity.table}_{member.column}", absent, member.json, "CONFLICT")
    for relation in entity.many:
        absent = "NOT_FOUND" if relation.guarded else "CONFLICT"
        add(f"fk_{relation.table}_{relation.other_column}", absent, relation.json, "CONFLICT")
    return facts


def _defaults(model: Model, entity: Entity, members: Iterable[Member]) -> dict[str, Any]:
    """Defaults that only the running service knows: the clock, settings, new ids."""
    writer = CodeWriter(model)
    values = {
        member.column: writer.code(member.default)
        for member in members
        if member.default is not None and default_literal(member) is None
    }
    lines = lines_of_members(values, DEFAULT_COLUMN) if values else []
    return {"lines": lines, "imports": imports_of(writer.imports)}


def _resource(model: Model, entity: Entity) -> dict[str, Any] | None:
    resource = entity.resource
    if resource is None:
        return None
    order = [f"{column} desc" if direction == "desc" else column for column, direction in resource.order]
    return {
        "path": resource.path,
        "operations": list(resource.operations),
        "filters": [_filter(entity, item) for item in resource.filters],
        "sorts": [{"json": json, "column": column} for json, column in resource.sorts],
        "search": list(resource.search),
        "order": _without_key(entity, order),
        "texts": [member.column for member in entity.members if sorts_text(_sorted_by(resource), member)],
        "page": resource.page,
        "default_limit": 20,
        "max_limit": 100,
        "view": dict(zip(("const", "module"), view_constant(model, resource.view), strict=True)),
        "has_rules": bool(entity.checks),
    }


def _sorted_by(resource: Resource) -> set[str]:
    return {column for column, _ in resource.order} | {column for _, column in resource.sorts}


def sorts_text(sorted_by: set[str], member: Member) -> bool:
    """Whether a member is text among the columns that a list is sorted by."""
    return member.type.kind in ("text", "enum") and member.column in sorted_by


def is_of_intervals(member: Member) -> bool:
    """Whether a column holds an array of intervals."""
    return member.type.of is not None and member.type.of.kind == "interval"


def _without_key(entity: Entity, order: list[str]) -> list[str]:
    """An order without the key at its end, which the service always adds."""
    ends_with_key = tuple(order[-len(entity.key) :]) == entity.key
    return order[: -len(entity.key)] if ends_with_key else order


def _key_names(entity: Entity) -> list[str]:
    """What inputs call the members of the key, where that is not the name of the column."""
    names = [member.json for member in entity.key_members]
    return names if tuple(names) != entity.key else []


def _filter(entity: Entity, item: Filter) -> dict[str, Any]:
    if item.operator == "has" and item.column in {each.name for each in entity.through}:
        related = next(each for each in entity.through if each.name == item.column)
        return {
            "json": item.json,
            "function": "linkedThrough",
            "module": "../through.js",
            "argument": through_constant(entity, related),
            "contract": key_contract(related.key),
        }
    if item.operator == "has":
        relation = next(each for each in entity.many if each.name == item.column)
        return {
            "json": item.json,
            "function": "linkedTo",
            "module": "../listing.js",
            "argument": link_facts(entity, relation)["const"],
            "contract": key_contract(relation.key),
        }
    member = entity.member(item.column)
    asked = contract(member, entity, normalized=True)
    if member.element is not None:
        asked = contract(member.element, None, normalized=True)
    return {
        "json": item.json,
        "function": FUNCTIONS[item.operator],
        "module": "../array.js" if item.operator == "holds" else "../listing.js",
        "argument": text_literal(item.column),
        "contract": asked,
    }
