"""Lists: filters, search, order and pages, declared for each model and run by one function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, String, Table, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.context import Context
from app.model import Base
from app.shapes import Shape
from app.store import living

Row = TypeVar("Row", bound=Base)
Column = InstrumentedAttribute[Any]
Filter = Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """What a list of rows can be asked for.

    `filters` go by the members of the query; `sorts` by the names that clients use. `order` counts
    where the query asks for none; the id always comes last, so that pages do not overlap.
    """

    model: type[Row]
    filters: Mapping[str, Filter]
    search: Sequence[Column]
    sorts: Mapping[str, Column]
    order: Sequence[ColumnElement[Any]]


def page_of(context: Context, listing: Listing[Row], query: Shape) -> tuple[list[Row], int]:
    """Find one page of the rows that a query asks for, and the number of all of them."""
    given = query.model_dump(exclude_unset=True)
    asked = query.model_dump(include={"limit", "offset"})
    condition = [living(listing.model), *_conditions(listing, given)]
    total = context.session.scalar(
        select(func.count()).select_from(listing.model).where(*condition)
    )
    rows = context.session.scalars(
        select(listing.model)
        .where(*condition)
        .order_by(*_order(listing, given.get("sort")))
        .limit(asked["limit"])
        .offset(asked["offset"])
    )
    return list(rows), total or 0


def equal(column: Column) -> Filter:
    """Rows that have the value."""
    return lambda value: column == value


def since(column: Column) -> Filter:
    """Rows that have the value or a later one."""
    return lambda value: column >= value


def before(column: Column) -> Filter:
    """Rows that have an earlier value."""
    return lambda value: column < value


def linked(model: type[Base], table: Table) -> Filter:
    """Rows that a join table links to the one with that id."""
    own, other = table.columns
    return lambda value: exists().where(own == model.id, other == value)


def ascending(column: Column) -> ColumnElement[Any]:
    """The least first, what is unset last."""
    return _comparable(column).asc()


def descending(column: Column) -> ColumnElement[Any]:
    """What is unset first, then the greatest."""
    return _comparable(column).desc()


def _comparable(column: Column) -> ColumnElement[Any]:
    # Text by code point, whatever the locale of the database.
    compared: ColumnElement[Any] = column.expression
    return compared.collate("C") if isinstance(column.type, String) else compared


def _conditions(listing: Listing[Row], given: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    conditions = [
        condition(given[name]) for name, condition in listing.filters.items() if name in given
    ]
    if "search" in given:
        matches = [column.icontains(given["search"], autoescape=True) for column in listing.search]
        conditions.append(or_(*matches))
    return conditions


def _order(listing: Listing[Row], sort: str | None) -> list[ColumnElement[Any]]:
    order = list(listing.order)
    if sort is not None:
        columns = [(listing.sorts[name.lstrip("-")], name) for name in sort.split(",")]
        order = [
            descending(column) if name[0] == "-" else ascending(column) for column, name in columns
        ]
    return [*order, ascending(listing.model.id)]
