"""The answers for fastapi: the resolved plan as plain data, with the Python that depends on it."""

from __future__ import annotations

import json
from typing import Any

from generator.languages.python.layout import Call, laid_out, text_literal
from generator.languages.python.models import model_facts
from generator.languages.python.names import module_of
from generator.languages.python.schemas import controller_facts, in_order
from generator.languages.python.testing.facts import reference_lines, row_lines, test_facts, test_imports
from generator.model.elements.entities import Entity
from generator.model.elements.history import Migration
from generator.model.elements.model import Model
from generator.model.selection import Selection

OWN_ERRORS = {
    "METHOD_NOT_ALLOWED": (405, "This address does not take that method"),
    "PAYLOAD_TOO_LARGE": (413, "The request is too large"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "Send JSON"),
    "UNAVAILABLE": (503, "Not ready, try again later"),
}
"""Failures of the service itself, which no operation declares."""
_OF_OTHER_STACKS = frozenset(
    [
        "UNAUTHENTICATED",
        "FORBIDDEN",
        "INVALID_TRANSITION",
        "CURRENCY_MISMATCH",
        "RATE_LIMITED",
        "NOT_IMPLEMENTED",
    ]
)


def python_answers(model: Model, selection: Selection) -> dict[str, Any]:
    """The answers for a project of the stack fastapi.

    Args:
        model: the resolved plan.
        selection: which rooms render which elements.

    Returns:
        Plain data: see docs/writing-a-room.md for what each key holds.
    """
    rooms = {room: bool(names) for room, names in selection.rooms.items()}
    # The tests of this stack belong to resources, not to criteria: they come with what they test.
    rooms["test"] = "test" not in model.rooms_without and bool(rooms.get("migration"))
    models = [entity for entity in model.entities if selection.has("model", entity.name)]
    served = [
        entity
        for entity in model.entities
        if entity.resource is not None and selection.has("controller", entity.names.camel)
    ]
    return {
        "rooms": rooms,
        "python": {
            "title": text_literal(model.title),
            "docstring": _docstring(model.title),
            "description": _toml(model.title),
            "folders": _folders(rooms),
            "lines": model.coverage_lines,
            "branches": model.coverage_branches,
            "rows": row_lines(model),
            "references": reference_lines(model),
            "whole": len(models) == len(model.entities),
        },
        "entities": _entities(model, models, served),
        "errors": [{"lines": lines} for lines in _errors(model)],
        "migrations": _migrations(model.migrations),
    }


def _entities(model: Model, entities: list[Entity], served: list[Entity]) -> list[dict[str, Any]]:
    modules = in_order([f"app.models.{module_of(entity)}" for entity in entities])
    ranks = in_order([module_of(entity) for entity in served])
    # A longer path first, so that it is not taken for the id of a shorter one.
    depth = {entity.name: entity.resource.path.count("/") for entity in served if entity.resource}
    routes = sorted(served, key=lambda entity: -depth[entity.name])
    found = []
    for entity in entities:
        resource: dict[str, Any] | None = None
        if entity in served:
            tests = test_facts(model, entity)
            imports = test_imports(model, entity, tests)
            resource = {
                **controller_facts(model, entity),
                "tests": tests,
                "test_imports": imports,
                # A file without a name is not written: there is nothing to test over HTTP.
                "test_file": f"test_{module_of(entity)}.py" if imports else "",
                "import_rank": ranks[module_of(entity)],
                "route_rank": routes.index(entity),
            }
        rank = modules[f"app.models.{module_of(entity)}"]
        found.append({**model_facts(model, entity), "import_rank": rank, "resource": resource})
    return found


def _errors(model: Model) -> list[list[str]]:
    declared = {code for operation in model.operations for code in operation.errors}
    declared |= {check.error for entity in model.entities for check in entity.checks}
    declared |= {unique.error for entity in model.entities for unique in entity.uniques}
    entries = {
        entry.code: (entry.status, entry.text)
        for entry in model.errors
        if entry.code in declared or entry.code not in _OF_OTHER_STACKS
    }
    return [
        laid_out(Call(f'"{code}": (', (str(status), text_literal(text))), 4, ",")
        for code, (status, text) in {**OWN_ERRORS, **entries}.items()
    ]


def _migrations(migrations: tuple[Migration, ...]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for migration in migrations:
        found.append(
            {
                "version": migration.version,
                "name": migration.name,
                "title": migration.name.replace("_", " ").capitalize(),
                "after": found[-1]["version"] if found else None,
                "file": f"{migration.version}_{migration.name}",
                "up": migration.up,
                "down": migration.down,
            }
        )
    return found


def _folders(rooms: dict[str, bool]) -> list[str]:
    known = {"app": True, "migrations": rooms.get("migration"), "tests": rooms["test"]}
    return [f'"{folder}"' for folder, present in known.items() if present]


def _docstring(title: str) -> str:
    text = text_literal(title)[1:-1].replace("\\'", "'").replace('\\"', '"').replace('"', '\\"').strip()
    return f'"""{text.rstrip(".")}."""'


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
