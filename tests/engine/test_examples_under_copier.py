"""The examples and the real blueprints under plain copier, from a clone of this very repository."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generator.recording import ANSWERS_FILE, RELEASE, SOURCE_URL
from generator.slots import find_slots, with_bodies
from tests.engine import processes
from tests.engine.conftest import REPOSITORY
from tests.engine.copier_projects import COPIER, copier_environment, git, publish, run, tree
from tests.engine.test_command_line import specwright

EXAMPLES = sorted((REPOSITORY / "docs/examples").glob("*/plan.yaml"))
UPDATE, BOT, RECOPY = (
    ["update", "--defaults"],
    ["update", "--defaults", "--skip-answered"],
    ["recopy", "--defaults", "--overwrite"],
)
# Copier renders an example once to recopy it and three times to update it: no way is tried on all of them.
WAYS = {"auth": [BOT], "chinook": [BOT], "notes-fastapi": [UPDATE, BOT], "task-tracker": [UPDATE, RECOPY]}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this repository at its present state, tagged as the release."""
    folder = tmp_path_factory.mktemp("home")
    home = folder / "specwright"
    git("clone", "--quiet", str(REPOSITORY), str(home), cwd=folder)
    shutil.rmtree(home / "blueprints", ignore_errors=True)
    shutil.copytree(
        REPOSITORY / "blueprints",
        home / "blueprints",
        ignore=shutil.ignore_patterns("__pycache__", "node_modules"),
    )
    shutil.copy(REPOSITORY / "copier.yml", home)
    (home / "published").write_text("")
    publish(home, RELEASE)
    return home


@pytest.fixture
def environment(home: Path, tmp_path: Path) -> dict[str, str]:
    return copier_environment(home, tmp_path / "cache")


@pytest.fixture
def project(example: Path, home: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(example.parent, folder)
    done = specwright("generate", cwd=folder, templates=home)
    assert done.returncode == 0, done.stderr
    return folder


def comparable(folder: Path, example: Path) -> dict[str, tuple[bytes, bool]]:
    """The generated files without the bodies of slots; plans and Specwright's state are not copier's."""
    given = {
        path.relative_to(example.parent).as_posix() for path in example.parent.rglob("*") if path.is_file()
    }
    result = {}
    for path, (content, executable) in tree(folder).items():
        if path not in given and not path.startswith(".specwright/"):
            result[path] = (with_bodies(content, {slot.id: b"" for slot in find_slots(content)}), executable)
    return result


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_copier_copy_gives_an_example_byte_for_byte(
    example: Path, project: Path, environment: dict[str, str], home: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    recorded = ["--vcs-ref", RELEASE, "--data-file", str(project / ANSWERS_FILE)]
    run(
        *COPIER,
        "copy",
        "--defaults",
        *recorded,
        SOURCE_URL,
        str(theirs),
        cwd=tmp_path,
        environment=environment,
    )
    assert comparable(theirs, example) == comparable(project, example)
    assert specwright("generate", cwd=project, templates=home).stdout.startswith("Nothing has changed")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_copier_updates_and_recopies_an_example_in_which_slots_are_filled(
    example: Path, project: Path, environment: dict[str, str], home: Path
) -> None:
    generated = tree(project)
    filled = 0
    for path, (content, _) in generated.items():
        slots = find_slots(content)
        filled += len(slots)
        bodies = {slot.id: slot.body + b"  // mine\n" for slot in slots}
        (project / path).write_bytes(with_bodies(content, bodies))
    publish(project, "filled")
    for command in WAYS[example.parent.name]:
        run(*COPIER, *command, cwd=project, environment=environment)
        if command is RECOPY:
            # It is what it says: copier alone gives every file as generated.
            assert tree(project) == generated
            git("checkout", ".", cwd=project)
        assert git("status", "--porcelain", cwd=project) == ""
    assert specwright("generate", cwd=project, templates=home).returncode == 0
    assert sum(content.count(b"  // mine\n") for content, _ in tree(project).values()) == filled


@pytest.mark.parametrize(
    "example",
    [path for path in EXAMPLES if (path.parent / "tasks.yaml").exists()],
    ids=lambda path: path.parent.name,
)
def test_one_task_after_the_other_ends_where_one_run_ends(
    example: Path, project: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(home))
    steps = tmp_path / "steps"
    shutil.copytree(example.parent, steps)
    status = specwright("status", "--json", cwd=steps, templates=home)
    assert status.returncode == 0, status.stderr
    for phase in json.loads(status.stdout)["phases"]:
        for task in phase["tasks"]:
            code, said, _ = processes.run(steps, "generate", "--task", task["id"])
            assert code == 0, said
    assert processes.run(steps, "generate")[0] == 0
    assert tree(steps) == tree(project)
