"""Who calls, for which tenant, and how an entity is bound to them."""

from __future__ import annotations

from typing import Literal

from generator.frozen import dataclass


@dataclass(frozen=True)
class Signing:
    """How people sign in where the service itself knows them.

    ``enumeration`` says whether answers tell which addresses are registered; ``hash`` how passwords are kept.
    """

    enumeration: Literal["guide", "strict"] = "guide"
    hash: Literal["bcrypt", "scrypt"] = "bcrypt"


@dataclass(frozen=True)
class Identity:
    """The entities of those who call, of the tenants, and of the rows that join both.

    ``member_actor`` and ``member_scope`` are the columns of ``member`` that refer to the two. ``auth`` is
    None where a gateway in front of the service says who calls.
    """

    actor: str
    scope: str | None = None
    member: str | None = None
    member_actor: str = ""
    member_scope: str = ""
    auth: Signing | None = None


@dataclass(frozen=True)
class ScopeStep:
    """One reference on the way from a row to its tenant: the column, and the entity it leads to."""

    column: str
    entity: str
