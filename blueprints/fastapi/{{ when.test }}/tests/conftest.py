"""A database of its own for the tests: on a server that is given, or on an embedded one."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import create_engine, make_url, text

import app.models  # noqa: F401
from app.database import Database, close_database, open_database, start_embedded
from app.migrating import migrate_up
from app.model import Base
from app.settings import Settings
from tests.harness import Harness


@pytest.fixture(scope="session")
def server_url() -> str:
    """The URL of a server on which databases can be made."""
    given = os.environ.get("TEST_DATABASE_URL")
    # Not in pytest's own folder: another run of pytest would close it to the server.
    return given or start_embedded(Path(mkdtemp(prefix="postgresql-")), keep=False)


def new_database(server_url: str, name: str) -> Database:
    """Make an empty database, in place of one that an earlier run left."""
    url = make_url(server_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    own = url.set(database=name).render_as_string(hide_password=False)
    return open_database(Settings(database_url=own))


@pytest.fixture(scope="session")
def database(server_url: str) -> Iterator[Database]:
    """A database with all migrations."""
    opened = new_database(server_url, "test_service")
    migrate_up(opened.engine)
    yield opened
    close_database(opened)


@pytest.fixture
def service(database: Database) -> Harness:
    """The service, without a row."""
    tables = ", ".join(Base.metadata.tables)
    if tables:
        with database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} CASCADE"))
    return Harness(database)


@pytest.fixture
def empty_database(server_url: str) -> Iterator[Database]:
    """A database without a table."""
    opened = new_database(server_url, "test_migrations")
    yield opened
    close_database(opened)
