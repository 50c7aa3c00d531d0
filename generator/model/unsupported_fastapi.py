"""Parts of the language that the stack fastapi has no code for yet: refused by name, never ignored.

The reference lists :data:`NOT_YET_ON_FASTAPI`; a test holds that each is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from generator.expressions.nodes import Boolean, Call, Duration, Negate, Null, Number, Path, Text
from generator.expressions.syntax import parse
from generator.expressions.types import ExpressionProblem
from generator.model.combining import Combined, Declared
from generator.problems import Location, ProblemList

NOT_YET_ON_FASTAPI: dict[str, str] = {
    "config": "config",
    "schemas": "schemas",
    "services": "services (steps and slots)",
    "states": "states",
    "fixtures": "fixtures and seed data",
    "acceptance": "acceptance criteria",
    "performance": "quality: performance",
    "room": "rooms other than base, model, migration, controller and test",
    "fill": "tasks that fill a slot",
    "key": "key of an entity",
    "exclusions": "exclusions",
    "identity": "identity",
    "auth": "identity from auth: people who sign in",
    "policies": "policies",
    "callers": "scope, owner and visible of an entity",
    "access": "access and policy of a resource",
    "output": "output of a resource",
    "page": "page: cursor",
    "default": "a default that is computed",
    "derived": "a derived field that depends on the time or on config",
    "conventions.columns": "conventions.columns: camelCase",
    "conventions.ids": "conventions.ids: integer, bigint",
    "conventions.errors": "conventions.errors: compact",
    "interval": "interval fields",
    "format": "formats other than email and slug",
    "needs": "needs and max_bytes of a type",
    "computed": "snapshots and stored derived fields",
    "money": "money",
    "array": "array fields",
    "backfill": "backfill",
    "method": "index methods other than btree",
    "values": "extend: values",
    "related": "inverse of a ref and through of many",
}
"""What is refused: a key for each, with what messages call it."""

ROOMS = ("base", "model", "migration", "controller", "test")
LITERALS = (Boolean, Duration, Null, Number, Text)
_OF_THE_REQUEST = ("now", "today", "new_id", "new_token")

Found = tuple[Location, str]


def refuse_on_fastapi(combined: Combined, problems: ProblemList) -> None:
    """Note a problem for each use of a part that fastapi has no code for, if that is the plan's stack.

    Args:
        combined: the plan.
        problems: where they are noted.
    """
    if combined.head.plan.stack != "fastapi":
        return
    for location, key in _found(combined):
        problems.error(
            location,
            f"{NOT_YET_ON_FASTAPI[key]}: not supported yet on fastapi",
            "see «Not supported yet» in the plan reference, or use `stack: express-react`",
        )


def _found(combined: Combined) -> Iterator[Found]:
    for feature in combined.project.features:
        plan = feature.plan
        for section in ("config", "schemas", "services", "policies", "fixtures", "acceptance"):
            for name in getattr(plan, section):
                yield feature.locate(section, name), section
        head: Declared[Any] = Declared(feature, (), plan)
        if plan.identity is not None:
            signs_in = plan.identity.from_ == "auth"
            yield head.at("identity", *(("from",) if signs_in else ())), "auth" if signs_in else "identity"
        for key, usual in (("columns", "snake_case"), ("ids", "uuid"), ("errors", "problem")):
            if plan.conventions is not None and getattr(plan.conventions, key) != usual:
                yield head.at("conventions", key), f"conventions.{key}"
        for name, named in plan.types.items():
            place = head.below(named, "types", name)
            yield from _formatted(place)
            for key in ("needs", "max_bytes"):
                if getattr(named, key):
                    yield place.at(key), "needs"
        if plan.quality is not None and plan.quality.performance:
            yield head.at("quality", "performance"), "performance"
        for section in ("entities", "extend"):
            for name, entity in getattr(plan, section).items():
                yield from _entity(head.below(entity, section, name))
        if feature.tasks is not None and feature.locate_tasks is not None:
            for index, task in enumerate(feature.tasks.tasks):
                if task.generate is not None and task.generate not in ROOMS:
                    yield feature.locate_tasks("tasks", index, "generate"), "room"
                if task.fill is not None:
                    yield feature.locate_tasks("tasks", index, "fill"), "fill"


def _entity(place: Declared[Any]) -> Iterator[Found]:
    entity = place.value
    if getattr(entity, "states", None) is not None:
        yield place.at("states"), "states"
    if getattr(entity, "transitions", None):
        yield place.at("transitions"), "states"
    for name in entity.exclusions:
        yield place.at("exclusions", name), "exclusions"
    for key in ("scope", "owner", "visible"):
        if getattr(entity, key, None) is not None:
            yield place.at(key), "callers"
    for key in ("access", "policy"):
        if getattr(entity.resource, key, None):
            yield place.at("resource", key), "access"
    if getattr(entity, "key", None) is not None:
        yield place.at("key"), "key"
    if getattr(entity.resource, "output", None) is not None:
        yield place.at("resource", "output"), "output"
    if getattr(entity.resource, "page", "offset") == "cursor":
        yield place.at("resource", "page"), "page"
    for name, index in entity.indexes.items():
        if index.method != "btree":
            yield place.at("indexes", name, "method"), "method"
    if getattr(entity, "values", None):
        yield place.at("values"), "values"
    for name, field in entity.fields.items():
        if field.default is not None and _is_computed(field.default.expression):
            yield place.at("fields", name), "default"
        below = place.below(field, "fields", name)
        yield from _formatted(below)
        if field.type.name in ("interval", "money", "array"):
            yield below.at(), field.type.name
        if field.snapshot is not None or field.stored:
            yield below.at(), "computed"
        for key in ("inverse", "through"):
            if getattr(field, key) is not None:
                yield below.at(key), "related"
        if field.backfill is not None:
            yield below.at("backfill"), "backfill"
        if field.derived is not None and _depends_on_request(str(field.derived)):
            yield place.at("fields", name, "derived"), "derived"


def _formatted(place: Declared[Any]) -> Iterator[Found]:
    if place.value.format not in (None, "email", "slug"):
        yield place.at("format"), "format"


def _is_computed(expression: object) -> bool:
    """Whether a default is more than a literal or a member of an enum (a path of one name)."""
    if expression is None:
        return False
    try:
        node: object = parse(str(expression))
    except ExpressionProblem:
        return False
    if isinstance(node, Negate):
        node = node.operand
    return not isinstance(node, LITERALS) and not (isinstance(node, Path) and len(node.names) == 1)


def _depends_on_request(text: str) -> bool:
    try:
        return any(_is_of_request(node) for node in _nodes(parse(text)))
    except ExpressionProblem:
        # The checker tells what is wrong with it.
        return False


def _is_of_request(node: object) -> bool:
    if isinstance(node, Call):
        return node.name in _OF_THE_REQUEST
    return isinstance(node, Path) and node.names[0] == "config"


def _nodes(node: object) -> Iterator[object]:
    if isinstance(node, tuple):
        for part in node:
            yield from _nodes(part)
    elif is_dataclass(node):
        yield node
        for each in fields(node):
            yield from _nodes(getattr(node, each.name))
