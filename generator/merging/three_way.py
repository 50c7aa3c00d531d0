"""Three versions of one file made into one: what it was, what a person made of it, what is generated now.

Lines first, as git merges them; where lines conflict in a file of keys, by key. Nothing here reads a project.
"""

from __future__ import annotations

from dataclasses import replace

from generator.frozen import dataclass
from generator.git import LABELS, GitError, GitMissing, merge_file
from generator.merging.hunks import Hunk, apart, marked, read_hunks, settled
from generator.merging.keyed import KeyConflict, Unreadable, check_readable, is_keyed, merge_keys

_WIDE = 64
"""Signs of a marker that nothing in a file is taken for."""
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Merged:
    """The result, how many places need a person, and why when the whole file does.

    `places` are what the sides disagree about, in the order of the markers; slots are not filled in them.
    """

    content: bytes
    conflicts: int = 0
    reason: str = ""
    places: tuple[Hunk, ...] = ()


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
    return replace(merged, content=_shaped(merged.content, shape))


def _merged(path: str, base: bytes, ours: bytes, theirs: bytes) -> Merged:
    merged = _by_line(base, ours, theirs)
    if is_keyed(path) and (merged.conflicts or not _is_readable(path, merged.content)):
        by_key = _by_key(path, base, ours, theirs)
        if by_key is not None:
            return Merged(by_key)
        # Lines that merge into what nobody can read are no result.
        return merged if merged.conflicts else marked_whole(ours, theirs)
    return merged


def _by_line(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    content, conflicts = merge_file(base, ours, theirs)
    if not conflicts:
        return Merged(content)
    wide, _ = merge_file(base, ours, theirs, wide=_WIDE)
    parts: list[bytes] = []
    places: list[Hunk] = []
    for part in read_hunks(wide, _WIDE):
        for piece in [part] if isinstance(part, bytes) else settled(part):
            if isinstance(piece, bytes):
                parts.append(piece)
            else:
                parts.append(marked(piece.ours, piece.theirs, LABELS[::2]))
                places.append(piece)
    return Merged(b"".join(parts), len(places), places=tuple(places))


def marked_whole(ours: bytes, theirs: bytes) -> Merged:
    """Return two versions of a file as one conflict, where no smaller one keeps all that a person wrote."""
    head, own, wanted, tail = apart(*(text.splitlines(keepends=True) for text in (ours, theirs)))
    return Merged(
        b"".join([*head, marked(own, wanted, LABELS[::2]), *tail]), 1, places=(Hunk((), own, wanted),)
    )


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
