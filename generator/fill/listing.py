"""Slots as lines for people and as plain data, and the text that a model would be given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.fill.contract import Contract
from generator.fill.prompt import ANSWER, opening, written
from generator.fill.workshop import Seat, Workshop
from generator.problems import PlanProblems, Problem


def state_of(seat: Seat) -> str:
    """Say in words what a slot holds."""
    state, by = seat.status.state, seat.status.by
    if state == "fallback":
        return "placeholder" if seat.status.placeholder else "fallback"
    return f"{state}, by {by}" if state in {"filled", "stale", "orphaned"} and by != "fallback" else state


def slot_lines(workshop: Workshop) -> Iterator[str]:
    """Yield the slots of a project as a table."""
    rows = [
        (
            seat.id,
            state_of(seat),
            ", ".join(seat.contract.proofs) if seat.contract else "-",
            seat.contract.hash[:12] if seat.contract else "-",
            seat.status.file,
        )
        for seat in workshop.seats.values()
    ]
    if not rows:
        yield "There are no slots."
        return
    table = [("SLOT", "HOLDS", "PROVEN BY", "CONTRACT", "FILE"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[4]])


def slot_data(workshop: Workshop) -> list[dict[str, Any]]:
    """Return the slots of a project as plain data."""
    return [
        {
            **vars(seat.status),
            "contract": seat.contract.hash if seat.contract else None,
            "intent": seat.contract.intent if seat.contract else "",
            "criteria": [
                {"id": str(each.get("id")), "title": str(each.get("title", ""))}
                for each in (seat.contract.criteria if seat.contract else ())
            ],
        }
        for seat in workshop.seats.values()
    ]


def contract_text(seat: Seat) -> str:
    """Return what a model would be given for a slot, as text.

    Raises:
        PlanProblems: no present plan has the slot.
    """
    return written(opening(_contract(seat))).rstrip("\n")


def contract_data(seat: Seat) -> dict[str, Any]:
    """Return the contract of a slot and the messages a model would be given, as plain data.

    Raises:
        PlanProblems: no present plan has the slot.
    """
    contract = _contract(seat)
    messages = [{"role": message.role, "text": message.text} for message in opening(contract)]
    return {"contract": contract.data(), "messages": messages, "answer": ANSWER}


def _contract(seat: Seat) -> Contract:
    if seat.contract is None:
        message = f"The plan has no slot {seat.id} any more; its body is kept in {seat.status.file}"
        raise PlanProblems([Problem(None, message)])
    return seat.contract
