"""docs/tutorial.md, followed to the letter: its commands are run and its edits are made, in order.

The word after ```sh says when: `stack` needs what npm installs, `service` goes on running, `install` is what
the tests have behind them. The text after commands must be in their output. Only the port is another one.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.docs.pages import DOCUMENTS, REPOSITORY, Block, blocks_of

BLOCKS = blocks_of(DOCUMENTS / "tutorial.md")
PATIENCE = 600.0
"""Seconds that a command may take on a busy machine."""


@dataclass
class Reader:
    """Somebody who follows the page, in a folder of their own."""

    home: Path
    with_stack: bool
    folder: Path = field(init=False)
    port: int = field(init=False)
    output: str = ""
    service: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        self.folder = self.home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        commands = self.home / "commands"
        commands.mkdir()
        command = commands / "specwright"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m generator.cli "$@"\n')
        command.chmod(0o755)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CI")},
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY),
            "PORT": str(self.port),
            "NO_COLOR": "1",
        }

    def follow(self, block: Block) -> None:
        """Do what a block of the page says."""
        step = getattr(self, f"_{block.language}", None)
        assert step is not None, f"{block}: what is {block.language}?"
        step(block)

    def _sh(self, block: Block) -> None:
        stack = block.word in ("stack", "service")
        if block.word == "install" or (stack and not self.with_stack):
            self.output = ""
            return
        script = block.text.replace("localhost:3000", f"127.0.0.1:{self.port}")
        if block.word == "service":
            self._serve(script)
            return
        done = subprocess.run(
            ["sh", "-ec", f"{script}\necho\npwd"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
        )
        self.output = done.stdout + done.stderr
        assert (done.returncode != 0) == ("fails" in block.names), f"{block}:\n{self.output}"
        if done.returncode == 0:
            self.folder = Path(done.stdout.splitlines()[-1])

    def _serve(self, script: str) -> None:
        self.service = subprocess.Popen(
            ["sh", "-c", f"exec {script}"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the service did not start")

    def _text(self, block: Block) -> None:
        for line in block.text.splitlines() if self.output else ():
            assert line in self.output, f"{block}: {line!r} is not in\n{self.output}"

    def _yaml(self, block: Block) -> None:
        (name,) = block.names
        file = self.folder / name
        if block.word == "shows":
            assert block.text in file.read_text(encoding="utf-8")
        else:
            assert block.word == "append", f"{block}: what is {block.word}?"
            with file.open("a", encoding="utf-8") as target:
                target.write(block.text)

    def _diff(self, block: Block) -> None:
        lines = block.text.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        self._replace(self.folder / block.word, before, after, block)

    def _ts(self, block: Block) -> None:
        (name,) = block.names
        files = [
            path
            for path in self.folder.glob("server/src/**/*.ts")
            if f"// slot: {name}\n" in path.read_text()
        ]
        assert len(files) == 1
        fallback = re.search(
            rf"// slot: {re.escape(name)}\n(.*?)^ *// end slot",
            files[0].read_text(),
            re.MULTILINE | re.DOTALL,
        )
        assert fallback is not None
        self._replace(files[0], fallback[1], block.text, block)
        if self.service is not None:
            time.sleep(2)
            self._wait()

    def _replace(self, file: Path, before: str, after: str, block: Block) -> None:
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, (
            f"{block}: {before!r} stands {text.count(before)} times in {file.name}"
        )
        file.write_text(text.replace(before, after), encoding="utf-8")

    def stop(self) -> None:
        """End the service, if it was started."""
        if self.service is not None:
            os.killpg(self.service.pid, signal.SIGTERM)
            self.service.wait(timeout=60)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "home"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def follow(home: Path, *, with_stack: bool) -> None:
    reader = Reader(home, with_stack)
    try:
        for block in BLOCKS:
            reader.follow(block)
    finally:
        reader.stop()


def test_the_plans_of_the_tutorial_generate(home: Path) -> None:
    follow(home, with_stack=False)


@pytest.mark.stack
def test_the_tutorial_ends_with_a_criterion_that_failed_and_now_passes(home: Path) -> None:
    follow(home, with_stack=True)
