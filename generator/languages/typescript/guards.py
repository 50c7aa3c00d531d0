"""What keeps rows from callers, as the models of express-react need it: tenant, visibility, references."""

from __future__ import annotations

from typing import Any

from generator.expressions.pieces import identifier
from generator.languages.typescript.code import CodeWriter, imports_of
from generator.languages.typescript.places import contract_file, model_constant
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.model.elements.model import Model

ROW = "guarded_row"
"""Stands for the row in written SQL, until the alias of a statement takes its place."""


def guard_facts(model: Model, entity: Entity) -> dict[str, Any]:
    """The conditions that rows of an entity pass before anybody sees them.

    Args:
        model: the resolved plan.
        entity: one of its entities.

    Returns:
        SQL for `scope` and `visible`, the columns that who calls gives a new row, and the imports.
    """
    writer = CodeWriter(model)
    caller = []
    if entity.scope_column is not None:
        caller.append([entity.scope_column, "scopeOf"])
    if entity.owner is not None:
        caller.append([entity.owner, "actorOf"])
    for _, function in caller:
        writer.take("../caller.js", function)
    scope = _scope_text(model, entity) if entity.scope else None
    visible = None
    if entity.visible is not None:
        visible = writer.rule_text(entity.visible, ROW).replace(f"{ROW}.", "${row}.")
    if scope or visible:
        writer.take("kysely", "sql")
        writer.take("kysely", "type RawBuilder")
        writer.take("../context.js", "type Context")
        writer.take("../model.js", "type Condition")
    own = model_constant(entity)
    return {
        "scope": scope,
        "visible": visible,
        "caller": caller,
        "imports": [
            [module.replace("../models/", "./", 1), name]
            for module, name in imports_of(writer.imports)
            if name != own
        ],
    }


def reference_facts(model: Model, entity: Entity) -> list[dict[str, str]]:
    """The references that the database alone does not hold to rows which are there for the caller."""
    return [
        {"column": member.column, **model_facts(model, member.reference.entity)}
        for member in entity.members
        if member.reference and is_checked(model, entity, member)
    ]


def is_checked(model: Model, entity: Entity, member: Member) -> bool:
    """Whether a new reference has to be looked at: its row may not be there for who calls."""
    assert member.reference is not None
    target = model.entity(member.reference.entity)
    held = entity.scope_column is not None and target.scope_column is not None
    return _is_hidden(target) or (bool(target.scope) and not held)


def is_link_checked(model: Model, entity: str) -> bool:
    """Whether new rows of a join table have to be looked at, which lead to rows of an entity."""
    target = model.entity(entity)
    return _is_hidden(target) or bool(target.scope)


def _is_hidden(target: Entity) -> bool:
    """Whether rows of the caller's own tenant may not be there for them."""
    return target.soft_delete or target.visible is not None


def model_facts(model: Model, entity: str) -> dict[str, str]:
    """The constant of a model and its file."""
    target = model.entity(entity)
    return {"const": model_constant(target), "file": contract_file(target.name)}


def _scope_text(model: Model, entity: Entity) -> str:
    last = len(entity.scope) - 1
    text = f"{identifier(entity.scope[last].column)} = ${{context.scope?.id ?? null}}"
    for index in range(last, 0, -1):
        target = model.entity(entity.scope[index - 1].entity)
        alias = f"a{index}"
        key = identifier(target.key[0])
        found = f"select {alias}.{key} from {target.table} {alias} where {alias}.{text}"
        text = f"{identifier(entity.scope[index - 1].column)} in ({found})"
    return f"${{row}}.{text}"
