"""Files that lines alone do not describe: bits, links, binaries, locks of packages, odd histories, no git."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.folder.destination import Destination
from generator.folder.journal import Journal
from generator.merging.changes import Action
from generator.outcome import Outcome
from generator.refresh import bring_up_to_date
from tests.engine import processes
from tests.engine.copier_projects import git, tree
from tests.engine.living import LivingProject, change_of
from tests.engine.samples import answers
from tests.engine.test_conflicts import ITEM, OTHER, PLAN

SCRIPT, README, LOGO = "scripts/start.sh", "README.md", "logo.png"
BASE = "blueprints/express-react/{{ when.base }}"


@pytest.fixture
def project(tmp_path: Path, templates: Path) -> LivingProject:
    living = LivingProject(tmp_path / "project", templates)
    living.generate()
    return living


def former(project: LivingProject) -> Path:
    """The blueprints as they are, kept for when they have changed."""
    return Path(shutil.copytree(project.templates, project.templates.with_name("former")))


def updated(project: LivingProject, before: Path) -> Outcome:
    """Take a project from blueprints as they were to those of a later release."""
    outcome = bring_up_to_date(
        Destination(project.folder),
        project.templates,
        answers(),
        release="v9.9.9",
        blueprints=lambda name: before,
    )
    Journal(project.folder).apply(outcome.writes)
    return outcome


def mode(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o100)


def template(project: LivingProject, path: str) -> Path:
    folder = project.templates / BASE
    return next(each for each in (folder / path, folder / f"{path}.jinja") if each.exists())


@pytest.mark.parametrize("executable", [True, False])
def test_a_bit_that_the_blueprint_changes_arrives_beside_an_edit(
    project: LivingProject, executable: bool
) -> None:
    template(project, README).chmod(0o755 if not executable else 0o644)
    project.generate()
    assert mode(project.folder / README) is not executable
    with (project.folder / README).open("a") as file:
        file.write("mine\n")
    template(project, README).chmod(0o755 if executable else 0o644)
    project.generate()
    assert mode(project.folder / README) is executable
    assert project.read(README).endswith("mine\n")
    assert not project.generate().writes


def test_a_bit_that_a_person_changed_stays_when_the_text_changes(project: LivingProject) -> None:
    (project.folder / README).chmod(0o755)
    assert not project.generate().writes
    with template(project, README).open("a") as file:
        file.write("new\n")
    project.generate()
    assert mode(project.folder / README) and project.read(README).endswith("new\n")


def test_a_binary_file_that_both_changed_is_kept_and_told_with_the_way_out(project: LivingProject) -> None:
    before = former(project)
    (project.folder / LOGO).write_bytes(b"\x89PNG\0mine")
    template(project, LOGO).write_bytes(b"\x89PNG\0theirs")
    change = change_of(updated(project, before), LOGO)
    assert change.is_open and f"specwright restore {LOGO} takes what is generated" in change.note
    assert (project.folder / LOGO).read_bytes() == b"\x89PNG\0mine"
    assert not updated(project, project.templates).writes, "it is told once"


def test_a_lockfile_that_both_changed_is_kept_and_told_what_remakes_it(project: LivingProject) -> None:
    lock = project.templates / BASE / "package-lock.json"
    lock.write_text('{\n  "lockfileVersion": 3,\n  "packages": {"a": {"version": "1"}}\n}\n')
    project.generate()
    before = former(project)
    project.edit("package-lock.json", '"version": "1"', '"version": "3"')
    lock.write_text(lock.read_text().replace('"version": "1"', '"version": "2"'))
    change = change_of(updated(project, before), "package-lock.json")
    assert change.action is Action.CONFLICT and "npm install" in change.note
    assert '"version": "3"' in project.read("package-lock.json")
    assert "<<<<<<<" not in project.read("package-lock.json")


def test_a_link_in_the_place_of_a_file_is_kept_and_so_is_what_it_leads_to(
    project: LivingProject, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.md"
    elsewhere.write_text("elsewhere\n")
    (project.folder / README).unlink()
    (project.folder / README).symlink_to(elsewhere)
    with template(project, README).open("a") as file:
        file.write("new\n")
    change = change_of(project.generate(), README)
    assert change.action is Action.COLLISION and "link" in change.note
    assert elsewhere.read_text() == "elsewhere\n" and (project.folder / README).is_symlink()


@pytest.fixture
def folder(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a generated project, an edit beside what the changed plan changes."""
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(templates))
    path = processes.generated(tmp_path / "todo", PLAN)
    git("init", "-q", cwd=path)
    git("add", "-A", cwd=path)
    git("commit", "-q", "-m", "Generated", cwd=path)
    (path / ITEM).write_text(f"{(path / ITEM).read_text()}// mine\n")
    (path / "plan.yaml").write_text(OTHER)
    return path


@pytest.mark.parametrize("history", ["shallow", "rewritten", "dirty"])
def test_no_history_is_needed(folder: Path, history: str, tmp_path: Path) -> None:
    """What a file was comes from the recorded answers, not from git: cut off or rewritten, it is the same."""
    if history == "rewritten":
        git("commit", "-q", "--amend", "-a", "-m", "Otherwise", cwd=folder)
        git("reflog", "expire", "--expire=now", "--all", cwd=folder)
    if history == "shallow":
        git("commit", "-q", "-a", "-m", "More", cwd=folder)
        git("clone", "-q", "--depth", "1", f"file://{folder}", str(tmp_path / "clone"), cwd=tmp_path)
        folder = tmp_path / "clone"
    if history == "dirty":
        (folder / "README.md").write_text(f"{(folder / 'README.md').read_text()}half done")
    code, said, _ = processes.run(folder, "generate")
    assert code == 0 and "1 merged" in said
    assert "headline" in (folder / ITEM).read_text() and (folder / ITEM).read_text().endswith("// mine\n")
    assert history != "dirty" or (folder / "README.md").read_text().endswith("half done")


def test_submodules_and_ignored_files_are_left_alone(folder: Path) -> None:
    other = folder.parent / "other"
    shutil.copytree(folder / ".git", other / ".git")
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "vendor", cwd=folder)
    (folder / ".gitignore").write_text("local.env\n")
    (folder / "local.env").write_text("SECRET=1\n")
    before = tree(folder / "vendor")
    assert processes.run(folder, "generate")[0] == 0
    assert tree(folder / "vendor") == before and (folder / "local.env").read_text() == "SECRET=1\n"
    assert git("submodule", "status", cwd=folder).split()[1] == "vendor"


def test_without_git_a_merge_is_refused_with_the_way_to_begin_and_nothing_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(folder)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    code, said, _ = processes.run(folder, "generate")
    assert code == 1 and f"{ITEM} was edited by you and is generated otherwise now" in said
    assert "git cannot be started" in said and "Traceback" not in said
    assert tree(folder) == before
    # What nobody edited needs no merge, and no git.
    text = (folder / ITEM).read_text()
    (folder / ITEM).write_text(text.replace("// mine\n", ""))
    assert processes.run(folder, "generate")[0] == 0


def test_answers_that_were_edited_by_hand_are_made_anew_and_nothing_is_lost(folder: Path) -> None:
    answers = folder / ".copier-answers.yml"
    answers.write_text(answers.read_text().replace("todo", "otherwise"))
    code, said, _ = processes.run(folder, "generate")
    assert code in (0, 3), said
    assert (folder / ITEM).read_text().endswith("// mine\n") and "otherwise" not in answers.read_text()
    assert processes.run(folder, "generate")[0] == 0
