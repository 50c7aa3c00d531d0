"""Tokens to tree: the grammar of LANGUAGE.md section 10, by hand, with an offset on every node."""

from __future__ import annotations

import re
from typing import Literal, NoReturn

from generator.expressions.nodes import (
    Aggregate,
    Arithmetic,
    Boolean,
    Call,
    Compare,
    Duration,
    Fold,
    If,
    In,
    IsSet,
    ListOf,
    Logical,
    Negate,
    Node,
    Not,
    Null,
    Number,
    Path,
    Text,
)
from generator.expressions.tokens import Token, tokens_of
from generator.expressions.types import ExpressionProblem

MAX_LENGTH = 4000
MAX_DEPTH = 50
KEYWORDS = frozenset(
    [
        "or",
        "and",
        "not",
        "in",
        "is",
        "set",
        "if",
        "then",
        "else",
        "true",
        "false",
        "null",
        "exists",
        "count",
        "sum",
        "min",
        "max",
    ]
)
MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def parse(text: str) -> Node:
    """Read one expression.

    Args: text, the source, at most 4,000 characters and 50 levels deep.
    Returns: the root of its tree. Raises: ExpressionProblem at the first character that does not fit.
    Rules: LANGUAGE.md section 10.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionProblem(
            MAX_LENGTH, f"an expression has at most {MAX_LENGTH:,} characters, this one has {len(text):,}"
        )
    if "\0" in text:
        raise ExpressionProblem(text.index("\0"), "the character NUL is not allowed")
    reader = _Reader(tokens_of(text), len(text))
    root = reader.expression()
    reader.finish()
    return root


class _Reader:
    """Recursive descent, one method per rule of the grammar."""

    def __init__(self, tokens: list[Token], length: int) -> None:
        self.tokens = tokens
        self.length = length
        self.at = 0
        self.open = 0

    def expression(self) -> Node:
        # Python's own stack has to survive hostile nesting, so levels are counted while descending too.
        self.open += 1
        if self.open > MAX_DEPTH:
            self.fail(f"nested more than {MAX_DEPTH} levels deep")
        result = self.logical("or")
        self.open -= 1
        return result

    def logical(self, operator: Literal["and", "or"]) -> Node:
        def below() -> Node:
            return self.logical("and") if operator == "or" else self.negation()

        operands = [below()]
        while self.take_word(operator):
            operands.append(below())
        if len(operands) == 1:
            return operands[0]
        return Logical(operands[0].offset, self.deep(*operands), operator, tuple(operands))

    def negation(self) -> Node:
        offset = self.offset
        if not self.take_word("not"):
            return self.comparison()
        self.open += 1
        if self.open > MAX_DEPTH:
            self.fail(f"nested more than {MAX_DEPTH} levels deep")
        operand = self.negation()
        self.open -= 1
        return Not(offset, self.deep(operand), operand)

    def comparison(self) -> Node:
        left = self.sum()
        result = self.comparison_of(left)
        if result is not left and (
            self.peek_mark("=", "!=", "<", "<=", ">", ">=") or self.peek_word("in", "is")
        ):
            self.fail("comparisons do not chain", "join two with and, or use parentheses")
        return result

    def comparison_of(self, left: Node) -> Node:
        at = self.offset
        mark = self.take_mark("=", "!=", "<", "<=", ">", ">=")
        if mark is not None:
            right = self.sum()
            return Compare(left.offset, self.deep(left, right), mark.text, left, right, at)  # type: ignore[arg-type]
        if self.peek_word("not") and self.peek_word("in", ahead=1):
            self.at += 2
            right = self.sum()
            return In(left.offset, self.deep(left, right), True, left, right)
        if self.take_word("in"):
            right = self.sum()
            return In(left.offset, self.deep(left, right), False, left, right)
        if self.take_word("is"):
            negated = self.take_word("not")
            if not self.take_word("set"):
                self.fail("after `is` comes `set` or `not set`", "equality is written =")
            return IsSet(left.offset, self.deep(left), negated, left)
        return left

    def sum(self) -> Node:
        left = self.product()
        while (mark := self.take_mark("+", "-")) is not None:
            right = self.product()
            depth = self.deep(left, right)
            left = Arithmetic(left.offset, depth, mark.text, left, right, mark.offset)  # type: ignore[arg-type]
        return left

    def product(self) -> Node:
        left = self.unary()
        while (mark := self.take_mark("*", "/")) is not None:
            right = self.unary()
            depth = self.deep(left, right)
            left = Arithmetic(left.offset, depth, mark.text, left, right, mark.offset)  # type: ignore[arg-type]
        return left

    def unary(self) -> Node:
        offset = self.offset
        if self.take_mark("-") is None:
            return self.primary()
        operand = self.primary()
        return Negate(offset, self.deep(operand), operand)

    def primary(self) -> Node:
        token = self.token
        if token is None:
            self.fail("the expression ends too early")
        if token.kind == "number":
            self.at += 1
            return Number(token.offset, 1, token.text)
        if token.kind == "duration":
            self.at += 1
            return self.duration(token)
        if token.kind == "text":
            self.at += 1
            return Text(token.offset, 1, token.text[1:-1].replace("''", "'"))
        if token.kind == "mark":
            return self.bracketed(token)
        if token.text in KEYWORDS:
            return self.keyword(token)
        return self.named(token)

    def duration(self, token: Token) -> Node:
        parts = re.findall(r"(\d+)(ms|[smhd])", token.text)
        units = [unit for _, unit in parts]
        if len(set(units)) != len(units):
            raise ExpressionProblem(token.offset, f"{token.text} names a unit twice")
        total = sum(int(count) * MILLISECONDS[unit] for count, unit in parts)
        return Duration(token.offset, 1, total)

    def bracketed(self, token: Token) -> Node:
        if self.take_mark("("):
            inner = self.expression()
            self.expect(")")
            return inner
        if self.take_mark("["):
            items = [self.expression()]
            while self.take_mark(","):
                items.append(self.expression())
            self.expect("]")
            return ListOf(token.offset, self.deep(*items), tuple(items))
        if token.text == "-":
            self.fail("two signs in a row", "use parentheses: -(-x)")
        self.fail(f"a value is missing before {token.text}")
        return None

    def keyword(self, token: Token) -> Node:
        if self.take_word("true", "false"):
            return Boolean(token.offset, 1, token.text == "true")
        if self.take_word("null"):
            return Null(token.offset, 1)
        if self.take_word("if"):
            condition = self.expression()
            self.expect_word("then")
            then = self.expression()
            self.expect_word("else")
            otherwise = self.expression()
            return If(token.offset, self.deep(condition, then, otherwise), condition, then, otherwise)
        if token.text in ("exists", "count", "sum", "min", "max"):
            return self.aggregate(token)
        self.fail(f"a value is missing before `{token.text}`", f"{token.text} is a word of the language")
        return None

    def aggregate(self, token: Token) -> Node:
        self.at += 1
        entity = self.token
        wants_member = token.text in ("sum", "min", "max")
        shape = f"{token.text} Entity.field(condition)" if wants_member else f"{token.text} Entity(condition)"
        if entity is None or entity.kind != "name" or not entity.text[0].isupper():
            self.fail(f"after `{token.text}` comes the name of an entity", f"it is written {shape}")
        self.at += 1
        member: Token | None = None
        if wants_member:
            self.expect(".", f"it is written {shape}")
            member = self.token
            if member is None or member.kind != "name":
                self.fail("a field is missing after the dot", f"it is written {shape}")
            self.at += 1
        self.expect("(", f"it is written {shape}")
        condition = None if self.peek_mark(")") else self.expression()
        self.expect(")")
        depth = self.deep(*([condition] if condition else []))
        fold: Fold = token.text  # type: ignore[assignment]
        return Aggregate(
            token.offset,
            depth,
            fold,
            entity.text,
            entity.offset,
            member.text if member else None,
            member.offset if member else entity.offset,
            condition,
        )

    def named(self, token: Token) -> Node:
        self.at += 1
        if self.take_mark("("):
            arguments: list[Node] = []
            if not self.peek_mark(")"):
                arguments.append(self.expression())
                while self.take_mark(","):
                    arguments.append(self.expression())
            self.expect(")")
            return Call(token.offset, self.deep(*arguments), token.text, tuple(arguments))
        if token.text[0].isupper():
            raise ExpressionProblem(
                token.offset,
                f"{token.text} cannot stand alone",
                f"rows are counted with count {token.text}(...), configuration is config.{token.text}",
            )
        names, offsets = [token.text], [token.offset]
        while self.take_mark("."):
            after = self.token
            if after is None or after.kind != "name":
                self.fail("a name is missing after the dot")
            self.at += 1
            names.append(after.text)
            offsets.append(after.offset)
        return Path(token.offset, 1, tuple(names), tuple(offsets))

    def deep(self, *parts: Node) -> int:
        depth = 1 + max((part.depth for part in parts), default=0)
        if depth > MAX_DEPTH:
            self.fail(f"nested more than {MAX_DEPTH} levels deep", "split it into derived fields or steps")
        return depth

    @property
    def token(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    @property
    def offset(self) -> int:
        return self.tokens[self.at].offset if self.at < len(self.tokens) else self.length

    def peek_mark(self, *marks: str) -> bool:
        token = self.token
        return token is not None and token.kind == "mark" and token.text in marks

    def take_mark(self, *marks: str) -> Token | None:
        if not self.peek_mark(*marks):
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def peek_word(self, *words: str, ahead: int = 0) -> bool:
        at = self.at + ahead
        return at < len(self.tokens) and self.tokens[at].kind == "name" and self.tokens[at].text in words

    def take_word(self, *words: str) -> bool:
        found = self.peek_word(*words)
        self.at += found
        return found

    def expect(self, mark: str, hint: str = "") -> None:
        if self.take_mark(mark) is None:
            self.fail(f"expected {mark}", hint)

    def expect_word(self, word: str) -> None:
        if not self.take_word(word):
            self.fail(f"expected `{word}`", "a choice is written if ... then ... else ...")

    def finish(self) -> None:
        if self.token is not None:
            self.fail("expected an operator or the end")

    def fail(self, message: str, hint: str = "") -> NoReturn:
        token = self.token
        found = f", found {token.text}" if token is not None and message.startswith("expected") else ""
        raise ExpressionProblem(self.offset, message + found, hint)
