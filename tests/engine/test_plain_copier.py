"""A generated project is a copier project: copier alone copies, recopies and updates it, without trust."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from generator.recording import ANSWERS_FILE, RELEASE, SOURCE_URL
from generator.render import render
from generator.rendered import RenderedFile
from tests.engine.copier_projects import COPIER, copier_environment, git, publish, run, tree
from tests.engine.samples import answers, entity

HOSTILE = "{{ 7*7 }} {% raw %} ${x} ` ' \" \\ \x7f \u2028 \x85 \u202e \U0001f600 é */ -- <b>\t"


@pytest.fixture
def environment(templates: Path, tmp_path: Path) -> dict[str, str]:
    publish(templates, RELEASE)
    return copier_environment(templates, tmp_path / "cache")


def write(folder: Path, files: tuple[RenderedFile, ...]) -> Path:
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        path.chmod(0o755 if file.executable else 0o644)
    return folder


def copied(destination: Path, recorded: Path, environment: dict[str, str]) -> Path:
    run(*COPIER, "copy", "--defaults", "--vcs-ref", RELEASE, "--data-file", str(recorded), SOURCE_URL,
    str(destination),
        cwd=destination.parent, environment=environment)  # fmt: skip
    return destination


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"rooms": {"base": True}},
        {"project": {"name": "todo", "title": HOSTILE}},
        {"entities": [entity("Item", HOSTILE)]},
        {"entities": [], "services": []},
    ],
    ids=["whole", "one room", "hostile title", "hostile name", "nothing"],
)
def test_copier_copy_gives_the_same_bytes(
    changes: dict[str, object], templates: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    ours = write(tmp_path / "ours", render(templates, answers(**changes)))
    theirs = copied(tmp_path / "theirs", ours / ANSWERS_FILE, environment)
    assert tree(theirs) == tree(ours)
    assert yaml.safe_load((ours / ANSWERS_FILE).read_bytes())["_commit"] == RELEASE


@pytest.fixture
def project(templates: Path, environment: dict[str, str], tmp_path: Path) -> Path:
    folder = write(tmp_path / "project", render(templates, answers()))
    publish(folder, "generated")
    return folder


def copier(project: Path, environment: dict[str, str], *arguments: str) -> None:
    run(*COPIER, *arguments, cwd=project, environment=environment)


@pytest.mark.parametrize(
    "command",
    [
        ("update", "--defaults"),
        ("update", "--defaults", "--skip-answered"),
        ("recopy", "--defaults", "--overwrite"),
        ("recopy", "--skip-answered", "--overwrite"),
    ],
    ids=" ".join,
)
def test_copier_alone_changes_nothing_at_the_same_release(
    command: tuple[str, ...], project: Path, environment: dict[str, str]
) -> None:
    copier(project, environment, *command)
    assert git("status", "--porcelain", cwd=project) == ""


def test_copier_update_brings_a_release_with_a_new_room_and_keeps_edits(
    templates: Path, project: Path, environment: dict[str, str]
) -> None:
    edited = project / "server/src/models/item.model.ts"
    edited.write_text("// mine\n" + edited.read_text())
    migration = project / "server/migrations/0001_initial.up.sql"
    migration.write_text("-- applied\n")
    git("commit", "--all", "--message", "Mine", cwd=project)

    stack = templates / "blueprints/express-react"
    (stack / "{{ when.base }}/scripts/stop.sh").write_text("#!/bin/sh\n")
    (stack / "{{ when.auth }}").mkdir()
    (stack / "{{ when.auth }}/auth.ts").write_text("never\n")
    questions = templates / "copier.yml"
    questions.write_text(questions.read_text().replace('"docs",', '"docs", "auth",'))
    publish(templates, "v99.0.0")
    copier(project, environment, "update", "--defaults")

    assert (project / "scripts/stop.sh").exists()
    assert not (project / "auth.ts").exists()
    assert edited.read_text().startswith("// mine\n")
    assert migration.read_text() == "-- applied\n"
    assert yaml.safe_load((project / ANSWERS_FILE).read_bytes())["_commit"] == "v99.0.0"
