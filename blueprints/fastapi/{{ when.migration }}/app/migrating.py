"""Migrations: run by alembic, from the code or its command line; written as SQL."""

from pathlib import Path

from alembic import command, op
from alembic.config import Config
from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ROOT / "migrations" / "versions"


def migrate_up(engine: Engine, revision: str = "head") -> None:
    """Apply every migration up to a revision; one at a time where several services start at once."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def migrate_down(engine: Engine, revision: str = "base") -> None:
    """Take migrations back to a revision, and their data with them."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def run_script(name: str) -> None:
    """Run all statements of a file in `migrations/versions/`, as they are written."""
    script = (VERSIONS / name).read_text(encoding="utf-8")
    # Without parameters `%` and `:` in the script keep their meaning.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _config(connection: object) -> Config:
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["connection"] = connection
    return config
