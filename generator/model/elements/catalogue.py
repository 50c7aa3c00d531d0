"""The catalogue of errors and the settings."""

from __future__ import annotations

from generator.expressions.types import Type
from generator.frozen import dataclass
from generator.model.elements.members import Member


@dataclass(frozen=True)
class ErrorEntry:
    """One entry of the error catalogue."""

    code: str
    status: int
    text: str
    parameters: tuple[Member, ...]
    builtin: bool


@dataclass(frozen=True)
class ConfigEntry:
    """One setting read from the environment when the service starts."""

    name: str
    type: Type
    required: bool
    secret: bool
    default: str | None
    minimum: str | None
    maximum: str | None
    min_length: int | None
    url: bool = False
    title: str = ""
