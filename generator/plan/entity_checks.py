"""Checks of entities: fields, constraints, states, resource."""

from __future__ import annotations

from collections.abc import Mapping

from generator.plan.checking import Checker, Path
from generator.plan.field_checks import check_field
from generator.plan.operation_checks import check_steps
from generator.plan.routes import fault_of_path
from generator.plan.schema import Entity, Extension, Transition


def check_entity(checker: Checker, path: Path, entity: Entity) -> None:
    """Check an entity by itself."""
    _check_parts(checker, path, entity)
    if entity.key is not None:
        checker.filled((*path, "key"), entity.key, "column")
    if entity.states:
        transitions = (*path, "states", "transitions")
        _check_transitions(checker, transitions, entity.states.transitions)
    resource = entity.resource
    if resource and resource.operations is not None:
        operations = (*path, "resource", "operations")
        checker.filled(operations, resource.operations, "operation")
        if "restore" in resource.operations and not entity.soft_delete:
            checker.error(operations, "`restore` needs `soft_delete: true`", value=True)
    if resource and resource.path and (fault := fault_of_path(resource.path)):
        checker.error((*path, "resource", "path"), *fault, value=True)
    if resource:
        for key in ("filter", "sort", "search"):
            fields = getattr(resource, key)
            if fields:
                checker.filled((*path, "resource", key), fields, "field")
        if "all" in resource.policy and len(resource.policy) > 1:
            checker.error((*path, "resource", "policy", "all"), "`all` leaves nothing to `read` and `write`")


def check_extension(checker: Checker, path: Path, extension: Extension) -> None:
    """Check what a feature adds to an entity."""
    _check_parts(checker, path, extension)
    _check_transitions(checker, (*path, "transitions"), extension.transitions)
    for field, members in extension.values.items():
        checker.filled((*path, "values", field), members, "member")


def _check_parts(checker: Checker, path: Path, owner: Entity | Extension) -> None:
    checker.renames((*path, "fields"), owner.fields)
    for section in ("unique", "indexes", "checks", "exclusions"):
        checker.renames((*path, section), getattr(owner, section))
    for name, field in owner.fields.items():
        check_field(checker, (*path, "fields", name), field)
    for name, unique in owner.unique.items():
        checker.filled((*path, "unique", name, "fields"), unique.fields, "column")
    for name, index in owner.indexes.items():
        columns = [ordering.field for ordering in index.fields]
        checker.filled((*path, "indexes", name, "fields"), columns, "column")
        if index.method != "btree" and any(ordering.descending for ordering in index.fields):
            checker.error((*path, "indexes", name, "fields"), "`desc` has a meaning only with `btree`")
    for name, exclusion in owner.exclusions.items():
        inside = (*path, "exclusions", name)
        checker.filled((*inside, "equal"), exclusion.equal, "column")
        if len(exclusion.overlap) != 2:
            checker.error(
                (*inside, "overlap"), "`overlap` is a start and an end", "Such as `[starts_at, ends_at]`"
            )


def _check_transitions(checker: Checker, path: Path, transitions: Mapping[str, Transition]) -> None:
    checker.renames(path, transitions)
    for name, transition in transitions.items():
        inside = (*path, name)
        checker.filled((*inside, "from"), transition.from_, "state")
        checker.only_with(inside, transition, ("error",), transition.guard is not None, "`guard`")
        checker.only_with(inside, transition, ("with_",), transition.error is not None, "`error`")
        if transition.steps:
            check_steps(checker, (*inside, "steps"), transition.steps)
            for number, step in enumerate(transition.steps):
                if step.kind == "return":
                    checker.error((*inside, "steps", number), "a transition returns nothing")
