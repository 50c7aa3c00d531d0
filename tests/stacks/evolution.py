"""Real evolution: the examples, edited by a person, go through every release and into the present one.

Their own tests say whether they still work. `python -m tests.stacks.evolution` takes all examples through all
releases and prints the table of docs/releases.md; with names, these examples only.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from generator.recording import ANSWERS_FILE
from generator.releases.history import VERSION_FILE
from generator.releases.home import Home
from tests.engine.conftest import REPOSITORY
from tests.engine.copier_projects import git, tree
from tests.engine.evolving import done
from tests.engine.evolving import run as run_release
from tests.stacks.edits import EDITS, GROWTH, LATER_TASKS, SINCE, Edit, Move
from tests.stacks.express import EXAMPLES, install, run

HOME = Home(REPOSITORY / "generator")
UPDATE = "generator/commands/update.py"
Prove = Callable[[Path, bool], str]
"""Runs the own tests of a project, and says what they said; told whether it is for the last time."""


class Step(NamedTuple):
    """What one update came to."""

    release: str
    changed: int
    merged: int
    conflicts: tuple[str, ...]
    tests: str


@contextmanager
def checkouts() -> Iterator[dict[str, Path]]:
    """A checkout of every release, oldest first, and one in which what stands here is the release after them."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        git("clone", "--quiet", "--shared", str(REPOSITORY), str(home), cwd=REPOSITORY)
        found = {release.name.removeprefix("v"): Path(place) / release.name for release in HOME.releases}
        for release, folder in zip(HOME.releases, found.values(), strict=True):
            git("worktree", "add", "--quiet", "--detach", str(folder), release.commit, cwd=home)
        most, _, last = [*found][-1].rpartition(".")
        version = f"{most}.{int(last) + 1}"
        nothing = shutil.ignore_patterns("__pycache__", "_bundled", "node_modules")
        for name in ("generator", "blueprints"):
            shutil.rmtree(home / name)
            shutil.copytree(REPOSITORY / name, home / name, ignore=nothing)
        shutil.copy(REPOSITORY / "copier.yml", home)
        file = home / VERSION_FILE
        file.write_text(re.sub(r'(?m)^__version__ = ".*"$', f'__version__ = "{version}"', file.read_text()))
        git("add", "--all", cwd=home)
        git("commit", "--quiet", "--message", version, cwd=home)
        yield {**found, version: home}


def since(example: str, releases: dict[str, Path]) -> dict[str, Path]:
    """The releases that can generate an example."""
    names = [*releases]
    return {name: releases[name] for name in names[names.index(SINCE.get(example, names[0])) :]}


def evolved(example: str, folder: Path, releases: dict[str, Path], prove: Prove) -> Iterator[Step]:
    """Take an example through releases: edited by a person after the first, with a changed plan on the way.

    Args:
        example: of docs/examples.
        folder: where the project goes.
        releases: checkouts by version, oldest first.
        prove: runs the own tests of the project.

    Yields:
        What each release came to, and a change of the plan after the last.
    """
    (first, *later), newest = releases, [*releases.values()][-1]
    soon, late = GROWTH[example]
    shutil.copytree(EXAMPLES / example, folder, dirs_exist_ok=True)
    if example in LATER_TASKS:
        (folder / "tasks.yaml").unlink()
    done(releases[first], folder, "generate")
    git("init", "--quiet", cwd=folder)
    commit(folder, "Generated")
    for edit in EDITS[example]:
        edit.make(folder)
    # The body of a slot and the place of a file are noted; the second run has nothing to do.
    done(newest, folder, "generate")
    check(example, folder, newest)
    commit(folder, "Edited")
    yield Step(first, 0, 0, (), prove(folder, False))
    for version in later:
        # A release that cannot update yet is taken by the newest.
        able = releases[version] if (releases[version] / UPDATE).exists() else newest
        counts = updated(able, folder, "update", *([] if able is releases[version] else ["--to", version]))
        check(example, folder, able)
        yield Step(version, *counts, prove(folder, False))
        commit(folder, version)
        if version == later[0]:
            soon.make(folder)
            updated(able, folder, "generate")
            check(example, folder, able)
            commit(folder, "Another field")
    if not example.endswith("fastapi"):
        done(newest, folder, "migrations", "seal")
    late.make(folder)
    counts = updated(newest, folder, "generate")
    check(example, folder, newest)
    yield Step("and a field", *counts, prove(folder, True))


def check(example: str, folder: Path, checkout: Path) -> None:
    """Nothing that the person wrote is gone, nothing that is generated is missing, nothing is left to do."""
    edits = EDITS[example]
    lost = [line for edit in edits for line in edit.missing(folder)]
    assert not lost, lost
    assert done(checkout, folder, "generate").startswith("Nothing has changed")
    places = {edit.path: edit.to for edit in edits if isinstance(edit, Move)}
    taken = {line for edit in edits if isinstance(edit, Edit) for line in edit.old.splitlines()}
    with tempfile.TemporaryDirectory() as place:
        for path in fresh(folder, Path(place), checkout) - {ANSWERS_FILE}:
            wanted = (Path(place) / path).read_text().splitlines()
            missing = {*wanted} - {*(folder / places.get(path, path)).read_text().splitlines()} - taken
            assert not missing, f"{path} lacks {sorted(missing)}"


def fresh(project: Path, folder: Path, checkout: Path) -> set[str]:
    """Generate the plan of a project anew, at its release; the paths of all but migrations and state."""
    for name in ("plan.yaml", "tasks.yaml", ANSWERS_FILE):
        if (project / name).exists():
            shutil.copy(project / name, folder)
    done(checkout, folder, "generate")
    return {path for path in tree(folder) if not path.startswith(".specwright") and "migrations/" not in path}


def updated(checkout: Path, folder: Path, *command: str) -> tuple[int, int, tuple[str, ...]]:
    """Run a command that writes; how many files it changed, merged and left in conflict."""
    ended = run_release(checkout, folder, *command, "--json")
    assert ended.returncode in (0, 3), ended.stdout + ended.stderr
    actions = [(file["action"], file["path"]) for file in json.loads(ended.stdout)["files"]]
    conflicts = tuple(path for action, path in actions if action == "conflict")
    merged = sum(action == "merge" for action, _ in actions)
    return sum(action in ("create", "update", "delete", "move") for action, _ in actions), merged, conflicts


def commit(folder: Path, message: str) -> None:
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--allow-empty", "--message", message, cwd=folder)


def prove_express(folder: Path, last: bool = True) -> str:
    """Install an express-react project from its own lock where that has changed; types, lint, all tests."""
    lock, noted = (folder / "package-lock.json").read_bytes(), folder / "node_modules" / ".lock-of-test"
    if not noted.exists() or noted.read_bytes() != lock:
        install(folder)
        noted.write_bytes(lock)
    printed = run(folder, ["npm", "test"])
    return re.findall(r"Tests +(.*)", printed)[-1]


def prove_fastapi(folder: Path, last: bool = True) -> str:
    """Install a fastapi project into an environment of its own; types, lint, all tests."""
    place = folder / ".venv"
    if not place.exists():
        venv.create(place, with_pip=True)
    run(folder, [str(place / "bin/pip"), "install", "--quiet", "-e", ".[dev]"])
    for command in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]):
        run(folder, [str(place / "bin" / command[0]), *command[1:]])
    # The tests of 0.2.0 need a folder for sockets; those since do not.
    with tempfile.TemporaryDirectory() as sockets:
        printed = run(folder, [str(place / "bin/pytest"), "--cov"], XDG_RUNTIME_DIR=sockets)
    return printed.strip().splitlines()[-1].strip("= ")


def main() -> None:
    """Take the examples through all releases, one by one and in one step, and print what came of it."""
    print("| project | release | files changed | merged with edits | conflicts | its own tests |")
    print("|---|---|---:|---:|---:|---|")
    with checkouts() as releases:
        for example in sys.argv[1:] or EDITS:
            prove = prove_fastapi if example.endswith("fastapi") else prove_express
            able = since(example, releases)
            ends = {version: able[version] for version in (min(able), max(able))}
            for way in (able, ends):
                # As root an embedded server runs as another user, who has to reach what is installed here.
                place = Path(tempfile.mkdtemp(prefix="specwright-evolution-"))
                place.chmod(0o755)
                try:
                    for step in evolved(example, place / example, way, prove):
                        counts = f"{step.changed} | {step.merged} | {len(step.conflicts)}"
                        print(f"| {example} | {step.release} | {counts} | {step.tests} |", flush=True)
                finally:
                    shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
