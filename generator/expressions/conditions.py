"""Conditions: comparing, membership and presence, where what may be unset is a value like any other."""

from __future__ import annotations

from collections.abc import Callable

from generator.expressions import nodes
from generator.expressions.kinds import ORDERED, common, literal, words
from generator.expressions.money import same_currency
from generator.expressions.names import is_bare, is_known, unknown
from generator.expressions.nodes import Node
from generator.expressions.reach import Reach
from generator.expressions.relations import contained, is_said
from generator.expressions.typed import (
    Comparison,
    Connect,
    Constant,
    Facts,
    Field,
    Inverse,
    Membership,
    Presence,
    Typed,
    inherited,
)
from generator.expressions.types import BOOL, Type

Visit = Callable[[Node, Reach, Type | None, Facts], Typed]


def condition(node: Node, reach: Reach, facts: Facts, visit: Visit) -> Typed:
    """Check a node that has to be true or false, never unset."""
    typed = visit(node, reach, None, facts)
    if typed.type.kind not in ("bool", "any"):
        reach.findings.report(node.offset, f"a condition is expected, this is {words(typed.type)}")
    elif typed.type.optional and typed.type.kind == "bool":
        reach.findings.report(
            node.offset, "this condition may be unset", "compare it: x = true, or coalesce(x, false)"
        )
    return typed


def _pair(left: Node, right: Node, reach: Reach, facts: Facts, visit: Visit) -> tuple[Typed, Typed]:
    """Both sides, the one with a type of its own first: enum members and literals take their type from it."""
    needs_type = isinstance(left, nodes.Text) or (
        is_bare(left) and isinstance(left, nodes.Path) and not is_known(left, reach)
    )
    if needs_type and not isinstance(right, nodes.Text):
        second = visit(right, reach, None, facts)
        return visit(left, reach, second.type, facts), second
    first = visit(left, reach, None, facts)
    return first, visit(right, reach, first.type, facts)


def compare(node: nodes.Compare, reach: Reach, facts: Facts, visit: Visit) -> Typed:
    """Check a comparison: both sides of one kind, equality where unset counts, order where none is unset."""
    left, right = _pair(node.left, node.right, reach, facts, visit)
    kinds = {left.type.kind, right.type.kind}
    report = reach.findings.report
    if "any" in kinds:
        return unknown(node.offset)
    if "null" in kinds:
        report(node.at, "nothing is compared with null", "write `is set` or `is not set`")
        return unknown(node.offset)
    both = common(left.type, right.type)
    if both is None or both.kind in ("list", "page", "shape", "json"):
        report(node.at, f"{words(left.type)} and {words(right.type)} cannot be compared")
        return unknown(node.offset)
    if kinds == {"enum"} and not set(left.type.members) & set(right.type.members):
        report(node.at, "these two enums have no value in common")
    if node.operator not in ("=", "!="):
        if both.kind not in ORDERED:
            report(node.at, f"{words(both)} has no order", "only = and != compare it")
        for side, source in ((left, node.left), (right, node.right)):
            settled(side, source, node.operator, reach)
    elif both.kind == "row":
        left, right = _key_of(left, reach), _key_of(right, reach)
    fails = both.kind == "money" and node.operator not in ("=", "!=") and not same_currency(left, right)
    made = inherited(left, right)
    made["fails"] = made["fails"] or fails
    return Comparison(type=BOOL, offset=node.offset, operator=node.operator, left=left, right=right, **made)


def settled(typed: Typed, source: Node, what: str, reach: Reach) -> None:
    """Report an operand that may be unset."""
    if typed.type.optional and typed.type.kind not in ("any",):
        name = f"`{source.dotted}`" if isinstance(source, nodes.Path) else "an operand"
        reach.findings.report(
            source.offset,
            f"{name} may be unset, and {what} needs a value",
            "narrow it first: `x is set and ...`, `x is not set or ...`, or coalesce(x, y)",
        )


def _key_of(row: Typed, reach: Reach) -> Typed:
    entity = reach.scope.entities[row.type.entity or ""]
    if len(entity.key) != 1:
        reach.findings.report(
            row.offset, f"rows of {entity.name} have a key of several columns", "compare its parts"
        )
        return unknown(row.offset)
    if isinstance(row, Field) and row.follows:
        return row.foreign_key()
    member = next(member for member in entity.members.values() if member.column == entity.key[0])
    type_ = member.type.with_optional(row.type.optional)
    return Field(type=type_, offset=row.offset, base=row, member=member, **inherited(row))


def membership(node: nodes.In, reach: Reach, facts: Facts, visit: Visit) -> Typed:
    """Check `x in [...]` or `x in list`."""
    value = visit(node.left, reach, None, facts)
    if value.type.kind == "any":
        return unknown(node.offset)
    if isinstance(node.right, nodes.ListOf):
        items = tuple(visit(item, reach, value.type, facts) for item in node.right.items)
        for item in items:
            both = common(value.type, item.type)
            if item.type.kind == "null" or both is None or both.kind in ("list", "page", "shape", "json"):
                reach.findings.report(
                    item.offset, f"{words(item.type)} cannot be in a list of {words(value.type)}"
                )
        if value.type.kind == "row":
            value, items = _key_of(value, reach), tuple(_key_of(item, reach) for item in items)
        if any(item.fails for item in items) or value.type.kind == "money":
            return _one_of(node, value, items)
        return Membership(
            type=BOOL,
            offset=node.offset,
            negated=node.negated,
            value=value,
            items=items,
            **inherited(value, *items),
        )
    collection = visit(node.right, reach, None, facts)
    if collection.type.kind == "any":
        return unknown(node.offset)
    if collection.type.kind != "list" or collection.type.of is None:
        reach.findings.report(node.right.offset, f"`in` needs a list, this is {words(collection.type)}")
        return unknown(node.offset)
    settled(collection, node.right, "in", reach)
    if isinstance(value, Constant) and value.type.kind == "text":
        value = literal(value, collection.type.of, reach.findings)
    if common(value.type, collection.type.of) is None:
        reach.findings.report(
            node.right.offset, f"{words(value.type)} cannot be in a list of {words(collection.type.of)}"
        )
    if value.type.kind == "row":
        value = _key_of(value, reach)
    if isinstance(collection, Field) and is_said(collection):
        return contained(reach, value, collection, node.negated, node.offset)
    return Membership(
        type=BOOL,
        offset=node.offset,
        negated=node.negated,
        value=value,
        collection=collection,
        **inherited(value, collection),
    )


def _one_of(node: nodes.In, value: Typed, items: tuple[Typed, ...]) -> Typed:
    """Items that can fail are looked at in order and only as far as needed, like the sides of `or`."""
    tests = tuple(
        Comparison(
            type=BOOL, offset=item.offset, operator="=", left=value, right=item, **inherited(value, item)
        )
        for item in items
    )
    found: Typed = Connect(type=BOOL, offset=node.offset, operator="or", operands=tests, **inherited(*tests))
    return (
        Inverse(type=BOOL, offset=node.offset, operand=found, **inherited(found)) if node.negated else found
    )


def presence(node: nodes.IsSet, reach: Reach, facts: Facts, visit: Visit) -> Typed:
    """Check `x is set` or `x is not set`."""
    operand = visit(node.operand, reach, None, facts)
    if operand.type.kind == "null":
        reach.findings.report(node.offset, "null is never set")
    return Presence(
        type=BOOL, offset=node.offset, negated=node.negated, operand=operand, **inherited(operand)
    )
