"""Files that a person has taken over, `.specwright/owned`: generated once, and managed no more.

One line for each, committed, with the hash of what was generated when it was taken over. Nothing else says
so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.folder.destination import leaves

OWNED_FILE = ".specwright/owned"
_HEADER = (
    "# Files that Specwright leaves alone: see `specwright own`. What was generated then, and the path.\n"
)
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def read_owned(text: str) -> dict[str, str]:
    """Read the files that are owned: by path, the hash of what was generated when each was taken over.

    Lines that are none (the markers of a merge) are passed over: what either side owns is owned.
    """
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    return {match[2]: match[1] for match in found if match and not leaves(match[2])}


def write_owned(owned: Mapping[str, str]) -> bytes | None:
    """Write the files that are owned, sorted; None where there are none."""
    lines = [f"{owned[path]}  {path}\n" for path in sorted(owned)]
    return f"{_HEADER}{''.join(lines)}".encode() if lines else None
