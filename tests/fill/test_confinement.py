"""Real processes that mean harm: none outlives its limits, reaches the network, or writes elsewhere."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from generator.fill.confinement import Limits, Ran, confined

LIMITS = Limits(seconds=20, megabytes=300, processes=12, file_megabytes=5)


def run(folder: Path, code: str, limits: Limits = LIMITS, **more: Any) -> Ran:
    writable = folder / "writable"
    writable.mkdir(exist_ok=True)
    command = [sys.executable, "-I", "-c", code]
    return confined(command, folder, writable, limits, {"PATH": os.environ["PATH"]}, **more)


def left_of(mark: str) -> list[str]:
    """The processes whose command line has a mark."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in place.read_bytes():
                found.append(place.parent.name)
        except OSError:
            continue
    return found


@pytest.fixture(params=[True, False], ids=["namespaces", "limits"])
def apart(request: pytest.FixtureRequest, tmp_path: Path) -> bool:
    wanted = bool(request.param)
    if wanted and run(tmp_path, "pass").apart != "namespaces":
        pytest.skip("this system keeps nothing apart")
    return wanted


def test_a_command_runs_and_says_how_it_ended(tmp_path: Path, apart: bool) -> None:
    ran = run(tmp_path, "print('done'); raise SystemExit(7)", namespaces=apart)
    assert (ran.code, ran.output, ran.stopped) == (7, "done\n", "")
    assert ran.apart == ("namespaces" if apart else "limits")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("while True: pass", "did not end"),
        ("import time, signal; signal.signal(15, signal.SIG_IGN); time.sleep(99)", "did not end"),
        ("import time; kept = [b'x' * 1_000_000 for _ in range(2_000)]; time.sleep(99)", "memory"),
        # Should the confinement fail, these end by themselves before they can multiply.
        ("import os, time\nfor _ in range(40): os.fork() or (time.sleep(30), os._exit(0))\n"
         "time.sleep(99)", "processes"),
        ("import os, time\nfor _ in range(40):\n"
         "  if os.fork() == 0: os.setsid(); time.sleep(30); os._exit(0)\n"
         "time.sleep(99)", "processes"),
    ],
    ids=["loops", "ignores signals", "takes memory", "forks", "forks into other sessions"],
)  # fmt: skip
def test_nothing_outlives_its_limits(tmp_path: Path, apart: bool, code: str, said: str) -> None:
    mark = f"mark_{os.getpid()}_{abs(hash((code, apart)))}"
    began = time.monotonic()
    limits = Limits(seconds=2, megabytes=300, processes=12) if said == "did not end" else LIMITS
    ran = run(tmp_path, f"# {mark}\n{code}", limits, namespaces=apart)
    assert said in ran.stopped and time.monotonic() - began < 20
    assert left_of(mark) == []


def test_it_does_not_print_or_write_without_end(tmp_path: Path, apart: bool) -> None:
    ran = run(tmp_path, "while True: print('x' * 10_000)", namespaces=apart)
    assert ran.stopped or ran.code != 0
    assert len(ran.output) <= 200_000


def test_without_the_kernel_processes_do_not_escape_by_losing_their_parent(tmp_path: Path) -> None:
    mark = f"orphan_{os.getpid()}"
    code = (
        f"# {mark}\nimport os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(99)\n"
    )
    run(tmp_path, code + "  os._exit(0)\n", namespaces=False)
    assert left_of(mark) == []


class TestApart:
    """What the kernel sees to."""

    @pytest.fixture(autouse=True)
    def _apart(self, tmp_path: Path) -> None:
        if run(tmp_path, "pass").apart != "namespaces":
            pytest.skip("this system keeps nothing apart")

    def test_there_is_no_network_but_its_own_loopback(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            code = (
                "import socket\nown = socket.create_server(('127.0.0.1', 0))\n"
                "socket.create_connection(own.getsockname(), 2); print('own')\n"
                f"for place in (('127.0.0.1', {port}), ('192.0.2.1', 80)):\n"
                "  try: socket.create_connection(place, 2); print('reached')\n"
                "  except OSError: print('refused')\n"
            )
            assert run(tmp_path, code).output == "own\nrefused\nrefused\n"

    def test_nothing_is_written_but_in_its_folder(self, tmp_path: Path) -> None:
        (tmp_path / "kept").write_text("as it was")
        code = (
            "import os, shutil\n"
            "for place in ('kept', '/etc/x', '/tmp/x', '../x', os.path.expanduser('~/x')):\n"
            "  try: open(place, 'w').write('x'); print('written', place)\n"
            "  except OSError: pass\n"
            "shutil.rmtree('.', ignore_errors=True)\n"
            "open('writable/own', 'w').write('mine')\n"
        )
        ran = run(tmp_path, code)
        assert ran.code == 0 and "written" not in ran.output, ran.output
        assert (tmp_path / "kept").read_text() == "as it was"
        assert (tmp_path / "writable" / "own").read_text() == "mine"

    def test_what_is_hidden_is_empty(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("s3cret")
        ran = run(tmp_path, "print(repr(open('.env').read()))", hidden=[tmp_path / ".env"])
        assert ran.output == "''\n" and (tmp_path / ".env").read_text() == "s3cret"

    def test_the_walls_cannot_be_taken_down_from_inside(self, tmp_path: Path) -> None:
        (tmp_path / "kept").write_text("as it was")
        code = (
            "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
            f"print(libc.mount(None, b'/', None, 0x20 | 0x1000, None), libc.umount2(b'{tmp_path}', 2))\n"
            "print(libc.unshare(0x10000000 | 0x20000) and 'refused')\n"
            "try: open('kept', 'w').write('x'); print('written')\n"
            "except OSError: print('kept')\n"
        )
        ran = run(tmp_path, code)
        assert ran.output.startswith("-1 -1\n") and ran.output.endswith("kept\n"), ran.output
        assert (tmp_path / "kept").read_text() == "as it was"

    def test_other_processes_and_their_secrets_are_out_of_sight(self, tmp_path: Path) -> None:
        code = (
            "import os\n"
            f"place = '/proc/{os.getpid()}/environ'\n"
            "print(os.path.exists(place) and open(place).read())\n"
            "print(sorted(os.environ))\n"
        )
        output = run(tmp_path, code).output
        assert "PYTEST_CURRENT_TEST" not in output and output.splitlines()[-1] in (
            "['LC_CTYPE', 'PATH']",
            "['PATH']",
        )


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not there")
def test_without_the_kernel_a_process_of_node_is_refused_what_it_asks_for(tmp_path: Path) -> None:
    refusing = Path(__file__).parents[2] / "generator" / "fill" / "refusing.cjs"
    (tmp_path / "tmp").mkdir()
    (tmp_path / "kept").write_text("as it was")
    (tmp_path / "worker.mjs").write_text(
        "import net from 'node:net'; import fs from 'node:fs'; import { spawn } from 'node:child_process';\n"
        "const tried = [() => net.connect(80, '192.0.2.1'), () => spawn('true'), () => fs.rmSync('kept'),\n"
        "  () => fs.writeFileSync('kept', 'x'),\n"
        "  () => fs.writeFileSync(`${process.env.TMPDIR}/own`, 'mine')];\n"
        "for (const each of tried) { try { each(); process.send('done'); } "
        "catch (error) { process.send(error.message); } }\n"
        "process.disconnect();\n"
    )
    (tmp_path / "main.mjs").write_text(
        "import { fork } from 'node:child_process';\n"
        "fork('worker.mjs').on('message', (text) => console.log(text));\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(tmp_path / "tmp"),
        "NODE_OPTIONS": f"--require={refusing}",
    }
    ran = confined(["node", "main.mjs"], tmp_path, tmp_path / "tmp", LIMITS, environment, namespaces=False)
    refused = "Refused while a body is proved: "
    assert ran.output.splitlines() == [
        f"{refused}a connection",
        f"{refused}a process",
        f"{refused}a file",
        f"{refused}a file",
        "done",
    ]
    assert (tmp_path / "kept").read_text() == "as it was"
