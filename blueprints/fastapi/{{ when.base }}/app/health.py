"""`/health/live`: the process answers. `/health/ready`: it can also serve requests."""

from fastapi import APIRouter, Request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.errors import Failure

router = APIRouter(prefix="/health", include_in_schema=False)


@router.get("/live")
def live() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "live"}


@router.get("/ready")
def ready(request: Request) -> dict[str, str]:
    """Say that the database answers."""
    try:
        with request.app.state.database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        raise Failure("UNAVAILABLE") from None
    return {"status": "ready"}
