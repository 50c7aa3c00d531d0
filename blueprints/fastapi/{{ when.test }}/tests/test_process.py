"""The service as a process: it starts, serves and stops in order, or says why it does not start."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2

from app.database import Database

ROOT = Path(__file__).resolve().parents[1]


def start(**environment: str) -> subprocess.Popen[str]:
    """Start the service with settings."""
    return subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_it_serves_until_it_is_told_to_stop(empty_database: Database) -> None:
    url = empty_database.engine.url.set(drivername="postgresql")
    address = f"http://127.0.0.1:{(port := free_port())}"
    process = start(DATABASE_URL=url.render_as_string(hide_password=False), PORT=str(port))
    assert process.stdout is not None
    try:
        assert json.loads(process.stdout.readline())["address"] == address
        transport = httpx2.HTTPTransport(retries=20)
        with httpx2.Client(transport=transport) as client:
            assert client.get(f"{address}/health/ready").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()


def test_it_says_why_it_does_not_start() -> None:
    process = start(PORT="high")
    _, told = process.communicate(timeout=30)
    assert process.returncode == os.EX_CONFIG
    assert "PORT" in told


def test_it_says_when_it_cannot_use_the_database() -> None:
    process = start(DATABASE_URL=f"postgresql://127.0.0.1:{free_port()}/none")
    _, told = process.communicate(timeout=30)
    assert process.returncode == os.EX_UNAVAILABLE
    assert told.startswith("The database cannot be used: ")
