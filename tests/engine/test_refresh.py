"""A project over its life: generated, edited, generated again. No byte that a person wrote is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.blueprints import rooms_of
from generator.folder.disk import Disk
from generator.merging import merge
from generator.merging.merge import Action
from generator.problems import PlanProblems
from generator.recording import RELEASE
from generator.report import differences, file_list, outcome_data, summary
from tests.engine.copier_projects import tree
from tests.engine.living import LivingProject, actions, change_of
from tests.engine.samples import entity, operation

SERVICE = "server/src/services/board.service.ts"
ITEM = "server/src/models/item.model.ts"


@pytest.fixture
def project(tmp_path: Path, templates: Path) -> LivingProject:
    return LivingProject(tmp_path / "project", templates)


def board(*bodies: str, **more: Any) -> list[dict[str, Any]]:
    operations = [
        operation(f"op{number}", [body], f"board.op{number}", **more) for number, body in enumerate(bodies)
    ]
    return [{"name": "board", "file": "board", "slotted": True, "offered": True, "operations": operations}]


def test_a_second_run_writes_nothing_and_does_not_render(
    project: LivingProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.generate()
    before = tree(project.folder)
    monkeypatch.setattr("generator.render.render", lambda *_: pytest.fail("rendered"))
    again = project.generate()
    assert again.writes == () and tree(project.folder) == before
    assert "Nothing has changed" in summary(again, ())[0]
    assert (project.folder / "scripts/start.sh").stat().st_mode & 0o111 == 0o111


def test_a_changed_template_is_seen(project: LivingProject) -> None:
    project.generate()
    (project.templates / "blueprints/express-react/{{ when.base }}/scripts/start.sh").write_text("new\n")
    assert actions(project.generate()) == {"scripts/start.sh": Action.UPDATE}
    assert project.read("scripts/start.sh") == "new\n"


def test_only_what_changed_is_rewritten(project: LivingProject) -> None:
    project.generate()
    times = {path: (project.folder / path).stat().st_mtime_ns for path in tree(project.folder)}
    outcome = project.generate(entities=[entity("Item", "title", "due_on"), entity("List", "name")])
    assert actions(outcome) == {ITEM: Action.UPDATE, ".copier-answers.yml": Action.UPDATE}
    touched = {path for path, time in times.items() if (project.folder / path).stat().st_mtime_ns != time}
    assert touched == {ITEM, ".copier-answers.yml", ".specwright/lock.json"}
    assert "due_on: string" in project.read(ITEM)


def test_what_is_no_longer_generated_goes_with_its_empty_folder(project: LivingProject) -> None:
    project.generate()
    outcome = project.generate(rooms={"base": True})
    assert actions(outcome)[ITEM] is Action.DELETE
    assert not (project.folder / "server").exists()
    assert project.generate(rooms={"base": True}).writes == ()


WIDER = [entity("Item", "title", "due_on"), entity("List", "name")]


def test_what_is_new_is_merged_into_an_edited_file(project: LivingProject) -> None:
    project.generate()
    project.edit(ITEM, "export interface", "// Mine.\nexport interface")
    same = project.generate()
    assert change_of(same, ITEM).action is Action.EDITED and not change_of(same, ITEM).pending
    assert f"Edited by you, and nothing new for them: {ITEM}" in summary(same, ())
    outcome = project.generate(entities=WIDER)
    assert actions(outcome)[ITEM] is Action.MERGE and not change_of(outcome, ITEM).pending
    text = project.read(ITEM)
    assert "// Mine.\nexport interface" in text and "due_on: string" in text
    assert project.generate(entities=WIDER).writes == ()
    project.edit(ITEM, "// Mine.\n", "")
    assert project.generate(entities=WIDER).writes == ()
    assert change_of(project.generate(entities=WIDER), ITEM).action is Action.UNCHANGED


def test_only_a_file_that_is_generated_otherwise_now_is_merged(
    project: LivingProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.generate()
    edited = [path for path in tree(project.folder) if path.endswith((".ts", ".md", ".json"))]
    edited = [path for path in edited if not path.startswith(".specwright")]
    for path in edited:
        (project.folder / path).write_text(f"{project.read(path)}\n")
    merged = []
    plain = merge.merge_three
    monkeypatch.setattr(merge, "merge_three", lambda path, *texts: merged.append(path) or plain(path, *texts))
    project.generate()
    assert merged == [] and len(edited) > 3
    project.generate(entities=WIDER)
    assert merged == [ITEM]


def test_where_both_changed_the_same_lines_both_stand_between_markers(project: LivingProject) -> None:
    project.generate()
    project.edit(ITEM, "title: string", "title: Title")
    outcome = project.generate(entities=[entity("Item", "headline"), entity("List", "name")])
    change = change_of(outcome, ITEM)
    assert change.action is Action.CONFLICT and change.pending
    text = project.read(ITEM)
    assert text.count("<<<<<<< yours") == 1 and "title: Title" in text and "headline: string" in text
    assert f"  {ITEM}: you and the plan changed the same lines in one place" in summary(outcome, ())


def test_without_what_was_generated_last_an_edited_file_is_kept(project: LivingProject) -> None:
    project.generate()
    project.edit(ITEM, "title: string", "title: Title")
    project.edit(".copier-answers.yml", f"_commit: {RELEASE}", "_commit: v0.0.0+other")
    outcome = project.generate(entities=WIDER)
    assert change_of(outcome, ITEM).pending and "due_on" not in project.read(ITEM)
    assert f"  {ITEM}: edited by you; what is new in it did not arrive" in summary(outcome, ())
    project.edit(ITEM, "title: Title", "title: string")
    assert actions(project.generate(entities=WIDER))[ITEM] is Action.UPDATE


def test_an_edited_file_that_is_no_longer_generated_stays_and_stays_known(project: LivingProject) -> None:
    project.generate()
    project.edit(ITEM, "title", "name")
    only_list = [entity("List", "name")]
    for _ in range(2):
        assert actions(project.generate(entities=only_list))[ITEM] is Action.ORPHANED
    assert "name: string" in project.read(ITEM)
    assert change_of(project.generate(), ITEM).action is Action.EDITED


def test_a_deleted_file_stays_deleted_until_it_is_asked_for(project: LivingProject) -> None:
    project.generate()
    (project.folder / ITEM).unlink()
    outcome = project.generate()
    assert actions(outcome) == {ITEM: Action.REMOVED} and not change_of(outcome, ITEM).is_open
    assert any(f"specwright restore {ITEM}" in line for line in summary(outcome, ()))
    assert project.generate().writes == ()

    told = project.generate(entities=WIDER)
    assert change_of(told, ITEM).is_open and not (project.folder / ITEM).exists()
    assert "you deleted it, and it is generated otherwise now" in change_of(told, ITEM).note
    again = project.generate(entities=WIDER)
    assert again.writes == () and not change_of(again, ITEM).is_open

    (project.folder / ITEM).write_text("mine\n")
    assert change_of(project.generate(entities=WIDER), ITEM).action is Action.EDITED
    assert project.read(ITEM) == "mine\n"


def test_where_nothing_is_left_all_is_generated_anew(project: LivingProject) -> None:
    project.generate()
    for path in tree(project.folder):
        if not path.startswith((".specwright", ".copier")):
            (project.folder / path).unlink()
    assert {*actions(project.generate()).values()} == {Action.CREATE}


def test_files_that_were_never_ours_are_kept_and_known_kinds_are_brought_together(
    project: LivingProject,
) -> None:
    mine = {
        "README.md": "mine\n",
        ".gitignore": "secret\n",
        "package.json": '{"name": "mine"}\n',
        ".env.example": "A=1\n",
        "logo.png": "",
        "other.txt": "x",
    }
    for path, text in mine.items():
        (project.folder / path).write_text(text)
    outcome = project.generate()
    kept = {path for path, action in actions(outcome).items() if action is Action.COLLISION}
    assert kept == {"README.md", "logo.png"}
    for path in ("README.md", "logo.png", "other.txt"):
        assert project.read(path) == mine[path]
    assert project.read(".gitignore") == "secret\nnode_modules/\n.data/\n"
    assert project.read(".env.example") == "A=1\n# Where the server listens\nPORT=3000\n"
    assert json.loads(project.read("package.json"))["name"] == "mine"
    again = project.generate()
    assert again.writes == () and {*actions(again)} == kept
    assert "README.md" not in json.loads(project.read(".specwright/lock.json"))["files"]
    (project.folder / "README.md").unlink()
    assert actions(project.generate())["README.md"] is Action.CREATE


def test_shared_files_keep_growing_and_are_never_removed(project: LivingProject) -> None:
    (project.folder / ".gitignore").write_text("secret\n")
    project.generate()
    ignore = project.templates / "blueprints/express-react/{{ when.base }}/.gitignore"
    ignore.write_text("node_modules/\n.cache/\n")
    assert actions(project.generate()) == {".gitignore": Action.MERGE}
    assert project.read(".gitignore") == "secret\nnode_modules/\n.data/\n.cache/\n"
    ignore.unlink()
    assert actions(project.generate()) == {".gitignore": Action.ORPHANED}
    assert project.read(".gitignore").startswith("secret\n")


def test_an_equal_file_that_was_here_before_becomes_ours(project: LivingProject) -> None:
    project.generate()
    shutil.rmtree(project.folder / ".specwright")
    (project.folder / ".copier-answers.yml").unlink()
    outcome = project.generate()
    assert actions(outcome) == {".copier-answers.yml": Action.CREATE}
    assert project.generate().writes == ()


def test_a_lost_lock_is_built_anew_from_the_recorded_answers(project: LivingProject) -> None:
    project.generate()
    project.edit(ITEM, "title", "name")
    project.edit(SERVICE, "const hours = 0;", "const hours = 1;")
    shutil.rmtree(project.folder / ".specwright")
    outcome = project.generate(entities=[entity("Item", "title"), entity("List", "name", "colour")])
    assert change_of(outcome, ITEM).action is Action.EDITED
    assert actions(outcome)["server/src/models/list.model.ts"] is Action.UPDATE
    assert {slot.id: slot.state for slot in outcome.slots} == {
        "board.suggest": "fallback",
        "board.workload": "filled",
    }


def test_a_damaged_lock_costs_what_is_damaged_alone(project: LivingProject) -> None:
    project.generate()
    lock = project.folder / ".specwright/lock.json"
    whole = lock.read_bytes()
    lines = lock.read_text().splitlines()
    lines[5:5] = ["<<<<<<< ours", lines[5], "=======", ">>>>>>> theirs"]
    lock.write_text("\n".join(lines))
    (project.folder / ".copier-answers.yml").write_text("<<<<<<< ours\n")
    assert actions(project.generate()) == {".copier-answers.yml": Action.UPDATE}
    assert lock.read_bytes() == whole


def test_another_templates_project_is_not_touched(project: LivingProject) -> None:
    (project.folder / ".copier-answers.yml").write_text("_src_path: https://example.com/other.git\n")
    with pytest.raises(PlanProblems, match="another template"):
        project.generate()
    assert [*tree(project.folder)] == [".copier-answers.yml"]


def test_a_body_that_somebody_wrote_moves_into_the_new_version_of_its_file(project: LivingProject) -> None:
    project.generate(services=board("return 0;", "return 1;"))
    project.edit(SERVICE, "  return 1;\n", "  const mine = 2;\n\n  return mine; // {{ é }}\n")
    filled = project.generate(services=board("return 0;", "return 1;"))
    assert [*actions(filled)] == [] and [write.path for write in filled.writes] == [".specwright/slots.yml"]
    outcome = project.generate(services=board("return 10;", "return 11;", "return 12;"))
    assert actions(outcome)[SERVICE] is Action.UPDATE
    text = project.read(SERVICE)
    assert "const mine = 2;\n\n  return mine; // {{ é }}\n" in text
    assert "return 10;" in text and "return 12;" in text and "return 11;" not in text
    states = {slot.id: (slot.state, slot.by) for slot in outcome.slots}
    assert states["board.op0"] == ("fallback", "fallback") and states["board.op1"] == ("filled", "person")
    stale = project.generate(services=board("return 10;", "return 11;", "return 12;", output_type="Other"))
    assert {slot.id: slot.state for slot in stale.slots}["board.op1"] == "stale"
    assert any("board.op1 is stale" in line for line in summary(stale, ()))


def test_a_filled_slot_that_the_plan_drops_is_kept_with_its_file(project: LivingProject) -> None:
    project.generate(services=board("return 0;", "return 1;"))
    project.edit(SERVICE, "return 1;", "return 2;")
    outcome = project.generate(services=board("return 0;"))
    assert change_of(outcome, SERVICE).pending and "return 2;" in project.read(SERVICE)
    assert {slot.id: slot.state for slot in outcome.slots}["board.op1"] == "orphaned"
    gone = project.generate(services=[])
    assert actions(gone)[SERVICE] is Action.ORPHANED and "return 2;" in project.read(SERVICE)


def test_a_deleted_marker_keeps_the_file_as_the_person_left_it(project: LivingProject) -> None:
    project.generate(services=board("return 0;"))
    project.edit(SERVICE, "  // end slot: board.op0\n", "")
    outcome = project.generate(services=board("return 1;"))
    assert change_of(outcome, SERVICE).action is Action.EDITED and "return 0;" in project.read(SERVICE)


def test_line_ends_that_a_checkout_turned_are_no_edit_and_stay(project: LivingProject) -> None:
    project.generate()
    path = project.folder / ITEM
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert actions(project.generate()) == {}
    project.generate(entities=[entity("Item", "title", "due_on"), entity("List", "name")])
    text = path.read_bytes()
    assert b"due_on: string;\r\n" in text and text.count(b"\n") == text.count(b"\r\n")


def test_links_are_never_followed_out_of_the_project(project: LivingProject, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "src").mkdir(parents=True)
    (project.folder / "server").symlink_to(outside)
    (outside / "target.md").write_text("mine")
    (project.folder / "README.md").symlink_to(outside / "target.md")
    (project.folder / "logo.png").mkdir()
    (project.folder / "scripts").write_text("a file")
    outcome = project.generate()
    kept = {change.path: change.note for change in outcome.changes if change.action is Action.COLLISION}
    assert kept["README.md"] == "a link stands in its place"
    assert kept[ITEM] == "server is a link that leaves the project"
    assert kept["scripts/start.sh"] == "scripts is not a folder" and "logo.png" in kept
    assert [*tree(outside)] == ["target.md"] and (outside / "target.md").read_text() == "mine"


def test_state_is_not_kept_outside_of_the_project(project: LivingProject, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (project.folder / ".specwright").symlink_to(outside)
    with pytest.raises(PlanProblems, match=r"\.specwright is a link that leaves the project"):
        project.generate()
    assert [*outside.iterdir()] == []


def test_a_link_that_stays_inside_is_followed(project: LivingProject) -> None:
    (project.folder / "backend").mkdir()
    (project.folder / "server").symlink_to("backend")
    project.generate()
    assert (project.folder / "backend/src/models/item.model.ts").is_file()


def test_nothing_is_written_where_staging_fails(
    project: LivingProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.generate()
    before = tree(project.folder)
    real = Disk.write
    written: list[str] = []

    def full(disk: Disk, path: str, content: bytes, mode: int | None = None) -> None:
        written.append(path)
        if len(written) == 3:
            raise OSError(28, "No space left on device", path)
        real(disk, path, content, mode)

    monkeypatch.setattr(Disk, "write", full)
    with pytest.raises(OSError, match="No space left"):
        project.generate(entities=[entity("Item", "other"), entity("List", "other")])
    assert tree(project.folder) == before


def test_a_forecast_writes_nothing_and_shows_diffs(project: LivingProject) -> None:
    project.generate()
    before = tree(project.folder)
    outcome = project.forecast(entities=[entity("Item", "due_on")], rooms={"base": True, "model": True})
    assert tree(project.folder) == before
    text = "\n".join(differences(outcome.changes))
    assert "-  title: string;\n+  due_on: string;" in text
    assert "--- a/server/src/models/list.model.ts\n+++ /dev/null" in text
    assert f"~ {ITEM}" in file_list(outcome.changes) and f"- {SERVICE}" in file_list(outcome.changes)
    data = outcome_data(outcome, dry_run=True)
    item = next(file for file in data["files"] if file["path"] == ITEM)
    assert "+  due_on: string;" in item["diff"] and item["derived"] and item["element"] == "entity:Item"
    json.dumps(data)


def test_the_summary_groups_by_room_and_names_the_next_command(project: LivingProject) -> None:
    lines = summary(project.forecast(), rooms_of(project.templates, "express-react"))
    assert lines[0].split()[:4] == ["base", "8", "to", "read"]
    assert any(line.startswith("model      2 to read, 2 derived") for line in lines)
    assert "  board.suggest in server/src/services/board.service.ts" in lines
    assert lines[-1] == "Next: npm ci && npm test"
