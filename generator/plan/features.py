"""Checks over the features of a project: folders, what they need, the graph of their tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from generator.plan.checking import Checker, Path
from generator.plan.graph import check_tasks, cycles_of
from generator.plan.names import RESERVED, folded, names_of
from generator.plan.naming import RESOURCE_OPERATIONS
from generator.plan.positions import Locator
from generator.plan.work import Tasks
from generator.problems import ProblemList, did_you_mean

if TYPE_CHECKING:
    from generator.plan.loading import Feature


def check_features(features: Sequence[Feature], problems: ProblemList) -> None:
    """Note in `problems` what is wrong between the files of a project; merging is left to the model."""
    names = [feature.name for feature in features if feature.name is not None]
    for feature in features:
        checker = Checker(feature.locate, problems)
        _check_folder(checker, feature)
        for number, needed in enumerate(feature.plan.needs or ()):
            if needed not in names:
                hint = did_you_mean(needed, names)
                checker.error(("needs", number), f"there is no feature `{needed}`", hint)
    numbers: dict[int, Feature] = {}
    for feature in features:
        if feature.number is not None and numbers.setdefault(feature.number, feature) is not feature:
            other = numbers[feature.number].folder
            message = f"two features have the number {feature.number:03d}: `{other}` and `{feature.folder}`"
            problems.error(feature.locate("feature", value=True), message, "Renumber the later one")
    needs = {feature.name: feature.plan.needs or () for feature in features if feature.name}
    for cycle in cycles_of(needs):
        first = next(feature for feature in features if feature.name == cycle[0])
        problems.error(first.locate("needs"), f"features need each other: {' -> '.join(cycle)}")
    _check_entities(features, problems)
    _check_schemas(features, problems)
    _check_tables(features, problems)
    _check_first_rows(features, problems)
    _check_bodies(features, problems)
    for feature in features:
        if feature.tasks is not None and feature.locate_tasks is not None:
            _check_tasks(feature, features, feature.tasks, feature.locate_tasks, problems)


def _check_folder(checker: Checker, feature: Feature) -> None:
    if feature.folder is None:
        return
    if feature.number is None:
        message = f"the folder `{feature.folder}` has no number"
        checker.error((), message, "Folders under specs/ are named like `001-auth`")
    elif feature.name is None:
        checker.error((), "a plan under specs/ needs `feature`", f"Add `feature: {feature.folder}`")
    elif feature.name != feature.folder:
        message = f"the feature `{feature.name}` is in the folder `{feature.folder}`"
        checker.error(("feature",), message, "Give both the same name", value=True)


def _check_entities(features: Sequence[Feature], problems: ProblemList) -> None:
    taken: dict[str, tuple[str, Feature]] = {}
    for feature in features:
        for name in feature.plan.entities:
            for form in dict.fromkeys((folded(name), folded(names_of(name).plural_pascal))):
                other, owner = taken.setdefault(form, (name, feature))
                if owner is not feature and other != name:
                    message = f"`{name}` and `{other}` of {owner.file} are one name in some case or number"
                    problems.error(feature.locate("entities", name), message, "Rename one")
                    break


def _check_schemas(features: Sequence[Feature], problems: ProblemList) -> None:
    """A schema that contains itself has no end."""
    parts: dict[str, dict[str, tuple[Feature, Path]]] = {}
    for feature in features:
        for name, schema in feature.plan.schemas.items():
            for section in ("fields", "add"):
                for member, field in (getattr(schema, section) or {}).items():
                    kind = field.type.inner or field.type
                    if kind.name == "named":
                        place = (feature, ("schemas", name, section, member))
                        parts.setdefault(name, {}).setdefault(kind.arguments[0], place)
    for cycle in cycles_of(parts):
        feature, path = parts[cycle[0]][cycle[1]]
        message = f"a schema contains itself: {' -> '.join(cycle)}"
        problems.error(feature.locate(*path), message, "Name the other by its id")


def _check_tables(features: Sequence[Feature], problems: ProblemList) -> None:
    """Two things in one table: entities, and the join tables of `many`."""
    taken: dict[str, str] = {}

    def take(table: str, owner: str, feature: Feature, path: Path) -> None:
        if taken.setdefault(table, owner) != owner:
            message = f"{owner} and {taken[table]} have one table, `{table}`"
            problems.error(feature.locate(*path), message, "Give another with `table:`")

    for feature in features:
        for name, entity in feature.plan.entities.items():
            path: Path = ("entities", name, *(("table",) if entity.table else ()))
            take(entity.table or names_of(name).plural_snake, f"the entity `{name}`", feature, path)
    for feature in features:
        for section in ("entities", "extend"):
            for name, owner in getattr(feature.plan, section).items():
                for field_name, field in owner.fields.items():
                    if field.type.name == "many" and not field.through:
                        table = field.table or "_".join(
                            names_of(each).snake for each in (name, field.type.arguments[0])
                        )
                        inside = (section, name, "fields", field_name, *(("table",) if field.table else ()))
                        take(table, f"`{field_name}` of `{name}`", feature, inside)


def _check_first_rows(features: Sequence[Feature], problems: ProblemList) -> None:
    """Entities whose rows all need one another first have no first row."""
    needed: dict[str, dict[str, tuple[Feature, Path]]] = {}
    for feature in features:
        for section in ("entities", "extend"):
            for name, owner in getattr(feature.plan, section).items():
                for field_name, field in owner.fields.items():
                    if field.type.name == "ref" and field.required:
                        place = (feature, (section, name, "fields", field_name))
                        needed.setdefault(name, {}).setdefault(field.type.arguments[0], place)
    for cycle in cycles_of(needed):
        feature, path = needed[cycle[0]][cycle[1]]
        message = f"no first row can be made: {' needs '.join(cycle)}"
        problems.error(feature.locate(*path), message, "Leave `required` out of one of these refs")


def _check_bodies(features: Sequence[Feature], problems: ProblemList) -> None:
    """An operation without a body only changes one that a resource or a transition brings."""
    inferred: dict[str, set[str]] = {}
    for feature in features:
        for name, entity in feature.plan.entities.items():
            known = inferred.setdefault(names_of(name).camel, set())
            if entity.resource:
                known.update(RESOURCE_OPERATIONS)
            if entity.states:
                known.update(entity.states.transitions)
        for name, extension in feature.plan.extend.items():
            inferred.setdefault(names_of(name).camel, set()).update(extension.transitions)
    for feature in features:
        for service, declared in feature.plan.services.items():
            for name, operation in declared.operations.items():
                declared_new = name not in inferred.get(service, ())
                if declared_new and name in RESOURCE_OPERATIONS and name in RESERVED["typescript"]:
                    place = feature.locate("services", service, "operations", name)
                    hint = f"Call it `{name}Entity`, for example"
                    problems.error(place, f"`{name}` is a reserved word of TypeScript", hint)
                bodies = (operation.crud, operation.steps, operation.slot)
                if name in inferred.get(service, ()) or any(body is not None for body in bodies):
                    continue
                place = feature.locate("services", service, "operations", name)
                message = "an operation needs exactly one of crud, steps, slot; this has none"
                problems.error(place, message, did_you_mean(name, inferred.get(service, ())))


def _check_tasks(
    feature: Feature, features: Sequence[Feature], tasks: Tasks, locate: Locator, problems: ProblemList
) -> None:
    checker = Checker(locate, problems)
    if tasks.feature is not None and tasks.feature != feature.name:
        message = (
            f"the plan beside it is of the feature `{feature.name}`" if feature.name else "the plan has none"
        )
        checker.error(("feature",), f"`{tasks.feature}`: {message}", value=True)
    criteria = {name for other in features for name in _criteria_seen(other, feature)}
    slots = {
        f"{service}.{name}"
        for other in features
        for service, declared in other.plan.services.items()
        for name, operation in declared.operations.items()
        if operation.slot
    }
    check_tasks(checker, tasks, criteria, slots)


def _criteria_seen(other: Feature, feature: Feature) -> Iterable[str]:
    own = tuple(other.plan.acceptance) if other is feature else ()
    return (*own, *(f"{other.name}/{name}" for name in other.plan.acceptance))
