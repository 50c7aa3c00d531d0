"""Bodies of operations: their steps in order, and what they return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from generator.expressions.checking import facts_of
from generator.expressions.typed import Constant, Typed
from generator.expressions.types import BOOL, Binding, Scope, Type
from generator.frozen import dataclass
from generator.model.combining import Declared
from generator.model.elements.operations import Operation, Output
from generator.model.elements.steps import Body, Step
from generator.model.rules import entities_in
from generator.model.steps import check_step
from generator.model.turns import Progress, Turn, scope_of, variable_of
from generator.model.world import World
from generator.plan import steps as written
from generator.problems import did_you_mean


@dataclass(frozen=True)
class BodyChecker:
    """Checks the bodies of one operation: its steps, or its slot's fallback and wrong variants.

    ``place`` is where the operation is declared, ``operation`` its id, ``input_shape`` the name of what it
    takes, if anything. ``operations`` may be called; no variable may have a name that is ``taken``; ``bound``
    are names that are bound before the first step.
    """

    world: World
    place: Declared[Any]
    operation: str
    input_shape: str | None
    output: Output
    operations: Mapping[str, Operation]
    taken: frozenset[str]
    bound: Mapping[str, Binding] = field(default_factory=dict)

    def check(self, steps: tuple[written.Step, ...], path: tuple[str | int, ...]) -> tuple[Body, Progress]:
        """Check the steps in order.

        Args:
            steps: as written.
            path: where they stand below the operation.

        Returns:
            The checked body, and what it raises, touches and writes.
        """
        progress = Progress(self._roots())
        for index, step in enumerate(steps):
            source = self.place.below(step, *path, index)
            raised, added = len(progress.errors), len(progress.steps)
            self._step(progress, source, steps[index + 1 :])
            progress.turns.append(
                (source, tuple(progress.errors[raised:]), tuple(progress.steps[added:])),
            )
            if step.kind == "return" and index != len(steps) - 1:
                self.world.problems.error(source.at(), "nothing runs after a return", "make it the last step")
        if self.output.kind != "none" and (not steps or steps[-1].kind != "return"):
            self.world.problems.error(
                self.place.at(),
                f"{self.operation} has an output and returns nothing",
                "end with a `return:` step",
            )
        return Body(tuple(progress.steps)), progress

    def check_return(self, result: Any, path: tuple[str | int, ...]) -> tuple[Body, Progress]:
        """Check a body that is one ``return``.

        Args:
            result: an expression, or expressions by member.
            path: where it stands below the operation.

        Returns:
            As :meth:`check`.
        """
        progress = Progress(self._roots())
        self._return(progress, self.place, path, result)
        return Body(tuple(progress.steps)), progress

    def _roots(self) -> dict[str, Binding]:
        if self.input_shape is None:
            return dict(self.bound)
        return {"input": Binding(Type("shape", shape=self.input_shape), "input"), **self.bound}

    def _step(
        self, progress: Progress, source: Declared[written.Step], later: tuple[written.Step, ...]
    ) -> None:
        step = source.value
        if step.kind == "return":
            self._return(progress, source, ("return",), step.return_)
            return
        roots, facts = dict(progress.roots), progress.facts
        shared: dict[str, Any] = {}
        if step.each is not None and not self._iterate(roots, source, shared):
            return
        if step.when is not None:
            scope = scope_of(self.world, roots)
            condition = self.world.check(source, ("when",), step.when, scope, BOOL, facts)
            if condition is not None:
                shared["when"] = condition
                facts |= facts_of(condition)
                progress.touches.extend(entities_in(condition))
        check_step(
            Turn(self.world, self.operations, self.taken, source, later, progress, roots, facts, shared)
        )

    def _iterate(
        self, roots: dict[str, Binding], source: Declared[written.Step], shared: dict[str, Any]
    ) -> bool:
        each = source.value.each
        assert each is not None
        binding = roots.get(each.source)
        if binding is None or binding.type.kind != "list" or binding.type.of is None:
            lists = [name for name, item in roots.items() if item.type.kind == "list"]
            self.world.problems.error(
                source.at("each", value=True),
                f"{each.source} is no bound list",
                did_you_mean(each.source, lists),
            )
            return False
        variable = variable_of(each.name, self.taken)
        roots[each.name] = Binding(binding.type.of, variable)
        shared["each"] = variable
        shared["source"] = binding.typescript
        return True

    def _return(
        self, progress: Progress, source: Declared[Any], path: tuple[str | int, ...], result: Any
    ) -> None:
        scope = scope_of(self.world, progress.roots)
        if self.output.kind == "none":
            self.world.problems.error(
                source.at(*path), f"{self.operation} has no output", "remove it, or give it an `output:`"
            )
            return
        if self.output.kind == "page":
            self._return_page(progress, source, path, result, scope)
            return
        if isinstance(result, Mapping):
            progress.steps.extend(self._return_members(progress, source, path, result, scope))
            return
        expected = self._expected()
        typed = self.world.check(source, path, result, scope, expected, progress.facts)
        if typed is not None:
            progress.touches.extend(entities_in(typed))
            progress.steps.append(Step("return", result=typed))

    def _expected(self) -> Type | None:
        name = self.output.name or ""
        item = (
            Type("row", entity=self._entity_of(name))
            if self.output.item == "view" or self.output.kind == "view"
            else Type("shape", shape=name)
        )
        if self.output.kind in ("list", "page"):
            return Type("list", of=item)
        return item

    def _return_page(
        self,
        progress: Progress,
        source: Declared[Any],
        path: tuple[str | int, ...],
        result: Any,
        scope: Scope,
    ) -> None:
        if not isinstance(result, Mapping) or set(result) != {"items", "total"}:
            self.world.problems.error(
                source.at(*path),
                "a page is `items` and `total`",
                "return both: a list, and how many there are",
            )
            return
        members: dict[str, Typed] = {}
        for name, wanted in (("items", self._expected()), ("total", Type("int"))):
            typed = self.world.check(source, (*path, name), result[name], scope, wanted, progress.facts)
            if typed is not None:
                members[name] = typed
                progress.touches.extend(entities_in(typed))
        progress.steps.append(Step("return", members=members))

    def _entity_of(self, view: str) -> str:
        declared = self.world.combined["schemas"].get(view)
        return declared.value.of if declared is not None else view

    def _return_members(
        self,
        progress: Progress,
        source: Declared[Any],
        path: tuple[str | int, ...],
        result: Mapping[str, Any],
        scope: Scope,
    ) -> Iterator[Step]:
        shape = self.world.shapes.get(self.output.name or "")
        if self.output.kind != "shape" or shape is None:
            self.world.problems.error(
                source.at(*path), "a row is returned here, not members", "return what is bound to it"
            )
            return
        members: dict[str, Typed] = {}
        for name, expression in result.items():
            if name not in shape.members:
                self.world.problems.error(
                    source.at(*path, name),
                    f"{shape.name} has no member {name}",
                    did_you_mean(name, shape.members),
                )
                continue
            member = shape.members[name]
            typed = self.world.check(source, (*path, name), expression, scope, member.type, progress.facts)
            if typed is not None:
                members[member.json] = typed
                progress.touches.extend(entities_in(typed))
        for name, member in shape.members.items():
            if not member.type.optional and name not in result:
                self.world.problems.error(source.at(*path), f"what is returned lacks {name}", "add it")
        # What an answer leaves out is unset, and JSON says so.
        unset = Constant(type=Type("null", optional=True), offset=0, value=None)
        complete = {member.json: members.get(member.json, unset) for member in shape.members.values()}
        yield Step("return", members=complete)
