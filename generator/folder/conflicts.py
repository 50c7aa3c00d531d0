"""A merge that a person has to finish: which files hold conflicts, and what stood there before it.

The state is in the cache folder, not committed: without it a merge cannot be taken back, no more.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Any

from generator.folder.destination import Destination, Write, digest
from generator.folder.seal import CACHE
from generator.frozen import dataclass
from generator.git import MARKER, GitError, mark_unmerged, stored

STATE_FILE = f"{CACHE}/merge.json"
ASIDE = f"{CACHE}/aborted"
_IGNORED = f"{CACHE}/.gitignore"
_UNTOLD = f"{CACHE}/unmerged.json"
_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class UnfinishedMerge:
    """A run that left conflicts: the files that hold them, and what every file was that it wrote.

    `before` has None for a file that was not there; `after` has the hashes of what the run left, `staged`
    what the index of git had of the files with conflicts.
    """

    conflicts: tuple[str, ...]
    before: Mapping[str, bytes | None]
    after: Mapping[str, str | None]
    staged: Mapping[str, str] = field(default_factory=dict)


class OpenConflicts(Exception):
    """Files still hold the conflicts of the last merge: `paths`."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = tuple(paths)


def noted(
    destination: Destination, conflicts: Sequence[str], writes: Iterable[Write], staged: Mapping[str, str]
) -> list[Write]:
    """Return the writes that note a merge with conflicts, or that one is over.

    Args:
        destination: the project, as it is before the run.
        conflicts: paths of the files that get markers.
        writes: all that the run writes.
        staged: what the index of git has of the files that get markers.
    """
    state, hidden = (destination.find(path).content for path in (STATE_FILE, _IGNORED))
    if not conflicts:
        return [Write(STATE_FILE, None, before=state)] if state is not None else []
    kept = [
        {
            "path": write.path,
            "before": None if write.before is None else base64.b64encode(write.before).decode(),
            "after": digest(write.content),
        }
        for write in writes
    ]
    data = {"version": 1, "conflicts": [*conflicts], "staged": dict(staged), "files": kept}
    text = json.dumps(data, indent=1)
    note = Write(STATE_FILE, f"{text}\n".encode(), before=state)
    return [note] if hidden else [Write(_IGNORED, b"*\n"), note]


def untold(destination: Destination, conflicts: Mapping[str, tuple[Sequence[bytes], str]]) -> list[Write]:
    """Return the write that notes which versions git is to know of files with conflicts, once they are there.

    Args:
        destination: the project, as it is before the run.
        conflicts: by path base, ours and theirs, and where the file stood before, if it moved.
    """
    found = {}
    for path, (versions, former) in conflicts.items():
        names = stored(destination.folder, versions)
        if names:
            found[path] = {"versions": names, "former": former}
    if not found:
        return []
    content = f"{json.dumps(found, indent=1)}\n".encode()
    return [Write(_UNTOLD, content, before=destination.find(_UNTOLD).content)]


def has_untold(folder: Path) -> bool:
    """Say whether a run was broken off before git knew of its conflicts."""
    return (folder / _UNTOLD).is_file()


def tell_git(folder: Path) -> tuple[str, ...]:
    """Let git know of the conflicts that a run has written, as far as nobody has touched the files since.

    Returns:
        The files that are unmerged in its index now.
    """
    destination = Destination(folder)
    text = destination.find(_UNTOLD).content
    if text is None:
        return ()
    merge, told = unfinished(destination), []
    try:
        for path, noted in json.loads(text).items():
            if merge is None or digest(destination.find(path).content) != merge.after.get(path, ""):
                continue
            versions, former = [str(name) for name in noted["versions"]], str(noted["former"])
            whole = len(versions) == 3 and all(_NAME.fullmatch(name) for name in versions)
            if whole and mark_unmerged(folder, path, versions, former):
                told.append(path)
    except GitError:
        # Somebody holds the index: the next command tries it again.
        return tuple(told)
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    with suppress(OSError):
        (folder / _UNTOLD).unlink()
    return tuple(told)


def refuse_open(destination: Destination) -> None:
    """Make sure that nobody is in the middle of a merge.

    Raises:
        OpenConflicts: a file of the last one still holds a marker.
    """
    if paths := open_conflicts(destination):
        raise OpenConflicts(paths)


def open_conflicts(destination: Destination) -> list[str]:
    """Return the files in which markers of the last run still stand."""
    merge = unfinished(destination)
    return [path for path in merge.conflicts if holds_marker(destination.find(path).content)] if merge else []


def unfinished(destination: Destination) -> UnfinishedMerge | None:
    """Return what is noted of the last merge, None where there is nothing or it cannot be read."""
    try:
        data: dict[str, Any] = json.loads(destination.text(STATE_FILE))
        files = data["files"]
        return UnfinishedMerge(
            tuple(data["conflicts"]),
            {
                file["path"]: None if file["before"] is None else base64.b64decode(file["before"])
                for file in files
            },
            {file["path"]: file["after"] for file in files},
            {str(path): str(line) for path, line in data.get("staged", {}).items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def holds_marker(content: bytes | None) -> bool:
    """Say whether a file holds the line with which a conflict of ours begins."""
    return any(line.rstrip() == MARKER for line in (content or b"").splitlines())


def taken_back(destination: Destination, merge: UnfinishedMerge) -> tuple[list[Write], tuple[str, ...]]:
    """Return the writes that undo a merge.

    Args:
        destination: the project.
        merge: what is noted of it.

    Returns:
        The writes, and the files that were edited since: what they are now is put aside below :data:`ASIDE`.
    """
    writes, edited = [], []
    for path, before in merge.before.items():
        now = destination.find(path).content
        if now == before:
            continue
        if now is not None and digest(now) != merge.after[path]:
            edited.append(path)
            aside = f"{ASIDE}/{path}"
            writes.append(Write(aside, now, before=destination.find(aside).content))
        writes.append(Write(path, before, before=now))
    return [*writes, Write(STATE_FILE, None, before=destination.find(STATE_FILE).content)], tuple(edited)
