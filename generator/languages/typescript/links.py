"""Relations of many to many, each with its join table, as the templates of express-react need them."""

from __future__ import annotations

from typing import Any

from generator.languages.typescript.fields import ROW_TYPES, key_contract
from generator.languages.typescript.guards import model_facts
from generator.model.elements.entities import Entity
from generator.model.elements.members import ManyRelation, Related
from generator.model.elements.model import Model
from generator.model.world import camel_case


def link_facts(entity: Entity, relation: ManyRelation) -> dict[str, Any]:
    """A join table as the model and the resource name it."""
    return {
        "const": _constant(entity, relation.name),
        "json": relation.json,
        "table": relation.table,
        "own": relation.own_column,
        "other": relation.other_column,
        "entity": relation.entity,
        "filter": camel_case(relation.name),
        "id_type": ROW_TYPES[relation.key.kind],
    }


def through_facts(model: Model, entity: Entity, related: Related) -> dict[str, Any]:
    """A relation that another entity keeps, as the model and the resource name it."""
    return {
        "const": through_constant(entity, related),
        "json": related.json,
        "own": related.own_column,
        "other": related.other_column,
        "via": model_facts(model, related.via),
        "others": model_facts(model, related.entity),
        "id_type": ROW_TYPES[related.key.kind],
    }


def through_constant(entity: Entity, related: Related) -> str:
    """The constant of a relation that another entity keeps: ``taskLabels``."""
    return _constant(entity, related.name)


def _constant(entity: Entity, name: str) -> str:
    return f"{entity.names.camel}{name[:1].upper()}{camel_case(name)[1:]}"


def link_shown(relation: ManyRelation | Related) -> dict[str, Any]:
    """A relation as a member of an answer: the keys of the rows it leads to."""
    key = key_contract(relation.key)
    return {
        "kind": "many",
        "json": relation.json,
        "contract": {**key, "code": f"z.array({key['code']})"},
        "nullable": False,
        "to_json": f"more.{relation.json}",
        "to_json_imports": [],
    }


def link_input(relation: ManyRelation) -> dict[str, Any]:
    """A relation as a member of an input: the keys of the rows it shall lead to."""
    key = key_contract(relation.key)
    checked = {**key, "code": f"z.array({key['code']}).max(100)"}
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
