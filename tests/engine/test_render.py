"""Rendering in memory: provenance, and failures that name the template."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator.recording import model_json, read_recorded
from generator.render import render
from generator.rendered import RenderedFile, RenderError
from tests.engine.conftest import REPOSITORY
from tests.engine.samples import answers, entity

MODEL = "{{ when.model }}/{% yield entity from each.models %}.{% endyield %}/server/src/models"


def by_path(templates: Path, **changes: object) -> dict[str, RenderedFile]:
    return {file.path: file for file in render(templates, answers(**changes))}


def stack(templates: Path) -> Path:
    return templates / "blueprints/express-react"


def test_every_file_says_where_it_comes_from(templates: Path) -> None:
    files = by_path(templates)
    item = files["server/src/models/item.model.ts"]
    assert (item.room, item.element) == ("model", "entity:Item")
    assert item.template == f"{MODEL}/{{{{ entity.file }}}}.model.ts.jinja"
    assert files["scripts/start.sh"].executable and not item.executable
    assert files["logo.png"].content.startswith(b"\x89PNG")
    assert files[".copier-answers.yml"].room == "base"
    assert list(files) == sorted(files)
    assert not any(path.endswith("blueprint.yml") for path in files)


def test_a_closed_gate_renders_nothing(templates: Path) -> None:
    files = by_path(templates, rooms={"base": True, "model": False})
    assert {file.room for file in files.values()} == {"base"}


@pytest.mark.parametrize(
    ("place", "text", "message"),
    [
        ("{{ when.base }}/bad.ts.jinja", "a\n{{ entities[0].nome }}\n", r"bad.ts.jinja:2: .*nome"),
        ("{{ when.base }}/bad.ts.jinja", "a\nb\n{% if %}\n", r"bad.ts.jinja:3"),
        ("{{ when.base }}/bad.ts.jinja", "{% yield x from entities %}{% endyield %}", "cannot yield"),
        (f"{MODEL}/{{{{ entity.nome }}}}.ts.jinja", "", r"entity.nome.*: .*nome"),
        (f"{MODEL}/bad.ts.jinja", "{{ entity.nome }}", r"bad.ts.jinja:1 for entity:Item: .*nome"),
        ("{{ when.base }}/{% yield x from entities %}{{ x.nome }}{% endyield %}.ts", "", "nome"),
        ("{{ when.base }}/{% yield x from nothing %}{{ x }}{% endyield %}.ts", "", "nothing"),
        ("{{ when.base }}/server/src/models/item.model.ts", "", "both write server/src/models/item.model.ts"),
        ("{{ when.base }}/{{ '..' }}/out.ts", "", "leaves the project"),
        ("{{ when.unknown }}/a.ts", "", "unknown"),
    ],
)
def test_a_failing_template_is_named(templates: Path, place: str, text: str, message: str) -> None:
    path = stack(templates) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    with pytest.raises(RenderError, match=message):
        render(templates, answers())


def test_a_value_that_yields_a_hostile_path_is_refused(templates: Path) -> None:
    hostile = entity("Item")
    hostile["file"] = "../../../etc/passwd"
    with pytest.raises(RenderError, match="leaves the project"):
        render(templates, answers(entities=[hostile]))


@pytest.mark.parametrize(
    ("files", "message"),
    [(("item", "Item"), "differ in case alone"), (("x", "x.model.ts/y"), "the folder of")],
)
def test_paths_that_cannot_stand_beside_each_other_are_refused(
    templates: Path, files: tuple[str, str], message: str
) -> None:
    entities = [entity(f"E{number}") | {"file": file} for number, file in enumerate(files)]
    with pytest.raises(RenderError, match=message):
        render(templates, answers(entities=entities))


def test_without_a_model_copier_says_what_to_do(templates: Path) -> None:
    from generator.render import render_recorded

    with pytest.raises(RenderError, match="specwright generate"):
        render_recorded(templates, {"stack": "express-react"})


def test_rooms_loop_over_what_was_chosen_or_over_everything(templates: Path) -> None:
    item, other = "server/src/models/item.model.ts", "server/src/models/list.model.ts"
    assert {item, other} <= {*by_path(templates)}
    assert {item, other} & {*by_path(templates, chosen={"model": ["List"]})} == {other}
    assert {item, other} & {*by_path(templates, chosen={"model": []})} == set()


@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_place_locale_and_hash_seed_render_the_same(
    templates: Path, tmp_path: Path, seed: str
) -> None:
    script = (
        "import hashlib, sys; from pathlib import Path; from generator.render import render;"
        "from tests.engine.samples import answers;"
        "print(hashlib.sha256(repr(render(Path(sys.argv[1]), answers())).encode()).hexdigest())"
    )
    environment = {
        "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY), "LC_ALL": "C" if seed == "0" else "C.UTF-8",
        "TZ": "Pacific/Apia" if seed == "0" else "UTC", "HOME": str(tmp_path),
    }  # fmt: skip
    command = [sys.executable, "-c", script, str(templates)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    import hashlib

    assert done.stdout.strip() == hashlib.sha256(repr(render(templates, answers())).encode()).hexdigest()


def test_the_recorded_answers_read_back_and_have_one_line_for_each_key(templates: Path) -> None:
    given = answers(chosen={"model": ["Item"], "service": [{"name": "board"}], "test": [{"id": "AC-1"}]})
    text = by_path(templates, chosen=given["chosen"])[".copier-answers.yml"].content.decode()
    recorded = read_recorded(text)
    assert recorded is not None
    assert recorded.answers["model_json"] == model_json(given)
    assert recorded.answers["project_name"] == "todo"
    assert recorded.chosen == {"model": ["Item"], "service": ["board"], "test": ["AC-1"]}
    assert len(model_json(given).splitlines()) == len(given) + 2
    assert read_recorded("nothing: of ours\n") is None
