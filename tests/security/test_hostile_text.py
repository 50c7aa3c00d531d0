"""Hostile text in every place that takes text: refused where it stands, or it means itself everywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from ruamel.yaml import YAML

from generator.answers import build_answers
from generator.blueprints import rooms_of, templates_folder
from generator.model import resolve
from generator.model.selection import select
from generator.plan import load_project
from generator.problems import PlanProblems, Problem
from generator.render import render
from generator.slots import find_slots
from generator.understanding import rooms_for, understand
from tests.security.hostile import MARK, NAMED, PLACES, TEXTS, Plan, base, plain, thing
from tests.security.test_fuzzed_plans import misplaced
from tests.stacks.express import borrow, check, run, write_project
from tests.strategies.plans import to_text

STACKS = ("express-react", "fastapi")
MIGRATE = Path(__file__).parents[1] / "stacks" / "migrations.mjs"


def told(folder: Path, plan: Plan) -> tuple[Problem, ...]:
    """The errors of a plan, after checking that they say where they are."""
    files = {"plan.yaml": to_text(plan).encode()}
    (folder / "plan.yaml").write_bytes(files["plan.yaml"])
    try:
        resolve(load_project(folder))
    except PlanProblems as problems:
        for problem in problems.problems:
            assert not misplaced(problem, files), str(problem)
        return problems.problems
    return ()


@cache
def accepted(stack: str) -> tuple[tuple[str, int, str], ...]:
    """Every place and text that a stack takes: the place, the number of the text, the text."""
    with TemporaryDirectory() as folder:
        return tuple(_accepted(Path(folder), stack))


def _accepted(folder: Path, stack: str) -> Iterator[tuple[str, int, str]]:
    for place, put in PLACES.items():
        for number, text in enumerate(TEXTS.values()):
            plan = base(stack)
            put(plan, number, text)
            if not told(folder, plan):
                yield place, number, text


def combined(stack: str) -> Plan:
    """One plan with every text in every place that takes it."""
    plan = base(stack)
    plan["title"] = plan["spec"] = " ".join(text for text in TEXTS.values() if len(text) < 200)
    for place, number, text in accepted(stack):
        PLACES[place](plan, number, text)
    if not plan["entities"]:
        thing(plan, 0)
    return plan


def tasks() -> Plan:
    """Phases and tasks with every text."""
    return {
        "specwright": 1,
        "phases": [
            {"id": f"p{number}", "title": text, "story": text} for number, text in enumerate(TEXTS.values())
        ],
        "tasks": [
            {"id": f"T{number}", "phase": f"p{number}", "title": text, "story": text, "manual": text}
            for number, text in enumerate(TEXTS.values())
        ],
    }


def rendered(plan: Plan, folder: Path) -> dict[str, bytes]:
    """The files of a plan, as they would be written."""
    (folder / "plan.yaml").write_text(to_text(plan), encoding="utf-8")
    (folder / "tasks.yaml").write_text(to_text(tasks()), encoding="utf-8")
    model = understand(folder, templates_folder()).model
    rooms = [room.id for room in rooms_for(rooms_of(templates_folder(), model.stack), model)]
    return {
        file.path: file.content
        for file in render(templates_folder(), build_answers(model, select(model, rooms)))
    }


@pytest.mark.parametrize("stack", STACKS)
def test_most_texts_are_taken_in_most_places(stack: str) -> None:
    taken = accepted(stack)
    expected = len(PLACES) * len(TEXTS) if stack == "express-react" else 6 * len(TEXTS)
    assert len(taken) > expected * 0.9


@pytest.mark.parametrize("stack", STACKS)
def test_no_text_decides_what_files_there_are_or_what_machines_read(stack: str, tmp_path: Path) -> None:
    """Paths, workflows, containers, ignore files and scripts are the same whatever a plan's texts say."""
    plan = combined(stack)
    files = rendered(plan, tmp_path)
    harmless = rendered(_harmless(plan), tmp_path)
    assert set(files) == set(harmless)
    for path, content in files.items():
        assert not re.search(r"(^|/)\.\.(/|$)|^/|\\", path) and path.isprintable()
        assert not find_slots(content) or path.endswith((".slots.ts", ".py"))
        if re.search(r"\.github/|Dockerfile|compose|\.dockerignore|\.git|biome|tsconfig|lock", path):
            assert content == harmless[path], path
        assert not re.search(rb"(?m)^(<<<<<<<|>>>>>>>)", content), path


def _harmless(plan: Plan) -> Plan:
    """The plan with a word in the place of each text: the same structure."""
    texts = sorted({*TEXTS.values(), *map(plain, TEXTS.values()), plan["title"]}, key=len, reverse=True)

    def calm(value: object) -> object:
        if isinstance(value, dict):
            return {key: item if key in ("pattern", "default") else calm(item) for key, item in value.items()}
        if isinstance(value, list):
            return [calm(item) for item in value]
        return "calm" if isinstance(value, str) and value in texts else value

    quiet = calm(plan)
    assert isinstance(quiet, dict)
    return quiet


@pytest.mark.parametrize("stack", STACKS)
def test_data_is_read_back_as_it_was_meant(stack: str, tmp_path: Path) -> None:
    plan = combined(stack)
    files = rendered(plan, tmp_path)
    title = plan["title"]
    for path, content in files.items():
        text = content.decode()
        if path.endswith(".json"):
            data = json.loads(text)
            if path == "package.json":
                assert data["description"] == title
        elif path.endswith((".yaml", ".yml")):
            YAML(typ="safe").load(text)
        elif path.endswith(".toml"):
            data = tomllib.loads(text)
            if path == "pyproject.toml":
                assert data["project"]["description"] == title
        elif path.endswith(".md"):
            inside = re.sub(r"`[^`\n]*`", "", text)
            assert "<script" not in inside and "<img" not in inside and "<b>" not in inside, path
            assert not re.search(r"(?<!\\)\]\(javascript", inside), path
            for row in re.findall(r"^\|.*", inside, re.MULTILINE):
                assert row.endswith("|"), row


@pytest.mark.parametrize("place", NAMED)
def test_texts_are_no_names(place: str, tmp_path: Path) -> None:
    """Each text in the place of a name is refused in its own line, unless it happens to be such a name."""
    for name, text in TEXTS.items():
        plan = base("express-react")
        NAMED[place](plan, text)
        if not told(tmp_path, plan):
            assert re.fullmatch(r"[A-Za-z_/][A-Za-z0-9_/. -]*", text), f"{name} as {place}"


@pytest.mark.stack
def test_hostile_texts_stay_texts_in_typescript(express_modules: Path, tmp_path: Path) -> None:
    """Compiles, lints clean, migrates, and each text comes back over HTTP as it was sent or given."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "plan.yaml").write_text(to_text(combined("express-react")), encoding="utf-8")
    (folder / "tasks.yaml").write_text(to_text(tasks()), encoding="utf-8")
    write_project(folder)
    borrow(folder, express_modules)
    check(folder, express_modules)
    migrations = folder / "server" / "migrations"
    run(tmp_path, ["node", str(MIGRATE), str(express_modules.parent), str(migrations)])
    runner = str(express_modules / "vitest" / "vitest.mjs")
    printed = run(
        folder / "server", ["node", runner, "run", "tests/acceptance.test.ts", "--coverage.enabled=false"]
    )
    assert re.search(rf"Tests +{len(TEXTS)}|Tests .*[0-9]+ passed", printed)
    settings = (folder / ".env.example").read_text(encoding="utf-8")
    (folder / "server" / ".env.read").write_text(settings, encoding="utf-8")
    read = "process.loadEnvFile('.env.read'); console.log(JSON.stringify(process.env))"
    found = json.loads(run(folder / "server", ["node", "--eval", read]))
    for name, value in _settings(folder):
        assert found.get(name, value) == value, name
    assert "NODE_OPTIONS" not in found or MARK not in found["NODE_OPTIONS"]
    assert not list(tmp_path.rglob(f"{MARK}*"))


def _settings(folder: Path) -> Iterator[tuple[str, str]]:
    for entry in understand(folder, templates_folder()).model.config:
        if entry.default is not None:
            yield entry.name, entry.default


def test_hostile_texts_stay_texts_in_python(tmp_path: Path) -> None:
    """Every file compiles, ruff finds nothing, and nothing was run."""
    files = rendered(combined("fastapi"), tmp_path)
    folder = tmp_path / "project"
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        if path.endswith(".py"):
            compile(content, path, "exec")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    assert not list(tmp_path.rglob(f"{MARK}*"))
