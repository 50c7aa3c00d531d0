"""The built service of the example `auth`, as clients meet it."""

from __future__ import annotations

import json
import socket
import statistics
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg

SETTINGS = {
    "JWT_SECRET": "for-tests-only-xxxxxxxxxxxxxxxxx",
    "HASH_COST": "4",
    "TRUSTED_PROXIES": "1",
}
PASSWORD = "SecurePass123!"
SENDERS = count()
"""Numbers of addresses that requests come from, so that no limit of one of them is met."""


def post(
    url: str, path: str, body: object, headers: Mapping[str, str] | None = None
) -> tuple[int, Any, Mapping[str, str]]:
    """Send JSON; returns the status, what is answered, and the headers."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url + path, json.dumps(body).encode(), sent, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None, answer.headers
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read()), refused.headers


def register(url: str, email: str) -> dict[str, Any]:
    """Register somebody; returns the answer."""
    body = {"email": email, "password": PASSWORD, "firstName": "Ann", "lastName": "Adams"}
    status, answer, _ = post(url, "/auth/register", body, {"X-Forwarded-For": "192.0.2.1"})
    assert status == 201, answer
    return dict(answer)


def new_database(postgresql: str, name: str) -> str:
    """The URL of a database without a table."""
    with psycopg.connect(postgresql, autocommit=True) as made:
        made.execute(f"drop database if exists {name}")
        made.execute(f"create database {name}")
    return f"{postgresql.rsplit('/', 1)[0]}/{name}"


def ratio_of_times(known: Callable[[int], object], unknown: Callable[[int], object], pairs: int) -> float:
    """How much longer one kind of request takes than another: the ratio of the medians of interleaved pairs.

    What slows the machine down for a while slows both kinds down, since they take turns.

    Args:
        known: sends a request of the first kind; takes its number.
        unknown: sends one of the second.
        pairs: how many of each are measured; a few before them are not.
    """
    times: dict[Callable[[int], object], list[float]] = {known: [], unknown: []}
    for number in range(-5, pairs):
        for send in (known, unknown) if number % 2 else (unknown, known):
            began = time.perf_counter()
            send(number)
            if number >= 0:
                times[send].append(time.perf_counter() - began)
    return statistics.median(times[known]) / statistics.median(times[unknown])


def ratio_for(url: str, path: str, pairs: int, **more: object) -> Callable[[], float]:
    """Measures requests that differ in the e-mail alone: one that has an account, and many that have none."""

    def ask(email: str) -> Callable[[int], object]:
        def send(number: int) -> None:
            sender = {"X-Forwarded-For": f"10.0.{next(SENDERS) // 200 % 200}.{next(SENDERS) % 200}"}
            post(url, path, {"email": email.format(next(SENDERS)), **more}, sender)

        return send

    return lambda: ratio_of_times(ask("ann@example.com"), ask("x{}@example.com"), pairs)


@contextmanager
def silent_server() -> Iterator[str]:
    """The address of a mail server that takes connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1000)
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"


def within_noise(measure: Callable[[], float], noise: float) -> bool:
    """Say whether a ratio is near to one, once in three times: a busy machine is not always even-handed."""
    return any(1 / noise < measure() < noise for _ in range(3))
