"""What the machine has: Python, git, Node and npm, against what Specwright and the generated code need."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from generator.frozen import dataclass

_SPECWRIGHT_NEEDS = {"python": "3.11"}
_WHY = {
    "python": "runs Specwright",
    "git": "keeps the history of your project; updates need it, generating does not",
    "node": "runs what is generated",
    "npm": "installs what is generated",
    "uv": "installs what is generated",
}
_OPTIONAL = {"git": "2.24"}
_VERSION = re.compile(r"\d+(?:\.\d+)+")


@dataclass(frozen=True)
class Tool:
    """One command: the version that is needed, the one found ("" when it is missing), and what it is for."""

    name: str
    needed: str
    found: str
    why: str

    @property
    def good(self) -> bool:
        """Whether it is there and new enough."""
        return bool(self.found) and _numbers(self.found) >= _numbers(self.needed)


def examine(needs: Mapping[str, str]) -> tuple[Tool, ...]:
    """Look for Python, git, and the commands that generated code needs.

    Args:
        needs: least version by command, from the manifests of the rooms.

    Returns:
        One entry for each command; missing ones have no version.
    """
    wanted = {**_SPECWRIGHT_NEEDS, **_OPTIONAL, **needs}
    with ThreadPoolExecutor() as pool:
        versions = list(pool.map(_version, wanted))
    return tuple(
        Tool(name, needed, found, _WHY.get(name, "runs what is generated"))
        for (name, needed), found in zip(wanted.items(), versions, strict=True)
    )


def combined_needs(needs: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return for each command the highest of the versions that are asked for."""
    result: dict[str, str] = {}
    for need in needs:
        for name, version in need.items():
            if _numbers(version) > _numbers(result.get(name, "0")):
                result[name] = version
    return result


def _version(name: str) -> str:
    if name == "python":
        return platform.python_version()
    command = shutil.which(name)
    if command is None:
        return ""
    if name == "npm" and (found := _version_beside(Path(command))):
        return found
    try:
        done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = _VERSION.search(done.stdout)
    return match[0] if done.returncode == 0 and match else ""


def _version_beside(command: Path) -> str:
    """npm takes a quarter of a second to say its version; its package.json stands two folders above it."""
    try:
        package = json.loads((command.resolve().parents[1] / "package.json").read_bytes())
        return str(package["version"]) if package["name"] == "npm" else ""
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
