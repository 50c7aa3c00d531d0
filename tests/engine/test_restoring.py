"""`restore`, `own` and `eject`, and rooms that are taken out and put back: nothing of a person's is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.engine import processes
from tests.engine.copier_projects import tree
from tests.engine.plans import BOARD, ITEM, LIST, PLAN, WIDER, filled

CHECK = ".github/workflows/check.yml"
ASIDE = ".specwright/cache/aside"


@pytest.fixture
def folder(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(templates))
    return processes.generated(tmp_path / "todo", PLAN)


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    found, said, _ = processes.run(folder, *arguments)
    assert found == code, said
    return said


def prepend(path: Path, line: str) -> str:
    text = line + path.read_text()
    path.write_text(text)
    return text


def test_a_file_is_as_generated_again_and_what_stood_there_is_put_aside(folder: Path) -> None:
    before = tree(folder)
    mine = prepend(folder / ITEM, "// mine\n")
    said = run(folder, "restore", ITEM, LIST)
    assert said == (
        f"Restored: {ITEM}; what stood there is now {ASIDE}/{ITEM}\nAs generated already: {LIST}\n"
    )
    assert (folder / ASIDE / ITEM).read_text() == mine and tree(folder) == before
    other = prepend(folder / ITEM, "// other\n")
    assert f"{ASIDE}/{ITEM}.2" in run(folder, "restore", ITEM)
    assert (folder / ASIDE / ITEM).read_text() == mine
    assert (folder / f"{ASIDE}/{ITEM}.2").read_text() == other
    assert run(folder, "generate").startswith("Nothing has changed")


def test_bodies_of_slots_stay_unless_they_are_to_go(folder: Path) -> None:
    text = filled((folder / BOARD).read_text(), "board.next", "  return 7;\n")
    (folder / BOARD).write_text("// mine\n" + text)
    run(folder, "restore", BOARD)
    assert (folder / BOARD).read_text() == text
    data = json.loads(run(folder, "restore", BOARD, "--slots", "--json"))
    assert data["restored"] == [{"path": BOARD, "aside": f"{ASIDE}/{BOARD}.2"}]
    assert "return 7" not in (folder / BOARD).read_text()
    assert "return 7" in (folder / f"{ASIDE}/{BOARD}.2").read_text()
    slots = json.loads(run(folder, "verify", "--json"))["slots"]
    assert {slot["state"] for slot in slots} == {"fallback"}


def test_a_deleted_file_and_one_with_broken_markers_come_back(folder: Path) -> None:
    before = tree(folder)
    (folder / LIST).unlink()
    (folder / BOARD).write_text((folder / BOARD).read_text().replace("  // end slot: board.next\n", ""))
    run(folder, "restore", LIST, f"./{BOARD}")
    assert tree(folder) == before


def test_the_lock_may_be_lost(folder: Path) -> None:
    before = (folder / ITEM).read_bytes()
    prepend(folder / ITEM, "// mine\n")
    (folder / ".specwright/lock.json").unlink()
    run(folder, "restore", ITEM)
    assert (folder / ITEM).read_bytes() == before


def test_what_is_not_generated_cannot_be_restored_or_owned(folder: Path) -> None:
    (folder / "mine.ts").write_text("mine\n")
    before = tree(folder)
    wrong = ITEM.replace("item", "itme")
    assert f"{wrong} is not generated. Did you mean" in run(folder, "restore", wrong, code=1)
    assert "mine.ts is not generated" in run(folder, "own", "mine.ts", code=1)
    assert f"{ITEM} is not owned" in run(folder, "own", "--return", ITEM, code=1)
    assert "is not generated" in run(folder, "restore", "../outside", code=1)
    assert tree(folder) == before


def test_an_owned_file_is_left_alone_and_says_what_it_misses(folder: Path) -> None:
    run(folder, "own", str(folder / ITEM))
    mine = prepend(folder / ITEM, "// mine\n")
    assert run(folder, "own") == f"Yours: {ITEM}\n"
    assert "what is generated for it has changed" not in run(folder, "generate")
    (folder / "plan.yaml").write_text(WIDER)
    for _ in range(2):
        said = run(folder, "generate")
        assert f"{ITEM}: yours; what is generated for it has changed since you took it over" in said
        assert (folder / ITEM).read_text() == mine
    data = json.loads(run(folder, "verify", "--json", "--diff", "--edits", "slots-only"))
    owned = next(file for file in data["files"] if file["path"] == ITEM)
    assert owned["state"] == "owned" and "+  due_on: string;" in owned["diff"] and data["ok"]
    assert f"{ITEM} is yours. Give it back first" in run(folder, "restore", ITEM, code=1)


def test_an_owned_file_may_be_deleted_and_outlives_its_entity(folder: Path) -> None:
    run(folder, "own", LIST, ITEM)
    (folder / LIST).unlink()
    run(folder, "generate")
    assert not (folder / LIST).exists()
    (folder / "plan.yaml").write_text("specwright: 1\nproject: todo\nstack: express-react\n")
    run(folder, "generate")
    assert (folder / ITEM).exists()


def test_a_lost_lock_does_not_forget_who_owns_what(folder: Path) -> None:
    run(folder, "own", ITEM)
    mine = prepend(folder / ITEM, "// mine\n")
    (folder / ".specwright/lock.json").unlink()
    (folder / ".copier-answers.yml").unlink()
    (folder / "plan.yaml").write_text(WIDER)
    run(folder, "generate")
    assert (folder / ITEM).read_text() == mine


def test_an_owned_file_stays_the_only_one_when_its_template_moves(folder: Path, templates: Path) -> None:
    run(folder, "own", ITEM)
    mine = prepend(folder / ITEM, "// mine\n")
    moves_models(templates)
    for _ in range(2):
        run(folder, "generate")
        assert (folder / ITEM).read_text() == mine and not (
            folder / ITEM.replace("models", "tables")
        ).exists()
    assert (folder / LIST.replace("models", "tables")).exists() and not (folder / LIST).exists()
    found = {file["path"]: file["state"] for file in json.loads(run(folder, "verify", "--json"))["files"]}
    assert found[ITEM] == "owned"
    run(folder, "own", "--return", ITEM)
    (folder / "plan.yaml").write_text(WIDER)
    run(folder, "generate")
    assert "// mine" in (folder / ITEM).read_text() and "due_on" in (folder / ITEM).read_text()


def moves_models(templates: Path) -> None:
    """The templates of models move to another folder, as their manifest says."""
    (template,) = templates.rglob("*.model.ts.jinja")
    room = next(parent for parent in template.parents if (parent / "blueprint.yml").exists())
    moved = template.parent.with_name("tables") / template.name
    moved.parent.mkdir()
    template.rename(moved)
    names = [path.relative_to(room).as_posix() for path in (moved, template)]
    manifest = room / "blueprint.yml"
    manifest.write_text(f'{manifest.read_text()}was:\n  "{names[0]}": "{names[1]}"\n')


def test_a_file_that_was_moved_is_owned_where_it_stands(folder: Path) -> None:
    moved = "server/src/item.ts"
    (folder / ITEM).rename(folder / moved)
    run(folder, "generate")
    assert run(folder, "own", ITEM) == run(folder, "own", moved) == f"Yours: {moved}\n"
    mine = prepend(folder / moved, "// mine\n")
    (folder / "plan.yaml").write_text(WIDER)
    assert f"{moved}: yours; what is generated for it has changed" in run(folder, "generate")
    assert (folder / moved).read_text() == mine and not (folder / ITEM).exists()
    (folder / moved).rename(folder / "item.ts")
    run(folder, "generate")
    assert (folder / "item.ts").read_text() == mine and not (folder / ITEM).exists()


def test_an_owned_file_is_given_back(folder: Path) -> None:
    run(folder, "own", ITEM)
    prepend(folder / ITEM, "// mine\n")
    run(folder, "generate")
    assert run(folder, "own", "--return", ITEM) == "No file is yours; all are managed.\n"
    assert not (folder / ".specwright/owned").exists()
    (folder / "plan.yaml").write_text(WIDER)
    assert "1 merged" in run(folder, "generate")
    assert "// mine\n" in (folder / ITEM).read_text() and "due_on" in (folder / ITEM).read_text()


def test_two_branches_that_own_files_own_both(folder: Path) -> None:
    run(folder, "own", ITEM)
    ours = (folder / ".specwright/owned").read_text().splitlines()
    run(folder, "own", "--return", ITEM)
    run(folder, "own", LIST)
    theirs = (folder / ".specwright/owned").read_text().splitlines()
    merged = [ours[0], "<<<<<<< HEAD", ours[1], "=======", theirs[1], ">>>>>>> other", ""]
    (folder / ".specwright/owned").write_text("\n".join(merged))
    assert json.loads(run(folder, "own", "--json"))["owned"] == sorted([ITEM, LIST])


def test_a_room_is_taken_out_and_put_back_on_an_edited_project(folder: Path) -> None:
    before = tree(folder)
    without = f"{PLAN}rooms:\n  without: [ci]\n"
    (folder / "plan.yaml").write_text(without)
    run(folder, "generate")
    assert not (folder / CHECK).exists()
    (folder / "plan.yaml").write_text(PLAN)
    run(folder, "generate")
    assert tree(folder) == before
    mine = prepend(folder / CHECK, "# mine\n")
    (folder / "plan.yaml").write_text(without)
    assert f"{CHECK}: no longer generated, but edited by you" in run(folder, "generate", code=3)
    assert (folder / CHECK).read_text() == mine
    (folder / "plan.yaml").write_text(PLAN)
    run(folder, "generate")
    assert (folder / CHECK).read_text() == mine
    assert {file["state"] for file in json.loads(run(folder, "verify", "--json"))["files"]} == {
        "generated",
        "edited",
    }


def test_eject_says_what_it_would_do_and_does_it_when_told(folder: Path) -> None:
    schema = "# yaml-language-server: $schema=.specwright/schema/plan.schema.json\n"
    prepend(folder / "plan.yaml", schema)
    mine = prepend(folder / ITEM, "// .specwright is told of here\n")
    prepend(folder / LIST, "// mine\n")
    run(folder, "restore", LIST)
    assert "Run `specwright migrations seal` first" in run(folder, "eject", "--yes", code=1)
    run(folder, "migrations", "seal")
    before = tree(folder)
    said = run(folder, "eject", code=1)
    assert "Would be removed: .specwright" in said and "specwright eject --yes" in said
    assert tree(folder) == before
    said = run(folder, "eject", "--yes")
    assert f"Names it still: {ITEM}:1" in said and f"Kept: {ASIDE}" in said
    left = tree(folder)
    assert (folder / "plan.yaml").read_text() == PLAN and (folder / ITEM).read_text() == mine
    assert (folder / ASIDE / LIST).is_file()
    gone = {path for path in before if path.startswith(".specwright/")} | {".copier-answers.yml"}
    assert before.keys() - left.keys() == gone
    changed = {path for path in left.keys() & before.keys() if left[path] != before[path]}
    assert changed == {"plan.yaml"}
    assert "Nothing of Specwright is in this folder" not in run(folder, "eject", "--yes")


def test_eject_is_refused_while_conflicts_are_open(folder: Path) -> None:
    text = (folder / ITEM).read_text()
    (folder / ITEM).write_text(text.replace("  title: string;\n", "  title: string;\n  mine: string;\n"))
    (folder / "plan.yaml").write_text(WIDER)
    run(folder, "generate", code=3)
    before = tree(folder)
    assert "conflicts that are still open" in run(folder, "eject", "--yes", code=3)
    assert tree(folder) == before


def test_what_eject_leaves_of_the_real_blueprints_names_nothing_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPECWRIGHT_TEMPLATES", raising=False)
    for stack in ("express-react", "fastapi"):
        path = tmp_path / stack
        path.mkdir()
        plan = "entities:\n  Item:\n    resource: true\n    fields:\n      title: varchar(200) required\n"
        (path / "plan.yaml").write_text(f"specwright: 1\nproject: todo\nstack: {stack}\n\n{plan}")
        run(path, "generate")
        if stack == "express-react":
            run(path, "migrations", "seal")
        before = tree(path)
        assert json.loads(run(path, "eject", "--yes", "--json"))["mentions"] == []
        assert not (path / ".specwright").exists() and not (path / ".copier-answers.yml").exists()
        for file, (content, _) in tree(path).items():
            for number, line in enumerate(content.splitlines(), start=1):
                wanted = rb"\.specwright|copier" if file == "plan.yaml" else rb"specwright|copier"
                assert not re.search(wanted, line, re.IGNORECASE), f"{file}:{number}"
            if file.endswith(".json"):
                json.loads(content)
            lines = before[file][0].splitlines(keepends=True)
            other = {*content.splitlines(keepends=True)} - {*lines}
            # Nobody wraps these lines anew.
            assert all(len(line) <= 130 for line in other) and len(other) <= 1, file
        if stack == "express-react":
            migrator = (path / "server/src/migrator.ts").read_text()
            assert "is open: its .sealed lacks the sha256sum of both scripts`" in migrator


def test_files_are_completed(folder: Path) -> None:
    from generator.cli import command_of
    from generator.commands.completing import generated_files

    command = command_of("own")
    context = command.make_context("own", ["-C", str(folder)])
    found = generated_files(context, command.params[0], "server/src/models/")
    assert found == [ITEM, LIST]
    run(folder, "own", LIST)
    context = command.make_context("own", ["-C", str(folder), "--return", LIST])
    context.params["files"] = ()
    assert generated_files(context, command.params[0], "") == [LIST]
