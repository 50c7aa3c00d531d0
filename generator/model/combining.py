"""Several features become one plan: every element keeps the feature and the place it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from generator.plan.loading import Feature, Project
from generator.plan.schema import Plan
from generator.problems import Location, ProblemList, nearest

Value = TypeVar("Value", covariant=True)

SECTIONS = ("config", "types", "entities", "policies", "errors", "schemas", "fixtures")


@dataclass(frozen=True)
class Declared(Generic[Value]):
    """A piece of a plan with the feature that wrote it and its path there."""

    feature: Feature
    path: tuple[str | int, ...]
    value: Value

    def at(self, *more: str | int, value: bool = False, offset: int | None = None) -> Location:
        """Where this piece, or what lies ``more`` below it, is written.

        Args:
            more: the way down from here.
            value: ask for the place of the value instead of the key.
            offset: ask for the place of a character in the text there.

        Returns:
            The place, or that of the nearest parent which is written.
        """
        return self.feature.locate(*self.path, *more, value=value, offset=offset)

    def below(self, value: Any, *more: str | int) -> Declared[Any]:
        """A part of this piece, with its own place."""
        return Declared(self.feature, (*self.path, *more), value)


@dataclass
class Combined:
    """All features of a project as one plan; names are unique over all of them."""

    project: Project
    head: Feature
    sections: dict[str, dict[str, Declared[Any]]]
    extensions: dict[str, list[Declared[Any]]] = field(default_factory=dict)
    operations: dict[str, dict[str, Declared[Any]]] = field(default_factory=dict)
    services: dict[str, Declared[Any]] = field(default_factory=dict)
    criteria: dict[str, Declared[Any]] = field(default_factory=dict)

    def __getitem__(self, section: str) -> dict[str, Declared[Any]]:
        return self.sections[section]


def combine(project: Project, problems: ProblemList) -> Combined | None:
    """Merge the features of ``project`` in order.

    Returns:
        The combined plan, or None when no feature (or more than one) names the project.
    """
    heads = [feature for feature in project.features if feature.plan.project is not None]
    if len(heads) != 1:
        for feature in heads[1:]:
            problems.error(
                feature.locate("project"),
                f"the project is named in {heads[0].file} too",
                "name it in exactly one plan",
            )
        if not heads and project.features:
            problems.error(
                project.features[0].locate("specwright"),
                "no plan names the project",
                "add `project: a-short-name` to the first plan",
            )
        return None
    combined = Combined(project, heads[0], {section: {} for section in SECTIONS})
    if heads[0].plan.stack is None:
        problems.error(
            heads[0].locate("project"),
            "the stack is missing",
            "add `stack: express-react` or `stack: fastapi`",
        )
        return None
    for feature in project.features:
        _refuse_repeated_heads(feature, heads[0], problems)
        for section in SECTIONS:
            _add_section(combined, feature, section, problems)
        _add_services(combined, feature, problems)
        _add_extensions(combined, feature, problems)
        for identity in feature.plan.acceptance:
            key = f"{feature.name}/{identity}" if len(project.features) > 1 else identity
            combined.criteria[key] = Declared(
                feature, ("acceptance", identity), feature.plan.acceptance[identity]
            )
    return combined


def _refuse_repeated_heads(feature: Feature, head: Feature, problems: ProblemList) -> None:
    if feature is head:
        return
    for name in ("stack", "conventions", "identity"):
        if getattr(feature.plan, name) is not None and name in feature.plan.written:
            problems.error(feature.locate(name), f"{name} stands in {head.file} alone", f"remove {name} here")


def _add_section(combined: Combined, feature: Feature, section: str, problems: ProblemList) -> None:
    values: Mapping[str, Any] = getattr(feature.plan, section)
    for name, value in values.items():
        earlier = combined.sections[section].get(name)
        if earlier is not None:
            hint = (
                "add to it under `extend:`" if section == "entities" else f"edit it in {earlier.feature.file}"
            )
            problems.error(feature.locate(section, name), f"{name} exists in {earlier.feature.file}", hint)
            continue
        combined.sections[section][name] = Declared(feature, (section, name), value)


def _add_services(combined: Combined, feature: Feature, problems: ProblemList) -> None:
    for service, declared in feature.plan.services.items():
        combined.services.setdefault(service, Declared(feature, ("services", service), declared))
        operations = combined.operations.setdefault(service, {})
        for name, operation in declared.operations.items():
            path = ("services", service, "operations", name)
            if name in operations:
                file = operations[name].feature.file
                problems.error(
                    feature.locate(*path), f"{service}.{name} exists in {file}", f"edit it in {file}"
                )
                continue
            operations[name] = Declared(feature, path, operation)


def _add_extensions(combined: Combined, feature: Feature, problems: ProblemList) -> None:
    for entity, extension in feature.plan.extend.items():
        if entity in combined["entities"] and combined["entities"][entity].feature is not feature:
            combined.extensions.setdefault(entity, []).append(
                Declared(feature, ("extend", entity), extension)
            )
            continue
        known = nearest(entity, combined["entities"])
        problems.error(
            feature.locate("extend", entity),
            f"no earlier feature has an entity {entity}",
            f"did you mean {known}?" if known else "extend an entity of an earlier feature",
        )


def plan_of(combined: Combined) -> Plan:
    """The plan that names the project: its head holds conventions, identity and stack."""
    return combined.head.plan
