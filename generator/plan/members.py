"""What has a type: fields of entities, members of shapes, parameters, config entries, declared types."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from generator.plan.forms import Form, Keyed, ListOf, MapOf, Name, Part, Special, Whole
from generator.plan.lines import FLAGS, read_line, write_line
from generator.plan.values import (
    ConfigName,
    EntityName,
    ErrorCode,
    Expression,
    FieldName,
    SqlName,
    TypeLine,
    Value,
)

Format = Literal["email", "url", "slug", "timezone", "currency", "country", "language", "phone"]
Normalize = Literal["lower", "upper", "trim", "lower_trim"]
Length = Annotated[int | None, Whole(0, 10_485_760)]


@lru_cache(maxsize=4096)
def _from_line(text: str) -> dict[str, Any]:
    # The same few lines stand in most entities of a big plan; what they are read into is frozen.
    line = read_line(text)
    found: dict[str, Any] = {"type": line.type, **dict.fromkeys(line.flags, True)}
    if line.default is not None:
        found["default"] = Value(expression=Expression(text=line.default))
    return found


class Field(Part):
    """A field of an entity, a member of a shape, or a parameter: `varchar(200) required = 'x'`, or keys.

    The default of the short form is an expression (`Value.expression`), that of the long form a value.
    """

    article: ClassVar[str] = "a field"
    later: ClassVar[dict[str, str]] = {"encrypt": "the key that values are encrypted with"}
    text_example: ClassVar[str] = "varchar(200) required"

    type: Annotated[TypeLine, "The type, such as `varchar(200)`, `ref Project` or `Task.title`."]
    title: Annotated[str | None, "A name for people."] = None
    required: Annotated[bool, "Whether it is never unset."] = False
    optional: Annotated[bool, "Lifts the requiredness that `Entity.field` brings."] = False
    unique: Annotated[bool, "Whether no two rows may have the same value."] = False
    cascade: Annotated[bool, "Of a ref: a row is deleted with the row it refers to."] = False
    default: Annotated[Value | None, "What it is when not given; an expression after `= `."] = None
    unique_error: Annotated[ErrorCode | None, "The error when `unique` is violated."] = None
    format: Annotated[Format | None, "A known format of text."] = None
    pattern: Annotated[
        str | None, "A regular expression, always anchored: the common part of the three languages."
    ] = None
    min: Annotated[Value | None, "The least value."] = None
    max: Annotated[Value | None, "The greatest value."] = None
    min_length: Annotated[Length, "The least number of characters."] = None
    max_length: Annotated[Length, "The greatest number of characters."] = None
    normalize: Annotated[Normalize | None, "What is done to a text before it is validated."] = None
    expose: Annotated[Literal["always", "never"], "`never`: in no output, log, filter or sort."] = "always"
    write: Annotated[
        Literal["always", "create", "never"], "When a client may write it; `never`: the server only."
    ] = "always"
    derived: Annotated[Expression | None, "Computed, never written by a client."] = None
    stored: Annotated[bool, "Of a derived field: computed at each write of the row, else at each read."] = (
        False
    )
    snapshot: Annotated[Expression | None, "A path whose value is copied when the row is created."] = None
    personal: Annotated[
        Literal["contact", "identity", "sensitive", "none"],
        "Kind of personal data: redacted in logs, listed in the data map.",
    ] = "none"
    column: Annotated[SqlName | None, "The column, where it is not the inferred one."] = None
    table: Annotated[SqlName | None, "Of `many`: the join table."] = None
    through: Annotated[
        EntityName | None, "Of `many`: the entity that joins, when it has columns of its own."
    ] = None
    inverse: Annotated[FieldName | None, "Of a ref: what the other side calls these rows."] = None
    on_delete: Annotated[
        Literal["restrict", "cascade", "set_null"] | None,
        "Of a ref: what happens when the row it refers to is deleted.",
    ] = None
    backfill: Annotated[Expression | None, "What rows get that exist when the field is added."] = None
    was: Annotated[
        tuple[FieldName, ...], ListOf(Name("field"), single=True), "Earlier names, oldest first."
    ] = ()

    @classmethod
    def read_text(cls, text: str) -> dict[str, Any]:
        """A line: `type flags = default`."""
        return _from_line(text)

    def write_text(self) -> str | None:
        """The line, when nothing else is set and the default is an expression."""
        flags = tuple(flag for flag in FLAGS if getattr(self, flag))
        default = self.default.expression.text if self.default and self.default.expression else None
        line = write_line(self.type, flags, default)
        return line if Field(**_from_line(line)) == self else None


SHAPE_KEYS = (
    *("type", "title", "required", "optional", "default", "format", "pattern", "min", "max"),
    *("min_length", "max_length", "normalize", "personal", "was"),
)
MEMBERS: Form = MapOf(Name("member"), Keyed(Field, only=SHAPE_KEYS, called="Member"))
ADDED: Form = MapOf(Name("member"), Keyed(Field, only=(*SHAPE_KEYS, "derived"), called="AddedMember"))
PARAMETERS: Form = MapOf(Name("member"), Keyed(Field, only=("type", "title", "required"), called="Parameter"))


class Shape(Part):
    """An input or output: one of `type` (a schema, an entity, `list(X)`, `page(X)`) and `fields`."""

    article: ClassVar[str] = "a shape"
    form: ClassVar[Form] = Special("shape")

    type: TypeLine | None = None
    fields: dict[str, Field] | None = None


class ConfigEntry(Part):
    """A setting of the service, read from the environment: `integer = 20`, or keys."""

    article: ClassVar[str] = "a config entry"
    text_example: ClassVar[str] = "integer = 20"

    type: Annotated[TypeLine, "`text integer decimal(p,s) boolean duration url list(T) enum(..)`."]
    title: Annotated[str | None, "What it is, for people."] = None
    required: Annotated[bool, "Whether the service does not start without it."] = False
    default: Annotated[Value | None, "What it is when the environment does not say."] = None
    secret: Annotated[bool, "Never logged, has no default, stops the boot by its name."] = False
    min_length: Annotated[Length, "The least number of characters."] = None
    min: Annotated[Value | None, "The least value."] = None
    max: Annotated[Value | None, "The greatest value."] = None
    was: Annotated[
        tuple[ConfigName, ...], ListOf(Name("config"), single=True), "Earlier names, oldest first."
    ] = ()

    @classmethod
    def read_text(cls, text: str) -> dict[str, Any]:
        """A line: `type = default`."""
        return _from_line(text)

    def write_text(self) -> str | None:
        """The line, when nothing else is set."""
        default = self.default.expression.text if self.default and self.default.expression else None
        line = write_line(self.type, ("required",) if self.required else (), default)
        return line if ConfigEntry(**_from_line(line)) == self else None


class NamedType(Part):
    """A declared type: a base with constraints that every field of it has."""

    article: ClassVar[str] = "a type"

    base: Annotated[TypeLine, "The type it narrows."]
    title: Annotated[str | None, "A name for people."] = None
    pattern: Annotated[str | None, "A regular expression, always anchored."] = None
    format: Annotated[Format | None, "A known format of text."] = None
    min_length: Annotated[Length, "The least number of characters."] = None
    max_length: Annotated[Length, "The greatest number of characters."] = None
    max_bytes: Annotated[Length, "The greatest number of bytes in UTF-8."] = None
    min: Annotated[Value | None, "The least value."] = None
    max: Annotated[Value | None, "The greatest value."] = None
    needs: Annotated[
        tuple[Literal["lower", "upper", "digit", "symbol"], ...],
        "Kinds of characters of which one at least must be there.",
    ] = ()
    normalize: Annotated[Normalize | None, "What is done to a text before it is validated."] = None
    was: Annotated[
        tuple[EntityName, ...], ListOf(Name("entity"), single=True), "Earlier names, oldest first."
    ] = ()
