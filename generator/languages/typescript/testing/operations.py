"""Declared operations tried out: what is not there is missing, and what the steps say has happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from generator.expressions.typed import Comparison, Field, Gather, Invoke, Root, Typed, parts
from generator.languages.typescript.code import CodeWriter, lines_of
from generator.languages.typescript.literals import literal, property_name
from generator.languages.typescript.places import called_function, service_module
from generator.languages.typescript.testing.criteria import module_of
from generator.languages.typescript.testing.evaluation import UNKNOWN, Surroundings, evaluate, python_value
from generator.languages.typescript.testing.rows import gathers, witnesses
from generator.languages.typescript.testing.samples import Sampler, nth_value, python_row
from generator.layout import Doc
from generator.model.elements.members import Member
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation
from generator.model.elements.steps import Step
from generator.typescript_layout.nodes import Arrow, Atom, Await, Binary, Call, Node, Object, text_literal
from generator.typescript_layout.statements import constant, statement

TRIED = frozenset({"load", "require", "create", "update", "delete", "emit", "return"})
COLUMN = 6
"""Where statements of a trial stand: inside a method inside an object inside a list."""
CONTEXT = Atom("context")
MOST_BYSTANDERS = 50


def trial_facts(model: Model, operation: Operation) -> dict[str, Any] | None:
    """A test of an operation with steps, from the plan alone.

    Args:
        model: the resolved plan.
        operation: an operation.

    Returns:
        Its id, lines and imports; None if it has no steps or does what no trial can foresee.
    """
    if operation.kind != "steps" or operation.body is None:
        return None
    trial = Trial(model, operation)
    statements = trial.statements()
    if statements is None:
        return None
    lines = lines_of(statements, COLUMN)
    if any("context" in line for line in lines):
        lines = ["const { context } = test;", *lines]
    return {
        "id": text_literal(operation.id),
        "title": text_literal("does what its steps say"),
        "lines": lines,
        "imports": [
            [module_of(module).replace("../../src/", "../src/", 1).replace("../subjects", "./subjects"), name]
            for module, name in trial.writer.imports
        ],
    }


class Trial:
    """Writes the trial of one operation."""

    def __init__(self, model: Model, operation: Operation) -> None:
        self.model = model
        self.operation = operation
        self.writer = CodeWriter(model)
        self.sampler = Sampler(model)
        assert operation.body is not None
        self.steps = operation.body.steps
        self.rows: dict[str, list[Mapping[str, Any]]] = {}
        self.roots: dict[str, Mapping[str, Any]] = {}
        self.loads = loaded_inputs(self.steps)

    def statements(self) -> list[Doc] | None:
        """The whole trial, or None where its end cannot be foreseen."""
        if not self._is_foreseeable():
            return None
        made: list[Doc] = []
        values: list[tuple[str, Node]] = []
        for member in self.operation.input:
            step = self.loads.get(member.word)
            if step is not None:
                entity = self.model.entity(step.entity or "")
                self.writer.take("test:subjects", "make")
                made.append(
                    constant(step.variable or "", Await(Call(f"make.{entity.names.camel}", (CONTEXT,))))
                )
                values.append((property_name(member.json), Atom(f"{step.variable}.id")))
            elif member.required:
                values.append((property_name(member.json), Atom(literal(nth_value(member, 1)))))
        made.append(constant("input", Object(tuple(values))))
        for member in self.operation.input:
            if member.word in self.loads:
                made.append(self._missing(member, self.loads[member.word], values))
        made += self._bystanders()
        made += self._before()
        made.append(statement(Await(self._act(Atom("input")))))
        return made + [doc for step in self.steps for doc in self._after(step)]

    def _is_foreseeable(self) -> bool:
        names: set[str] = set()
        for step in self.steps:
            plain = step.kind in TRIED and step.when is None and step.each is None and not step.many
            if not plain or (step.kind == "load" and _loaded_input(step) is None):
                return False
            if step.kind == "load":
                names.add(step.variable or "")
        if len(names) < len([step for step in self.steps if step.kind == "load"]):
            return False
        inputs = [item for item in self.operation.input if item.required and item.word not in self.loads]
        if any(nth_value(member, 1) is UNKNOWN for member in inputs) or "input" in names:
            return False
        return all(self._requires(step) for step in self.steps if step.kind == "require")

    def _requires(self, step: Step) -> bool:
        """Whether what a step demands holds for rows that have just been made."""
        rows: dict[str, list[Mapping[str, Any]]] = {}
        roots: dict[str, Mapping[str, Any]] = {}
        self.rows, self.roots = rows, roots
        given: dict[str, Any] = {}
        for member in self.operation.input:
            load = self.loads.get(member.word)
            if load is None:
                value = nth_value(member, 1) if member.required else None
                given[member.word] = given[member.json] = python_value(member.kind, value)
                continue
            entity = self.model.entity(load.entity or "")
            row = python_row(entity, self.sampler.values(entity, "bare"))
            row["id"] = f"{entity.name} {len(rows.get(entity.name, ())) + 1}"
            row["entity"] = entity.name
            rows.setdefault(entity.name, []).append(row)
            roots[load.variable or ""] = row
            given[member.word] = given[member.json] = row["id"]
        roots["input"] = given
        around = replace(self.sampler.surroundings(), rows=rows, roots=roots)
        return step.condition is not None and evaluate(step.condition, around) is True

    def _bystanders(self) -> list[Doc]:
        """Rows that what the steps demand must not count, as many as would make it fail."""
        made: list[Doc] = []
        owners = {name: row for name, row in self.roots.items() if name != "input"}
        for step in self.steps:
            if step.kind != "require" or step.condition is None:
                continue
            for gather in gathers(step.condition):
                around = replace(self.sampler.surroundings(), rows=self.rows, roots=self.roots)
                size = _threshold(step.condition, gather, around)
                for witness in witnesses(self.sampler, gather, around, owners):
                    if not witness.counts and size is not None:
                        call = statement(Await(witness.node(owners)))
                        work = Arrow((), (call,), is_async=True)
                        repeated = Call("test.times", (Atom(str(size)), work))
                        made.append(call if size == 1 else statement(Await(repeated)))
                        self.writer.take("test:subjects", "make")
        return made

    def _missing(self, member: Member, step: Step, values: list[tuple[str, Node]]) -> Doc:
        name = property_name(member.json)
        # No test makes as many rows as a numbered key can count.
        nobody = Atom("2_147_483_647" if member.kind == "int" else "context.newId()")
        changed = Object(tuple((each, nobody if each == name else value) for each, value in values))
        expected = Object((("error", Atom(text_literal(step.missing))),))
        return statement(Await(self._act(changed, expected)))

    def _act(self, *arguments: Node) -> Call:
        if self.operation.route is not None:
            return Call("test.http", (Atom(text_literal(self.operation.id)), *arguments))
        imported, function = called_function(self.model, self.operation)
        self.writer.take(service_module(self.model, self.operation), imported)
        return Call("test.call", (Atom(function), *arguments))

    def _before(self) -> list[Doc]:
        made = []
        for index, step in enumerate(self.steps):
            if step.kind == "create":
                made.append(constant(f"before{index}", Await(self._count(step))))
        return made

    def _after(self, step: Step) -> list[Doc]:
        if step.kind == "emit":
            count = len([item for item in self.steps if item.kind == "emit" and item.subject == step.subject])
            return [
                statement(Await(Call("test.emitted", (Atom(text_literal(step.subject)), Atom(str(count))))))
            ]
        if step.kind == "create":
            before = Atom(f"before{self.steps.index(step)}")
            creates = [item for item in self.steps if item.kind == "create" and item.entity == step.entity]
            grown = Binary("+", before, Atom(str(len(creates))))
            return [statement(Call("test.same", (Await(self._count(step)), grown)))]
        if step.kind in ("update", "delete"):
            return self._changed(step)
        return []

    def _count(self, step: Step) -> Node:
        entity = self.model.entity(step.entity or "")
        self.writer.take("../read.js", "count")
        self.writer.take("kysely", "sql")
        return Call("count", (CONTEXT, self.writer.table(entity), Atom("sql`true`")))

    def _changed(self, step: Step) -> list[Doc]:
        if step.variable not in {load.variable for load in self.loads.values()}:
            return []  # a row that the operation has made itself: its id is not known here
        entity = self.model.entity(step.entity or "")
        self.writer.take("../read.js", "find")
        self.writer.take("../model.js", "byKey")
        table = self.writer.table(entity)
        found = Await(Call("find", (CONTEXT, table, Call("byKey", (table, Atom(f"{step.variable}.id"))))))
        if step.kind == "delete":
            return [statement(Call("test.same", (found, Atom("undefined"))))]
        known = {name: typed for name, typed in step.sets.items() if _is_known(typed, set(self.loads))}
        values = tuple(
            (name, self.writer.code(typed, step.variable or "row")) for name, typed in known.items()
        )
        return [statement(Call("test.same", (found, Object(values))))] if values else []


def loaded_inputs(steps: Sequence[Step]) -> dict[str, Step]:
    """The steps that load a row by an input, by the names of these inputs."""
    return {name: step for step in steps if (name := _loaded_input(step))}


def _loaded_input(step: Step) -> str | None:
    """The input by which a step loads a row."""
    if step.kind == "load" and isinstance(step.by, Field) and isinstance(step.by.base, Root):
        name = step.by.member.column or step.by.member.name
        return name if step.by.base.name == "input" else None
    return None


def _threshold(condition: Typed, gather: Gather, around: Surroundings) -> int | None:
    """How many rows would make a difference: what a count is compared with, else one."""
    if isinstance(condition, Comparison) and condition.left is gather and gather.fold == "count":
        limit = evaluate(condition.right, around)
        return limit if isinstance(limit, int) and 0 < limit <= MOST_BYSTANDERS else None
    return 1


def _is_known(typed: Typed, names: set[str]) -> bool:
    """Whether a value can be told afterwards as well as before."""
    if isinstance(typed, Root) and typed.name in ("actor", "scope", "member"):
        return False
    if typed.queries or (isinstance(typed, Invoke) and typed.name in ("new_id", "new_token")):
        return False
    return all(_is_known(part, names) for part in parts(typed))
