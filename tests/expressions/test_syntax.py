"""What the grammar takes, and where and how it says no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.expressions import nodes
from generator.expressions.syntax import MAX_LENGTH, parse
from generator.expressions.types import ExpressionProblem

WRONG = [
    ("a == b", 2, "equality is written ="),
    ("a && b", 2, "write and"),
    ("a <> b", 2, "write !="),
    ('title = "x"', 8, "single quotes"),
    ("a < b < c", 6, "join two with and"),
    ("a is null", 5, "equality is written ="),
    ("x +", 3, ""),
    ("", 0, ""),
    ("(a", 2, ""),
    ("a)", 1, ""),
    ("min Task(x)", 8, "min Entity.field(condition)"),
    ("count task()", 6, "count Entity(condition)"),
    ("Task", 0, "count Task(...)"),
    ("if a then b", 11, "if ... then ... else ..."),
    ("and", 0, "a word of the language"),
    ("1m1m > x", 0, ""),
    ("--1", 1, "parentheses"),
    ("'open", 0, "no closing quote"),
    ("a.", 2, ""),
    ("2x", 0, ""),
    ("a ? b", 2, "if ... then ... else"),
]


@pytest.mark.parametrize(("text", "offset", "hint"), WRONG)
def test_a_mistake_is_told_where_it_stands(text: str, offset: int, hint: str) -> None:
    with pytest.raises(ExpressionProblem) as caught:
        parse(text)
    assert caught.value.offset == offset
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a or b and not c = d", "a or (b and (not (c = d)))"),
        ("a + b * c - d", "(a + (b * c)) - d"),
        ("a - b - c", "(a - b) - c"),
        ("-a * b", "(-a) * b"),
        ("a + b < c + d", "(a + b) < (c + d)"),
        ("if a then b else c + 1", "if a then b else (c + 1)"),
        ("a in [b, c] or d", "(a in [b, c]) or d"),
    ],
)
def test_precedence(text: str, same: str) -> None:
    assert shape(parse(text)) == shape(parse(same))


def shape(node: object) -> object:
    """A tree without positions."""
    if isinstance(node, tuple):
        return tuple(map(shape, node))
    if not isinstance(node, nodes.Node):
        return node
    places = ("offset", "depth", "at", "offsets", "entity_offset", "member_offset")
    return type(node).__name__, [shape(getattr(node, name)) for name in fields(node) if name not in places]


def fields(node: nodes.Node) -> list[str]:
    return list(node.__dataclass_fields__)


def test_literals() -> None:
    assert parse("'it''s'").value == "it's"  # type: ignore[attr-defined]
    assert parse("1h30m").milliseconds == 5_400_000  # type: ignore[attr-defined]
    assert parse("this.count").names == ("this", "count")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["(" * 60 + "1" + ")" * 60, "not " * 60 + "a", "1" + " + 1" * 60, "a" * (MAX_LENGTH + 1)]
)
def test_limits(text: str) -> None:
    with pytest.raises(ExpressionProblem):
        parse(text)


@given(
    st.text(
        st.sampled_from("ab.(),[]'+-*/=<>! 12hms\n\0ée") | st.sampled_from("andorisetfhcunt "), max_size=60
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except ExpressionProblem as problem:
        assert 0 <= problem.offset <= len(text)
        assert problem.message
