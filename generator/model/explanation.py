"""The plan with everything inferred written out, in the language itself: nothing left to guess."""

from __future__ import annotations

from typing import Any

from generator.model.catalogue import UNWRITTEN
from generator.model.elements.entities import Entity
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation
from generator.plan.entities import Entity as WrittenEntity
from generator.plan.entities import Resource as WrittenResource
from generator.plan.loading import Project
from generator.plan.routes import Ordering
from generator.plan.schema import Conventions, Coverage, Plan, Quality
from generator.plan.services import Operation as WrittenOperation
from generator.plan.services import Service as WrittenService


def explain(project: Project, model: Model) -> tuple[tuple[str, Plan], ...]:
    """Write out what the resolver inferred.

    Args:
        project: the features as written.
        model: what they mean.

    Returns:
        For each feature its file and its plan with tables, resources, routes, statuses, errors and the
        behaviour of references stated. Resolving these plans gives the same model.
    """
    return tuple((feature.file, _explained(feature.plan, model)) for feature in project.features)


def _explained(plan: Plan, model: Model) -> Plan:
    changes: dict[str, Any] = {}
    if plan.entities:
        changes["entities"] = {
            name: _entity(entity, model.entity(name)) for name, entity in plan.entities.items()
        }
    if plan.services:
        changes["services"] = {
            name: service.replaced({"operations": _operations(name, service, model)})
            for name, service in plan.services.items()
        }
    if plan.project is not None:
        conventions = plan.conventions or Conventions()
        changes["conventions"] = Conventions(
            **{name: getattr(conventions, name) for name in sorted(Conventions.names)}
        )
        quality = plan.quality or Quality()
        changes["quality"] = quality.replaced(
            {"coverage": Coverage(lines=quality.coverage.lines, branches=quality.coverage.branches)}
        )
    return plan.replaced(changes)


def _entity(written: WrittenEntity, entity: Entity) -> WrittenEntity:
    changes: dict[str, Any] = {
        "title": entity.title,
        "table": entity.table,
        "fields": {name: _field(field, name, entity) for name, field in written.fields.items()},
    }
    if written.resource is not None:
        changes["resource"] = _resource(written.resource, entity)
    return written.replaced(changes)


def _field(field: Any, name: str, entity: Entity) -> Any:
    changes: dict[str, Any] = {}
    if field.type.name == "ref":
        member = entity.member(name)
        assert member.reference is not None
        if not field.cascade:
            changes["on_delete"] = member.reference.on_delete.replace(" ", "_")
        changes["column"] = member.word
    if field.type.name == "many" and field.through is None:
        changes["table"] = next(relation.table for relation in entity.many if relation.name == name)
    if field.unique and field.unique_error is None:
        changes["unique_error"] = "CONFLICT"
    return field.replaced(changes) if changes else field


def _resource(written: WrittenResource, entity: Entity) -> WrittenResource:
    resource = entity.resource
    assert resource is not None
    own = written.written
    filters = [item.name for item in resource.filters if item.operator in ("equal", "has")]
    changes: dict[str, Any] = {"path": resource.path, "operations": resource.operations}
    # What a later feature adds stays with it, so that only lists nobody wrote are written out.
    if "filter" not in own:
        changes["filter"] = tuple(filters)
    if "sort" not in own:
        changes["sort"] = tuple(entity.member(column).word for _, column in resource.sorts)
    if "search" not in own:
        changes["search"] = tuple(entity.member(column).word for column in resource.search)
    if "order" not in own:
        changes["order"] = tuple(
            Ordering(field=entity.member(column).word, descending=direction == "desc")
            for column, direction in resource.order
            if column not in entity.key or entity.timestamps == "none"
        )
    return written.replaced(changes)


def _operations(service: str, written: WrittenService, model: Model) -> dict[str, WrittenOperation]:
    return {
        name: _operation(operation, model.operation(f"{service}.{name}"))
        for name, operation in written.operations.items()
    }


def _operation(written: WrittenOperation, operation: Operation) -> WrittenOperation:
    changes: dict[str, Any] = {"title": operation.title}
    if written.http is not None and operation.route is not None:
        changes["http"] = written.http.replaced({"status": operation.route.status})
    if (written.steps is not None or written.crud is not None) and written.errors is None:
        changes["errors"] = tuple(code for code in operation.errors if code not in UNWRITTEN)
    return written.replaced(changes)
