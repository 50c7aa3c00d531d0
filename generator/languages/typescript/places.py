"""Where generated TypeScript lives and what it is called: one rule for files, constants and types."""

from __future__ import annotations

import re

from generator.model.elements.entities import Entity
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation, Output
from generator.plan.names import names_of

CONTRACT = "@app/contract"


def model_constant(entity: Entity) -> str:
    """The constant of an entity's table: ``tasks``."""
    return entity.names.plural_camel


def model_module(entity: Entity) -> str:
    """The module of an entity's model, as a service imports it."""
    return f"../models/{entity.names.kebab}.model.js"


def view_constant(model: Model, name: str) -> tuple[str, str]:
    """The constant of a view and its module: an entity's own stands beside its model."""
    view = next(item for item in model.views if item.name == name)
    constant = f"{names_of(name).camel}View"
    if view.name == view.entity:
        return constant, model_module(model.entity(view.entity))
    return constant, f"../models/{contract_file(name)}.view.js"


def transitions_constant(entity: Entity) -> str:
    """The constant of an entity's state machine."""
    return f"{entity.names.camel}Transitions"


def transitions_module(entity: Entity) -> str:
    """The module of an entity's state machine, as a service imports it."""
    return f"./{entity.names.kebab}.transitions.js"


def service_file(name: str) -> str:
    """The file name of a service, without what follows the first dot."""
    return names_of(re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()).kebab


def operation_file(model: Model, operation: Operation) -> str:
    """The file name of the service that an operation is in, without what follows the first dot."""
    if operation.entity is None:
        for service in model.services:
            if service.name == operation.service:
                return service.names.kebab
    return service_file(operation.service)


def service_module(model: Model, operation: Operation) -> str:
    """The module of an operation's service, as another service imports it."""
    return f"./{operation_file(model, operation)}.service.js"


def called_function(model: Model, operation: Operation) -> tuple[str, str]:
    """How another module imports the function of an operation, and what it is called there.

    Two services may have functions of one name: each is then called after its service as well.
    """
    name = operation.function
    if not any(each.function == name and each.service != operation.service for each in model.operations):
        return name, name
    local = f"{operation.service}{name[:1].upper()}{name[1:]}"
    return f"{name} as {local}", local


def contract_file(name: str) -> str:
    """The file name, without its ending, of an entity or a schema in the contract."""
    return names_of(name).kebab


def contract_module(name: str) -> str:
    """The module of the contract that has an entity or a schema of the plan."""
    return f"{CONTRACT}/{contract_file(name)}"


def output_type(output: Output) -> str:
    """What a function of an operation gives, without the promise."""
    if output.kind == "none":
        return "void"
    if output.kind == "list":
        return f"{output.name}[]"
    if output.kind == "page":
        return f"Paged<{output.name}>"
    if output.kind == "cursor_page":
        return f"CursorPage<{output.name}>"
    return output.name or "void"
