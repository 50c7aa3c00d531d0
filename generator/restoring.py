"""`specwright restore` and `specwright own`: a file is as generated again, or is a person's from now on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from generator.folder.aside import put_aside
from generator.folder.destination import Destination, Write
from generator.folder.journal import Journal
from generator.folder.lock import LOCK_FILE, Lock, locked, read_lock, write_lock
from generator.folder.owned import OWNED_FILE, read_owned, write_owned
from generator.folder.slot_records import (
    SLOTS_FILE,
    SlotRecord,
    is_filled,
    recorded,
    with_present_contracts,
    write_records,
)
from generator.last_run import former, known_state
from generator.merging.shared_files import NotMergeable, share
from generator.problems import PlanProblems, Problem, did_you_mean
from generator.recording import ANSWERS_FILE, Recorded, read_recorded
from generator.rendered import RenderedFile
from generator.slots import MarkerError, content_hash, contracts, find_slots, skeleton_hash, with_bodies


@dataclass(frozen=True)
class RestoredFile:
    """A file that is as generated again; `aside` is where what stood there went, "" if nothing did."""

    path: str
    aside: str


@dataclass(frozen=True)
class Restored:
    """What was restored, files that were as generated already, and those kept because of an edit just now."""

    files: tuple[RestoredFile, ...]
    unchanged: tuple[str, ...]
    overtaken: tuple[str, ...]


def restore(folder: Path, templates: Path, names: Sequence[str], *, slots: bool = False) -> Restored:
    """Bring files back to what was generated; what stood there is put aside.

    Args:
        folder: the project.
        templates: where the blueprints of the recorded release are.
        names: of the files, as somebody gave them.
        slots: the bodies of slots, too, become what they are generated with.

    Raises:
        PlanProblems: a file is none that is generated, or is owned, or cannot be written.
    """
    destination = Destination(folder)
    earlier = _earlier(destination)
    rendered = {file.path: file for file in former(templates, earlier)}
    lock, records = known_state(destination, lambda: [*rendered.values()])
    owned = read_owned(destination.text(OWNED_FILE))
    paths = paths_of(folder, names)
    _refuse(destination, paths, rendered, owned, earlier)
    answers = json.loads(earlier.answers["model_json"])
    records, known_contracts = with_present_contracts(records, answers), contracts(answers)
    entries, writes = dict(lock.files), []
    files: list[RestoredFile] = []
    for path in paths:
        file, now = rendered[path], destination.find(path).content
        shared = path in entries and entries[path].shared
        after = _after(file, now, records, slots=slots, shared=shared)
        entries[path] = locked(file, shared=shared)
        for slot in find_slots(after):
            fallback = next(
                content_hash(each.body) for each in find_slots(file.content) if each.id == slot.id
            )
            contract = known_contracts.get(slot.id, "")
            records[slot.id] = recorded(slot, path, fallback, contract, records.get(slot.id))
        if after == now:
            continue
        aside = ""
        if now is not None:
            aside, more = put_aside(destination, path, now)
            writes += [write for write in more if write not in writes]
        writes.append(Write(path, after, file.executable, before=now))
        files.append(RestoredFile(path, aside))
    writes += _state(destination, Lock(entries, lock.inputs), records)
    overtaken = Journal(folder).apply(writes)
    done = {file.path for file in files}
    return Restored(
        tuple(file for file in files if file.path not in overtaken),
        tuple(path for path in paths if path not in done),
        overtaken,
    )


def own(folder: Path, templates: Path, names: Sequence[str], *, give_back: bool = False) -> tuple[str, ...]:
    """Take files over, or give them back to be managed again; their content stays as it is.

    Args:
        folder: the project.
        templates: where the blueprints of the recorded release are.
        names: of the files, as somebody gave them.
        give_back: to be managed again.

    Returns:
        All files that are owned now.

    Raises:
        PlanProblems: a file is none that is generated, or none that is owned.
    """
    destination = Destination(folder)
    earlier = _earlier(destination)
    owned = read_owned(destination.text(OWNED_FILE))
    lock, _ = read_lock(destination.text(LOCK_FILE))
    # A file that was moved is known by either path, and owned where it stands.
    moved = {entry.path: entry.place for entry in lock.files.values() if entry.at}
    paths = [moved.get(path, path) for path in paths_of(folder, names)]
    if give_back:
        _refuse_unknown(paths, owned, "is not owned")
        owned = {path: content for path, content in owned.items() if path not in paths}
    elif paths:
        rendered = {moved.get(file.path, file.path): file for file in former(templates, earlier)}
        _refuse_unknown(paths, rendered, "is not generated")
        owned = {path: skeleton_hash(rendered[path].content) for path in paths} | owned
    if paths:
        # Without the digest, so that the next run looks at all; with the release that it was written at.
        known = replace(lock, inputs=f"{lock.inputs.partition(':')[0]}:")
        writes = _state(destination, known, None) if lock.files else []
        found, content = destination.find(OWNED_FILE).content, write_owned(owned)
        if content != found:
            writes.append(Write(OWNED_FILE, content, before=found))
        Journal(folder).apply(writes)
    return tuple(sorted(owned))


def paths_of(folder: Path, names: Sequence[str]) -> list[str]:
    """Return paths relative to a project for names as somebody gave them: relative to it, or absolute."""
    root = folder.resolve()
    found = []
    for name in names:
        path = Path(name)
        with suppress(ValueError):
            path = (path if path.is_absolute() else root / path).relative_to(root)
        found.append("/".join(part for part in path.parts if part != "."))
    return [*dict.fromkeys(found)]


def _earlier(destination: Destination) -> Recorded:
    earlier = read_recorded(destination.text(ANSWERS_FILE))
    if earlier is None:
        message = f"Nothing was generated here: there is no {ANSWERS_FILE}"
        raise PlanProblems([Problem(None, message, "Run `specwright generate`")])
    return earlier


def _refuse(
    destination: Destination,
    paths: Sequence[str],
    rendered: Mapping[str, RenderedFile],
    owned: Mapping[str, str],
    earlier: Recorded,
) -> None:
    if not rendered:
        message = f"What {earlier.release} generated cannot be had here"
        raise PlanProblems([Problem(None, message, "Run `specwright generate`")])
    _refuse_unknown(paths, rendered, "is not generated")
    problems = [
        Problem(None, f"{path} is yours", f"Give it back first: specwright own --return {path}")
        for path in paths
        if path in owned
    ]
    problems += [
        Problem(None, f"{path} cannot be written: {blocked}")
        for path in paths
        if (blocked := destination.find(path).blocked)
    ]
    if problems:
        raise PlanProblems(problems)


def _refuse_unknown(paths: Sequence[str], known: Mapping[str, object], what: str) -> None:
    problems = [
        Problem(None, f"{path} {what}", did_you_mean(path, [*known])) for path in paths if path not in known
    ]
    if problems:
        raise PlanProblems(problems)


def _after(
    file: RenderedFile, now: bytes | None, records: Mapping[str, SlotRecord], *, slots: bool, shared: bool
) -> bytes:
    """What a file is restored to: as generated, with the bodies that somebody wrote unless they go, too."""
    if now is None:
        return file.content
    if shared:
        with suppress(NotMergeable):
            return share(file.path, now, file.content)
    after = file.content if slots else with_bodies(file.content, _bodies(file, now, records))
    return after.replace(b"\n", b"\r\n") if b"\r\n" in now and b"\r\n" not in after else after


def _bodies(file: RenderedFile, now: bytes, records: Mapping[str, SlotRecord]) -> dict[str, bytes]:
    fallbacks = {slot.id: content_hash(slot.body) for slot in find_slots(file.content)}
    with suppress(MarkerError):
        return {
            slot.id: slot.body.replace(b"\r\n", b"\n")
            for slot in find_slots(now)
            if is_filled(slot, records.get(slot.id), fallbacks.get(slot.id))
        }
    return {}


def _state(destination: Destination, lock: Lock, records: Mapping[str, SlotRecord] | None) -> list[Write]:
    """The writes of the lock and, unless nothing is known of them, the records of slots."""
    wanted = {LOCK_FILE: write_lock(lock)}
    if records is not None:
        wanted[SLOTS_FILE] = write_records(records)
    found = {path: destination.find(path).content for path in wanted}
    return [
        Write(path, content, before=found[path]) for path, content in wanted.items() if content != found[path]
    ]
