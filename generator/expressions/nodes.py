"""The tree of an expression as it was written; every node knows where it starts."""

from __future__ import annotations

from typing import Literal

from generator.frozen import dataclass

CompareOperator = Literal["=", "!=", "<", "<=", ">", ">="]
ArithmeticOperator = Literal["+", "-", "*", "/"]
Fold = Literal["exists", "count", "sum", "min", "max"]


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of an expression; `offset` is where it starts in the text, `depth` how deep it nests."""

    offset: int
    depth: int


@dataclass(frozen=True, slots=True)
class Number(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Duration(Node):
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Null(Node):
    pass


@dataclass(frozen=True, slots=True)
class Path(Node):
    names: tuple[str, ...]
    offsets: tuple[int, ...]

    @property
    def dotted(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True, slots=True)
class Call(Node):
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    fold: Fold
    entity: str
    entity_offset: int
    member: str | None
    member_offset: int
    condition: Node | None


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Logical(Node):
    operator: Literal["and", "or"]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    operator: CompareOperator
    left: Node
    right: Node
    at: int


@dataclass(frozen=True, slots=True)
class In(Node):
    negated: bool
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class IsSet(Node):
    negated: bool
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    operator: ArithmeticOperator
    left: Node
    right: Node
    at: int


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node
