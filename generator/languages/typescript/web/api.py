"""The operations of the API as functions that a browser calls, typed by the contract."""

from __future__ import annotations

from typing import Any

from generator.languages.typescript.literals import property_name
from generator.languages.typescript.places import (
    CONTRACT,
    contract_module,
    operation_file,
    service_file,
)
from generator.languages.typescript.services import REQUESTS
from generator.layout import WIDTH, columns
from generator.model.elements.entities import Entity
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation, Output
from generator.typescript_layout.nodes import text_literal

UNBROKEN = "// biome-ignore format: one line, however long its names"
PAGES = {"page": "Paged", "cursor_page": "CursorPaged"}
PAGING = ("search", "sort", "limit", "offset", "cursor")
"""Inputs of a list that every page of one can send."""


def api_facts(model: Model, service: str) -> dict[str, Any] | None:
    """The file of a service's operations.

    Args:
        model: the resolved plan.
        service: a declared one, or that of an entity's resource.

    Returns:
        File, constant, lines and imports; None for a service that nobody reaches over HTTP.
    """
    operations = [item for item in model.operations if item.service == service and item.route is not None]
    if not operations:
        return None
    imports = [["../client.js", "endpoint"]]
    lines: list[str] = []
    for operation in operations:
        lines += _endpoint(model, operation, imports)
    return {
        "file": api_file(service),
        "const": api_constant(service),
        "lines": lines,
        "imports": imports,
    }


def api_file(service: str) -> str:
    """The file name of a service's operations, without what follows the first dot."""
    return service_file(service)


def api_constant(service: str) -> str:
    """The constant of a service's operations."""
    return f"{service}Api"


def input_shapes(model: Model, operation: Operation) -> list[tuple[str, str]]:
    """The shapes of the contract that an input consists of.

    Args:
        model: the resolved plan.
        operation: one with a route.

    Returns:
        Pairs of module and name; the last one is that of the body where there is one.
    """
    if operation.input_name is not None:
        return [(f"{CONTRACT}/{operation_file(model, operation)}.operations", operation.input_name)]
    name = operation.entity or ""
    return [(contract_module(name), f"{name}{ending}") for _, ending in REQUESTS[operation.kind]]


def _endpoint(model: Model, operation: Operation, imports: list[list[str]]) -> list[str]:
    """A member of the constant, in the layout of biome."""
    assert operation.route is not None
    shapes = input_shapes(model, operation)
    imports += [["zod", "type z"], *([module, f"type {name}"] for module, name in shapes)]
    given = " & ".join(f"z.input<typeof {name}>" for _, name in shapes)
    answer = _answer(operation.output, imports)
    head = f"{property_name(operation.name)}: endpoint<{given}, {answer}>("
    arguments = [text_literal(operation.route.method), text_literal(operation.route.path)]
    if operation.route.idempotency != "none":
        arguments.append("'keyed'")
    line = f"{head}{', '.join(arguments)}),"
    if columns(line) + 2 <= WIDTH:
        return [line]
    broken = [head, *(f"  {argument}," for argument in arguments), "),"]
    fits = all(columns(each) + 2 <= WIDTH for each in broken)
    return broken if fits else [UNBROKEN, line]


def _answer(output: Output, imports: list[list[str]]) -> str:
    if output.name is None:
        return "void"
    imports.append([contract_module(output.name), f"type {output.name}"])
    if output.kind in PAGES:
        imports.append(["../client.js", f"type {PAGES[output.kind]}"])
        return f"{PAGES[output.kind]}<{output.name}>"
    return f"{output.name}[]" if output.kind == "list" else output.name


def standard(model: Model, entity: Entity, name: str) -> Operation | None:
    """A standard operation of an entity, if it is reached over HTTP.

    Args:
        model: the resolved plan.
        entity: whose resource it is of.
        name: ``list``, ``get``, ``create``, ``update``, ``delete`` or ``restore``.

    Returns:
        The operation, as its service may have changed it.
    """
    identity = f"{entity.names.camel}.{name}"
    operation = next((item for item in model.operations if item.id == identity), None)
    if operation is None or operation.route is None:
        return None
    named = {member.json for member in entity.key_members}
    if name in ("list", "create"):
        return operation if not operation.route.parameters else None
    path = {member.json for member in operation.input if member.word in operation.route.parameters}
    return operation if path == named else None


def list_of(model: Model, entity: Entity) -> Operation | None:
    """The operation that lists the rows of an entity page by page and asks for nothing else."""
    operation = standard(model, entity, "list")
    if operation is None or operation.output.kind not in PAGES:
        return None
    needed = [item for item in operation.input if item.required and item.default is None]
    return operation if all(item.name in PAGING for item in needed) else None
