"""Releases of Specwright: engine and blueprints under one number, derived from the history of the repository.

A release is the commit that gives `__version__` another final number than before. `history` finds them,
`packing` writes them into a bundle that the wheel carries, `home` offers those that are at hand and unpacks
one. docs/releases.md tells how a release is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.frozen import dataclass

_FINAL = re.compile(r"v?(\d+(?:\.\d+)*)")
FIRST = (0, 2)
"""The first release that answers for itself (`specwright answers`); those before it cannot be replayed."""
PARTS = ("copier.yml", "blueprints", "generator")
"""What a release is made of, as far as a later one needs it: what renders, and what answers."""


class ReleaseError(Exception):
    """A release cannot be had; says why and how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = message, hint
        super().__init__(f"{message}. {hint}" if hint else message)


@dataclass(frozen=True)
class Release:
    """One release: its name, as a tag would have it (`v0.2.0`), and the commit that it is."""

    name: str
    commit: str

    @property
    def number(self) -> tuple[int, ...]:
        """The version, to compare; trailing zeros do not count."""
        found = number_of(self.name)
        assert found is not None
        return found


def number_of(name: str) -> tuple[int, ...] | None:
    """Return the parts of a final version, with or without a `v` before it; None for anything else.

    Trailing zeros are left out (PEP 440: 1.0 is 1.0.0).
    """
    found = _FINAL.fullmatch(name)
    if found is None:
        return None
    parts = [int(part) for part in found[1].split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def named(releases: Iterable[Release], name: str) -> Release | None:
    """Return the release that a name means, with or without a `v`."""
    number = number_of(name)
    return next((release for release in releases if release.number == number), None)
