"""Places that git calls a conflict, looked at line by line: changes that only touch are both made.

Git wants an unchanged line between two changes. A field that is added below one that a person edited is no
disagreement; only lines that both sides changed are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from generator.frozen import dataclass

Lines = Sequence[bytes]


@dataclass(frozen=True)
class Hunk:
    """One place in a file: its lines as they were, as a person and as the generator left them."""

    base: Lines
    ours: Lines
    theirs: Lines


@dataclass(frozen=True)
class _Edit:
    begin: int
    end: int
    lines: tuple[bytes, ...]


def read_hunks(content: bytes, size: int) -> Iterator[bytes | Hunk]:
    """Split a merged text with markers that show base as well.

    Args:
        content: the text.
        size: of its markers: so many that no line of a file begins like one.

    Returns:
        Text that is merged, and hunks that are not, in their order.
    """
    marks = {sign * size: number for number, sign in enumerate((b"<", b"|", b"=", b">"))}
    parts: list[list[bytes]] = [[], [], [], []]
    at = 3
    for line in content.splitlines(keepends=True):
        mark = marks.get(line[:size])
        if mark is None:
            parts[at].append(line)
            continue
        if mark == 0:
            yield b"".join(parts[3])
            parts = [[], [], [], []]
        if mark == 3:
            yield Hunk(parts[1], parts[0], parts[2])
            parts = [[], [], [], []]
        at = mark
    yield b"".join(parts[3])


def joined(hunk: Hunk) -> bytes | None:
    """Make the changes of both sides, None where both changed the same lines or put some in one place."""
    ours, theirs = _edits(hunk.base, hunk.ours), _edits(hunk.base, hunk.theirs)
    if any(_disagree(one, other) for one in ours for other in theirs if one != other):
        return None
    result: list[bytes] = []
    position = 0
    # What is put before a line goes before what replaces that line.
    for edit in sorted({*ours, *theirs}, key=lambda edit: (edit.begin, edit.end)):
        result += [*hunk.base[position : edit.begin], *edit.lines]
        position = edit.end
    return b"".join([*result, *hunk.base[position:]])


def _edits(base: Lines, other: Lines) -> list[_Edit]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return [
        _Edit(begin, end, tuple(other[start:stop]))
        for kind, begin, end, start, stop in matcher.get_opcodes()
        if kind != "equal"
    ]


def _disagree(one: _Edit, other: _Edit) -> bool:
    if one.begin == one.end and other.begin == other.end:
        return one.begin == other.begin
    return one.begin < other.end and other.begin < one.end
