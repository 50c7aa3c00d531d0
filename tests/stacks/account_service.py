"""The built service of the example `auth`, as clients meet it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

import psycopg

SETTINGS = {
    "JWT_SECRET": "for-tests-only-xxxxxxxxxxxxxxxxx",
    "HASH_COST": "4",
    "TRUSTED_PROXIES": "1",
}
PASSWORD = "SecurePass123!"


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
