"""Names in every case and number, reserved words, and what is too near to another name."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.plan.names import RESERVED, SHAPES, Names, folded, names_of, respelled, words_of
from generator.plan.plurals import IRREGULAR, UNCOUNTED, plural_of

SNAKE = st.from_regex(r"[a-z][a-z0-9]{0,9}(_[a-z][a-z0-9]{0,9}){0,3}", fullmatch=True)
PASCAL = st.from_regex(r"([A-Z][a-z0-9]{0,9}){1,4}", fullmatch=True)


def test_all_forms_of_a_name() -> None:
    assert names_of("OrderLine") == Names(
        pascal="OrderLine",
        camel="orderLine",
        snake="order_line",
        kebab="order-line",
        plural_pascal="OrderLines",
        plural_camel="orderLines",
        plural_snake="order_lines",
        plural_kebab="order-lines",
        title="Order line",
        plural_title="Order lines",
    )
    assert names_of("first_name").camel == "firstName"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("HTTPRequest", ("http", "request")),
        ("APIKey", ("api", "key")),
        ("OAuth2Token", ("o", "auth2", "token")),
        ("line1", ("line1",)),
        ("TAX_RATE", ("tax", "rate")),
        ("A", ("a",)),
        ("mark_failed", ("mark", "failed")),
    ],
)
def test_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("Task", "tasks"),
        ("Category", "categories"),
        ("Day", "days"),
        ("Box", "boxes"),
        ("Class", "classes"),
        ("Address", "addresses"),
        ("Status", "statuses"),
        ("Analysis", "analyses"),
        ("Branch", "branches"),
        ("Wish", "wishes"),
        ("Quiz", "quizzes"),
        ("Buzz", "buzzes"),
        ("Person", "people"),
        ("SalesPerson", "sales_people"),
        ("Salesperson", "salespeople"),
        ("Child", "children"),
        ("Woman", "women"),
        ("Human", "humans"),
        ("Workman", "workmen"),
        ("Staff", "staff_items"),
        ("News", "news_items"),
        ("Metadata", "metadata_items"),
        ("Settings", "settings_items"),
        ("Photo", "photos"),
        ("Hero", "heroes"),
        ("Shelf", "shelves"),
        ("Bookshelf", "bookshelves"),
        ("Roof", "roofs"),
        ("Index", "indexes"),
        ("Matrix", "matrices"),
        ("MediaType", "media_types"),
        ("InvoiceLine", "invoice_lines"),
        ("X", "xes"),
        ("Y", "ys"),
    ],
)
def test_plurals(singular: str, plural: str) -> None:
    assert names_of(singular).plural_snake == plural


@given(name=SNAKE | PASCAL)
def test_singular_and_plural_differ_in_every_case(name: str) -> None:
    names = names_of(name)
    assert folded(names.plural_snake) != folded(names.snake)
    assert names.plural_camel != names.camel


@given(name=SNAKE)
def test_words_survive_every_case(name: str) -> None:
    names = names_of(name)
    assert words_of(names.snake) == words_of(name)
    assert folded(names.pascal) == folded(names.camel) == folded(names.kebab) == folded(name)


@given(left=SNAKE, right=SNAKE)
def test_names_that_differ_when_folded_differ_in_every_case(left: str, right: str) -> None:
    if folded(left) != folded(right):
        assert names_of(left).camel != names_of(right).camel
        assert names_of(left).pascal != names_of(right).pascal


def test_the_tables_of_plurals_have_no_entry_that_is_never_used() -> None:
    assert not UNCOUNTED & IRREGULAR.keys()
    assert all(plural_of(word) == (plural,) for word, plural in IRREGULAR.items())


@pytest.mark.parametrize(
    ("written", "kind", "meant"),
    [
        ("taskCard", "entity", "TaskCard"),
        ("first-name", "field", "first_name"),
        ("MoveItem", "operation", "moveItem"),
        ("too_late", "error", "TOO_LATE"),
        ("title", "field", None),
        ("9", "field", None),
        ("AC1", "criterion", None),
    ],
)
def test_a_name_in_the_wrong_case_is_respelled(written: str, kind: str, meant: str | None) -> None:
    assert respelled(written, kind) == meant


def test_examples_have_the_shape_they_are_examples_of() -> None:
    assert all(shape.pattern.fullmatch(shape.example) for shape in SHAPES.values())


def test_reserved_words() -> None:
    assert RESERVED["python"] == set(keyword.kwlist)
    assert {"order", "user", "group", "end", "limit", "primary"} <= RESERVED["postgresql"]
    assert not {"id", "name", "key", "type", "status", "value"} & RESERVED["postgresql"]
    assert {"class", "delete", "package", "await"} <= RESERVED["typescript"]
