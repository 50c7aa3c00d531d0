"""What errors of the database mean to the caller."""

import re

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, TimeoutError

from app.errors import Failure, MemberError
from app.model import Base

BROKEN_REFERENCE = ("23001", "23503")
MEANINGS = {
    "22001": "VALIDATION_FAILED",
    "22003": "VALIDATION_FAILED",
    "22012": "VALIDATION_FAILED",
    "22P02": "VALIDATION_FAILED",
    "22P05": "VALIDATION_FAILED",
    "23502": "VALIDATION_FAILED",
    "23503": "CONFLICT",
    "23505": "CONFLICT",
    "23514": "VALIDATION_FAILED",
    "23P01": "CONFLICT",
}
"""By SQLSTATE (PostgreSQL, appendix A), for constraints that the plan gives no error of its own."""


# Lost connections, deadlocks, full servers, timeouts and restarts.
PASSING = re.compile("(?:08|40|53|57)...|25006|25P03|55P03")


def failure_of(error: SQLAlchemyError) -> Failure | None:
    """The failure that an error of the database stands for; None if it is not one of ours."""
    origin = getattr(error, "orig", None)
    state = getattr(origin, "sqlstate", None)
    if isinstance(error, TimeoutError) or (
        PASSING.fullmatch(state) if state else isinstance(error, OperationalError)
    ):
        return Failure("UNAVAILABLE")
    name = getattr(getattr(origin, "diag", None), "constraint_name", None)
    return refusal(state, name) if state in MEANINGS else None


def refusal(state: str, constraint: str | None) -> Failure:
    """The failure that a violated constraint stands for."""
    for mapper in Base.registry.mappers:
        if constraint in mapper.class_.violations:
            code, path = mapper.class_.violations[constraint]
            message = "refers to nothing" if state in BROKEN_REFERENCE else "is refused"
            return Failure(code, (MemberError(path, message),) if path else ())
    return Failure(MEANINGS[state])


def breaks_reference(error: DBAPIError) -> bool:
    """Whether a row was refused because of what refers to it, or what it refers to."""
    return getattr(error.orig, "sqlstate", None) in BROKEN_REFERENCE
