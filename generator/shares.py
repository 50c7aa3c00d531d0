"""The share of code: which lines of a project come from blueprints, from bodies of slots, and from people.

Lines that are not blank are counted, in text that people read. What tools derive (locks of packages, what is
installed or built, what Specwright records), the plan, and settings of one machine are left out.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from generator.folder.destination import Destination
from generator.folder.lock import Lock, LockedFile
from generator.folder.owned import OWNED_FILE, read_owned
from generator.frozen import dataclass
from generator.outcome import SlotStatus
from generator.recording import ANSWERS_FILE
from generator.rendered import RenderedFile
from generator.slots import MarkerError, find_slots, with_bodies

_PLANS = frozenset({"plan.yaml", "tasks.yaml"})
_DERIVED = frozenset(
    {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "uv.lock", "poetry.lock"}
)
_MADE = frozenset(
    {"node_modules", "__pycache__", "dist", "build", "coverage", "venv", "tmp", "test-results"}
    | {"playwright-report"}
)
"""Folders of what is installed or built, wherever they stand."""
_MOST_BYTES = 1_000_000
"""Bigger files are data."""


@dataclass(frozen=True)
class Shares:
    """Lines by where they come from; `fallback`, `model` and `person` are those of slots, by writer."""

    blueprints: int = 0
    fallback: int = 0
    model: int = 0
    person: int = 0
    hand: int = 0

    @property
    def total(self) -> int:
        """All lines."""
        return self.blueprints + self.fallback + self.model + self.person + self.hand

    @property
    def generated(self) -> int:
        """Those that nobody wrote, person or model."""
        return self.blueprints + self.fallback

    def percent(self, lines: int) -> float:
        """What part of all lines some are, in percent with one decimal."""
        return round(100 * lines / self.total, 1) if self.total else 0.0


def shares_of(
    destination: Destination,
    lock: Lock,
    slots: Iterable[SlotStatus],
    render: Callable[[], Iterable[RenderedFile]],
) -> Shares:
    """Count the lines of a project by where they come from.

    A line of an edited file comes from the blueprints if the generated file has it, wherever it stands.

    Args:
        destination: the project.
        lock: what was generated.
        slots: as they stand.
        render: gives what was generated; asked for only if a file has been edited.
    """
    found: Counter[str] = Counter()
    by = {slot.id: _writer(slot) for slot in slots}
    owned = read_owned(destination.text(OWNED_FILE))
    files = cache(lambda: {file.path: file.content for file in render()})
    places: dict[str, LockedFile] = {entry.place: entry for entry in lock.files.values()}
    for path in (*places, *_others(destination, places)):
        entry = places.get(path)
        if _is_counted(path) and (content := destination.find(path).content) and _is_text(content):
            managed = entry if entry is not None and path not in owned else None
            found.update(_counted(content, managed, by, files))
    return Shares(**found)


def shares_lines(shares: Shares) -> Iterator[str]:
    """Yield the shares as a table for people."""
    yield f"Share of code: {shares.total:,} lines, {shares.percent(shares.generated):.1f} % generated"
    for name, lines in (
        ("blueprints", shares.blueprints),
        ("slots: fallback", shares.fallback),
        ("slots: by a model", shares.model),
        ("slots: by hand", shares.person),
        ("by hand", shares.hand),
    ):
        yield f"  {name:<18} {lines:>9,} {shares.percent(lines):>6.1f} %"


def shares_data(shares: Shares) -> dict[str, object]:
    """Return the shares as plain data."""
    counts = dict(vars(shares))
    return {
        "total": shares.total,
        **counts,
        "percent": {
            "generated": shares.percent(shares.generated),
            **{name: shares.percent(lines) for name, lines in counts.items()},
        },
    }


def _counted(
    content: bytes,
    entry: LockedFile | None,
    by: Mapping[str, str],
    files: Callable[[], Mapping[str, bytes]],
) -> Counter[str]:
    """Count the lines of one file; `entry` is None for one that is a person's own."""
    if entry is None:
        return Counter(hand=_lines(content).total())
    try:
        bodies = {slot.id: slot.body for slot in find_slots(content)}
    except MarkerError:
        bodies = {}
    found: Counter[str] = Counter()
    for slot, body in bodies.items():
        found[by.get(slot, "person")] += _lines(body).total()
    now = _lines(_without(content, bodies))
    if entry.is_of(content):
        found["blueprints"] += now.total()
        return found
    before = files().get(entry.path, b"")
    kept = now & _lines(_without(before, {slot.id: slot.body for slot in find_slots(before)}))
    found["blueprints"] += kept.total()
    found["hand"] += (now - kept).total()
    return found


def _without(content: bytes, bodies: Iterable[str]) -> bytes:
    named = [*bodies]
    return with_bodies(content, dict.fromkeys(named, b"")) if named else content


def _lines(content: bytes) -> Counter[bytes]:
    return Counter(line.rstrip() for line in content.splitlines() if line.strip())


def _writer(slot: SlotStatus) -> str:
    if slot.state == "fallback":
        return "fallback"
    return "person" if slot.by == "person" or slot.state == "edited" else "model"


def _others(destination: Destination, known: Mapping[str, LockedFile]) -> Iterator[str]:
    """The files that are a person's own, in an order that does not depend on the file system."""
    ours = {path.rpartition("/")[0] for path in known}
    root = os.fspath(destination.folder)
    for place, folders, names in os.walk(root):
        below = os.path.relpath(place, root).replace(os.sep, "/")
        prefix = "" if below == "." else f"{below}/"
        folders[:] = sorted(
            name
            for name in folders
            if name not in _MADE
            # Of hidden folders only those in which something is generated hold code, such as workflows.
            and (name[0] != "." or any(f"{path}/".startswith(f"{prefix}{name}/") for path in ours))
        )
        yield from (f"{prefix}{name}" for name in sorted(names) if f"{prefix}{name}" not in known)


def _is_counted(path: str) -> bool:
    name = path.rpartition("/")[2]
    if path == ANSWERS_FILE or path.startswith(".specwright/") or name in _PLANS | _DERIVED:
        return False
    local = name.startswith(".env") and name != ".env.example"
    return not local and not name.endswith(".tsbuildinfo")


def _is_text(content: bytes) -> bool:
    return len(content) <= _MOST_BYTES and b"\0" not in content
