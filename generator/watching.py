"""What has changed in a project since one last looked: by time and size, so it works on every file system."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

_LEFT_OUT = frozenset({"node_modules", "__pycache__", "dist", ".git", ".venv"})


class Watch:
    """Files and folders that are looked at again and again."""

    def __init__(self, folder: Path, places: Sequence[str]) -> None:
        """Begin to watch.

        Args:
            folder: the project.
            places: files, folders (with all below them), or patterns with `*`.
        """
        self._folder, self._places = folder, places
        self._seen = self._look()

    def changed(self) -> bool:
        """Say whether something has changed, come or gone since the last question."""
        before, self._seen = self._seen, self._look()
        return before != self._seen

    def _look(self) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for place in self._places:
            paths = self._folder.glob(place) if "*" in place else [self._folder / place]
            for path in paths:
                for file in _files(str(path)):
                    try:
                        status = os.stat(file)
                    except OSError:
                        continue  # gone while we look: the next question sees it
                    found[file] = (status.st_mtime_ns, status.st_size)
        return found


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name in _LEFT_OUT:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            else:
                yield entry.path
