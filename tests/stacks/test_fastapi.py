"""The stack fastapi: what is generated is clean and its own tests pass, and what is not built is refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from generator.answers import build_answers
from generator.blueprints import rooms_of
from generator.model import Model, resolve, select
from generator.model.unsupported_fastapi import NOT_YET_ON_FASTAPI
from generator.plan import load_project
from generator.problems import PlanProblems
from generator.render import render
from tests.engine.conftest import REPOSITORY
from tests.stacks.fastapi_plans import AWKWARD, fastapi_plans, sized_plan

NOTES = REPOSITORY / "docs" / "examples" / "notes-fastapi" / "plan.yaml"
PLAN = """
specwright: 1
project: small
stack: fastapi
entities:
  Item:
    resource: true
    fields:
      title: varchar(200) required
"""
BROKEN = (
    rb" = \(\n        None\n    \)",
    rb" = \(\n        fields.absent\(\)\n    \)",
    rb" = \(\n        date.fromisoformat\(.*\)\n    \)",
    rb" = Decimal\(\n        \".*\",\n    \)",
    rb": \(\n        \w+ \| None\n    \) = None",
    rb": Annotated\[\n        \w+, fields.FROM_TEXT\n    \] = ",
    rb" = Annotated\[\n    \w+,\n",
)


def understood(folder: Path, text: str, tasks: str = "") -> Model:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    if tasks:
        (folder / "tasks.yaml").write_text(tasks, encoding="utf-8")
    return resolve(load_project(folder))


def generated(folder: Path, text: str, tasks: str = "", only: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Generate a plan into a folder."""
    model = understood(folder, text, tasks)
    rooms = [room.id for room in rooms_of(REPOSITORY, "fastapi")]
    files = render(REPOSITORY, build_answers(model, select(model, rooms, tasks=only)))
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    return {file.path: file.content for file in files}


def assert_clean(folder: Path) -> None:
    for command in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_names_that_mean_something_in_python_are_clean(tmp_path: Path) -> None:
    generated(tmp_path, AWKWARD)
    assert_clean(tmp_path)


@pytest.mark.parametrize("json", ["camelCase", "snake_case"])
def test_names_of_every_length_are_clean(tmp_path: Path, json: str) -> None:
    text = sized_plan(range(1, 41)).replace("stack:", f"conventions:\n  json: {json}\nstack:", 1)
    files = generated(tmp_path, text)
    assert_clean(tmp_path)
    schemas = b"".join(content for path, content in files.items() if path.startswith("app/schemas/"))
    # The plan is about lines that do not fit: all ways to break them are in it.
    for shape in BROKEN:
        assert re.search(shape, schemas), shape


@settings(
    max_examples=int(os.environ.get("SPECWRIGHT_PLANS", "15")),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(text=fastapi_plans())
def test_any_plan_is_clean(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("plan")
    generated(folder, text)
    assert_clean(folder)


@pytest.mark.parametrize("json", ["camelCase", "snake_case"])
def test_names_in_json_follow_the_convention(tmp_path: Path, json: str) -> None:
    text = PLAN.replace("stack:", f"conventions:\n  json: {json}\nstack:") + "      due_on: date\n"
    files = generated(tmp_path, text)
    name = b"dueOn" if json == "camelCase" else b"due_on"
    assert b'"' + name + b'"' in files["tests/controllers/test_item.py"]


def test_a_narrowed_run_brings_what_it_needs(tmp_path: Path) -> None:
    text = NOTES.read_text(encoding="utf-8")
    tasks = """
specwright: 1
phases:
  - id: first
tasks:
  - id: T1
    phase: first
    generate: controller
    subject: [tag]
"""
    files = generated(tmp_path, text, tasks, only=("T1",))
    assert {"app/controllers/tag.py", "app/models/tag.py", "migrations/versions/0001_initial.py"} <= set(
        files
    )
    assert "tests/controllers/test_tag.py" in files
    assert "app/controllers/note.py" not in files and "app/models/note.py" not in files
    assert b"note" not in files["app/routes.py"] + files["app/models/__init__.py"]
    assert_clean(tmp_path)


REFUSED = {
    "auth": "identity:\n  actor: Item\n  from: auth\n",
    "identity": "identity:\n  actor: Item\n",
    "policies": "policies:\n  never:\n    allow: 1 = 2\n",
    "config": "config:\n  LIMIT: integer = 5\n",
    "schemas": "schemas:\n  Card:\n    fields:\n      a: text\n",
    "services": """
services:
  board:
    operations:
      look:
        steps:
          - load: Item
            many: true
            where: title = 'a'
""",
    "fixtures": "fixtures:\n  one:\n    entity: Item\n    set:\n      title: a\n",
    "acceptance": """
acceptance:
  AC-1:
    title: Works
    when:
      http: item.list
    then:
      status: 200
""",
    "performance": "quality:\n  performance:\n    - operation: item.list\n      p95: 100ms\n      rate: 5\n",
    "default": "      seen_at:\n        type: timestamptz\n        default: = now()\n",
    "conventions.columns": "conventions:\n  columns: camelCase\n",
    "conventions.ids": "conventions:\n  ids: bigint\n",
    "conventions.errors": "conventions:\n  errors: compact\n",
    "interval": "      lasts: interval\n",
    "format": "      phone:\n        type: varchar(20)\n        format: phone\n",
    "needs": "types:\n  Secret:\n    base: text\n    needs: [digit]\n",
    "computed": "      first:\n        type: varchar(80)\n        snapshot: title\n",
    "method": "    indexes:\n      fast:\n        fields: [title]\n        method: hash\n",
    "values": "extend:\n  Item:\n    values:\n      title: [x]\n",
    "money": "      price: money(EUR)\n",
    "related": "      parent:\n        type: ref Item\n        inverse: children\n",
    "array": "      tags: array(text)\n",
    "backfill": "      more:\n        type: text\n        backfill: title\n",
    "derived": "      age:\n        type: boolean\n        derived: created_at < now()\n",
}
SLOT = """
services:
  board:
    operations:
      look:
        output:
          amount: integer required
        slot:
          intent: Count
          proven_by: [AC-1]
          fallback: placeholder
acceptance:
  AC-1:
    title: Works
    when:
      call: board.look
    then:
      error: NOT_IMPLEMENTED
"""
STATES = """
    states:
      field: state
      initial: open
      transitions:
        finish:
          from: open
          to: done
"""


def wanting(key: str) -> tuple[str, str]:
    """A plan (and its tasks) that uses one part which fastapi has no code for."""
    if key == "states":
        return f"{PLAN}      state: enum(open, done) required = open\n{STATES}", ""
    if key == "access":
        return PLAN.replace("resource: true", "resource:\n      access: public"), ""
    if key == "page":
        return PLAN.replace("resource: true", "resource:\n      page: cursor"), ""
    if key == "callers":
        return PLAN.replace("resource: true", "visible: title = 'x'\n    resource: true"), ""
    if key == "key":
        return PLAN.replace("resource: true", "key: [title]\n    resource: true"), ""
    if key == "exclusions":
        rule = "    exclusions:\n      once:\n        equal: [title]\n        overlap: [start, end_on]\n"
        return f"{PLAN}      start: date\n      end_on: date\n{rule}", ""
    if key == "output":
        schemas = "schemas:\n  Card:\n    of: Item\n    pick: [title]\n"
        return PLAN.replace("resource: true", "resource:\n      output: Card") + schemas, ""
    task = {"room": "generate: service\n    subject: [item]", "fill": "fill: board.look"}.get(key)
    if task:
        head = "specwright: 1\nphases:\n  - id: one\ntasks:\n  - id: T1\n    phase: one\n    "
        slot = "" if key == "room" else SLOT
        return PLAN + slot, f"{head}{task}\n"
    return PLAN + REFUSED[key], ""


@pytest.mark.parametrize("key", NOT_YET_ON_FASTAPI)
def test_what_is_not_built_is_refused_by_name(tmp_path: Path, key: str) -> None:
    with pytest.raises(PlanProblems) as raised:
        understood(tmp_path, *wanting(key))
    message = f"{NOT_YET_ON_FASTAPI[key]}: not supported yet on fastapi"
    assert message in [problem.message for problem in raised.value.problems]


def test_the_small_plan_is_not_refused(tmp_path: Path) -> None:
    assert understood(tmp_path, PLAN).stack == "fastapi"
