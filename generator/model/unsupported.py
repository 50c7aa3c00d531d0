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
    "operation.inferred": "changing an operation that a resource brings",
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
        for service, declared in plan.services.items():
            for name, operation in declared.operations.items():
                yield from _operation(
                    combined, head.below(operation, "services", service, "operations", name), service, name
                )


def _operation(combined: Combined, place: Declared[Any], service: str, name: str) -> Iterator[Found]:
    owner = next(
        (entity for entity in combined["entities"] if entity[:1].lower() + entity[1:] == service), None
    )
    if owner is not None and combined["entities"][owner].value.resource is not None:
        yield place, (), "operation.inferred"
