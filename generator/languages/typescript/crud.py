"""Standard operations that a service declares, as the body of a function that speaks to the kernel."""

from __future__ import annotations

import re

from generator.languages.typescript.access import policy_statement
from generator.languages.typescript.code import CodeWriter, lines_of
from generator.languages.typescript.entities import sorts_text
from generator.languages.typescript.places import model_module, view_constant
from generator.layout import WIDTH, Doc, columns
from generator.model.elements.entities import Entity
from generator.model.elements.operations import Crud, Operation
from generator.typescript_layout.nodes import Array, Atom, Await, Call, Node, Object, text_literal
from generator.typescript_layout.statements import returned, statement

CONTEXT, INPUT = Atom("context"), Atom("input")
DEFAULT_LIMIT = 20
INDENT = "  "


def crud_lines(writer: CodeWriter, operation: Operation, crud: Crud, indent: int) -> list[str]:
    """The statements of a standard operation.

    Args:
        writer: notes what they import.
        operation: the operation.
        crud: what it does.
        indent: the column they will stand in.

    Returns:
        Lines without that indentation.
    """
    entity = writer.model.entity(crud.entity)
    if crud.kind == "list":
        return lines_of([returned(_list(writer, operation, crud, entity))], indent)
    name = f"{crud.kind}Resource"
    writer.take("../resource.js", name)
    constant, module = view_constant(writer.model, operation.output.name or entity.name)
    writer.take(module, constant)
    offer = Object((("model", writer.table(entity)), ("view", Atom(constant))))
    arguments: list[Node] = [CONTEXT, offer, INPUT]
    asked = _asked(writer, operation, crud)
    lines = _ask(writer, entity, lines_of(asked, indent + len(INDENT)), indent) if asked else []
    if asked:
        arguments.append(Atom("ask"))
    call = Call(name, tuple(arguments))
    nothing = operation.output.kind == "none" and crud.kind != "delete"
    return [*lines, *lines_of([statement(Await(call)) if nothing else returned(call)], indent)]


def _ask(writer: CodeWriter, entity: Entity, inside: list[str], indent: int) -> list[str]:
    """The function that is called with the row before anything is done to it."""
    text = "\n".join(inside)
    context = "context" if re.search(r"\bcontext\b", text) else "_context"
    parameters = [f"{context}: Context"]
    if re.search(r"\brow\b", text):
        parameters.append(f"row: RowOf<{entity.name}Table>")
        writer.take("../model.js", "type RowOf")
        writer.take(model_module(entity), f"type {entity.name}Table")
    elif context == "_context":
        parameters = []
    head = f"const ask = async ({', '.join(parameters)}) => {{"
    opening = [head]
    if columns(head) + indent > WIDTH:
        opening = ["const ask = async (", *(f"{INDENT}{each}," for each in parameters), ") => {"]
    return [*opening, *(f"{INDENT}{line}" for line in inside), "};"]


def _asked(writer: CodeWriter, operation: Operation, crud: Crud) -> list[Doc]:
    """What the row is asked before anything is done: it is one of those meant, then the policy allows."""
    asked: list[Doc] = []
    if crud.where is not None:
        writer.take("../failure.js", "ensure")
        test = Call("ensure", (writer.code(crud.where), Atom(text_literal("NOT_FOUND"))))
        asked.append(statement(test))
    if operation.policy is not None and operation.policy.of_row:
        asked.append(policy_statement(writer, operation.policy))
    return asked


def _list(writer: CodeWriter, operation: Operation, crud: Crud, entity: Entity) -> Node:
    is_cut_by_cursors = operation.output.kind == "cursor_page"
    function = "listFrom" if is_cut_by_cursors else "list"
    writer.take("../cursor.js" if is_cut_by_cursors else "../listing.js", function)
    constant, module = view_constant(writer.model, operation.output.name or entity.name)
    writer.take(module, constant)
    order = [f"{column} desc" if direction == "desc" else column for column, direction in crud.order]
    listing: list[tuple[str, Node]] = [
        ("filters", Object(())),
        ("search", Array(())),
        ("sorts", Object(())),
        ("order", Array(tuple(Atom(text_literal(term)) for term in order))),
    ]
    sorted_by = {column for column, _ in crud.order}
    texts = [member.column for member in entity.members if sorts_text(sorted_by, member)]
    if texts:
        listing.append(("texts", Array(tuple(Atom(text_literal(name)) for name in texts))))
    start = ("offset", Atom("input.offset ?? 0"))
    if is_cut_by_cursors:
        start = ("cursor", Atom("input.cursor ?? undefined"))
    page = Object((("limit", Atom(f"input.limit ?? {DEFAULT_LIMIT}")), start))
    arguments: list[Node] = [CONTEXT, Atom(constant), Object(tuple(listing)), page]
    if crud.where is not None:
        arguments.append(writer.sql(crud.where, entity))
    return Call(function, tuple(arguments))
