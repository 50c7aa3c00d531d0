"""What all tables have in common."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Boolean, Date, Integer, MetaData, Numeric, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import TIME, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# What a violated constraint answers: an error code and the member of the input it is about.
Violations = Mapping[str, tuple[str, str | None]]


class Base(DeclarativeBase):
    """A table with an id."""

    metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s"})
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        bool: Boolean(),
        date: Date(),
        datetime: TIMESTAMP(timezone=True, precision=3),
        Decimal: Numeric(),
        int: Integer(),
        str: Text(),
        time: TIME(precision=0),
        UUID: Uuid(),
    }

    violations: ClassVar[Violations] = {}
    links: ClassVar[Mapping[str, Table]] = {}
    """Join tables by the member that holds the ids of their other side."""

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))


class Versioned:
    """A row that counts its changes, so that nobody overwrites what they have not seen."""

    version: Mapped[int] = mapped_column(server_default=text("1"))


class Created:
    """A row that knows when it was made."""

    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Updated(Created):
    """A row that also knows when it was last changed."""

    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class SoftDeleted:
    """A row that is hidden instead of deleted."""

    deleted_at: Mapped[datetime | None]
