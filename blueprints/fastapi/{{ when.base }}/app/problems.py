"""Failures as people and programs read them: problem+json (RFC 9457)."""

from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from app.errors import ERRORS, Failure, MemberError
from app.violations import failure_of

MEDIA_TYPE = "application/problem+json"
logger = structlog.get_logger()
CODES = {404: "NOT_FOUND", 413: "PAYLOAD_TOO_LARGE"}


class MemberProblem(BaseModel):
    """What is wrong with one member of a request."""

    path: str
    message: str


class Problem(BaseModel):
    """What every failed request is answered with."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    requestId: str
    errors: list[MemberProblem] = []


def failures(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Describe the failures of an operation to OpenAPI, one entry for each status."""
    by_status: dict[int, list[str]] = {}
    for code in (*codes, "INTERNAL", "UNAVAILABLE"):
        by_status.setdefault(ERRORS[code][0], []).append(code)
    return {
        status: {
            "description": ". ".join(f"{code}: {ERRORS[code][1]}" for code in by_status[status]),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted(by_status)
    }


def answer(failure: Failure) -> JSONResponse:
    """Turn a failure into the response that tells it."""
    status, text = ERRORS[failure.code]
    problem: dict[str, Any] = {
        "type": f"/reference#{failure.code}",
        "title": failure.code.capitalize().replace("_", " "),
        "status": status,
        "detail": text,
        "code": failure.code,
        "requestId": structlog.contextvars.get_contextvars().get("request_id", ""),
    }
    if failure.errors:
        problem["errors"] = [
            {"path": error.path, "message": error.message} for error in failure.errors
        ]
    headers = {"Retry-After": "1"} if status == 503 else None
    return JSONResponse(problem, status, headers, media_type=MEDIA_TYPE)


def install_handlers(app: FastAPI) -> None:
    """Answer every failure that an operation can meet as a problem."""

    @app.exception_handler(Failure)
    def on_failure(_request: Request, failure: Failure) -> Response:
        return answer(failure)

    @app.exception_handler(SQLAlchemyError)
    def on_database_error(_request: Request, error: SQLAlchemyError) -> Response:
        failure = failure_of(error)
        if failure is None:
            raise error
        if failure.code == "UNAVAILABLE":
            logger.warning("The database cannot answer now", reason=str(error.args[0]).strip())
        return answer(failure)

    @app.exception_handler(RequestValidationError)
    def on_invalid_request(request: Request, error: RequestValidationError) -> Response:
        # A body of another type reaches FastAPI as bytes; without a body there is no type to be wrong.
        given = request.headers.get("content-type", "").split(";")[0].strip()
        kinds = {item["type"] for item in error.errors() if item["loc"] == ("body",)}
        if kinds - {"missing"} and not given.endswith("json"):
            return answer(Failure("UNSUPPORTED_MEDIA_TYPE"))
        return answer(Failure("VALIDATION_FAILED", tuple(map(_member_error, error.errors()))))

    @app.exception_handler(HTTPException)
    def on_http_error(request: Request, error: HTTPException) -> Response:
        if error.status_code != 405:
            return answer(Failure(CODES.get(error.status_code, "VALIDATION_FAILED")))
        allow = {"Allow": ", ".join([*_methods_at(request), "OPTIONS"])}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=allow)
        refused = answer(Failure("METHOD_NOT_ALLOWED"))
        refused.headers.update(allow)
        return refused


def _member_error(item: Any) -> MemberError:
    path = ".".join(str(part) for part in item["loc"][1:])
    return MemberError("" if item["type"] == "json_invalid" else path, item["msg"])


def _methods_at(request: Request) -> list[str]:
    """The methods of every route at this address."""
    routes = [route for route in request.app.state.routes if isinstance(route, Route)]
    path = next(route.path for route in routes if route.matches(request.scope)[0] != Match.NONE)
    methods = {method for route in routes if route.path == path for method in route.methods or ()}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))
