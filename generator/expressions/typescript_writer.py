"""Typed tree to TypeScript, node by node.

A row is a TypeScript object with the names of its columns, a shape one with its JSON names. Numbers are
`number`, decimals exact text, instants `Date`, dates and times text, intervals milliseconds, unset is null.
What another table knows is asked for with an awaited call of the kernel; its condition is SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from generator.expressions import typescript_functions
from generator.expressions.patterns import write_pattern
from generator.expressions.pieces import UNARY
from generator.expressions.sql_writer import SqlWriter
from generator.expressions.typed import (
    TOP,
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
from generator.expressions.types import TEXT, EntityType, Kind, Type
from generator.typescript_layout.expressions import on_one_line
from generator.typescript_layout.nodes import (
    Array,
    Arrow,
    Atom,
    Await,
    Binary,
    Call,
    Conditional,
    Node,
    Object,
    Unary,
    text_literal,
)

CONTEXT = Atom("context")
NULL, TRUE, FALSE = Atom("null"), Atom("true"), Atom("false")
PLAIN_EQUALITY = frozenset({"int", "bool", "text", "uuid", "enum", "date", "time", "interval"})
EQUALITY = {"decimal": "equalDecimal", "instant": "equalInstant"}
"""The functions that compare what is not equal by `===`."""
NAMES = {
    "int": "number",
    "decimal": "string",
    "bool": "boolean",
    "instant": "Date",
    "interval": "number",
    "money": "Money",
}


def type_name(type_: Type) -> str:
    """The TypeScript type of a value."""
    name = NAMES.get(type_.kind, "string")
    if type_.kind == "enum":
        name = " | ".join(text_literal(member) for member in type_.members)
    if type_.kind == "list" and type_.of is not None:
        inner = type_name(type_.of)
        name = f"({inner})[]" if " " in inner else f"{inner}[]"
    return f"{name} | null" if type_.optional else name


@dataclass
class TypescriptWriter:
    """Writes one expression; `rows` says what TypeScript holds the row of a frame."""

    rows: dict[int, str] = field(default_factory=lambda: {TOP: "row"})
    runtime: set[str] = field(default_factory=set)
    kernel: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    in_rule: bool = False
    """Whether what is visible to the caller does not narrow what is read: inside a policy."""

    def node(self, typed: Typed) -> Node:
        """Any node."""
        match typed:
            case Constant():
                return constant(typed)
            case Root():
                return self.root(typed)
            case Row():
                return Atom(self.rows[typed.frame])
            case Field():
                return self.field(typed)
            case Derived():
                return self.derived(typed)
            case Length():
                return self.length(typed)
            case Page():
                return Atom(f"{self.text(typed.base)}.{typed.name}")
            case Policy():
                return replace(self, in_rule=True).node(typed.body)
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
                return typescript_functions.operation(self, typed)
            case Opposite():
                return typescript_functions.opposite(self, typed)
            case Choice():
                return self.choice(typed)
            case Invoke():
                return typescript_functions.invoke(self, typed)
            case Gather():
                return self.gather(typed)
            case Convert():
                return self.convert(typed)
        raise AssertionError(typed)

    def text(self, typed: Typed) -> str:
        """A node on one line."""
        return on_one_line(self.node(typed))

    def call(self, name: str, *arguments: Node) -> Node:
        """A call of a function of `expression.js`."""
        self.runtime.add(name)
        return Call(name, arguments)

    # ---- for SQL

    def value_text(self, typed: Typed) -> str:
        """A value as a parameter of a query: money as its minor units, an interval as PostgreSQL's text."""
        if typed.type.kind == "money":
            return on_one_line(self.amount(typed))
        if typed.type.kind == "interval":
            return on_one_line(self.call("intervalText", self.node(typed)))
        if typed.type.of is not None and typed.type.of.kind == "interval":
            return on_one_line(self.each(typed, self.call("intervalText", Atom("each"))))
        return self.text(typed)

    def each(self, typed: Typed, value: Node) -> Node:
        """A list of what code makes of `each` element of a list."""
        optional = typed.type.optional
        mapped = Call(f"{self.path(typed)}{'?.' if optional else '.'}map", (Arrow(("each",), value),))
        return Binary("??", mapped, NULL) if optional else mapped

    def amount(self, typed: Typed) -> Node:
        """The minor units of money."""
        if isinstance(typed, Field) and typed.base.type.kind == "row" and not typed.queries:
            return Atom(f"{self.text(typed.base)}.{typed.member.column}")
        return self.call("minorOf", self.node(typed))

    def currency_text(self, typed: Typed) -> str:
        """The currency code of money."""
        return on_one_line(self.currency(typed))

    def now_text(self) -> str:
        """The clock of the operation."""
        return "context.now"

    def with_row(self, frame: int, base: Typed) -> TypescriptWriter:
        """The same writer, where a frame is the row that `base` is."""
        return replace(self, rows=self.rows | {frame: self.text(base)})

    def gate_text(self, entity: EntityType, alias: str, gate: str) -> str:
        """The condition that lets only rows pass which are there for the caller."""
        model = entity.model or entity.table
        self.models.add(model)
        self.kernel.add(gate)
        return f"{gate}(context, {model}, {text_literal(alias)})"

    def root(self, typed: Root) -> Node:
        """A name that code has bound; who calls is asked for by a function."""
        function, called, _ = typed.typescript.partition("(context)")
        if called:
            self.kernel.add(function)
        return Atom(typed.typescript)

    def context(self) -> Atom:
        """The context that a query runs in."""
        if self.in_rule:
            self.kernel.add("ruling")
        return Atom("ruling(context)" if self.in_rule else "context")

    def currency(self, typed: Typed) -> Node:
        if typed.type.currency is not None:
            return Atom(text_literal(typed.type.currency))
        if isinstance(typed, Field) and typed.currency is not None:
            return self.node(typed.currency)
        return self.call("currencyOf", self.node(typed))

    def sql(self, aliases: dict[int, str]) -> SqlWriter:
        """A writer of SQL for which everything but the given rows is a parameter."""
        return SqlWriter(aliases, self, gate="scoped" if self.in_rule else "within")

    def template(self, text: str) -> Node:
        """SQL as a tagged template; what a value is, the function that asks for it says."""
        self.kernel.add("sql")
        return Atom(f"sql`{text}`")

    def scalar(self, typed: Typed) -> Node:
        """One value that a query brings."""
        self.kernel.add("scalar")
        writer = self.sql({})
        text = writer.write(typed).text
        if typed.type.kind == "money":
            text = f"jsonb_build_object('amount', {text}, 'currency', {writer.currency(typed).text})"
            self.runtime.add("Money")
        type_ = type_name(typed.type)
        return Await(Call(f"scalar<{type_}>", (Atom("context"), self.template(text))))

    # ---- members

    def path(self, typed: Typed) -> str:
        """A path of properties, with `?.` after what may be unset."""
        if isinstance(typed, Field) and not typed.queries:
            mark = "?." if typed.base.type.optional else "."
            name = typed.member.column if typed.base.type.kind == "row" else typed.member.json
            return f"{self.path(typed.base)}{mark}{name or typed.member.name}"
        return self.text(typed)

    def field(self, typed: Field) -> Node:
        if typed.member.join is not None:
            raise ValueError(f"a list of rows is not a value, at {typed.offset}")
        if typed.queries:
            return self.scalar(typed)
        path = self.path(typed)
        if typed.type.kind == "money" and typed.base.type.kind == "row":
            return self.money_of_row(typed, path)
        missing = "?." in path or (typed.member.absent and typed.type.optional)
        return Binary("??", Atom(path), NULL) if missing and typed.type.optional else Atom(path)

    def money_of_row(self, typed: Field, path: str) -> Node:
        if typed.type.optional:
            return self.call(
                "moneyOf", Atom(f"{path} ?? null") if "?." in path else Atom(path), self.currency(typed)
            )
        currency = self.currency(typed)
        if typed.member.currency_column is not None and typed.member.type.optional:
            # The compiler cannot know that the currency is set where the amount is.
            currency = self.call("present", currency)
        return Object((("amount", Atom(path)), ("currency", currency)))

    def derived(self, typed: Derived) -> Node:
        if isinstance(typed.base, Field) and typed.base.follows:
            return self.scalar(typed)
        body = self.with_row(typed.frame, typed.base).node(typed.body)
        if typed.base.type.optional:
            return Conditional(Binary("===", self.node(typed.base), NULL), NULL, body)
        return body

    def length(self, typed: Length) -> Node:
        if isinstance(typed.base, Field) and (typed.base.member.join is not None or typed.base.queries):
            return self.scalar(typed)
        path = self.path(typed.base)
        return Binary("??", Atom(f"{path}?.length"), NULL) if typed.type.optional else Atom(f"{path}.length")

    # ---- conditions

    def connect(self, typed: Connect) -> Node:
        operator, neutral, deciding = ("&&", TRUE, FALSE) if typed.operator == "and" else ("||", FALSE, TRUE)
        result: Node | None = None
        for operand in typed.operands:
            node = self.node(operand)
            # Behind a literal the compiler sees code that is never reached, and checks it wrongly.
            if node == neutral:
                continue
            result = node if result is None else Binary(operator, result, node)
            if node == deciding:
                break
        return neutral if result is None else result

    def inverse(self, typed: Inverse) -> Node:
        return inverted(self.node(typed.operand))

    def comparison(self, typed: Comparison) -> Node:
        left, right = typed.left, typed.right
        kinds = {left.type.kind, right.type.kind}
        one, two = self.node(left), self.node(right)
        if typed.operator in ("=", "!="):
            equal = self.equality(kinds, one, two)
            if is_literal(left) and is_literal(right) and kinds <= PLAIN_EQUALITY:
                equal = self.call("same", one, two)
            return inverted(equal) if typed.operator == "!=" else equal
        function = self.order(left, right)
        if function is None:
            return Binary(typed.operator, one, two)
        return Binary(typed.operator, self.call(function, one, two), Atom("0"))

    def equality(self, kinds: set[Kind], one: Node, two: Node) -> Node:
        """Equality that treats unset as one more value."""
        if kinds & {"decimal"}:
            return self.call("equalDecimal", one, two)
        if kinds & {"instant"}:
            return self.call("equalInstant", one, two)
        if kinds & {"money"}:
            return self.call("equalMoney", one, two)
        return Binary("===", one, two)

    def order(self, left: Typed, right: Typed) -> str | None:
        """The function that orders two values, or None where `<` does."""
        kinds = {left.type.kind, right.type.kind}
        if kinds & {"decimal"}:
            return "compareDecimal"
        if kinds & {"text", "enum"}:
            return "compareText"
        if kinds & {"money"}:
            return "compareMoney"
        if "date" in kinds and not (sortable_date(left) and sortable_date(right)):
            return "compareDate"
        return None

    def membership(self, typed: Membership) -> Node:
        value, collection = typed.value, typed.collection
        if isinstance(collection, Field) and collection.member.join is not None:
            found = self.scalar(replace(typed, negated=False))
            return inverted(found) if typed.negated else found
        if collection is None and {value.type.kind, *(item.type.kind for item in typed.items)} & {
            "decimal",
            "instant",
        }:
            return self.one_by_one(typed)
        items = self.node(collection) if collection is not None else Array(tuple(map(self.node, typed.items)))
        found = self.one_of(value, collection, items)
        return inverted(found) if typed.negated else found

    def one_of(self, value: Typed, collection: Typed | None, items: Node) -> Node:
        """Whether a list has a value; what equality means, the type says."""
        kinds = {value.type.kind, collection.type.of.kind if collection and collection.type.of else "any"}
        equal = next((name for kind, name in EQUALITY.items() if kind in kinds), None)
        if equal is not None:
            self.runtime.add(equal)
        return self.call("isOneOf", self.node(value), items, *([Atom(equal)] if equal else []))

    def one_by_one(self, typed: Membership) -> Node:
        found: Node | None = None
        for item in typed.items:
            kinds = {typed.value.type.kind, item.type.kind}
            test = self.equality(kinds, self.node(typed.value), self.node(item))
            found = test if found is None else Binary("||", found, test)
        assert found is not None
        return inverted(found) if typed.negated else found

    def presence(self, typed: Presence) -> Node:
        operand: Typed = typed.operand
        if isinstance(operand, Field) and operand.follows:
            operand = operand.foreign_key()
        operator = "===" if typed.negated else "!=="
        if isinstance(operand, Field) and not operand.queries:
            path = self.path(operand)
            if "?." in path or operand.member.absent:
                operator = operator[:2]
            return Binary(operator, Atom(path), NULL)
        if is_literal(operand):
            return (
                self.call("same", self.node(operand), NULL)
                if typed.negated
                else inverted(self.call("same", self.node(operand), NULL))
            )
        return Binary(operator, self.node(operand), NULL)

    def choice(self, typed: Choice) -> Node:
        test = self.node(typed.condition)
        if test in (TRUE, FALSE):
            return self.node(typed.then if test == TRUE else typed.otherwise)
        then, otherwise = self.node(typed.then), self.node(typed.otherwise)
        if (then, otherwise) in ((TRUE, FALSE), (FALSE, TRUE)):
            return test if then == TRUE else inverted(test)
        return Conditional(test, then, otherwise)

    # ---- queries

    def gather(self, typed: Gather) -> Node:
        model = typed.entity.model or typed.entity.table
        self.models.add(model)
        inner = self.sql({typed.frame: typed.entity.table})
        test = inner.where(typed.condition).text if typed.condition is not None else "true"
        function = {"min": "minimum", "max": "maximum"}.get(typed.fold, typed.fold)
        self.kernel.add(function)
        arguments: list[Node] = [self.context() if typed.entity.guarded else CONTEXT, Atom(model)]
        if typed.value is not None:
            type_, value = self.folded(inner, typed, typed.value)
            function = f"{function}<{type_}>"
            arguments.append(self.template(value))
        arguments.append(self.template(test))
        return typescript_functions.collected(self, typed, Await(Call(function, tuple(arguments))))

    def folded(self, inner: SqlWriter, typed: Gather, value: Typed) -> tuple[str, str]:
        """The value that an aggregate of the kernel folds, and the TypeScript type of what it answers."""
        piece = inner.write(value)
        kind = value.type.kind
        if kind in ("text", "enum"):
            return "string", f'{piece.at(UNARY)} collate "C"'
        if typed.fold == "sum" and kind == "interval":
            return "string", f"extract(epoch from {piece.text}) * 1000"
        if typed.fold == "sum" and kind in ("int", "money") and typed.fails:
            # PostgreSQL adds up bigint as numeric, which arrives as text.
            return "string", piece.text
        return ("number" if kind == "money" else type_name(value.type.required())), piece.text

    def convert(self, typed: Convert) -> Node:
        operand, type_ = self.node(typed.operand), typed.type
        if type_.kind == "int":
            return self.call("toInteger", operand, Atom(str(type_.bits)))
        if type_.precision is None or type_.scale is None:
            return self.call("toDecimal", operand)
        return self.call("toDecimal", operand, Atom(str(type_.precision)), Atom(str(type_.scale)))


def constant(typed: Constant) -> Node:
    """A literal."""
    value, kind = typed.value, typed.type.kind
    if value is None:
        return NULL
    if isinstance(value, tuple):
        of = typed.type.of or TEXT
        return Array(tuple(constant(Constant(type=of, offset=typed.offset, value=item)) for item in value))
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, int):
        return Atom(str(value)) if value >= 0 else Unary("-", Atom(str(-value)))
    literal = Atom(text_literal(value))
    return Call("new Date", (literal,)) if kind == "instant" else literal


def inverted(node: Node) -> Node:
    """The opposite of a condition, without a double negation."""
    if isinstance(node, Unary) and node.operator == "!":
        return node.operand
    if isinstance(node, Binary) and node.operator in ("===", "!==", "==", "!="):
        return Binary(("!" if node.operator[0] == "=" else "=") + node.operator[1:], node.left, node.right)
    if node in (TRUE, FALSE):
        return FALSE if node == TRUE else TRUE
    return Unary("!", node)


def sortable_date(typed: Typed) -> bool:
    """Whether a date certainly has a year of four digits, so that text order is its order."""
    from generator.expressions.bounds import FIRST_DATE, LAST_DATE

    return (
        typed.low is not None
        and typed.high is not None
        and typed.low >= FIRST_DATE
        and typed.high <= LAST_DATE
    )


def pattern_literal(pattern: str) -> str:
    """A regular expression literal."""
    return f"/{write_pattern(pattern, 'typescript')}/u"
