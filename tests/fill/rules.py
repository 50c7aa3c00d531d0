"""Bodies for the rules of the examples, as a person or a model writes them, and mistakes made there.

Each file below `bodies/EXAMPLE` is the body of the slot that it is named after, laid out as it stands in the
project. A mistake is a change of that body; the criteria of the plan have to tell it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from generator.fill.recordings import RecordedBody, write_recording
from generator.slots import with_bodies
from tests.fill.projects import looked_at

BODIES = Path(__file__).parent / "bodies"


class Mistake(NamedTuple):
    """What a plausible but wrong body does, by how it differs from the right one."""

    what: str
    right: str
    wrong: str


MISTAKES: dict[str, tuple[Mistake, Mistake]] = {
    "board.suggestNext": (
        Mistake(
            "the priority comes before the due date",
            "tasks.due_on nulls last, tasks.priority desc",
            "tasks.priority desc, tasks.due_on nulls last",
        ),
        Mistake("the newest comes first", "tasks.created_at", "tasks.created_at desc"),
    ),
    "board.suggestPerson": (
        Mistake("what has no estimate takes no time", "estimate_hours ?? 1", "estimate_hours ?? 0"),
        Mistake("one task too many", "tasksOpen < context", "tasksOpen <= context"),
    ),
    "board.delay": (
        Mistake("the due date is late already", "= addDays(task.due_on, aDay)", "= task.due_on"),
        Mistake("it goes on when the task is done", "task.done_at ?? context.now", "context.now"),
    ),
    "board.progress": (
        Mistake("rounded to the nearest", "Math.floor", "Math.round"),
        Mistake("tasks count beside their subtasks", "!parents.has(id)", "id !== '' || parents.has(id)"),
    ),
    "sales.settle": (
        Mistake(
            "rounded before the taxes",
            "=> multiplyDecimal(gross, factor)",
            "=> roundDecimal(multiplyDecimal(gross, factor), 2)",
        ),
        Mistake("where the customer lives", "invoice.billing_country ?? customer", "customer"),
    ),
    "sales.commission": (
        Mistake("the first moment of the next month", "invoice_date < ", "invoice_date <= "),
        Mistake("customers of others", "supported.has(invoice.customer_id)", "supported.size > 0"),
    ),
    "sales.bestCustomers": (
        Mistake("the last invoice alone", "addDecimal(sums.get(id)?.spent ?? '0', total)", "total"),
        Mistake("those alike as they come", " || intervalBetween(one.last, other.last)", ""),
    ),
    "catalog.recommend": (
        Mistake(
            "the genre of most lines",
            "(liked.get(genre) ?? 0) + line.quantity",
            "(liked.get(genre) ?? 0) + 1",
        ),
        Mistake("what they have already", "!has.has(track.id) &&", "has.size >= 0 &&"),
    ),
    "auth.lockout": (
        Mistake("one password too late", "attempts < context", "attempts <= context"),
        Mistake(
            "a right one changes nothing",
            "{ failedLoginAttempts: 0, accountLockedUntil: null }",
            "{ failedLoginAttempts: input.failedLoginAttempts, accountLockedUntil: null }",
        ),
    ),
    "safety.dormant": (
        Mistake(
            "who never signed in", "coalesce(users.last_login_at, users.created_at)", "users.last_login_at"
        ),
        Mistake("the shortest first", "sql`${last}, ", "sql`${last} desc, "),
    ),
}


def right(example: str) -> dict[str, str]:
    """The bodies for the slots of an example."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((BODIES / example).glob("*.ts"))}


def wrong(example: str, number: int) -> dict[str, str]:
    """The same bodies, each with one of its mistakes."""
    found = {}
    for slot, body in right(example).items():
        mistake = MISTAKES[slot][number]
        assert body.count(mistake.right) >= 1, f"{slot}: {mistake.what}"
        found[slot] = body.replace(mistake.right, mistake.wrong)
    return found


def written(example: str, project: Path) -> Path:
    """Write the bodies into the slots of a project by hand."""
    seats = looked_at(project).seats
    for slot, body in right(example).items():
        place = project / seats[slot].status.file
        place.write_bytes(with_bodies(place.read_bytes(), {slot: body.encode()}))
    return project


def recorded(example: str, project: Path, place: Path) -> Path:
    """Write the bodies down as a recording of what a person wrote for the plan of a project."""
    seats = looked_at(project).seats
    bodies = {}
    for slot, body in right(example).items():
        contract = seats[slot].contract
        assert contract is not None
        bodies[slot] = RecordedBody(contract.hash, "person", body.rstrip("\n"))
    write_recording(place, bodies)
    return place
