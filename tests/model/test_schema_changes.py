"""What a changed plan means for a database whose migrations are sealed: SQL by cases, run on a real PostgreSQL.

`python -m tests.model.test_schema_changes` writes what is expected anew: read the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from generator.blueprints import rooms_of, templates_folder
from generator.model.elements.history import Migration
from generator.model.recorded_changes import NotRecorded, recorded, restored
from generator.model.resolve import resolve_with_problems
from generator.model.schema import SchemaError
from generator.plan.loading import load_project, load_text
from generator.problems import PlanProblems
from generator.understanding import with_rooms
from tests.expressions.database import connection as postgresql
from tests.model.histories import empty, resolved, run, sealed, snapshot, state_of

CASES = Path(__file__).parents[1] / "cases" / "schema-changes"
NAMES = sorted(path.name for path in CASES.iterdir())


@pytest.fixture(scope="module")
def server() -> Iterator[psycopg.Connection[Any]]:
    with postgresql() as running:
        yield running


def before(name: str) -> tuple[Migration, ...]:
    return sealed(resolved((CASES / name / "before.yaml").read_text("utf-8")).migrations)


def outcome(name: str) -> dict[str, str]:
    """What is expected of a case: files by name."""
    text = (CASES / name / "after.yaml").read_text("utf-8")
    model, problems = resolve_with_problems(load_text(Path(), text), (), before(name))
    said = [*problems.errors, *problems.warnings]
    found = {"problems.txt": "".join(f"{problem}\n" for problem in said)} if said else {}
    if model is not None:
        opened = model.migrations[-1]
        found |= {"up.sql": f"-- {opened.file}\n{opened.up}", "down.sql": opened.down}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_change_is_written_as_expected(name: str) -> None:
    written = {
        path.name: path.read_text("utf-8") for path in (CASES / name).iterdir() if path.suffix != ".yaml"
    }
    assert outcome(name) == written


@pytest.mark.parametrize("name", [name for name in NAMES if (CASES / name / "up.sql").exists()])
def test_a_change_leads_where_the_plan_made_afresh_does(server: psycopg.Connection[Any], name: str) -> None:
    text = (CASES / name / "after.yaml").read_text("utf-8")
    extensions = server.execute("select name from pg_available_extensions").fetchall()
    if "btree_gist" in (CASES / name / "up.sql").read_text("utf-8") and ("btree_gist",) not in extensions:
        pytest.skip("a server without the contributed extensions")
    *earlier, opened = resolved(text, before(name)).migrations
    empty(server, "afresh")
    for each in resolved(text).migrations:
        run(server, each.up)
    wanted = snapshot(server)
    empty(server, "stepwise")
    for each in earlier:
        run(server, each.up)
    first = snapshot(server)
    run(server, opened.up)
    assert snapshot(server) == wanted
    run(server, opened.down)
    assert snapshot(server) == first
    run(server, opened.up)
    assert snapshot(server) == wanted


def test_what_does_not_differ_is_no_migration() -> None:
    for name in NAMES:
        text = (CASES / name / "before.yaml").read_text("utf-8")
        assert resolved(text, before(name)).migrations == before(name)


NODES = """\
specwright: 1
project: nodes
stack: express-react
entities:
  Tree:
    fields: {name: text}
  Node:
    fields:
      name: text
"""


@pytest.mark.parametrize("field", ["parent: ref Node", "tree: ref Tree", "parent: ref Node cascade"])
def test_a_new_optional_reference_has_nothing_to_agree_to(field: str) -> None:
    opened = resolved(f"{NODES}      {field}\n", sealed(resolved(NODES).migrations)).migrations[-1]
    assert "ADD CONSTRAINT fk_nodes_" in opened.up and "NOT VALID" in opened.up


def test_a_column_that_rows_have_asks_before_it_becomes_a_reference() -> None:
    before = NODES.replace("      name: text\n", "      name: text\n      parent_id: uuid\n")
    after = f"{NODES}      parent: {{type: ref Node, was: parent_id}}\n"
    with pytest.raises(PlanProblems, match=r"narrowed: \[Node\."):
        resolved(after, sealed(resolved(before).migrations))


# Plans that ask for what is not built yet are left out.
WHOLE = sorted(
    [
        *(path for path in (CASES.parent / "whole-plans").iterdir() if "auth" not in path.name),
        *(CASES.parent / name for name in ("everything", "arrays", "keys", "money", "relations", "callers")),
        *(path for path in (CASES.parents[2] / "docs" / "examples").iterdir()),
    ]
)


@pytest.mark.parametrize("folder", WHOLE, ids=lambda path: path.name)
def test_a_whole_plan_that_is_sealed_leaves_nothing_open(folder: Path) -> None:
    project = load_project(folder)
    stack = next(each.plan.stack or "" for each in project.features if each.plan.project)
    rooms = rooms_of(templates_folder(), stack)
    named = [room.id for room in rooms]
    project, bodies = with_rooms(project, rooms)
    first, problems = resolve_with_problems(project, named, bodies=bodies)
    assert first is not None, problems.errors
    recorded_ones = sealed(first.migrations)
    again, _ = resolve_with_problems(project, named, recorded_ones, bodies=bodies)
    assert again is not None and again.migrations == recorded_ones


def test_operations_are_recorded_and_read_back() -> None:
    for name in NAMES:
        for each in before(name):
            assert [restored(recorded(change)) for change in each.changes] == [*each.changes]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (["DropTable"], "is no operation"),
        ({"change": "Explode"}, "is no operation"),
        ({"change": "Column", "name": "x"}, "is no operation"),
        ({"change": "DropTable"}, "DropTable lacks table"),
        ({"change": "DropTable", "table": "t", "rows": 1}, "DropTable has no rows"),
        ({"change": "DropTable", "table": 5}, "5 is not what is recorded there"),
        ({"change": "CreateTable", "table": "t", "columns": "c", "primary_key": []}, "c is not what"),
        (
            {"change": "DropRule", "table": "t", "name": "n", "rule": {"change": "DropTable"}},
            "is no operation",
        ),
    ],
)
def test_data_that_is_no_operation_is_refused(data: Any, message: str) -> None:
    with pytest.raises(NotRecorded, match=message):
        restored(data)


def test_operations_that_do_not_fit_are_refused() -> None:
    with pytest.raises(SchemaError, match="there is a table tasks already"):
        state_of((*before("values"), *before("values")))


if __name__ == "__main__":
    for each in NAMES:
        for path in [path for path in (CASES / each).iterdir() if path.suffix != ".yaml"]:
            path.unlink()
        for file, content in outcome(each).items():
            (CASES / each / file).write_text(content, "utf-8")
