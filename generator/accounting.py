"""What a run did, as it is told and recorded: changes by file, the lock, the state of every slot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.folder.destination import Destination, Write
from generator.folder.lock import LOCK_FILE, Lock, write_lock
from generator.folder.slot_records import (
    SLOTS_FILE,
    SlotRecord,
    recorded,
    with_present_contracts,
    write_records,
)
from generator.merging.merge import WRITTEN, Action, Change
from generator.outcome import Outcome, SlotStatus
from generator.rendered import RenderedFile
from generator.slots import MarkerError, content_hash, contracts, find_slots, placeholders


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


def _unguarded(answers: Mapping[str, Any]) -> tuple[str, ...]:
    operations = [item for service in answers.get("services", ()) for item in service["operations"]]
    return tuple(str(item["id"]) for item in operations if item.get("as_system"))


def fallbacks_of(rendered: Iterable[RenderedFile]) -> dict[str, str]:
    """Return by slot the hash of the body that it is generated with."""
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
