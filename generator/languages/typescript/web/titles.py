"""What people read in the web application: titles of the plan, or names as words."""

from __future__ import annotations

from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.plan.plurals import plural_of


def plural_title(entity: Entity) -> str:
    """What many rows of an entity are called: after its own title, where the plan gives it one.

    Args:
        entity: one of the plan's.

    Returns:
        Words that begin with a capital letter.
    """
    if entity.title == entity.names.title:
        return entity.names.plural_title
    first, _, last = entity.title.rpartition(" ")
    return f"{first} {plural_of(last)[0]}".strip()


def field_title(member: Member) -> str:
    """What a value is called: the title of the plan, or its name as words.

    Args:
        member: a column of an entity, or an input.

    Returns:
        Words that begin with a capital letter.
    """
    return member.title or name_title(member.relation or member.name)


def name_title(name: str) -> str:
    """A name of the plan as words: ``due_on`` as ``Due on``."""
    words = " ".join(name.replace("_", " ").split())
    return words[:1].upper() + words[1:]
