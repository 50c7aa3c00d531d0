"""An edited project goes through every release, and its own tests pass; all examples: tests/stacks/evolution.py."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.releases import ReleaseError
from tests.engine.evolving import done
from tests.stacks.edits import EDITS, below
from tests.stacks.evolution import HOME, checkouts, commit, evolved, git, since, updated
from tests.stacks.express import EXAMPLES, borrow, check, run
from tests.stacks.test_task_tracker import skipped


@pytest.fixture(scope="module")
def releases() -> Iterator[dict[str, Path]]:
    try:
        assert HOME.releases
    except ReleaseError as error:
        pytest.skip(str(error))
    with checkouts() as found:
        yield found


@pytest.mark.stack
def test_an_edited_project_works_after_all_releases(
    releases: dict[str, Path], express_modules: Path, tmp_path: Path
) -> None:
    def prove(folder: Path, last: bool) -> str:
        if not last:
            return ""
        borrow(folder, express_modules)
        check(folder, express_modules)
        return run(folder / "server", [str(express_modules / ".bin" / "vitest"), "run"])

    steps = [*evolved("task-tracker", tmp_path / "project", releases, prove)]
    assert [step.release for step in steps] == [*releases, "and a field"]
    assert not any(step.conflicts for step in steps)
    # Their own test is among them, and the criteria of the slot that they filled are not left out.
    assert "about.test.ts" in steps[-1].tests and skipped(steps[-1].tests) == 11


def test_people_who_sign_in_keep_what_was_edited(releases: dict[str, Path], tmp_path: Path) -> None:
    able = since("auth", releases)
    steps = [*evolved("auth", tmp_path / "project", able, lambda _folder, _last: "")]
    assert [step.release for step in steps] == [*able, "and a field"]
    assert not any(step.conflicts for step in steps)


@pytest.mark.parametrize("example", ["task-tracker", "chinook"])
def test_a_release_of_dependencies_reaches_edited_projects_without_a_conflict(
    releases: dict[str, Path], tmp_path: Path, example: str
) -> None:
    before, after, newest = "0.2.0", "0.2.1", [*releases.values()][-1]
    shutil.copytree(EXAMPLES / example, tmp_path, dirs_exist_ok=True)
    done(releases[before], tmp_path, "generate")
    # Beside the dependency that the release raises, in both files.
    touching = '"express-rate-limit": "8.7.4",'
    edits = [
        *EDITS[example],
        below("server/package.json", f"    {touching}", '    "express-slow": "1.2.3",'),
        below("package-lock.json", f"        {touching}", '        "express-slow": "1.2.3",'),
    ]
    for edit in edits:
        edit.make(tmp_path)
    git("init", "--quiet", cwd=tmp_path)
    commit(tmp_path, "Edited")
    _, merged, conflicts = updated(newest, tmp_path, "update", "--to", after)
    assert conflicts == () and merged == 2
    assert not [line for edit in edits for line in edit.missing(tmp_path)]
    names = ("server/package.json", "package-lock.json", ".copier-answers.yml", ".specwright/lock.json")
    changed = git("diff", "--name-only", "--diff-filter=M", cwd=tmp_path).split()
    assert {*changed} <= {*names, ".specwright/slots.yml"}
    package, lock = (json.loads((tmp_path / name).read_text()) for name in names[:2])
    for dependencies in (package["dependencies"], lock["packages"]["server"]["dependencies"]):
        assert dependencies["express-rate-limit"] == "8.7.5" and dependencies["express-slow"] == "1.2.3"
    assert lock["packages"]["node_modules/express-rate-limit"]["version"] == "8.7.5"
