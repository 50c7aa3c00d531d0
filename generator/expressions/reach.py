"""What a name can mean at one place of an expression, and where problems go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, replace
from itertools import count

from generator.expressions.typed import Facts, Row, Typed
from generator.expressions.types import EntityType, ExpressionProblem, Permission, Scope, Type
from generator.frozen import dataclass


class Findings:
    """Collects problems; inside a policy or a derived field they are pinned to the place that uses it."""

    def __init__(self, into: list[ExpressionProblem], offset: int | None = None, prefix: str = "") -> None:
        self.into = into
        self.offset = offset
        self.prefix = prefix

    def report(self, offset: int, message: str, hint: str = "") -> None:
        """Note a problem at an offset of the text."""
        place = offset if self.offset is None else self.offset
        self.into.append(ExpressionProblem(place, self.prefix + message, hint))

    def inside(self, offset: int, what: str) -> Findings:
        """The same list for the text of another rule, which is used at `offset`."""
        return Findings(self.into, offset if self.offset is None else self.offset, f"in {what}: ")


Expand = Callable[[str, "Reach", Facts], Typed]


@dataclass(frozen=True)
class Reach:
    """The names at one place: `row` is read by bare names, `this` by its own; `within` stops cycles."""

    scope: Scope
    findings: Findings
    expand: Expand
    row: Row | None = None
    this: Row | None = None
    within: tuple[str, ...] = ()
    frames: Iterator[int] = field(default_factory=lambda: count(1))

    def entity(self, row: Row | None) -> EntityType | None:
        """The entity of a row in reach."""
        return self.scope.entities.get(row.type.entity or "") if row is not None else None

    def next_row(self, entity: str, offset: int) -> Row:
        """A new frame over an entity."""
        frame = next(self.frames)
        return row_of(entity, frame, offset)

    def over(self, row: Row) -> Reach:
        """Inside an aggregate: bare names are those of its rows, `this` stays."""
        return replace(self, row=row)

    def allows(self, permission: Permission, offset: int, what: str) -> bool:
        """Whether this place may use something; if not, a problem says so."""
        if permission in self.scope.allow:
            return True
        allowed = ", ".join(sorted(self.scope.allow)) or "only fields of the row"
        self.findings.report(offset, f"{what} is not allowed here", f"allowed in this place: {allowed}")
        return False


def row_of(entity: str, frame: int, offset: int) -> Row:
    """The row of a frame as a value."""
    return Row(type=Type("row", entity=entity), offset=offset, frame=frame, frames=frozenset({frame}))
