"""The seal: a sign that the last run left nothing to do and nothing to say, with this plan and this lock.

Beside it stands the plan itself with its outline, so that the next run can see what was edited. Neither is
committed and nothing is only there: without them a run finds out again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress

from generator.folder.destination import Destination
from generator.folder.lock import LOCK_FILE

CACHE = ".specwright/cache"
_SEAL = f"{CACHE}/seal"
_PLAN = f"{CACHE}/plan.json"


def is_sealed(destination: Destination, sources: str) -> bool:
    """Say whether a run with these sources (a digest of all that answers are made from) has nothing new."""
    return destination.find(_SEAL).content == _digest(destination, sources)


def seal(destination: Destination, sources: str) -> None:
    """Note that a run with these sources is done; where that cannot be written, it is not noted."""
    content = _digest(destination, sources)
    if destination.find(_SEAL).content == content:
        return
    write_cache(destination, _SEAL, content)


def remember(destination: Destination, text: str, begins: Mapping[str, int], end: int) -> None:
    """Note the plan of the last run, the line in which each entity begins, and the one after the last."""
    content = json.dumps({"text": text, "begins": begins, "end": end}, separators=(",", ":")).encode()
    if destination.find(_PLAN).content != content:
        write_cache(destination, _PLAN, content)


def remembered(destination: Destination) -> tuple[str, dict[str, int], int] | None:
    """Return what `remember` noted, None where nothing was or it cannot be read.

    It may be of any earlier run: it counts only while its text is sealed.
    """
    try:
        data = json.loads(destination.text(_PLAN))
        begins = {str(name): int(line) for name, line in data["begins"].items()}
        return str(data["text"]), begins, int(data["end"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def write_cache(destination: Destination, path: str, content: bytes) -> None:
    """Write a file that is not committed; where that cannot be done, it is not there.

    Args:
        destination: the project.
        path: of the file, in `CACHE`.
        content: its bytes.
    """
    with suppress(OSError):
        folder = destination.folder / CACHE
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        (destination.folder / path).write_bytes(content)


def _digest(destination: Destination, sources: str) -> bytes:
    lock = destination.find(LOCK_FILE).content or b""
    return hashlib.sha256(sources.encode() + b"\0" + lock).hexdigest().encode()
