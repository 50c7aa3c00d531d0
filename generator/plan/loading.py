"""Files to models: one plan, or a project of several features."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

from generator.frozen import dataclass
from generator.plan.checks import check_plan
from generator.plan.features import check_features
from generator.plan.nodes import compose
from generator.plan.positions import Locator
from generator.plan.reading import read_model
from generator.plan.schema import Part, Plan, Tasks
from generator.plan.sources import read_text, stands_at
from generator.problems import Location, Problem, ProblemList

ModelType = TypeVar("ModelType", bound=Part)
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

    `name` is the key `feature`, `folder` the one under specs/ that it is in, `number` its first three digits.
    `locate("entities", "Task", "fields", "title")` is the place of a key, with `value=True` that of its
    value, with `offset=n` the place of a character in the text there; `locate_tasks` does the same for
    tasks.yaml.
    """

    name: str | None
    number: int | None
    folder: str | None
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
    """Load one plan.yaml; `file` is its name in messages. Raises `PlanProblems`."""
    problems = ProblemList()
    read = _read(Plan, path, file or path.name, problems)
    if read:
        check_plan(read[0], read[1], problems)
    problems.raise_if_errors()
    assert read is not None
    return PlanFile(read[1].file, *read)


def load_project(folder: Path) -> Project:
    """Load plan.yaml, or specs/NNN-name/plan.yaml, with the tasks.yaml beside each.

    Raises `PlanProblems` with every problem of every file that can be found without types.
    """
    problems = ProblemList()
    features = read_features(folder, problems)
    problems.raise_if_errors()
    return Project(folder, tuple(features), problems.warnings)


def load_text(folder: Path, text: str) -> Project:
    """Load a text as the lone plan of a folder; the folder is not read. Raises `PlanProblems`."""
    problems = ProblemList()
    root = compose(text, PLAN, problems)
    plan = read_model(Plan, root, PLAN, problems) if root is not None else None
    problems.raise_if_errors()
    assert root is not None
    assert plan is not None
    feature = Feature(plan.feature, None, None, PLAN, plan, None, None, Locator(PLAN, text, root), None)
    check_plan(plan, feature.locate, problems)
    check_features([feature], problems)
    problems.raise_if_errors()
    return Project(folder, (feature,), problems.warnings)


def read_features(folder: Path, problems: ProblemList) -> list[Feature]:
    """What could be read of the features of a folder; what is wrong is noted in `problems`."""
    lone = folder / PLAN
    features = (folder / SPECS).iterdir() if (folder / SPECS).is_dir() else ()
    specs = sorted(place for place in features if stands_at(place / PLAN))
    if not stands_at(lone) and not specs:
        problems.error(None, f"there is no {PLAN} in {folder.resolve().name}", "`specwright init` writes one")
        return []
    if stands_at(lone) and specs:
        message = f"there is a {PLAN} here and in {SPECS}/"
        problems.error(
            Location(PLAN, 1, 1), message, f"Move it to {SPECS}/001-name/{PLAN}, or remove the others"
        )
    places = [folder] if stands_at(lone) else specs
    read = [_read_feature(folder, place, problems) for place in places]
    found = [feature for feature in read if feature]
    if len(found) == len(places):
        check_features(found, problems)
    return found


def _read_feature(folder: Path, place: Path, problems: ProblemList) -> Feature | None:
    file, tasks_file = ((place / name).relative_to(folder).as_posix() for name in (PLAN, TASKS))
    plan = _read(Plan, place / PLAN, file, problems, folder)
    there = stands_at(place / TASKS)
    tasks = _read(Tasks, place / TASKS, tasks_file, problems, folder) if there else None
    if plan is None:
        return None
    number = re.match(r"[0-9]{3}(?=-)", place.name) if place != folder else None
    feature = Feature(
        name=plan[0].feature,
        number=int(number[0]) if number else None,
        folder=place.name if place != folder else None,
        file=file,
        plan=plan[0],
        tasks=tasks[0] if tasks else None,
        tasks_file=tasks_file if tasks else None,
        locate=plan[1],
        locate_tasks=tasks[1] if tasks else None,
    )
    check_plan(feature.plan, feature.locate, problems)
    return feature


def _read(
    model: type[ModelType], path: Path, file: str, problems: ProblemList, within: Path | None = None
) -> tuple[ModelType, Locator] | None:
    text = read_text(path, file, problems, within)
    root = compose(text, file, problems) if text is not None else None
    if text is None or root is None:
        return None
    part = read_model(model, root, file, problems)
    return (part, Locator(file, text, root)) if part is not None else None
