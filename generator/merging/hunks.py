"""Places that git calls a conflict, looked at line by line: changes that only touch are both made.

Git wants an unchanged line between two changes. A field that is added below one that a person edited is no
disagreement; only lines that both sides changed are. What is left of a conflict are these lines, no more.
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


def settled(hunk: Hunk) -> Iterator[bytes | Hunk]:
    """Make the changes of both sides, as far as they do not change the same lines or put some in one place.

    Args:
        hunk: what git calls a conflict.

    Returns:
        Text that is merged, and what is left: hunks that hold nothing but the disagreement.
    """
    ours, theirs = _edits(hunk.base, hunk.ours), _edits(hunk.base, hunk.theirs)
    position = 0
    # What is put before a line goes before what replaces that line.
    groups = sorted(_groups(ours, theirs), key=lambda group: (group[0], group[1]))
    for begin, end, own, wanted in groups:
        yield b"".join(hunk.base[position:begin])
        position = end
        if own and wanted and own != wanted:
            one, other = (_made(hunk.base[begin:end], begin, edits) for edits in (own, wanted))
            yield from _trimmed(Hunk(hunk.base[begin:end], one, other))
        else:
            yield b"".join(_made(hunk.base[begin:end], begin, own or wanted))
    yield b"".join(hunk.base[position:])


def marked(ours: Lines, theirs: Lines, labels: Sequence[str]) -> bytes:
    """Put what both sides made of one place between the markers of git; `labels` name the two."""
    one, other = (b"".join(lines) for lines in (ours, theirs))
    one, other = (text if not text or text.endswith(b"\n") else text + b"\n" for text in (one, other))
    first, last = (label.encode() for label in labels)
    return b"<<<<<<< %b\n%b=======\n%b>>>>>>> %b\n" % (first, one, other, last)


def apart(ours: Lines, theirs: Lines) -> tuple[Lines, Lines, Lines, Lines]:
    """Split two versions of a place: lines that both begin with, what differs in each, and the last lines."""
    most = min(len(ours), len(theirs))
    head = next((at for at in range(most) if ours[at] != theirs[at]), most)
    tail = next((at for at in range(most - head) if ours[-1 - at] != theirs[-1 - at]), most - head)
    end, other_end = len(ours) - tail, len(theirs) - tail
    return ours[:head], ours[head:end], theirs[head:other_end], ours[end:]


def _trimmed(hunk: Hunk) -> Iterator[bytes | Hunk]:
    """What both sides of a disagreement have is merged: lines at its ends, and lines with words inside."""
    matcher = SequenceMatcher(None, hunk.ours, hunk.theirs, autojunk=False)
    parts: list[tuple[bool, Lines, Lines]] = []
    for kind, begin, end, start, stop in matcher.get_opcodes():
        one, other = hunk.ours[begin:end], hunk.theirs[start:stop]
        # A brace that both sides have by chance would tear apart what belongs together.
        if kind == "equal" and any(
            character.isalnum() for line in one for character in line.decode("latin-1")
        ):
            parts.append((True, one, other))
        elif parts and not parts[-1][0]:
            parts[-1] = (False, [*parts[-1][1], *one], [*parts[-1][2], *other])
        else:
            parts.append((False, one, other))
    alone = sum(not alike for alike, _, _ in parts) == 1
    for alike, one, other in parts:
        if alike:
            yield b"".join(one)
            continue
        head, own, wanted, tail = apart(one, other)
        yield b"".join(head)
        if own or wanted:
            yield Hunk(hunk.base if alone else (), own, wanted)
        yield b"".join(tail)


def _groups(
    ours: Sequence[_Edit], theirs: Sequence[_Edit]
) -> Iterator[tuple[int, int, list[_Edit], list[_Edit]]]:
    """Edits that disagree with each other belong together; each group with the lines that it is about."""
    left = [*ours], [*theirs]
    while left[0] or left[1]:
        side = 0 if left[0] else 1
        group: tuple[list[_Edit], list[_Edit]] = ([], [])
        group[side].append(left[side].pop(0))
        grown = True
        while grown:
            grown = False
            for side in (0, 1):
                for edit in [*left[side]]:
                    if any(edit == other or _disagree(edit, other) for other in group[1 - side]):
                        left[side].remove(edit)
                        group[side].append(edit)
                        grown = True
        edits = [*group[0], *group[1]]
        yield min(each.begin for each in edits), max(each.end for each in edits), *group


def _made(base: Lines, begin: int, edits: Sequence[_Edit]) -> list[bytes]:
    """Lines of base, of which the first is number `begin` of its hunk, with edits made in them."""
    result: list[bytes] = []
    position = begin
    for edit in sorted(edits, key=lambda edit: edit.begin):
        result += [*base[position - begin : edit.begin - begin], *edit.lines]
        position = edit.end
    return [*result, *base[position - begin :]]


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
