"""How far the work at hand is, in files: who does it counts, and who shows it looks from another thread."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

Item = TypeVar("Item")


class Count:
    """What is being done, how many files of it are done, and of how many (0: nobody knows yet)."""

    def __init__(self) -> None:
        self.what, self.done, self.of = "", 0, 0

    def begin(self, what: str, of: int = 0) -> None:
        """Count from the beginning.

        Args:
            what: is done with files, as people are told.
            of: how many there are.
        """
        self.what, self.done, self.of = what, 0, of

    def __str__(self) -> str:
        of = f" of {self.of:,}" if self.of else ""
        return f"{self.what}: {self.done:,}{of} files"


AT = Count()
"""The count of this process: a command does one thing at a time."""


def counted(what: str, items: Collection[Item]) -> Iterator[Item]:
    """Go through what there is one of for each file, and count."""
    AT.begin(what, len(items))
    for item in items:
        yield item
        AT.done += 1
