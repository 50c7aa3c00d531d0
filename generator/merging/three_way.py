"""Three versions of one file made into one: what it was, what a person made of it, what is generated now.

Lines first, as git merges them; where lines conflict in a file of keys, by key. Nothing here reads a project.
"""

from __future__ import annotations

from generator.frozen import dataclass
from generator.git import LABELS, GitError, GitMissing, merge_file
from generator.merging.hunks import Hunk, joined, read_hunks
from generator.merging.keyed import KeyConflict, Unreadable, check_readable, is_keyed, merge_keys

_WIDE = 64
"""Signs of a marker that nothing in a file is taken for."""
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

    Raises:
        GitMissing: git is needed for it, and is not there.
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
    except GitMissing:
        raise
    except GitError as error:
        return Merged(ours, 1, str(error))
    return Merged(_shaped(merged.content, shape), merged.conflicts, merged.reason)


def _merged(path: str, base: bytes, ours: bytes, theirs: bytes) -> Merged:
    content, conflicts = _by_line(base, ours, theirs)
    if is_keyed(path) and (conflicts or not _is_readable(path, content)):
        by_key = _by_key(path, base, ours, theirs)
        if by_key is not None:
            return Merged(by_key)
        # Lines that merge into what nobody can read are no result.
        return Merged(content, conflicts) if conflicts else marked_whole(ours, theirs)
    return Merged(content, conflicts)


def _by_line(base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, int]:
    content, conflicts = merge_file(base, ours, theirs)
    if not conflicts:
        return content, 0
    wide, _ = merge_file(base, ours, theirs, wide=_WIDE)
    parts, conflicts = [], 0
    for part in read_hunks(wide, _WIDE):
        text = part if isinstance(part, bytes) else joined(part)
        if text is None and isinstance(part, Hunk):
            before, own, wanted = (b"".join(lines) for lines in (part.base, part.ours, part.theirs))
            text, left = merge_file(before, own, wanted)
            conflicts += left
        parts.append(text or b"")
    return b"".join(parts), conflicts


def marked_whole(ours: bytes, theirs: bytes) -> Merged:
    """Return two versions of a file as one conflict, where no smaller one keeps all that a person wrote."""
    first, _, last = (label.encode() for label in LABELS)
    one, other = (text if not text or text.endswith(b"\n") else text + b"\n" for text in (ours, theirs))
    return Merged(b"<<<<<<< %b\n%b=======\n%b>>>>>>> %b\n" % (first, one, other, last), 1)


def _by_key(path: str, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    try:
        return merge_keys(path, base.decode(), ours.decode(), theirs.decode()).encode()
    except (KeyConflict, Unreadable, UnicodeDecodeError):
        return None


def _is_readable(path: str, content: bytes) -> bool:
    try:
        check_readable(path, content.decode())
    except (Unreadable, UnicodeDecodeError):
        return False
    return True


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
