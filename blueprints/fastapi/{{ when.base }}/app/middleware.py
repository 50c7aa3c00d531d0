"""What happens around every request: its id, its log line, its limit and its headers."""

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Failure
from app.problems import answer

BODY_LIMIT = 1_000_000
REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# The page of the API reference loads scripts of its own.
OPEN_PATHS = ("/reference",)

logger = structlog.get_logger()


def counted(receive: Receive) -> Receive:
    """Read the body of a request up to the limit; beyond it the request is too large."""
    seen = 0

    async def receive_counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > BODY_LIMIT:
            raise HTTPException(413)
        return message

    return receive_counted


class RequestFrame:
    """Gives each request an id, logs how it ended, and answers what nobody expected."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else str(uuid4())
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                if scope["path"] not in OPEN_PATHS:
                    headers.update(SECURITY)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                # The server leaves out the body of an answer to HEAD.
                method = "GET" if scope["method"] == "HEAD" else scope["method"]
                await self.app({**scope, "method": method}, counted(receive), send_with_headers)
            except Exception:
                logger.exception("An operation failed unexpectedly")
                if status:
                    raise
                await answer(Failure("INTERNAL"))(scope, receive, send_with_headers)
            # Without the query, which may carry what someone searched for.
            logger.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                milliseconds=round((time.perf_counter() - started) * 1000),
            )
