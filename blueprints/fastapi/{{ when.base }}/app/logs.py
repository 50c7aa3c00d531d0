"""Logs: one JSON object for each line, with the id of the request it belongs to."""

import logging

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, WrappedLogger

PRIVATE = frozenset({"authorization", "cookie", "password", "token", "secret", "email"})


def hide_private(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace what must never stand in a log."""
    return {key: "[private]" if key.lower() in PRIVATE else event[key] for key in event}


def start_logging(level: str) -> None:
    """Configure logging for the process; `level` is one of the settings'."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Local variables hold what people sent.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            hide_private,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        cache_logger_on_first_use=False,
    )
