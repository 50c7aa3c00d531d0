"""Relations of many to many, each with its join table, as the templates of express-react need them."""

from __future__ import annotations

from typing import Any

from generator.languages.typescript_fields import ROW_TYPES, key_contract
from generator.model.elements.entities import Entity
from generator.model.elements.members import ManyRelation
from generator.model.world import camel_case


def link_facts(entity: Entity, relation: ManyRelation) -> dict[str, Any]:
    """A join table as the model and the resource name it."""
    return {
        "const": f"{entity.names.camel}{relation.name[:1].upper()}{camel_case(relation.name)[1:]}",
        "json": relation.json,
        "table": relation.table,
        "own": relation.own_column,
        "other": relation.other_column,
        "entity": relation.entity,
        "filter": camel_case(relation.name),
        "id_type": ROW_TYPES[relation.key.kind],
    }


def link_shown(relation: ManyRelation) -> dict[str, Any]:
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
