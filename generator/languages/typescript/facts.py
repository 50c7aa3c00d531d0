"""The answers for express-react: the resolved plan as plain data, with the code that depends on it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from generator.expressions.types import Type
from generator.languages.typescript.access import PolicyFunctions, identity_facts
from generator.languages.typescript.entities import entity_facts
from generator.languages.typescript.fields import ROW_TYPES
from generator.languages.typescript.literals import literal, number_literal
from generator.languages.typescript.places import contract_file, model_constant
from generator.languages.typescript.seed import seed_facts
from generator.languages.typescript.services import (
    declared_shapes,
    resource_operation_facts,
    schema_facts,
    service_facts,
)
from generator.languages.typescript.steps import inserts_many
from generator.languages.typescript.testing.facts import facts_of_tests
from generator.languages.typescript.web.facts import web_facts
from generator.layout import WIDTH, columns
from generator.model.elements.catalogue import ConfigEntry, ErrorEntry
from generator.model.elements.history import Migration
from generator.model.elements.model import Model
from generator.model.elements.steps import Step
from generator.model.elements.views import Include
from generator.model.recorded_changes import recorded
from generator.model.selection import WHOLE, Selection
from generator.typescript_layout.nodes import text_literal

READERS = {"int": "whole", "decimal": "decimalNumber", "bool": "flag", "interval": "duration"}


def typescript_answers(model: Model, selection: Selection) -> dict[str, Any]:
    """The answers for a project of the stack express-react.

    Args:
        model: the resolved plan.
        selection: which rooms render which elements.

    Returns:
        Plain data: see docs/writing-a-room.md for what templates read.
    """
    entities = [
        entity
        for entity in model.entities
        if selection.has("model", entity.name) or selection.has("migration", entity.name)
    ]
    served = [service for service in model.services if selection.has("service", service.name)]
    return {
        "entities": [_entity(model, selection, entity.name) for entity in entities],
        "schemas": [
            schema_facts(model, name)
            for name in declared_shapes(model)
            if _has_schema(model, selection, name)
        ],
        "services": [service_facts(model, service) for service in served],
        "controllers": _controllers(model, selection),
        "config": [config_facts(entry) for entry in model.config],
        "errors": [_error(entry) for entry in model.errors if _is_declared(entry)],
        "migrations": [_migration(migration) for migration in model.migrations],
        "seed": seed_facts(model, selection),
        "tests": facts_of_tests(model, selection),
        "outbox": bool(model.events),
        "money": any(member.kind == "money" for entity in model.entities for member in entity.members),
        "inverses": any(item.related and not item.related.other_column for item in _includes(model)),
        "throughs": any(entity.through for entity in model.entities),
        "arrays": _has_arrays(model),
        "gist": any(
            entity.exclusions or any(index.method == "gist" for index in entity.indexes)
            for entity in model.entities
        ),
        "identity": identity_facts(model),
        "rate_limits": any(item.route is not None and item.route.limit for item in model.operations),
        "inserts_many": any(inserts_many(step) for step in _steps(model)),
        "outcomes": any(item.gives_failure for item in model.operations),
        "cursors": any(item.output.kind == "cursor_page" for item in model.operations),
        "idempotency": any(
            item.route is not None and item.route.idempotency != "none" for item in model.operations
        ),
        "quality": {
            "lines": model.coverage_lines,
            "branches": model.coverage_branches,
            "performance": [
                {
                    "operation": budget.operation,
                    "p95": budget.p95_milliseconds,
                    "connections": budget.connections,
                    "rate": budget.rate,
                }
                for budget in model.budgets
            ],
        },
        **({"web": web} if (web := web_facts(model, selection)) else {}),
    }


def _steps(model: Model) -> Iterator[Step]:
    """All steps of the plan: of operations, of what slots fall back to, of transitions."""
    for operation in model.operations:
        slot = operation.slot
        fallbacks = (slot.fallback, *slot.wrong.values()) if slot is not None else ()
        for body in (operation.body, *fallbacks):
            yield from body.steps if body is not None else ()
    for entity in model.entities:
        for transition in entity.states.transitions if entity.states else ():
            yield from transition.steps


def _entity(model: Model, selection: Selection, name: str) -> dict[str, Any]:
    entity = model.entity(name)
    facts = entity_facts(model, entity)
    own = [item for item in model.operations if item.entity == name and item.service == entity.names.camel]
    policies = PolicyFunctions(model, entity)
    facts["operations"] = [resource_operation_facts(entity, operation, policies) for operation in own]
    facts["policies"] = policies.facts()
    facts["view_imports"] = [pair for part in facts["parts"] for pair in part["imports"]]
    facts["controller_imports"] = [
        [item["response"]["from"], item["response"]["name"]]
        for item in facts["operations"]
        if item["response"] and item["response"]["name"] not in (name, f"{name}Page")
    ]
    facts["transition_imports"] = facts["states"]["imports"] if facts["states"] else []
    facts["served"] = selection.has("controller", entity.names.camel)
    return facts


def _has_schema(model: Model, selection: Selection, name: str) -> bool:
    view = next((item for item in model.views if item.name == name), None)
    if view is None:
        return True
    needed = [view.entity, *(name for include in view.includes for name in include.entities)]
    return all(selection.has("model", entity) for entity in needed)


def _includes(model: Model) -> list[Include]:
    return [include for view in model.views for include in view.includes]


def _has_arrays(model: Model) -> bool:
    """Whether any column or member of the contract holds several values."""
    types = chain(
        (member.type for entity in model.entities for member in entity.members),
        (derived.type for view in model.views for derived in view.derived),
        (member.type for shape in model.shapes for member in shape.members),
        (member.type for operation in model.operations for member in operation.input),
    )
    return any(type_.of is not None and type_.of.kind not in ("row", "shape") for type_ in types)


def _controllers(model: Model, selection: Selection) -> list[dict[str, str]]:
    controllers = [
        {"file": contract_file(entity.name), "const": f"{entity.names.camel}Controller"}
        for entity in model.entities
        if selection.has("controller", entity.names.camel)
    ]
    controllers += [
        {"file": service.names.kebab, "const": f"{service.names.camel}Controller"}
        for service in model.services
        if selection.has("controller", service.name) and any(item.route for item in service.operations)
    ]
    return controllers


def config_facts(entry: ConfigEntry) -> dict[str, Any]:
    """A setting as the templates need it; ``lines`` is its entry among the variables of the service."""
    reader, builders = _reader(entry)
    default = ""
    if entry.default is not None:
        default = f".default({_default(entry)})"
    return {
        "name": entry.name,
        "kind": entry.type.kind,
        "required": entry.required,
        "secret": entry.secret,
        "lines": _setting_lines(entry, reader, default),
        "builders": builders,
        "type": _type(entry.type),
        "example": _example(entry),
        "default_text": _example(entry) if entry.default is not None else "",
        "in_environment": environment_value(_example(entry)),
        "description": " ".join(entry.title.split()),
    }


def _setting_lines(entry: ConfigEntry, reader: str, default: str) -> list[str]:
    """A setting as biome lays it out, two columns in: a chain breaks before each of its calls."""
    whole = f"{entry.name}: {reader}{default},"
    if columns(whole) + 2 <= WIDTH or not default:
        return [whole]
    if reader.startswith("z.") and entry.type.kind == "text":
        calls = [f"  .{call}" for call in reader.removeprefix("z.").split(".")]
        last = f"  {default},"
        if columns(last) + 2 <= WIDTH:
            return [f"{entry.name}: z", *calls, last]
        return [f"{entry.name}: z", *calls, "  .default(", f"    {_default(entry)},", "  ),"]
    return [f"{entry.name}: {reader}.default(", f"  {_default(entry)},", "),"]


def _reader(entry: ConfigEntry) -> tuple[str, list[str]]:
    if entry.secret:
        least = f"{{ min: {entry.min_length} }}" if entry.min_length else ""
        return f"secret({least})", ["secret"]
    if entry.type.kind == "enum":
        return f"z.enum([{', '.join(literal(member) for member in entry.type.members)}])", []
    if entry.type.kind == "text":
        least = f".min({entry.min_length})" if entry.min_length else ""
        return f"z.{'url' if entry.url else 'string'}(){least}", []
    if entry.type.kind == "list" and entry.type.of is not None:
        reader, builders = _reader(replace(entry, type=entry.type.of))
        return f"listOf({reader})", ["listOf", *builders]
    name = READERS[entry.type.kind]
    bounds = []
    quoted = entry.type.kind == "decimal"
    if quoted:
        bounds = [f"precision: {entry.type.precision}", f"scale: {entry.type.scale}"]
    for word, value in (("min", entry.minimum), ("max", entry.maximum)):
        if value is not None:
            bounds.append(f"{word}: {text_literal(value) if quoted else number_literal(int(value))}")
    return f"{name}({{ {', '.join(bounds)} }})" if bounds else f"{name}()", [name]


def _type(type_: Type) -> str:
    inner = ROW_TYPES.get((type_.of or type_).kind, "string")
    return f"{inner}[]" if type_.kind == "list" else inner


def _default(entry: ConfigEntry) -> str:
    value = entry.default or ""
    if entry.type.kind == "list" and entry.type.of is not None:
        one = replace(entry, type=entry.type.of)
        entries = [_default(replace(one, default=each)) for each in value.split(",")]
        return f"[{', '.join(entries)}]"
    if entry.type.kind in ("int", "interval"):
        return number_literal(int(value))
    if entry.type.kind == "bool":
        return value
    return text_literal(value)


def _example(entry: ConfigEntry) -> str:
    if entry.default is None:
        return ""
    if entry.type.kind == "interval":
        return duration_text(int(entry.default))
    return entry.default


def environment_value(text: str) -> str | None:
    """A value as a line of `.env` has it: Node, Compose and a shell read it back as it is.

    Args:
        text: the value.

    Returns:
        The value, in quotes where it needs them; None where no quotes can hold it.
    """
    if re.fullmatch(r"[\w./:@%+,=~^-]*", text, re.ASCII):
        return text
    if "\n" in text or "'" in text:
        return None
    return f"'{text}'"


def duration_text(milliseconds: int) -> str:
    """Milliseconds as people write a duration: the largest unit that divides them."""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"


def _is_declared(entry: ErrorEntry) -> bool:
    from generator.model.catalogue import BUILT_IN

    return not entry.builtin or (entry.status, entry.text) != BUILT_IN[entry.code]


def _error(entry: ErrorEntry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "status": entry.status,
        "text": entry.text,
        "text_code": text_literal(entry.text),
        "builtin": entry.builtin,
        "params": [
            {"name": item.name, "json": item.json, "type_ts": ROW_TYPES.get(item.kind, "string")}
            for item in entry.parameters
        ],
    }


def _migration(migration: Migration) -> dict[str, Any]:
    facts = {
        "version": migration.version,
        "name": migration.name,
        "file": migration.file,
        "up": migration.up,
        "down": migration.down,
    }
    if not migration.digest:
        return facts
    sums = [
        f"{hashlib.sha256(text.encode()).hexdigest()}  {migration.file}.{side}.sql"
        for side, text in (("up", migration.up), ("down", migration.down))
    ]
    return {
        **facts,
        "hash": migration.digest,
        "parent": migration.parent,
        "changes": [recorded(change) for change in migration.changes],
        # As `sha256sum --check` reads it.
        "sums": "".join(f"{line}\n" for line in sums),
    }


__all__ = ["WHOLE", "model_constant", "typescript_answers"]
