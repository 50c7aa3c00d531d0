"""From answers to the changes they mean for a project: render, decide, keep account of slots."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from generator.accounting import fallbacks_of, outcome_of
from generator.blueprints import rooms_of
from generator.exemptions import staying, without_owned, without_sealed
from generator.folder.destination import Destination
from generator.folder.lock import LOCK_FILE, Lock, read_lock
from generator.folder.owned import OWNED_FILE, read_owned
from generator.folder.slot_records import SLOTS_FILE, read_records, with_heirs
from generator.last_run import as_generated, caught_up, former, inputs_of, known_state, left_behind
from generator.merging.merge import decide
from generator.merging.pairing import Names, names_of, slot_heirs
from generator.merging.settling import settled
from generator.merging.sides import sides_of
from generator.outcome import Outcome
from generator.problems import Location, PlanProblems, Problem
from generator.recording import ANSWERS_FILE, RELEASE, Origin, Recorded, model_json, read_recorded
from generator.rendered import RenderedFile

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
            known = staying(both.lock, destination)
            changes = decide(rendered, known, records, both.destination, lambda: both.former, names, heirs)
            changes = tuple(both.seen_on_disk(change, destination) for change in changes)
        else:
            if not lock.files and earlier is not None:
                lock, records = known_state(destination, lambda: _former(find, earlier))
            elif earlier is not None and left_behind(lock, earlier):
                lock = caught_up(lock, destination, _former(find, earlier))
            records = with_heirs(records, heirs)
            other = "the plan" if earlier is None or earlier.release == release else release
            changes = decide(
                rendered,
                staying(lock, destination),
                records,
                destination,
                lambda: _former(find, earlier),
                names,
                heirs,
                other,
            )
        changes = without_sealed(without_owned(destination, changes, rendered), answers, rendered)
        fallbacks = fallbacks_of(rendered)
    return outcome_of(destination, answers, changes, fallbacks, records, before, inputs)


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


def _former(blueprints: Blueprints, earlier: Recorded | None) -> tuple[RenderedFile, ...]:
    return former(blueprints(earlier.release), earlier) if earlier else ()
