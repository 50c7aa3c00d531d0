"""Expressions of services as TypeScript, with what they import, and statements as the lines of a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.expressions.sql_writer import SqlWriter
from generator.expressions.typed import TOP, Field, Typed
from generator.expressions.typescript_writer import TypescriptWriter
from generator.languages.typescript.places import model_constant, model_module
from generator.layout import INDENT, Doc, Group, render
from generator.model.elements.entities import Entity
from generator.model.elements.model import Model
from generator.typescript_layout.expressions import expression
from generator.typescript_layout.nodes import Atom, Call, Node, Object
from generator.typescript_layout.statements import written

EXPRESSION, READ, VIEW = (f"../{name}.js" for name in ("expression", "read", "view"))
Imports = dict[tuple[str, str], None]
"""Pairs of module and name, in the order in which they were needed."""
CALLER, MODEL = "../caller.js", "../model.js"
MODULES = {
    "sql": "kysely",
    "instantOf": VIEW,
    "within": MODEL,
    "scoped": MODEL,
    "ruling": MODEL,
    "actorOf": CALLER,
    "scopeOf": CALLER,
    "memberOf": CALLER,
}
"""Where the names come from that expressions use; all others are reading functions."""


RULE_PREFIX = "v"
"""Aliases of what is visible, which stands inside of statements with aliases of their own."""


class ServiceWriter(TypescriptWriter):
    """Writes expressions of services: instants of inputs and answers are text, those of rows dates."""

    def field(self, typed: Field) -> Node:
        """A member of a row or of a shape."""
        node = super().field(typed)
        if typed.type.kind == "instant" and typed.base.type.kind == "shape":
            self.kernel.add("instantOf")
            return Call("instantOf", (node,))
        if typed.type.of is not None and typed.type.of.kind == "instant" and typed.base.type.kind == "shape":
            return self.each(typed, Call("new Date", (Atom("each"),)))
        return node


@dataclass
class CodeWriter:
    """Writes expressions and gathers what they import."""

    model: Model
    imports: Imports = field(default_factory=dict)

    def take(self, module: str, *names: str) -> None:
        """Import names from a module."""
        self.imports.update({(module, name): None for name in names})

    def code(self, typed: Typed, row: str = "row") -> Node:
        """An expression, with its imports noted.

        Args:
            typed: a checked expression.
            row: the TypeScript that holds the row it is about.

        Returns:
            The expression, ready to be laid out.
        """
        writer = ServiceWriter(rows={TOP: row})
        node = writer.node(typed)
        self._note(writer)
        return node

    def _note(self, writer: ServiceWriter) -> None:
        self.take(EXPRESSION, *sorted(writer.runtime))
        for name in sorted(writer.kernel):
            self.take(MODULES.get(name, READ), name)
        for name in sorted(writer.models):
            entity = next(item for item in self.model.entities if model_constant(item) == name)
            self.take(model_module(entity), name)

    def sql(self, typed: Typed, entity: Entity) -> Node:
        """A condition or a value over the rows of a table, as a template literal.

        Args:
            typed: a checked expression.
            entity: whose rows it is about.

        Returns:
            The template.
        """
        return Atom(f"sql`{self.sql_text(typed, entity.table)}`")

    def sql_text(self, typed: Typed, alias: str, currency: bool = False) -> str:
        """As :meth:`sql`, without the template around it; of money the amount, or the currency."""
        request = ServiceWriter()
        writer = SqlWriter({TOP: alias}, request)
        text = (writer.currency(typed) if currency else writer.write(typed)).text
        self.take("kysely", "sql")
        self._note(request)
        return text

    def rule_text(self, typed: Typed, alias: str) -> str:
        """A rule that says which rows are visible, which itself is not narrowed by what is visible."""
        request = ServiceWriter(in_rule=True)
        text = SqlWriter({TOP: alias}, request, gate="scoped", prefix=RULE_PREFIX).where(typed).text
        self._note(request)
        return text

    def table(self, entity: Entity) -> Atom:
        """The constant of an entity's model."""
        self.take(model_module(entity), model_constant(entity))
        return Atom(model_constant(entity))


def lines_of(statements: list[Doc], indent: int) -> list[str]:
    """Statements as lines, laid out for a column but without its indentation.

    Args:
        statements: documents.
        indent: the column they will stand in.

    Returns:
        Lines; those that continue a statement keep their indentation relative to its first.
    """
    return [line[indent:] for line in written(statements, indent).split("\n")] if statements else []


def lines_of_members(members: Mapping[str, Node], indent: int) -> list[str]:
    """The members of an object that is always written over several lines.

    Args:
        members: values by name.
        indent: the column the members will stand in.

    Returns:
        Lines without that indentation, each member ending in a comma.
    """
    doc = expression(Object(tuple(members.items())))
    assert isinstance(doc, Group)
    text = render(Group(doc.contents, breaks=True), column=indent - INDENT)
    return [line[indent:] for line in text.split("\n")[1:-1]]


def imports_of(imports: Imports) -> list[list[str]]:
    """Imports as a template merges them.

    Args:
        imports: pairs of module and name; ``type `` before a name marks a type.

    Returns:
        The pairs, as plain data.
    """
    return [[module, name] for module, name in imports]
