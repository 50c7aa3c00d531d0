"""Typed tree to SQL, node by node.

Conditions come out true or false, never null, because checking has refused what could be null; operands
that may be unset are compared with `is [not] distinct from`. `and` and `or` become `case` where a side can
fail, since only `case` promises not to evaluate a side that does not matter. Errors are PostgreSQL's own:
22003, 22008, 22012, 22023 and 22P02 (see `ERRORS`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal, Protocol

from generator.expressions import sql_functions
from generator.expressions.money import same_currency
from generator.expressions.pieces import (
    AND,
    ATOM,
    COMPARE,
    IN,
    IS,
    NOT,
    OR,
    UNARY,
    Piece,
    for_template,
    identifier,
    interval_text,
)
from generator.expressions.sql_types import sql_type, target_type
from generator.expressions.typed import (
    Choice,
    Comparison,
    Connect,
    Constant,
    Convert,
    Derived,
    Field,
    Gather,
    Inverse,
    Invoke,
    Length,
    Membership,
    Operation,
    Opposite,
    Page,
    Policy,
    Presence,
    Root,
    Row,
    Typed,
    is_literal,
)
from generator.expressions.types import TEXT, EntityType

ERRORS: Mapping[str, str] = {
    "22003": "VALIDATION_FAILED",  # a number out of its range
    "22008": "VALIDATION_FAILED",  # a date before the calendar starts
    "22009": "VALIDATION_FAILED",  # a moment after the year 9999, as JavaScript writes it
    "22012": "VALIDATION_FAILED",  # division by zero
    "22023": "VALIDATION_FAILED",  # no such time zone
    "22P02": "VALIDATION_FAILED",  # not whole days; CURRENCY_MISMATCH if the message says so
}
"""What PostgreSQL's error codes mean when an expression raises them."""


class Request(Protocol):
    """Writes values that are not of a row of SQL, as TypeScript on one line."""

    def value_text(self, typed: Typed) -> str:
        """The value as a parameter of a query; of money the minor units, of an interval PostgreSQL's text."""

    def currency_text(self, typed: Typed) -> str:
        """The currency code of a money value."""

    def now_text(self) -> str:
        """The clock."""

    def with_row(self, frame: int, base: Typed) -> Request:
        """The same where a frame is the row that `base` is."""

    def gate_text(self, entity: EntityType, alias: str, gate: str) -> str:
        """The condition, of the kernel, that lets only rows pass which are there for the caller."""


@dataclass
class SqlWriter:
    """Writes one expression; `aliases` are the rows of SQL, `request` writes what is not of them.

    Without `request` nothing but the row may be read, and the text is plain SQL; with it the text is the
    inside of a template literal. `delayed`: parameters are hidden from the planner, which would compute
    with them at once, even what a condition guards.
    """

    aliases: dict[int, str]
    request: Request | None = None
    delayed: bool = False
    gate: str = "within"
    """What rows of other tables pass: `within`, or `scoped` in the rules that say what is visible."""
    prefix: str = "a"
    """What aliases begin with: text that is put into other text needs others than that."""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def write(self, typed: Typed) -> Piece:
        """Any node; money as its minor units."""
        if self.is_hole(typed):
            return self.hole(typed)
        if typed.fails and not self.delayed and self.request is not None and self.outside(typed):
            inner = self.inside({})
            inner.delayed = True
            return inner.write(typed)
        match typed:
            case Constant():
                return self.constant(typed)
            case Root() | Row() | Page():
                return self.hole(typed)
            case Field():
                return self.field(typed)
            case Derived():
                return self.derived(typed)
            case Length():
                return self.length(typed)
            case Policy():
                return self.ruling().write(typed.body)
            case Connect():
                return self.connect(typed)
            case Inverse():
                return self.inverse(typed)
            case Comparison():
                return self.comparison(typed)
            case Membership():
                return self.membership(typed)
            case Presence():
                return self.presence(typed)
            case Operation():
                return sql_functions.operation(self, typed)
            case Opposite():
                return sql_functions.opposite(self, typed)
            case Choice():
                return self.choice(typed, self.write(typed.then), self.write(typed.otherwise))
            case Invoke():
                return sql_functions.invoke(self, typed)
            case Gather():
                return self.gather(typed)
            case Convert():
                return self.convert(typed)
        raise AssertionError(typed)

    # ---- values that are not of the row

    def is_hole(self, typed: Typed) -> bool:
        """Whether a node is computed in TypeScript: it reads no row of SQL, asks nothing and cannot fail."""
        if (
            isinstance(typed, Constant)
            or self.request is None
            or typed.narrowed
            or typed.fails
            or typed.queries
        ):
            return False
        if typed.type.kind in ("row", "shape", "null") or not self.outside(typed):
            return False
        return not is_literal(typed)

    def outside(self, typed: Typed) -> bool:
        """Whether a node reads no row of SQL."""
        return not typed.frames & self.aliases.keys()

    def hole(self, typed: Typed) -> Piece:
        """A value of TypeScript with its SQL type."""
        text = f"${{{self.needed(typed).value_text(typed)}}}::{sql_type(typed)}"
        return Piece(f"(select {text})" if self.delayed else text)

    def currency_hole(self, typed: Typed) -> Piece:
        """The currency of a money value of TypeScript."""
        return Piece(f"${{{self.needed(typed).currency_text(typed)}}}::text")

    def needed(self, typed: Typed) -> Request:
        """The writer of values that are not of the row."""
        if self.request is None:
            raise ValueError(f"a value of the request stands in a rule of the database, at {typed.offset}")
        return self.request

    def constant(self, typed: Constant) -> Piece:
        value, kind = typed.value, typed.type.kind
        if value is None:
            return Piece("null")
        if isinstance(value, tuple):
            return self.array(typed, value)
        if isinstance(value, bool):
            return Piece("true" if value else "false")
        if kind in ("int", "decimal", "money"):
            return Piece(str(value), UNARY if str(value).startswith("-") else ATOM)
        if isinstance(value, int):
            return Piece(f"interval '{interval_text(value)}'", UNARY)
        if kind in ("date", "time"):
            return Piece(f"{kind} '{value}'", UNARY)
        if kind == "instant":
            return Piece(f"timestamptz '{value}'", UNARY)
        return Piece(self.quoted(value) + ("::uuid" if kind == "uuid" else ""))

    def array(self, typed: Constant, values: tuple[int | str | bool, ...]) -> Piece:
        """A literal array; an empty one has no elements to take its type from."""
        of = typed.type.of or TEXT
        items = [self.constant(Constant(type=of, offset=typed.offset, value=value)).text for value in values]
        return Piece(f"array[{', '.join(items)}]::{sql_type(typed)}")

    def quoted(self, text: str) -> str:
        """A text literal, on one line: a line of a text must not be taken for a line of the file."""
        doubled = text.replace("'", "''")
        if "\n" in text:
            return self.escaped("E'" + doubled.replace("\\", "\\\\").replace("\n", "\\n") + "'")
        return self.escaped(f"'{doubled}'")

    def escaped(self, text: str) -> str:
        """Literal SQL as it stands in the output."""
        return for_template(text) if self.request is not None else text

    # ---- members

    def field(self, typed: Field) -> Piece:
        if typed.member.join is not None:
            raise ValueError(f"a list of rows is not a value, at {typed.offset}")
        return self.column(typed, typed.base, identifier(typed.member.column or typed.member.name))

    def column(self, typed: Typed, base: Typed, column: str) -> Piece:
        """A column of the row that `base` leads to: at hand, over references, or outside."""
        if isinstance(base, Row) and base.frame in self.aliases:
            return Piece(f"{identifier(self.aliases[base.frame])}.{column}")
        if isinstance(base, Field) and base.follows:
            return self.through(base, lambda alias: f"{alias}.{column}")
        return self.hole(typed)

    def through(self, relation: Field, value: Callable[[str], str]) -> Piece:
        """A scalar subquery that follows references, from the row they start at."""
        steps = [relation]
        while isinstance(steps[0].base, Field) and steps[0].base.follows:
            steps.insert(0, steps[0].base)
        start = self.write(steps[0].foreign_key())
        joins, alias = [], ""
        for step in steps:
            table, key = self.target(step)
            previous, alias = alias, self.alias()
            if not previous:
                joins.append(f"from {table} {alias}")
                condition = f"{alias}.{key} = {start.at(IN)}"
            else:
                joins.append(f"join {table} {alias} on {alias}.{key} = {previous}.{column_of(step)}")
        return Piece(f"(select {value(alias)} {' '.join(joins)} where {condition})")

    def target(self, step: Field) -> tuple[str, str]:
        """Table and key column that a reference leads to."""
        target = step.target
        assert target is not None and len(target.key) == 1
        return identifier(target.table), identifier(target.key[0])

    def alias(self) -> str:
        """The next free alias."""
        return next(
            alias
            for number in self.numbers
            if (alias := f"{self.prefix}{number}") not in self.aliases.values()
        )

    def derived(self, typed: Derived, part: Literal["amount", "currency"] = "amount") -> Piece:
        base = typed.base
        write = SqlWriter.write if part == "amount" else SqlWriter.currency
        if isinstance(base, Row) and base.frame in self.aliases:
            return write(self.inside({typed.frame: self.aliases[base.frame]}), typed.body)
        if isinstance(base, Field) and base.follows:
            return self.through(base, lambda alias: write(self.inside({typed.frame: alias}), typed.body).text)
        inner = self.inside({})
        inner.request = self.needed(typed).with_row(typed.frame, base)
        return write(inner, typed.body)

    def inside(self, aliases: dict[int, str]) -> SqlWriter:
        """A writer for a part that sees further rows; aliases stay unique and imports are shared."""
        return replace(self, aliases=self.aliases | aliases)

    def ruling(self) -> SqlWriter:
        """The same inside a rule, which what is visible to the caller does not narrow."""
        return replace(self, gate="scoped")

    def length(self, typed: Length) -> Piece:
        base = typed.base
        if isinstance(base, Field) and base.member.join is not None:
            alias = self.alias()
            return Piece(f"(select count(*) from {self.joined(base, alias)})")
        return Piece(f"cardinality({self.write(base).text})")

    def joined(self, many: Field, alias: str) -> str:
        """The rows of the join table that belong to the row of a `many` relation, without `select`."""
        join = many.member.join
        assert join is not None and many.owner is not None
        own = self.column(many.owner_key(), many.base, identifier(many.owner.key[0]))
        return f"{identifier(join.table)} {alias} where {alias}.{identifier(join.own_column)} = {own.at(IN)}"

    # ---- conditions

    def connect(self, typed: Connect) -> Piece:
        word, level = (" and ", AND) if typed.operator == "and" else (" or ", OR)
        first = next((at for at, operand in enumerate(typed.operands) if operand.fails), None)
        if first is None or len(typed.operands) == 1:
            parts = [self.write(operand).at(level + 1) for operand in typed.operands]
            return Piece(word.join(parts), level if len(parts) > 1 else ATOM)
        cut = max(first, 1)
        before = self.connect_of(typed, typed.operands[:cut])
        after = self.connect_of(typed, typed.operands[cut:])
        if typed.operator == "and":
            return Piece(f"case when {before.text} then {after.text} else false end")
        return Piece(f"case when {before.text} then true else {after.text} end")

    def connect_of(self, typed: Connect, operands: tuple[Typed, ...]) -> Piece:
        if len(operands) == 1:
            return self.write(operands[0])
        return self.connect(
            Connect(type=typed.type, offset=typed.offset, operator=typed.operator, operands=operands)
        )

    def where(self, typed: Typed) -> Piece:
        """A condition where null counts as false, so that equality with the unset can use an index."""
        if isinstance(typed, Policy):
            return self.ruling().where(typed.body)
        if isinstance(typed, Connect) and not self.is_hole(typed) and not typed.fails:
            level = AND if typed.operator == "and" else OR
            parts = [self.where(operand).at(level + 1) for operand in typed.operands]
            return Piece(f" {typed.operator} ".join(parts), level if len(parts) > 1 else ATOM)
        if isinstance(typed, Comparison) and typed.operator == "=" and not self.is_hole(typed):
            left, right = typed.left, typed.right
            if left.type.optional != right.type.optional and left.type.kind != "money":
                return distinct(self.write(left), self.write(right), False, False)
        return self.write(typed)

    def inverse(self, typed: Inverse) -> Piece:
        return Piece(f"not {self.write(typed.operand).at(NOT + 1)}", NOT)

    def comparison(self, typed: Comparison) -> Piece:
        left, right, operator = typed.left, typed.right, typed.operator
        if left.type.kind == "money":
            return self.money_comparison(typed)
        one, two = self.write(left), self.write(right)
        if operator in ("=", "!="):
            return distinct(one, two, left.type.optional or right.type.optional, operator == "!=")
        collate = ' collate "C"' if {left.type.kind, right.type.kind} & {"text", "enum"} else ""
        start = one.at(UNARY) + collate if collate else one.at(COMPARE + 1)
        return Piece(f"{start} {operator} {two.at(COMPARE + 1)}", COMPARE)

    def money_comparison(self, typed: Comparison) -> Piece:
        left, right, operator = typed.left, typed.right, typed.operator
        one, two = self.write(left), self.write(right)
        optional = left.type.optional or right.type.optional
        if operator not in ("=", "!="):
            compared = Piece(f"{one.at(COMPARE + 1)} {operator} {two.at(COMPARE + 1)}", COMPARE)
            return self.in_one_currency([left, right], compared, "boolean")
        if same_currency(left, right):
            return distinct(one, two, optional, operator == "!=")
        codes = f"{self.currency(left).at(COMPARE + 1)} = {self.currency(right).at(COMPARE + 1)}"
        if optional:
            codes = f"({one.at(IS + 1)} is null or {codes})"
        equal = Piece(f"{distinct(one, two, optional, False).at(AND + 1)} and {codes}", AND)
        return Piece(f"not ({equal.text})", NOT) if operator == "!=" else equal

    def in_one_currency(self, several: list[Typed], result: Piece, type_: str) -> Piece:
        """A result that exists only where all amounts share a currency; else an error that says which."""
        others = [other for other in several[1:] if not same_currency(several[0], other)]
        if not others:
            return result
        first = self.currency(several[0]).at(COMPARE + 1)
        codes = [self.currency(other).at(COMPARE + 1) for other in others]
        same = " and ".join(f"{first} = {code}" for code in codes)
        # A text that is no number or boolean is the only way in which plain SQL raises what we name.
        mark = self.quoted("CURRENCY_MISMATCH ")
        return Piece(
            f"case when {same} then {result.text} else ({mark} || {first} || ' ' || {codes[0]})::{type_} end"
        )

    def membership(self, typed: Membership) -> Piece:
        value, collection = typed.value, typed.collection
        if isinstance(collection, Field) and collection.member.join is not None:
            alias = self.alias()
            other = f"{alias}.{identifier(collection.member.join.other_column)}"
            rows = self.joined(collection, alias)
            found = f"exists (select 1 from {rows} and {other} = {self.write(value).at(COMPARE + 1)})"
            return Piece(f"not {found}", NOT) if typed.negated else Piece(found)
        one = self.write(value)
        if collection is not None:
            return self.certain(typed, one, f"= any({self.write(collection).text})")
        items = [self.write(item) for item in typed.items]
        if any(item.type.optional for item in typed.items):
            tests = " or ".join(distinct(one, item, True, False).at(AND) for item in items)
            return (
                Piece(f"not ({tests})", NOT) if typed.negated else Piece(tests, OR if len(items) > 1 else IS)
            )
        return self.certain(typed, one, f"in ({', '.join(item.text for item in items)})")

    def certain(self, typed: Membership, value: Piece, test: str) -> Piece:
        """A test of a value that is false, not null, where the value is unset."""
        found = f"{value.at(IN + 1)} {test}"
        if not typed.value.type.optional:
            return Piece(f"not ({found})", NOT) if typed.negated else Piece(found, COMPARE)
        if isinstance(typed.value, Field) and value.level == ATOM and "(" not in value.text:
            plain = Piece(f"{value.text} is not null and {found}", AND)
            return Piece(f"not ({plain.text})", NOT) if typed.negated else plain
        return (
            Piece(f"not coalesce({found}, false)", NOT)
            if typed.negated
            else Piece(f"coalesce({found}, false)")
        )

    def presence(self, typed: Presence) -> Piece:
        operand = typed.operand
        if operand.type.kind in ("row", "shape") and isinstance(operand, Field) and operand.follows:
            operand = operand.foreign_key()
        elif operand.type.kind in ("row", "shape", "list", "page") and self.outside(operand):
            return self.hole(typed)
        return Piece(f"{self.write(operand).at(IS + 1)} is {'null' if typed.negated else 'not null'}", IS)

    def choice(self, typed: Choice, then: Piece, otherwise: Piece) -> Piece:
        test = self.write(typed.condition).text
        return Piece(f"case when {test} then {then.text} else {otherwise.text} end")

    # ---- the rest

    def gather(self, typed: Gather) -> Piece:
        alias = self.alias()
        inner = self.inside({typed.frame: alias})
        tests: list[str] = []
        if typed.entity.guarded:
            tests.append(f"${{{self.needed(typed).gate_text(typed.entity, alias, self.gate)}}}")
        elif typed.entity.soft_delete:
            tests.append(f"{alias}.{identifier(typed.entity.deleted_column)} is null")
        if typed.condition is not None:
            written = inner.where(typed.condition)
            if tests and typed.condition.fails:
                tests = [f"case when {tests[0]} then {written.text} else false end"]
            else:
                tests.append(written.at(AND) if tests else written.text)
        where = f" where {' and '.join(tests)}" if tests else ""
        rows = f"from {identifier(typed.entity.table)} {alias}{where}"
        if typed.fold == "exists":
            return Piece(f"exists (select 1 {rows})")
        if typed.value is None:
            return Piece(f"(select count(*) {rows})")
        return self.folded(typed, f"(select {sql_functions.folded(inner, typed, typed.value)} {rows})")

    def folded(self, typed: Gather, query: str) -> Piece:
        small = typed.value is not None and typed.value.type.kind == "int" and not typed.fails
        if typed.fold == "sum" and typed.type.kind in ("int", "money") and not small:
            return sql_functions.guarded(Piece(f"{query}::bigint"))
        return Piece(query)

    def convert(self, typed: Convert) -> Piece:
        return Piece(f"{self.write(typed.operand).at(ATOM)}::{target_type(typed)}")

    def currency(self, typed: Typed) -> Piece:
        """The currency code of a money node."""
        return sql_functions.currency(self, typed)


def column_of(relation: Field) -> str:
    """The column that a reference is kept in, as SQL spells it."""
    return identifier(relation.member.column or "")


def distinct(one: Piece, two: Piece, optional: bool, negated: bool) -> Piece:
    """Equality that treats unset as a value where one side may be unset."""
    if optional:
        word = "is distinct from" if negated else "is not distinct from"
        return Piece(f"{one.at(COMPARE + 1)} {word} {two.at(COMPARE + 1)}", IS)
    return Piece(f"{one.at(COMPARE + 1)} {'<>' if negated else '='} {two.at(COMPARE + 1)}", COMPARE)
