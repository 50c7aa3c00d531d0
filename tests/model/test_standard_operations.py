"""Standard operations that services declare: what is inferred for them, and what callers may do."""

from __future__ import annotations

from pathlib import Path

from generator.model import resolve
from generator.plan.loading import load_project

CASES = Path(__file__).parents[1] / "cases"


def test_errors_follow_from_what_is_done() -> None:
    model = resolve(load_project(CASES / "crud"))
    assert model.operation("chat.history").errors == ("VALIDATION_FAILED", "FORBIDDEN", "UNAUTHENTICATED")
    assert set(model.operation("chat.edit").errors) >= {"NOT_FOUND", "VERSION_CONFLICT", "NOT_YOURS"}
    assert "CONFLICT" in model.operation("chat.say").errors


def test_routes_and_pages_are_inferred() -> None:
    model = resolve(load_project(CASES / "crud"))
    statuses = {
        name: route.status
        for name in ("history", "say", "edit", "remove")
        if (route := model.operation(f"chat.{name}").route) is not None
    }
    assert statuses == {"history": 200, "say": 201, "edit": 200, "remove": 204}
    assert [member.name for member in model.operation("chat.history").input] == ["room_id", "limit", "offset"]


def test_a_policy_reads_the_row_where_there_is_one() -> None:
    model = resolve(load_project(CASES / "crud"))
    policies = {name: model.operation(f"chat.{name}").policy for name in ("history", "edit", "bring")}
    assert {name: policy.of_row for name, policy in policies.items() if policy} == {
        "history": False,
        "edit": True,
        "bring": True,
    }


def test_what_is_never_unset_is_kept() -> None:
    crud = resolve(load_project(CASES / "crud")).operation("chat.edit").crud
    assert crud is not None and set(crud.kept) >= {"id", "version", "text"} and "topic" not in crud.kept


def test_lists_that_rows_say_stand_on_both_sides() -> None:
    model = resolve(load_project(CASES / "relations"))
    course = {
        item.name: (item.via, item.own_column, item.other_column) for item in model.entity("Course").related
    }
    assert course == {
        "followers": ("Course", "follows_id", None),
        "pupils": ("Enrolment", "course_id", "pupil_id"),
        "lessons": ("Lesson", "course_id", None),
    }
    assert model.entity("Course").through[0].json == "pupilIds"
    tables = "".join(migration.up for migration in model.migrations)
    assert "course_pupil" not in tables and "CREATE TABLE course_room" in tables
