"""What the checks of a plan share: noting a problem by its path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.plan.positions import Locator
from generator.problems import ProblemList

Path = tuple[str | int, ...]


class Checker:
    """Notes problems of one file by the path of what is wrong."""

    def __init__(self, locate: Locator, problems: ProblemList) -> None:
        self.locate = locate
        self.problems = problems
        self.sound: dict[int, object] = {}
        """By identity: parts that stand in many places, in which nothing is wrong."""

    def error(self, path: Path, message: str, hint: str = "", *, value: bool = False) -> None:
        """Note a problem at a key, or at its value."""
        self.problems.error(self.locate(*path, value=value), message, hint)

    def one_of(self, path: Path, part: Any, article: str, names: Iterable[str]) -> None:
        """Exactly one of the attributes is set."""
        names = tuple(names)
        given = [name for name in names if getattr(part, name) not in (None, {}, ())]
        if len(given) != 1:
            words = ", ".join(name.rstrip("_") for name in names)
            found = " and ".join(name.rstrip("_") for name in given) or "none"
            self.error((*path, *given[1:2]), f"{article} needs exactly one of {words}; this has {found}")

    def only_with(self, path: Path, part: Any, names: Iterable[str], allowed: bool, needed: str) -> None:
        """The attributes are given only where they have a meaning."""
        for name in names:
            if name in part.written and not allowed:
                self.error((*path, name), f"`{name.rstrip('_')}` has a meaning only with {needed}")

    def filled(self, path: Path, items: Iterable[object], what: str) -> None:
        """A collection has at least one entry, and none twice."""
        seen: set[object] = set()
        for number, item in enumerate(items):
            if item in seen:
                self.error((*path, number), f"`{item}` is here twice")
            seen.add(item)
        if not seen:
            self.error(path, f"at least one {what} is needed", value=True)

    def renames(self, path: Path, parts: Mapping[str, Any]) -> None:
        """`was` names what is gone, and no two parts were the same one."""
        heirs: dict[str, str] = {}
        for name, part in parts.items():
            if not part.was:
                continue
            for number, old in enumerate(part.was):
                if old in parts:
                    self.error((*path, name, "was", number), f"`was: {old}` names something that exists")
                elif heirs.setdefault(old, name) != name:
                    self.error((*path, name, "was", number), f"`{heirs[old]}` was `{old}` already")
