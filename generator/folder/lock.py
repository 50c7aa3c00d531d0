"""The lock, `.specwright/lock.json`: which files are ours and what they were when they were generated.

It is derived from a render and nothing is only there, so a lost or damaged lock is built anew. `whole` is a
digest of all the rest: what git has made of the locks of two branches, line by line, is no lock of any run.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from json.encoder import encode_basestring_ascii as _text
from typing import Any, NamedTuple

from generator.frozen import dataclass
from generator.recording import ANSWERS_FILE
from generator.rendered import RenderedFile
from generator.slots import content_hash, may_hold_slots, skeleton_hash

LOCK_FILE = ".specwright/lock.json"


class LockedFile(NamedTuple):
    """One file of ours: where it comes from, and the hash of its bytes as generated, slot bodies left out.

    `shared` marks a file that stood here before us and that we add lines or keys to; `executable` one that is
    generated so. `at` is where a person has put it, "" where it is generated. `kept` says what became of it
    against what is generated: `deleted` by a person, or `orphaned`: edited, and generated no more.
    """

    path: str
    room: str
    template: str
    element: str
    hash: str
    shared: bool = False
    executable: bool = False
    at: str = ""
    kept: str = ""

    @property
    def place(self) -> str:
        """Where the file stands in the project."""
        return self.at or self.path

    def is_of(self, content: bytes, *, slotted: bool | None = None) -> bool:
        """Say whether bytes are what was generated, slot bodies aside.

        Args:
            content: of the file.
            slotted: whether slots may be in it, if that is known.
        """
        if slotted is None:
            # No line of the answers begins as a marker does, and they are long.
            slotted = self.path != ANSWERS_FILE and may_hold_slots(content)
        return (skeleton_hash if slotted else content_hash)(content) == self.hash


DELETED, ORPHANED = "deleted", "orphaned"


@dataclass(frozen=True)
class Lock:
    """What was generated, by path; `inputs` are the release and a digest of what it is made from."""

    files: Mapping[str, LockedFile] = field(default_factory=dict)
    inputs: str = ""


class _Written(dict[str, str]):
    """Texts as JSON writes them."""

    def __missing__(self, text: str) -> str:
        written = self[text] = _text(text)
        return written


def locked(file: RenderedFile, shared: bool = False, at: str = "", kept: str = "") -> LockedFile:
    """Return the entry of a rendered file."""
    content = skeleton_hash(file.content)
    return LockedFile(
        file.path, file.room, file.template, file.element, content, shared, file.executable, at, kept
    )


def lock_of(files: Iterable[RenderedFile]) -> Lock:
    """Build the lock that a run in an empty folder would write."""
    return Lock({file.path: locked(file) for file in files})


def read_lock(text: str) -> tuple[Lock, bool]:
    """Read a lock; line by line if need be, so that one damaged line (a conflict marker) costs only itself.

    Returns:
        The lock, and whether any of it was damaged.
    """
    try:
        data = json.loads(text)
        files = {path: _entry(path, entry) for path, entry in data["files"].items()}
        if not _is_whole(text):
            return Lock(files), True
        return Lock(files, str(data["inputs"])), False
    except (ValueError, TypeError, KeyError, AttributeError):
        return _read_lines(text)


def _entry(path: str, entry: dict[str, Any]) -> LockedFile:
    if len(entry) > len(_USUAL):
        return LockedFile(path, **entry)
    # Of thousands of lines: by place is quicker than by name. One that lacks a key raises, as above.
    return LockedFile(path, entry["room"], entry["template"], entry["element"], entry["hash"])


_USUAL = ("room", "template", "element", "hash")


def _read_lines(text: str) -> tuple[Lock, bool]:
    files: dict[str, LockedFile] = {}
    inputs, damaged = "", False
    for line in text.splitlines():
        entry = line.strip().rstrip(",")
        if entry in {"", "{", "}", '"files": {', '"version": 1'} or entry.startswith('"whole": '):
            continue
        try:
            ((name, value),) = json.loads(f"{{{entry}}}").items()
            if name == "inputs":
                inputs = str(value)
            else:
                files[name] = LockedFile(name, **value)
        except (ValueError, TypeError):
            damaged = True
    return Lock(files, "" if damaged else inputs), damaged


def write_lock(lock: Lock) -> bytes:
    """Write a lock: JSON, sorted, one line for each file."""
    lines = []
    # Few rooms, templates and elements stand in the lines of many files.
    written = _Written()
    for path, file in sorted(lock.files.items()):
        _, room, template, element, content, is_shared, executable, at, kept = file
        more = ', "shared": true' if is_shared else ""
        more += ', "executable": true' if executable else ""
        more += f', "at": {_text(at)}' if at else ""
        more += f', "kept": {_text(kept)}' if kept else ""
        lines.append(
            f'{_text(path)}: {{"room": {written[room]}, "template": {written[template]}, '
            f'"element": {written[element]}, "hash": {_text(content)}{more}}}'
        )
    body = ",\n".join(lines)
    rest = f'"inputs": {json.dumps(lock.inputs)},\n"files": {{\n{body}\n}}\n}}\n'
    return f'{{\n"version": 1,\n"whole": "{_digest(rest)}",\n{rest}'.encode()


_WHOLE = re.compile(r'^"whole": "([0-9a-f]*)",\n', re.MULTILINE)


def _is_whole(text: str) -> bool:
    """Whether a lock is as a run has written it; those of releases before 0.4 do not say."""
    text = text.replace("\r\n", "\n")
    said = _WHOLE.search(text)
    return said is None or said[1] == _digest(text[said.end() :])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
