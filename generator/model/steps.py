"""Each kind of step, checked with the names that earlier steps bound and the facts they proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from generator.expressions.checking import facts_of
from generator.expressions.typed import Facts, Typed
from generator.expressions.types import BOOL, RULE, Binding, Scope, Type
from generator.model.combining import Declared
from generator.model.elements.operations import Operation, Output
from generator.model.elements.steps import Step
from generator.model.emitted import KERNEL_NAMES
from generator.model.members import key_columns
from generator.model.rules import check_parameters, check_sets, entities_in
from generator.model.world import World, camel_case
from generator.plan import steps as written
from generator.plan.names import names_of
from generator.problems import did_you_mean


@dataclass
class Progress:
    """What is known between two steps."""

    roots: dict[str, Binding]
    facts: Facts = frozenset()
    steps: list[Step] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    touches: list[str] = field(default_factory=list)
    writes: bool = False


@dataclass
class StepChecker:
    """What checking steps needs to know, and one method for each kind of step."""

    world: World
    place: Declared[Any]
    operation: str
    input_shape: str
    output: Output
    operations: Mapping[str, Operation]
    taken: frozenset[str]

    def _scope(self, progress: Progress) -> Scope:
        return replace(self.world.scope(), roots=dict(progress.roots), allow=RULE)

    def _load(
        self,
        progress: Progress,
        local: Progress,
        source: Declared[written.Step],
        later: Any,
        result: dict[str, Any],
    ) -> None:
        step = source.value
        if not self.world.known_entity(source, ("load",), step.subject):
            return
        if (step.by is None) == (step.where is None):
            self.world.problems.error(
                source.at(), "load takes `by` or `where`, one of them", "by is the key of the row"
            )
            return
        scope = self._scope(local)
        if step.by is not None:
            key = key_columns(self.world, step.subject)
            if len(key) > 1:
                self.world.problems.error(
                    source.at("by"), f"{step.subject} has a key of {len(key)} columns", "use `where`"
                )
                return
            member = self.world.member(step.subject, key[0])
            type_ = member.type if member is not None else Type("uuid")
            result["by"] = self.world.check(source, ("by",), step.by, scope, type_, local.facts)
        if step.where is not None:
            where = replace(scope, row=step.subject, this=step.subject)
            result["where"] = self.world.check(source, ("where",), step.where, where, BOOL, local.facts)
            progress.touches.extend(entities_in(result["where"]))
        if step.many and step.missing is not None:
            self.world.problems.error(source.at("missing"), "a list is never missing", "remove it")
        self.world.known_error(source, ("missing",), step.missing)
        binding = step.as_ or names_of(step.subject).snake
        row = Type("row", entity=step.subject)
        type_ = Type("list", of=row) if step.many else row
        variable = self._bind(progress, source, binding, type_)
        progress.touches.append(step.subject)
        if not step.many:
            progress.errors.append(step.missing or "NOT_FOUND")
        written_later = any(
            other.kind in ("update", "delete", "transition")
            and (other.subject == binding or (other.each is not None and other.each.source == binding))
            for other in later
        )
        lock = step.lock or ("update" if written_later else "none")
        order = self._ordered(source, step.subject, step.order)
        progress.steps.append(
            Step(
                "load", step.subject, entity=step.subject, binding=binding, variable=variable, many=step.many,
                lock=lock, order=order, limit=step.limit, missing=step.missing or "NOT_FOUND", **result,
            )
        )  # fmt: skip

    def _ordered(self, source: Declared[Any], entity: str, order: Any) -> tuple[tuple[str, str], ...]:
        columns = []
        for index, item in enumerate(order):
            member = self.world.member(entity, item.field)
            if member is None:
                known = [candidate.column for candidate in self.world.members[entity]]
                self.world.problems.error(
                    source.at("order", index),
                    f"{entity} has no column {item.field}",
                    did_you_mean(item.field, known),
                )
                continue
            columns.append((member.column, "desc" if item.descending else "asc"))
        return tuple(columns)

    def _require(
        self,
        progress: Progress,
        local: Progress,
        source: Declared[written.Step],
        later: Any,
        result: dict[str, Any],
    ) -> None:
        step = source.value
        assert step.condition is not None
        condition = self.world.check(
            source, ("require",), step.condition, self._scope(local), BOOL, local.facts
        )
        self.world.known_error(source, ("error",), step.error)
        error = step.error or "VALIDATION_FAILED"
        parameters = check_parameters(self.world, source, error, step.with_, self._scope(local), local.facts)
        progress.errors.append(error)
        if condition is None:
            return
        progress.touches.extend(entities_in(condition))
        progress.facts |= facts_of(condition)
        progress.steps.append(
            Step("require", condition=condition, error=error, parameters=parameters, **result)
        )

    def _create(
        self,
        progress: Progress,
        local: Progress,
        source: Declared[written.Step],
        later: Any,
        result: dict[str, Any],
    ) -> None:
        step = source.value
        if not self.world.known_entity(source, ("create",), step.subject):
            return
        sets = check_sets(self.world, source, step.subject, step.set, self._scope(local), local.facts)
        states = self.world.combined["entities"][step.subject].value.states
        for member in self.world.members[step.subject]:
            if member.role not in ("data", "ref") or not member.required or member.default is not None:
                continue
            if member.column not in step.set and not (states is not None and member.name == states.field):
                self.world.problems.error(
                    source.at(), f"creating {step.subject} lacks {member.column}", "give it under `set:`"
                )
        progress.writes = True
        progress.touches.append(step.subject)
        variable = None
        if step.each is None:
            row = Type("row", entity=step.subject, optional=step.when is not None)
            variable = self._bind(progress, source, step.as_ or names_of(step.subject).snake, row)
        elif step.as_ is not None:
            self.world.problems.error(source.at("as"), "a step with `each` binds nothing", "remove `as`")
        progress.steps.append(
            Step("create", step.subject, entity=step.subject, sets=sets, variable=variable, **result)
        )

    def _update(
        self,
        progress: Progress,
        local: Progress,
        source: Declared[written.Step],
        later: Any,
        result: dict[str, Any],
    ) -> None:
        self._write(progress, local, source, result)

    def _delete(
        self,
        progress: Progress,
        local: Progress,
        source: Declared[written.Step],
        later: Any,
        result: dict[str, Any],
    ) -> None:
        self._write(progress, local, source, result)

    def _write(
        self, progress: Progress, local: Progress, source: Declared[written.Step], result: dict[str, Any]
    ) -> None:
        step = source.value
        scope = self._scope(local)
        progress.writes = True
        if step.names_entity:
            if not self.world.known_entity(source, (step.kind,), step.subject):
                return
            if step.where is None:
                self.world.problems.error(
                    source.at(),
                    f"{step.kind} of all rows of {step.subject} needs a `where`",
                    "say which rows",
                )
                return
            inner = replace(scope, row=step.subject, this=step.subject)
            result["where"] = self.world.check(source, ("where",), step.where, inner, BOOL, local.facts)
            result["sets"] = check_sets(
                self.world, source, step.subject, step.set, replace(scope, this=step.subject), local.facts
            )
            progress.touches.append(step.subject)
            progress.touches.extend(entities_in(result["where"]))
            progress.steps.append(Step(step.kind, step.subject, entity=step.subject, many=True, **result))
            return
        binding = self._row(source, step.kind, local, step.subject)
        if binding is None or binding.type.entity is None:
            return
        if step.where is not None:
            self.world.problems.error(source.at("where"), "a bound row needs no `where`", "remove it")
        result["sets"] = check_sets(
            self.world,
            source,
            binding.type.entity,
            step.set,
            replace(scope, this=binding.type.entity),
            local.facts,
        )
        rebinds = step.kind == "update" and step.each is None
        if rebinds:
            progress.facts = _without(progress.facts, step.subject)
        progress.steps.append(
            Step(
                step.kind, step.subject, entity=binding.type.entity, variable=binding.typescript,
                rebinds=rebinds, optional=step.when is not None, **result,
            )
        )  # fmt: skip

    def _transition(
        self,
        progress: Progress,
        local: Progress,
        source: Declared[written.Step],
        later: Any,
        result: dict[str, Any],
    ) -> None:
        step = source.value
        binding = self._row(source, "transition", local, step.subject)
        if binding is None or binding.type.entity is None:
            return
        entity = binding.type.entity
        states = self.world.combined["entities"][entity].value.states
        names = list(states.transitions) if states else []
        if step.using not in names:
            self.world.problems.error(
                source.at("using", value=True),
                f"{entity} has no transition {step.using}",
                did_you_mean(step.using or "", names),
            )
            return
        scope = replace(self._scope(local), this=entity)
        result["sets"] = check_sets(self.world, source, entity, step.set, scope, local.facts)
        progress.writes = True
        progress.errors.append("INVALID_TRANSITION")
        assert states is not None
        if states.transitions[step.using].guard is not None:
            progress.errors.append(states.transitions[step.using].error or "INVALID_TRANSITION")
        progress.facts = _without(progress.facts, step.subject)
        progress.steps.append(
            Step(
                "transition", step.subject, entity=entity, variable=binding.typescript, transition=step.using,
                rebinds=step.each is None, optional=step.when is not None, **result,
            )
        )  # fmt: skip

    def _call(
        self,
        progress: Progress,
        local: Progress,
        source: Declared[written.Step],
        later: Any,
        result: dict[str, Any],
    ) -> None:
        step = source.value
        called = self.operations.get(step.subject)
        if called is None:
            self.world.problems.error(
                source.at("call", value=True),
                f"no operation is called {step.subject}",
                did_you_mean(step.subject, self.operations),
            )
            return
        values: dict[str, Typed] = {}
        inputs = {member.column: member for member in called.input}
        for name, expression in step.with_.items():
            if name not in inputs:
                self.world.problems.error(
                    source.at("with", name), f"{step.subject} takes no {name}", did_you_mean(name, inputs)
                )
                continue
            typed = self.world.check(
                source, ("with", name), expression, self._scope(local), inputs[name].type, local.facts
            )
            if typed is not None:
                values[inputs[name].json] = typed
        for name, member in inputs.items():
            if not member.type.optional and name not in step.with_:
                self.world.problems.error(
                    source.at(), f"calling {step.subject} lacks {name}", "give it under `with:`"
                )
        variable = None
        if step.as_ is not None:
            variable = self._bind(
                progress, source, step.as_, result_type(called.output).with_optional(step.when is not None)
            )
        progress.writes = progress.writes or called.writes
        progress.errors.extend(code for code in called.errors if code != "VALIDATION_FAILED")
        progress.touches.extend(called.touches)
        progress.steps.append(
            Step("call", step.subject, operation=step.subject, values=values, variable=variable, **result)
        )

    def _emit(
        self,
        progress: Progress,
        local: Progress,
        source: Declared[written.Step],
        later: Any,
        result: dict[str, Any],
    ) -> None:
        step = source.value
        values: dict[str, Typed] = {}
        for name, expression in step.with_.items():
            typed = self.world.check(
                source, ("with", name), expression, self._scope(local), None, local.facts
            )
            if typed is not None:
                values[name] = typed
                progress.touches.extend(entities_in(typed))
        shape = {name: typed.type for name, typed in values.items()}
        known = self.world.events.setdefault(step.subject, shape)
        if {name: item.kind for name, item in known.items()} != {
            name: item.kind for name, item in shape.items()
        }:
            self.world.problems.error(
                source.at("emit"),
                f"{step.subject} is emitted with another shape elsewhere",
                "one name, one shape",
            )
        progress.writes = True
        progress.steps.append(Step("emit", step.subject, values=values, **result))

    def _row(self, source: Declared[Any], kind: str, local: Progress, name: str) -> Binding | None:
        binding = local.roots.get(name)
        if binding is not None and binding.type.kind == "row":
            if binding.type.optional:
                self.world.problems.error(
                    source.at(kind, value=True), f"{name} may be unset here", "add `when:`"
                )
                return None
            return binding
        rows = [key for key, item in local.roots.items() if item.type.kind == "row"]
        self.world.problems.error(
            source.at(kind, value=True), f"no row is bound to {name}", did_you_mean(name, rows)
        )
        return None

    def _variable(self, name: str) -> str:
        variable = camel_case(name)
        return f"{variable}Row" if variable in self.taken or variable in KERNEL_NAMES else variable

    def _bind(self, progress: Progress, source: Declared[Any], name: str, type_: Type) -> str:
        if name in progress.roots:
            self.world.problems.error(
                source.at(), f"{name} is bound twice", "give one another name with `as:`"
            )
        variable = self._variable(name)
        progress.roots[name] = Binding(type_, variable)
        return variable


def result_type(output: Output) -> Type:
    """What calling an operation gives, as expressions see it.

    Args:
        output: the operation's output.

    Returns:
        A shape by its name, a list or page of it, or null for nothing.
    """
    if output.kind == "none":
        return Type("null", optional=True)
    item = Type(
        "shape",
        shape=f"{output.name}" if output.item == "shape" or output.kind == "shape" else f"view {output.name}",
    )
    if output.kind in ("list", "page"):
        return Type(output.kind, of=item)
    return item


def _without(facts: Facts, binding: str) -> Facts:
    return frozenset(fact for fact in facts if fact[0] != binding)
