"""The service under test, and its database."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from app.database import Database
from app.service import create_service
from tests.examples import REFERENCES, ROWS

NOBODY = "00000000-0000-4000-8000-00000000dead"
"""The id of no row."""
START = datetime(2026, 1, 1, tzinfo=UTC)


class Harness:
    """The service over a database that is empty before each test."""

    def __init__(self, database: Database) -> None:
        self.database = database
        service = create_service(database)
        moments = (START + timedelta(seconds=number) for number in count())
        # No two rows are made at the same time.
        service.state.clock = lambda: next(moments)
        self.client = TestClient(service, follow_redirects=False)
        self._rows: dict[tuple[str, int], str] = {}

    def request(self, method: str, path: str, body: Any = None, **query: Any) -> Response:
        """Send a request."""
        response: Response = self.client.request(method, path, json=body, params=query)
        return response

    def row(self, table: str, number: int = 0) -> str:
        """Return the id of an example row, which is added with all that it refers to."""
        if (table, number) not in self._rows:
            self._rows[table, number] = self.add(table, number)
        return self._rows[table, number]

    def add(self, table: str, number: int = 0, **given: Any) -> str:
        """Add an example row straight to the database and return its id."""
        refers = REFERENCES.get(table, {}).items()
        missing = {column: target for column, target in refers if column not in given}
        keys = {column: self.row(target, number) for column, target in missing.items()}
        values = ROWS[table][number] | keys | given
        columns = ", ".join(values)
        # The names are those of the examples.
        statement = text(
            f"INSERT INTO {table} ({columns}) SELECT {columns}"  # noqa: S608
            f" FROM jsonb_populate_record(NULL::{table}, CAST(:values AS jsonb)) RETURNING id"
        )
        with self.database.engine.begin() as connection:
            return str(connection.scalar(statement, {"values": json.dumps(values)}))


def problem(response: Response, status: int, code: str) -> dict[str, Any]:
    """Check that an answer tells a failure, and return the problem."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    told: dict[str, Any] = response.json()
    assert (response.status_code, told["status"], told["code"]) == (status, status, code), told
    assert told["requestId"] == response.headers["x-request-id"]
    return told


def by(name: str, read: Callable[[Any], Any] = lambda value: value) -> Callable[[Any], Any]:
    """Compare rows by a member as the database does: what is unset comes last."""
    return lambda row: (row[name] is None, row[name] if row[name] is None else read(row[name]))
