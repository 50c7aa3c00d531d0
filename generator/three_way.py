"""Three versions of one file made into one: what it was, what a person made of it, what is generated now.

Lines first, as git merges them; where lines conflict in a file of keys, by key. Nothing here reads a project.
"""

from __future__ import annotations

from collections import Counter

from generator.frozen import dataclass
from generator.git import LABELS, GitError, merge_file
from generator.keyed import KeyConflict, Unreadable, check_readable, is_keyed, merge_keys

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Merged:
    """The result, how many places need a person, and why when the whole file does."""

    content: bytes
    conflicts: int = 0
    reason: str = ""


def merge_three(path: str, base: bytes, ours: bytes, theirs: bytes) -> Merged:
    """Bring three versions of a file together without losing a line of a person's.

    Line ends, a byte order mark and a missing last line end are the person's: they are put aside first.

    Args:
        path: its name says whether it holds keys.
        base: what was generated.
        ours: what stands in the project.
        theirs: what is generated now.

    Returns:
        The merged file; with conflicts it holds git's markers, or is `ours` where a file cannot hold any.
    """
    if b"\0" in base or b"\0" in ours or b"\0" in theirs:
        same = ours if theirs in (base, ours) else theirs if ours == base else None
        return Merged(ours, 1, "it is no text") if same is None else Merged(same)
    shape, plain = _plain(ours)
    before, wanted = _plain(base)[1], _plain(theirs)[1]
    if wanted in (before, plain):
        return Merged(ours)
    if plain == before:
        return Merged(_shaped(wanted, shape))
    try:
        merged = _merged(path, before, plain, wanted)
    except GitError as error:
        return Merged(ours, 1, str(error))
    return Merged(_shaped(merged.content, shape), merged.conflicts, merged.reason)


def _merged(path: str, base: bytes, ours: bytes, theirs: bytes) -> Merged:
    content, conflicts = merge_file(base, ours, theirs)
    if is_keyed(path) and (conflicts or not _is_readable(path, content)):
        content, conflicts = _by_key(path, base, ours, theirs) or (content, conflicts or 1)
        return Merged(content, conflicts)
    if not conflicts and _lost(base, ours, content):
        # Git keeps every line that one side added; should it ever not, a person looks at both.
        return Merged(_both(ours, theirs), 1)
    return Merged(content, conflicts)


def _by_key(path: str, base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, int] | None:
    try:
        return merge_keys(path, base.decode(), ours.decode(), theirs.decode()).encode(), 0
    except (KeyConflict, Unreadable, UnicodeDecodeError):
        return None


def _is_readable(path: str, content: bytes) -> bool:
    try:
        check_readable(path, content.decode())
    except (Unreadable, UnicodeDecodeError):
        return False
    return True


def _lost(base: bytes, ours: bytes, result: bytes) -> bool:
    """Whether a line that the person added is nowhere in the result."""
    added = Counter(ours.splitlines()) - Counter(base.splitlines())
    return bool(added - Counter(result.splitlines()))


def _both(ours: bytes, theirs: bytes) -> bytes:
    first, _, last = (label.encode() for label in LABELS)
    return b"<<<<<<< %b\n%b=======\n%b>>>>>>> %b\n" % (first, ours, theirs, last)


@dataclass(frozen=True)
class _Shape:
    marked: bool
    line_end: bytes
    ended: bool


def _plain(content: bytes) -> tuple[_Shape, bytes]:
    marked = content.startswith(_MARK)
    text = content.removeprefix(_MARK)
    # Mixed line ends stay as they are: each is a person's.
    turned = b"\r\n" in text and b"\n" not in text.replace(b"\r\n", b"")
    text = text.replace(b"\r\n", b"\n") if turned else text
    ended = not text or text.endswith(b"\n")
    return _Shape(marked, b"\r\n" if turned else b"\n", ended), text if ended else text + b"\n"


def _shaped(content: bytes, shape: _Shape) -> bytes:
    text = content if shape.ended else content.removesuffix(b"\n")
    text = text.replace(b"\n", b"\r\n") if shape.line_end == b"\r\n" else text
    return _MARK + text if shape.marked else text
