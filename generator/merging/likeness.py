"""Where a person has put a file of ours: found by its content among the files that are not ours.

Only what a person moved is looked for here. What moves because a template or a plan says so is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from generator.folder.lock import LockedFile
from generator.slots import skeleton_hash

LEAST = 0.6
"""The share of lines that two texts must have in common to be versions of one file."""
MOST = 2000
"""Files that are looked at; in a folder with more, only what was moved unchanged is found."""

Base = Callable[[], Mapping[str, bytes]]
"""Gives what was generated last, by path."""


def find_moved(missing: Sequence[LockedFile], others: Mapping[str, bytes], base: Base) -> dict[str, str]:
    """Find files that a person moved.

    Args:
        missing: files of ours that are not where they were generated.
        others: the files of the project that are not ours, by path.
        base: what was generated last; called only where content has changed as well.

    Returns:
        The present path of each file that was found, by the path it is generated at. A file with two equally
        good homes, or one that is as much like a file that did not move, has none.
    """
    found: dict[str, str] = {}
    hashes: dict[str, list[str]] = {}
    for path, content in others.items():
        if content.strip():
            hashes.setdefault(skeleton_hash(content), []).append(path)
    for entry in missing:
        homes = [path for path in hashes.get(entry.hash, ()) if path not in found.values()]
        if home := _nearest(entry.path, homes):
            found[entry.path] = home
    suffixes = {PurePosixPath(entry.path).suffix for entry in missing if entry.path not in found}
    left = {
        path: Counter(content.splitlines())
        for path, content in others.items()
        if path not in found.values() and PurePosixPath(path).suffix in suffixes and b"\0" not in content
    }
    if not left or len(left) > MOST:
        return found
    bases = {path: Counter(content.splitlines()) for path, content in base().items() if b"\0" not in content}
    return found | _similar({entry.path for entry in missing} - found.keys(), left, bases)


def _similar(
    missing: set[str], others: Mapping[str, Counter[bytes]], bases: Mapping[str, Counter[bytes]]
) -> dict[str, str]:
    claims: dict[str, list[tuple[float, str]]] = {}
    for path, lines in others.items():
        scores = sorted(((_share(lines, base), each) for each, base in bases.items()), reverse=True)
        if not scores or scores[0][0] < LEAST:
            continue
        best = [each for score, each in scores if score == scores[0][0]]
        # A copy of a file that is still in its place is nobody's move.
        if missing.issuperset(best) and (home := _nearest(path, best)):
            claims.setdefault(home, []).append((scores[0][0], path))
    found = {}
    for entry, homes in claims.items():
        best = [path for score, path in homes if score == max(homes)[0]]
        if home := _nearest(entry, best):
            found[entry] = home
    return found


def _share(left: Counter[bytes], right: Counter[bytes]) -> float:
    total = left.total() + right.total()
    smaller, larger = sorted((left.total(), right.total()))
    if not smaller or 2 * smaller < LEAST * total or larger == 0:
        return 0.0
    return 2 * (left & right).total() / total


def _nearest(path: str, candidates: Sequence[str]) -> str:
    """The one whose path ends most like another, "" where two do equally."""
    if len(candidates) < 2:
        return candidates[0] if candidates else ""
    ranked = sorted(((_common_end(path, each), each) for each in candidates), reverse=True)
    return ranked[0][1] if ranked[0][0] > ranked[1][0] else ""


def _common_end(left: str, right: str) -> int:
    count = 0
    for one, other in zip(reversed(left.split("/")), reversed(right.split("/")), strict=False):
        if one != other:
            break
        count += 1
    return count
