"""The bytes of a file to text that shows what it says: size, encoding, no characters that hide something."""

from __future__ import annotations

import re
from pathlib import Path

from generator.problems import Location, ProblemList

LARGEST_FILE = 2_000_000
"""Bytes."""
SHOWN = 20
"""Problems of this kind reported for one file."""

# Control characters, line ends that only YAML sees, marks that show text in another order than it is read.
_DANGEROUS = re.compile(
    "[\x00-\x08\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]|\r(?!\n)"
)


def read_text(path: Path, file: str, problems: ProblemList) -> str | None:
    """The text of a file; None, with a problem, if it is missing, too big, not UTF-8 or hides characters."""
    start = Location(file, 1, 1)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST_FILE else b""
    except OSError as failure:
        problems.error(start, f"cannot read the file: {failure.strerror}")
        return None
    if size > LARGEST_FILE:
        problems.error(start, f"the file has {size:,} bytes; the limit is {LARGEST_FILE:,}")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as failure:
        before = data[: failure.start].decode("utf-8")
        place = _place(file, before, len(before))
        problems.error(place, f"byte 0x{data[failure.start]:02x} is not UTF-8", "Save the file as UTF-8")
        return None
    text = text.removeprefix("\ufeff")
    found = list(_DANGEROUS.finditer(text))
    for match in found[:SHOWN]:
        sign = match[0]
        place = _place(file, text, match.start())
        if sign == "\t":
            problems.error(place, "a tab", "Indent and separate with spaces")
        else:
            problems.error(place, f"the hidden character U+{ord(sign):04X}", "Remove it")
    return None if found else text


def _place(file: str, text: str, offset: int) -> Location:
    start = text.rfind("\n", 0, offset) + 1
    return Location(file, text.count("\n", 0, offset) + 1, offset - start + 1)


def hidden_character(text: str) -> str | None:
    """The first character of an unescaped text that must not be in it, or None; tabs and line ends may."""
    found = _DANGEROUS.search(text.replace("\t", "").replace("\r", ""))
    return found[0] if found else None
