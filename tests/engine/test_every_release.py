"""Every release in the history of this repository: its projects are updated to what stands here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.blueprints import MANIFEST, rooms_of, stack_names
from generator.recording import ANSWERS_FILE, RELEASE, read_recorded
from generator.releases import Release, ReleaseError
from generator.releases.home import Home
from generator.render import render_recorded
from generator.rendered import RenderedFile
from tests.engine.conftest import REPOSITORY
from tests.engine.copier_projects import tree
from tests.engine.evolving import done
from tests.engine.plans import PLAN

HOME = Home(REPOSITORY / "generator")


def former_releases() -> list[object]:
    """The releases before this one; where the history is cut off, the reason to skip."""
    try:
        found = [release for release in HOME.releases if release.name != RELEASE]
    except ReleaseError as error:
        return [pytest.param(None, marks=pytest.mark.skip(reason=str(error)))]
    missing = pytest.mark.skip(reason="There is no release before this one in the history")
    return [pytest.param(each, id=each.name) for each in found] or [pytest.param(None, marks=missing)]


@pytest.fixture(scope="module", params=former_releases())
def release(request: pytest.FixtureRequest) -> Release:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def generated(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project as the release itself generated it, by its own code."""
    folder = tmp_path_factory.mktemp(release.name) / "project"
    folder.mkdir()
    (folder / "plan.yaml").write_text(PLAN)
    with HOME.unpacked(release) as (checkout,):
        done(checkout, folder, "generate")
    yield folder


def test_a_room_that_changed_since_says_what(release: Release) -> None:
    """`history` and `update` tell a person what the manifests say: a change that they leave out is none."""
    with HOME.unpacked(release) as (before,):
        for stack in stack_names(before):
            now = {room.id: room for room in rooms_of(REPOSITORY, stack)}
            for room in rooms_of(before, stack):
                if room.id in now and templates_of(room.folder) != templates_of(now[room.id].folder):
                    assert int(now[room.id].version) > int(room.version), f"{stack}: {room.id}"
                    assert now[room.id].version in now[room.id].changes, f"{stack}: {room.id}"


def templates_of(room: Path) -> dict[str, tuple[bytes, bool]]:
    return {path: file for path, file in tree(room).items() if path != MANIFEST}


def test_todays_blueprints_render_the_answers_that_it_recorded(generated: Path) -> None:
    recorded = read_recorded((generated / ANSWERS_FILE).read_text())
    assert recorded is not None
    files = {file.path: file for file in render_recorded(REPOSITORY, recorded.answers)}
    assert all(isinstance(file, RenderedFile) for file in files.values())
    before = {path for path in tree(generated) if not path.startswith(".specwright/")} - {"plan.yaml"}
    # Nothing that the answers asked for goes silently: a template that meets an unknown field gives no file.
    assert len(files) >= len(before) * 0.8 and {"README.md", "package.json", ANSWERS_FILE} <= files.keys()


def test_todays_blueprints_of_fastapi_render_the_answers_that_it_recorded(
    release: Release, tmp_path: Path
) -> None:
    shutil.copy(REPOSITORY / "docs" / "examples" / "notes-fastapi" / "plan.yaml", tmp_path)
    with HOME.unpacked(release) as (checkout,):
        done(checkout, tmp_path, "generate")
    recorded = read_recorded((tmp_path / ANSWERS_FILE).read_text())
    assert recorded is not None
    files = {file.path for file in render_recorded(REPOSITORY, recorded.answers)}
    before = {path for path in tree(tmp_path) if not path.startswith(".specwright/")} - {"plan.yaml"}
    assert len(files) >= len(before) * 0.8 and {"README.md", "pyproject.toml", ANSWERS_FILE} <= files


def test_an_edited_project_of_it_is_updated(generated: Path, tmp_path: Path) -> None:
    edits = edited(generated)
    said = done(REPOSITORY, generated, "update")
    assert "Conflicts" not in said
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "plan.yaml").write_text(PLAN)
    done(REPOSITORY, fresh, "generate")
    after, wanted = tree(generated), tree(fresh)
    for path, edit in edits.items():
        assert edit in after[path][0], path
        assert after[path][0].replace(edit, b"") == wanted[path][0], path
    rest = {path for path in wanted if path not in edits and not path.startswith(".specwright/")}
    assert {path: after[path] for path in rest} == {path: wanted[path] for path in rest}
    assert done(REPOSITORY, generated, "update").startswith("Nothing has changed")


def edited(project: Path) -> dict[str, bytes]:
    """Add a line of a person's own to a file of each kind, at its end; return the lines by path."""
    edits = {
        "README.md": b"\nMine.\n",
        "server/src/app.ts": b"\n// mine\n",
        "server/src/models/item.model.ts": b"\n// mine\n",
        ".env.example": b"MINE=1\n",
    }
    for path, edit in edits.items():
        with (project / path).open("ab") as file:
            file.write(edit)
    return edits
