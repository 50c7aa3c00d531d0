"""Settings: read from the environment once, when the service starts."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """The environment is not complete; the message names every variable that is wrong."""


class Settings(BaseSettings):
    """What may differ from one installation to the next."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    log_level: Literal["debug", "info", "warning", "error", "critical"] = "info"
    database_url: Annotated[str, Field(pattern=r"^postgres(ql)?(\+psycopg)?://")] | None = None
    database_pool_size: Annotated[int, Field(ge=1, le=500)] = 10
    database_timeout: Annotated[int, Field(ge=2, le=3600)] = 15
    data_folder: Path = Path(".data")
    migrate_on_start: bool = True


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: something is missing or wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"  {str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors()]
        raise SettingsError("\n".join(["The environment is not complete:", *lines])) from None
