"""Steps of an operation as the body of a TypeScript function that speaks to the generated kernel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.expressions.pieces import identifier
from generator.expressions.typed import TOP, Root, Typed, parts
from generator.languages.typescript.code import READ, VIEW, CodeWriter, ServiceWriter, lines_of
from generator.languages.typescript.places import (
    called_function,
    model_module,
    operation_file,
    service_module,
    transitions_constant,
    transitions_module,
    view_constant,
)
from generator.layout import Doc
from generator.model.elements.entities import Entity
from generator.model.elements.operations import Operation, Output
from generator.model.elements.steps import Body, Step
from generator.typescript_layout.nodes import Arrow, Atom, Await, Binary, Call, Node, Object, text_literal
from generator.typescript_layout.statements import assignment, condition, constant, loop, returned, statement

FAILURE, MODEL, WRITE = (f"../{name}.js" for name in ("failure", "model", "write"))
CONTEXT = Atom("context")


@dataclass
class BodyWriter(CodeWriter):
    """Writes the statements of steps and gathers what they import."""

    operation: Operation | None = field(kw_only=True)
    """Whose body it is; None for the steps of a transition."""
    rebound: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    """The variables that later steps name; what nobody names is not kept."""

    def body(self, body: Body, indent: int = 0) -> list[str]:
        """The statements of a body as lines, laid out for the column they will stand in.

        Args:
            body: checked steps.
            indent: columns from the left that the template will put before each line.

        Returns:
            Lines without that indentation.
        """
        self.rebound = frozenset(
            step.variable
            for number, step in enumerate(body.steps)
            if step.rebinds
            and step.variable
            and any(step.variable in _names_in(later) for later in body.steps[number + 1 :])
        )
        statements: list[Doc] = []
        for number, step in enumerate(body.steps):
            self.read = frozenset(name for later in body.steps[number + 1 :] for name in _names_in(later))
            statements.extend(self._step(step))
        return lines_of(statements, indent)

    def _step(self, step: Step) -> list[Doc]:
        if inserts_many(step):
            return [self._create_many(step)]
        made: list[Doc] = getattr(self, f"_{step.kind}")(step)
        if step.when is not None:
            declared: list[Doc] = []
            if step.kind == "create" and step.variable in self.read:
                declared = [f"let {step.variable}: {self._row_type(step)} | null = null;"]
            made = [*declared, condition(self.code(step.when), made)]
        if step.each is not None:
            made = [loop(step.each, Atom(step.source or ""), made)]
        return made

    def _row_type(self, step: Step) -> str:
        entity = self.model.entity(step.entity or "")
        name = f"{entity.name}Row"
        self.imports[(model_module(entity), f"type {name}")] = None
        return name

    def _load(self, step: Step) -> list[Doc]:
        entity = self.model.entity(step.entity or "")
        may_lack = step.missing == "none"
        name = "findMany" if step.many else "find" if may_lack else "load"
        self.take(READ, name)
        arguments: list[Node] = [CONTEXT, self.table(entity)]
        if step.by is not None:
            self.take(MODEL, "byKey")
            arguments.append(Call("byKey", (self.table(entity), self.code(step.by))))
        elif step.where is not None:
            arguments.append(self.sql(step.where, entity))
        options: list[tuple[str, Node]] = []
        if step.order:
            self.take("kysely", "sql")
            columns = ", ".join(
                _order_term(entity, column, descending=direction == "desc")
                for column, direction in step.order
            )
            options.append(("order", Atom(f"sql`{columns}`")))
        if step.limit is not None:
            options.append(("limit", Atom(str(step.limit))))
        if step.lock != "none":
            options.append(("lock", Atom(text_literal(step.lock))))
        if not step.many and step.missing not in ("NOT_FOUND", "none"):
            options.append(("missing", Atom(text_literal(step.missing))))
        if options:
            arguments.append(Object(tuple(options)))
        found: Node = Await(Call(name, tuple(arguments)))
        # An unset value is null, as it is in rows and in JSON.
        return [self._bound(step, Binary("??", found, Atom("null")) if may_lack else found)]

    def _require(self, step: Step) -> list[Doc]:
        assert step.condition is not None
        self.take(FAILURE, "ensure")
        arguments = [self.code(step.condition), Atom(text_literal(step.error or "VALIDATION_FAILED"))]
        if step.parameters or step.keep:
            arguments.append(self._object(step.parameters))
        if step.keep:
            arguments.append(Object((("keep", Atom("true")),)))
        return [statement(Call("ensure", tuple(arguments)))]

    def _create(self, step: Step) -> list[Doc]:
        entity = self.model.entity(step.entity or "")
        self.take(WRITE, "insert")
        made = Await(Call("insert", (CONTEXT, self.table(entity), self._object(step.sets))))
        return [statement(made) if step.variable is None else self._bound(step, made)]

    def _create_many(self, step: Step) -> Doc:
        """All rows of a list in one statement."""
        self.take("../write-many.js", "insertMany")
        table = self.table(self.model.entity(step.entity or ""))
        rows = Call(f"{step.source}.map", (Arrow((step.each or "",), self._object(step.sets)),))
        return statement(Await(Call("insertMany", (CONTEXT, table, rows))))

    def _update(self, step: Step) -> list[Doc]:
        entity = self.model.entity(step.entity or "")
        if step.many:
            assert step.where is not None
            self.take(WRITE, "updateMany")
            values = Object(tuple((name, self._value(typed, entity)) for name, typed in step.sets.items()))
            where = self.sql(step.where, entity)
            return [statement(Await(Call("updateMany", (CONTEXT, self.table(entity), where, values))))]
        self.take(WRITE, "update")
        row = step.variable or "row"
        changed = Await(
            Call("update", (CONTEXT, self.table(entity), Atom(row), self._object(step.sets, row)))
        )
        return [assignment(row, changed) if step.rebinds and row in self.read else statement(changed)]

    def _value(self, typed: Typed, entity: Entity) -> Node:
        # What reads the row is computed by the database for each row; all else is a value of the request.
        return self.sql(typed, entity) if TOP in typed.frames else self.code(typed)

    def _delete(self, step: Step) -> list[Doc]:
        entity = self.model.entity(step.entity or "")
        name = "removeMany" if step.many else "remove"
        self.take(WRITE, name)
        target: Node = Atom(step.variable or "row")
        if step.many:
            assert step.where is not None
            target = self.sql(step.where, entity)
        return [statement(Await(Call(name, (CONTEXT, self.table(entity), target))))]

    def _transition(self, step: Step) -> list[Doc]:
        entity = self.model.entity(step.entity or "")
        self.take("../transition.js", "transition")
        self.take(transitions_module(entity), transitions_constant(entity))
        row = step.variable or "row"
        way = Atom(f"{transitions_constant(entity)}.{step.transition}")
        arguments: list[Node] = [CONTEXT, self.table(entity), Atom(row), way]
        if step.sets:
            arguments.append(self._object(step.sets, row))
        moved = Await(Call("transition", tuple(arguments)))
        return [assignment(row, moved) if step.rebinds and row in self.read else statement(moved)]

    def _call(self, step: Step) -> list[Doc]:
        called = self.model.operation(step.operation or "")
        function = called.function
        home = service_module(self.model, called)
        if self.operation is None or home != service_module(self.model, self.operation):
            imported, function = called_function(self.model, called)
            self.take(home, imported)
        elif called.slot is not None and self.operation.slot is None:
            self.take(f"./{operation_file(self.model, called)}.slots.js", called.function)
        made: Node = Await(Call(function, (CONTEXT, self._shaped(step.values))))
        if called.gives_failure:
            self.take("../outcome.js", "unwrapped")
            made = Call("unwrapped", (made,))
        return [statement(made) if step.variable is None else self._bound(step, made)]

    def _emit(self, step: Step) -> list[Doc]:
        self.take(WRITE, "emit")
        name = Atom(text_literal(step.subject))
        return [statement(Await(Call("emit", (CONTEXT, name, self._object(step.values)))))]

    def _return(self, step: Step) -> list[Doc]:
        if step.members is not None:
            assert self.operation is not None
            if self.operation.output.kind == "page":
                return [returned(self._page(step.members, self.operation.output))]
            return [returned(self._shaped(step.members))]
        assert step.result is not None
        result = self.code(step.result)
        assert self.operation is not None
        output = self.operation.output
        if "view" not in (output.kind, output.item):
            return [returned(result)]
        name = "shapeMany" if output.kind == "list" else "shape"
        view, module = view_constant(self.model, output.name or "")
        self.take(VIEW, name)
        self.take(module, view)
        return [returned(Call(name, (CONTEXT, Atom(view), result)))]

    def _page(self, members: Mapping[str, Typed], output: Output) -> Object:
        items = self.code(members["items"])
        if output.item == "view":
            view, module = view_constant(self.model, output.name or "")
            self.take(VIEW, "shapeMany")
            self.take(module, view)
            items = Await(Call("shapeMany", (CONTEXT, Atom(view), items)))
        return Object((("items", items), ("total", self.code(members["total"]))))

    def _shaped(self, values: Mapping[str, Typed]) -> Object:
        """Members of a contract's type: instants as text, rows as their entity is answered."""
        return Object(tuple((name, self._contracted(typed)) for name, typed in values.items()))

    def _contracted(self, typed: Typed) -> Node:
        node = self.code(typed)
        if typed.type.kind == "instant":
            self.take(VIEW, "iso")
            return Call("iso", (node,))
        if typed.type.of is not None and typed.type.of.kind == "instant":
            self.take(VIEW, "iso")
            return ServiceWriter().each(typed, Call("iso", (Atom("each"),)))
        if typed.type.kind == "row" and typed.type.entity is not None:
            view, module = view_constant(self.model, typed.type.entity)
            self.take(VIEW, "shape")
            self.take(module, view)
            return Await(Call("shape", (CONTEXT, Atom(view), node)))
        return node

    def _object(self, values: Mapping[str, Typed], row: str = "row") -> Object:
        return Object(tuple((name, self.code(typed, row)) for name, typed in values.items()))

    def _bound(self, step: Step, value: Node) -> Doc:
        variable = step.variable or "row"
        if variable not in self.read:
            return statement(value)
        if step.when is not None:
            return assignment(variable, value)
        if variable in self.rebound:
            return ("let ", assignment(variable, value))
        return constant(variable, value)


def inserts_many(step: Step) -> bool:
    """Whether a step adds a row for each of a list, and what it sets can be said for all of them at once."""
    plain = step.kind == "create" and step.each is not None and step.when is None
    return plain and bool(step.sets) and not any(typed.queries for typed in step.sets.values())


def _order_term(entity: Entity, column: str, *, descending: bool) -> str:
    """A column as a list is sorted by it: text by code point, whatever the locale of the database."""
    is_text = entity.member(column).type.kind in ("text", "enum")
    return (
        f"{entity.table}.{identifier(column)}"
        + (' collate "C"' if is_text else "")
        + (" desc" if descending else "")
    )


def _names_in(step: Step) -> Iterator[str]:
    """The variables of earlier steps that a step names."""
    if step.kind not in ("load", "create", "call") and step.variable:
        yield step.variable
    if step.source:
        yield step.source
    plain = (step.by, step.where, step.condition, step.when, step.result)
    groups = (step.parameters, step.sets, step.values, step.members or {})
    for typed in (*plain, *(value for group in groups for value in group.values())):
        if typed is not None:
            yield from _roots_in(typed)


def _roots_in(typed: Typed) -> Iterator[str]:
    if isinstance(typed, Root):
        yield typed.typescript
    for part in parts(typed):
        yield from _roots_in(part)
