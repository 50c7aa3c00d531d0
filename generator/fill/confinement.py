"""Runs commands over code that nobody trusts: within limits of time, memory and processes, and apart."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event

from generator.frozen import dataclass

_JAIL = Path(__file__).with_name("jail.py")
_MOST_OUTPUT = 200_000
"""Bytes that are kept of what a command prints."""
_LOOK = 0.05
"""Seconds between two looks at what a command uses."""


@dataclass(frozen=True)
class Limits:
    """What a command may use: seconds by the clock, megabytes of memory, processes, megabytes in a file."""

    seconds: float = 60
    megabytes: int = 2_500
    processes: int = 48
    file_megabytes: int = 200


@dataclass(frozen=True)
class Ran:
    """How a command ended: `stopped` says which limit it met, "" for none; `apart` by what it was kept apart.

    `apart` is `namespaces` (no network, no other process, nothing to write but one folder: the kernel sees to
    it) or `limits`.
    """

    code: int
    output: str
    stopped: str
    apart: str


def confined(
    command: Sequence[str],
    folder: Path,
    writable: Path,
    limits: Limits,
    environment: Mapping[str, str],
    *,
    namespaces: bool = True,
    hidden: Iterable[Path] = (),
    stop: Event | None = None,
) -> Ran:
    """Run a command to its end, or to that of its limits; nothing that it started is left after that.

    Args:
        command: what to run.
        folder: where.
        writable: the one folder that it may write to.
        limits: what it may use.
        environment: all that it is told of the machine.
        namespaces: keep it apart by the kernel where that is allowed.
        hidden: files that it finds empty, where it is kept apart by the kernel.
        stop: ends it once it is set.
    """
    heard, says = os.pipe()
    wanted = {
        "namespaces": namespaces,
        "writable": str(writable),
        "hidden": [str(each.resolve()) for each in hidden],
        "says": says,
        "processor_seconds": int(limits.seconds * 2) + 1,
        "file_megabytes": limits.file_megabytes,
    }
    with TemporaryFile() as printed:
        process = subprocess.Popen(
            [sys.executable, "-I", str(_JAIL), json.dumps(wanted), *command],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(says,),
        )
        os.close(says)
        stopped = ""
        try:
            with os.fdopen(heard, "rb") as answer:
                apart = answer.readline().decode().strip() or "nothing"
            until = time.monotonic() + limits.seconds
            while process.poll() is None and not stopped:
                stopped = _exceeded(process.pid, limits, until, os.fstat(printed.fileno()).st_size)
                stopped = "it was stopped" if stop is not None and stop.is_set() else stopped
                if not stopped:
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(_LOOK)
        finally:
            _end(process)
        printed.seek(max(0, os.fstat(printed.fileno()).st_size - _MOST_OUTPUT))
        text = printed.read().decode(errors="replace")
    return Ran(process.returncode, text, stopped, apart)


def _exceeded(process: int, limits: Limits, until: float, printed: int) -> str:
    if time.monotonic() > until:
        return f"it did not end within {limits.seconds:g} seconds"
    running = _below(process)
    if len(running) > limits.processes:
        return f"it started more than {limits.processes} processes"
    if sum(map(_memory, running)) > limits.megabytes * 1_000_000:
        return f"it took more than {limits.megabytes:,} megabytes of memory"
    if printed > limits.file_megabytes * 1_000_000 // 2:
        return "it printed without end"
    return ""


def _below(process: int) -> list[int]:
    """All that a process has started and what these have; the jail is the parent of those without one."""
    parents: dict[int, list[int]] = {}
    with suppress(OSError):
        for name in os.listdir("/proc"):  # noqa: PTH208  # many times in a second
            if name.isdigit():
                with suppress(OSError, IndexError, ValueError), open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                    parent = int(file.read().rpartition(b")")[2].split()[1])
                    parents.setdefault(parent, []).append(int(name))
    found, waiting = [], [process]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def _memory(process: int) -> int:
    with suppress(OSError, IndexError, ValueError):
        pages = int(Path(f"/proc/{process}/statm").read_bytes().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command and all below it, whatever session they went to: the jail dies last."""
    for _ in range(200):
        left = _below(process.pid)
        _kill(left)
        if not left:
            break
        time.sleep(0.01)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    _kill([process.pid])
    process.wait()


def _kill(processes: Iterable[int]) -> None:
    for each in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(each, signal.SIGKILL)
