"""What the generated tests expect to read: the order of a list, and members that count rows of others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from generator.expressions import typed as nodes
from generator.expressions.typed import Typed
from generator.languages.python.layout import Call
from generator.languages.python.testing.examples import Row, truth
from generator.model.elements.entities import Entity
from generator.model.elements.members import Derived
from generator.model.elements.model import Model

Examples: TypeAlias = Callable[[Entity], Sequence[Row]]
_SORTABLE = ("text", "enum", "int", "bool", "decimal", "date", "instant", "time")


def order_lines(entity: Entity) -> list[str]:
    """Lines that sort `rows` as a list does that is not asked to sort, the last column first.

    Args:
        entity: an entity with a resource.

    Returns:
        Lines of code; none where a column of the order is not shown.
    """
    assert entity.resource is not None
    lines = []
    for column, direction in reversed(entity.resource.order):
        member = entity.member(column)
        if not member.exposed or (member.role != "key" and member.kind not in _SORTABLE):
            return []
        read = ", Decimal" if member.kind == "decimal" else ""
        reverse = ", reverse=True" if direction == "desc" else ""
        lines.append(f'    rows.sort(key=by("{member.json}"{read}){reverse})')
    return lines


def count_cases(model: Model, entity: Entity, examples: Examples) -> list[Call]:
    """The members of an entity that count rows which refer to it, and how many of the examples count.

    Args:
        model: the resolved plan.
        entity: an entity with a resource.
        examples: gives the rows of an entity that tests can add.

    Returns:
        The cases of a test: the member, the table, the column that refers, the number.
    """
    return [case for derived in entity.derived if (case := _count_case(model, derived, examples))]


def _count_case(model: Model, derived: Derived, examples: Examples) -> Call | None:
    counted = derived.expression
    if not isinstance(counted, nodes.Gather) or counted.fold != "count" or counted.condition is None:
        return None
    condition = counted.condition
    operands: Sequence[Typed] = (condition,)
    if isinstance(condition, nodes.Connect) and condition.operator == "and":
        operands = condition.operands
    columns = [column for operand in operands if (column := _refers_to_this(operand, counted.frame))]
    others = [operand for operand in operands if not _refers_to_this(operand, counted.frame)]
    other = model.entity(counted.entity.name)
    rows = examples(other)
    if not rows or len(columns) != 1 or any(operand.frames - {counted.frame} for operand in others):
        return None
    truths = [[truth(operand, other, row) for operand in others] for row in rows]
    if any(None in found for found in truths):
        return None
    number = sum(all(found) for found in truths)
    return Call("(", (f'"{derived.json}"', f'"{other.table}"', f'"{columns[0]}"', str(number)))


def _refers_to_this(condition: Typed, frame: int) -> str | None:
    """The column of a comparison `reference = this.id`, if it is one."""
    if not isinstance(condition, nodes.Comparison) or condition.operator != "=":
        return None
    columns = {}
    for side in (condition.left, condition.right):
        if not isinstance(side, nodes.Field) or not isinstance(side.base, nodes.Row):
            return None
        columns[side.base.frame == frame] = side.member.column
    return columns.get(True) if columns.get(False) == "id" else None
