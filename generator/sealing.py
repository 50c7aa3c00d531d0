"""What `specwright migrations` does: say how the history stands, seal what is open, put branches in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.folder.conflicts import refuse_open
from generator.folder.destination import Destination, Write
from generator.folder.journal import Journal
from generator.last_run import former, known_state
from generator.migrations import forks, record_of, refuse_stack, reordered, sealing
from generator.model.elements.history import Migration
from generator.narrowing import Narrowing
from generator.outcome import Outcome
from generator.problems import PlanProblems, Problem
from generator.recording import ANSWERS_FILE, RELEASE, read_recorded
from generator.releases.home import Home
from generator.understanding import understand
from generator.updating import in_full


@dataclass(frozen=True)
class Sealed:
    """What was recorded, and what the run after it made of the project (None: there was nothing to do)."""

    files: tuple[str, ...]
    outcome: Outcome | None = None


def migration_lines(migrations: Iterable[Migration]) -> list[str]:
    """A line for each migration: what it is called, whether it is sealed, and what it follows."""
    lines = []
    for each in migrations:
        state = (
            f"sealed  {each.digest[:12]} follows {each.parent[:12] or 'nothing'}" if each.digest else "open"
        )
        lines.append(f"{each.file:<46} {state}")
    return lines or ["The plan has no tables."]


def migration_data(migrations: Iterable[Migration]) -> list[dict[str, Any]]:
    """The migrations as data."""
    return [
        {
            "name": each.file,
            "sealed": bool(each.digest),
            "hash": each.digest or None,
            "parent": each.parent or None,
            "changes": [f"{type(change).__name__} {change.table}" for change in each.changes],
        }
        for each in migrations
    ]


def seal_open(folder: Path, templates: Path) -> Sealed:
    """Seal the open migrations of a project, and note in it that they are.

    Args:
        folder: the project.
        templates: where the blueprints are.

    Raises:
        PlanProblems: the plan has problems, or the project is not generated from it as it stands.
    """
    destination = Destination(folder)
    refuse_open(destination)
    model = understand(folder, templates).model
    refuse_stack(model.stack)
    open_ones = [each for each in model.migrations if not each.digest]
    if not open_ones:
        return Sealed(())
    _refuse_behind(destination, open_ones)
    recorded = read_recorded(destination.text(ANSWERS_FILE))
    lock, _ = known_state(destination, lambda: former(templates, recorded))
    migrations = sealing(model.migrations, destination, lock)
    return _recorded(
        folder, templates, [record_of(each) for each in migrations], [m.file for m in migrations]
    )


def reorder(folder: Path, templates: Path, last: str | None = None) -> Sealed:
    """Put migrations behind each other that two branches sealed after the same one.

    Args:
        folder: the project.
        templates: where the blueprints are.
        last: the one that goes behind the others; by default names decide.

    Raises:
        PlanProblems: one does not fit behind the other, or `last` is none of them.
    """
    refuse_open(Destination(folder))
    known = forks(folder)
    if last is not None and last not in known:
        hint = f"there are {', '.join(known)}" if known else "all migrations are in order"
        raise PlanProblems(
            [Problem(None, f"{last} is no migration that follows the same one as another", hint)]
        )
    writes = reordered(folder, last)
    names = [Path(write.path).stem for write in writes if write.content is not None]
    return _recorded(folder, templates, writes, names) if writes else Sealed(())


def _recorded(folder: Path, templates: Path, writes: list[Write], names: list[str]) -> Sealed:
    Journal(folder).apply(writes)
    return Sealed(tuple(names), in_full(folder, templates, Home(), Narrowing()))


def _refuse_behind(destination: Destination, migrations: Iterable[Migration]) -> None:
    """What is sealed is what the files say, so they must be those of the plan."""
    recorded = read_recorded(destination.text(ANSWERS_FILE))
    content = recorded.answers.get("model_json", "") if recorded else ""
    known = _known(content)
    if recorded is not None and recorded.release != RELEASE:
        hint = "run `specwright update` first"
        raise PlanProblems([Problem(None, f"the project is of release {recorded.release}", hint)])
    if any(known.get(each.file) != (each.up, each.down) for each in migrations):
        hint = "run `specwright generate` first"
        raise PlanProblems([Problem(None, "the migrations in the project are not those of the plan", hint)])


def _known(content: str) -> dict[str, tuple[str, str]]:
    import json

    try:
        found = json.loads(content)["migrations"]
        return {str(each["file"]): (str(each["up"]), str(each["down"])) for each in found}
    except (ValueError, KeyError, TypeError):
        return {}
