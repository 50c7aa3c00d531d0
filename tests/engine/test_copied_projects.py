"""Every command in a project that plain `copier copy` made, and plain copier in one that commands have kept.

A copied project has the recorded answers, the plan, and nothing below `.specwright`.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.recording import ANSWERS_FILE, RELEASE, SOURCE_URL
from tests.engine import processes
from tests.engine.conftest import small_templates
from tests.engine.copier_projects import COPIER, copier_environment, git, git_environment, publish, tree
from tests.engine.copier_projects import run as run_program
from tests.engine.evolving import NEW, NEWEST, OLD, START, done
from tests.engine.evolving import run as run_evolved
from tests.engine.plans import BOARD, ITEM, LIST, PLAN, WIDER, filled
from tests.engine.test_development import DEV, SERVICE, Session

README = "README.md"
BODY = "  return mine();\n"
STATE = {".specwright/lock.json", ".specwright/slots.yml"}
MIGRATION = "server/migrations/0001_initial.up.sql"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the blueprints, and what generate and copier make of one plan and its answers."""
    place = tmp_path_factory.mktemp("published")
    home = small_templates(place / "home")
    publish(home, RELEASE)
    (place / "made").mkdir()
    (place / "made/plan.yaml").write_text(PLAN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPECWRIGHT_TEMPLATES", str(home))
        assert processes.run(place / "made", "generate")[0] == 0
    copied(place / "copied", place / "made", RELEASE, copier_environment(home, place / "cache"))
    return place


def copied(folder: Path, made: Path, release: str, environment: dict[str, str]) -> None:
    """What copier makes of the answers of a project, with its plan."""
    answers = str(made / ANSWERS_FILE)
    run_program(
        *COPIER, "copy", "--defaults", "--vcs-ref", release, "--data-file", answers, SOURCE_URL, str(folder),
        cwd=made, environment=environment,
    )  # fmt: skip
    shutil.copy(made / "plan.yaml", folder)
    publish(folder, "copied")


@pytest.fixture
def folder(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copied project that somebody has worked on: an edit, a slot filled, a file moved and one deleted."""
    for name, value in {**git_environment(), "SPECWRIGHT_TEMPLATES": str(published / "home")}.items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "todo"
    shutil.copytree(published / "copied", path)
    assert not (path / ".specwright").exists()
    edited(path)
    publish(path, "mine")
    return path


def edited(path: Path) -> None:
    (path / README).write_text((path / README).read_text().replace("# Lists", "# My lists"))
    (path / BOARD).write_text(filled((path / BOARD).read_text(), "board.next", BODY))
    (path / "server/src/shop").mkdir()
    (path / LIST).rename(path / "server/src/shop/list.ts")
    (path / START).unlink()


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    found, said, _ = processes.run(folder, *arguments)
    assert found == code, said
    return said


def is_kept(folder: Path) -> None:
    """What was made of it is there, and a change of the plan arrives around it."""
    assert (folder / README).read_text().startswith("# My lists")
    assert BODY in (folder / BOARD).read_text() and not (folder / START).exists()
    assert (folder / "server/src/shop/list.ts").exists() and not (folder / LIST).exists()


def is_followed(folder: Path) -> None:
    (folder / "plan.yaml").write_text(
        WIDER.replace("varchar(80) required unique", "varchar(80)\n      of: text")
    )
    run(folder, "generate")
    assert "due_on" in (folder / ITEM).read_text()
    assert "of: " in (folder / "server/src/shop/list.ts").read_text()
    is_kept(folder)
    assert run(folder, "generate").startswith("Nothing has changed")


def generate(folder: Path) -> None:
    before = tree(folder)
    assert "Nothing has changed" not in run(folder, "generate")
    assert {path for path, found in tree(folder).items() if before.get(path) != found} == STATE


def dry_run(folder: Path) -> None:
    before = tree(folder)
    run(folder, "generate", "--dry-run")
    assert tree(folder) == before
    (folder / "plan.yaml").write_text(WIDER)
    files = json.loads(run(folder, "generate", "--dry-run", "--json"))["files"]
    assert {file["path"]: file["action"] for file in files if file["action"] == "update"}.keys() == {
        ANSWERS_FILE, ITEM, "server/migrations/0001_initial.up.sql"
    }  # fmt: skip


def branch(folder: Path) -> None:
    (folder / "plan.yaml").write_text(WIDER)
    before = tree(folder)
    run(folder, "generate", "--branch", "wider")
    assert tree(folder) == before
    assert "due_on" in git("show", f"wider:{ITEM}", cwd=folder)
    assert git("show", f"wider:{README}", cwd=folder).startswith("# My lists")


def abort(folder: Path) -> None:
    item = folder / ITEM
    item.write_text(item.read_text().replace("  title: string;\n", "  title: Mine;\n"))
    other = PLAN.replace("      title: varchar(200)", "      headline: varchar(200)")
    (folder / "plan.yaml").write_text(other.replace("title: Bread", "headline: Bread"))
    before = tree(folder)
    assert f"  {ITEM}: " in run(folder, "generate", code=3)
    run(folder, "generate", "--abort")
    assert tree(folder) == before
    item.write_text(item.read_text().replace("  title: Mine;\n", "  title: string;\n"))


def verify(folder: Path) -> None:
    found = json.loads(run(folder, "verify", "--json"))
    assert {file["path"]: file["state"] for file in found["files"] if file["state"] != "generated"} == {
        README: "edited", START: "missing", LIST: "missing"
    }  # fmt: skip
    assert found["release"] == RELEASE and found["plan"] == "recorded"
    assert {slot["id"]: slot["state"] for slot in found["slots"]} == {
        "board.next": "edited", "board.oldest": "fallback"
    }  # fmt: skip


def restore(folder: Path) -> None:
    run(folder, "restore", START, README, LIST)
    assert (folder / START).exists() and "My" not in (folder / README).read_text()
    assert (folder / ".specwright/cache/aside" / README).read_text().startswith("# My lists")
    assert "was here before" not in run(folder, "generate")
    shutil.copy(folder / ".specwright/cache/aside" / README, folder / README)
    (folder / START).unlink()
    (folder / LIST).unlink()


def own(folder: Path) -> None:
    assert run(folder, "own", README) == f"Yours: {README}\n"
    (folder / "plan.yaml").write_text(
        PLAN.replace("title: Lists", "title: Shops").replace("varchar(80)", "varchar(90)")
    )
    run(folder, "generate")
    assert "Shops" not in (folder / README).read_text()
    (folder / "plan.yaml").write_text(PLAN)
    run(folder, "generate")
    run(folder, "own", "--return", README)


def status(folder: Path) -> None:
    found = json.loads(run(folder, "status", "--json"))
    assert found["files"] > 8
    assert {slot["id"]: slot["state"] for slot in found["slots"]} == {
        "board.next": "filled", "board.oldest": "fallback"
    }  # fmt: skip


def history(folder: Path) -> None:
    assert f"at {RELEASE}; {RELEASE} is installed" in run(folder, "history")


def seal(folder: Path) -> None:
    (folder / MIGRATION).write_text((folder / MIGRATION).read_text() + "-- mine\n")
    assert "0001_initial" in run(folder, "migrations")
    run(folder, "migrations", "seal")
    assert "-- mine" in (folder / ".specwright/migrations/0001_initial.json").read_text()
    assert (folder / MIGRATION).read_text().endswith("-- mine\n")


def explain(folder: Path) -> None:
    before = tree(folder)
    assert "entities:" in run(folder, "explain")
    assert tree(folder) == before


def check(folder: Path) -> None:
    before = tree(folder)
    assert "sound" in run(folder, "check")
    assert tree(folder) == before


def update(folder: Path) -> None:
    run(folder, "update", "--dry-run")
    run(folder, "update", "--to", RELEASE)


COMMANDS = (
    generate, dry_run, branch, abort, verify, restore, own, status, history, seal, explain, check, update
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_a_command_in_a_copied_project(command: Callable[[Path], None], folder: Path) -> None:
    command(folder)
    is_kept(folder)
    is_followed(folder)


def test_a_copied_project_is_ejected(folder: Path) -> None:
    run(folder, "migrations", "seal")
    for name in ("lock.json", "slots.yml"):
        (folder / ".specwright" / name).unlink()
    attributes = folder / ".gitattributes"
    attributes.write_text(f"{attributes.read_text()}.specwright/** linguist-generated\n")
    run(folder, "eject", "--yes")
    is_kept(folder)
    assert not (folder / ".specwright").exists() and not (folder / ANSWERS_FILE).exists()
    assert ".specwright" not in attributes.read_text()


def test_a_copied_project_is_developed(published: Path, tmp_path: Path, free_tcp_port: int) -> None:
    templates, folder = tmp_path / "templates", tmp_path / "todo"
    shutil.copytree(published / "home", templates)
    manifest = templates / "blueprints/express-react/{{ when.base }}/blueprint.yml"
    manifest.write_text(manifest.read_text() + DEV.format(python=sys.executable))
    shutil.copytree(published / "copied", folder)
    edited(folder)
    (folder / "service.py").write_text(SERVICE)
    session = Session(folder, templates, free_tcp_port)
    session.until(lambda said: said.count("Ready at") == 1)
    (folder / "plan.yaml").write_text(WIDER)
    session.until(lambda said: said.count("Ready at") == 2)
    assert "due_on" in (folder / ITEM).read_text()
    is_kept(folder)
    session.process.send_signal(signal.SIGINT)
    assert session.process.wait(timeout=30) == 130


@pytest.fixture(scope="module")
def earlier(evolution: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the first release as generate and as copier makes it; the releases have tags."""
    place = tmp_path_factory.mktemp("earlier")
    for version in (OLD, NEW, NEWEST):
        commit = git("rev-parse", "HEAD", cwd=evolution / version).strip()
        git("tag", "--force", f"v{version}", commit, cwd=evolution / "repository")
    (place / "made").mkdir()
    (place / "made/plan.yaml").write_text(PLAN)
    done(evolution / OLD, place / "made", "generate")
    environment = copier_environment(evolution / "repository", place / "cache")
    copied(place / "copied", place / "made", f"v{OLD}", environment)
    publish(place / "made", "generated")
    return place


def test_a_copied_project_is_updated(evolution: Path, earlier: Path, tmp_path: Path) -> None:
    folder = tmp_path / "todo"
    shutil.copytree(earlier / "copied", folder)
    edited(folder)
    publish(folder, "mine")
    before = tree(folder)
    newest = evolution / NEWEST
    found = json.loads(evolved(newest, folder, "update", "--dry-run", "--json", code=3))
    assert (found["from"], found["to"]) == (f"v{OLD}", f"v{NEWEST}") and tree(folder) == before
    done(newest, folder, "update", "--branch", "newer", "--to", NEW)
    assert tree(folder) == before and "Read the plan" in git("show", f"newer:{README}", cwd=folder)
    assert f"v{NEWEST}" in done(newest, folder, "history")
    # The script that was deleted has changed: that is said.
    assert f"  {START}: you deleted it" in evolved(newest, folder, "update", code=3)
    assert "Read the plan" in (folder / README).read_text()
    is_kept(folder)
    assert done(newest, folder, "generate").startswith("Nothing has changed")


@pytest.mark.parametrize(
    "command",
    [
        ("update", "--defaults"),
        ("update", "--defaults", "--skip-answered"),
        ("recopy", "--defaults", "--overwrite", "--skip-answered"),
    ],
    ids=" ".join,
)
def test_copier_alone_in_a_project_that_commands_have_kept(
    command: tuple[str, ...], evolution: Path, earlier: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "todo"
    shutil.copytree(earlier / "made", folder)
    edited(folder)
    done(evolution / OLD, folder, "generate")
    done(evolution / OLD, folder, "own", ".env.example")
    publish(folder, "mine")
    environment = copier_environment(evolution / "repository", tmp_path / "cache")
    run_program(*COPIER, *command, cwd=folder, environment=environment)
    assert f"_commit: v{NEWEST}" in (folder / ANSWERS_FILE).read_text()
    assert "Read the plan" in (folder / README).read_text()
    if command[0] == "update":
        # Copier does not know that a file was moved: it writes the new one beside it.
        assert (folder / README).read_text().startswith("# My lists") and BODY in (folder / BOARD).read_text()
    said = evolved(evolution / NEWEST, folder, "generate", code=None)
    assert "A defect" not in said and "<<<<" not in (folder / README).read_text()
    assert done(evolution / NEWEST, folder, "generate").startswith("Nothing has changed"), said
    found = json.loads(done(evolution / NEWEST, folder, "verify", "--json"))
    assert found["release"] == f"v{NEWEST}" and found["plan"] == "recorded"


def evolved(checkout: Path, folder: Path, *arguments: str, code: int | None = 0) -> str:
    ended = run_evolved(checkout, folder, *arguments)
    assert code is None or ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout
