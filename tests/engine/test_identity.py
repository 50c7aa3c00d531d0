"""What is generated keeps its identity when it is renamed or moves, and a person's edits go with it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.blueprints import BlueprintError, rooms_of
from generator.folder.destination import Destination, Found
from generator.merging.changes import Action
from generator.report import outcome_data, summary
from tests.engine.copier_projects import git, tree
from tests.engine.living import LivingProject, actions, change_of
from tests.engine.samples import entity, operation

ITEM, THING = "server/src/models/item.model.ts", "server/src/models/thing.model.ts"
SERVICE = "server/src/services/board.service.ts"
STACK = "blueprints/express-react"
MODELS = "{% yield entity from each.models %}.{% endyield %}/server/src/models"
MODEL = f"{MODELS}/{{{{ entity.file }}}}.model.ts.jinja"
LIST = entity("List", "name")
RENAMED: dict[str, Any] = {
    "entities": [entity("Thing", "title"), LIST],
    "former": {"entity": {"Thing": ["Item"]}},
}


@pytest.fixture
def project(tmp_path: Path, templates: Path) -> LivingProject:
    living = LivingProject(tmp_path / "project", templates)
    living.generate()
    return living


def room(project: LivingProject, name: str) -> Path:
    return project.templates / STACK / f"{{{{ when.{name} }}}}"


def rename_template(project: LivingProject, name: str, old: str, new: str) -> None:
    folder = room(project, name)
    (folder / new).parent.mkdir(parents=True, exist_ok=True)
    (folder / old).rename(folder / new)
    with (folder / "blueprint.yml").open("a") as manifest:
        manifest.write(f"\nwas:\n  {new!r}: {old!r}\n")


def add_slot(project: LivingProject, line: str) -> None:
    project.edit(SERVICE, "  const hours = 0;\n", f"  const hours = 0;\n  {line}\n")


def test_a_renamed_entity_takes_its_files_and_their_edits_along(project: LivingProject) -> None:
    project.edit(ITEM, "id: string;", "id: string; // mine")
    forecast = project.forecast(**RENAMED)
    outcome = project.generate(**RENAMED)
    assert outcome == forecast
    change = change_of(outcome, THING)
    assert change.action is Action.MOVE and change.moved_from == ITEM and not change.pending
    assert not (project.folder / ITEM).exists()
    text = project.read(THING)
    assert "id: string; // mine" in text and "Thing" in text and "Item" not in text
    lines = summary(outcome, ())
    assert any("moved" in line for line in lines)
    data = {file["path"]: file for file in outcome_data(outcome, dry_run=True)["files"]}
    assert data[THING]["from"] == ITEM and data[ITEM]["to"] == THING
    assert project.generate(**RENAMED).writes == ()


def test_the_same_lines_are_a_conflict_at_the_new_path(project: LivingProject) -> None:
    project.edit(ITEM, "export interface ItemTable {", "export interface ItemTable extends Mine {")
    outcome = project.generate(**RENAMED)
    change = change_of(outcome, THING)
    assert change.action is Action.CONFLICT and change.moved_from == ITEM and change.versions
    assert "extends Mine" in project.read(THING) and not (project.folder / ITEM).exists()


def test_two_generations_of_names_are_followed(project: LivingProject) -> None:
    project.edit(ITEM, "id: string;", "id: string; // mine")
    former = {"entity": {"Matter": ["Thing", "Item"]}}
    outcome = project.generate(entities=[entity("Matter", "title"), LIST], former=former)
    path = "server/src/models/matter.model.ts"
    assert change_of(outcome, path).moved_from == ITEM and "// mine" in project.read(path)

    third = {"entity": {"Stuff": ["Matter", "Thing", "Item"]}}
    outcome = project.generate(entities=[entity("Stuff", "title"), LIST], former=third)
    assert change_of(outcome, "server/src/models/stuff.model.ts").moved_from == path
    assert "// mine" in project.read("server/src/models/stuff.model.ts")


def test_a_renamed_template_takes_the_edits_of_all_its_files_along(project: LivingProject) -> None:
    project.edit(ITEM, "id: string;", "id: string; // mine")
    new = MODEL.replace("src/models", "src/entities").replace(".model.ts", ".entity.ts")
    rename_template(project, "model", MODEL, new)
    outcome = project.generate()
    path = "server/src/entities/item.entity.ts"
    assert change_of(outcome, path).moved_from == ITEM
    assert "// mine" in project.read(path) and not (project.folder / ITEM).exists()
    assert change_of(outcome, "server/src/entities/list.entity.ts").action is Action.MOVE
    assert project.generate().writes == ()


def test_without_was_an_edited_file_stays_and_is_told(project: LivingProject) -> None:
    project.edit(ITEM, "id: string;", "id: string; // mine")
    outcome = project.generate(entities=[entity("Thing", "title"), LIST])
    assert change_of(outcome, ITEM).action is Action.ORPHANED and change_of(outcome, ITEM).is_open
    assert change_of(outcome, THING).action is Action.CREATE and "// mine" in project.read(ITEM)
    again = project.generate(entities=[entity("Thing", "title"), LIST])
    assert again.writes == () and not change_of(again, ITEM).is_open


def test_a_template_may_come_from_another_room(project: LivingProject) -> None:
    with (project.folder / "scripts/start.sh").open("a") as script:
        script.write("# mine\n")
    (room(project, "ci") / "bin").mkdir()
    (room(project, "base") / "scripts/start.sh").rename(room(project, "ci") / "bin/start.sh")
    with (room(project, "ci") / "blueprint.yml").open("a") as manifest:
        manifest.write("was:\n  bin/start.sh: '{{ when.base }}/scripts/start.sh'\n")
    project.generate()
    assert "# mine" in project.read("bin/start.sh") and not (project.folder / "scripts").exists()
    assert (project.folder / "bin/start.sh").stat().st_mode & 0o111


def test_paths_that_are_swapped_keep_each_their_edits(project: LivingProject) -> None:
    project.edit(ITEM, "title: string;", "title: string; // mine of item")
    project.edit("server/src/models/list.model.ts", "name: string;", "name: string; // mine of list")
    one, other = entity("Item", "title"), entity("List", "name")
    one["file"], other["file"] = other["file"], one["file"]
    outcome = project.generate(entities=[one, other])
    assert not any(change.pending for change in outcome.changes)
    assert "mine of list" in project.read(ITEM) and "mine of item" not in project.read(ITEM)
    assert "mine of item" in project.read("server/src/models/list.model.ts")
    assert project.generate(entities=[one, other]).writes == ()


@pytest.mark.parametrize("edited", [False, True])
def test_a_persons_file_at_the_new_path_stops_the_move_and_nothing_is_lost(
    project: LivingProject, edited: bool
) -> None:
    if edited:
        project.edit(ITEM, "id: string;", "id: string; // mine")
    (project.folder / THING).write_text("my own\n")
    before = project.read(ITEM)
    outcome = project.generate(**RENAMED)
    assert change_of(outcome, ITEM).is_open and change_of(outcome, THING).action is Action.COLLISION
    assert project.read(ITEM) == before and project.read(THING) == "my own\n"
    assert project.generate(**RENAMED).writes == ()
    (project.folder / THING).unlink()
    outcome = project.generate(**RENAMED)
    assert change_of(outcome, THING).moved_from == ITEM and ("// mine" in project.read(THING)) is edited


def test_names_that_differ_in_case_alone(project: LivingProject, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system that takes both names for one file, it is no collision."""
    project.edit(ITEM, "id: string;", "id: string; // mine")
    upper = {**entity("ITEM", "title"), "file": "Item"}
    path = "server/src/models/Item.model.ts"
    real = Destination.find

    def find(self: Destination, name: str) -> Found:
        return real(self, ITEM if name == path else name)

    with monkeypatch.context() as patched:
        patched.setattr(Destination, "find", find)
        patched.setattr(Destination, "is_one", lambda _, one, other: one.casefold() == other.casefold())
        outcome = project.forecast(entities=[upper, LIST], former={"entity": {"ITEM": ["Item"]}})
    change = change_of(outcome, path)
    assert change.action is Action.MOVE and change.before is None and b"// mine" in (change.after or b"")
    assert change_of(outcome, ITEM).action is Action.DELETE


def test_a_slot_that_moves_to_another_file_keeps_its_body(project: LivingProject) -> None:
    add_slot(project, "// mine")
    inner = [operation("plan", ["return 1;"])]
    moved = [operation("workload", ["const hours = 9;", "return hours;"], "board.workload")]
    services = [
        {"name": name, "file": name, "slotted": True, "offered": True, "operations": operations}
        for name, operations in (("board", inner), ("times", moved))
    ]
    outcome = project.generate(services=services)
    assert "// mine" in project.read("server/src/services/times.service.ts")
    assert "// mine" not in project.read(SERVICE)
    assert {slot.id: slot.state for slot in outcome.slots}["board.workload"] == "filled"
    only = [services[1]]
    assert actions(project.generate(services=only))[SERVICE] is Action.DELETE
    assert project.generate(services=only).writes == ()


def test_a_slot_whose_new_home_cannot_be_written_stays_where_it_is(project: LivingProject) -> None:
    add_slot(project, "// mine")
    (project.folder / "server/src/services/times.service.ts").write_text("my own\n")
    moved = [operation("workload", ["return 9;"], "board.workload")]
    services = [{"name": "times", "file": "times", "slotted": True, "offered": True, "operations": moved}]
    outcome = project.generate(services=services)
    assert "// mine" in project.read(SERVICE) and change_of(outcome, SERVICE).is_open


def test_a_renamed_operation_keeps_the_body_of_its_slot(project: LivingProject) -> None:
    add_slot(project, "// mine")
    operations = [operation("hours", ["const hours = 9;", "return hours;"], "desk.hours")]
    services = [{"name": "desk", "file": "desk", "slotted": True, "offered": True, "operations": operations}]
    former = {
        "service": {"desk": ["board"]},
        "operation": {"desk.hours": ["desk.workload", "board.workload"]},
    }
    outcome = project.generate(services=services, former=former)
    text = project.read("server/src/services/desk.service.ts")
    assert "// mine" in text and "// slot: desk.hours" in text and "board.workload" not in text
    assert not (project.folder / SERVICE).exists()
    assert {slot.id: slot.by for slot in outcome.slots} == {"desk.hours": "person"}
    assert project.generate(services=services, former=former).writes == ()


def test_what_a_person_moved_is_followed_and_noted(project: LivingProject) -> None:
    project.edit(ITEM, "id: string;", "id: string; // mine")
    (project.folder / "mine").mkdir()
    (project.folder / ITEM).rename(project.folder / "mine/item.ts")
    assert "mine/item.ts" in {change.path for change in project.generate().changes}
    assert '"at": "mine/item.ts"' in project.read(".specwright/lock.json")
    wider = [entity("Item", "title", "due_on"), LIST]
    outcome = project.generate(entities=wider)
    text = project.read("mine/item.ts")
    assert "// mine" in text and "due_on" in text and not (project.folder / ITEM).exists()
    assert change_of(outcome, "mine/item.ts").action is Action.MERGE
    assert project.generate(entities=wider).writes == ()
    outcome = project.generate(entities=[LIST])
    assert change_of(outcome, "mine/item.ts").is_open and "// mine" in project.read("mine/item.ts")


@pytest.mark.parametrize("repository", [False, True])
def test_a_folder_that_a_person_moved_is_followed_file_by_file(
    project: LivingProject, repository: bool
) -> None:
    if repository:
        git("init", "-q", cwd=project.folder)
    (project.folder / "server").rename(project.folder / "backend")
    outcome = project.generate()
    assert not any(change.action in (Action.REMOVED, Action.CREATE) for change in outcome.changes)
    assert project.generate().writes == () and not (project.folder / "server").exists()
    project.generate(entities=[entity("Item", "title", "due_on"), LIST])
    assert "due_on" in project.read("backend/src/models/item.model.ts")


def test_a_copy_of_a_file_that_is_still_there_is_no_move(project: LivingProject) -> None:
    (project.folder / "server/src/models/list.model.ts").unlink()
    copy = project.read(ITEM).replace("title", "headline")
    (project.folder / "server/src/models/headline.model.ts").write_text(copy)
    outcome = project.generate()
    assert change_of(outcome, "server/src/models/list.model.ts").action is Action.REMOVED
    assert project.read("server/src/models/headline.model.ts") == copy


def test_what_a_person_moved_to_where_it_is_generated_now_is_there(project: LivingProject) -> None:
    project.edit(ITEM, "id: string;", "id: string; // mine")
    (project.folder / ITEM).rename(project.folder / THING)
    outcome = project.generate(**RENAMED)
    assert "// mine" in project.read(THING) and not change_of(outcome, THING).pending
    assert '"at"' not in project.read(".specwright/lock.json")


def test_a_file_that_git_ignores_is_written_again(project: LivingProject) -> None:
    git("init", "-q", cwd=project.folder)
    with (project.folder / ".gitignore").open("a") as ignore:
        ignore.write("logo.png\n")
    (project.folder / "logo.png").unlink()
    assert actions(project.generate())["logo.png"] is Action.CREATE


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("was:\n  nothing.md: old.md\n", "which is no template of this room"),
        ("was:\n  README.md.jinja: .gitignore\n", "which is a template now"),
        ("was: [a]\n", "must be a mapping"),
        ("was:\n  README.md.jinja: old.md\n  .gitignore: old.md\n", "both say that they were"),
    ],
)
def test_was_of_a_manifest_is_checked(templates: Path, stated: str, message: str) -> None:
    manifest = templates / STACK / "{{ when.base }}/blueprint.yml"
    manifest.write_text(manifest.read_text() + stated)
    with pytest.raises(BlueprintError, match=message):
        rooms_of(templates, "express-react")


def test_a_lost_lock_forgets_no_name(project: LivingProject) -> None:
    project.edit(ITEM, "id: string;", "id: string; // mine")
    shutil.rmtree(project.folder / ".specwright")
    before = tree(project.folder)
    outcome = project.generate(**RENAMED)
    assert "// mine" in project.read(THING) and change_of(outcome, THING).moved_from == ITEM
    assert ITEM in before and ITEM not in tree(project.folder)
