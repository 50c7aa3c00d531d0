"""Typed tree to SQL for PostgreSQL 15 and newer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from generator.expressions.typed import Typed

Holes = Literal["forbidden", "typescript"]


def write_sql(
    typed: Typed, *, row_alias: str = "", holes: Holes = "forbidden", frames: Mapping[int, str] | None = None
) -> str:
    """Write an expression as SQL.

    Args: typed, the checked tree; row_alias, the table or alias that frame 0 is read from ("" when the
    row, if any, is a TypeScript value); holes, whether values that are not of the row may become
    `${...}` of a Kysely `sql` template (the text is then escaped for a template literal).
    Returns: one line of SQL; for money, the minor units (see `write_currency`).
    Raises: ValueError when a value of the request is needed and holes are forbidden.
    """
    raise NotImplementedError


def write_currency(
    typed: Typed, *, row_alias: str = "", holes: Holes = "forbidden", frames: Mapping[int, str] | None = None
) -> str:
    """Write the currency code of a money expression as SQL; arguments as for `write_sql`."""
    raise NotImplementedError
