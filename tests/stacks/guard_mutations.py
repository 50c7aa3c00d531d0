"""Guards of rows, each taken out of a generated service whose rows are not there for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WITHIN = r" and \$\{within\(context, (?:model|relation)\)\}"
STRANGERS = ("integration/strangers",)
SIGHT = (*STRANGERS, "unit/sight")


@dataclass(frozen=True)
class Guard:
    """A guard by its form: the files it is in, what it is, and what stands there without it; each place is one."""

    name: str
    files: str
    found: str
    without: str
    tests: tuple[str, ...] = STRANGERS


GUARDS = (
    Guard("what is read", "read.ts", r"(\(\$\{where\}\))" + WITHIN + r"(\n)", r"\1\2"),
    Guard("what is counted", "read.ts", r"(\(\$\{where\}\))" + WITHIN + r"(`)", r"\1\2"),
    Guard("what is changed", "write.ts", r"(\(\$\{where\}\))" + WITHIN + r"( returning)", r"\1\2"),
    Guard("what is deleted", "write.ts", r"(sql`\(\$\{where\}\))" + WITHIN, r"\1"),
    Guard("what is restored", "write.ts", r" and \$\{deleted\}", ""),
    Guard("what is written", "write.ts", r"seen\.length === rows\.length", "seen.length >= 0", SIGHT),
    Guard("what is referred to", "references.ts", r" and \$\{within\(context, relation\)\}", ""),
    Guard("what is linked", "write.ts", r"link\.others !== undefined", "link.others === null"),
    Guard("the tenant's rows", "model.ts", r"isLifted \? undefined", "context.scope !== null ? undefined"),
    Guard(
        "what somebody sees", "model.ts", r"context\.sight === 'own' \? \[", "context.sight === 'tenant' ? ["
    ),
    Guard("a tenant", "models/opening.model.ts", r"= \$\{context\.scope\?\.id \?\? null\}", "is not null"),
    Guard(
        "an own row",
        "models/booking.model.ts",
        r"(\$\{row\}\.\w+) = \$\{context\.actor\?\.id \?\? null\}::uuid",
        r"\1 is not null",
    ),
    Guard("a number", "models/*.model.ts", r"\$\{within\(context, \w+, 'a1'\)\} and ", ""),
    # Where both tables name the tenant, the foreign key holds it.
    Guard("a reference", "models/opening.model.ts", r"    room_id: \(\): Relation => rooms,\n", ""),
)
"""What a plausible mistake takes out of the service of tests/cases/callers; nothing there that no test misses."""


@dataclass(frozen=True)
class Gap:
    """A service without one guard: its name, the file, the text of the file, and the tests that have to miss it."""

    name: str
    path: Path
    text: str
    tests: tuple[str, ...]


def gaps(source: Path) -> Iterator[Gap]:
    """Every guard of a generated service, taken out.

    Args:
        source: its folder `server/src`.

    Yields:
        One for each place.

    Raises:
        AssertionError: nothing has the form of a guard any more, so it would prove nothing.
    """
    for guard in GUARDS:
        number = 0
        for path in sorted(source.glob(guard.files)):
            text = path.read_text(encoding="utf-8")
            for found in re.finditer(guard.found, text):
                number += 1
                changed = text[: found.start()] + found.expand(guard.without) + text[found.end() :]
                yield Gap(f"{guard.name} ({path.name}, {number})", path, changed, guard.tests)
        assert number, f"{guard.name}: nothing in {guard.files} is like {guard.found}"
