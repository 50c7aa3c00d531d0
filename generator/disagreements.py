"""What the two sides of each conflict say: where it stands, which words differ, and why it came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from generator.frozen import dataclass
from generator.git import LABELS, MARKER
from generator.merging.changes import Change
from generator.merging.words import Line, plain, words_between
from generator.outcome import Outcome

MOST_PLACES, MOST_LINES = 3, 6
"""How many conflicts of a file, and lines of a side, a person is shown; the file has them all."""
_MIDDLE, _END = b"=======", f">>>>>>> {LABELS[2]}".encode()


@dataclass(frozen=True)
class Disagreement:
    """One conflict in a file: the line of its first marker, and the lines of all three versions.

    `base` is None where what was there before cannot be told apart from what is around it.
    """

    line: int
    base: tuple[str, ...] | None
    ours: tuple[str, ...]
    theirs: tuple[str, ...]

    def words(self) -> list[tuple[str, list[Line]]]:
        """What each side made of base, word by word; without one, what leads from yours to the generated."""
        if self.base is None:
            return [("yours to generated", words_between(self.ours, self.theirs))]
        sides = (("yours", self.ours), ("generated", self.theirs))
        return [(name, words_between(self.base, lines)) for name, lines in sides]


def disagreements_of(change: Change) -> tuple[Disagreement, ...]:
    """Read the conflicts that a file has after a run; none where a file cannot hold any."""
    found = [*_marked(change.after or b"")]
    places = change.places if len(change.places) == len(found) else (None,) * len(found)
    return tuple(
        Disagreement(line, _text(place.base) if place is not None and place.base else None, ours, theirs)
        for (line, ours, theirs), place in zip(found, places, strict=True)
    )


def _marked(content: bytes) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    sides: tuple[list[bytes], list[bytes]] = [], []
    begin = side = 0
    for number, line in enumerate(content.splitlines(), start=1):
        text = line.rstrip()
        if text == MARKER:
            begin, side, sides = number, 0, ([], [])
        elif begin and text == _MIDDLE:
            side = 1
        elif begin and text == _END:
            yield begin, _text(sides[0]), _text(sides[1])
            begin = 0
        else:
            sides[side].append(line)


def _text(lines: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(line.decode(errors="replace").rstrip("\r\n") for line in lines)


def conflict_lines(change: Change, outcome: Outcome) -> list[str]:
    """Return what a person is told of a file in conflict, as lines: why, where, and which words differ."""
    lines = [f"  {change.path}: {change.note}"]
    lines += [f"    {change.room}: {text}" for text in outcome.brought.get(change.room, ())]
    found = disagreements_of(change)
    for each in found[:MOST_PLACES]:
        lines.append(f"    line {each.line}")
        lines += [shown for name, words in each.words() for shown in _side_lines(name, words)]
    more = len(found) - MOST_PLACES
    return [*lines, f"    and {more} more"] if more > 0 else lines


def _side_lines(name: str, words: Sequence[Line]) -> list[str]:
    # The indentation of code says little here.
    shown = [plain(line).strip() for line in words[:MOST_LINES]]
    if len(words) > MOST_LINES:
        shown.append(f"and {len(words) - MOST_LINES} lines more")
    return [f"      {'' if number else name:<10} {text}" for number, text in enumerate(shown)]


def conflict_data(change: Change) -> list[dict[str, Any]]:
    """Return the conflicts of a file as plain data: lines of the three versions, and words that differ."""
    return [
        {
            "line": each.line,
            "base": None if each.base is None else [*each.base],
            "yours": [*each.ours],
            "generated": [*each.theirs],
            "words": {
                name: [[{piece.kind: piece.text} for piece in line] for line in words]
                for name, words in each.words()
            },
        }
        for each in disagreements_of(change)
    ]
