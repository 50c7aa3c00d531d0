"""Limits of calls in a real Redis: shared by processes, held by the database while there is none."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stacks.account_service import SETTINGS, post
from tests.stacks.express import EXAMPLES, check, install, run, served, write_project

CALLS = 10
"""What the example lets one address try to sign in with one e-mail in a minute."""
REST = 5.0
"""Seconds for which a process leaves a Redis alone that has failed."""

pytestmark = [
    pytest.mark.stack,
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="There is no redis-server here"),
]


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example `auth` without pages, with the room `redis`, installed from its own lockfile and compiled."""
    folder = tmp_path_factory.mktemp("redis") / "accounts"
    shutil.copytree(EXAMPLES / "auth", folder)
    plan = folder / "plan.yaml"
    text = plan.read_text(encoding="utf-8")
    assert "with: [web, e2e]" in text
    plan.write_text(text.replace("with: [web, e2e]", "with: [redis]"), encoding="utf-8")
    (folder / "tasks.yaml").unlink()
    write_project(folder)
    check(folder, install(folder))
    return folder


@contextmanager
def redis(port: int, folder: Path) -> Iterator[None]:
    """Run a Redis that keeps nothing."""
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 20
        while ask(port, "ping", unless="") != "PONG":
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)


def ask(port: int, *command: str, unless: str | None = None) -> str:
    """What Redis answers; `unless` where it does not run yet."""
    done = subprocess.run(["redis-cli", "-p", str(port), *command], capture_output=True, text=True)
    assert done.returncode == 0 or unless is not None, done.stderr
    return done.stdout.strip() if done.returncode == 0 else str(unless)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def statuses(urls: list[str], email: str, times: int) -> list[int]:
    """Try to sign in by turns at each process; says how each answered."""
    body = {"email": email, "password": "Wrong-Password1"}
    return [post(urls[n % len(urls)], "/auth/login", body)[0] for n in range(times)]


def test_its_own_tests_pass(counting: Path) -> None:
    printed = run(counting / "server", ["npx", "vitest", "run", "integration/redis", "unit/configuration"])
    assert "2 passed" in printed


def test_two_processes_count_in_one_redis(counting: Path, tmp_path: Path) -> None:
    port = free_port()
    settings = SETTINGS | {"REDIS_URL": f"redis://127.0.0.1:{port}"}
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    # A window that ends while calls are counted would begin a new count.
    time.sleep(max(0.0, time.time() % 60 - 35) and 60 - time.time() % 60)
    with served(counting, first, **settings) as one, served(counting, second, **settings) as other:
        urls = [one, other]
        with redis(port, tmp_path):
            # Each has a database of its own, so that nothing but Redis is shared.
            assert statuses(urls, "ann@example.com", CALLS + 2) == [401] * CALLS + [429] * 2
            _, _, headers = post(other, "/auth/login", {"email": "ann@example.com", "password": "x"})
            assert 0 < int(headers["Retry-After"]) <= 60
            assert statuses(urls, "bob@example.com", 2) == [401] * 2
            kept = ask(port, "--scan").splitlines()
            assert len(kept) == 2 and all(0 < int(ask(port, "pttl", key)) <= 60_000 for key in kept)
            assert not any("example.com" in key or "127.0.0.1" in key for key in kept)
        began = time.monotonic()
        # The limit holds without Redis as well: the database counts.
        assert statuses([one], "cid@example.com", CALLS + 1) == [401] * CALLS + [429]
        assert time.monotonic() - began < REST
        assert first.read_text(encoding="utf-8").count("Redis fails") == 1
        with redis(port, tmp_path):
            time.sleep(max(0.0, REST - (time.monotonic() - began)) + 2.5)
            assert statuses([one], "dan@example.com", 1) == [401]
            assert len(ask(port, "--scan").splitlines()) == 1
