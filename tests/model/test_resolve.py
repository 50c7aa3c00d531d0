"""What a plan means: columns, rules, operations, errors, and what is wrong with a plan that means nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model import resolve
from generator.model.elements.model import Model
from generator.plan.loading import load_project
from generator.problems import PlanProblems
from tests.model.plans import problems_of, resolved, write_features

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

NOTES = """
entities:
  Note:
    resource: true
    fields:
      title: varchar(80) required
      state: enum(open, shut) required = open
"""


@pytest.fixture(scope="module")
def tracker() -> Model:
    return resolve(load_project(EXAMPLES / "task-tracker"))


def test_columns_come_in_the_order_of_the_plan(tracker: Model) -> None:
    columns = [member.column for member in tracker.entity("Task").members]
    assert columns == [
        "id", "project_id", "parent_id", "assignee_id", "title", "description", "status", "priority",
        "estimate_hours", "due_on", "done_at", "version", "created_at", "updated_at",
    ]  # fmt: skip


def test_references_state_what_deleting_does(tracker: Model) -> None:
    comment = tracker.entity("Comment")
    deletes = {member.name: member.reference.on_delete for member in comment.members if member.reference}
    assert deletes == {"task": "cascade", "author": "restrict"}
    parent = tracker.entity("Task").member("parent").reference
    assert parent is not None and parent.on_delete == "set null"


def test_a_resource_infers_its_operations_and_routes(tracker: Model) -> None:
    routes = {
        operation.id: f"{operation.route.method.upper()} {operation.route.path} {operation.route.status}"
        for operation in tracker.operations
        if operation.route
    }
    assert routes["project.list"] == "GET /projects 200"
    assert routes["project.create"] == "POST /projects 201"
    assert routes["project.update"] == "PATCH /projects/{id} 200"
    assert routes["project.delete"] == "DELETE /projects/{id} 204"
    assert routes["project.restore"] == "POST /projects/{id}/restore 200"
    assert routes["task.finish"] == "POST /tasks/{id}/finish 200"
    assert routes["board.workload"] == "GET /people/{personId}/workload 200"
    assert "comment.update" not in routes


def test_errors_are_computed(tracker: Model) -> None:
    assert tracker.operation("person.create").errors == ("VALIDATION_FAILED", "EMAIL_TAKEN")
    assert tracker.operation("person.delete").errors == ("VALIDATION_FAILED", "NOT_FOUND", "IN_USE")
    assert tracker.operation("project.delete").errors == ("VALIDATION_FAILED", "NOT_FOUND")
    assert set(tracker.operation("task.start").errors) >= {"TASK_UNASSIGNED", "INVALID_TRANSITION"}
    assert "TOO_MANY_TASKS" in tracker.operation("board.assignTask").errors
    assert "NOT_IMPLEMENTED" in tracker.operation("board.suggestNext").errors
    assert "NOT_IMPLEMENTED" not in tracker.operation("board.workload").errors


def test_a_row_that_a_later_step_writes_is_locked(tracker: Model) -> None:
    body = tracker.operation("board.assignTask").body
    assert body is not None
    assert [(step.variable, step.lock) for step in body.steps if step.kind == "load"] == [
        ("task", "update"),
        ("person", "update"),
    ]


def test_fixtures_bring_what_they_refer_to(tracker: Model) -> None:
    needs = {fixture.name: fixture.needs for fixture in tracker.fixtures}
    assert needs == {"amy": (), "bob": (), "site": (), "write_text": ("site",)}


def test_an_operation_touches_the_entities_of_its_output(tracker: Model) -> None:
    assert set(tracker.operation("board.assignTask").touches) == {"Task", "Person", "Project", "Comment"}


def test_reordering_entities_changes_no_table(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    one = "  One:\n    fields:\n      name: text\n"
    two = "  Two:\n    fields:\n      one: ref One\n"
    forward = resolved(first, f"entities:\n{one}{two}").migrations[0].up
    backward = resolved(second, f"entities:\n{two}{one}").migrations[0].up
    assert sorted(forward.split("\n\n")) == sorted(backward.split("\n\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NOTES.replace("state: enum(open, shut) required = open", "owner: ref Persn"), "no entity is called Persn"),
        (NOTES + "    checks:\n      late: titel != 'x'\n", "titel"),
        (NOTES + "    checks:\n      late: state = opn\n", "opn"),
        (NOTES + "    indexes:\n      by_name: [nme]\n", "Note has no column nme"),
        (NOTES + "    unique:\n      once:\n        fields: [title]\n        error: TAKEN\n", "no error is called TAKEN"),
        (NOTES.replace("resource: true", "resource:\n      filter: [titel]"), "Did you mean `title`?"),
        (NOTES.replace("resource: true", "resource:\n      search: [state]"), "state is not text"),
        (NOTES.replace("resource: true", "resource:\n      operations: [list, restore]"), "`restore` needs `soft_delete: true`"),
        (NOTES.replace("= open", "= opn"), "opn"),
        (
            NOTES + "    states:\n      field: title\n      initial: open\n      transitions:\n"
            "        close: {from: open, to: shut}\n",
            "title is no enum field of Note",
        ),
        (
            NOTES + "    states:\n      field: state\n      initial: open\n      transitions:\n"
            "        stay: {from: open, to: open}\n",
            "no transition of Note leads to shut",
        ),
        (NOTES + "quality:\n  performance:\n    - operation: note.lst\n      p95: 1s\n      connections: 2\n", "note.lst"),
        (
            NOTES + "schemas:\n  Card:\n    of: Note\n    pick: [id, titl]\n",
            "Note has no titl to show",
        ),
        (
            NOTES + "services:\n  desk:\n    operations:\n      run:\n        steps:\n          - load: Note\n",
            "a load needs exactly one of by, where",
        ),
        (
            NOTES + "services:\n  desk:\n    operations:\n      run:\n        http: POST /desk/{id}\n        steps:\n"
            "          - create: Note\n            set:\n              title: '''x'''\n",
            "path parameter id is no input",
        ),
        (
            NOTES + "services:\n  desk:\n    operations:\n      run:\n        steps:\n          - create: Note\n",
            "creating Note lacks title",
        ),
        (
            NOTES + "services:\n  desk:\n    operations:\n      one:\n        steps:\n          - call: desk.two\n"
            "      two:\n        steps:\n          - call: desk.one\n",
            "operations call each other in a cycle",
        ),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused_at_its_place(tmp_path: Path, text: str, expected: str) -> None:
    problems = problems_of(tmp_path, text)
    assert any(expected in problem for problem in problems), problems
    assert all(problem.startswith("plan.yaml:") for problem in problems)


def test_all_problems_are_reported_together(tmp_path: Path) -> None:
    problems = problems_of(
        tmp_path,
        NOTES + "    checks:\n      one: nope = 1\n      two: never = 2\n    indexes:\n      x: [gone]\n",
    )
    assert len(problems) == 3


def test_a_later_feature_adds_a_column_in_its_own_migration(tmp_path: Path) -> None:
    write_features(
        tmp_path,
        {
            "001-notes": NOTES,
            "002-pins": "extend:\n  Note:\n    fields:\n      pinned: boolean required = false\n"
            "    resource:\n      filter: [pinned]\n",
        },
    )
    model = resolve(load_project(tmp_path))
    assert [f"{migration.version}_{migration.name}" for migration in model.migrations] == [
        "0001_notes",
        "0002_pins",
    ]
    assert "pinned" not in model.migrations[0].up
    assert model.migrations[1].up == "ALTER TABLE notes ADD COLUMN pinned boolean NOT NULL DEFAULT false;\n"
    assert model.migrations[1].down == "ALTER TABLE notes DROP COLUMN pinned;\n"
    resource = model.entity("Note").resource
    assert resource is not None
    assert [item.name for item in resource.filters] == ["state", "pinned"]


def test_a_name_defined_in_two_features_is_an_error(tmp_path: Path) -> None:
    write_features(tmp_path, {"001-notes": NOTES, "002-more": NOTES})
    with pytest.raises(PlanProblems) as caught:
        resolve(load_project(tmp_path))
    assert "Note exists in specs/001-notes/plan.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NOTES.replace("  Note:", "  Context:"), "Context makes a type Context, which generated code has"),
        (NOTES.replace("  Note:", "  Resource:"), "makes a function getResource"),
        (NOTES.replace("  Note:", "  Health:"), "a service health is in every project"),
        (
            NOTES + "schemas:\n  NoteQuery:\n    fields:\n      a: text\n",
            "makes a type NoteQuery, which Note has",
        ),
        (
            NOTES + "schemas:\n  Errors:\n    fields:\n      a: text\n",
            "makes a file errors.ts, which generated code has",
        ),
    ],
)
def test_names_that_generated_code_has_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert any(expected in problem for problem in problems_of(tmp_path, text))


def test_an_operation_may_be_called_like_a_function_of_the_kernel(tmp_path: Path) -> None:
    model = resolved(
        tmp_path,
        NOTES
        + "services:\n  desk:\n    operations:\n      remove:\n        steps:\n          - emit: gone\n",
    )
    assert model.operation("desk.remove").function == "removeDesk"


def test_a_join_table_whose_constraints_are_too_long_is_refused(tmp_path: Path) -> None:
    long = "A" + "b" * 30
    text = f"entities:\n  {long}:\n    fields:\n      tags: many Tag\n  Tag:\n    fields:\n      name: text required\n"
    assert any("Name the join table under `table:`" in problem for problem in problems_of(tmp_path, text))
