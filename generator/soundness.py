"""Whether a plan is sound: found out once, and remembered for as long as nothing has changed.

What is remembered stands in `.specwright/cache/`, is not committed and is written only where a project is
generated already: a check by itself makes no folders. docs/decisions/0034 says what it counts for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

from generator.folder.destination import Destination
from generator.folder.seal import CACHE, write_cache
from generator.frozen import dataclass
from generator.problems import Location, Problem
from generator.skipping import sources_of
from generator.understanding import PLAN, plan_files, resolved, understand

if TYPE_CHECKING:
    from generator.understanding import Understood

_SOUND = f"{CACHE}/sound.json"
_OUTLINE = f"{CACHE}/sound-plan.json"


@dataclass(frozen=True)
class Counts:
    """How much a plan says."""

    entities: int
    operations: int
    criteria: int
    tasks: int


@dataclass(frozen=True)
class Sound:
    """A plan without errors."""

    counts: Counts
    warnings: tuple[Problem, ...] = ()


def check(folder: Path, templates: Path, *, share: float | None = None) -> Sound:
    """Check the plans and tasks of a project.

    Args:
        folder: the project.
        templates: where the blueprints are: a plan can leave out rooms of theirs, and tasks name them.
        share: of the entities: an edit that can reach more of them is not looked at alone.

    Raises:
        PlanProblems: with every problem found.
    """
    if not (folder / CACHE).parent.is_dir() or not _are_files(folder):
        return _found(understand(folder, templates, to_check=True))
    texts, destination = plan_files(folder), Destination(folder)
    sources = sources_of(templates, texts)
    known = _remembered(destination)
    if known is not None and known[0] == sources:
        return known[1]
    if known is not None and not known[1].warnings and [*texts] == [PLAN]:
        try:
            return _checked_locally(destination, templates, known, texts[PLAN], share)
        except Exception:
            # Whatever is in the way, and whatever is wrong: the whole plan is checked, and says it.
            pass
    understood = understand(folder, templates, to_check=True)
    sound = _found(understood)
    if understood.texts == texts:
        _remember(destination, sources, sound)
        _remember_outline(destination, understood)
    return sound


def _are_files(folder: Path) -> bool:
    """Whether what has the name of a plan is a plain file: links and the like are told each time."""
    specs = folder / "specs"
    places = [folder, *(specs.iterdir() if specs.is_dir() else ())]
    paths = [place / name for place in places for name in (PLAN, "tasks.yaml")]
    return not any(path.is_symlink() or (path.exists() and not path.is_file()) for path in paths)


def _found(understood: Understood) -> Sound:
    model = understood.model
    counts = Counts(len(model.entities), len(model.operations), len(model.criteria), len(model.tasks))
    return Sound(counts, understood.warnings)


def _checked_locally(
    destination: Destination, templates: Path, known: tuple[str, Sound], content: bytes, share: float | None
) -> Sound:
    """The soundness of a plan that was sound before an edit within one entity.

    Raises:
        Exception: the edit may reach further, or is wrong.
    """
    from generator.local import NotLocal
    from generator.local.edit import SHARE, Outline, find_edit
    from generator.plan import load_text

    data = json.loads(destination.text(_OUTLINE) or "")
    text = str(data["text"])
    outline = Outline({str(name): int(line) for name, line in data["begins"].items()}, int(data["end"]))
    if sources_of(templates, {PLAN: text.encode()}) != known[0]:
        raise NotLocal("the outline is of another plan")
    now = _text_of(destination)
    if now.encode() != content:
        raise NotLocal("the plan is not plain text, or is being written")
    edit = find_edit(text, outline, now, SHARE if share is None else share)
    before, after = (
        resolved(load_text(destination.folder, part), {}, templates, to_check=True)
        for part in (edit.before, edit.after)
    )
    # What others raise or use is left out of both: what was not warned of in the whole is none now.
    if before.warned != after.warned:
        raise NotLocal("there is something to warn of")
    pairs = zip(
        astuple(known[1].counts), astuple(_found(before).counts), astuple(_found(after).counts), strict=True
    )
    sound = Sound(Counts(*(whole - old + new for whole, old, new in pairs)))
    _remember(destination, sources_of(templates, {PLAN: content}), sound)
    moved = outline.moved(edit.entity, edit.grown)
    _write_outline(destination, now, moved.begins, moved.end)
    return sound


def _text_of(destination: Destination) -> str:
    from generator.local import NotLocal
    from generator.plan.sources import read_text
    from generator.problems import ProblemList

    problems = ProblemList()
    text = read_text(destination.folder / PLAN, PLAN, problems, destination.folder)
    if text is None or len(problems):
        raise NotLocal("the plan cannot be read")
    return text


def _remembered(destination: Destination) -> tuple[str, Sound] | None:
    """The digest of what was found sound, and what was found; None where nothing can be read."""
    try:
        data = json.loads(destination.text(_SOUND) or "")
        if data.pop("digest") != _digest(data):
            return None
        warnings = tuple(
            Problem(Location(*place) if place else None, message, hint, "warning")
            for place, message, hint in data["warnings"]
        )
        return str(data["sources"]), Sound(Counts(*data["counts"]), warnings)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _remember(destination: Destination, sources: str, sound: Sound) -> None:
    warnings = [
        (astuple(each.location) if each.location else None, each.message, each.hint)
        for each in sound.warnings
    ]
    data = {"sources": sources, "counts": astuple(sound.counts), "warnings": warnings}
    content = json.dumps({**data, "digest": _digest(data)}).encode()
    write_cache(destination, _SOUND, content)


def _digest(data: Mapping[str, object]) -> str:
    """Of a file that was cut off or edited, nothing counts."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _remember_outline(destination: Destination, understood: Understood) -> None:
    from generator.local.edit import outline_of

    if [*understood.texts] != [PLAN] or understood.warnings:
        return
    locate = understood.project.features[0].locate
    found = outline_of(locate.text, locate.root)
    if found is not None and locate.text.encode() == understood.texts[PLAN]:
        _write_outline(destination, locate.text, found.begins, found.end)


def _write_outline(destination: Destination, text: str, begins: Mapping[str, int], end: int) -> None:
    data = {"text": text, "begins": begins, "end": end}
    write_cache(destination, _OUTLINE, json.dumps(data, separators=(",", ":")).encode())
