"""The rules of types, names and narrowing, each with its message and place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.expressions.checking import check, facts_of
from generator.expressions.types import (
    BOOL,
    DEFAULT,
    DERIVED,
    ROW_RULE,
    STORED,
    ExpressionProblems,
    Member,
    Shape,
    Type,
)
from tests.expressions.samples import ITEM, MIXED_SCOPE, SAMPLE

PEOPLE = replace(SAMPLE, members={**SAMPLE.members, "input": Member("input", Type("text"), "input")})
SCOPE = replace(
    MIXED_SCOPE,
    policies={"open": "this.status = todo", "loop": "policies.loop", "wrong": "this.nothing = 1"},
    shapes={**MIXED_SCOPE.shapes, "Other": Shape("Other", {})},
)

REFUSED = [
    ("maybe_due > due", "`maybe_due` may be unset", 0),
    ("maybe_whole + 1 = 2", "`maybe_whole` may be unset", 0),
    ("length(maybe_title) = 1", "`maybe_title` of length() may be unset", 7),
    ("maybe_flag", "this condition may be unset", 0),
    ("not maybe_flag", "this condition may be unset", 4),
    ("maybe_due is set or maybe_due > due", "`maybe_due` may be unset", 20),
    ("whole = null", "nothing is compared with null", 6),
    ("title > 3", "text and an integer cannot be compared", 6),
    ("flag < flag", "true or false has no order", 5),
    ("status < todo", "a value of an enum has no order", 7),
    ("status = dune", "nothing is called `dune`", 9),
    ("status = 'dune'", "'dune' is not a value of the enum", 9),
    ("titel = 'a'", "nothing is called `titel`", 0),
    ("input.titel = 'a'", "an object has no member `titel`", 6),
    ("parent.titel = 'a'", "a row of Sample has no member `titel`", 7),
    ("whole / 2 = 1", "a division stands directly inside round(..)", 6),
    ("fee * 0.5 = fee", "money times a decimal is not a whole number", 4),
    ("round(whole) = 1", "says how many decimals", 0),
    ("round(whole / 0, 2) = 1", "division by zero", 12),
    ("fee = money(1, 'USD')", "money in EUR and money in USD cannot be compared", 4),
    ("fee + money(1, 'USD') = fee", "EUR and USD cannot be mixed", 4),
    ("title + 'a' = title", "text + text is not defined", 6),
    ("span + begins = begins", "an interval + a timestamptz is not defined", 5),
    ("due + 1h = due", "a date moves by whole days only", 4),
    ("due = '2026-02-30'", "'2026-02-30' is not a date", 6),
    ("token = 'x'", "'x' is not a uuid", 8),
    ("date_of(begins, 'nowhere') = due", "'nowhere' is not a time zone", 16),
    ("matches(title, '(?=a)')", "only (?: is allowed", 18),
    ("matches(title, note)", "the pattern of matches() is a quoted text", 15),
    ("lenght(title) = 1", "there is no function lenght()", 0),
    ("length(title, note) = 1", "length() takes 1 value, not 2", 0),
    ("whole in 3", "`in` needs a list", 9),
    ("whole in [1, 'a']", "text cannot be in a list of an integer", 13),
    ("whole = 9007199254740992", "too large", 8),
    ("large * 9007199254740991 * 9007199254740991 = -1 * 9007199254740991 * 2", "always too large", 46),
    ("exists Sampel()", "there is no entity Sampel", 7),
    ("exists Item(whole = 1)", "nothing is called `whole` here", 12),
    ("sum Item.label() = 1", "sum does not take text", 9),
    ("policies.shut", "there is no policy `shut`", 9),
    ("policies.loop", "policies.loop refers to itself", 0),
    ("policies.wrong", "in policies.wrong: a row of Sample has no member", 0),
    ("config.MISSING = 1", "there is no config.MISSING", 7),
    ("if flag then 1 else 'a'", "one side is an integer, the other text", 0),
    ("todo", "nothing is called `todo`", 0),
    ("flag or div(1, length('')) = 1", "made of literals alone and can fail", 8),
]


@pytest.mark.parametrize(("text", "message", "offset"), REFUSED)
def test_refused(text: str, message: str, offset: int) -> None:
    with pytest.raises(ExpressionProblems) as caught:
        check(text, SCOPE, BOOL)
    found = [(problem.offset, problem.message) for problem in caught.value.problems]
    assert any(message in told and at == offset for at, told in found), found


ACCEPTED = [
    "maybe_due is set and maybe_due > due",
    "maybe_due is not set or maybe_due > due",
    "not (maybe_due is not set or maybe_whole is not set) and maybe_due > due and maybe_whole > 1",
    "(maybe_due is set and flag or maybe_due is set and not flag) and maybe_due > due",
    "if maybe_flag is set then maybe_flag else false",
    "coalesce(maybe_flag, false)",
    "parent.maybe_title is set and length(parent.title) > 1",
    "maybe_due = due and maybe_due in [due, maybe_born]",
    "status = todo and doing != status and status in [todo, done] and status != 'done'",
    "price = 1 and price in [1, 2.5] and round(price / 3, 2) > whole",
    "count Item(sample_id = this.id and label = this.title) > config.LIMIT",
    "policies.open and not exists Item(sample.flag)",
    "this.due = due and begins + span > now() - config.WAIT and ends - begins > 15m",
    "parent = parent and due > '2026-01-01' and token = '00000000-0000-4000-8000-000000000000'",
    "concat(title, status) = title and fee * 2 > fee and round(fee * 0.5) = round(fee / 3)",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_accepted(text: str) -> None:
    assert check(text, SCOPE, BOOL).type == BOOL


def test_all_problems_are_told_together() -> None:
    with pytest.raises(ExpressionProblems) as caught:
        check("titel = 'a' or whole > 'b' or maybe_due > due", SCOPE, BOOL)
    assert [problem.offset for problem in caught.value.problems] == [0, 21, 30]


def test_the_nearest_name_is_given() -> None:
    with pytest.raises(ExpressionProblems) as caught:
        check("titel = 'a'", SCOPE, BOOL)
    assert "`title`" in caught.value.problems[0].hint


def test_a_name_with_two_meanings_is_refused() -> None:
    scope = replace(SCOPE, entities={"Sample": PEOPLE, "Item": ITEM})
    with pytest.raises(ExpressionProblems, match=r"`input` could be the field Sample\.input or the value"):
        check("input = 'a'", scope, BOOL)
    assert check("this.input = 'a'", scope, BOOL)


@pytest.mark.parametrize(
    ("allow", "text"),
    [
        (ROW_RULE, "begins > now()"),
        (ROW_RULE, "config.LIMIT = 1"),
        (ROW_RULE, "input.flag"),
        (ROW_RULE, "exists Item()"),
        (ROW_RULE, "parent.flag = true"),
        (ROW_RULE, "items = 1"),
        (STORED, "parent.flag = true"),
        (DEFAULT, "exists Item()"),
        (DERIVED, "input.flag"),
        (DERIVED, "policies.open"),
    ],
)
def test_places_forbid(allow: frozenset[object], text: str) -> None:
    with pytest.raises(ExpressionProblems, match=r"not allowed here|is not allowed"):
        check(text, replace(SCOPE, allow=allow), BOOL)  # type: ignore[arg-type]


def test_the_key_of_a_reference_needs_no_query() -> None:
    assert check("parent.id = id", replace(SCOPE, allow=ROW_RULE), BOOL).queries is False


def test_values_fit_their_place() -> None:
    column = Type("decimal", precision=6, scale=2)
    assert check("1", SCOPE, column).value == "1.00"  # type: ignore[attr-defined]
    for text, message in [
        ("price * 0.5", "3 decimals, 2 are expected"),
        ("maybe_price", "may be unset"),
        ("null", "null cannot stand for a required value"),
        ("title", "text where a decimal is expected"),
    ]:
        with pytest.raises(ExpressionProblems, match=message):
            check(text, SCOPE, column)


def test_facts() -> None:
    typed = check("maybe_due is set and not (parent.maybe_title is not set)", SCOPE, BOOL)
    assert facts_of(typed) == {
        ("this",),
        ("this", "maybe_due"),
        ("this", "parent_id"),
        ("this", "parent_id", "maybe_title"),
    }
    assert facts_of(typed, False) == frozenset()
