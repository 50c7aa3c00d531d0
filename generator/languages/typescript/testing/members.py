"""Members of an entity as generated tests are told of them: which values they take, and who sets them."""

from __future__ import annotations

from dataclasses import replace

from generator.expressions.typed import Field
from generator.languages.typescript.fields import (
    SAMPLE_CURRENCY,
    default_literal,
    sample_currency,
    text_bounds,
)
from generator.languages.typescript.literals import number_literal, pattern_literal, property_name
from generator.languages.typescript.places import model_constant
from generator.languages.typescript.testing.entities import Entries, TestedEntity, texts
from generator.languages.typescript.testing.samples import clashing, integer_bounds, label, settable
from generator.model.elements.members import ManyRelation, Member
from generator.model.elements.model import Model
from generator.model.formats import PATTERNS
from generator.typescript_layout.nodes import Atom, Call, Node, Object, text_literal

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC")


class MemberWriter:
    """Writes the members of one entity and notes which kinds of values they take."""

    def __init__(self, tested: TestedEntity) -> None:
        self.tested = tested
        self.values: set[str] = set()

    def members(self) -> Node:
        """What tests are told of each member."""
        entries: Entries = [
            (property_name(item.json), self._member(item)) for item in settable(self.tested.entity)
        ]
        entries += [(property_name(item.json), self._others(item)) for item in self.tested.entity.many]
        return Object(tuple(entries))

    def _member(self, member: Member) -> Node:
        entries: Entries = [("values", self._values(member))]
        if self._expected_column(member) != member.column:
            entries.append(("column", Atom(text_literal(member.column))))
        if member.required:
            entries.append(("required", Atom("true")))
        default = default_literal(member)
        if default is not None:
            entries.append(("default", Atom(default)))
        elif member.role != "state" and (member.default is not None or _is_kept(member)):
            entries.append(("computed", Atom("true")))
        if member.column in clashing(self.tested.entity):
            entries.append(("distinct", Atom("true")))
        write = "never" if member.role == "state" else member.write
        if write != "always":
            entries.append(("write", Atom(text_literal(write))))
        if member not in self.tested.view.members:
            entries.append(("hidden", Atom("true")))
        caller = self.tested.caller(member)
        if caller is not None:
            entries.append(("caller", Atom(text_literal(caller))))
        if caller is None and self.tested.is_self(member):
            entries.append(("isSelf", Atom("true")))
        if member.reference is not None and member.reference.guarded:
            entries.append(("absent", Atom(text_literal("NOT_FOUND"))))
        return Object(tuple(entries))

    def _others(self, relation: ManyRelation) -> Node:
        name = self.tested.model.entity(relation.entity).names.camel
        values = self._call("references", Atom(text_literal(name)))
        entries: Entries = [("values", values), ("default", Atom("[]"))]
        if relation not in self.tested.view.many:
            entries.append(("hidden", Atom("true")))
        if self.tested.is_self(relation):
            entries.append(("isSelf", Atom("true")))
        if relation.guarded:
            entries.append(("absent", Atom(text_literal("NOT_FOUND"))))
        return Object(tuple(entries))

    def _expected_column(self, member: Member) -> str:
        """The column that tests take a member to be kept in where they are told of none."""
        return snake(member.json) if self.tested.model.conventions["columns"] == "snake_case" else member.json

    def _values(self, member: Member) -> Node:
        if member.reference is not None:
            name = self.tested.model.entity(member.reference.entity).names.camel
            arguments: list[Node] = [Atom(text_literal(name))]
            if member.reference.on_delete != "restrict" or member.kind != "uuid":
                arguments.append(Atom(text_literal(member.reference.on_delete)))
            if member.kind != "uuid":
                arguments.append(self._values(replace(member, reference=None)))
            return self._call("reference", *arguments)
        if (self.tested.entity.name, member.column) in currency_homes(self.tested.model):
            codes = member.type.members[:1] or (SAMPLE_CURRENCY,)
            return self._call("oneOf", texts(codes))
        match member.kind:
            case "enum":
                return self._call("oneOf", texts(member.type.members))
            case "int":
                return self._call("integer", *options(integer_rules(member)))
            case "decimal":
                bounds = bounds_of(member)
                places = [Atom(str(member.type.precision)), Atom(str(member.type.scale))]
                return self._call("decimal", *places, *options(bounds))
            case "date" | "time" | "instant":
                return self._call(member.kind, *options(bounds_of(member)))
            case "interval":
                return self._call("integer", *options(integer_rules(member)))
            case "money":
                fixed: list[Node] = [Atom("true")] if member.type.currency else []
                return self._call("money", Atom(text_literal(sample_currency(member))), *fixed)
            case "list" if member.element is not None:
                lengths = (("min", member.min_length), ("max", member.max_length))
                rules: Entries = [
                    (key, Atom(number_literal(each))) for key, each in lengths if each is not None
                ]
                return self._call("several", self._values(member.element), *options(rules))
            case "text":
                return self._text(member)
            case "bool":
                return self._call("flag")
        return self._call(member.kind)

    def _text(self, member: Member) -> Node:
        if member.format == "timezone":
            return self._call("oneOf", texts(ZONES))
        rules: Entries = []
        if member.min_length:
            rules.append(("min", Atom(number_literal(member.min_length))))
        if member.max_length is not None:
            rules.append(("max", Atom(number_literal(member.max_length))))
        if member.max_bytes is not None:
            rules.append(("maxBytes", Atom(number_literal(member.max_bytes))))
        if member.needs:
            rules.append(("needs", texts(member.needs)))
        pattern = member.pattern or (PATTERNS.get(member.format or "") if member.format != "slug" else None)
        if pattern:
            rules.append(("pattern", Atom(pattern_literal(pattern))))
        if member.normalize:
            rules.append(("normalize", Atom(text_literal(member.normalize))))
        name = member.format if member.format in ("email", "slug") else "text"
        return self._call(name, Atom(text_literal(label(member))), *options(rules))

    def _call(self, name: str, *arguments: Node) -> Node:
        self.values.add(name)
        return Call(self.local(name), arguments)

    def local(self, name: str) -> str:
        """What a function of `values.ts` is called beside the constants of an entity of its name."""
        taken = (self.tested.entity.names.camel, model_constant(self.tested.entity))
        return f"{name}Values" if name in taken else name


def _is_kept(member: Member) -> bool:
    """Whether the service alone can give the member its value, and every row needs one."""
    return member.required and member.write == "never" and member.role == "data"


def options(entries: Entries) -> list[Node]:
    """An object as a last argument, or nothing where it would be empty."""
    return [Object(tuple(entries))] if entries else []


def integer_rules(member: Member) -> Entries:
    """The bounds of an integer where they are not those of 32 bits."""
    least, most = integer_bounds(member)
    rules: Entries = []
    if least != -(2**31):
        rules.append(("min", Atom(number_literal(least))))
    if most != 2**31 - 1:
        rules.append(("max", Atom(number_literal(most))))
    return rules


def bounds_of(member: Member) -> Entries:
    """The bounds of a member that is written as text."""
    return [(name, Atom(value)) for name, value in text_bounds(member)]


def currency_homes(model: Model) -> set[tuple[str, str]]:
    """The columns in which money of other rows finds its currency: tests keep to one."""
    found = set()
    for entity in model.entities:
        for member in entity.members:
            if isinstance(member.currency, Field) and member.currency.owner is not None:
                found.add((member.currency.owner.name, member.currency.member.column or ""))
    return found


def snake(name: str) -> str:
    """A JSON name as the test room writes a column."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
