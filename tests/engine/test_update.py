"""From release to release: a project stays at the one it records, and `update` takes it to a later one."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from generator.recording import ANSWERS_FILE, SOURCE_URL, read_recorded
from tests.engine.copier_projects import git, git_environment, publish, tree
from tests.engine.evolving import NEW, NEWEST, OLD, START, done, run
from tests.engine.plans import PLAN

README = "README.md"
SERVICE = "server/src/services/board.service.ts"


@pytest.fixture(scope="module")
def generated(evolution: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the oldest release, edited: its README, and a slot."""
    folder = tmp_path_factory.mktemp("generated") / "project"
    folder.mkdir()
    (folder / "plan.yaml").write_text(PLAN)
    done(evolution / OLD, folder, "generate")
    edit(folder, README, "# Lists", "# My lists")
    edit(folder, SERVICE, "// slot: board.oldest\n", "// slot: board.oldest\n  // mine\n")
    done(evolution / OLD, folder, "generate")
    return folder


@pytest.fixture
def project(generated: Path, tmp_path: Path) -> Path:
    # Another place than it was generated in, as a teammate has it; what git ignores is not there.
    folder = tmp_path / "elsewhere"
    shutil.copytree(generated, folder, ignore=shutil.ignore_patterns("cache"))
    return folder


def edit(folder: Path, path: str, old: str, new: str) -> None:
    text = (folder / path).read_text()
    assert old in text
    (folder / path).write_text(text.replace(old, new))


def recorded(folder: Path) -> str:
    found = read_recorded((folder / ANSWERS_FILE).read_text())
    return found.release if found else ""


def test_generate_stays_at_the_release_that_is_recorded(evolution: Path, project: Path) -> None:
    before = tree(project)
    assert done(evolution / NEW, project, "generate").startswith("Nothing has changed")
    assert tree(project) == before
    edit(project, "plan.yaml", "      title: varchar(200) required\n",
         "      title: varchar(200) required\n      due_on: date\n")  # fmt: skip
    edit(
        project,
        "plan.yaml",
        "  Item:\n",
        "  Label:\n    resource: true\n    fields:\n      name: text\n  Item:\n",
    )
    done(evolution / NEW, project, "generate")
    readme = (project / README).read_text()
    assert recorded(project) == f"v{OLD}" and "Read the plan" not in readme
    assert "due_on" in (project / "server/src/models/item.model.ts").read_text()
    assert "# My lists" in readme and "Label" in readme
    # Code that is of that release alone, and the same bytes as it would have written itself.
    assert done(evolution / OLD, project, "generate").startswith("Nothing has changed")


def test_update_says_what_it_brings_and_merges_it(evolution: Path, project: Path) -> None:
    before = tree(project)
    forecast = json.loads(done(evolution / NEWEST, project, "update", "--dry-run", "--json"))
    assert tree(project) == before
    assert (forecast["from"], forecast["to"]) == (f"v{OLD}", f"v{NEWEST}")
    assert forecast["rooms"] == [
        {
            "id": "base",
            "title": "What every project has",
            "from": "1",
            "to": "3",
            "changes": ["The script stops at the first failure", "The README says where to begin"],
        }
    ]
    printed = done(evolution / NEWEST, project, "update")
    assert printed.index("The README says where to begin") < printed.index("Written: ")
    after = tree(project)
    assert recorded(project) == f"v{NEWEST}"
    assert (project / README).read_text() == ("# My lists\n\nEntities: List, Item.\n\nRead the plan first.\n")
    assert "// slot: board.oldest\n  // mine\n" in (project / SERVICE).read_text()
    assert (project / START).read_text().endswith("set -e\n")
    changed = {path for path in after if after[path] != before.get(path)}
    foretold = {file["path"] for file in forecast["files"] if file["action"] in {"update", "merge", "create"}}
    assert changed == foretold | {".specwright/lock.json"}
    assert foretold == {README, START, ANSWERS_FILE}
    for command in ("update", "generate"):
        assert done(evolution / NEWEST, project, command).startswith("Nothing has changed")
    assert tree(project) == after


def test_a_project_is_taken_to_a_release_in_between_and_on(evolution: Path, project: Path) -> None:
    done(evolution / NEWEST, project, "update", "--to", NEW)
    assert recorded(project) == f"v{NEW}" and "Read the plan" in (project / README).read_text()
    assert "set -e" not in (project / START).read_text()
    assert done(evolution / NEWEST, project, "update", "--to", NEW).startswith("Nothing has changed")
    told = json.loads(done(evolution / NEWEST, project, "history", "--json"))
    assert [step["release"] for step in told["releases"]] == [f"v{NEWEST}"]
    done(evolution / NEWEST, project, "update")
    one = tree(project)
    # In one step or in two: the same.
    other = project.with_name("other")
    shutil.copytree(project, other)
    assert one == tree(other)
    assert "set -e" in (project / START).read_text()


def test_a_key_that_the_release_does_not_know_is_refused_with_the_way_out(
    evolution: Path, project: Path
) -> None:
    edit(project, "plan.yaml", "title: Lists\n", "title: Lists\nspec: spec.md\n")
    before = tree(project)
    refused = run(evolution / NEW, project, "generate")
    assert refused.returncode == 1 and "plan.yaml:4:1: unknown key `spec`" in refused.stderr
    assert f"{NEW} takes it as it is. Run `specwright update`" in refused.stderr
    assert tree(project) == before
    done(evolution / NEW, project, "update")
    assert recorded(project) == f"v{NEW}"


def test_tasks_are_ticked_and_chosen_at_the_recorded_release(evolution: Path, project: Path) -> None:
    tasks = "specwright: 1\n\nphases:\n  - id: all\n    title: All\n\ntasks:\n"
    for number, room in enumerate(("base", "model"), start=1):
        tasks += f"  - id: T00{number}\n    phase: all\n    generate: {room}  # {room}\n"
    (project / "tasks.yaml").write_text(tasks)
    said = done(evolution / NEW, project, "generate", "--task", "T002")
    assert "Ticked in tasks.yaml: T001, T002" in said and recorded(project) == f"v{OLD}"
    assert "generate: model  # model\n    done: true\n" in (project / "tasks.yaml").read_text()
    refused = run(evolution / NEW, project, "generate", "--task", "T003")
    assert refused.returncode == 1 and "There is no task T003" in refused.stderr


@pytest.mark.parametrize(
    ("at", "arguments", "message"),
    [
        (
            NEW,
            ["update", "--to", "9.0"],
            f"9.0 is newer than this Specwright, v{NEW}. Install Specwright 9.0",
        ),
        (NEW, ["update", "--to", "7.0.5"], "There is no release 7.0.5"),
        (NEW, ["update", "--to", "6.0"], f"v{OLD} already, and 6.0 is older"),
        (NEW, ["update", "--to", "latest"], "There is no release latest"),
        (NEW, ["update", "--source", "https://me:secret@example.com/x.git"], "without a password"),
        (NEW, ["update", "--source", "../specwright"], "an address of git that everybody can use"),
    ],
)
def test_what_cannot_be_is_refused(
    at: str, arguments: list[str], message: str, evolution: Path, project: Path
) -> None:
    before = tree(project)
    refused = run(evolution / at, project, *arguments)
    assert refused.returncode == 1 and message in refused.stderr, refused.stderr
    assert tree(project) == before


@pytest.mark.parametrize("command", ["generate", "update", "history", "verify"])
def test_a_project_that_is_newer_is_refused(command: str, evolution: Path, project: Path) -> None:
    edit(project, ANSWERS_FILE, f"_commit: v{OLD}", "_commit: v8.0.0")
    refused = run(evolution / NEW, project, command)
    assert refused.returncode == 1 and "Install Specwright 8.0.0 or newer" in refused.stderr


def test_a_project_of_no_release_is_updated_by_what_the_lock_says(evolution: Path, project: Path) -> None:
    edit(project, ANSWERS_FILE, f"_commit: v{OLD}", "_commit: v0.1.0")
    refused = run(evolution / NEWEST, project, "generate")
    assert refused.returncode == 1 and "`specwright update` takes it to" in refused.stderr
    updated = run(evolution / NEWEST, project, "update")
    assert updated.returncode == 3 and "Files that you have edited keep what they are" in updated.stderr
    assert "set -e" in (project / START).read_text() and "Read the plan" not in (project / README).read_text()
    assert recorded(project) == f"v{NEWEST}"


def test_without_the_history_it_is_said_what_is_missing(
    evolution: Path, project: Path, tmp_path: Path
) -> None:
    shallow = tmp_path / "shallow"
    repository = (evolution / "repository").as_uri()
    git("clone", "--quiet", "--depth=1", repository, str(shallow), cwd=tmp_path)
    refused = run(shallow, project, "generate")
    assert refused.returncode == 1 and "git fetch --unshallow" in refused.stderr
    shutil.rmtree(shallow / ".git")
    refused = run(shallow, project, "update")
    assert refused.returncode == 1 and "has no former releases with it" in refused.stderr
    refused = run(evolution / NEW, project, "update", environment={"PATH": ""})
    assert refused.returncode == 1 and "git cannot be started" in refused.stderr


def test_a_project_is_moved_to_another_home_of_the_blueprints(evolution: Path, project: Path) -> None:
    mirror = "https://git.example.com/tools/specwright.git"
    done(evolution / OLD, project, "update", "--source", mirror)
    assert f"_src_path: {mirror}\n" in (project / ANSWERS_FILE).read_text()
    done(evolution / NEW, project, "update")
    text = (project / ANSWERS_FILE).read_text()
    assert f"_src_path: {mirror}\n" in text and f"_commit: v{NEW}" in text
    done(evolution / NEW, project, "update", "--source", SOURCE_URL)
    assert f"_src_path: {SOURCE_URL}\n" in (project / ANSWERS_FILE).read_text()


def test_state_that_was_lost_is_made_anew_from_the_recorded_release(evolution: Path, project: Path) -> None:
    done(evolution / NEW, project, "generate")
    shutil.rmtree(project / ".specwright")
    done(evolution / NEW, project, "update")
    assert (project / README).read_text().startswith("# My lists") and "Read the plan" in (
        project / README
    ).read_text()
    assert "  // mine\n" in (project / SERVICE).read_text()


def test_conflicts_of_an_update_are_taken_back_as_any(evolution: Path, project: Path) -> None:
    edit(project, START, "#!/bin/sh\n", "#!/bin/sh\n")
    script = project / START
    script.write_text(script.read_text() + "set -x\n")
    publish(project, "mine")
    before = tree(project)
    ended = run(evolution / NEWEST, project, "update")
    told = f"  {START}: you and v{NEWEST} changed the same lines in one place\n"
    assert ended.returncode == 3 and told in ended.stdout
    # With what the room says that it brings, and which words differ.
    assert "\n    base: The script stops at the first failure\n" in ended.stdout
    assert "\n      yours to generated set -[-x-]{+e+}\n" in ended.stdout
    assert run(evolution / NEWEST, project, "update").returncode == 3
    assert git("diff", "--name-only", "--diff-filter=U", cwd=project).split() == [START]
    done(evolution / NEWEST, project, "generate", "--abort")
    assert tree(project) == before and recorded(project) == f"v{OLD}"


def test_history_tells_what_each_release_changed(evolution: Path, project: Path) -> None:
    said = done(evolution / NEWEST, project, "history").splitlines()
    assert said == [
        f"This project is at v{OLD}; v{NEWEST} is installed.",
        f"v{NEW}",
        "  base       1 to 2   The README says where to begin",
        f"v{NEWEST}",
        "  base       2 to 3   The script stops at the first failure",
        "Next: specwright update",
    ]
    done(evolution / NEWEST, project, "update")
    said = done(evolution / NEWEST, project, "history").splitlines()
    assert said == [f"This project is at v{NEWEST}; v{NEWEST} is installed."]


def test_a_file_is_restored_as_the_recorded_release_generated_it(evolution: Path, project: Path) -> None:
    (project / START).write_text("mine\n")
    done(evolution / NEWEST, project, "restore", START)
    text = (project / START).read_text()
    assert text.startswith("#!/bin/sh") and "set -e" not in text and recorded(project) == f"v{OLD}"


def test_an_update_is_committed_on_a_branch(evolution: Path, project: Path) -> None:
    publish(project, "mine")
    before = tree(project)
    told = json.loads(done(evolution / NEW, project, "update", "--branch", "newer", "--json"))
    assert (told["from"], told["to"], told["branch"]["name"]) == (f"v{OLD}", f"v{NEW}", "newer")
    assert tree(project) == before
    assert "Read the plan first." in git("show", f"newer:{README}", cwd=project)
    assert f"_commit: v{NEW}" in git("show", f"newer:{ANSWERS_FILE}", cwd=project)


def test_two_sides_of_a_merge_at_two_releases_come_together_at_the_later(
    evolution: Path, project: Path
) -> None:
    publish(project, "mine")
    git("switch", "--quiet", "--create", "updated", cwd=project)
    done(evolution / NEWEST, project, "update")
    publish(project, "updated-now")
    git("switch", "--quiet", "-", cwd=project)
    edit(project, "plan.yaml", "title: Lists", "title: Shopping lists")
    edit(project, README, "# My lists", "# Lists")
    done(evolution / NEWEST, project, "generate")
    publish(project, "changed-plan")
    merged = git_status("merge", "--no-edit", "updated", cwd=project)
    assert merged != 0 and "<<<<<<<" in (project / ".specwright/lock.json").read_text()
    done(evolution / NEWEST, project, "generate")
    readme = (project / README).read_text()
    assert recorded(project) == f"v{NEWEST}"
    assert "Shopping lists" in readme and "Read the plan first." in readme and "<<<<" not in readme
    assert (project / START).read_text().endswith("set -e\n")


def git_status(*arguments: str, cwd: Path) -> int:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=cwd, env=git_environment(), capture_output=True).returncode


def test_verify_compares_with_the_recorded_release(evolution: Path, project: Path) -> None:
    told = json.loads(done(evolution / NEWEST, project, "verify", "--json"))
    assert (told["release"], told["plan"]) == (f"v{OLD}", "recorded")
    assert [file["path"] for file in told["files"] if file["state"] != "generated"] == [README]
    edit(project, "plan.yaml", "title: Lists", "title: Other")
    assert run(evolution / NEWEST, project, "verify").returncode == 3
