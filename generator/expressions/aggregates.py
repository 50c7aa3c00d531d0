"""Aggregates: `exists`, `count`, `sum`, `min` and `max` over the rows of an entity."""

from __future__ import annotations

from dataclasses import replace

from generator.expressions import bounds, nodes
from generator.expressions.conditions import Visit, condition
from generator.expressions.kinds import NUMBERS, ORDERED, words
from generator.expressions.names import resolve, unknown
from generator.expressions.narrowing import facts_of
from generator.expressions.reach import Reach
from generator.expressions.typed import Facts, Gather, Typed, inherited
from generator.expressions.types import BOOL, Type
from generator.problems import did_you_mean


def gather(node: nodes.Aggregate, reach: Reach, facts: Facts, visit: Visit) -> Typed:
    """Check an aggregate: bare names in it are fields of its entity, `this` stays the row outside."""
    if not reach.allows("aggregates", node.offset, f"`{node.fold}`"):
        return unknown(node.offset)
    entity = reach.scope.entities.get(node.entity)
    if entity is None:
        hint = did_you_mean(node.entity, reach.scope.entities)
        reach.findings.report(node.entity_offset, f"there is no entity {node.entity}", hint)
        return unknown(node.offset)
    row = reach.next_row(node.entity, node.offset)
    inner = reach.over(row)
    test = condition(node.condition, inner, facts, visit) if node.condition is not None else None
    value: Typed | None = None
    type_, low, high, fails = BOOL if node.fold == "exists" else Type("int"), None, None, False
    if node.fold == "count":
        low, high = 0, bounds.MAX_ROWS
    if node.member is not None:
        path = nodes.Path(node.member_offset, 1, (node.member,), (node.member_offset,))
        known = facts_of(test) if test is not None else frozenset()
        value = resolve(path, replace(inner, scope=replace(inner.scope, roots={})), None, facts | known)
        if value.type.kind == "any":
            return unknown(node.offset)
        allowed = NUMBERS | {"interval", "money"} if node.fold == "sum" else ORDERED
        if value.type.kind not in allowed:
            reach.findings.report(node.member_offset, f"{node.fold} does not take {words(value.type)}")
        if value.type.kind == "money" and value.type.currency is None:
            reach.findings.report(
                node.member_offset, f"{node.fold} of money needs one fixed currency: money(EUR)"
            )
        type_ = value.type.with_optional(node.fold != "sum")
        low, high = (value.low, value.high) if node.fold != "sum" else (None, None)
        if node.fold == "sum":
            type_, low, high, fails = _sum_of(value)
    made = inherited(value, test)
    made |= {"fails": made["fails"] or fails, "queries": True, "frames": made["frames"] - {row.frame}}
    return Gather(
        type=type_,
        offset=node.offset,
        low=low,
        high=high,
        fold=node.fold,
        entity=entity,
        frame=row.frame,
        value=value,
        condition=test,
        **made,
    )


def _sum_of(value: Typed) -> tuple[Type, int | None, int | None, bool]:
    kind = value.type.kind
    if kind == "decimal":
        scale, precision = value.type.scale, value.type.precision
        # Ten digits more hold the sum of as many rows as there can be.
        return (
            Type("decimal", precision=precision + 10 if precision else None, scale=scale),
            None,
            None,
            False,
        )
    low, high = -bounds.MAX_INT, bounds.MAX_INT
    small = kind == "int" and bounds.within((value.low, value.high), -(2**31), 2**31 - 1)
    return replace(value.type.required(), bits=53), low, high, not small
