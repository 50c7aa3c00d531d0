"""Lists of an entity as generated tests are told of them: filters, search, orders."""

from __future__ import annotations

from generator.languages.typescript.literals import property_name
from generator.languages.typescript.testing.entities import Entries, TestedEntity, has_plain_text, texts
from generator.languages.typescript.testing.samples import nth_value, settable
from generator.model.elements.entities import Resource
from generator.typescript_layout.nodes import Atom, Node, Object, text_literal


def list_node(tested: TestedEntity, resource: Resource) -> Node:
    """What tests are told of the list of an entity.

    Args:
        tested: the entity.
        resource: how it is offered.

    Returns:
        Filters, search and orders, as far as two rows can differ in them.
    """
    filters: Entries = []
    for item in resource.filters:
        member = _filtered(tested, item.column)
        if member is not None:
            by = "linkedTo" if item.operator == "has" else item.operator
            entry = Object((("member", Atom(text_literal(member))), ("by", Atom(text_literal(by)))))
            filters.append((property_name(item.json), entry))
    search = [
        tested.json[column]
        for column in resource.search
        if nth_value(tested.entity.member(column), 2) is not None and _is_plain(tested, column)
    ]
    entity_key = tested.entity.key
    order = [
        ("-" if direction == "desc" else "") + tested.json[column]
        for column, direction in resource.order
        if column not in entity_key
    ]
    entries: Entries = [
        ("filters", Object(tuple(filters))),
        ("search", texts(search)),
        ("sorts", texts([json for json, column in resource.sorts if _has_order(tested, column)])),
        ("order", texts(order)),
        *([("page", Atom("'cursor'"))] if resource.page == "cursor" else []),
    ]
    return Object(tuple(entries))


def _filtered(tested: TestedEntity, column: str) -> str | None:
    """The member that a filter reads, where two rows can differ in it alone."""
    for relation in tested.entity.many:
        if relation.name == column:
            return None if tested.is_self(relation) else relation.json
    if any(related.name == column for related in tested.entity.through):
        return None  # Rows of another entity say what it finds.
    member = tested.entity.member(column)
    if tested.caller(member) is not None or tested.is_self(member):
        return None
    if member not in settable(tested.entity) or nth_value(member, 1) == nth_value(member, 2) != "":
        if member.role == "ref":
            return member.json
        return None
    if member.role != "state" and not all(
        tested.sampler.fits(tested.entity, tested.row("bare") | {column: nth_value(member, n)})
        for n in (1, 2)
    ):
        return None
    return member.json


def _is_plain(tested: TestedEntity, column: str) -> bool:
    member = tested.entity.member(column)
    short = member.max_length is not None and member.max_length < 20
    fits = tested.sampler.fits(tested.entity, tested.row("bare") | {column: nth_value(member, 2)})
    return has_plain_text(member) and not short and fits


def _has_order(tested: TestedEntity, column: str) -> bool:
    member = tested.entity.member(column)
    if member.kind == "money" or (member.computed is not None and member.kind == "decimal"):
        return False
    if member.kind == "enum":
        return all(value.isalpha() and value.islower() for value in member.type.members)
    return member.kind != "text" or has_plain_text(member)
