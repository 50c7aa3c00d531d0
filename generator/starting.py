"""`specwright init`: a first plan, small enough to read whole, or one of the examples."""

from __future__ import annotations

import json
import re
from pathlib import Path

from generator.folder.destination import Destination, Write
from generator.folder.journal import Journal
from generator.problems import PlanProblems, Problem, did_you_mean

SCHEMA_FOLDER = ".specwright/schema"
_SCHEMA_LINE = re.compile(r"# yaml-language-server: \$schema=.*\n")
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")

_FIRST_PLAN = """\
# yaml-language-server: $schema={schema}
specwright: 1
project: {slug}
title: {title}
stack: express-react

entities:
  List:
    resource: true
    fields:
      name: varchar(80) required unique

  Item:
    resource: true
    fields:
      list: ref List required cascade
      title: varchar(200) required
      status: enum(open, done) required = open
      due_on: date
"""


def start(folder: Path, name: str | None, example: str | None) -> list[str]:
    """Write the first files of a project: the plan, and the schema that editors complete and check it with.

    Args:
        folder: where; made if it is not there.
        name: of the project, by default that of the folder; an example keeps its own.
        example: name of an example to start from instead.

    Returns:
        The paths of the plans that were written, relative to the folder.

    Raises:
        PlanProblems: there is a plan already, or no such example.
    """
    present = [path for path in ("plan.yaml", "tasks.yaml", "specs") if (folder / path).exists()]
    if present:
        raise PlanProblems(
            [Problem(None, f"{present[0]} is here already", "Change it, then run `specwright check`")]
        )
    plans = _from_example(example) if example else {"plan.yaml": _first_plan(name or folder.resolve().name)}
    from generator.plan import plan_schema, tasks_schema

    schemas = {"plan": plan_schema(), "tasks": tasks_schema()}
    texts = {
        f"{SCHEMA_FOLDER}/{kind}-1.json": json.dumps(schema, indent=2) + "\n"
        for kind, schema in schemas.items()
    }
    destination = Destination(folder)
    writes = [
        Write(path, text.encode(), before=destination.find(path).content)
        for path, text in {**texts, **plans}.items()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    Journal(folder).apply(writes)
    return list(plans)


def example_names() -> tuple[str, ...]:
    """Return the names of the examples that come with Specwright, in order."""
    return tuple(sorted(path.parent.name for path in _examples().glob("*/plan.yaml")))


def _first_plan(name: str) -> str:
    slug = _NOT_IN_SLUG.sub("-", name.lower()).strip("-")[:40].strip("-")
    if not slug[:1].isalpha():
        slug = f"project-{slug}".strip("-")[:40].strip("-")
    title = slug.replace("-", " ").capitalize()
    return _FIRST_PLAN.format(schema=f"{SCHEMA_FOLDER}/plan-1.json", slug=slug, title=json.dumps(title))


def _from_example(example: str) -> dict[str, str]:
    names = example_names()
    if example not in names:
        hint = did_you_mean(example, names)
        raise PlanProblems([Problem(None, f"There is no example {example}", hint)])
    folder = _examples() / example
    plans = {}
    for path in sorted(folder.rglob("*.yaml")):
        kind = path.stem
        relative = path.relative_to(folder)
        if kind in {"plan", "tasks"} and relative.parts[0] in {"plan.yaml", "tasks.yaml", "specs"}:
            up = "../" * (len(relative.parts) - 1)
            line = f"# yaml-language-server: $schema={up}{SCHEMA_FOLDER}/{kind}-1.json\n"
            plans[relative.as_posix()] = line + _SCHEMA_LINE.sub(
                "", path.read_text(encoding="utf-8"), count=1
            )
    return plans


def _examples() -> Path:
    package = Path(__file__).resolve().parent
    bundled = package / "_bundled" / "examples"
    return bundled if bundled.is_dir() else package.parent / "docs" / "examples"
