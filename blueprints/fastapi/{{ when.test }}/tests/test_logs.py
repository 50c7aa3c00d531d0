"""Logs: one JSON object for each line, without what is private."""

import json
from collections.abc import Iterator

import pytest
import structlog

from app.logs import start_logging


@pytest.fixture(autouse=True)
def logging() -> Iterator[None]:
    """Logging as in production, for one test."""
    start_logging("info")
    yield
    structlog.reset_defaults()


def test_private_values_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("sent", email="amy@example.com", number=1)
    structlog.get_logger().debug("too much")
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["event"], told["email"], told["number"]) == ("sent", "[private]", 1)


def test_failures_are_told_without_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        secret = "".join(["not for", " logs"])
        raise ValueError(len(secret))
    except ValueError:
        structlog.get_logger().exception("failed")
    line = capsys.readouterr().out
    assert "ValueError" in line
    assert "not for logs" not in line
