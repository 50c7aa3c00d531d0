"""Typed tree to SQL for PostgreSQL 15 and newer: the entry; `sql_writer` does the work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from generator.expressions.sql_writer import ERRORS, SqlWriter
from generator.expressions.typed import TOP, Typed
from generator.expressions.typescript_writer import TypescriptWriter

Holes = Literal["forbidden", "typescript"]
__all__ = ["ERRORS", "Holes", "write_currency", "write_sql"]


def write_sql(
    typed: Typed,
    *,
    row_alias: str = "",
    holes: Holes = "forbidden",
    frames: Mapping[int, str] | None = None,
    where: bool = False,
) -> str:
    """Write an expression as SQL.

    Args: typed, the checked tree; row_alias, the table or alias that frame 0 is read from ("" when the
    row, if any, is a TypeScript value); holes, whether values that are not of the row may become
    `${...}` of a Kysely `sql` template (the text is then escaped for a template literal); frames, aliases
    of further frames; where, whether this is a condition of a query or partial index, where null counts
    as false (in a check it counts as true), so that equality can use an index.
    Returns: one line of SQL; for money, the minor units (see `write_currency`).
    Raises: ValueError when a value of the request is needed and holes are forbidden.
    """
    writer = _writer(row_alias, holes, frames)
    return (writer.where(typed) if where else writer.write(typed)).text


def write_currency(
    typed: Typed, *, row_alias: str = "", holes: Holes = "forbidden", frames: Mapping[int, str] | None = None
) -> str:
    """Write the currency code of a money expression as SQL; arguments as for `write_sql`."""
    return _writer(row_alias, holes, frames).currency(typed).text


def _writer(row_alias: str, holes: Holes, frames: Mapping[int, str] | None) -> SqlWriter:
    aliases = dict(frames or {})
    if row_alias:
        aliases[TOP] = row_alias
    return SqlWriter(aliases, TypescriptWriter() if holes == "typescript" else None)
