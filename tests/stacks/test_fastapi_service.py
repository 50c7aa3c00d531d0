"""The notes of the stack fastapi, as a person would use them: installed, checked, fuzzed, changed by mistake."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.stacks.evolution import checkouts, evolved
from tests.stacks.fastapi_mutations import MUTATIONS, mutated
from tests.stacks.fastapi_plans import AWKWARD
from tests.stacks.test_fastapi import NOTES, PLAN, generated

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def notes() -> Iterator[Path]:
    """The generated notes with a virtual environment of all that they need; tests change copies only."""
    # As root the embedded server runs as another user, who has to reach what is installed here.
    folder = Path(tempfile.mkdtemp(prefix="specwright-notes-"))
    folder.chmod(0o755)
    generated(folder, NOTES.read_text(encoding="utf-8"))
    venv.create(folder / ".venv", with_pip=True)
    run(folder, folder / ".venv/bin/pip", "install", "--quiet", "-e", ".[dev]")
    # Where the tests of a copy run, its own `app` is found.
    run(folder, folder / ".venv/bin/pip", "uninstall", "--quiet", "--yes", "notes")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def postgresql(postgresql: str) -> str:
    """The URL of a PostgreSQL server with the folder of its socket where SQLAlchemy looks for it."""
    if "%2F" not in postgresql:
        return postgresql
    head, _, rest = postgresql.partition("@")
    host, _, database = rest.partition("/")
    return f"{head}@/{database}?host={unquote(host)}"


def attempt(folder: Path, *command: str | Path, **environment: str) -> tuple[int, str]:
    """Run a command and return how it ends and what it prints."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def run(folder: Path, *command: str | Path, **environment: str) -> str:
    """Run a command that must succeed, and return what it prints."""
    code, printed = attempt(folder, *command, **environment)
    assert code == 0, printed[-6000:]
    return printed


@pytest.mark.parametrize(
    "command", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)], ids=" ".join
)
def test_its_own_checks_pass(notes: Path, command: tuple[str, ...]) -> None:
    run(notes, notes / ".venv/bin" / command[0], *command[1:])


def test_its_tests_pass_on_their_embedded_database_and_cover_it(notes: Path, tmp_path: Path) -> None:
    report = tmp_path / "coverage.json"
    run(notes, notes / ".venv/bin/pytest", "--cov", f"--cov-report=json:{report}")
    totals = json.loads(report.read_text(encoding="utf-8"))["totals"]
    assert totals["percent_statements_covered"] >= 90
    assert totals["percent_branches_covered"] >= 85


def test_its_tests_pass_on_a_postgresql_server(notes: Path, postgresql: str) -> None:
    run(notes, notes / ".venv/bin/pytest", TEST_DATABASE_URL=postgresql)


def test_what_is_not_covered_fails(notes: Path, tmp_path: Path, postgresql: str) -> None:
    folder = copied(notes, tmp_path)
    shutil.rmtree(folder / "tests/controllers")
    (folder / "tests/test_store.py").unlink()
    code, printed = attempt(folder, notes / ".venv/bin/pytest", "--cov", TEST_DATABASE_URL=postgresql)
    assert code == 1
    assert re.search(r"Exit: [0-9.]+ % of the statements are covered, not 90 %", printed)


@pytest.mark.parametrize(
    "text",
    [
        AWKWARD,
        PLAN,
        PLAN.replace("    resource: true\n", ""),
        PLAN.replace("resource: true", "resource:\n      operations: [list]"),
    ],
    ids=["awkward", "small", "without resources", "list alone"],
)
def test_other_plans_pass_their_own_checks(notes: Path, tmp_path: Path, postgresql: str, text: str) -> None:
    generated(tmp_path, text)
    run(tmp_path, notes / ".venv/bin/mypy")
    run(tmp_path, notes / ".venv/bin/pytest", "--cov", TEST_DATABASE_URL=postgresql)


def test_alembic_works_from_its_command_line(notes: Path) -> None:
    alembic = notes / ".venv/bin/alembic"
    for _ in range(2):
        run(notes, alembic, "upgrade", "head")
        assert "No new upgrade operations detected" in run(notes, alembic, "check")
        run(notes, alembic, "downgrade", "base")


def copied(notes: Path, folder: Path) -> Path:
    """A copy of the project that may be changed."""
    own = folder / "notes"
    shutil.copytree(notes, own, ignore=shutil.ignore_patterns(".*", "__pycache__", "*.egg-info"))
    return own


@contextmanager
def served(notes: Path, log: Path) -> Iterator[str]:
    """The address of the running service, over its embedded database; it stops in order."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [notes / ".venv/bin/python", "-m", "app"],
            cwd=notes,
            env=os.environ | {"PORT": str(port)},
            stdout=output,
            stderr=output,
        )
    try:
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0, log.read_text(encoding="utf-8")
    finally:
        process.kill()
        process.wait()


def test_an_edited_project_works_after_all_releases(notes: Path, postgresql: str) -> None:
    def prove(folder: Path, last: bool) -> str:
        if not last:
            return ""
        run(folder, notes / ".venv/bin/mypy")
        run(folder, notes / ".venv/bin/ruff", "check")
        return run(folder, notes / ".venv/bin/pytest", TEST_DATABASE_URL=postgresql)

    # As root the embedded server of one of its tests runs as another user, who has to reach it.
    place = Path(tempfile.mkdtemp(prefix="specwright-evolution-"))
    place.chmod(0o755)
    with checkouts() as releases:
        steps = [*evolved("notes-fastapi", place / "notes", releases, prove)]
    shutil.rmtree(place, ignore_errors=True)
    assert [step.release for step in steps] == [*releases, "and a field"]
    assert not any(step.conflicts for step in steps) and "passed" in steps[-1].tests


@pytest.mark.parametrize("seed", [1, 20261123])
def test_schemathesis_finds_nothing(notes: Path, tmp_path: Path, seed: int) -> None:
    schemathesis = [Path(sys.executable).with_name("st"), "--config-file", notes / "schemathesis.toml", "run"]
    asked = ["--max-examples=100", "--workers=1", f"--seed={seed}", "--generation-database=none"]
    log = tmp_path / "service.log"
    with served(notes, log) as url:
        printed = run(tmp_path, *schemathesis, f"{url}/openapi.json", *asked, "--wait-for-schema=30")
    found = re.search(r"(\d+) generated, (\d+) passed", printed)
    assert found and found[1] == found[2] and int(found[1]) > 1000, printed[-3000:]
    assert '"status": 5' not in log.read_text(encoding="utf-8")
    # The embedded server went with the service.
    assert not (notes / ".data/postgresql/postmaster.pid").exists()


def test_every_mutation_is_noticed(notes: Path, tmp_path: Path, postgresql: str) -> None:
    folder = copied(notes, tmp_path)
    pytest_ = [notes / ".venv/bin/pytest", "--exitfirst", "--tb=no"]
    for tests in {mutation.tests for mutation in MUTATIONS}:
        run(folder, *pytest_, *tests, TEST_DATABASE_URL=postgresql)
    survivors = []
    for mutation, text in mutated(folder):
        path = folder / mutation.path
        original = path.read_text(encoding="utf-8")
        path.write_text(text, encoding="utf-8")
        code, printed = attempt(folder, *pytest_, *mutation.tests, TEST_DATABASE_URL=postgresql)
        path.write_text(original, encoding="utf-8")
        if code == 0:
            survivors.append(mutation.name)
        else:
            # A test that fails, not a module that cannot be loaded.
            assert code == 1 and "FAILED" in printed, f"{mutation.name}:\n{printed[-3000:]}"
    assert not survivors, "\n".join(["nothing failed for:", *survivors])
