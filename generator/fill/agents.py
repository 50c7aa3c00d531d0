"""Slots over the Model Context Protocol: any coding agent may propose bodies, and each passes the proof.

It needs an extra: `pip install 'specwright[mcp]'`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from generator.fill.confinement import Limits
from generator.fill.keeping import keep
from generator.fill.listing import contract_text, slot_data
from generator.fill.proof import prove
from generator.fill.workshop import Workshop
from generator.problems import PlanProblems, Problem

BY = "agent"
"""Who is recorded as the author of a body that was proposed."""
_INSTRUCTIONS = """\
A generated project has slots: bodies of functions that are yours to write. List them, read the context of
one, propose a body. A proposal is proved by the criteria of the plan in a copy of the project, and then kept.
Do not edit anything else of what is generated."""


def listed(look: Callable[[], Workshop]) -> list[dict[str, Any]]:
    """Return every slot with its state and what proves it."""
    return slot_data(look())


def context_of(look: Callable[[], Workshop], slot: str) -> str:
    """Return what whoever writes a body is given. Raises `PlanProblems` if there is no such slot."""
    return contract_text(look().chosen([slot])[0])


def proposed(look: Callable[[], Workshop], slot: str, body: str, limits: Limits) -> dict[str, Any]:
    """Prove a body and, if it is proved, keep it. A body that a person wrote is never replaced.

    Raises:
        PlanProblems: there is no such slot, or the project cannot be compiled.
    """
    workshop = look()
    seat = workshop.chosen([slot])[0]
    if not seat.is_open or seat.contract is None or seat.body is None:
        reason = f"it is {seat.status.state} by {seat.status.by} and stays as it is"
        return {"slot": slot, "kept": False, "stage": "left", "reasons": [reason]}
    verdict = prove(workshop, {slot: body}, limits=limits, laid_out=True)[0]
    reasons = list(verdict.reasons)
    if verdict.ok:
        kept = keep(
            workshop.folder,
            seat.status.file,
            slot,
            verdict.body,
            seat.body,
            seat.contract.hash,
            BY,
        )
        reasons = [kept] if kept else []
    return {
        "slot": slot,
        "kept": verdict.ok and not reasons,
        "stage": str(verdict.stage),
        "reasons": reasons,
    }


def server(folder: Path, templates: Path, limits: Limits) -> Any:
    """Return the server that offers the slots of a project.

    Raises:
        PlanProblems: the extra is missing.
    """
    try:
        from mcp.server import MCPServer
    except ImportError:
        message = "Serving agents needs an extra that is not installed"
        raise PlanProblems([Problem(None, message, "Run `pip install 'specwright[mcp]'`")]) from None
    from generator.fill.workshop import workshop_of

    made = MCPServer("specwright", instructions=_INSTRUCTIONS)

    def look() -> Workshop:
        return workshop_of(folder, templates)

    def said(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except PlanProblems as error:
            raise ValueError("; ".join(str(problem) for problem in error.problems)) from None

    @made.tool()
    def list_slots() -> list[dict[str, Any]]:
        """List the slots of the project: state, intent and criteria of each."""
        found: list[dict[str, Any]] = said(lambda: listed(look))
        return found

    @made.tool()
    def slot_context(slot: str) -> str:
        """Return the contract of a slot: all that a body needs to know."""
        return str(said(lambda: context_of(look, slot)))

    @made.tool()
    def propose_body(slot: str, body: str) -> dict[str, Any]:
        """Propose a body for a slot: it is proved, and kept if it passes; else the reasons are returned."""
        found: dict[str, Any] = said(lambda: proposed(look, slot, body, limits))
        return found

    @made.tool()
    def slot_status(slot: str) -> dict[str, Any]:
        """Return the state of one slot."""
        return next(each for each in said(lambda: listed(look)) if each["id"] == slot)

    return made
