"""How alembic reaches the database: by the connection it is given, else by the settings."""

from alembic import context
from sqlalchemy import Connection, text

import app.models  # noqa: F401
from app.database import close_database, open_database
from app.model import Base
from app.settings import load_settings

# Any number that no other program locks in the same database.
LOCK = 4_961_267


def migrate(connection: Connection) -> None:
    """Run what alembic was asked for in one transaction, which no other process enters."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        # Migrations may take as long as they need.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    database = open_database(load_settings())
    try:
        with database.engine.connect() as connection:
            migrate(connection)
    finally:
        close_database(database)
