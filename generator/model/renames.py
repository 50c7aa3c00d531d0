"""What was called otherwise, and what is gone: old names that the plan keeps must not name what exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.model.catalogue import BUILT_IN
from generator.model.combining import Combined, Declared
from generator.plan.names import names_of
from generator.problems import ProblemList

SECTIONS = ("config", "types", "entities", "policies", "errors", "schemas")
PARTS = ("fields", "unique", "indexes", "checks", "exclusions")

Group = Mapping[str, Declared[Any]]
"""Things of one kind by name, of which no two may have had the same name."""


def check_renames(combined: Combined, problems: ProblemList) -> None:
    """Refuse `was` and `dropped` where they name what exists, in whichever feature.

    That no two things of one feature were the same is known since its plan was loaded.

    Args:
        combined: the plan.
        problems: where problems are noted.
    """
    for group in _groups(combined):
        _check(group, problems)
    for place in combined["errors"].values():
        for index, old in enumerate(place.value.was):
            if old in BUILT_IN:
                problems.error(place.at("was", index), f"`was: {old}` names a built-in error", "remove it")
    for feature in combined.project.features:
        for index, dropped in enumerate(feature.plan.dropped):
            message = _kept(combined, dropped)
            if message:
                problems.error(feature.locate("dropped", index), message, "remove it from `dropped`")


def former_names(combined: Combined) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return what was called otherwise, so that what is generated for it keeps its identity.

    Args:
        combined: the plan.

    Returns:
        By kind (entity, schema, service, operation) and present name the earlier names, newest first; what
        never had another name is left out. An operation is named by its id, with every earlier name of its
        service; the service of an entity follows the entity.
    """
    entities = _earlier(combined["entities"])
    services = {names_of(name).camel: _camel(earlier) for name, earlier in entities.items()}
    for name, earlier in _earlier(combined.services).items():
        services[name] = tuple(dict.fromkeys([*earlier, *services.get(name, ())]))
    operations = {}
    for service, group in combined.operations.items():
        for name, place in group.items():
            ids = [
                f"{owner}.{own}"
                for own in (name, *reversed(place.value.was))
                for owner in (service, *services.get(service, ()))
            ]
            operations[ids[0]] = tuple(ids[1:])
    found = {
        "entity": entities,
        "schema": _earlier(combined["schemas"]),
        "service": services,
        "operation": {name: earlier for name, earlier in operations.items() if earlier},
    }
    return {kind: names for kind, names in found.items() if names}


def _earlier(group: Group) -> dict[str, tuple[str, ...]]:
    return {name: tuple(reversed(place.value.was)) for name, place in group.items() if place.value.was}


def _camel(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(names_of(name).camel for name in names)


def _groups(combined: Combined) -> Iterator[Group]:
    for section in SECTIONS:
        yield combined[section]
    for name, entity in combined["entities"].items():
        if name not in combined.extensions:
            # It stands in one feature: the loading of its plan has looked.
            continue
        for key in PARTS:
            yield _parts(combined, name, key)
        transitions = {}
        if entity.value.states is not None:
            transitions = {
                key: entity.below(value, "states", "transitions", key)
                for key, value in entity.value.states.transitions.items()
            }
        for extension in combined.extensions.get(name, ()):
            for key, value in extension.value.transitions.items():
                transitions[key] = extension.below(value, "transitions", key)
        yield transitions
    yield combined.services
    yield from combined.operations.values()


def _parts(combined: Combined, name: str, key: str) -> dict[str, Declared[Any]]:
    found = {}
    for place in (combined["entities"][name], *combined.extensions.get(name, ())):
        for part, value in getattr(place.value, key).items():
            found[part] = place.below(value, key, part)
    return found


def _check(group: Group, problems: ProblemList) -> None:
    heirs: dict[str, Declared[Any]] = {}
    for name, place in group.items():
        for index, old in enumerate(place.value.was):
            namesake = group.get(old)
            if namesake is not None and namesake.feature is not place.feature:
                problems.error(
                    place.at("was", index),
                    f"`was: {old}` names something that exists in {namesake.feature.file}",
                    "a name that is taken again is no old name",
                )
            heir = heirs.setdefault(old, place)
            if heir.value is not place.value and heir.feature is not place.feature:
                problems.error(
                    place.at("was", index),
                    f"{heir.path[-1]} was {old} already, in {heir.feature.file}",
                    f"one of {heir.path[-1]} and {name} was it",
                )


def _kept(combined: Combined, dropped: str) -> str | None:
    """Why something is not gone, None where it is."""
    entity, _, field = dropped.partition(".")
    group: Group = _parts(combined, entity, "fields") if entity in combined["entities"] else {}
    if not field:
        group = combined["entities"]
    name = field or entity
    if name in group:
        return f"{dropped} exists, so it is not dropped"
    heir = next((heir for heir, place in group.items() if name in place.value.was), None)
    return f"{dropped} is called {heir} now, so nothing of it is lost" if heir else None
