"""The generated migrations on a real PostgreSQL: what the plan says is what the catalogue has; up, down, up is stable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from generator.model import Model, resolve
from generator.plan.loading import load_project
from tests.expressions.database import connection as postgresql

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

SNAPSHOT = """
select 'column', table_name, column_name, data_type, coalesce(character_maximum_length, numeric_precision),
       numeric_scale, is_nullable, column_default
  from information_schema.columns where table_schema = current_schema()
union all
select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), null, null, null, null
  from pg_constraint where connamespace = current_schema()::regnamespace
union all
select 'index', tablename, indexname, indexdef, null, null, null, null from pg_indexes where schemaname = current_schema()
order by 1, 2, 3
"""


@pytest.fixture(scope="module")
def server() -> Iterator[psycopg.Connection[Any]]:
    with postgresql() as running:
        yield running


@pytest.fixture
def connection(server: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    server.execute("drop schema if exists sample cascade")
    server.execute("create schema sample")
    server.execute("set search_path to sample")
    return server


@pytest.fixture(scope="module")
def tracker() -> Model:
    return resolve(load_project(EXAMPLES / "task-tracker"))


def snapshot(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    return connection.execute(SNAPSHOT).fetchall()


def test_up_down_up_leaves_the_same_schema(connection: psycopg.Connection[Any], tracker: Model) -> None:
    for migration in tracker.migrations:
        connection.execute(migration.up.encode())
    first = snapshot(connection)
    for migration in reversed(tracker.migrations):
        connection.execute(migration.down.encode())
    assert snapshot(connection) == []
    for migration in tracker.migrations:
        connection.execute(migration.up.encode())
    assert snapshot(connection) == first


def test_the_catalogue_has_what_the_plan_says(connection: psycopg.Connection[Any], tracker: Model) -> None:
    for migration in tracker.migrations:
        connection.execute(migration.up.encode())
    rows = {(row[0], row[1], row[2]): row[3:] for row in snapshot(connection)}
    for entity in tracker.entities:
        columns = [key[2] for key in rows if key[:2] == ("column", entity.table)]
        assert sorted(columns) == sorted(member.column for member in entity.members)
        for member in entity.members:
            nullable = rows["column", entity.table, member.column][3]
            assert nullable == ("NO" if member.required else "YES"), (entity.name, member.column)
    assert rows["column", "tasks", "estimate_hours"][:3] == ("numeric", 6, 2)
    assert rows["column", "people", "name"][:2] == ("character varying", 100)
    assert "ON DELETE CASCADE" in rows["constraint", "tasks", "fk_tasks_project_id"][0]
    assert "ON DELETE SET NULL" in rows["constraint", "tasks", "fk_tasks_assignee_id"][0]
    assert "ON DELETE RESTRICT" in rows["constraint", "comments", "fk_comments_author_id"][0]
    assert "WHERE (deleted_at IS NULL)" in rows["index", "projects", "uq_projects_key"][0]
    assert "(project_id, priority DESC)" in rows["index", "tasks", "idx_tasks_project_open"][0]
    assert rows["constraint", "task_label", "pk_task_label"][0] == "PRIMARY KEY (task_id, label_id)"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("insert into projects (key, name, starts_on, ends_on) values ('AB', 'x', '2026-03-02', '2026-03-01')",
         "ck_projects_ends_after_start"),
        ("insert into projects (key, name) values ('ab', 'x')", "ck_projects_key_pattern"),
        ("insert into labels (project_id, name, color) select id, 'x', '#88888' from projects",
         "ck_labels_color_pattern"),
        ("insert into tasks (project_id, title, status) select id, 'x', 'gone' from projects",
         "ck_tasks_status_values"),
        ("insert into tasks (project_id, title, priority) select id, 'x', 6 from projects",
         "ck_tasks_priority_range"),
        ("insert into tasks (project_id, title, estimate_hours) select id, 'x', 0 from projects",
         "ck_tasks_estimate_positive"),
        ("insert into tasks (project_id, title, status) select id, 'x', 'done' from projects",
         "ck_tasks_done_has_time"),
        ("insert into comments (task_id, author_id, body) select t.id, p.id, repeat('x', 4001) from tasks t, people p",
         "ck_comments_body_length"),
    ],
)  # fmt: skip
def test_the_database_holds_the_rules_by_name(
    connection: psycopg.Connection[Any], tracker: Model, statement: str, constraint: str
) -> None:
    for migration in tracker.migrations:
        connection.execute(migration.up.encode())
    connection.execute("insert into people (name, email) values ('Amy', 'amy@example.com')")
    connection.execute("insert into projects (key, name) values ('WEB', 'Site')")
    connection.execute("insert into tasks (project_id, title) select id, 'x' from projects")
    with pytest.raises(psycopg.errors.CheckViolation) as caught:
        connection.execute(statement.encode())
    assert caught.value.diag.constraint_name == constraint
