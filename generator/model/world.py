"""What the resolver knows while it works: the combined plan, the names in reach, and the problems so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from generator.expressions.checking import check
from generator.expressions.syntax import parse
from generator.expressions.typed import Facts, Typed
from generator.expressions.types import (
    RULE,
    EntityType,
    ExpressionProblem,
    ExpressionProblems,
    Permission,
    Scope,
    Shape,
    Type,
)
from generator.expressions.types import Member as RowMember
from generator.model.combining import Combined, Declared
from generator.model.elements.catalogue import ConfigEntry, ErrorEntry
from generator.model.elements.identity import Identity
from generator.model.elements.members import ManyRelation, Member, Related
from generator.model.elements.operations import Operation, RoomBody
from generator.plan.members import Field
from generator.plan.routes import PARAMETER
from generator.plan.values import Expression
from generator.problems import ProblemList, did_you_mean

NO_FACTS: Facts = frozenset()


@dataclass(frozen=True)
class Effects:
    """What the steps of a transition raise, which entities they touch and which operations they call."""

    errors: tuple[str, ...]
    touches: tuple[str, ...]
    calls: tuple[str, ...]

    def joined(self, other: Effects) -> Effects:
        """These and others."""
        return Effects(
            tuple(dict.fromkeys((*self.errors, *other.errors))),
            tuple(dict.fromkeys((*self.touches, *other.touches))),
            tuple(dict.fromkeys((*self.calls, *other.calls))),
        )


@dataclass
class World:
    """The state of one resolution; stages fill it in the order of :func:`generator.model.resolve.resolve`."""

    combined: Combined
    problems: ProblemList
    json_case: Literal["camelCase", "snake_case"]
    column_case: Literal["snake_case", "camelCase"] = "snake_case"
    ids: Literal["uuid", "integer", "bigint"] = "uuid"
    identity: Identity | None = None
    bodies: Mapping[str, RoomBody] = field(default_factory=dict)
    """Bodies that rooms have, by the slots they are for."""
    config: dict[str, Type] = field(default_factory=dict)
    settings: dict[str, ConfigEntry] = field(default_factory=dict)
    errors: dict[str, ErrorEntry] = field(default_factory=dict)
    fields: dict[str, list[tuple[str, Declared[Field]]]] = field(default_factory=dict)
    """By entity, once somebody has asked."""
    members: dict[str, list[Member]] = field(default_factory=dict)
    many: dict[str, list[ManyRelation]] = field(default_factory=dict)
    related: dict[str, list[Related]] = field(default_factory=dict)
    entity_types: dict[str, EntityType] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)
    events: dict[str, Mapping[str, Type]] = field(default_factory=dict)
    used_errors: set[str] = field(default_factory=set)
    effects: dict[tuple[str, str], Effects] = field(default_factory=dict)
    """By entity and transition, where that has steps."""
    counts_calls: set[str | None] = field(default_factory=set)
    """Features with a route that has a rate limit of its own."""
    keeps_answers: set[str | None] = field(default_factory=set)
    """Features with a route that answers a repeated call from the first."""
    alike: dict[tuple[str, int, int, int], tuple[Field, Member]] = field(default_factory=dict)
    """What members are that say all of themselves; the same line stands in many entities."""
    own: dict[str, Member] = field(default_factory=dict)
    """The columns that entities have without writing them."""
    row_members: dict[int, tuple[Member, tuple[RowMember, ...]]] = field(default_factory=dict)
    """What expressions see of a member, by its identity."""
    shape_members: dict[int, tuple[Member, RowMember]] = field(default_factory=dict)
    """What they see of it in a plain object."""

    def json_name(self, name: str) -> str:
        """The name of a member in JSON: the plan's snake_case in the case of the convention."""
        return camel_case(name) if self.json_case == "camelCase" else name

    def column_name(self, name: str) -> str:
        """The name of a column in the database: the plan's snake_case in the case of the convention."""
        return camel_case(name) if self.column_case == "camelCase" else name

    def json_path(self, path: str) -> str:
        """A path whose parameters are named as JSON names them."""
        return PARAMETER.sub(lambda match: "{" + self.json_name(match[1]) + "}", path)

    @property
    def id_type(self) -> Type:
        """The type of an inferred `id`, and of what refers to it (LANGUAGE.md, section 2)."""
        return Type("uuid") if self.ids == "uuid" else Type("int", bits=32 if self.ids == "integer" else 53)

    def scope(self, row: str | None = None, allow: frozenset[Permission] = RULE) -> Scope:
        """The scope that every expression starts from: entities, shapes and config.

        Args:
            row: the entity whose row it is about, if it is about one.
            allow: what it may use.
        """
        policies = {name: str(place.value.allow) for name, place in self.combined["policies"].items()}
        return Scope(self.entity_types, self.shapes, self.config, policies, row=row, this=row, allow=allow)

    def check(
        self,
        place: Declared[object],
        path: tuple[str | int, ...],
        expression: Expression | str,
        scope: Scope,
        expected: Type | None = None,
        facts: Facts = NO_FACTS,
    ) -> Typed | None:
        """Check an expression; what is wrong is noted at its place.

        Args:
            place: the piece of the plan it stands in, and `path` the way from there.
            expression: its text.
            scope: the names in reach.
            expected: the type of the place.
            facts: paths known to be set.

        Returns:
            The typed tree, or None when there is a problem.
        """
        text = str(expression)
        try:
            return check(parse(text), scope, expected, facts)
        except ExpressionProblem as problem:
            self._note(place, path, problem)
        except ExpressionProblems as found:
            for each in found.problems:
                self._note(place, path, each)
        return None

    def _note(self, place: Declared[object], path: tuple[str | int, ...], problem: ExpressionProblem) -> None:
        self.problems.error(place.at(*path, offset=problem.offset), problem.message, problem.hint)

    def known_error(self, place: Declared[object], path: tuple[str | int, ...], code: str | None) -> None:
        """Note a problem when ``code`` is no error of the catalogue; otherwise remember that it is used."""
        if code is None:
            return
        if code in self.errors:
            self.used_errors.add(code)
        else:
            hint = did_you_mean(code, self.errors)
            self.problems.error(place.at(*path, value=True), f"no error is called {code}", hint)

    def known_entity(self, place: Declared[object], path: tuple[str | int, ...], name: str) -> bool:
        """Whether ``name`` is an entity; a problem is noted when it is not."""
        if name in self.combined["entities"]:
            return True
        hint = did_you_mean(name, self.combined["entities"])
        self.problems.error(place.at(*path, value=True), f"no entity is called {name}", hint)
        return False

    def is_guarded(self, entity: str) -> bool:
        """Whether the rows of an entity are there for some callers only."""
        declared = self.combined["entities"][entity].value
        return any((declared.scope, declared.owner, declared.visible))

    def member(self, entity: str, name: str) -> Member | None:
        """The stored member of an entity by plan name or column, or None."""
        for candidate in self.members.get(entity, ()):
            if name in (candidate.name, candidate.word, candidate.column):
                return candidate
        return None


def camel_case(name: str) -> str:
    """``due_on`` as ``dueOn``."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
