"""What a local edit means for a project: the files that follow from it, the answers and the lock."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.accounting import outcome_of
from generator.folder.destination import Destination
from generator.folder.lock import LOCK_FILE, Lock, LockedFile, read_lock
from generator.folder.slot_records import SLOTS_FILE, SlotRecord, read_records
from generator.last_run import UNREAD, as_generated, inputs_of
from generator.local import NotLocal
from generator.local.patch import RecordedAnswers
from generator.local.stage import ALL, Site, Templates
from generator.merging.merge import Action, Change, decide
from generator.outcome import Outcome
from generator.recording import ANSWERS_FILE
from generator.refresh import refuse_blocked_state
from generator.rendered import RenderedFile
from generator.slots import content_hash, find_slots, may_hold_slots, skeleton_hash


def local_outcome(
    destination: Destination,
    templates: Path,
    entity: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Outcome:
    """Find out what an edit means; nothing is written here.

    Args:
        destination: the project, as the last run left it.
        templates: where the blueprints are, as they were then.
        entity: the entity that was edited.
        before: answers of the plan cut down to what the edit can reach, before it.
        after: the same after it.

    Returns:
        The outcome of a full run.

    Raises:
        NotLocal: what a full run would give is not certain.
    """
    refuse_blocked_state(destination)
    lock, damaged = read_lock(destination.text(LOCK_FILE))
    changes = None if damaged else as_generated(lock, lock.inputs, destination)
    if (
        changes is None
        or ANSWERS_FILE not in lock.files
        or any(each.at or each.kept for each in lock.files.values())
    ):
        raise NotLocal("a file is not as the last run left it")
    content = next(change.before for change in changes if change.path == ANSWERS_FILE) or b""
    recorded = RecordedAnswers(content)
    recorded.patch(before, after, entity)
    files = _Followers(Templates(templates, after["stack"]), lock, recorded, before, after).files()
    entry = lock.files[ANSWERS_FILE]
    files.append(RenderedFile(ANSWERS_FILE, recorded.content, False, entry.room, entry.template, ""))
    records = read_records(destination.text(SLOTS_FILE))
    fallbacks = {name: record.fallback for name, record in records.items()}
    new_slots = {slot.id: content_hash(slot.body) for file in files for slot in find_slots(file.content)}
    answers = {"services": recorded.value("services")}
    if records or new_slots:
        answers = json.loads(b"".join(recorded.text))
    known = {change.path: change for change in changes}
    decided = {file.path: _followed(file, known[file.path], lock, records, destination) for file in files}
    return outcome_of(
        destination,
        answers,
        tuple(decided.get(change.path, change) for change in changes),
        {**fallbacks, **new_slots},
        records,
        lock,
        inputs_of(templates, after["stack"], recorded.text),
    )


def _followed(
    file: RenderedFile,
    change: Change,
    lock: Lock,
    records: Mapping[str, SlotRecord],
    destination: Destination,
) -> Change:
    """The file as it becomes; if it is as generated, only bodies and line ends go along."""
    is_answers = file.path == ANSWERS_FILE
    if change.action is not Action.UNCHANGED:
        raise NotLocal("what is new in a file that was edited has to be merged")
    before = change.before or destination.find(file.path).content or b""
    if change.before is UNREAD:
        if not lock.files[file.path].is_of(before):
            raise NotLocal("a file was edited meanwhile")
        change = change._replace(before=before, after=before, slotted=may_hold_slots(before))
    if b"\r" not in before and not change.slotted and (is_answers or not may_hold_slots(file.content)):
        action = Action.UNCHANGED if before == file.content else Action.UPDATE
        entry = LockedFile(file.path, file.room, file.template, file.element, content_hash(file.content))
        return Change(file.path, action, before, file.content, entry, file.room, executable=file.executable)
    (decided,) = decide([file], Lock({file.path: lock.files[file.path]}), records, destination)
    if decided.action not in (Action.UPDATE, Action.UNCHANGED):
        raise NotLocal("a file was edited meanwhile")
    return decided


class _Followers:
    """The files that follow from what differs between the answers before and after an edit."""

    def __init__(
        self,
        templates: Templates,
        lock: Lock,
        recorded: RecordedAnswers,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        self._templates = templates
        self._lock = lock
        self._recorded = recorded
        self._answers = after
        self._names = frozenset(name for name in templates.files if name != lock.files[ANSWERS_FILE].template)
        wanted = templates.needs(self._names)
        self._old, self._new = templates.context(before, wanted), templates.context(after, wanted)
        self._changed = {ALL, *(name for name, value in self._new.items() if value != self._old[name])}

    def files(self) -> list[RenderedFile]:
        """Render what may be different now.

        Raises:
            NotLocal: other files would be generated than before, or they cannot be rendered here.
        """
        sites = self._pairs()
        of_all = {name for name in self._names if self._globals(name) & self._changed}
        moved = [(old, new) for old, new in sites if new.template not in of_all and old.values != new.values]
        self._refuse_gaps({new.element for old, new in sites if old.values != new.values}, sites)
        files = [(new.template, self._of_element(old, new)) for old, new in moved]
        of_all |= {template for template, file in files if file is None}
        found = [file for template, file in files if file is not None and template not in of_all]
        found += [self._templates.render(site, self._whole) for site in self._of_everything(of_all)]
        return [file for file in found if skeleton_hash(file.content) != self._lock.files[file.path].hash]

    @cached_property
    def _whole(self) -> dict[str, Any]:
        """The context of the whole plan."""
        wanted = self._templates.needs(self._names)
        return self._templates.context(json.loads(b"".join(self._recorded.text)), wanted)

    def _globals(self, template: str) -> frozenset[str]:
        return self._templates.reads(template) - self._templates.loops(template)

    def _pairs(self) -> list[tuple[Site, Site]]:
        old, new = (self._templates.sites(context, self._names) for context in (self._old, self._new))
        if [_place(site) for site in old] != [_place(site) for site in new]:
            raise NotLocal("other files are generated")
        return list(zip(old, new, strict=True))

    def _of_element(self, old: Site, new: Site) -> RenderedFile | None:
        """The file of an element that changed, None if more of the plan is in it than the edit can reach."""
        if not _is_entry(self._lock.files.get(new.path), new):
            raise NotLocal(f"{new.path} was not generated")
        # Where the path leads is in the lock already: what the text reads is what counts.
        read = self._templates.text_reads(new.template) & {*self._new}
        if not all(self._is_whole(name) for name in read - self._templates.loops(new.template)):
            return None
        former = self._templates.render(old, self._old)
        if skeleton_hash(former.content) != self._lock.files[new.path].hash:
            return None
        return self._templates.render(new, self._new)

    def _is_whole(self, name: str) -> bool:
        """Whether a name has the same value for the cut plan as for the whole."""
        if name in ("stack", "project_name"):
            return True
        value = self._new[name]
        return value == self._answers.get(name) and self._recorded.holds(name, value)

    def _of_everything(self, names: set[str]) -> Sequence[Site]:
        """Every file of templates that read something of the whole plan that changed."""
        if not names:
            return ()
        sites = self._templates.sites(self._whole, frozenset(names))
        known = {entry.path for entry in self._lock.files.values() if entry.template in names}
        if {site.path for site in sites} != known:
            raise NotLocal("other files are generated")
        if not all(_is_entry(self._lock.files[site.path], site) for site in sites):
            raise NotLocal("files are generated from other templates")
        return sites

    def _refuse_gaps(self, elements: set[str], sites: Sequence[tuple[Site, Site]]) -> None:
        """Every file of an element that changed must be among those that were looked at."""
        seen = {new.path for _, new in sites}
        suffix = self._templates.suffix
        for entry in self._lock.files.values():
            if entry.element in elements and entry.template.endswith(suffix) and entry.path not in seen:
                raise NotLocal(f"{entry.path} would not be looked at")


def _place(site: Site) -> tuple[str, str, str]:
    return site.template, site.path, site.element


def _is_entry(entry: LockedFile | None, site: Site) -> bool:
    return entry is not None and (entry.template, entry.element) == (site.template, site.element)
