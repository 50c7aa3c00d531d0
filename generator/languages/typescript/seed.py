"""Demonstration data: fixtures marked as seed, as statements that insert them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from generator.expressions.typed import Typed
from generator.languages.typescript.code import CodeWriter, imports_of, lines_of
from generator.languages.typescript.fields import sample_currency
from generator.languages.typescript.links import link_facts
from generator.languages.typescript.literals import literal, property_name
from generator.languages.typescript.places import contract_file, model_constant, model_module
from generator.layout import Doc
from generator.model.elements.criteria import Fixture
from generator.model.elements.members import Member
from generator.model.elements.model import Model
from generator.model.selection import Selection
from generator.typescript_layout.nodes import Array, Atom, Await, Call, Node, Object
from generator.typescript_layout.statements import constant, statement

SEED_COLUMN = 2
SAMPLES = {
    "url": "https://example.com",
    "timezone": "UTC",
    "currency": "EUR",
    "country": "DE",
    "language": "en",
    "phone": "+493012345678",
}
"""A text of each format that words are not of."""


def seed_facts(model: Model, selection: Selection) -> dict[str, Any]:
    """What puts the seed data into an empty database.

    Args:
        model: the resolved plan.
        selection: which entities have a model.

    Returns:
        The models it writes to, the statements and what they import.
    """
    writer = CodeWriter(model)
    chosen = [
        fixture
        for fixture in model.fixtures
        if fixture.seed and fixture.given.entity and selection.has("model", fixture.given.entity)
    ]
    wanted = {name for fixture in chosen for name in (*fixture.needs, fixture.name)}
    ordered = [fixture for fixture in model.fixtures if fixture.name in wanted and fixture.given.entity]
    referred = {name for fixture in ordered for name in fixture.uses}
    statements: list[Doc] = []
    for fixture in ordered:
        statements.extend(_statements(writer, fixture, fixture.name in referred))
    entities = dict.fromkeys(fixture.given.entity or "" for fixture in ordered)
    constants = {model_constant(model.entity(name)) for name in entities}
    return {
        "models": [
            {"const": model_constant(model.entity(name)), "file": contract_file(name)} for name in entities
        ],
        "lines": lines_of(statements, SEED_COLUMN),
        "imports": [
            [module.replace("../", "./", 1), name]
            for module, name in imports_of(writer.imports)
            if name not in constants
        ],
    }


def _statements(writer: CodeWriter, fixture: Fixture, referred: bool) -> list[Doc]:
    entity = writer.model.entity(fixture.given.entity or "")
    relations = {relation.name: relation for relation in entity.many}
    values: list[tuple[str, Node]] = []
    links: list[tuple[str, list[Any]]] = []
    for name, value in fixture.given.values.items():
        if name in relations:
            links.append((name, value))
        else:
            values.append((name, data_node(writer, value, entity.member(name))))
    for member in entity.members:
        made_up = member.role == "data" and member.required and member.default is None
        if made_up and member.column not in fixture.given.values:
            values.append((member.column, data_node(writer, sample(member), member)))
    writer.take("../write.js", "insert")
    made = Await(Call("insert", (Atom("context"), writer.table(entity), Object(tuple(values)))))
    variable = fixture.given.binding or fixture.name
    if not links and not referred:
        return [statement(made)]
    statements: list[Doc] = [constant(variable, made)]
    for name, rows in links:
        relation = relations[name]
        link = link_facts(entity, relation)["const"]
        writer.take("../write.js", "setLinks")
        writer.take(model_module(entity), link)
        others = Array(tuple(writer.code(row) for row in rows if isinstance(row, Typed)))
        statements.append(
            statement(Await(Call("setLinks", (Atom("context"), Atom(link), Atom(f"{variable}.id"), others))))
        )
    return statements


def data_node(writer: CodeWriter, value: Any, member: Member | None = None) -> Node:
    """Given data as code: literals, and expressions where they stand.

    Args:
        writer: notes what is imported.
        value: data as a fixture or a criterion holds it.
        member: the column it is for; instants become dates.

    Returns:
        The node.
    """
    if isinstance(value, Typed):
        return writer.code(value)
    if member is not None and member.kind == "instant" and isinstance(value, str):
        return Call("new Date", (Atom(literal(value)),))
    if member is not None and member.element is not None and isinstance(value, list | tuple):
        return Array(tuple(data_node(writer, item, member.element) for item in value))
    if isinstance(value, dict):
        members = ((property_name(name), data_node(writer, item)) for name, item in value.items())
        return Object(tuple(members))
    if isinstance(value, list | tuple):
        return Array(tuple(data_node(writer, item) for item in value))
    return Atom(literal(value))


def sample(member: Member) -> Any:
    """A valid value for a required member that a fixture leaves out; the same at every run."""
    if member.kind == "enum":
        return member.type.members[0]
    if member.kind in ("int", "interval"):
        first = 1 if member.kind == "int" else 3_600_000
        most = first if member.maximum is None else min(first, int(member.maximum))
        return most if member.minimum is None else int(member.minimum)
    if member.element is not None:
        return [sample(replace(member.element, name=member.name))] * (member.min_length or 0)
    if member.kind == "money":
        return {"amount": 100, "currency": sample_currency(member)}
    if member.kind == "decimal":
        return member.minimum or str(min(Decimal(1), Decimal(member.maximum or 1)))
    if member.kind == "bool":
        return False
    if member.kind == "date":
        return member.nearest("2026-01-01")
    if member.kind == "time":
        return member.nearest("09:00:00")
    if member.kind == "instant":
        return member.nearest("2026-01-01T09:00:00.000Z")
    if member.kind == "uuid":
        return "00000000-0000-4000-8000-000000000001"
    if member.kind == "json":
        return {}
    if member.format in SAMPLES:
        return SAMPLES[member.format]
    if member.format == "email":
        return f"{member.name.replace('_', '-')}@example.com"
    words = member.name.replace("_", " ").capitalize()
    words += " aA1!" if member.needs else ""
    least = member.min_length or 0
    text = (words * (least // len(words) + 1)) if least > len(words) else words
    return text[: member.max_length] if member.max_length else text
