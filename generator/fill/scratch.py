"""A copy of a project in which bodies are proved: its files, the packages it has installed, and no secret."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.problems import PlanProblems, Problem

_LEFT_OUT = frozenset({"node_modules", "dist", "coverage", ".git", ".data", ".specwright", "tmp"})
_KEYS = (".pem", ".key", ".p12", ".pfx", ".jks")
_MOST_BYTES = 5_000_000
"""Bigger files have nothing to do with a body."""


@contextmanager
def scratch_copy(project: Path) -> Iterator[Path]:
    """Make a copy of a project that is removed in the end; `tmp` in it is for what is run.

    Raises:
        PlanProblems: its packages are not installed.
    """
    if not (project / "node_modules" / "vitest").exists():
        message = "The packages of the project are not installed, and a body is proved with its own tools"
        raise PlanProblems([Problem(None, message, "Run `npm ci`")])
    with tempfile.TemporaryDirectory(prefix="specwright-", ignore_cleanup_errors=True) as made:
        folder = Path(made).resolve() / project.name
        _copy(project, folder)
        for owner in (".", "server", "contract"):
            _borrow(project, folder, owner)
        (folder / "tmp").mkdir()
        for name in (".vite-temp", ".vite"):
            (folder / "tmp" / name).mkdir()
            (folder / "node_modules" / name).symlink_to(folder / "tmp" / name)
        yield folder


def secrets_of(project: Path) -> tuple[Path, ...]:
    """The files of a project that hold its settings: a copy has none, and what runs must not find these."""
    return tuple(
        place
        for folder in (project, project / "server")
        for place in sorted(folder.glob(".env*"))
        if place.name != ".env.example" and place.is_file()
    )


def _copy(project: Path, folder: Path) -> None:
    for place, folders, files in os.walk(project):
        folders[:] = [
            name
            for name in folders
            if name not in _LEFT_OUT and name[0] != "." and not (Path(place) / name).is_symlink()
        ]
        target = folder / Path(place).relative_to(project)
        target.mkdir(parents=True, exist_ok=True)
        for name in files:
            source = Path(place) / name
            # What is hidden is settings of people and tools, tokens among them; no body is proved with it.
            secret = name[0] == "." or name.endswith(_KEYS)
            if secret or name.endswith(".tsbuildinfo") or source.is_symlink() or not source.is_file():
                continue
            if source.stat().st_size <= _MOST_BYTES:
                shutil.copyfile(source, target / name)


def _borrow(project: Path, folder: Path, owner: str) -> None:
    """Link the packages of a project; its own workspaces are those of the copy."""
    modules = project / owner / "node_modules"
    if not modules.is_dir():
        return
    for entry in modules.iterdir():
        inner = entry.name.startswith("@")
        for package in entry.iterdir() if inner else [entry]:
            if package.name.startswith(".") and package.name != ".bin":
                continue
            target = package.resolve()
            if target.is_relative_to(project) and "node_modules" not in target.relative_to(project).parts:
                target = folder / target.relative_to(project)
            place = folder / owner / "node_modules" / package.relative_to(modules)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)
