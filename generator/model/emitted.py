"""Names as generated code has them: what is taken already, and what two parts of a plan would both make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.model.combining import Declared
from generator.model.elements.entities import Entity
from generator.model.elements.operations import Operation
from generator.model.elements.views import Shape, View
from generator.model.world import World
from generator.plan.names import names_of

KERNEL_NAMES = frozenset({
    "absDecimal", "addDays", "addDecimal", "addInterval", "addMoney", "addMonths", "before", "byKey",
    "changesOf", "checkVersion", "checkedInteger", "columnOf", "columnsOf", "compareDate",
    "compareDecimal", "compareInstant", "compareMoney", "compareText", "computed", "concatTexts",
    "containsText", "context", "count", "createResource", "currencyOf", "dateOf", "dayOf", "defineModel",
    "defineResource", "defineTransitions", "defineValidator", "defineView", "deleteResource",
    "divideDecimal", "divideMoney", "emit", "ensure", "equal", "equalDecimal", "equalInstant",
    "equalMoney", "exists", "Failure", "find", "findMany", "floorDivide", "floorModulo", "from",
    "getResource", "greatest", "holding", "input", "insert", "instantOf", "intervalBetween",
    "intervalBetweenDates", "intervalText", "isOneOf", "iso", "least", "linkedIds", "linkedTo", "list",
    "listResource", "live",
    "load", "lowerText", "maximum", "minimum", "minorOf", "moneyOf", "monthOf", "more", "moveResource",
    "multiplyDecimal", "multiplyMoney", "outcomeOf", "pageResource", "present", "remove", "removeMany",
    "require", "resource", "restore", "restoreResource", "roundDecimal", "route", "row", "same", "scalar",
    "setLinks",
    "shape", "shapeMany", "sql", "startsWith", "subtractDecimal", "subtractMoney", "sum", "textLength",
    "timeOf", "toDecimal", "toInteger", "toMany", "toOne", "toOptional", "transition", "trimText",
    "unwrapped", "update", "updateMany", "updateResource", "upperText", "valuesOf", "weekdayOf", "yearOf",
    "z",
})  # fmt: skip
"""What generated services import or are given; an operation or a binding of that name is called otherwise."""

KERNEL_TYPES = ("Context", "Generated", "Paged", "Route", "RowOf")
"""Types that generated files use beside those of the plan."""
CONTRACT_FILES = ("errors", "fields", "problems")
"""Files of the contract that every project has."""
SERVER_FILES = ("health",)
"""Controllers that every project has."""
SUFFIXES = ("", "Page", "Key", "Create", "Update", "Query", "Transition", "Table")
"""What the types of an entity end in."""


def refuse_taken_names(
    world: World,
    entities: Mapping[str, Entity],
    views: Mapping[str, View],
    shapes: Mapping[str, Shape],
    operations: Mapping[str, Operation],
) -> None:
    """Note a problem for each name that generated code could not have twice.

    Args:
        world: the state of the resolution.
        entities, views, shapes, operations: what the plan means so far, by name.
    """
    has_outcomes = any(operation.gives_failure for operation in operations.values())
    has_cursors = any(operation.output.kind == "cursor_page" for operation in operations.values())
    more = (*(("CursorPage",) if has_cursors else ()), *(("Outcome",) if has_outcomes else ()))
    types = dict.fromkeys((*KERNEL_TYPES, *more), "generated code")
    files = dict.fromkeys((*CONTRACT_FILES, *(("pages",) if has_cursors else ())), "generated code")
    for name, place, words, file in _declared(world, entities, views, shapes):
        for word in words:
            if word in types:
                world.problems.error(
                    place.at(), f"{name} makes a type {word}, which {types[word]} has", "rename it"
                )
            types.setdefault(word, name)
        if file in files:
            world.problems.error(
                place.at(), f"{name} makes a file {file}.ts, which {files[file]} has", "rename it"
            )
        files.setdefault(file, name)
    functions: dict[tuple[str, str], str] = {}
    for operation in operations.values():
        key = (operation.service, operation.function)
        place = _place(world, operation)
        if operation.entity is not None and operation.function in KERNEL_NAMES:
            message = f"{operation.id} makes a function {operation.function}, which generated code has"
            world.problems.error(place.at(), message, f"rename {operation.entity}")
        elif key in functions:
            message = f"{operation.id} makes a function {operation.function}, as {functions[key]} does"
            world.problems.error(place.at(), message, "rename one of them")
        functions.setdefault(key, operation.id)
        if operation.service in SERVER_FILES:
            world.problems.error(
                place.at(), f"a service {operation.service} is in every project", "rename it"
            )


def _declared(
    world: World, entities: Mapping[str, Entity], views: Mapping[str, View], shapes: Mapping[str, Shape]
) -> Iterator[tuple[str, Declared[Any], list[str], str]]:
    for name in entities:
        place = world.combined["entities"][name]
        yield name, place, [f"{name}{suffix}" for suffix in SUFFIXES], names_of(name).kebab
    for name in (*shapes, *(name for name in views if name not in entities)):
        declared = world.combined["schemas"].get(name)
        place = declared if declared is not None else _output(world, name)
        yield name, place, [name], names_of(name).kebab


def _output(world: World, name: str) -> Declared[Any]:
    """The operation whose output, written in place, has a generated name."""
    for service, operations in world.combined.operations.items():
        for operation, place in operations.items():
            if f"{service}{operation}Output".lower() == name.lower():
                return place
    raise AssertionError(name)


def _place(world: World, operation: Operation) -> Declared[Any]:
    if operation.entity is not None:
        return world.combined["entities"][operation.entity]
    return world.combined.operations[operation.service][operation.name]
