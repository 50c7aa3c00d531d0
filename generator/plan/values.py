"""The leaves of a plan: expressions, values, types, and the names and texts of fixed shape."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from generator.plan.forms import Choice, Form, Name, Part, Special, Text


class Expression(Part):
    """An expression of section 10, as written; `= ` in front of one among values is not part of it."""

    form: ClassVar[Form] = Special("expression")

    text: str

    def __str__(self) -> str:
        return self.text


class Value(Part):
    """A value: exactly one of `text`, `expression`, `items` and `members` is set.

    `text` is the source of a scalar (`quoted`: it was in quotes or a block, so it is text and nothing else);
    the plain words `null`, `~` and nothing at all are the text `null`. A text that starts with `= ` is an
    expression; one that starts with `==` has lost the first sign.
    """

    form: ClassVar[Form] = Special("value")

    text: str | None = None
    quoted: bool = False
    expression: Expression | None = None
    items: tuple[Value, ...] | None = None
    members: dict[str, Value] | None = None

    @property
    def kind(self) -> Literal["scalar", "expression", "list", "mapping"]:
        """Which of the four is set."""
        if self.expression is not None:
            return "expression"
        if self.items is not None:
            return "list"
        return "mapping" if self.members is not None else "scalar"

    @property
    def null(self) -> bool:
        """Whether the value is unset."""
        return self.text == "null" and not self.quoted


class TypeLine(Part):
    """A type as written.

    `name` is a scalar type (`varchar` with `arguments=("200",)`), `enum` (`arguments`: its members), `ref` or
    `many` (`arguments=("Entity",)`), `array`, `list` or `page` (of `inner`), `member` (`arguments=("Entity",
    "field")`) or `named` (`arguments=("Name",)`: a declared type, a schema or an entity).
    """

    form: ClassVar[Form] = Special("type")

    name: str
    arguments: tuple[str, ...] = ()
    inner: TypeLine | None = None

    def __str__(self) -> str:
        if self.name in ("ref", "many"):
            return f"{self.name} {self.arguments[0]}"
        if self.name == "member":
            return ".".join(self.arguments)
        if self.name == "named":
            return self.arguments[0]
        between = "," if self.name == "decimal" else ", "
        inside = str(self.inner) if self.inner else between.join(self.arguments)
        return f"{self.name}({inside})" if inside else self.name


VERSION = Choice(("1",), hint="This Specwright reads version 1 of the language")

EntityName = Annotated[str, Name("entity")]
ShapeName = Annotated[str, Name("schema")]
ServiceName = Annotated[str, Name("service")]
OperationName = Annotated[str, Name("operation")]
FieldName = Annotated[str, Name("field")]
MemberName = Annotated[str, Name("member")]
PolicyName = Annotated[str, Name("policy")]
TransitionName = Annotated[str, Name("transition")]
ConstraintName = Annotated[str, Name("constraint")]
StateName = Annotated[str, Name("state")]
ErrorCode = Annotated[str, Name("error")]
ConfigName = Annotated[str, Name("config")]
FixtureName = Annotated[str, Name("fixture")]
BindingName = Annotated[str, Name("binding")]
EventName = Annotated[str, Name("event")]
CriterionId = Annotated[str, Name("criterion")]
OperationId = Annotated[str, Name("operation id")]
FeatureName = Annotated[str, Name("feature")]
RoomName = Annotated[str, Name("room")]
SqlName = Annotated[str, Name("sql")]
Path = Annotated[str, Text(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", "staff.tenant", "a path")]
AnswerPath = Annotated[
    str,
    Text(
        r"[A-Za-z_][A-Za-z0-9_]*(\.([A-Za-z_][A-Za-z0-9_]*|[0-9]+))*", "project.name", "a path in the answer"
    ),
]
Duration = Annotated[str, Text(r"([0-9]{1,12}(ms|s|m|h|d))+", "15m", "a duration")]
Instant = Annotated[
    str,
    Text(
        r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9](\.[0-9]{1,3})?Z",
        "2026-01-01T00:00:00Z",
        "an instant",
    ),
]
