"""The development service: a command of the stack that is started, asked whether it is ready, and ended."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from generator.blueprints import Room
from generator.frozen import dataclass

_PATIENCE = 5.0
"""Seconds a service is given to end by itself."""
_ASKING = 0.03
"""Seconds between two questions whether it is ready."""


@dataclass(frozen=True)
class ServicePlan:
    """How a stack is run while it is developed, from the key `dev` of a manifest.

    `run` is the command; `port` where it listens unless PORT says otherwise; `ready` the path that answers
    once it serves; `watch` what it must be restarted for; `commands` folders of its own commands;
    `data` the folder of its embedded database, which `migrations` make.
    """

    run: str
    port: int
    ready: str
    watch: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    data: str = ""
    migrations: str = ""


def service_plan(rooms: tuple[Room, ...]) -> ServicePlan | None:
    """Return how the stack of some rooms is run, None if none of them says so."""
    for room in rooms:
        if room.dev:
            return ServicePlan(
                run=str(room.dev["run"]),
                port=int(room.dev["port"]),
                ready=str(room.dev["ready"]),
                watch=tuple(room.dev.get("watch") or ()),
                commands=tuple(room.dev.get("commands") or ()),
                data=str(room.dev.get("data") or ""),
                migrations=str(room.dev.get("migrations") or ""),
            )
    return None


class Service:
    """One running service of a project, restarted as often as needed."""

    def __init__(self, folder: Path, plan: ServicePlan, environment: Mapping[str, str]) -> None:
        self.folder, self.plan = folder, plan
        own = [str((folder / place).resolve()) for place in plan.commands]
        path = os.pathsep.join([*own, environment.get("PATH", "")])
        self._environment = {**environment, "PATH": path}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers: the port of the environment, of the file .env, or that of the stack."""
        port = self._environment.get("PORT") or self._from_file("PORT") or str(self.plan.port)
        return f"http://127.0.0.1:{port}"

    @property
    def has_own_database(self) -> bool:
        """Whether it keeps its data in the project, and not on a server that somebody named."""
        named = self._environment.get("DATABASE_URL") or self._from_file("DATABASE_URL")
        return bool(self.plan.data) and not named

    def start(self) -> None:
        """Start it.

        Raises:
            OSError: the command is not there.
        """
        self._process = subprocess.Popen(
            shlex.split(self.plan.run),
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait(self) -> int | None:
        """Return None once it is ready, or the exit code it ended with instead."""
        while self._process is not None:
            if (code := self._process.poll()) is not None:
                return code
            try:
                with urllib.request.urlopen(self.url + self.plan.ready, timeout=2):
                    return None
            except OSError:
                time.sleep(_ASKING)
        return None

    def ended(self) -> int | None:
        """Return the exit code if it has ended by itself, once."""
        code = self._process.poll() if self._process else None
        if code is not None:
            self._process = None
        return code

    def stop(self) -> None:
        """End it and all it has started: politely, then not."""
        process, self._process = self._process, None
        if process is None:
            return
        _signal_group(process.pid, signal.SIGTERM)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()

    def _from_file(self, name: str) -> str:
        with suppress(OSError):
            text = (self.folder / ".env").read_text(encoding="utf-8", errors="replace")
            found = re.search(rf"^\s*{name}\s*=\s*['\"]?([^'\"\s#]+)", text, re.MULTILINE)
            return found[1] if found else ""
        return ""


def _signal_group(process: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process, number)
