"""Acceptance criteria as TypeScript: what is given, what is done, and what must hold then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.expressions.typed import Root, Typed, parts
from generator.languages.typescript.code import CodeWriter, lines_of
from generator.languages.typescript.literals import property_name
from generator.languages.typescript.places import called_function, service_module
from generator.languages.typescript.seed import data_node
from generator.languages.typescript.testing.entities import texts
from generator.layout import Doc
from generator.model.elements.criteria import Criterion, Given
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation
from generator.model.fixtures import START, typed_values
from generator.typescript_layout.nodes import Array, Arrow, Atom, Await, Call, Node, Object, text_literal
from generator.typescript_layout.statements import constant, statement

COLUMN = 4
"""Where statements of a criterion stand: inside a method inside an object."""
CONTEXT = Atom("context")


def criterion_facts(model: Model, criterion: Criterion) -> dict[str, Any]:
    """One criterion as a file of its own.

    Args:
        model: the resolved plan.
        criterion: one of its criteria.

    Returns:
        Names, the lines of its proof and what they import.
    """
    writer = CriterionWriter(model, criterion)
    statements = writer.statements()
    lines = lines_of(statements, COLUMN)
    if any("context" in line.split("`")[0] or "${context" in line or "context." in line for line in lines):
        lines = ["const { context } = test;", *lines]
    name = criterion_name(criterion)
    return {
        "id": criterion.id,
        "name": name,
        "file": file_name(criterion),
        "title": criterion.title,
        "title_code": text_literal(criterion.title),
        "id_code": text_literal(criterion.id),
        "story": criterion.story,
        "at": text_literal(criterion.at) if criterion.at != START else None,
        "awaits": [text_literal(slot) for slot in placeholders(model, criterion)],
        "lines": lines,
        "imports": [[module_of(module), name] for module, name in writer.body.imports],
    }


class CriterionWriter:
    """Writes the statements of one criterion."""

    def __init__(self, model: Model, criterion: Criterion) -> None:
        self.model = model
        self.criterion = criterion
        self.body = CodeWriter(model)
        self.used = set(_names(criterion))

    def statements(self) -> list[Doc]:
        """All statements, in order."""
        made: list[Doc] = []
        for given in self.criterion.given:
            made.append(self._given(given))
        then = self.criterion.then
        made += self._together() if self.criterion.together else self._action()
        for name, count in then.emitted.items():
            arguments = (Atom(text_literal(name)), Atom(str(count)))
            made.append(statement(Await(Call("test.emitted", arguments))))
        for condition in then.holds:
            made.append(statement(Call("test.holds", (self.body.code(condition),))))
        return made

    def _given(self, given: Given) -> Doc:
        if given.kind == "advance":
            return statement(Call("test.advance", (Atom(_number(given.milliseconds)),)))
        if given.kind == "row":
            made = self._row(given)
        else:
            expected = {"error": given.fails} if given.fails else {}
            made = self._call(given, self._expected(expected))
        if given.repeat > 1:
            work = Arrow((), (statement(Await(made)),), is_async=True)
            return statement(Await(Call("test.times", (Atom(str(given.repeat)), work))))
        if given.binding in self.used:
            return constant(given.binding or "", Await(made))
        return statement(Await(made))

    def _row(self, given: Given) -> Node:
        entity = self.model.entity(given.entity or "")
        self.body.take("test:subjects", "make")
        relations = {relation.name: relation for relation in entity.many}
        columns: list[tuple[str, Node]] = []
        links: list[tuple[str, Node]] = []
        for name, value in given.values.items():
            if name in relations:
                ids = Array(tuple(data_node(self.body, item) for item in value))
                links.append((relations[name].json, ids))
            else:
                columns.append((name, data_node(self.body, value, entity.member(name))))
        arguments: list[Node] = [CONTEXT]
        if columns or links:
            arguments.append(Object(tuple(columns)))
        if links:
            arguments.append(Object(tuple(links)))
        return Call(f"make.{entity.names.camel}", tuple(arguments))

    def _action(self) -> list[Doc]:
        then = self.criterion.then
        action = self.criterion.actions[0]
        expected = self._expected(
            {
                "status": then.status,
                "error": then.error,
                "with": dict(then.parameters) or None,
                "body": then.body,
                "present": list(then.present) or None,
                "absent": list(then.absent) or None,
            }
        )
        made = Await(self._call(action, expected))
        return [constant("result", made) if "result" in self.used else statement(made)]

    def _expected(self, facts: Mapping[str, Any]) -> Node | None:
        entries = tuple((name, self._data(value)) for name, value in facts.items() if value is not None)
        return Object(entries) if entries else None

    def _call(self, action: Given, expected: Node | None) -> Node:
        operation = self.model.operation(action.operation or "")
        send = Object(tuple((name, self._data(value)) for name, value in action.values.items()))
        arguments: list[Node] = [self._target(action, operation)]
        caller = self._caller(action)
        entries = expected.entries if isinstance(expected, Object) else ()
        if caller:
            expected = Object((("by", Object(caller)), *entries))
        if action.values or expected is not None:
            arguments.append(send)
        if expected is not None:
            arguments.append(expected)
        return Call("test.http" if action.over_http else "test.call", tuple(arguments))

    def _caller(self, action: Given) -> tuple[tuple[str, Node], ...]:
        ids = (("actor", action.actor), ("scope", action.scope))
        return tuple((name, self.body.code(typed)) for name, typed in ids if typed is not None)

    def _target(self, action: Given, operation: Operation) -> Node:
        if action.over_http:
            return Atom(text_literal(operation.id))
        imported, function = called_function(self.model, operation)
        self.body.take(service_module(self.model, operation), imported)
        return Atom(function)

    def _together(self) -> list[Doc]:
        actions = []
        for action in self.criterion.actions:
            operation = self.model.operation(action.operation or "")
            target = self._target(action, operation)
            send = Object(tuple((name, self._data(value)) for name, value in action.values.items()))
            kind = "http" if action.over_http else "call"
            caller = self._caller(action)
            by = (("by", Object(caller)),) if caller else ()
            actions.append(Object(((kind, target), *by, ("send", send))))
        outcomes = self.criterion.then.outcomes or ("ok",) * len(actions)
        made = Call("test.together", (Array(tuple(actions)), texts(outcomes)))
        return [statement(Await(made))]

    def _data(self, value: Any) -> Node:
        if isinstance(value, Mapping):
            return Object(tuple((property_name(name), self._data(item)) for name, item in value.items()))
        if isinstance(value, list | tuple):
            return Array(tuple(self._data(item) for item in value))
        return data_node(self.body, value)


def criterion_name(criterion: Criterion) -> str:
    """The constant of a criterion: ``ac8``, or ``ac8Of002`` where there are several features."""
    feature, _, identity = criterion.id.rpartition("/")
    name = identity.lower().replace("-", "")
    return f"{name}Of{feature.split('-')[0]}" if feature else name


def file_name(criterion: Criterion) -> str:
    """The file of a criterion: ``ac-8``, or ``002-chat-ac-8`` where there are several features."""
    return criterion.id.lower().replace("/", "-")


def placeholders(model: Model, criterion: Criterion) -> list[str]:
    """The slots without a body that the actions of a criterion reach."""
    return [
        operation.slot.id
        for operation in reached(model, criterion)
        if operation.slot is not None and operation.slot.fallback is None and operation.slot.room is None
    ]


def reached(model: Model, criterion: Criterion) -> list[Operation]:
    """The operations that the actions of a criterion call, and those that these call, each once."""
    called = [each.operation for each in (*criterion.given, *criterion.actions) if each.operation]
    found: dict[str, Operation] = {}
    while called:
        identity = called.pop(0)
        if identity not in found:
            found[identity] = operation = model.operation(identity)
            called += _called_by(operation)
    return list(found.values())


def _called_by(operation: Operation) -> Iterator[str]:
    steps = (
        *(operation.body.steps if operation.body else ()),
        *(operation.transition.steps if operation.transition else ()),
    )
    yield from (step.operation for step in steps if step.operation)
    yield from operation.slot.may_call if operation.slot else ()


def module_of(module: str) -> str:
    """A module as services import it, from where criteria stand."""
    if module == "test:subjects":
        return "../subjects.js"
    if module.startswith("./"):
        return f"../../src/services/{module[2:]}"
    return module.replace("../", "../../src/", 1) if module.startswith("../") else module


def _names(criterion: Criterion) -> Iterator[str]:
    given = [
        {**item.values, "by": item.actor, "scope": item.scope}
        for item in (*criterion.given, *criterion.actions)
    ]
    then = criterion.then
    for data in (*given, then.parameters, then.body, list(then.holds)):
        for typed in typed_values(data):
            yield from _roots(typed)


def _roots(typed: Typed) -> Iterator[str]:
    if isinstance(typed, Root):
        yield typed.typescript.split(".")[0]
    for part in parts(typed):
        yield from _roots(part)


def _number(value: int) -> str:
    return f"{value:_}" if value >= 10_000 else str(value)
