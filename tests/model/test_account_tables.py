"""The tables of accounts beside those of the guide, column by column, in the catalogue of a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from generator.blueprints import templates_folder
from generator.plan.loading import load_text
from generator.understanding import resolved
from tests.expressions.database import connection as postgresql

PLAN = "specwright: 1\nproject: sample\nstack: express-react\nidentity:\n  actor: User\n  from: auth\n"

INSTANT = "timestamp with time zone"
# Name, type, length, whether it may be null, whether it has a default: the guide's tables.
USERS = [
    ("id", "uuid", None, False, True),
    ("email", "character varying", 255, False, False),
    ("password_hash", "character varying", 255, False, False),
    ("first_name", "character varying", 100, False, False),
    ("last_name", "character varying", 100, False, False),
    ("email_verified", "boolean", None, True, True),
    ("email_verification_token", "character varying", 255, True, False),
    ("password_reset_token", "character varying", 255, True, False),
    ("password_reset_expires", INSTANT, None, True, False),
    ("last_login_at", INSTANT, None, True, False),
    ("failed_login_attempts", "integer", None, True, True),
    ("account_locked_until", INSTANT, None, True, False),
    ("created_at", INSTANT, None, True, True),
    ("updated_at", INSTANT, None, True, True),
]
REFRESH_TOKENS = [
    ("id", "uuid", None, False, True),
    ("user_id", "uuid", None, False, False),
    ("token_hash", "character varying", 255, False, False),
    ("expires_at", INSTANT, None, False, False),
    ("device_info", "jsonb", None, True, False),
    ("created_at", INSTANT, None, True, True),
    ("revoked_at", INSTANT, None, True, False),
]
INDEXES = {
    "idx_users_email": "users (email)",
    "idx_users_verification_token": "users (email_verification_token)",
    "idx_users_reset_token": "users (password_reset_token)",
    "idx_refresh_tokens_user_id": "refresh_tokens (user_id)",
    "idx_refresh_tokens_expires_at": "refresh_tokens (expires_at)",
}
STRICTER = {"created_at", "updated_at"}
"""What is never null here, and may be in the guide (decision 0111)."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection[Any]]:
    model = resolved(load_text(tmp_path_factory.mktemp("plan"), PLAN), {}, templates_folder()).model
    with postgresql() as connection:
        connection.execute("drop schema if exists accounts cascade")
        connection.execute("create schema accounts")
        connection.execute("set search_path to accounts")
        for migration in model.migrations:
            connection.execute(migration.up.encode())
        yield connection


@pytest.mark.parametrize(("table", "guide"), [("users", USERS), ("refresh_tokens", REFRESH_TOKENS)])
def test_the_columns_are_those_of_the_guide(
    database: psycopg.Connection[Any], table: str, guide: list[tuple[Any, ...]]
) -> None:
    found = database.execute(
        "select column_name, data_type, character_maximum_length, is_nullable = 'YES', column_default is not null"
        " from information_schema.columns where table_schema = 'accounts' and table_name = %s",
        (table,),
    ).fetchall()
    expected = [(name, *rest[:2], rest[2] and name not in STRICTER, rest[3]) for name, *rest in guide]
    assert sorted(found) == sorted(expected)


def test_the_defaults_mean_the_same(database: psycopg.Connection[Any]) -> None:
    row = database.execute(
        "insert into users (email, password_hash, first_name, last_name) values ('a', 'b', 'c', 'd')"
        " returning id is not null, email_verified, failed_login_attempts, created_at is not null,"
        " updated_at is not null"
    ).fetchone()
    assert row == (True, False, 0, True, True)
    with pytest.raises(psycopg.errors.UniqueViolation):
        database.execute(
            "insert into users (email, password_hash, first_name, last_name) values ('a', 'b', 'c', 'd')"
        )


def test_the_indexes_are_those_of_the_guide_but_for_one_that_is_there_twice(
    database: psycopg.Connection[Any],
) -> None:
    found = {
        name: definition.split(" USING btree ")
        for name, definition in database.execute(
            "select indexname, indexdef from pg_indexes where schemaname = 'accounts'"
        ).fetchall()
    }
    for name, place in INDEXES.items():
        if name == "idx_users_email":
            assert name not in found
            assert found["uq_users_email"][0].startswith("CREATE UNIQUE INDEX")
            assert found["uq_users_email"][1] == "(email)"
            continue
        table, columns = place.split(" ", 1)
        assert found[name][0].endswith(f"accounts.{table}") and found[name][1] == columns
    more = {name for name in found if "users" in name or "refresh_tokens" in name} - INDEXES.keys()
    assert more == {"pk_users", "uq_users_email", "pk_refresh_tokens", "idx_refresh_tokens_token_hash"}


def test_tokens_go_with_their_user(database: psycopg.Connection[Any]) -> None:
    rule = database.execute(
        "select confdeltype from pg_constraint where conname = 'fk_refresh_tokens_user_id'"
    ).fetchone()
    assert rule in (("c",), (b"c",))
