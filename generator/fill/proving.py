"""`specwright prove`: the bodies that stand in a project are proved where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from generator.fill.confinement import Limits
from generator.fill.keeping import keep
from generator.fill.proof import Stage, Verdict, prove
from generator.fill.workshop import Seat, Workshop


def prove_standing(workshop: Workshop, names: Sequence[str], limits: Limits) -> tuple[Verdict, ...]:
    """Prove what stands in slots; what is stale or was edited, and is proved, is noted for the present plan.

    Args:
        workshop: the project.
        names: ids of slots, none for all that hold a body.
        limits: for the run of the criteria.

    Raises:
        PlanProblems: there is no such slot, or the project cannot be compiled.
    """
    seats = workshop.chosen(names)
    held: dict[str, str] = {}
    told: dict[str, Verdict] = {}
    for seat in seats:
        reason = _nothing_in(seat)
        if reason:
            told[seat.id] = Verdict(seat.id, Stage.UNPROVED, (reason,), "")
        else:
            held[seat.id] = (seat.body or b"").decode(errors="replace")
    verdicts = {verdict.slot: verdict for verdict in prove(workshop, held, limits=limits)} if held else {}
    for name, verdict in verdicts.items():
        told[name] = _noted(workshop, workshop.seats[name], verdict) if verdict.ok else verdict
    return tuple(told[seat.id] for seat in seats)


def _nothing_in(seat: Seat) -> str:
    if seat.contract is None:
        return "the plan has no such slot any more"
    if seat.body is None:
        return f"its markers are gone from {seat.status.file}"
    if seat.status.state == "fallback" and seat.status.placeholder:
        return "it only holds the place"
    return ""


def _noted(workshop: Workshop, seat: Seat, verdict: Verdict) -> Verdict:
    """A body that is proved was written for the present contract, whoever wrote it."""
    if seat.status.state not in {"stale", "edited"} or seat.contract is None or seat.body is None:
        return verdict
    kept = keep(
        workshop.folder,
        seat.status.file,
        seat.id,
        verdict.body,
        seat.body,
        seat.contract.hash,
        "person" if seat.status.state == "edited" else seat.status.by,
    )
    return replace(verdict, stage=Stage.UNPROVED, reasons=(kept,)) if kept else verdict


def proof_lines(verdicts: Sequence[Verdict], *, quiet: bool) -> Iterator[str]:
    """Yield what was proved, as lines for people."""
    for verdict in verdicts:
        if verdict.ok:
            if not quiet:
                variants = f", which refuse {', '.join(verdict.refuted)}" if verdict.refuted else ""
                yield f"proved    {verdict.slot} by its criteria{variants}"
            continue
        yield f"{_word(verdict):<9} {verdict.slot}"
        yield from (f"  {reason}" for reason in verdict.reasons)
    if not verdicts:
        yield "There are no slots."
    apart = next((verdict.apart for verdict in verdicts if verdict.apart), "")
    if apart and not quiet:
        yield f"They ran {APART[apart]}."


APART = {
    "namespaces": "in namespaces of their own: no network, no other process, nothing to write but a folder",
    "limits": "within limits; this system keeps nothing apart, so connections, processes and files of "
    "elsewhere were refused by what is loaded before them",
    "nothing": "within limits",
}
"""How bodies were kept apart while they ran."""


def _word(verdict: Verdict) -> str:
    return "unproved" if verdict.stage is Stage.UNPROVED else "refused"


def proof_data(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Return what was proved as plain data."""
    return {
        "ok": all(verdict.ok for verdict in verdicts),
        "slots": [
            {
                "id": verdict.slot,
                "stage": str(verdict.stage),
                "reasons": list(verdict.reasons),
                "refuted": list(verdict.refuted),
                "apart": verdict.apart,
            }
            for verdict in verdicts
        ],
    }
