"""Checks of operations: bodies, steps, slots."""

from __future__ import annotations

from collections.abc import Sequence

from generator.plan.checking import Checker, Path
from generator.plan.field_checks import check_members
from generator.plan.schema import Body, Operation, Shape, Slot, Step

BODIES = ("crud", "steps", "slot")


def check_operation(checker: Checker, path: Path, operation: Operation) -> None:
    """Check an operation; that it has a body at all is known only with the resources of all features."""
    bodies = [name for name in BODIES if getattr(operation, name) is not None]
    if len(bodies) > 1:
        words = " and ".join(bodies)
        checker.error(
            (*path, bodies[1]), f"an operation needs exactly one of crud, steps, slot; this has {words}"
        )
    for key in ("input", "output"):
        _check_shape(checker, (*path, key), getattr(operation, key))
    crud = operation.crud
    if crud:
        listing = crud.kind == "list"
        checker.only_with((*path, "crud"), crud, ("order", "page"), listing, "`list`")
        checker.only_with((*path, "crud"), crud, ("where",), crud.kind != "create", "rows that exist")
    if operation.steps is not None:
        check_steps(checker, (*path, "steps"), operation.steps)
    if operation.slot:
        _check_slot(checker, (*path, "slot"), operation.slot)


def check_steps(checker: Checker, path: Path, steps: Sequence[Step]) -> None:
    """Check a list of steps."""
    if not steps:
        checker.error(path, "at least one step is needed", value=True)
    for number, step in enumerate(steps):
        _check_step(checker, (*path, number), step)
        if step.kind == "return" and number < len(steps) - 1:
            checker.error((*path, number), "`return` is not the last step")


def _check_shape(checker: Checker, path: Path, shape: Shape | None) -> None:
    if shape is None:
        return
    check_members(checker, path, shape.fields or {})
    if shape.type is None:
        return
    allowed = ("named",) if path[-1] == "input" else ("named", "list", "page")
    if shape.type.name not in allowed:
        hint = "A value alone is a member of a shape: write `name: type` below"
        checker.error(path, f"an {path[-1]} cannot be `{shape.type}`", hint, value=True)


def _check_step(checker: Checker, path: Path, step: Step) -> None:
    if step.kind == "load":
        if step.many:
            if step.by is not None:
                checker.error((*path, "by"), "`by` finds one row", "Use `where` with `many`")
        else:
            checker.one_of(path, step, "a load", ("by", "where"))
        checker.only_with(path, step, ("order", "limit"), step.many, "`many: true`")
        if step.many and step.missing:
            checker.error(
                (*path, "missing"), "a list may be empty", "Follow it with `require: name.count > 0`"
            )
    if step.kind in ("update", "delete"):
        if step.names_entity and step.where is None:
            checker.error(path, f"`{step.kind}: {step.subject}` needs `where`", "All rows are `where: true`")
        if not step.names_entity and step.where is not None:
            checker.error(
                (*path, "where"), "`where` has a meaning only with an entity", "This row is loaded already"
            )
    if step.kind == "update" and not step.set:
        checker.error((*path, "set"), "at least one field is needed", value=True)
    if step.kind == "require":
        checker.only_with(path, step, ("with_",), step.error is not None, "`error`")
    if step.each is not None and step.as_ is not None:
        checker.error((*path, "as"), "a step with `each` binds nothing")


def _check_slot(checker: Checker, path: Path, slot: Slot) -> None:
    if not slot.intent.strip():
        checker.error((*path, "intent"), "say what the body shall do", value=True)
    checker.filled((*path, "proven_by"), slot.proven_by, "criterion")
    if isinstance(slot.fallback, Body):
        _check_body(checker, (*path, "fallback"), slot.fallback)
    for name, body in slot.wrong.items():
        _check_body(checker, (*path, "wrong", name), body)


def _check_body(checker: Checker, path: Path, body: Body) -> None:
    checker.one_of(path, body, "a body", ("return_", "steps"))
    if body.steps is not None:
        check_steps(checker, (*path, "steps"), body.steps)
