"""Damaged plans are told what is wrong with them, where, and soon; nothing else ever happens.

The number of damaged plans is fixed, so that a run takes a bounded time and can be repeated.
`SPECWRIGHT_MUTATIONS=50000` asks for more of them, `SPECWRIGHT_SEED=7` for others.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.answers import build_answers
from generator.blueprints import rooms_of, templates_folder
from generator.model.selection import select
from generator.plan.sources import LARGEST_FILE
from generator.problems import PlanProblems, Problem
from generator.understanding import explained, understand
from tests.strategies.mutations import damaged
from tests.strategies.whole_plans import without_reserved

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
COUNT = int(os.environ.get("SPECWRIGHT_MUTATIONS", "1000"))
SEED = int(os.environ.get("SPECWRIGHT_SEED", "20261123"))
SLOWEST = 25
"""How many times as long as the undamaged plan of the same size a damaged one may take; of processor time."""
GROWTH = 400_000
"""Kilobytes that the process may grow by over the whole run."""


@dataclass(frozen=True)
class Sound:
    """A project to damage: its files by path, and how long it takes as it is."""

    name: str
    files: dict[str, str]


def sound_projects() -> Iterator[Sound]:
    """The whole plans, the case with everything, and the examples; what version 1 reserves is cut out."""
    folders = [*(CASES / "whole-plans").iterdir(), CASES / "everything", *(ROOT / "docs/examples").iterdir()]
    for folder in sorted(folder for folder in folders if folder.is_dir()):
        files = {
            path.relative_to(folder).as_posix(): _generated(path) for path in sorted(folder.rglob("*.yaml"))
        }
        yield Sound(folder.relative_to(ROOT).as_posix(), files)


def _generated(path: Path) -> str:
    """A plan as far as it can be generated: all of it, where it is an example."""
    text = path.read_text(encoding="utf-8")
    return text if "examples" in path.parts else without_reserved(text)


SOUND = tuple(sound_projects())


def told(folder: Path) -> tuple[Problem, ...]:
    """All that can happen before something is written: check, explain, answers; the problems of the plan."""
    templates = templates_folder()
    try:
        understood = understand(folder, templates)
        explained(folder, templates)
        rooms = [room.id for room in rooms_of(templates, understood.model.stack)]
        build_answers(understood.model, select(understood.model, rooms))
    except PlanProblems as problems:
        return problems.problems
    return ()


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Put files into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def misplaced(problem: Problem, files: dict[str, bytes]) -> str:
    """What is wrong with how a problem is told; nothing when it has a place in a file, one line and words."""
    if "\n" in str(problem) or not problem.message.strip() or not str(problem).isprintable():
        return "not one line of text"
    if problem.location is None:
        return "no place"
    if problem.location.file not in files:
        return "another file"
    lines = files[problem.location.file].decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
    line, column = problem.location.line, problem.location.column
    if not 1 <= line <= len(lines) or not 1 <= column <= len(lines[line - 1]) + 1:
        return "outside the file"
    return ""


def defects(folder: Path, first: int, count: int) -> dict[str, str]:
    """Damage the projects `count` times and look at what happens; by kind, the first plan that shows it."""
    found: dict[str, str] = {}
    usual: dict[str, float] = {}
    for project in SOUND:
        write(folder, {path: text.encode() for path, text in project.files.items()})
        told(folder)
        start = time.process_time()
        told(folder)
        usual[project.name] = max(time.process_time() - start, 0.02)
    for number in range(first, first + count):
        project = SOUND[number % len(SOUND)]
        paths = list(project.files)
        hit = paths[number // len(SOUND) % len(paths)]
        files = {path: text.encode() for path, text in project.files.items()}
        files[hit] = damaged(number, project.files[hit])
        write(folder, files)
        where = f"{project.name}/{hit} with seed {number}"
        start = time.process_time()
        try:
            problems = told(folder)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            own = [f for f in traceback.extract_tb(error.__traceback__) if "/generator/" in f.filename][-1]
            kind = f"{type(error).__name__} in {Path(own.filename).name}:{own.lineno} ({frame.name})"
            found.setdefault(kind, f"{where}: {error}")
            continue
        ratio = (time.process_time() - start) / usual[project.name]
        if ratio > SLOWEST:
            found.setdefault("slow", f"{where}: {ratio:.0f} times as long as undamaged")
        for problem in problems:
            if fault := misplaced(problem, files):
                words = problem.message.split("`")[0]
                found.setdefault(f"{fault}: {words}", f"{where}: {str(problem)!r}")
    return found


def test_damaged_plans_are_told_what_is_wrong(tmp_path: Path) -> None:
    assert all(len(text) < LARGEST_FILE for project in SOUND for text in project.files.values())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = defects(tmp_path / "project", SEED, COUNT)
    assert not found, "\n".join(f"{kind}\n    {example}" for kind, example in found.items())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH


@pytest.mark.parametrize("project", SOUND, ids=lambda project: project.name)
def test_the_plans_that_are_damaged_are_sound(project: Sound, tmp_path: Path) -> None:
    write(tmp_path / "project", {path: text.encode() for path, text in project.files.items()})
    errors = [problem for problem in told(tmp_path / "project") if problem.severity == "error"]
    assert not [error for error in errors if "not supported yet" not in error.message]


if __name__ == "__main__":
    for kind, example in defects(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])).items():
        print(kind, "\n   ", example, flush=True)
