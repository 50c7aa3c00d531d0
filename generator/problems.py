"""What is wrong with a plan, and where: the only way in which the stages speak to people about errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
LONGEST_MESSAGE = 600
"""Characters of a message or a hint that are shown."""
LONGEST_QUOTED = 80
"""Characters that are shown of what a message quotes from a plan."""
_LONG_QUOTED = re.compile(rf"`([^`]{{{LONGEST_QUOTED - 1}}})[^`]{{2,}}`")


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file as editors count it: line and column start at 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{visible(self.file)}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is, what is wrong, and what to do about it (`hint`, may be empty)."""

    location: Location | None
    message: str
    hint: str = ""
    severity: Severity = "error"

    def __post_init__(self) -> None:
        # Both quote what a plan says; a terminal must not act on it, and a problem is one line.
        object.__setattr__(self, "message", visible(self.message))
        object.__setattr__(self, "hint", visible(f"{self.hint[:1].upper()}{self.hint[1:]}"))

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        kind = "warning: " if self.severity == "warning" else ""
        return f"{where}{kind}{self.message}{f'. {self.hint}' if self.hint else ''}"


def visible(text: str) -> str:
    """A text on one line, not too long, with every character that would not be seen spelled out."""
    if len(text) > LONGEST_QUOTED:
        text = _LONG_QUOTED.sub(lambda match: f"`{match[1]}…`", text)
    if text.isprintable() and len(text) <= LONGEST_MESSAGE:
        return text
    line = " ".join(text.split()) if "\n" in text else text
    line = "".join(sign if sign.isprintable() else f"<U+{ord(sign):04X}>" for sign in line)
    return line if len(line) <= LONGEST_MESSAGE else f"{line[: LONGEST_MESSAGE - 1]}…"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems without repetitions, by file, line and column; those without a place come first."""
    first = Location("", 0, 0)
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.location or first))


class PlanProblems(Exception):
    """Raised when a plan cannot be used; carries every problem that was found, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ProblemList:
    """Collects problems, so that a stage reports all of them together."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def __iter__(self) -> Iterator[Problem]:
        return iter(in_order(self._problems))

    def __len__(self) -> int:
        return len(self._problems)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Those that stop the work."""
        return tuple(problem for problem in self if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Those that do not."""
        return tuple(problem for problem in self if problem.severity == "warning")

    def error(self, location: Location | None, message: str, hint: str = "") -> None:
        """Note an error: nothing is written while there is one."""
        self._problems.append(Problem(location, message, hint))

    def warning(self, location: Location | None, message: str, hint: str = "") -> None:
        """Note a warning: it is shown, and the work goes on."""
        self._problems.append(Problem(location, message, hint, "warning"))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over problems found elsewhere."""
        self._problems.extend(problems)

    def raise_if_errors(self) -> None:
        """Raise `PlanProblems` with everything noted, warnings too, if one of it is an error."""
        if any(problem.severity == "error" for problem in self._problems):
            raise PlanProblems(self._problems)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that was probably meant; None if none is close (a third of the letters differ)."""
    wanted = _folded(name)
    best: tuple[int, str] | None = None
    for candidate in names:
        limit = max(1, len(wanted) // 3)
        distance = _distance(wanted, _folded(candidate), limit)
        if distance <= limit and (best is None or distance < best[0]):
            best = (distance, candidate)
    return best[1] if best else None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A hint that names the nearest of `names`, or lists them all when they are few, or nothing."""
    known = list(names)
    found = nearest(name, known)
    if found is not None and found != name:
        return f"Did you mean `{found}`?"
    return f"Possible here: {', '.join(known)}" if 0 < len(known) <= 12 else ""


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")[:64]


def _distance(left: str, right: str, limit: int) -> int:
    """Edits (insert, remove, replace, swap of neighbours) between two words; exact only up to `limit`."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    two_above: list[int] = []
    above = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, two_above[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        two_above, above = above, row
    return above[-1]
