"""Operations and services as the templates of express-react need them."""

from __future__ import annotations

import re
from typing import Any

from generator.languages.typescript.access import PolicyFunctions, limit_code, policy_statement, reads_input
from generator.languages.typescript.code import imports_of, lines_of
from generator.languages.typescript.crud import crud_lines
from generator.languages.typescript.entities import names_facts
from generator.languages.typescript.fields import member_facts, shown_facts
from generator.languages.typescript.links import link_facts, through_facts
from generator.languages.typescript.places import (
    called_function,
    contract_file,
    contract_module,
    model_constant,
    model_module,
    output_type,
    service_module,
    view_constant,
)
from generator.languages.typescript.shapes import currency_facts, part_facts, shape_members
from generator.languages.typescript.steps import BodyWriter
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation, Output, Service
from generator.model.elements.views import Include
from generator.model.inferred import item_path
from generator.plan.names import names_of
from generator.typescript_layout.nodes import text_literal

STEP_COLUMN = 4
"""Where steps stand that write: inside the transaction inside the function."""
PLAIN_COLUMN = 2
"""Where all others stand: inside the function."""


INCLUDING = {"toReferring": "../referring.js", "rowsThrough": "../through.js"}
"""Where the kernel has what only some plans need."""

_TAG = re.compile(r"@(?=\w)")
_DIRECTIVE = re.compile(
    r"\b(biome|eslint|oxlint|prettier|tslint|deno|v8|c8|istanbul|coverage|sourceMappingURL)\s?[-= ]\s?(\w)",
    re.IGNORECASE,
)

REQUESTS: dict[str, tuple[tuple[str, str], ...]] = {
    "list": (("query", "Query"),),
    "get": (("params", "Key"),),
    "create": (("body", "Create"),),
    "update": (("params", "Key"), ("body", "Update")),
    "delete": (("params", "Key"),),
    "restore": (("params", "Key"),),
    "transition": (("params", "Key"), ("body", "Transition")),
}
"""Where the input of an inferred operation comes from, and how the contract's type of each part ends."""


def resource_operation_facts(
    entity: Entity, operation: Operation, policies: PolicyFunctions
) -> dict[str, Any]:
    """An operation that a resource or a state machine brings.

    Args:
        entity: whose resource it is.
        operation: the operation.
        policies: notes the functions that ask its policy.

    Returns:
        Plain data.
    """
    request = REQUESTS[operation.kind]
    home = contract_module(entity.name)
    types = [f"{entity.name}{shape}" for _, shape in request]
    imports = [[home, f"type {name}"] for name in types]
    output = operation.output
    if output.name is not None:
        imports.append([contract_module(output.name), f"type {output.name}"])
    if output.kind == "page":
        imports.append(["../listing.js", "type Paged"])
    if output.kind == "cursor_page":
        imports.append(["../cursor.js", "type CursorPage"])
    response = _response(output)
    if operation.kind == "list" and output.name == entity.name:
        response = {"name": f"{entity.name}Page", "from": home, "wrap": None}
    creates = operation.kind == "create" and operation.route is not None
    return {
        "id": operation.id,
        "key": operation.name,
        "kind": operation.kind,
        "title": operation.title,
        "doc": _sentence(operation.title),
        "function": operation.function,
        "transition": operation.name if operation.kind == "transition" else None,
        "override": None,
        "policy": policies.name_for(operation, " & ".join(types)),
        "policy_reads_input": operation.policy is not None and reads_input(operation.policy.allow),
        "policy_of_row": operation.policy is not None and operation.policy.of_row,
        "http": _http(operation),
        "access": operation.route.access if operation.route else None,
        "limit": limit_code(operation.route.limit) if operation.route else None,
        "location": f"{operation.route.path}{item_path(entity)}" if creates and operation.route else None,
        **_keyed(operation),
        "errors": _route_errors(operation),
        "input_type": " & ".join(types),
        "output_type": output_type(output),
        "request": [{"place": place, "shape": shape} for place, shape in request],
        "service_imports": imports,
        "response": response,
    }


def service_facts(model: Model, service: Service) -> dict[str, Any]:
    """A declared service with its operations."""
    return {
        "name": service.name,
        "file": service.names.kebab,
        "title": service.title,
        "names": names_facts(service.names),
        "entity": None,
        "slotted": any(operation.slot for operation in service.operations),
        "offered": any(operation.route for operation in service.operations),
        "operations": [operation_facts(model, operation) for operation in service.operations],
    }


def operation_facts(model: Model, operation: Operation) -> dict[str, Any]:
    """A declared operation with its body.

    Args:
        model: the resolved plan.
        operation: one of its operations.

    Returns:
        Plain data; ``lines`` is the body, laid out for the column in which it stands.
    """
    writer = BodyWriter(model, operation=operation)
    transaction = _transaction(operation)
    opening = _opening(operation, transaction)
    column = STEP_COLUMN if opening else PLAIN_COLUMN
    if operation.crud is not None:
        lines = crud_lines(writer, operation, operation.crud, column)
    elif operation.body is not None:
        lines = writer.body(operation.body, column)
    elif operation.slot is not None and operation.slot.room is not None:
        room = operation.slot.room
        writer.take(room.module, room.function)
        lines = [f"return {room.function}(context, input);"]
    else:
        writer.take("../failure.js", "Failure")
        lines = ["throw new Failure('NOT_IMPLEMENTED');"]
    guard = (
        lines_of([policy_statement(writer, operation.policy)], column)
        if operation.policy and not (operation.crud and operation.policy.of_row)
        else []
    )
    if operation.as_system:
        writer.take("../caller.js", "asSystem")
    if operation.gives_failure:
        writer.take("../outcome.js", "type Outcome", "outcomeOf")
    text = "\n".join([*guard, *lines])
    members = [_input_member(member) for member in operation.input]
    for member in members:
        # What a row always has is left out of a change, and never cleared.
        if operation.crud is not None and member["name"] in operation.crud.kept and member["nullable"]:
            member |= {"nullable": False, "optional_input": True}
    path = set(operation.route.parameters) if operation.route else set()
    return {
        "id": operation.id,
        "key": operation.name,
        "function": operation.function,
        "title": operation.title,
        "doc": _sentence(operation.title),
        "kind": operation.kind,
        "http": _http(operation),
        "errors": _route_errors(operation),
        "location": None,
        "input_name": operation.input_name,
        "input_members": members,
        "path_members": [member.json for member in operation.input if member.word in path],
        "rest_members": [member.json for member in operation.input if member.word not in path],
        "body_or_query": "query"
        if operation.route and operation.route.method in ("get", "delete")
        else "body",
        "response": _declared_response(model, operation),
        "output_type": _declared_type(operation),
        "output_imports": _output_imports(operation),
        "writes": operation.writes,
        "opening": opening,
        "as_system": operation.as_system,
        "guard": guard,
        "lines": lines,
        "access": operation.route.access if operation.route else None,
        "limit": limit_code(operation.route.limit) if operation.route else None,
        **_keyed(operation),
        "uses_context": "context" in text or opening is not None,
        "uses_input": "input" in text,
        "awaits": "await " in text,
        "imports": imports_of(writer.imports),
        "slot": _slot(model, operation),
    }


def schema_facts(model: Model, name: str) -> dict[str, Any]:
    """A schema of the plan: a plain shape, or a view of an entity.

    Args:
        model: the resolved plan.
        name: the schema's name.

    Returns:
        Plain data.
    """
    view = next((item for item in model.views if item.name == name), None)
    shape = next((item for item in model.shapes if item.name == name), None)
    facts: dict[str, Any] = {"name": name, "file": contract_file(name), "camel": names_of(name).camel}
    if view is None:
        assert shape is not None
        members = [{**_input_member(member), "kind": "field", "members": []} for member in shape.members]
        return {
            **facts,
            "of": None,
            "members": members,
            "includes": [],
            "parts": [],
            "throughs": [],
            "model": None,
        }
    entity = model.entity(view.entity)
    included = [_include_member(model, include) for include in view.includes]
    members = [{"members": [], **member} for member in shape_members(view, entity, included)]
    return {
        **facts,
        "of": entity.name,
        "model": {"const": model_constant(entity), "file": contract_file(entity.name)},
        "members": members,
        "includes": [_include(model, entity, include) for include in view.includes],
        "parts": [
            *(part_facts(model, entity, derived) for derived in view.derived),
            *currency_facts(model, entity, view.members),
        ],
        "links": [link_facts(entity, relation) for relation in view.many],
        "throughs": [through_facts(model, entity, related) for related in view.through],
    }


def declared_shapes(model: Model) -> list[str]:
    """The schemas that have a file of their own in the contract, outputs written in place included."""
    return [shape.name for shape in model.shapes] + [
        view.name for view in model.views if view.name != view.entity
    ]


def _sentence(title: str) -> str:
    """A title as a sentence of a comment: on one line, with nothing that ends it or that a tool obeys."""
    text = " ".join(title.split()).replace("*/", "* /")
    text = _TAG.sub("@ ", _DIRECTIVE.sub(r"\1 - \2", text))
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _http(operation: Operation) -> dict[str, Any] | None:
    route = operation.route
    return {"method": route.method, "path": route.path, "status": route.status} if route else None


def _keyed(operation: Operation) -> dict[str, Any]:
    """Whether the route takes keys, and what transaction one is kept in."""
    kind = operation.route.idempotency if operation.route else "none"
    strict = kind != "none" and operation.transaction == "serializable"
    return {"idempotency": None if kind == "none" else kind, "keyed_serializable": strict}


def _route_errors(operation: Operation) -> list[str]:
    """What a route can answer: with keys also that one is malformed, or was used for something else."""
    keyed = operation.route is not None and operation.route.idempotency != "none"
    return list(dict.fromkeys((*operation.errors, *(("VALIDATION_FAILED", "CONFLICT") if keyed else ()))))


def _response(output: Output) -> dict[str, Any] | None:
    if output.kind == "none" or output.name is None:
        return None
    wrap = output.kind if output.kind in ("list", "page", "cursor_page") else None
    return {
        "name": output.name,
        "from": contract_module(output.name),
        "wrap": wrap,
        "page_name": f"{output.name}Page",
    }


def _declared_response(model: Model, operation: Operation) -> dict[str, Any] | None:
    """The response of a declared operation; a page is that of the entity's list, or has its own name."""
    response, name = _response(operation.output), operation.output.name
    if response is None or response["wrap"] not in ("page", "cursor_page"):
        return response
    entity = next((entity for entity in model.entities if entity.name == name), None)
    resource = entity.resource if entity is not None else None
    cut = {"offset": "page", "cursor": "cursor_page"}
    if resource and "list" in resource.operations and cut[resource.page] == response["wrap"]:
        return {**response, "name": f"{name}Page", "wrap": None}
    service = operation.service[:1].upper() + operation.service[1:]
    return {**response, "page_name": f"{service}{operation.name[:1].upper()}{operation.name[1:]}Page"}


def _transaction(operation: Operation) -> str | None:
    """The member of the context that runs the body, None where it runs as it is."""
    if operation.transaction == "serializable":
        return "serializable"
    writes = operation.writes and operation.crud is None  # The kernel's own have a transaction.
    wraps = operation.as_system or (writes and operation.transaction == "auto")
    return "transaction" if wraps else None


def _opening(operation: Operation, transaction: str | None) -> str | None:
    """The line that a body stands in, which gives what the body gives; None where there is none."""
    context = "asSystem(context)" if operation.as_system else "context"
    if operation.gives_failure:
        kind = text_literal(transaction or "none")
        return f"return outcomeOf({context}, {kind}, async (context) => {{"
    return f"return {context}.{transaction}(async (context) => {{" if transaction else None


def _declared_type(operation: Operation) -> str:
    given = output_type(operation.output)
    return f"Outcome<{given}>" if operation.gives_failure else given


def _output_imports(operation: Operation) -> list[list[str]]:
    output = operation.output
    pages = {"page": ["../listing.js", "type Paged"], "cursor_page": ["../cursor.js", "type CursorPage"]}
    imports = [pages[output.kind]] if output.kind in pages else []
    if output.name is not None:
        imports.append([contract_module(output.name), f"type {output.name}"])
    return imports


def _input_member(member: Member) -> dict[str, Any]:
    facts = member_facts(member)
    facts["to_json"] = f"row.{member.json}"
    return facts


def _slot(model: Model, operation: Operation) -> dict[str, Any] | None:
    slot = operation.slot
    if slot is None:
        return None
    entities = dict.fromkeys((*slot.may_read, *slot.may_write))
    imports = [[model_module(model.entity(name)), model_constant(model.entity(name))] for name in entities]
    if operation.output.kind in ("view", "list", "page") and "view" in (
        operation.output.kind,
        operation.output.item,
    ):
        constant, module = view_constant(model, operation.output.name or "")
        imports.append([module, constant])
    for name in slot.may_call:
        called = model.operation(name)
        imports.append([service_module(model, called), called_function(model, called)[0]])
    return {
        "id": slot.id,
        "fallback": "placeholder" if slot.fallback is None and slot.room is None else "steps",
        "intent": slot.intent.splitlines(),
        "may_read": list(slot.may_read),
        "may_write": list(slot.may_write),
        "may_call": list(slot.may_call),
        "errors": list(slot.errors),
        "proven_by": list(slot.proven_by),
        "criteria": [
            {"id": criterion.id, "title": criterion.title, **criterion.written}
            for criterion in model.proofs(operation)
        ],
        "imports": imports,
    }


def _include(model: Model, entity: Entity, include: Include) -> dict[str, Any]:
    target = model.entity(include.entity)
    function, link = "toOne" if include.required else "toOptional", None
    if include.link is not None:
        function, link = "toMany", link_facts(entity, include.link)["const"]
    if include.related is not None and include.related.other_column is not None:
        function, link = "rowsThrough", through_facts(model, entity, include.related)["const"]
    elif include.related is not None:
        function = "toReferring"
    return {
        "json": include.json,
        "column": include.related.own_column if include.related else include.column,
        "function": function,
        "module": INCLUDING.get(function, "../view.js"),
        "model": {"const": model_constant(target), "file": contract_file(target.name)},
        "optional": not include.required,
        "link": link,
        "members": [shown_facts(member, target) for member in include.members],
    }


def _include_member(model: Model, include: Include) -> dict[str, Any]:
    target = model.entity(include.entity)
    return {
        "kind": "include",
        "json": include.json,
        "contract": None,
        "nullable": not include.required,
        "to_json": f"more.{include.json}",
        "to_json_imports": [],
        "many": include.is_list,
        "members": [shown_facts(member, target) for member in include.members],
    }
