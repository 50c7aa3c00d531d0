"""Files to models: one plan, or a project of several features."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from generator.plan.nodes import Mapping, Node, compose, read_text
from generator.plan.positions import Locator
from generator.plan.reading import Reader, read_model
from generator.plan.schema import Plan, Tasks
from generator.problems import Location, Problem, ProblemList

PLAN = "plan.yaml"
TASKS = "tasks.yaml"
SPECS = "specs"


@dataclass(frozen=True)
class PlanFile:
    """One plan.yaml: its name as people see it, the model, and where its parts are."""

    file: str
    plan: Plan
    locate: Locator


@dataclass(frozen=True)
class Feature:
    """A plan with its tasks.

    `locate("entities", "Task", "fields", "title")` is the place of a key, with `value=True` that of its value, with
    `offset=n` the place of a character in the text there; `locate_tasks` does the same for tasks.yaml.
    """

    name: str | None
    number: int | None
    file: str
    plan: Plan
    tasks: Tasks | None
    tasks_file: str | None
    locate: Locator
    locate_tasks: Locator | None


@dataclass(frozen=True)
class Project:
    """The features of a folder in number order; a lone plan.yaml is one feature without number."""

    folder: Path
    features: tuple[Feature, ...]
    warnings: tuple[Problem, ...] = ()


def load_plan_file(path: Path, file: str | None = None) -> PlanFile:
    """Load one plan.yaml; `file` is the name in messages. Raises `PlanProblems`."""
    problems = ProblemList()
    shown = file or path.name
    root = _compose(path, shown, problems)
    plan = read_model(Plan, root, shown, problems) if root else None
    problems.raise_if_errors()
    assert root is not None and plan is not None
    return PlanFile(shown, plan, Locator(shown, root))


def load_project(folder: Path) -> Project:
    """Load plan.yaml, or specs/NNN-name/plan.yaml, with the tasks.yaml beside each.

    Raises `PlanProblems` with every problem of every file that can be found without types.
    """
    problems = ProblemList()
    features = read_features(folder, problems)
    problems.raise_if_errors()
    return Project(folder, tuple(features), problems.warnings)


def read_features(folder: Path, problems: ProblemList) -> list[Feature]:
    """The features of a folder that could be read; what is wrong is noted in `problems`."""
    lone = folder / PLAN
    specs = sorted(path.parent for path in (folder / SPECS).glob(f"*/{PLAN}"))
    if lone.is_file() and specs:
        message = f"there is a {PLAN} here and in {SPECS}/"
        problems.error(Location(PLAN, 1, 1), message, f"Move it to {SPECS}/001-name/{PLAN}, or remove the others")
    if not lone.is_file() and not specs:
        problems.error(None, f"there is no {PLAN} in {folder.name or folder}", "`specwright init` writes one")
        return []
    found: list[Feature] = []
    for place in [folder] if lone.is_file() else specs:
        feature = _read_feature(folder, place, problems)
        if feature:
            found.append(feature)
    return found


def _read_feature(folder: Path, place: Path, problems: ProblemList) -> Feature | None:
    shown = (place / PLAN).relative_to(folder).as_posix()
    root = _compose(place / PLAN, shown, problems)
    plan = read_model(Plan, root, shown, problems) if root else None
    tasks: Tasks | None = None
    locate_tasks: Locator | None = None
    tasks_file: str | None = None
    if (place / TASKS).is_file():
        tasks_file = (place / TASKS).relative_to(folder).as_posix()
        tasks_root = _compose(place / TASKS, tasks_file, problems)
        if tasks_root:
            tasks = read_model(Tasks, tasks_root, tasks_file, problems)
            locate_tasks = Locator(tasks_file, tasks_root)
    if root is None or plan is None:
        return None
    number = int(match[0]) if place != folder and (match := re.match(r"[0-9]{3}", place.name)) else None
    return Feature(plan.feature, number, shown, plan, tasks, tasks_file, Locator(shown, root), locate_tasks)


def _compose(path: Path, shown: str, problems: ProblemList) -> Mapping | None:
    text = read_text(path, shown, problems)
    return compose(text, shown, problems) if text is not None else None
