"""Measures a generated service on its embedded database: `python -m tests.benchmarks.service FOLDER`.

FOLDER is a generated and installed project of the example task-tracker. It is built, started on an empty
database in memory, filled over its own endpoints, and read over 20 connections that are kept open.
"""

from __future__ import annotations

import http.client
import json
import math
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 20
PROJECTS = 300
PATIENCE = 120.0


@dataclass(frozen=True)
class Reading:
    """One kind of read over all connections: how many, those without a 200, and milliseconds.

    `processor` are those of the service's processor for one read: on a machine that does nothing else,
    all connections wait about as long as their reads take one after the other.
    """

    name: str
    requests: int
    errors: int
    median: float
    p95: float
    processor: float


@dataclass(frozen=True)
class Measured:
    """Seconds from the start of the process to its first answer, of clock and processor; the reads."""

    started: float
    processor: float
    readings: tuple[Reading, ...]


def measure(project: Path, seconds: float = 8.0) -> Measured:
    """Build and start a service and read from it.

    Args:
        project: an installed task tracker.
        seconds: how long each kind of read goes on.
    """
    subprocess.run([str(project / "node_modules/.bin/tsc"), "--build"], cwd=project, check=True)
    with _running(project) as (port, process, started):
        processor = _processor(process)
        ids = _fill(port)
        reads = {
            "a row": [f"/projects/{name}" for name in ids],
            "a page of 20 rows": [f"/projects?limit=20&offset={20 * page}" for page in range(PROJECTS // 20)],
            "a search": [f"/projects?search=number+{number}&limit=20" for number in range(PROJECTS)],
        }
        readings = [_read(port, process, name, paths, seconds) for name, paths in reads.items()]
        return Measured(started, processor, tuple(readings))


@contextmanager
def _running(project: Path) -> Iterator[tuple[int, int, float]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CI")}
    environment |= {
        "PORT": str(port),
        "DATA_FOLDER": ":memory:",
        "RATE_LIMIT_PER_MINUTE": "0",
        "LOG_LEVEL": "error",
        "NODE_ENV": "production",
    }
    began = time.monotonic()
    process = subprocess.Popen(["node", "server/dist/server.js"], cwd=project, env=environment)
    try:
        while True:
            try:
                status, _ = _ask(http.client.HTTPConnection("127.0.0.1", port), "GET", "/projects")
            except OSError:
                status = 0
            if status == 200:
                break
            assert process.poll() is None and time.monotonic() - began < PATIENCE, (
                "the service does not answer"
            )
            time.sleep(0.01)
        yield port, process.pid, time.monotonic() - began
    finally:
        process.terminate()
        process.wait()


def _processor(process: int) -> float:
    """Seconds of the processor that a process has taken, where the system says so."""
    status = Path(f"/proc/{process}/stat")
    if not status.exists():
        return math.nan
    fields = status.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: object = None
) -> tuple[int, bytes]:
    headers = {"content-type": "application/json"} if body is not None else {}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _fill(port: int) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    ids = []
    for number in range(PROJECTS):
        body = {
            "key": f"P{number}",
            "name": f"Project number {number}",
            "description": "What is to be done. " * 5,
        }
        status, text = _ask(connection, "POST", "/projects", body)
        assert status == 201, text
        ids.append(json.loads(text)["id"])
    return ids


def _read(port: int, process: int, name: str, paths: list[str], seconds: float) -> Reading:
    taken: list[float] = []
    errors: list[str] = []
    until, before = time.monotonic() + seconds, _processor(process)

    def work(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        at = first
        while time.monotonic() < until:
            began = time.perf_counter()
            try:
                status, _ = _ask(connection, "GET", paths[at % len(paths)])
            except (OSError, http.client.HTTPException) as error:
                errors.append(str(error))
                connection = http.client.HTTPConnection("127.0.0.1", port)
                continue
            taken.append((time.perf_counter() - began) * 1000)
            if status != 200:
                errors.append(str(status))
            at += 1

    workers = [threading.Thread(target=work, args=(7 * number,)) for number in range(CONNECTIONS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    taken.sort()
    median, p95 = taken[len(taken) // 2], taken[math.ceil(0.95 * len(taken)) - 1]
    processor = (_processor(process) - before) * 1000 / len(taken)
    return Reading(name, len(taken), len(errors), median, p95, processor)


def main() -> None:
    """Print the table."""
    seconds = 8.0
    found = measure(Path(sys.argv[1]).resolve(), seconds)
    heads = (f"read over {CONNECTIONS} connections", "a second", "median", "p95", "processor, each", "errors")
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    for reading in found.readings:
        print(
            f"| {reading.name} | {reading.requests / seconds:.0f} | {reading.median:.0f} ms "
            f"| {reading.p95:.0f} ms | {reading.processor:.1f} ms | {reading.errors} |"
        )
    print(
        f"\nFrom the start of the process to its first answer: {found.started:.1f} s, "
        f"{found.processor:.1f} s of the processor."
    )


if __name__ == "__main__":
    main()
