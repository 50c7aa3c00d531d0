"""What one operation may know and use."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, Request
from sqlalchemy.orm import Session


def clock() -> datetime:
    """The present to the millisecond, which is what the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass(frozen=True)
class Context:
    """The transaction, the one moment and the source of ids of an operation."""

    session: Session
    now: datetime
    new_id: Callable[[], UUID] = uuid4


def open_context(request: Request) -> Iterator[Context]:
    """One transaction for each request: kept when the operation succeeds, undone when it fails."""
    with request.app.state.database.sessions.begin() as session:
        yield Context(session, request.app.state.clock())


# With this scope the transaction ends before the answer is sent.
InContext = Annotated[Context, Depends(open_context, scope="function")]
