"""Small plans as text, loaded and resolved the way the commands do it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from generator.model import Model, resolve
from generator.plan.loading import load_project
from generator.problems import PlanProblems

HEAD = "specwright: 1\nproject: sample\nstack: express-react\n"


def resolved(folder: Path, text: str, tasks: str | None = None) -> Model:
    """Write a plan below the usual head and resolve it."""
    write(folder, text, tasks)
    return resolve(load_project(folder))


def problems_of(folder: Path, text: str, tasks: str | None = None) -> list[str]:
    """What is wrong with a plan, each as people see it."""
    write(folder, text, tasks)
    try:
        resolve(load_project(folder))
    except PlanProblems as found:
        return [str(problem) for problem in found.problems]
    return []


def write(folder: Path, text: str, tasks: str | None = None) -> None:
    """Write plan.yaml, and tasks.yaml if there is one."""
    (folder / "plan.yaml").write_text(HEAD + dedent(text), encoding="utf-8")
    if tasks is not None:
        (folder / "tasks.yaml").write_text("specwright: 1\n" + dedent(tasks), encoding="utf-8")


def write_features(folder: Path, features: dict[str, str]) -> None:
    """Write features below specs/, the first one with the head."""
    for number, (name, text) in enumerate(features.items()):
        place = folder / "specs" / name
        place.mkdir(parents=True)
        head = HEAD if number == 0 else "specwright: 1\n"
        (place / "plan.yaml").write_text(f"{head}feature: {name}\n{dedent(text)}", encoding="utf-8")
