"""What a command takes out of a person's hands is put aside below `.specwright/cache`, never thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from generator.folder.destination import Destination, Write
from generator.folder.seal import CACHE

ASIDE = f"{CACHE}/aside"
_IGNORED = f"{CACHE}/.gitignore"


def put_aside(destination: Destination, path: str, content: bytes) -> tuple[str, list[Write]]:
    """Return where a file goes, and the writes that put it there; what was put there before stays.

    Args:
        destination: the project.
        path: of the file.
        content: what stands in it.
    """
    for name in _names(path):
        found = destination.find(name)
        if found.content == content:
            return name, []
        if found.content is None and not found.blocked:
            hidden = destination.find(_IGNORED).content
            writes = [] if hidden is not None else [Write(_IGNORED, b"*\n")]
            return name, [*writes, Write(name, content)]
    raise AssertionError("there is always another name")


def _names(path: str) -> Iterator[str]:
    yield f"{ASIDE}/{path}"
    yield from (f"{ASIDE}/{path}.{number}" for number in count(2))
