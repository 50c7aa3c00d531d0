"""The bytes of a file to text that shows what it says: size, encoding, no characters that hide something."""

from __future__ import annotations

import codecs
import re
import stat
from itertools import islice
from pathlib import Path

from generator.problems import Location, ProblemList

LARGEST_FILE = 2_000_000
"""Bytes."""
SHOWN = 20
"""Problems of this kind reported for one file."""

# Control characters, line ends that only YAML sees, marks that show text in another order than it is read.
_DANGEROUS = re.compile(
    "[\x00-\x08\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]|\r(?!\n)"
)


_OTHER_ENCODINGS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def stands_at(path: Path) -> bool:
    """Whether anything has the name of a file: a link to nothing, a folder and a pipe do."""
    return path.is_symlink() or path.exists()


def read_text(path: Path, file: str, problems: ProblemList, within: Path | None = None) -> str | None:
    """The text of a file; None, with a problem, when it cannot be used.

    Args:
        path: the file. It is not opened unless it is one: a pipe would wait for ever.
        file: its name in messages.
        problems: told of a file that is missing, no file, too big, not UTF-8, or hides characters.
        within: the project that the file must not leave over a link: what is read may be written to later.

    Returns:
        The text without a byte order mark, or None.
    """
    start = Location(file, 1, 1)
    try:
        fault = _not_a_file(path, within)
        if fault is not None:
            problems.error(start, *fault)
            return None
        size = path.stat().st_size
        with path.open("rb") as source:
            data = source.read(LARGEST_FILE + 1)
    except OSError as failure:
        problems.error(start, f"cannot read the file: {failure.strerror}")
        return None
    if len(data) > LARGEST_FILE:
        hint = "Divide the plan into features under specs/"
        problems.error(start, f"the file has {size:,} bytes; the limit is {LARGEST_FILE:,}", hint)
        return None
    if data.startswith(_OTHER_ENCODINGS) or b"\0" in data[:4]:
        problems.error(start, "the file is UTF-16 or UTF-32, not UTF-8", "Save the file as UTF-8")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as failure:
        before = data[: failure.start].decode("utf-8")
        place = _place(file, before, len(before))
        problems.error(place, f"byte 0x{data[failure.start]:02x} is not UTF-8", "Save the file as UTF-8")
        return None
    text = text.removeprefix("\ufeff")
    found = list(islice(_DANGEROUS.finditer(text), SHOWN))
    for match in found:
        sign = match[0]
        place = _place(file, text, match.start())
        if sign == "\t":
            problems.error(place, "a tab", "Indent and separate with spaces")
        else:
            problems.error(place, f"the hidden character U+{ord(sign):04X}", "Remove it")
    return None if found else text


def _not_a_file(path: Path, within: Path | None) -> tuple[str, str] | None:
    """What is wrong with what stands in the place of a file, and what to do; None if it is one."""
    if path.is_symlink() and not path.exists():
        return "a link to a file that is not there", "Mend the link, or put the file here"
    if within is not None and not path.resolve().is_relative_to(within.resolve()):
        return "the file is outside the project: a link leads to it", "Put the file itself here"
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        return "a folder stands in the place of the file", "Rename the folder"
    if not stat.S_ISREG(mode):
        return "not a file, but a pipe, a socket or a device", "Put a file here"
    return None


def _place(file: str, text: str, offset: int) -> Location:
    start = text.rfind("\n", 0, offset) + 1
    return Location(file, text.count("\n", 0, offset) + 1, offset - start + 1)


def hidden_character(text: str) -> str | None:
    """The first character of an unescaped text that must not be in it, or None; tabs and line ends may."""
    found = _DANGEROUS.search(text.replace("\t", "").replace("\r", ""))
    return found[0] if found else None
