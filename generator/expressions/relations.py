"""Lists of rows that other rows say: the inverse of a ref, and `many` through an entity.

They are put in place as aggregates over the entity whose rows refer to the row, so that whatever hides
those rows hides them here too.
"""

from __future__ import annotations

from dataclasses import replace

from generator.expressions import bounds
from generator.expressions.reach import Reach
from generator.expressions.typed import (
    Choice,
    Comparison,
    Connect,
    Constant,
    Field,
    Gather,
    Inverse,
    Presence,
    Row,
    Typed,
    inherited,
)
from generator.expressions.types import BOOL, INT, Type


def is_said(typed: Typed) -> bool:
    """Whether a value is a list of rows that other rows say."""
    return isinstance(typed, Field) and typed.member.referring is not None


def is_list_of_rows(typed: Typed) -> bool:
    """Whether a value is the list of a relation, which only `.count` and `in` read."""
    return isinstance(typed, Field) and (typed.member.join is not None or is_said(typed))


def counted(reach: Reach, relation: Field, offset: int) -> Typed:
    """`.count` of such a list: rows that are there, each once; of an unset row it is unset.

    Args:
        reach: the place.
        relation: the list.
        offset: where `count` stands.

    Returns:
        An aggregate.
    """
    referring = relation.member.referring
    assert referring is not None and relation.member.type.of is not None
    base = relation.base
    row = reach.next_row(relation.member.type.of.entity or "", offset)
    test: Typed
    if referring.other is None:
        test = _equal(_column(reach, row, referring.column), _key(reach, base))
    else:
        inner = reach.next_row(referring.entity, offset)
        test = _gather(reach, "exists", inner, _linked(reach, relation, inner, _key(reach, row)))
    found = _gather(reach, "count", row, test)
    if not base.type.optional:
        return found
    unset = Constant(type=Type("null", optional=True), offset=offset, value=None)
    is_set = Presence(type=BOOL, offset=offset, negated=False, operand=base, **inherited(base))
    return Choice(
        type=INT.with_optional(True),
        offset=offset,
        low=0,
        high=bounds.MAX_ROWS,
        condition=is_set,
        then=found,
        otherwise=unset,
        **inherited(is_set, found),
    )


def contained(reach: Reach, value: Typed, relation: Field, negated: bool, offset: int) -> Typed:
    """`value in` such a list.

    Args:
        reach: the place.
        value: the key of a row.
        relation: the list.
        negated: whether it is `not in`.
        offset: where the test starts.

    Returns:
        A condition.
    """
    referring = relation.member.referring
    assert referring is not None
    row = reach.next_row(referring.entity, offset)
    found = _gather(reach, "exists", row, _linked(reach, relation, row, value))
    return Inverse(type=BOOL, offset=offset, operand=found, **inherited(found)) if negated else found


def _linked(reach: Reach, relation: Field, row: Row, value: Typed) -> Typed:
    """Whether a row that refers to that of the relation is the value, or leads to it."""
    referring = relation.member.referring
    assert referring is not None
    own = _equal(_column(reach, row, referring.column), _key(reach, relation.base))
    reached = _key(reach, row) if referring.other is None else _column(reach, row, referring.other)
    both = (own, _equal(reached, value))
    return Connect(type=BOOL, offset=row.offset, operator="and", operands=both, **inherited(*both))


def _gather(reach: Reach, fold: str, row: Row, test: Typed) -> Gather:
    made = inherited(test) | {"queries": True, "frames": test.frames - {row.frame}}
    counts = fold == "count"
    return Gather(
        type=INT if counts else BOOL,
        offset=row.offset,
        low=0 if counts else None,
        high=bounds.MAX_ROWS if counts else None,
        fold="count" if counts else "exists",
        entity=reach.scope.entities[row.type.entity or ""],
        frame=row.frame,
        value=None,
        condition=test,
        **made,
    )


def _equal(left: Typed, right: Typed) -> Comparison:
    """Equality of a column and a key: a column that is unset equals nothing."""
    column = replace(left, type=left.type.required())
    return Comparison(
        type=BOOL, offset=left.offset, operator="=", left=column, right=right, **inherited(column, right)
    )


def _column(reach: Reach, row: Row, column: str) -> Field:
    entity = reach.scope.entities[row.type.entity or ""]
    member = next(item for item in entity.members.values() if item.column == column and item.relation is None)
    return Field(type=member.type, offset=row.offset, base=row, member=member, owner=entity, **inherited(row))


def _key(reach: Reach, row: Typed) -> Typed:
    """The key of a row, which is one column: a ref leads to it."""
    if isinstance(row, Field) and row.follows:
        return row.foreign_key()
    entity = reach.scope.entities[row.type.entity or ""]
    member = next(item for item in entity.members.values() if item.column == entity.key[0])
    type_ = member.type.with_optional(row.type.optional)
    return Field(type=type_, offset=row.offset, base=row, member=member, **inherited(row))
