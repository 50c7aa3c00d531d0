"""Laws of the blueprints: manifests, gates, names."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.blueprints import BlueprintError, room_of_template, rooms_of, stack_names, templates_digest
from generator.render import render
from generator.report import room_data, room_lines
from tests.engine.conftest import REPOSITORY
from tests.engine.samples import answers

STACKS = stack_names(REPOSITORY)


def manifest(templates: Path, room: str) -> Path:
    return templates / "blueprints/express-react" / f"{{{{ when.{room} }}}}" / "blueprint.yml"


def test_rooms_come_after_what_they_require(templates: Path) -> None:
    rooms = rooms_of(templates, "express-react")
    assert [room.id for room in rooms] == ["base", "ci", "model", "migration", "service"]
    assert rooms[0].tools == {"node": "20.19"} and rooms[0].next == "npm ci && npm test"
    assert room_lines(rooms[-1])[0] == "express-react service, version 2: What the operations do"
    assert room_data(rooms[-1])["changes"] == {"2": "Slots"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: other\n", "the gate says 'model'"),
        ("id: model\nverson: 1\n", "unknown key verson"),
        ("id: model\nrequires: [nothing]\n", "requires nothing, which is no room"),
        (
            "id: model\nrequires: [service]\n",
            "require each other: .*model > service > model|service > model > service",
        ),
        ("id: [\n", "blueprint.yml"),
        ("- id\n", "must be a mapping"),
        (None, "needs a manifest"),
    ],
)
def test_a_wrong_manifest_is_named(templates: Path, text: str | None, message: str) -> None:
    path = manifest(templates, "model")
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(BlueprintError, match=message):
        rooms_of(templates, "express-react")


def test_a_digest_sees_contents_names_and_modes(templates: Path) -> None:
    first = templates_digest(templates, "express-react")
    script = templates / "blueprints/express-react/{{ when.base }}/scripts/start.sh"
    script.chmod(0o644)
    second = templates_digest(templates, "express-react")
    (templates / "blueprints/_macros/new.jinja").write_text("")
    third = templates_digest(templates, "express-react")
    (templates / "blueprints/other").mkdir()
    assert len({first, second, third}) == 3
    assert templates_digest(templates, "express-react") == third


def test_the_gate_of_every_room_of_every_stack_is_known_to_old_projects() -> None:
    questions = (REPOSITORY / "copier.yml").read_text(encoding="utf-8")
    listed = questions.split("{% for room in [")[1].split("]")[0]
    for stack in STACKS:
        for room in rooms_of(REPOSITORY, stack):
            assert f'"{room.id}"' in listed, f"add {room.id} to the gates in copier.yml"


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_records_its_answers(stack: str) -> None:
    path = REPOSITORY / "blueprints" / stack / "{{ _copier_conf.answers_file }}.jinja"
    assert path.read_text(encoding="utf-8").strip() == '{% include "blueprints/_macros/answers.yml.jinja" %}'


@pytest.mark.parametrize("stack", STACKS)
def test_template_names_are_legal_on_every_system(stack: str) -> None:
    for path in (REPOSITORY / "blueprints" / stack).rglob("*"):
        assert not {*path.name} & {*'|":<>*?\\'}, path
        assert room_of_template(path.relative_to(REPOSITORY / "blueprints" / stack).as_posix())


def test_a_room_is_a_folder_with_a_manifest_and_a_line_in_copier_yml(templates: Path) -> None:
    room = templates / "blueprints/express-react/{{ when.mail }}"
    room.mkdir()
    (room / "blueprint.yml").write_text("id: mail\ntitle: Mail\nrequires: [base]\n")
    (room / "mail.ts.jinja").write_text("export const sender = '{{ project.name }}';\n")
    questions = templates / "copier.yml"
    questions.write_text(questions.read_text().replace('"docs",', '"docs", "mail",'))
    assert "mail" in {room.id for room in rooms_of(templates, "express-react")}
    files = {file.path: file for file in render(templates, answers(rooms={"base": True, "mail": True}))}
    assert files["mail.ts"].content == b"export const sender = 'todo';\n" and files["mail.ts"].room == "mail"
    assert "mail.ts" not in {file.path for file in render(templates, answers())}
