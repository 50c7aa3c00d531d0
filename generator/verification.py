"""`specwright verify`: what every generated file and every slot is by now, beside what was generated."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Any

from generator.blueprints import rooms_of
from generator.exemptions import MISSES, sealed_names
from generator.folder.conflicts import open_conflicts
from generator.folder.destination import Destination, Found
from generator.folder.lock import DELETED, LOCK_FILE, Lock, LockedFile, lock_of, read_lock
from generator.folder.owned import OWNED_FILE, read_owned
from generator.folder.slot_records import SLOTS_FILE, SlotRecord, read_records, with_present_contracts
from generator.frozen import dataclass
from generator.last_run import former
from generator.merging.shared_files import NotMergeable, share
from generator.merging.sides import sides_of
from generator.narrowing import in_step
from generator.outcome import SlotStatus
from generator.problems import PlanProblems, Problem
from generator.recording import ANSWERS_FILE, Recorded, read_recorded
from generator.releases import Release
from generator.releases.home import Home
from generator.rendered import RenderedFile
from generator.report import difference
from generator.slots import (
    MarkerError,
    content_hash,
    contracts,
    find_slots,
    placeholders,
    skeleton_hash,
    with_bodies,
)
from generator.understanding import PLAN, plan_files, understand
from generator.updating import recorded_blueprints


class FileState(StrEnum):
    """What became of a file that was generated."""

    GENERATED = "generated"
    EDITED = "edited"
    MISSING = "missing"
    ORPHANED = "orphaned"
    SHARED = "shared"
    OWNED = "owned"
    COLLISION = "collision"


EDITS = ("anywhere", "slots-only")
"""Where people may edit what is generated: a policy."""


@dataclass(frozen=True)
class FileStatus:
    """One file: its state, where it comes from, and the diff from what was generated to what it is."""

    path: str
    state: FileState
    room: str
    template: str
    element: str
    note: str = ""
    diff: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Verification:
    """A project beside what was generated: `drift` says, one line for each reason, why it is not in order.

    `plan` is `recorded` (nothing would be generated anew), `changed`, or `absent` (there is none here).
    """

    release: str
    edits: str
    plan: str
    files: tuple[FileStatus, ...]
    slots: tuple[SlotStatus, ...]
    drift: tuple[str, ...]


def verify(
    folder: Path,
    templates: Path,
    edits: str = "anywhere",
    home: Home | None = None,
    *,
    complete: bool = False,
) -> Verification:
    """Compare a project with what was generated; nothing is written.

    Args:
        folder: the project.
        templates: where the blueprints are.
        edits: one of `EDITS`; with `slots-only` whatever differs outside of slots is drift.
        home: of former releases; by default that of the installed Specwright.
        complete: a slot that only holds its place is drift.

    Raises:
        PlanProblems: nothing was generated here, or the plan has problems.
        ReleaseError: the release that the project is at is not at hand.
    """
    destination = Destination(folder)
    if sides_of(destination) is not None:
        reason = "a merge of git has not been brought together yet: run `specwright generate`"
        return Verification("", edits, "changed", (), (), (reason,))
    earlier = read_recorded(destination.text(ANSWERS_FILE))
    lock, damaged = read_lock(destination.text(LOCK_FILE))
    if earlier is None and not lock.files:
        message = f"Nothing was generated here: there is no {ANSWERS_FILE}"
        raise PlanProblems([Problem(None, message, "Run `specwright generate`")])
    with recorded_blueprints(folder, templates, home or Home()) as (blueprints, release):
        rendered = former(blueprints, earlier)
        plan = _plan(folder, blueprints, release, earlier)
    files = tuple(_files(destination, lock, rendered, whole=bool(lock.files) and not damaged))
    answers = _answers(earlier)
    slots = tuple(slot_statuses(destination, rendered, answers))
    conflicts, sealed = open_conflicts(destination), sealed_names(answers)
    drift = tuple(_drift(files, slots, plan, conflicts, edits, sealed=sealed, complete=complete))
    return Verification(earlier.release if earlier else "", edits, plan, files, slots, drift)


def verification_lines(found: Verification, *, diff: bool, quiet: bool) -> Iterator[str]:
    """Yield a verification as lines for people.

    Args:
        found: of `verify`.
        diff: show how edited files differ.
        quiet: leave out what is as it should be.
    """
    counts = {state: sum(file.state is state for file in found.files) for state in FileState}
    if not quiet and found.files:
        said = ", ".join(f"{count} {_WORDS[state]}" for state, count in counts.items() if count)
        yield f"Generated by {found.release}: {said}"
    for file in found.files:
        if file.state is FileState.GENERATED or (quiet and file.state is FileState.SHARED):
            continue
        yield f"  {file.state:<10}{file.path}{f'  ({file.note})' if file.note else ''}"
        if diff:
            yield from file.diff
    slots = [slot for slot in found.slots if not quiet or slot.state in {"stale", "orphaned", "missing"}]
    if slots:
        yield "Slots"
        yield from (f"  {slot.state:<10}{slot.id}  {slot.file}" for slot in slots)
    if found.drift:
        yield "Not in order:"
        yield from (f"  {reason}" for reason in found.drift)


def verification_data(found: Verification, *, diff: bool) -> dict[str, Any]:
    """Return a verification as plain data."""
    files = []
    for file in found.files:
        entry = {**vars(file), "state": str(file.state)}
        del entry["diff"]
        files.append({**entry, "diff": "\n".join(file.diff)} if diff and file.diff else entry)
    return {
        "ok": not found.drift,
        "release": found.release,
        "edits": found.edits,
        "plan": found.plan,
        "files": files,
        "slots": [vars(slot) for slot in found.slots],
        "drift": list(found.drift),
    }


_WORDS = {
    FileState.GENERATED: "as generated",
    FileState.EDITED: "edited",
    FileState.MISSING: "missing",
    FileState.ORPHANED: "no longer generated",
    FileState.SHARED: "shared",
    FileState.OWNED: "yours",
    FileState.COLLISION: "not ours",
}


def _files(
    destination: Destination, lock: Lock, rendered: Sequence[RenderedFile], *, whole: bool
) -> Iterator[FileStatus]:
    """The files; where the lock is whole, one that it does not name was there before."""
    known = {file.path: file for file in rendered}
    owned = read_owned(destination.text(OWNED_FILE))
    # Where that release cannot be rendered, the lock still tells what was generated.
    expected = {**({} if rendered else lock.files), **lock_of(rendered).files}
    for path in sorted({*expected, *lock.files}):
        entry = lock.files.get(path) or expected[path]
        if entry.place in owned:
            yield _owned(destination, entry, known.get(path), owned[entry.place])
        elif whole and path not in lock.files and (found := destination.find(path)) != Found():
            note = found.blocked or "was here before"
            yield FileStatus(path, FileState.COLLISION, entry.room, entry.template, entry.element, note)
        elif path in expected:
            yield _file(destination, entry, expected[path], known.get(path))
        elif destination.find(entry.place).content is not None:
            note = "nothing generates it any more"
            yield FileStatus(path, FileState.ORPHANED, entry.room, entry.template, entry.element, note)


def _owned(
    destination: Destination, entry: LockedFile, file: RenderedFile | None, taken_over: str
) -> FileStatus:
    """A file that a person took over; how it differs is said only of what has been generated since."""
    diff: tuple[str, ...] = ()
    note = ""
    if file is not None and skeleton_hash(file.content) != taken_over:
        note = MISSES
        diff = tuple(difference(entry.place, destination.find(entry.place).content, file.content))
    return FileStatus(entry.place, FileState.OWNED, entry.room, entry.template, entry.element, note, diff)


def _file(
    destination: Destination, entry: LockedFile, expected: LockedFile, file: RenderedFile | None
) -> FileStatus:
    found = destination.find(entry.place)
    moved = f"moved by you to {entry.at}" if entry.at else ""

    def status(state: FileState, note: str = moved, diff: Iterable[str] = ()) -> FileStatus:
        return FileStatus(
            entry.path, state, expected.room, expected.template, expected.element, note, tuple(diff)
        )

    now = found.content
    if found.blocked:
        return status(FileState.EDITED, found.blocked)
    if now is None:
        return status(FileState.MISSING, "deleted by you" if entry.kept == DELETED else "")
    if skeleton_hash(now) in {entry.hash, expected.hash}:
        return status(FileState.GENERATED)
    if entry.shared and file is not None:
        with suppress(NotMergeable):
            wanted = share(entry.path, now, file.content)
            if wanted == now:
                return status(FileState.SHARED)
            return status(FileState.EDITED, "lacks what is generated", difference(entry.path, wanted, now))
    if file is None:
        return status(FileState.EDITED)
    return status(FileState.EDITED, diff=difference(entry.path, _with_bodies_of(now, file.content), now))


def _with_bodies_of(now: bytes, generated: bytes) -> bytes:
    """What was generated, with the bodies that stand in the project: those are no edits."""
    try:
        return with_bodies(generated, {slot.id: slot.body for slot in find_slots(now)})
    except MarkerError:
        return generated


def _answers(earlier: Recorded | None) -> dict[str, Any]:
    with suppress(KeyError, ValueError, TypeError):
        answers = json.loads(earlier.answers["model_json"] if earlier else "")
        return answers if isinstance(answers, dict) else {}
    return {}


def slot_statuses(
    destination: Destination, rendered: Iterable[RenderedFile], answers: Mapping[str, Any]
) -> Iterator[SlotStatus]:
    records = with_present_contracts(read_records(destination.text(SLOTS_FILE)), answers)
    present, holding = contracts(answers), placeholders(answers)
    generated = {slot.id: (file.path, slot.body) for file in rendered for slot in find_slots(file.content)}
    places = {name: record.file for name, record in records.items()}
    places |= {name: path for name, (path, _) in generated.items()}
    bodies: dict[str, bytes] = {}
    for path in {*places.values()}:
        with suppress(MarkerError):
            bodies |= {slot.id: slot.body for slot in find_slots(destination.find(path).content or b"")}
    for name in sorted(places):
        record = records.get(name)
        fallback = content_hash(generated[name][1]) if name in generated else None
        state = _slot_state(bodies.get(name), fallback, record, present.get(name))
        by = "fallback" if state == "fallback" else record.by if record and state != "edited" else "person"
        yield SlotStatus(name, places[name], state, by, name in holding)


def _slot_state(
    body: bytes | None, fallback: str | None, record: SlotRecord | None, contract: str | None
) -> str:
    """Say what a slot holds, beside what was recorded of it at the last run."""
    if body is None:
        return "orphaned" if contract is None else "missing"
    now = content_hash(body)
    if now in {fallback, record.fallback if record else None}:
        return "fallback"
    if contract is None:
        return "orphaned"
    if record is None or record.by == "fallback" or record.body != now:
        return "edited"
    return record.state(contract)


def _plan(folder: Path, templates: Path, release: Release | None, earlier: Recorded | None) -> str:
    if not any(path.endswith(PLAN) for path in plan_files(folder)):
        return "absent"
    if release is not None:
        from generator.asking import ask

        recorded = earlier.answers.get("model_json", "") if earlier else ""
        answered = ask(release, templates, folder)
        if not answered.recorded:
            raise PlanProblems(answered.problems)
        return "recorded" if answered.recorded["model_json"] == recorded else "changed"
    understood = understand(folder, templates)
    rooms = rooms_of(templates, understood.model.stack)
    return "recorded" if in_step(understood, rooms, earlier) else "changed"


def _drift(
    files: Iterable[FileStatus],
    slots: Iterable[SlotStatus],
    plan: str,
    conflicts: Sequence[str],
    edits: str,
    *,
    sealed: Collection[str],
    complete: bool,
) -> Iterator[str]:
    if plan == "changed":
        yield "the plan says something else than what was generated: run `specwright generate`"
    for path in conflicts:
        yield f"{path}: the conflicts of the last run are still open"
    for slot in slots:
        if complete and slot.placeholder and slot.state in {"fallback", "missing"}:
            yield f"slot {slot.id}: nobody has written its body in {slot.file}"
    for file in files:
        if file.path.rpartition("/")[2] in sealed and file.state is not FileState.GENERATED:
            yield f"{file.path}: {_WORDS[file.state]}, and it is sealed: take it back from git"
    if edits == "anywhere":
        return
    for file in files:
        if file.state in {FileState.EDITED, FileState.MISSING, FileState.ORPHANED}:
            yield f"{file.path}: {_WORDS[file.state]}, and only slots may be edited"
    for slot in slots:
        if slot.state == "missing":
            yield f"slot {slot.id}: its markers are gone from {slot.file}"
