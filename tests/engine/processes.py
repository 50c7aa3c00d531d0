"""Commands of Specwright as processes that start at once: forked from this one, which loaded all modules."""

from __future__ import annotations

import concurrent.futures.thread
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from generator import answers, pipeline, render
from generator.cli import main
from generator.folder import journal, recovery
from generator.languages.typescript import facts

LOADED = (concurrent.futures.thread, answers, journal, pipeline, recovery, render, facts)


@dataclass
class Running:
    """A command that was started."""

    process: int
    output: IO[bytes]
    began: float

    def stop(self, number: signal.Signals, after: float) -> None:
        """Send a signal, so many seconds after the start."""
        time.sleep(max(0.0, self.began + after - time.monotonic()))
        os.kill(self.process, number)

    def ended(self) -> tuple[int, str, float]:
        """Wait for the end: exit code (negative: the signal that killed it), output, seconds it took."""
        _, status = os.waitpid(self.process, 0)
        took = time.monotonic() - self.began
        self.output.seek(0)
        return os.waitstatus_to_exitcode(status), self.output.read().decode(), took


def started(*arguments: str, user: int | None = None) -> Running:
    """Start a command, as another user if one is given; nothing of the tests runs in it."""
    output = TemporaryFile()  # noqa: SIM115
    began = time.monotonic()
    process = os.fork()
    if process == 0:
        code = 70
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            # What tests wrote in this process is nothing that the command wrote.
            journal.WRITTEN.clear()
            for number in (1, 2):
                os.dup2(output.fileno(), number)
            sys.stdout, sys.stderr = (os.fdopen(number, "w") for number in (1, 2))
            if user is not None:
                os.setgid(user)
                os.setuid(user)
            main([*arguments])
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 1 if leaving.code else 0
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return Running(process, output, began)


def run(folder: Path, *arguments: str, user: int | None = None) -> tuple[int, str, float]:
    """Run a command in a project to its end."""
    return started(*arguments, "-C", str(folder), user=user).ended()


def generated(folder: Path, plan: str) -> Path:
    """A new folder in which a plan has been generated."""
    folder.mkdir()
    (folder / "plan.yaml").write_text(plan)
    code, said, _ = run(folder, "generate")
    assert code == 0, said
    return folder
