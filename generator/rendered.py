"""What a render gives: files in memory. Not in render.py, so that reading them does not import copier."""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from generator.frozen import dataclass

_STRANGE = re.compile(r"[\\\0\n]")
_NO_STEPS = frozenset({"", ".", ".."})


class RenderError(Exception):
    """A template failed: a defect of the blueprint or the answers, never of a plan that passed its checks."""


@dataclass(frozen=True)
class RenderedFile:
    """One file of a render and where it comes from.

    `path` is relative to the project, with `/`; `template` is relative to the folder of the stack; `element`
    is what the path was yielded for (`entity:Task`), "" for a file that exists once.
    """

    path: str
    content: bytes
    executable: bool
    room: str
    template: str
    element: str


def refuse_escape(file: RenderedFile) -> None:
    """Refuse a path that leaves the project or that no system takes as it is.

    Raises:
        RenderError: with the template that made it.
    """
    if _STRANGE.search(file.path) or not _NO_STEPS.isdisjoint(file.path.split("/")):
        raise RenderError(f"{file.template}: the path {file.path!r} leaves the project")


def refuse_clashes(paths: Collection[str]) -> None:
    """Refuse what some file system cannot hold: names apart in case alone, a file in place of a folder.

    Raises:
        RenderError: with the two paths.
    """
    folded: dict[str, str] = {}
    for path in paths:
        if other := folded.get(path.casefold()):
            raise RenderError(f"{other} and {path} differ in case alone")
        folded[path.casefold()] = path
    folders: dict[str, str] = {}
    for path in paths:
        folder = path.casefold().rpartition("/")[0]
        while folder and folder not in folders:
            folders[folder] = path
            folder = folder.rpartition("/")[0]
    for folder, path in folders.items():
        if other := folded.get(folder):
            raise RenderError(f"{other} is a file and the folder of {path}")


@contextmanager
def naming(source: str, element: str = "") -> Iterator[None]:
    """Say which template failed, at which line and for what: errors of Jinja do not.

    Args:
        source: path of the template below the folder of its stack.
        element: what it is rendered for.

    Raises:
        RenderError: in place of whatever failed inside.
    """
    try:
        yield
    except RenderError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename.endswith(source)]
        line = lines[-1] if lines else getattr(error, "lineno", None)
        place = f"{source}:{line}" if line else source
        subject = f" for {element}" if element else ""
        kind = "" if type(error).__name__ == "UndefinedError" else f"{type(error).__name__}: "
        raise RenderError(f"{place}{subject}: {kind}{error}") from error


def label_of(value: Any) -> str:
    """What a file that a path yields for a value is said to be for: the name of an element."""
    if isinstance(value, Mapping):
        return str(value.get("id") or value.get("name") or value.get("version") or value.get("file") or "")
    return str(value)
