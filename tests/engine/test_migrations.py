"""Sealed migrations: recorded, never changed, in one order, and the same under plain copier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.migrations import forks, read_sealed, refuse_stack
from generator.narrowing import Narrowing
from generator.pipeline import generate
from generator.problems import PlanProblems
from generator.recording import MIGRATIONS
from generator.sealing import Sealed, migration_data, migration_lines, reorder, seal_open
from generator.skipping import untouched, updated_locally
from generator.understanding import understand
from tests.engine import processes
from tests.engine.copier_projects import tree
from tests.engine.test_command_line import specwright

PLAN = """\
specwright: 1
project: todo
stack: express-react
entities:
  Item:
    fields:
      name: varchar(80) required
"""


@pytest.fixture
def folder(tmp_path: Path, templates: Path) -> Path:
    path = tmp_path / "todo"
    path.mkdir()
    brought_up_to_date(path, templates, PLAN)
    return path


def brought_up_to_date(folder: Path, templates: Path, plan: str) -> None:
    (folder / "plan.yaml").write_text(plan)
    generate(folder, understand(folder, templates), templates, Narrowing())


def with_field(field: str, plan: str = PLAN) -> str:
    return f"{plan}      {field}\n"


def scripts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((folder / "server/migrations").iterdir())}


def sealed(folder: Path, templates: Path, plan: str) -> Sealed:
    brought_up_to_date(folder, templates, plan)
    return seal_open(folder, templates)


def problems_of(folder: Path, templates: Path) -> list[str]:
    with pytest.raises(PlanProblems) as caught:
        understand(folder, templates)
    return [str(problem) for problem in caught.value.problems]


def test_what_is_open_is_written_anew_and_what_is_sealed_is_not(folder: Path, templates: Path) -> None:
    brought_up_to_date(folder, templates, with_field("size: integer"))
    assert [*scripts(folder)] == ["0001_initial.up.sql"]
    assert "size integer" in scripts(folder)["0001_initial.up.sql"]
    assert seal_open(folder, templates).files == ("0001_initial",)
    first = scripts(folder)["0001_initial.up.sql"]
    record = (folder / MIGRATIONS / "0001_initial.json").read_bytes()
    brought_up_to_date(folder, templates, with_field("size: bigint"))
    assert [*scripts(folder)] == ["0001_initial.up.sql", "0002_change_items.up.sql"]
    brought_up_to_date(folder, templates, with_field("size: integer", with_field("note: text")))
    assert [*scripts(folder)] == ["0001_initial.up.sql", "0002_add_note_to_items.up.sql"]
    brought_up_to_date(folder, templates, with_field("size: integer"))
    assert scripts(folder) == {"0001_initial.up.sql": first}, "nothing differs, so nothing is open"
    assert (folder / MIGRATIONS / "0001_initial.json").read_bytes() == record


def test_a_seal_is_all_that_changes(folder: Path, templates: Path) -> None:
    before = scripts(folder)
    seal_open(folder, templates)
    assert scripts(folder) == before
    assert seal_open(folder, templates) == Sealed(())
    assert untouched(folder, templates) is not None


def test_each_run_reads_what_is_sealed(folder: Path, templates: Path) -> None:
    seal_open(folder, templates)
    assert untouched(folder, templates) is not None
    (folder / MIGRATIONS / "0001_initial.json").unlink()
    assert untouched(folder, templates) is None
    seal_open(folder, templates)
    (folder / "plan.yaml").write_text(with_field("size: integer"))
    assert updated_locally(folder, templates) is None, "what is open follows from the whole of the plan"


def test_what_a_person_added_to_an_open_migration_is_sealed(folder: Path, templates: Path) -> None:
    script = folder / "server/migrations/0001_initial.up.sql"
    script.write_text(f"{script.read_text()}\nINSERT INTO items (name) VALUES ('first');\n")
    seal_open(folder, templates)
    assert "VALUES ('first')" in read_sealed(folder)[0].up
    generate(folder, understand(folder, templates), templates, Narrowing())
    assert "VALUES ('first')" in script.read_text()


def test_the_sql_of_a_sealed_migration_is_never_rewritten(folder: Path, templates: Path) -> None:
    seal_open(folder, templates)
    script = folder / "server/migrations/0001_initial.up.sql"
    before = script.read_text()
    (template,) = templates.rglob("*.up.sql.jinja")
    template.write_text("-- of a later release\n{{ migration.up }}")
    outcome = generate(folder, understand(folder, templates), templates, Narrowing())
    assert script.read_text() == before
    (change,) = (change for change in outcome.changes if change.path.endswith(".up.sql"))
    assert change.pending and change.note.startswith("differs from what was sealed, and stays")
    template.write_text("{{ migration.up }}")
    script.write_text(f"{before}-- mine\n")
    outcome = generate(folder, understand(folder, templates), templates, Narrowing())
    (change,) = (change for change in outcome.changes if change.path.endswith(".up.sql"))
    assert change.pending and script.read_text().endswith("-- mine\n")


def test_a_project_behind_its_plan_is_not_sealed(folder: Path, templates: Path) -> None:
    (folder / "plan.yaml").write_text(with_field("size: integer"))
    with pytest.raises(PlanProblems, match="Run `specwright generate` first"):
        seal_open(folder, templates)
    assert not (folder / MIGRATIONS).exists()


def test_fastapi_cannot_be_sealed_yet() -> None:
    with pytest.raises(PlanProblems, match="migrations of fastapi cannot be sealed yet"):
        refuse_stack("fastapi")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text.replace("items", "things"), "0001_initial was edited after it was sealed"),
        (lambda text: f"<<<<<<< ours\n{text}", "0001_initial.json cannot be read"),
        (lambda text: "[]", "0001_initial.json cannot be read"),
        (lambda text: text.replace('"format": 1', '"format": 2'), "0001_initial.json cannot be read"),
        (lambda text: text.replace("CreateTable", "Explode"), "0001_initial.json cannot be read"),
        (lambda text: "[" * 100_000, "0001_initial.json cannot be read"),
    ],
)  # fmt: skip
def test_a_damaged_record_is_reported(folder: Path, templates: Path, damage: object, message: str) -> None:
    seal_open(folder, templates)
    path = folder / MIGRATIONS / "0001_initial.json"
    path.write_text(damage(path.read_text()))  # type: ignore[operator]
    (problem,) = problems_of(folder, templates)
    assert problem.startswith(f"{MIGRATIONS}/0001_initial.json:1:1: {message}")


def test_a_lost_record_is_reported(folder: Path, templates: Path) -> None:
    seal_open(folder, templates)
    sealed(folder, templates, with_field("size: integer"))
    (folder / MIGRATIONS / "0001_initial.json").unlink()
    (problem,) = problems_of(folder, templates)
    assert "0002_add_size_to_items follows a migration that is not here" in problem


def branched(folder: Path, templates: Path, ours: str, theirs: str) -> None:
    """Two branches that each sealed a migration, merged as git merges them: the records lie side by side."""
    seal_open(folder, templates)
    sealed(folder, templates, with_field(theirs))
    (record,) = (path for path in (folder / MIGRATIONS).iterdir() if path.name.startswith("0002"))
    name, content = record.name, record.read_bytes()
    record.unlink()
    brought_up_to_date(folder, templates, PLAN)
    sealed(folder, templates, with_field(ours))
    (folder / MIGRATIONS / name).write_bytes(content)
    (folder / "plan.yaml").write_text(with_field(theirs, with_field(ours)))


def test_branches_that_each_sealed_one_are_detected_and_put_in_order(folder: Path, templates: Path) -> None:
    branched(folder, templates, "size: integer", "note: text")
    (problem,) = problems_of(folder, templates)
    place = f"{MIGRATIONS}/0002_add_size_to_items.json:1:1"
    both = "0002_add_note_to_items and 0002_add_size_to_items both follow 0001_initial"
    hint = "Run `specwright migrations reorder`"
    assert problem == f"{place}: {both}: two branches sealed one each. {hint}"
    with pytest.raises(PlanProblems, match="0002_add_nothing is no migration that follows"):
        reorder(folder, templates, "0002_add_nothing")
    assert reorder(folder, templates).files == ("0003_add_size_to_items",)
    assert forks(folder) == ()
    names = ["0001_initial", "0002_add_note_to_items", "0003_add_size_to_items"]
    assert [each.file for each in read_sealed(folder)] == names
    assert [*scripts(folder)] == [f"{name}.up.sql" for name in names]
    assert [each.file for each in understand(folder, templates).model.migrations] == names
    assert reorder(folder, templates) == Sealed(())


def test_a_person_says_which_one_goes_last(folder: Path, templates: Path) -> None:
    branched(folder, templates, "size: integer", "note: text")
    reorder(folder, templates, "0002_add_note_to_items")
    assert [each.file for each in read_sealed(folder)][1:] == [
        "0002_add_size_to_items",
        "0003_add_note_to_items",
    ]


def test_what_does_not_fit_behind_the_other_is_not_put_there(folder: Path, templates: Path) -> None:
    branched(folder, templates, "size: integer", "note: text")
    other = folder / MIGRATIONS / "0002_add_note_to_items.json"
    other.unlink()
    brought_up_to_date(folder, templates, with_field("size: integer"))
    first = (folder / MIGRATIONS / "0002_add_size_to_items.json").read_bytes()
    (folder / MIGRATIONS / "0002_add_size_to_items.json").unlink()
    sealed(folder, templates, with_field("size: integer", with_field("third: text")))
    (folder / MIGRATIONS / "0002_add_size_to_items.json").write_bytes(first)
    before = tree(folder)
    with pytest.raises(PlanProblems, match="does not fit there: items has a column size already"):
        reorder(folder, templates)
    assert tree(folder) == before


def test_what_is_lost_has_to_be_agreed_to(folder: Path, templates: Path) -> None:
    sealed(folder, templates, with_field("size: integer"))
    (folder / "plan.yaml").write_text(PLAN)
    (problem,) = problems_of(folder, templates)
    assert problem.startswith("plan.yaml:6:5: the plan has no Item.size any more: items.size would go")
    brought_up_to_date(folder, templates, PLAN.replace("entities:", "dropped: [Item.size]\nentities:"))
    assert "DROP COLUMN size" in scripts(folder)["0002_drop_size_of_items.up.sql"]


def test_the_history_is_listed(folder: Path, templates: Path) -> None:
    seal_open(folder, templates)
    brought_up_to_date(folder, templates, with_field("size: integer"))
    found = understand(folder, templates).model.migrations
    first, second = migration_lines(found)
    assert first.split() == ["0001_initial", "sealed", found[0].digest[:12], "follows", "nothing"]
    assert second.split() == ["0002_add_size_to_items", "open"]
    assert [each["sealed"] for each in migration_data(found)] == [True, False]
    assert migration_data(found)[1]["changes"] == ["AddColumn items"]


def test_the_commands(folder: Path, templates: Path) -> None:
    done = specwright("migrations", "seal", cwd=folder, templates=templates)
    assert done.stdout.startswith("Sealed: 0001_initial\n"), done
    data = json.loads(specwright("migrations", "--json", cwd=folder, templates=templates).stdout)
    assert [each["name"] for each in data["migrations"]] == ["0001_initial"]
    assert specwright("migrations", "reorder", cwd=folder, templates=templates).stdout == "Nothing to do.\n"
    path = folder / MIGRATIONS / "0001_initial.json"
    path.write_text(path.read_text().replace("items", "things"))
    for command in (
        ["generate"],
        ["check"],
        ["migrations"],
        ["migrations", "seal"],
        ["migrations", "reorder"],
    ):
        done = specwright(*command, cwd=folder, templates=templates)
        assert (done.returncode, done.stdout) == (1, "")
        assert "0001_initial.json:1:1: 0001_initial was edited after it was sealed" in done.stderr


UP = "server/migrations/0001_initial.up.sql"


def test_sealed_sql_that_was_deleted_or_moved_stands_where_the_migrator_reads_it(
    folder: Path, templates: Path
) -> None:
    seal_open(folder, templates)
    script = (folder / UP).read_bytes()
    (folder / UP).unlink()
    code, said, _ = processes_run(folder, templates, "generate")
    assert code == 0 and f"Written again, because they are sealed: {UP}" in said
    assert (folder / UP).read_bytes() == script
    other = folder / "old/0001_initial.up.sql"
    other.parent.mkdir()
    (folder / UP).rename(other)
    assert processes_run(folder, templates, "generate")[0] == 0
    assert (folder / UP).read_bytes() == other.read_bytes() == script
    before = tree(folder)
    assert processes_run(folder, templates, "generate")[1].startswith("Nothing has changed")
    assert tree(folder) == before
    other.unlink()
    assert processes_run(folder, templates, "generate")[1].startswith("Nothing has changed")


def test_sealed_sql_that_was_edited_moves_as_it_is(folder: Path, templates: Path) -> None:
    seal_open(folder, templates)
    script = f"{(folder / UP).read_text()}-- mine\n"
    (folder / UP).write_text(script)
    (template,) = templates.rglob("*.up.sql.jinja")
    moved = template.parent.with_name("sql")
    template.parent.rename(moved)
    (moved / template.name).write_text("-- of a later release\n{{ migration.up }}")
    manifest = next(parent for parent in moved.parents if (parent / "blueprint.yml").exists())
    room = manifest / "blueprint.yml"
    earlier = template.relative_to(manifest).as_posix()
    present = (moved / template.name).relative_to(manifest).as_posix()
    room.write_text(f'{room.read_text()}was:\n  "{present}": "{earlier}"\n')
    code, said, _ = processes_run(folder, templates, "generate")
    assert code == 3 and "differs from what was sealed, and stays" in said
    assert (folder / "server/sql/0001_initial.up.sql").read_text() == script and not (folder / UP).exists()


def test_verify_fails_where_what_is_sealed_differs(folder: Path, templates: Path) -> None:
    seal_open(folder, templates)
    assert processes_run(folder, templates, "verify")[0] == 0
    script = (folder / UP).read_text()
    (folder / UP).write_text(f"{script}-- mine\n")
    code, said, _ = processes_run(folder, templates, "verify")
    assert code == 3 and f"{UP}: edited, and it is sealed" in said
    (folder / UP).unlink()
    code, said, _ = processes_run(folder, templates, "verify")
    assert code == 3 and f"{UP}: missing, and it is sealed" in said


def processes_run(folder: Path, templates: Path, *arguments: str) -> tuple[int, str, float]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPECWRIGHT_TEMPLATES", str(templates))
        return processes.run(folder, *arguments)
