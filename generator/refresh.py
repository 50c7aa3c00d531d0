"""From answers to the changes they mean for a project: render, decide, keep account of slots."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.blueprints import rooms_of, templates_digest
from generator.folder.destination import Destination, Write
from generator.folder.file_states import noted_states
from generator.folder.lock import DELETED, LOCK_FILE, Lock, LockedFile, lock_of, locked, read_lock, write_lock
from generator.folder.owned import OWNED_FILE, read_owned
from generator.folder.slot_records import (
    SLOTS_FILE,
    SlotRecord,
    read_records,
    recorded,
    with_heirs,
    with_present_contracts,
    write_records,
)
from generator.merging.merge import WRITTEN, Action, Change, decide
from generator.merging.pairing import Names, names_of, slot_heirs
from generator.merging.settling import settled
from generator.merging.sides import sides_of
from generator.outcome import Outcome, SlotStatus
from generator.problems import Location, PlanProblems, Problem
from generator.recording import ANSWERS_FILE, RELEASE, Origin, Recorded, model_json, read_recorded
from generator.rendered import RenderedFile
from generator.slots import (
    MarkerError,
    content_hash,
    contracts,
    find_slots,
    may_hold_slots,
    placeholders,
    skeleton_hash,
)

MISSES = "yours; what is generated for it has changed since you took it over"

Blueprints = Callable[[str], Path | None]
"""Finds the blueprints of a release by its name; None where they are not at hand."""


def bring_up_to_date(
    destination: Destination,
    templates: Path,
    answers: Mapping[str, Any],
    *,
    text: str = "",
    release: str = RELEASE,
    source: str = "",
    blueprints: Blueprints | None = None,
) -> Outcome:
    """Find out what answers mean for a project; nothing is written here.

    Args:
        destination: the project.
        templates: where the blueprints are.
        answers: plain data of `generator.answers.build_answers`.
        text: the answers as they are recorded, if that is known already.
        release: that the blueprints are of.
        source: the home of the blueprints to record; by default the one that is recorded.
        blueprints: finds those of the release that is recorded, or that one side of a merge had recorded.

    Returns:
        The changes by file, and the writes that make them, those of `.specwright/` included.

    Raises:
        PlanProblems: the folder was generated from another template.
        RenderError: a blueprint is at fault.
    """
    earlier = _earlier(destination)
    refuse_blocked_state(destination)
    text = text or model_json(answers)
    inputs = inputs_of(templates, answers["stack"], [text.encode()], release)
    origin = Origin(release, source or (earlier.source if earlier else Origin.source))

    def find(name: str) -> Path | None:
        # Recorded answers meet the blueprints that they were made for, or none.
        return templates if name == release else blueprints(name) if blueprints else None

    lock, damaged = read_lock(destination.text(LOCK_FILE))
    before = Lock() if damaged else lock
    records = read_records(destination.text(SLOTS_FILE))
    moved = earlier is not None and earlier.source != origin.source
    unchanged = None if moved else as_generated(lock, inputs, destination)
    if unchanged is not None:
        fallbacks = {name: record.fallback for name, record in records.items()}
        changes = unchanged
    else:
        from generator.render import render

        rendered = render(templates, answers, text, origin)
        sides, heirs = sides_of(destination), slot_heirs(answers)

        def names() -> Names:
            return names_of(rooms_of(templates, answers["stack"]), answers)

        if sides is not None:
            owned = read_owned(destination.text(OWNED_FILE))
            managed = [file for file in rendered if file.path not in owned]
            both = settled(sides, destination, managed, lambda recorded: _former(find, recorded))
            before, records = Lock(), with_heirs(both.records, heirs)
            known = _staying(both.lock, destination)
            changes = decide(rendered, known, records, both.destination, lambda: both.former, names, heirs)
            changes = tuple(both.seen_on_disk(change, destination) for change in changes)
        else:
            if not lock.files and earlier is not None:
                lock, records = known_state(destination, lambda: _former(find, earlier))
            elif earlier is not None and _left_behind(lock, earlier):
                lock = _caught_up(lock, destination, _former(find, earlier))
            records = with_heirs(records, heirs)
            other = "the plan" if earlier is None or earlier.release == release else release
            changes = decide(
                rendered,
                _staying(lock, destination),
                records,
                destination,
                lambda: _former(find, earlier),
                names,
                heirs,
                other,
            )
        changes = _leaving_sealed(_leaving_owned(destination, changes, rendered), answers, rendered)
        fallbacks = _fallbacks(rendered)
    return outcome_of(destination, answers, changes, fallbacks, records, before, inputs)


_SEALED = (".up.sql", ".down.sql", ".sealed")
_DIFFERS = "differs from what was sealed, and stays: take it back from git"


def _leaving_sealed(
    changes: tuple[Change, ...], answers: Mapping[str, Any], rendered: Iterable[RenderedFile]
) -> tuple[Change, ...]:
    """The changes, but none to what was sealed: what differs there is only told, what is gone comes back."""
    names = sealed_names(answers)
    if not names:
        return changes
    sealed = {file.path: file for file in rendered if file.path.rpartition("/")[2] in names}

    def left(change: Change) -> Change:
        file = sealed.get(change.entry.path) if change.entry else None
        if file is None:
            return change
        if change.entry and (change.action is Action.REMOVED or change.entry.at):
            # Where the migrator looks for it; what a person has put elsewhere is a file of their own.
            note = "is sealed, and was not here"
            return Change(
                file.path,
                Action.CREATE,
                None,
                file.content,
                locked(file),
                file.room,
                file.executable,
                note=note,
            )
        if change.action in (Action.UPDATE, Action.MERGE, Action.CONFLICT, Action.EDITED, Action.MOVE):
            return _as_sealed(change, file)
        return change

    return tuple(sorted(map(left, changes), key=lambda change: change.path))


def sealed_names(answers: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the files, without their folder, whose text a sealed migration has for good.

    Args:
        answers: as they were recorded.
    """
    sealed = [migration["file"] for migration in answers.get("migrations", ()) if "hash" in migration]
    return frozenset(f"{name}{ending}" for name in sealed for ending in _SEALED)


def _as_sealed(change: Change, file: RenderedFile) -> Change:
    """A change to a sealed file, but not of its text, unless that is as it was sealed."""
    if change.action is Action.MOVE or change.moved_from:
        own = change.versions[1] if change.versions else change.after
        if own == file.content:
            return change
        return change._replace(action=Action.MOVE, after=own, pending=True, note=_DIFFERS, versions=None)
    return change._replace(
        action=Action.EDITED, after=change.before, pending=True, note=_DIFFERS, versions=None
    )


def _leaving_owned(
    destination: Destination, changes: tuple[Change, ...], rendered: Iterable[RenderedFile]
) -> tuple[Change, ...]:
    """The changes, but none to a file that a person has taken over: that is only told what it misses."""
    owned = read_owned(destination.text(OWNED_FILE))
    if not owned:
        return changes
    files = {file.path: file for file in rendered}

    def left(change: Change) -> Change:
        if change.path not in owned:
            return change
        now = destination.find(change.path).content
        file = files.get(change.entry.path if change.entry else change.path)
        entry = locked(file, at=change.path if change.path != file.path else "") if file else change.entry
        missing = file is not None and skeleton_hash(file.content) != owned[change.path]
        return Change(
            change.path,
            Action.OWNED,
            now,
            now,
            entry,
            change.room,
            note=MISSES if missing else "no longer generated" if file is None else "",
        )

    return tuple(left(change) for change in changes)


def _staying(lock: Lock, destination: Destination) -> Lock:
    """The lock, with files that a person has taken over held where they stand: they follow no template."""
    owned = read_owned(destination.text(OWNED_FILE))
    if not owned:
        return lock
    entries = dict(lock.files)
    for path, entry in lock.files.items():
        if entry.place in owned:
            # One that is gone is not looked for elsewhere: what a person makes of it is theirs.
            kept = entry.kept if destination.holds(entry.place) else DELETED
            entries[path] = entry._replace(at=entry.place, kept=kept)
    return Lock(entries, lock.inputs)


def left_as_is(destination: Destination) -> Outcome | None:
    """Return the outcome of a run with the answers of the last; None if a file is not as that left it."""
    lock, _ = read_lock(destination.text(LOCK_FILE))
    changes = as_generated(lock, lock.inputs, destination)
    if changes is None:
        return None
    records = read_records(destination.text(SLOTS_FILE))
    recorded_model = read_recorded(destination.text(ANSWERS_FILE)) if records else None
    answers = json.loads(recorded_model.answers["model_json"]) if recorded_model else {}
    fallbacks = {name: record.fallback for name, record in records.items()}
    return outcome_of(destination, answers, changes, fallbacks, records, lock, lock.inputs)


def outcome_of(
    destination: Destination,
    answers: Mapping[str, Any],
    changes: tuple[Change, ...],
    fallbacks: Mapping[str, str],
    records: Mapping[str, SlotRecord],
    before: Lock,
    inputs: str,
) -> Outcome:
    """Return what changes mean, with the writes that make them and those of the lock and the slots.

    Args:
        destination: the project.
        answers: of the present plan.
        changes: by file.
        fallbacks: by slot, the hash of the body it is generated with.
        records: what was known of the slots.
        before: the lock as it was.
        inputs: of `inputs_of`.
    """
    records = with_present_contracts(records, answers)
    present = _present(changes, fallbacks, contracts(answers), records)
    entries = {change.entry.path: change.entry for change in changes if change.entry}
    # An edited file is told by its bytes; what else is kept would not be said again.
    kept = any(
        change.action in (Action.COLLISION, Action.ORPHANED, Action.OWNED)
        or (change.action is Action.EDITED and change.pending)
        for change in changes
    )
    lock = Lock(entries, f"{inputs.partition(':')[0]}:" if kept else inputs)
    state = {SLOTS_FILE: write_records(present)}
    if lock != before:
        state[LOCK_FILE] = write_lock(lock)
    writes = [
        Write(change.path, change.after, change.executable, change.before)
        for change in changes
        if change.action in WRITTEN and (change.after != change.before or change.action is Action.UPDATE)
    ]
    for path, content in state.items():
        found = destination.find(path).content
        if found != content:
            writes.append(Write(path, content, before=found))
    return Outcome(changes, _statuses(present, answers), tuple(writes), unguarded=_unguarded(answers))


def _unguarded(answers: Mapping[str, Any]) -> tuple[str, ...]:
    operations = [item for service in answers.get("services", ()) for item in service["operations"]]
    return tuple(str(item["id"]) for item in operations if item.get("as_system"))


def slots_of(
    destination: Destination, lock: Lock, records: Mapping[str, SlotRecord], answers: Mapping[str, Any]
) -> tuple[SlotStatus, ...]:
    """Find the state of every slot as the project stands now; nothing is rendered or written.

    Args:
        destination: the project.
        lock: what was generated in it.
        records: what is known of its slots.
        answers: of the present plan.
    """
    records = with_present_contracts(records, answers)
    changes = []
    marked = {record.file for record in records.values()}
    for entry in lock.files.values():
        if entry.place in marked:
            content = destination.find(entry.place).content
            changes.append(Change(entry.place, Action.UNCHANGED, content, content, entry, entry.room))
    fallbacks = {name: record.fallback for name, record in records.items()}
    return _statuses(_present(changes, fallbacks, contracts(answers), records), answers)


def _earlier(destination: Destination) -> Recorded | None:
    text = destination.text(ANSWERS_FILE)
    earlier = read_recorded(text)
    if earlier and "model_json" not in earlier.answers:
        message = f"This folder was generated from another template, {earlier.source}"
        hint = f"Generate into a folder of its own, or remove {ANSWERS_FILE}"
        raise PlanProblems([Problem(Location(ANSWERS_FILE, 1, 1), message, hint)])
    return earlier


def refuse_blocked_state(destination: Destination) -> None:
    """Refuse a project whose state cannot be kept. Raises `PlanProblems`."""
    problems = [
        Problem(Location(path, 1, 1), f"Specwright cannot keep its state: {blocked}")
        for path in (LOCK_FILE, SLOTS_FILE)
        if (blocked := destination.find(path).blocked)
    ]
    if problems:
        raise PlanProblems(problems)


def inputs_of(templates: Path, stack: str, text: Iterable[bytes | memoryview], release: str = RELEASE) -> str:
    """Return the release, and a digest of all that a render is made from; `text` are recorded answers."""
    digest = hashlib.sha256(f"{release}\n{templates_digest(templates, stack)}\n".encode())
    for piece in text:
        digest.update(piece)
    return f"{release}:{digest.hexdigest()}"


class _Unread(bytes):
    """Bytes of a kind of their own: an empty file has other ones."""


UNREAD = _Unread()
"""Stands for the bytes of a file that is known to be as generated, and that nobody needs to read."""
_READ = frozenset({ANSWERS_FILE, ".gitattributes"})


def as_generated(lock: Lock, inputs: str, destination: Destination) -> tuple[Change, ...] | None:
    """Return the files of the last run, if its inputs were the same: as it left them, or edited since.

    Files with slots, and those that a summary is made of, have their bytes; others may be `UNREAD`.

    Returns:
        What a run in full would say of each, None where only that can find out.
    """
    if not lock.files or lock.inputs != inputs:
        return None
    entries = lock.files.values()
    plain = not any(entry.kept or entry.shared or entry.at for entry in entries)
    known = noted_states(destination, lock.files) if plain else None
    slotted = {record.file for record in read_records(destination.text(SLOTS_FILE)).values()}
    unread = {*known} - _READ - slotted if known else set()
    read = destination.contents([entry.place for entry in entries if entry.path not in unread])
    changes = []
    for entry in entries:
        if entry.path in unread:
            changes.append(_as_it_was(entry, UNREAD, False))
            continue
        change = _as_it_stands(destination, entry, next(read), entry.place in slotted)
        if change is None:
            return None
        changes.append(change)
    if any(change.action is Action.EDITED for change in changes) and sides_of(destination) is not None:
        # What stands in them may be of both sides of a merge, which are brought together first.
        return None
    return tuple(changes)


def _as_it_was(entry: LockedFile, content: bytes, slotted: bool) -> Change:
    # By place: of thousands of files that is quicker than by name.
    unchanged, bit = Action.UNCHANGED, entry.executable
    return Change(entry.place, unchanged, content, content, entry, entry.room, bit, False, "", slotted)


def _as_it_stands(
    destination: Destination, entry: LockedFile, content: bytes | None, has_slots: bool
) -> Change | None:
    """What a run with the inputs of the last would say of a file, None where only a render can tell."""
    place = entry.place
    if entry.shared:
        content = destination.find(place).content
    if content is None:
        if entry.kept != DELETED or destination.holds(place):
            return None
        return Change(place, Action.REMOVED, None, None, entry, entry.room, note="deleted by you")
    if entry.kept:
        return None
    # No line of the answers begins as a marker does, and they are long.
    slotted = place != ANSWERS_FILE and may_hold_slots(content)
    if entry.shared or entry.is_of(content, slotted=slotted):
        return _as_it_was(entry, content, slotted)
    if has_slots or slotted or entry.at or place == ANSWERS_FILE:
        return None
    executable = destination.find(place).executable
    return Change(place, Action.EDITED, content, content, entry, entry.room, executable, note="edited by you")


def former(templates: Path | None, earlier: Recorded | None) -> tuple[RenderedFile, ...]:
    """Render what was generated last, from the answers as they were recorded.

    Args:
        templates: where the blueprints of the recorded release are, None where they are not at hand.
        earlier: what is recorded.
    """
    from generator.render import render_recorded

    if earlier is None or templates is None:
        return ()
    return render_recorded(templates, earlier.answers, Origin(earlier.release, earlier.source))


def known_state(
    destination: Destination, rendered: Callable[[], Sequence[RenderedFile]]
) -> tuple[Lock, dict[str, SlotRecord]]:
    """Return the lock and the records of slots; without a lock (plain copier made it), as a run leaves them.

    Args:
        destination: the project.
        rendered: gives what the recorded answers render to; only called without a lock.
    """
    lock, _ = read_lock(destination.text(LOCK_FILE))
    if lock.files:
        return lock, read_records(destination.text(SLOTS_FILE))
    files = rendered()
    records = {
        slot.id: SlotRecord(slot.id, file.path, "", body, body, "fallback")
        for file in files
        for slot in find_slots(file.content)
        if (body := content_hash(slot.body))
    }
    return lock_of(files), records


def _left_behind(lock: Lock, earlier: Recorded) -> bool:
    """Plain copier has taken the project to another release since the lock was written."""
    release, known, _ = lock.inputs.partition(":")
    return bool(known) and release != earlier.release


def _caught_up(lock: Lock, destination: Destination, rendered: Iterable[RenderedFile]) -> Lock:
    """The lock as that release would have written it; what stands as the lock says is not looked at anew."""
    entries = dict(lock.files)
    for file in rendered:
        known, now = lock.files.get(file.path), destination.find(file.path).content
        as_known = known is not None and now is not None and skeleton_hash(now) == known.hash
        if not as_known and not (known and known.shared):
            entries[file.path] = locked(file)
    return Lock(entries, lock.inputs)


def _former(blueprints: Blueprints, earlier: Recorded | None) -> tuple[RenderedFile, ...]:
    return former(blueprints(earlier.release), earlier) if earlier else ()


def _fallbacks(rendered: Iterable[RenderedFile]) -> dict[str, str]:
    return {slot.id: content_hash(slot.body) for file in rendered for slot in find_slots(file.content)}


def _present(
    changes: Iterable[Change],
    fallbacks: Mapping[str, str],
    present_contracts: Mapping[str, str],
    before: Mapping[str, SlotRecord],
) -> dict[str, SlotRecord]:
    """The records after a run: slots found in the files, and filled ones that went missing as last known."""
    records = {
        name: record for name, record in before.items() if name in fallbacks or record.by != "fallback"
    }
    for change in changes:
        if change.after is None or change.entry is None or not change.slotted:
            continue
        try:
            slots = find_slots(change.after)
        except MarkerError:
            continue
        for slot in slots:
            known = before.get(slot.id)
            # A slot that left the plan has no fallback; what was known says whether somebody filled it.
            fallback = fallbacks.get(slot.id, known.fallback if known else "")
            contract = present_contracts.get(slot.id, known.contract if known else "")
            records[slot.id] = recorded(slot, change.path, fallback, contract, known)
    return records


def _statuses(records: Mapping[str, SlotRecord], answers: Mapping[str, Any]) -> tuple[SlotStatus, ...]:
    present, holding = contracts(answers), placeholders(answers)
    return tuple(
        SlotStatus(name, record.file, record.state(present.get(name)), record.by, name in holding)
        for name, record in sorted(records.items())
    )
