"""What became of slots that were to be filled, for people and as data; and what would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.fill.filling import Filled
from generator.fill.prompt import opening, written
from generator.fill.workshop import Workshop


def fill_lines(found: Sequence[Filled], saved: Sequence[str], *, quiet: bool) -> Iterator[str]:
    """Yield what became of slots as a table, and below it why some were not filled."""
    told = [each for each in found if not quiet or each.outcome == "rejected"]
    if not found and not quiet:
        yield "Nothing to fill: no slot only holds its place, and none is stale."
    if told:
        rows = [
            (
                each.slot,
                each.outcome,
                str(each.tries or "-"),
                f"{each.sent + each.received:,}" if each.sent + each.received else "-",
                f"${each.cost:.4f}" if each.cost is not None else "-",
                each.by or "-",
            )
            for each in told
        ]
        table = [("SLOT", "OUTCOME", "TRIES", "TOKENS", "COST", "BY"), *rows]
        widths = [max(len(row[column]) for row in table) for column in range(6)]
        for row in table:
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for each in told:
            yield from (f"{each.slot}: {reason}" for reason in each.reasons)
    if saved and not quiet:
        yield f"Recorded: {', '.join(saved)}"


def fill_data(found: Sequence[Filled], saved: Sequence[str]) -> dict[str, Any]:
    """Return what became of slots as plain data."""
    return {
        "ok": all(each.outcome != "rejected" for each in found),
        "slots": [{**vars(each), "reasons": list(each.reasons)} for each in found],
        "recorded": list(saved),
    }


def prompts(workshop: Workshop, names: Sequence[str]) -> Iterator[str]:
    """Yield what a model would be sent for the slots that would be filled."""
    for seat in workshop.chosen(names):
        complete = seat.status.state == "fallback" and not seat.status.placeholder
        if seat.is_open and seat.contract is not None and (names or not complete):
            yield f"=== {seat.id}"
            yield written(opening(seat.contract))
