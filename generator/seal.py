"""The seal: a sign that the last run left nothing to do and nothing to say, with this plan and this lock.

It is not committed and nothing is only there: without it a run finds out again.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress

from generator.destination import Destination
from generator.lock import LOCK_FILE

CACHE = ".specwright/cache"
_SEAL = f"{CACHE}/seal"


def is_sealed(destination: Destination, sources: str) -> bool:
    """Say whether a run with these sources (a digest of all that answers are made from) has nothing new."""
    return destination.find(_SEAL).content == _digest(destination, sources)


def seal(destination: Destination, sources: str) -> None:
    """Note that a run with these sources is done; where that cannot be written, it is not noted."""
    content = _digest(destination, sources)
    if destination.find(_SEAL).content == content:
        return
    with suppress(OSError):
        folder = destination.folder / CACHE
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        (destination.folder / _SEAL).write_bytes(content)


def _digest(destination: Destination, sources: str) -> bytes:
    lock = destination.find(LOCK_FILE).content or b""
    return hashlib.sha256(sources.encode() + b"\0" + lock).hexdigest().encode()
