"""Parts of the language that no code is generated for yet: refused by name, never ignored.

The reference lists :data:`NOT_YET`; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.model.combining import Combined, Declared
from generator.model.unsupported_fastapi import refuse_on_fastapi
from generator.problems import ProblemList

NOT_YET: dict[str, str] = {
    "conventions.columns": "conventions.columns: camelCase",
}
"""What is refused: a key of this table for each, with what messages call it."""


def refuse_unsupported(combined: Combined, problems: ProblemList) -> None:
    """Note a problem for each use of a part that is not built yet.

    Args:
        combined: the plan.
        problems: where they are noted.
    """
    for place, path, key in _found(combined):
        problems.error(
            place.at(*path),
            f"{NOT_YET[key]}: not supported yet",
            "see «Not supported yet» in the plan reference",
        )
    refuse_on_fastapi(combined, problems)


Found = tuple[Declared[Any], tuple[str | int, ...], str]


def _found(combined: Combined) -> Iterator[Found]:
    for feature in combined.project.features:
        plan = feature.plan
        head = Declared(feature, (), plan)
        if plan.conventions is not None and plan.conventions.columns != "snake_case":
            yield head, ("conventions", "columns"), "conventions.columns"
