"""Generated express-react projects for tests: written in this process, installed once, checked with their own tools."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from generator.blueprints import templates_folder
from generator.pipeline import Narrowing, generate, understand

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
CASES = Path(__file__).parents[1] / "cases"


def write_project(folder: Path) -> None:
    """Generate the project of the plan in a folder, as `specwright generate` does."""
    templates = templates_folder()
    generate(folder, understand(folder, templates), templates, Narrowing())


def install(folder: Path) -> Path:
    """Install what a generated project needs, from its own lockfile; returns its node_modules."""
    run(folder, ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"])
    return folder / "node_modules"


def borrow(folder: Path, modules: Path) -> None:
    """Give a project the packages of another one, and its own workspaces, without copying a file."""
    own = folder / "node_modules"
    for entry in modules.iterdir():
        inner = entry.name.startswith("@") and entry.name != "@app"
        for package in entry.iterdir() if inner else [entry]:
            if package.name != "@app":
                link(own / package.relative_to(modules), package)
    for name in ("contract", "server"):
        link(own / "@app" / name, folder / name)


def link(place: Path, target: Path) -> None:
    """Make a symbolic link, with the folders above it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def run(folder: Path, command: list[str], **environment: str) -> str:
    """Run a command and return what it prints; a failure shows the end of it."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"CI": "true", "NO_COLOR": "1"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)} in {folder} failed:\n{done.stdout[-6000:]}"
    return done.stdout


def check(folder: Path, modules: Path) -> None:
    """Compile a project strictly and lint it: no error, no warning, nothing to reformat."""
    binaries = modules / ".bin"
    run(folder, [str(binaries / "tsc"), "-b"])
    run(folder, [str(binaries / "biome"), "ci", "--error-on-warnings", "--max-diagnostics=10", "."])


def lines_in(paths: Iterable[Path]) -> int:
    """How many lines text files have together."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)
