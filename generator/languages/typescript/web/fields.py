"""What the values of a plan are to people: one declaration of `field.ts` for each."""

from __future__ import annotations

from generator.languages.typescript.fields import enum_of
from generator.languages.typescript.literals import literal
from generator.languages.typescript.places import CONTRACT
from generator.languages.typescript.web.titles import field_title, name_title
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.model.elements.model import Model
from generator.typescript_layout.nodes import Atom, Call, Node, text_literal

SHORT = 255
"""Texts that may be longer than this get several lines."""
PLAIN = {
    "uuid": "id",
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "instant": "instant",
    "interval": "duration",
    "json": "json",
}
"""Builders of `field.ts` that take a title alone, by the kind of a member."""


class FieldWriter:
    """Declares fields, and notes what the declarations import."""

    def __init__(self, model: Model, listed: frozenset[str]) -> None:
        self.model = model
        self.listed = listed
        self.imports: list[list[str]] = [["../field.js", "* as field"]]

    def key_of(self, entity: str) -> tuple[Node, ...]:
        """What the keys of an entity are, where they are no text."""
        kinds = {member.kind for member in self.model.entity(entity).key_members}
        return (field_node("integer", "Key"),) if kinds == {"int"} else ()

    def field(self, member: Member, owner: Entity | None) -> Node:
        """What a value is.

        Args:
            member: a column, or an input.
            owner: the entity of a column; None for an input.

        Returns:
            The call that declares it.
        """
        title = field_title(member)
        target = member.reference.entity if member.reference else self._meant(member, owner)
        if target is not None and not member.reference and not member.title:
            title = name_title(member.name.removesuffix("_id"))
        if target is not None and target in self.listed:
            to = text_node(self.model.entity(target).names.camel)
            return field_node("reference", title, to, *self.key_of(target))
        match member.kind:
            case "text":
                return field_node(_text_kind(member), title)
            case "bool":
                return field_node("optionalFlag" if member.type.optional else "flag", title)
            case "money":
                fixed = member.type.currency
                return field_node("money", title, *((text_node(fixed),) if fixed else ()))
            case "enum":
                return field_node("choice", title, self._options(member, owner))
            case "list" if member.element is not None:
                return field_node("list", title, self.field(member.element, None))
            case "list" | "row" | "shape":
                return field_node("rows", title)
        return field_node(PLAIN.get(member.kind, "text"), title)

    def _meant(self, member: Member, owner: Entity | None) -> str | None:
        """The entity that an input of a declared operation is called after: ``person_id``."""
        if owner is not None or member.kind not in ("uuid", "int") or not member.name.endswith("_id"):
            return None
        snake = member.name.removesuffix("_id")
        return next((item.name for item in self.model.entities if item.names.snake == snake), None)

    def _options(self, member: Member, owner: Entity | None) -> Node:
        enum = enum_of(member, owner) if member.exposed else None
        if enum is None:
            return Atom(literal(list(member.type.members)))
        self.imports.append([f"{CONTRACT}/{enum['file']}", enum["name"]])
        return Atom(f"{enum['name']}.options")


def is_long(member: Member) -> bool:
    """Whether a text may need several lines."""
    return member.max_length is None or member.max_length > SHORT


def _text_kind(member: Member) -> str:
    if member.format in ("email", "url"):
        return str(member.format)
    return "multiline" if is_long(member) and not (member.pattern or member.format) else "text"


def field_node(kind: str, title: str, *more: Node) -> Node:
    """A call of a builder of `field.ts`, with a title and what else it takes."""
    return Call(f"field.{kind}", (text_node(title), *more))


def text_node(text: str) -> Node:
    """A text as code."""
    return Atom(text_literal(text))
