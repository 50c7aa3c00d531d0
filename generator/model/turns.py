"""A step at its turn: what earlier steps bound and proved, and what it adds to that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from generator.expressions.typed import Facts, Typed
from generator.expressions.types import RULE, Binding, Scope, Type
from generator.model.combining import Declared
from generator.model.currencies import mixes_currencies
from generator.model.elements.operations import Operation
from generator.model.elements.steps import Step
from generator.model.emitted import KERNEL_NAMES
from generator.model.world import World, camel_case
from generator.plan import steps as written
from generator.problems import did_you_mean


@dataclass
class Progress:
    """What is known between two steps."""

    roots: dict[str, Binding]
    facts: Facts = frozenset()
    steps: list[Step] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    turns: list[tuple[Declared[written.Step], tuple[str, ...], tuple[Step, ...]]] = field(
        default_factory=list
    )
    """For each step as written what it raises, what it writes aside, and what it became."""
    touches: list[str] = field(default_factory=list)
    writes: bool = False

    def forget(self, name: str) -> None:
        """Drop what is proved of a row, since it has changed."""
        self.facts = frozenset(fact for fact in self.facts if fact[0] != name or fact == (name,))


@dataclass(frozen=True)
class Turn:
    """One step where its turn comes.

    ``roots`` and ``facts`` are what the step itself sees: those of ``progress``, the variable of its ``each``
    and what its ``when`` proves. ``shared`` are the attributes that any kind of step may have.
    """

    world: World
    operations: Mapping[str, Operation]
    taken: frozenset[str]
    source: Declared[written.Step]
    later: tuple[written.Step, ...]
    progress: Progress
    roots: Mapping[str, Binding]
    facts: Facts
    shared: Mapping[str, Any]

    @property
    def scope(self) -> Scope:
        """The names in reach of the step's expressions."""
        return scope_of(self.world, self.roots)

    def check(
        self, path: tuple[str | int, ...], expression: Any, wanted: Type | None, row: str | None = None
    ) -> Typed | None:
        """Check an expression of the step.

        Args:
            path: where it stands in the step.
            expression: as written.
            wanted: the type it shall have, None for any.
            row: the entity over whose rows it is, if it is.

        Returns:
            The checked expression, None where a problem was reported.
        """
        scope = self.scope if row is None else replace(self.scope, row=row, this=row)
        return self.world.check(self.source, path, expression, scope, wanted, self.facts)

    def refuse(
        self, path: tuple[str | int, ...], message: str, hint: str = "", *, value: bool = False
    ) -> None:
        """Report a problem at a place in the step; ``value`` points behind its key."""
        self.world.problems.error(self.source.at(*path, value=value), message, hint)

    def row(self, name: str) -> Binding | None:
        """The row bound to a name, None where a problem was reported."""
        kind = self.source.value.kind
        binding = self.roots.get(name)
        if binding is None or binding.type.kind != "row":
            rows = [key for key, item in self.roots.items() if item.type.kind == "row"]
            self.refuse((kind,), f"no row is bound to {name}", did_you_mean(name, rows), value=True)
            return None
        if binding.type.optional and (name,) not in self.facts:
            self.refuse((kind,), f"{name} may be unset here", "add `when:`", value=True)
            return None
        return binding

    def bind(self, name: str, type_: Type) -> str:
        """Bind a name for the steps that follow.

        Args:
            name: as in the plan.
            type_: what it holds.

        Returns:
            The variable that holds it in generated code.
        """
        if name in self.progress.roots:
            self.refuse((), f"{name} is bound twice", "give one another name with `as:`")
        variable = variable_of(name, self.taken)
        self.progress.roots[name] = Binding(type_, variable)
        return variable

    def add(self, kind: str, subject: str = "", **attributes: Any) -> None:
        """Add the checked step to the body."""
        if any(mixes_currencies(typed) for value in attributes.values() for typed in _expressions(value)):
            self.progress.errors.append("CURRENCY_MISMATCH")
        for name, typed in attributes.get("sets", {}).items():
            member = self.world.member(attributes.get("entity") or "", name)
            if member is not None and member.type.currency is not None and typed.type.currency is None:
                self.progress.errors.append("CURRENCY_MISMATCH")
        self.progress.steps.append(Step(kind, subject, **self.shared, **attributes))


def _expressions(value: Any) -> Iterator[Typed]:
    for item in value.values() if isinstance(value, Mapping) else (value,):
        if isinstance(item, Typed):
            yield item


def scope_of(world: World, roots: Mapping[str, Binding]) -> Scope:
    """The names in reach of a step or a criterion: those that are bound, and the plan's own."""
    return replace(world.scope(), roots=dict(roots), allow=RULE)


def variable_of(name: str, taken: frozenset[str]) -> str:
    """The variable for a name of the plan, which must not hide a function or a model."""
    variable = camel_case(name)
    return f"{variable}Row" if variable in taken or variable in KERNEL_NAMES else variable
