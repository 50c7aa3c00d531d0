"""Which words of a few lines differ: a disagreement is often a word, and the line around it is long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_LEAST_ALIKE = 0.3
"""How much of two lines must be alike for one to be taken for a change of the other."""


class Words(NamedTuple):
    """A piece of a line: in both versions (`same`), in the first alone (`gone`) or in the second (`new`)."""

    kind: str
    text: str


Line = tuple[Words, ...]


def words_between(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """Compare a few lines word by word.

    Args:
        before: the lines of the first version.
        after: the lines of the second.

    Returns:
        For each line of either version its pieces; a line that both have is left out.
    """
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found: list[Line] = []
    for kind, begin, end, start, stop in matcher.get_opcodes():
        if kind != "equal":
            found += _replaced(before[begin:end], after[start:stop])
    return found


def plain(line: Line) -> str:
    """Write a line as git's plain word diff does: what is gone in `[-…-]`, what is new in `{+…+}`."""
    signs = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    whole = len(line) == 1
    return "".join(signs[kind].format(text.strip() if whole else text) for kind, text in line)


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    both = min(len(before), len(after))
    gone: list[Line] = []
    new: list[Line] = []
    for one, other in zip(before[:both], after[:both], strict=True):
        line = tuple(_pieces(one, other))
        alike = sum(len(piece.text.strip()) for piece in line if piece.kind == "same")
        if alike >= _LEAST_ALIKE * max(len(one.strip()), len(other.strip())):
            yield from (*gone, *new, line)
            gone, new = [], []
        else:
            gone.append((Words("gone", one),))
            new.append((Words("new", other),))
    gone += [(Words("gone", text),) for text in before[both:]]
    new += [(Words("new", text),) for text in after[both:]]
    yield from (*gone, *new)


def _pieces(before: str, after: str) -> Iterator[Words]:
    one, other = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for kind, begin, end, start, stop in matcher.get_opcodes():
        if kind == "equal":
            yield Words("same", "".join(one[begin:end]))
            continue
        pieces = ("gone", "".join(one[begin:end])), ("new", "".join(other[start:stop]))
        yield from (Words(sign, text) for sign, text in pieces if text)
