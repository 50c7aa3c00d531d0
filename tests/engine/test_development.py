"""`specwright dev` with a service of a few lines: real processes, and what is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.watching import Watch
from tests.engine.conftest import REPOSITORY
from tests.engine.test_generate_command import PLAN

SERVICE = """\
import http.server, os, pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])
pathlib.Path('child.pid').write_text(str(child.pid))
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(' '.join(sorted(os.listdir('server/src/models'))).encode())
    def log_message(self, *about): pass
http.server.ThreadingHTTPServer(('127.0.0.1', int(os.environ['PORT'])), Answer).serve_forever()
"""
DEV = "dev:\n  run: {python} service.py\n  port: 1\n  ready: /ready\n  watch: [service.py]\n  data: .data\n" \
    "  migrations: server/migrations/\n"  # fmt: skip
PATIENCE = 60.0


class Session:
    def __init__(self, folder: Path, templates: Path, port: int) -> None:
        self.folder, self.log = folder, folder.parent / "said"
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {
            "PORT": str(port),
            "PYTHONPATH": str(REPOSITORY),
            "SPECWRIGHT_TEMPLATES": str(templates),
        }
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "generator.cli", "dev"],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def until(self, seen: Callable[[str], bool]) -> str:
        deadline = time.monotonic() + PATIENCE
        while not seen(said := self.log.read_text()):
            assert time.monotonic() < deadline, said
            time.sleep(0.02)
        return said


@pytest.fixture
def session(tmp_path: Path, templates: Path, free_tcp_port: int) -> Iterator[Session]:
    manifest = templates / "blueprints/express-react/{{ when.base }}/blueprint.yml"
    manifest.write_text(manifest.read_text() + DEV.format(python=sys.executable))
    folder = tmp_path / "todo"
    (folder / ".data").mkdir(parents=True)
    (folder / ".data/rows").write_text("a row")
    (folder / "plan.yaml").write_text(PLAN)
    (folder / "service.py").write_text(SERVICE)
    running = Session(folder, templates, free_tcp_port)
    yield running
    if running.process.poll() is None:
        running.process.kill()


def lives(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().split(")")[-1].split()[0]
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_saved_plan_restarts_the_service_and_a_stop_ends_all(
    session: Session, number: signal.Signals, code: int
) -> None:
    session.until(lambda said: said.count("Ready at") == 1)
    first = int((session.folder / "child.pid").read_text())
    plan = session.folder / "plan.yaml"
    plan.write_text(PLAN.replace("varchar(80)", "varchr(80)"))
    said = session.until(lambda said: "runs on as it was" in said)
    assert "plan.yaml:10:13: there is no type `varchr`" in said and lives(first)
    plan.write_text(PLAN + "      due_on: date\n")
    said = session.until(lambda said: said.count("Ready at") == 2)
    assert "~ server/src/models/item.model.ts" in said and "files changed" in said
    assert "the development database is made anew" in said
    assert (session.folder / ".specwright/cache/database/rows").read_text() == "a row"
    assert not lives(first)
    second = int((session.folder / "child.pid").read_text())
    plan.write_text(PLAN + "      due_on: date\n# a comment\n")
    (session.folder / "service.py").write_text(SERVICE + "# mine\n")
    session.until(lambda said: said.count("Ready at") == 3)
    assert not lives(second)
    third = int((session.folder / "child.pid").read_text())
    session.process.send_signal(number)
    assert session.process.wait(timeout=30) == code
    assert "Stopped, and the service with it." in session.log.read_text() and not lives(third)


def test_a_service_that_fails_is_told_and_starts_again_after_a_change(session: Session) -> None:
    session.until(lambda said: said.count("Ready at") == 1)
    (session.folder / "service.py").write_text("raise SystemExit(7)\n")
    session.until(lambda said: "The service ended with code 7" in said)
    (session.folder / "service.py").write_text(SERVICE)
    session.until(lambda said: said.count("Ready at") == 2)


def test_a_watch_sees_what_comes_changes_and_goes(tmp_path: Path) -> None:
    (tmp_path / "src/inner").mkdir(parents=True)
    watch = Watch(tmp_path, ["src", "specs/*/plan.yaml", "one.txt"])
    assert not watch.changed()
    for path in ("src/inner/a.ts", "specs/001-a/plan.yaml", "one.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("1")
        assert watch.changed() and not watch.changed()
    (tmp_path / "src/inner/a.ts").write_text("22")
    assert watch.changed()
    (tmp_path / "src/inner/a.ts").unlink()
    assert watch.changed()
    (tmp_path / "src/node_modules").mkdir()
    (tmp_path / "src/node_modules/x").write_text("1")
    assert not watch.changed()
