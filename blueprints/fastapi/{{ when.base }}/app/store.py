"""Reading, writing and showing rows, alike for every model."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, inspect, select, true
from sqlalchemy import insert as insert_into
from sqlalchemy.exc import IntegrityError

from app.context import Context
from app.errors import Failure
from app.model import Base, Created, SoftDeleted, Updated, Versioned
from app.shapes import Shape
from app.violations import breaks_reference, refusal

Row = TypeVar("Row", bound=Base)
Shown = TypeVar("Shown", bound=Shape)


def living(model: type[Base]) -> ColumnElement[bool]:
    """The condition that hides rows which are marked as deleted."""
    return model.deleted_at.is_(None) if issubclass(model, SoftDeleted) else true()


def find(context: Context, model: type[Row], key: UUID) -> Row:
    """Read the row with an id; none is NOT_FOUND."""
    row = context.session.scalar(select(model).where(model.id == key, living(model)))
    if row is None:
        raise Failure("NOT_FOUND")
    return row


def insert(context: Context, model: type[Row], body: Shape) -> Row:
    """Add a row; ids and times come from the context."""
    columns, links = _divided(model, body.model_dump())
    row = model(**columns, id=context.new_id())
    if isinstance(row, Created):
        row.created_at = context.now
    if isinstance(row, Updated):
        row.updated_at = context.now
    context.session.add(row)
    return _written(context, row, columns, links)


def change(context: Context, model: type[Row], key: UUID, body: Shape) -> Row:
    """Set the members that are given; a version that is not the row's is VERSION_CONFLICT."""
    row = _locked(context, model, key, living(model))
    given = body.model_dump(exclude_unset=True)
    if isinstance(row, Versioned):
        if given.pop("version") != row.version:
            raise Failure("VERSION_CONFLICT")
        row.version += 1
    if isinstance(row, Updated):
        row.updated_at = context.now
    columns, links = _divided(model, given)
    changed = {name: value for name, value in columns.items() if value != getattr(row, name)}
    for name, value in changed.items():
        setattr(row, name, value)
    return _written(context, row, changed, links)


def remove(context: Context, model: type[Base], key: UUID) -> None:
    """Delete a row, or mark it as deleted; one that others refer to is IN_USE."""
    row = _locked(context, model, key, living(model))
    if isinstance(row, SoftDeleted):
        row.deleted_at = context.now
        return
    context.session.delete(row)
    try:
        context.session.flush()
    except IntegrityError as error:
        raise (Failure("IN_USE") if breaks_reference(error) else error) from error


def restore(context: Context, model: type[Row], key: UUID) -> Row:
    """Bring back a row that is marked as deleted."""
    row = _locked(context, model, key, ~living(model))
    if isinstance(row, SoftDeleted):
        row.deleted_at = None
    return _written(context, row, {}, {})


def show(context: Context, shape: type[Shown], row: Base) -> Shown:
    """Show a row as clients see it."""
    return show_all(context, shape, [row])[0]


def show_all(context: Context, shape: type[Shown], rows: Sequence[Base]) -> list[Shown]:
    """Show rows as clients see them, with one query for each relation."""
    links = {
        name: _linked(context, table, rows)
        for name, table in (rows[0].links if rows else {}).items()
        if name in shape.model_fields
    }
    return [
        _shown(shape, row, {name: found[row.id] for name, found in links.items()}) for row in rows
    ]


def _shown(shape: type[Shown], row: Base, values: dict[str, Any]) -> Shown:
    columns = {name: getattr(row, name) for name in shape.model_fields if name not in values}
    # What the database holds was checked when it was written.
    return shape.model_construct(**values | columns)


def _locked(context: Context, model: type[Row], key: UUID, where: ColumnElement[bool]) -> Row:
    query = select(model).where(model.id == key, where).with_for_update(of=model)
    row = context.session.scalar(query)
    if row is None:
        raise Failure("NOT_FOUND")
    return row


def _written(
    context: Context, row: Row, changed: Mapping[str, Any], links: Mapping[str, list[UUID]]
) -> Row:
    context.session.flush()
    for attribute in inspect(type(row)).column_attrs:
        key = changed.get(attribute.key)
        if key is not None and attribute.columns[0].foreign_keys:
            _refuse_deleted(context, attribute.columns[0], {key})
    for name, others in links.items():
        _link(context, row.links[name], row.id, set(others))
    # The database rounds, fills in and derives.
    context.session.refresh(row)
    return row


def _link(context: Context, table: Table, key: UUID, others: set[UUID]) -> None:
    own, other = table.columns
    there = set(context.session.scalars(select(other).where(own == key)))
    context.session.execute(delete(table).where(own == key, other.not_in(others)))
    added = others - there
    if added:
        pairs = [{own.name: key, other.name: value} for value in sorted(added)]
        context.session.execute(insert_into(table), pairs)
        _refuse_deleted(context, other, added)


def _refuse_deleted(context: Context, column: ColumnElement[Any], keys: set[UUID]) -> None:
    """Treat new references to rows that are marked as deleted like those to no row; lock the others."""
    for reference in column.foreign_keys:
        target = reference.column.table.columns
        if "deleted_at" not in target:
            continue
        query = select(target.id).where(target.id.in_(keys), target.deleted_at.is_(None))
        # In one order, so that two requests do not wait for each other.
        living = context.session.scalars(query.order_by(target.id).with_for_update(read=True))
        if len(living.all()) < len(keys):
            constraint = reference.constraint
            raise refusal("23503", str(constraint.name) if constraint else None)


def _linked(context: Context, table: Table, rows: Sequence[Base]) -> Mapping[UUID, list[UUID]]:
    own, other = table.columns
    query = select(own, other).where(own.in_([row.id for row in rows])).order_by(own, other)
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for key, value in context.session.execute(query):
        found[key].append(value)
    return found


def _divided(
    model: type[Base], values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, list[UUID]]]:
    links = {name: values.pop(name) for name in model.links if name in values}
    return values, links
