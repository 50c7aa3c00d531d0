"""Entities as the templates of express-react need them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from generator.expressions.typed import Typed
from generator.expressions.types import Type
from generator.languages.typescript_fields import column_type, contract, member_facts
from generator.languages.typescript_literals import literal
from generator.languages.typescript_places import contract_file, contract_module, model_constant
from generator.languages.typescript_steps import BodyWriter, imports_of, lines_of, lines_of_members
from generator.model.elements import (
    Derived,
    Entity,
    Filter,
    ManyRelation,
    Member,
    Model,
    Transition,
    View,
)
from generator.model.history import implied_names
from generator.plan.names import Names
from generator.typescript_layout import Atom, Call, Object, returned, statement, text_literal

FUNCTIONS = {"equal": "equal", "from": "from", "before": "before", "has": "linkedTo"}
VOWELS = "aeiou"


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
        "key": ["id"],
        "key_columns": ["id"],
        "key_kind": "uuid",
        "key_members": [member_facts(member, entity) for member in entity.members if member.role == "key"],
        "timestamps": entity.timestamps,
        "soft_delete": entity.soft_delete,
        "versioned": entity.versioned,
        "numbered": False,
        "fields": [member_facts(member, entity) for member in entity.members],
        "enums": [
            {"name": facts["name"], "members": list(member.type.members)}
            for member in entity.members
            if member.kind == "enum" and member.exposed and (facts := contract(member, entity, False)["enum"])
        ],
        "shape": shape_members(view, entity),
        "create": [_input(member, entity) for member in writable]
        + [_link_input(item) for item in entity.many],
        "update_omits": [member.json for member in writable if member.write == "create"],
        "data": [{"json": member.json, "column": member.column} for member in writable],
        "defaults": _defaults(model, entity, writable),
        "links": [link_facts(entity, relation) for relation in entity.many],
        "parts": [part_facts(model, entity, derived) for derived in entity.derived],
        "encode": [
            {"column": member.column, "form": "json"} for member in entity.members if member.kind == "json"
        ],
        "constraints": constraint_facts(model, entity),
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
        "resource": _resource(entity),
        "states": _states(model, entity),
    }


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
    many = [_link_shown(relation) for relation in view.many]
    computed = [_computed(derived) for derived in view.derived]
    return [*stored, *included, *computed, *many, *last]


def link_facts(entity: Entity, relation: ManyRelation) -> dict[str, Any]:
    """A join table as the model and the resource name it."""
    return {
        "const": f"{entity.names.camel}{relation.name[:1].upper()}{_camel(relation.name)[1:]}",
        "json": relation.json,
        "table": relation.table,
        "own": relation.own_column,
        "other": relation.other_column,
        "entity": relation.entity,
        "filter": _camel(relation.name),
        "id_type": "string",
    }


def part_facts(model: Model, entity: Entity, derived: Derived) -> dict[str, Any]:
    """A value that the database computes for each row that is shown."""
    writer = BodyWriter(model)
    sql = writer.sql_text(derived.expression, entity.table)
    if derived.type.kind == "decimal" and derived.type.scale is not None:
        sql = f"({sql})::numeric({derived.type.precision},{derived.type.scale})"
    return {
        "json": derived.json,
        "type": _part_type(derived.type),
        "sql": sql,
        "uses_context": "context." in sql,
        "imports": [pair for pair in imports_of(writer.imports) if pair != ["kysely", "sql"]],
    }


def constraint_facts(model: Model, entity: Entity) -> list[dict[str, Any]]:
    """What each constraint of the entity's tables means when the database reports it."""
    facts: list[dict[str, Any]] = []

    def add(name: str, code: str, path: str | None, usual: str) -> None:
        if code != usual or path is not None:
            facts.append({"name": name, "code": code if code != usual else None, "path": path})

    for unique in entity.uniques:
        first = entity.member(unique.columns[0]).json if unique.columns else None
        add(unique.constraint, unique.error, first, "CONFLICT")
    for name, member in implied_names(entity):
        add(name, "VALIDATION_FAILED", member.json, "VALIDATION_FAILED")
    for check in entity.checks:
        add(check.constraint, check.error, None, "VALIDATION_FAILED")
    for member in entity.members:
        if member.reference:
            add(f"fk_{entity.table}_{member.column}", "CONFLICT", member.json, "CONFLICT")
    for relation in entity.many:
        add(f"fk_{relation.table}_{relation.other_column}", "CONFLICT", relation.json, "CONFLICT")
    return facts


def _shown(member: Member, entity: Entity) -> dict[str, Any]:
    return {**member_facts(member, entity), "kind": "field"}


def _computed(derived: Derived) -> dict[str, Any]:
    member = Member(derived.name, derived.name, derived.json, derived.type)
    return {
        "kind": "derived",
        "json": derived.json,
        "contract": contract(member, None, normalized=False),
        "contract_input": contract(member, None, normalized=False),
        "default_json": None,
        "optional_input": False,
        "nullable": derived.type.optional,
        "to_json": f"more.{derived.json}",
        "to_json_imports": [],
    }


def _link_shown(relation: ManyRelation) -> dict[str, Any]:
    return {
        "kind": "many",
        "json": relation.json,
        "contract": {
            "code": "z.array(uuid())",
            "builders": ["uuid"],
            "open": "",
            "options": [],
            "close": "",
            "enum": None,
        },
        "nullable": False,
        "to_json": f"more.{relation.json}",
        "to_json_imports": [],
    }


def _input(member: Member, entity: Entity) -> dict[str, Any]:
    facts = member_facts(member, entity)
    facts["optional_input"] = member.required and member.default is not None and facts["default_json"] is None
    return facts


def _link_input(relation: ManyRelation) -> dict[str, Any]:
    code = "z.array(uuid()).max(100)"
    checked = {"code": code, "builders": ["uuid"], "open": "", "options": [], "close": "", "enum": None}
    return {
        "kind": "many",
        "name": relation.name,
        "json": relation.json,
        "contract": checked,
        "contract_input": checked,
        "write": "always",
        "to_json": f"more.{relation.json}",
        "to_json_imports": [],
        "nullable": False,
        "default_json": "[]",
        "optional_input": False,
    }


def _defaults(model: Model, entity: Entity, members: Iterable[Member]) -> dict[str, Any]:
    """Defaults that only the running service knows: the clock, settings, new ids."""
    writer = BodyWriter(model)
    values = {
        member.column: writer.code(member.default)
        for member in members
        if member.default is not None and member_facts(member, entity)["default_json"] is None
    }
    lines = lines_of_members(values, DEFAULT_COLUMN) if values else []
    return {"lines": lines, "imports": imports_of(writer.imports)}


def _resource(entity: Entity) -> dict[str, Any] | None:
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
        "order": [column for column in order if column != "id"],
        "page": "offset",
        "default_limit": 20,
        "max_limit": 100,
        "view": resource.view,
        "has_rules": bool(entity.checks),
    }


def _filter(entity: Entity, item: Filter) -> dict[str, Any]:
    if item.operator == "has":
        relation = next(each for each in entity.many if each.name == item.column)
        return {
            "json": item.json,
            "function": "linkedTo",
            "argument": link_facts(entity, relation)["const"],
            "contract": contract(Member("id", "id", "id", Type("uuid")), None, False),
        }
    return {
        "json": item.json,
        "function": FUNCTIONS[item.operator],
        "argument": text_literal(item.column),
        "contract": contract(entity.member(item.column), entity, normalized=True),
    }


def _states(model: Model, entity: Entity) -> dict[str, Any] | None:
    if entity.states is None:
        return None
    writer = BodyWriter(model)
    ways = [_way(writer, transition) for transition in entity.states.transitions]
    return {
        "field": entity.states.field,
        "initial": entity.states.initial,
        "ways": ways,
        "imports": imports_of(writer.imports),
    }


def _way(writer: BodyWriter, transition: Transition) -> dict[str, Any]:
    guard = None
    if transition.guard is not None:
        writer.take("../failure.js", "ensure")
        arguments = [writer.code(transition.guard), Atom(text_literal(transition.error))]
        if transition.parameters:
            values = tuple((name, writer.code(typed)) for name, typed in transition.parameters.items())
            arguments.append(Object(values))
        guard = _block(lines_of([statement(Call("ensure", tuple(arguments)))], GUARD_COLUMN))
    change = None
    if transition.sets:
        values = tuple((column, writer.code(typed)) for column, typed in transition.sets.items())
        change = _block(lines_of([returned(Object(values))], GUARD_COLUMN))
    return {
        "name": transition.name,
        "from": list(transition.sources),
        "to": transition.target,
        "guard": guard,
        "set": change,
        "after": None,
    }


DEFAULT_COLUMN = 4
"""Where the members of a model's defaults stand."""
GUARD_COLUMN = 8
"""Where the lines of a guard stand: inside a function inside a way inside the ways."""


def _block(lines: list[str]) -> dict[str, Any]:
    text = "\n".join(lines)
    return {
        "lines": lines,
        "uses_context": "context" in text,
        "uses_row": "row" in text,
        "awaits": "await " in text,
    }


def _part_type(type_: Type) -> str:
    name: str = column_type(Member("", "", "", type_), None)["type"]
    return f"{name} | null" if type_.optional else name


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def typed_literal(value: Any, writer: BodyWriter) -> Any:
    """Given data as TypeScript nodes: literals, or code where an expression stands."""
    if isinstance(value, Typed):
        return writer.code(value)
    return Atom(literal(value))


__all__ = [
    "constraint_facts",
    "contract_module",
    "entity_facts",
    "link_facts",
    "names_facts",
    "part_facts",
    "shape_members",
]
