"""What became of slots that were to be filled, for people and as data; and what would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.fill.filling import Filled
from generator.fill.prompt import opening, written
from generator.fill.workshop import Workshop

_NOTHING = "Nothing to fill: no slot only holds its place, and none is stale."


def fill_lines(
    found: Sequence[Filled], saved: Sequence[str], *, quiet: bool, by_model: bool = True
) -> Iterator[str]:
    """Yield what became of slots as a table, below it why some were not filled, and what to do next.

    Args:
        found: what became of them.
        saved: the slots whose bodies were recorded.
        quiet: only what is wrong.
        by_model: whether a model was asked; a recording says the same again.
    """
    told = [each for each in found if not quiet or each.outcome == "rejected"]
    if not found and not quiet:
        yield _NOTHING
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
        table = [("SLOT", "OUTCOME", "TRIES", "TOKENS", "COST", "BY"), *rows, *_in_all(told)]
        widths = [max(len(row[column]) for row in table) for column in range(6)]
        for row in table:
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for each in told:
            yield from (f"{each.slot}: {reason}" for reason in each.reasons)
            if each.outcome == "rejected" and not each.tries and by_model:
                yield f"{each.slot}: the answers are those of an earlier run, which were paid for"
    if saved and not quiet:
        yield f"Recorded: {', '.join(saved)}"
    if not quiet:
        yield from _next(found, by_model=by_model)


def _in_all(told: Sequence[Filled]) -> Iterator[tuple[str, ...]]:
    """What several slots took together."""
    tokens, costs = sum(each.sent + each.received for each in told), [each.cost for each in told]
    known = [cost for cost in costs if cost is not None]
    if len(told) > 1 and tokens:
        tries = str(sum(each.tries for each in told))
        yield "in all", "", tries, f"{tokens:,}", f"${sum(known):.4f}" if known else "-", ""


def _next(found: Sequence[Filled], *, by_model: bool) -> Iterator[str]:
    rejected = [each.slot for each in found if each.outcome == "rejected"]
    if rejected:
        names = " ".join(rejected)
        again = f"`specwright fill {names} --again --model …` asks anew, or w" if by_model else "W"
        yield f"Next: {again}rite it between its markers and run `specwright prove {names}`."
    elif any(each.outcome == "accepted" for each in found):
        yield "Next: read what was written, as `git diff` shows it, and commit it with .specwright/slots.yml."


def fill_data(found: Sequence[Filled], saved: Sequence[str]) -> dict[str, Any]:
    """Return what became of slots as plain data."""
    return {
        "ok": all(each.outcome != "rejected" for each in found),
        "slots": [{**vars(each), "reasons": list(each.reasons)} for each in found],
        "recorded": list(saved),
    }


def prompts(workshop: Workshop, names: Sequence[str]) -> Iterator[str]:
    """Yield what a model would be sent for the slots that would be filled."""
    is_empty = True
    for seat in workshop.chosen(names):
        complete = seat.status.state == "fallback" and not seat.status.placeholder
        if seat.is_open and seat.contract is not None and (names or not complete):
            is_empty = False
            yield f"=== {seat.id}"
            yield written(opening(seat.contract))
    if is_empty:
        yield _NOTHING
