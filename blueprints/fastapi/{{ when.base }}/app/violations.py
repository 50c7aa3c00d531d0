"""What errors of the database mean to the caller."""

from sqlalchemy.exc import DBAPIError

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


def failure_of(error: DBAPIError) -> Failure | None:
    """The failure that an error of the database stands for; None if it is not one of ours."""
    state = getattr(error.orig, "sqlstate", None)
    if state not in MEANINGS:
        return None
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    for mapper in Base.registry.mappers:
        if name in mapper.class_.violations:
            code, path = mapper.class_.violations[name]
            message = "refers to nothing" if state in BROKEN_REFERENCE else "is refused"
            return Failure(code, (MemberError(path, message),) if path else ())
    return Failure(MEANINGS[state])


def breaks_reference(error: DBAPIError) -> bool:
    """Whether a row was refused because of what refers to it, or what it refers to."""
    return getattr(error.orig, "sqlstate", None) in BROKEN_REFERENCE
