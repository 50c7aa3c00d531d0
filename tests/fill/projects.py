"""The generated task tracker, in this process: what its slots are given and what a body does to it."""

from __future__ import annotations

import shutil
from pathlib import Path

from generator.blueprints import templates_folder
from generator.fill.workshop import Workshop, workshop_of
from generator.narrowing import Narrowing
from generator.pipeline import generate
from generator.understanding import understand

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SLOT, FILE = "board.suggestNext", "server/src/services/board.slots.ts"
GOOD = """\
const free = await findMany(
  context,
  tasks,
  sql`tasks.assignee_id is null and tasks.status = 'todo'`,
  { order: sql`tasks.due_on nulls last, tasks.priority desc, tasks.created_at, tasks.id`, limit: 1 },
);
const first = free.at(0);
if (first === undefined) {
  throw new Failure('NOT_FOUND');
}
return shape(context, taskView, first);
"""
WRONG = """\
const free = await findMany(
  context,
  tasks,
  sql`tasks.assignee_id is null and tasks.status = 'todo'`,
  { order: sql`tasks.due_on nulls last, tasks.priority, tasks.id`, limit: 1 },
);
const first = free.at(0);
if (first === undefined) {
  throw new Failure('NOT_FOUND');
}
return shape(context, taskView, first);
"""


def plan_of(example: str = "task-tracker") -> str:
    """The plan of an example."""
    return (EXAMPLES / example / "plan.yaml").read_text(encoding="utf-8")


def project(folder: Path, plan: str | None = None) -> Path:
    """Generate a project of a plan, without tasks, into a new folder."""
    folder.mkdir(parents=True)
    (folder / "plan.yaml").write_text(plan_of() if plan is None else plan, encoding="utf-8")
    return brought_up(folder)


def brought_up(folder: Path) -> Path:
    """Generate a project anew from the plan that stands in it."""
    templates = templates_folder()
    generate(folder, understand(folder, templates), templates, Narrowing())
    return folder


def copied(project: Path, folder: Path) -> Path:
    """A copy of a project that may be changed."""
    shutil.copytree(project, folder, symlinks=True)
    return folder


def looked_at(folder: Path) -> Workshop:
    """The slots of a project."""
    return workshop_of(folder, templates_folder())


def with_body(folder: Path, body: str, slot: str = SLOT, file: str = FILE) -> Path:
    """Write a body into a slot by hand, as a person does."""
    place = folder / file
    start, end = f"  // slot: {slot}\n", f"  // end slot: {slot}\n"
    before, _, rest = place.read_text(encoding="utf-8").partition(start)
    place.write_text(f"{before}{start}{body}{end}{rest.partition(end)[2]}", encoding="utf-8")
    return folder
