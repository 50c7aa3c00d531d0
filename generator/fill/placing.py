"""Files in a folder that anybody may have prepared: links are not followed."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def put(place: Path, content: bytes) -> None:
    """Write a file at once, or not at all; what stands in its place is replaced, never written through."""
    staged = place.with_name(f"{place.name}.new")
    with suppress(FileNotFoundError):
        staged.unlink()
    handle = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    staged.replace(place)


def content_of(place: Path, most: int) -> bytes:
    """Read a plain file.

    Raises:
        OSError: there is none, it is a link or no plain file, or it has more bytes than `most`.
    """
    handle = os.open(place, os.O_RDONLY | _NO_LINK)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise OSError(f"{place.name} is no plain file of at most {most} bytes")
        return file.read(most + 1)
