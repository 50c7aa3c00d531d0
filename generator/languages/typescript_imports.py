"""Import statements in the order and layout that biome keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LINE_WIDTH = 100


@dataclass
class Imports:
    """Names that a file takes from other modules; adding one twice is fine."""

    values: dict[str, set[str]] = field(default_factory=dict)
    types: dict[str, set[str]] = field(default_factory=dict)

    def value(self, module: str, *names: str) -> None:
        """Import ``names`` from ``module`` to run them."""
        self.values.setdefault(module, set()).update(names)

    def type(self, module: str, *names: str) -> None:
        """Import ``names`` from ``module`` as types only."""
        self.types.setdefault(module, set()).update(names)

    def merge(self, other: Imports) -> None:
        """Take over what another part of the same file imports."""
        for mine, theirs in ((self.values, other.values), (self.types, other.types)):
            for module, names in theirs.items():
                mine.setdefault(module, set()).update(names)

    def lines(self) -> list[str]:
        """The statements: packages first, then paths from far to near, names in natural order."""
        written: list[str] = []
        for module in sorted({*self.values, *self.types}, key=_module_key):
            values = self.values.get(module, set())
            types = self.types.get(module, set()) - values
            if values or types:
                written.extend(_statement(module, values, types))
        return written


def natural_key(name: str) -> tuple[object, ...]:
    """The sorting key of a name: letters without case, digits as numbers, upper case first among equals."""
    parts = [
        (1, int(part), "") if part.isdigit() else (0, 0, part.lower())
        for part in re.findall(r"\d+|\D+", name)
    ]
    return (parts, name)


def _statement(module: str, values: Iterable[str], types: Iterable[str]) -> list[str]:
    marks: Mapping[str, bool] = {**dict.fromkeys(values, False), **dict.fromkeys(types, True)}
    ordered = sorted(marks, key=natural_key)
    only_types = all(marks.values())
    names = [name if only_types or not marks[name] else f"type {name}" for name in ordered]
    head = "import type" if only_types else "import"
    line = f"{head} {{ {', '.join(names)} }} from '{module}';"
    if len(line) <= LINE_WIDTH or len(names) == 1:
        return [line]
    return [f"{head} {{", *(f"  {name}," for name in names), f"}} from '{module}';"]


def _module_key(module: str) -> tuple[object, ...]:
    if module.startswith("node:"):
        rank = 0
    elif not module.startswith("."):
        rank = 1
    else:
        rank = 2 if module.startswith("..") else 3
    return (rank, -module.count("../"), natural_key(module))
