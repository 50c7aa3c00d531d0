"""Each kind of step but those that write rows, checked with what earlier steps bound and proved."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.expressions.checking import facts_of
from generator.expressions.typed import Typed
from generator.expressions.types import BOOL, Type
from generator.model.elements.operations import Output
from generator.model.members import key_columns
from generator.model.rules import check_parameters, entities_in
from generator.model.turns import Turn
from generator.model.writes import check_change, check_create, check_transition
from generator.plan.names import names_of
from generator.problems import did_you_mean


def check_step(turn: Turn) -> None:
    """Check one step; what it adds goes into the progress of its turn.

    Args:
        turn: any step but a return.
    """
    CHECKS[turn.source.value.kind](turn)


def _load(turn: Turn) -> None:
    step, world, progress = turn.source.value, turn.world, turn.progress
    if not world.known_entity(turn.source, ("load",), step.subject):
        return
    if (step.by is None) == (step.where is None):
        turn.refuse((), "load takes `by` or `where`, one of them", "by is the key of the row")
        return
    by, where = None, None
    if step.by is not None:
        key = key_columns(world, step.subject)
        if len(key) > 1:
            turn.refuse(("by",), f"{step.subject} has a key of {len(key)} columns", "use `where`")
            return
        member = world.member(step.subject, key[0])
        by = turn.check(("by",), step.by, member.type if member is not None else world.id_type)
    if step.where is not None:
        where = turn.check(("where",), step.where, BOOL, row=step.subject)
        progress.touches.extend(entities_in(where))
    may_lack = step.missing == "none"
    if step.many and step.missing is not None:
        turn.refuse(("missing",), "a list is never missing", "remove it")
    world.known_error(turn.source, ("missing",), None if may_lack else step.missing)
    binding = step.as_ or names_of(step.subject).snake
    row = Type("row", entity=step.subject, optional=may_lack)
    variable = turn.bind(binding, Type("list", of=row) if step.many else row)
    progress.touches.append(step.subject)
    if not step.many and not may_lack:
        progress.errors.append(step.missing or "NOT_FOUND")
    lock = step.lock or ("update" if _written_later(turn, binding) else "none")
    turn.add(
        "load", step.subject, entity=step.subject, binding=binding, variable=variable, by=by, where=where,
        many=step.many, lock=lock, order=_ordered(turn), limit=step.limit,
        missing=step.missing or "NOT_FOUND",
    )  # fmt: skip


def _written_later(turn: Turn, binding: str) -> bool:
    return any(
        step.kind in ("update", "delete", "transition")
        and (step.subject == binding or (step.each is not None and step.each.source == binding))
        for step in turn.later
    )


def _ordered(turn: Turn) -> tuple[tuple[str, str], ...]:
    step, columns = turn.source.value, []
    for index, item in enumerate(step.order):
        member = turn.world.member(step.subject, item.field)
        if member is None:
            known = [candidate.word for candidate in turn.world.members[step.subject]]
            hint = did_you_mean(item.field, known)
            turn.refuse(("order", index), f"{step.subject} has no column {item.field}", hint)
            continue
        columns.append((member.column, "desc" if item.descending else "asc"))
    return tuple(columns)


def _require(turn: Turn) -> None:
    step, progress = turn.source.value, turn.progress
    assert step.condition is not None
    condition = turn.check(("require",), step.condition, BOOL)
    turn.world.known_error(turn.source, ("error",), step.error)
    error = step.error or "VALIDATION_FAILED"
    parameters = check_parameters(turn.world, turn.source, error, step.with_, turn.scope, turn.facts)
    progress.errors.append(error)
    if condition is None:
        return
    progress.touches.extend(entities_in(condition))
    progress.facts |= facts_of(condition)
    turn.add("require", condition=condition, error=error, parameters=parameters, keep=step.keep)


def _call(turn: Turn) -> None:
    step, progress = turn.source.value, turn.progress
    called = turn.operations.get(step.subject)
    if called is None:
        hint = did_you_mean(step.subject, turn.operations)
        turn.refuse(("call",), f"no operation is called {step.subject}", hint, value=True)
        return
    if called.body is not None and any(item.keep for item in called.body.steps):
        turn.refuse(
            ("call",),
            f"{step.subject} keeps what it wrote when it fails, which would commit a part of this",
            "leave out `keep`, or do without the call",
            value=True,
        )
    values: dict[str, Typed] = {}
    inputs = {member.word: member for member in called.input}
    for name, expression in step.with_.items():
        if name not in inputs:
            turn.refuse(("with", name), f"{step.subject} takes no {name}", did_you_mean(name, inputs))
            continue
        typed = turn.check(("with", name), expression, inputs[name].type)
        if typed is not None:
            values[inputs[name].json] = typed
    for name, member in inputs.items():
        if not member.type.optional and name not in step.with_:
            turn.refuse((), f"calling {step.subject} lacks {name}", "give it under `with:`")
    variable = None
    if step.as_ is not None:
        variable = turn.bind(step.as_, result_type(called.output).with_optional(step.when is not None))
    progress.writes = progress.writes or called.writes
    progress.errors.extend(code for code in called.errors if code != "VALIDATION_FAILED")
    progress.touches.extend(called.touches)
    turn.add("call", step.subject, operation=step.subject, values=values, variable=variable)


def _emit(turn: Turn) -> None:
    step, progress = turn.source.value, turn.progress
    values: dict[str, Typed] = {}
    for name, expression in step.with_.items():
        typed = turn.check(("with", name), expression, None)
        if typed is not None:
            values[name] = typed
            progress.touches.extend(entities_in(typed))
    shape = {name: typed.type for name, typed in values.items()}
    known = turn.world.events.setdefault(step.subject, shape)
    if {name: item.kind for name, item in known.items()} != {name: item.kind for name, item in shape.items()}:
        turn.refuse(
            ("emit",), f"{step.subject} is emitted with another shape elsewhere", "one name, one shape"
        )
    progress.writes = True
    turn.add("emit", step.subject, values=values)


CHECKS: Mapping[str, Callable[[Turn], None]] = {
    "load": _load,
    "require": _require,
    "create": check_create,
    "update": check_change,
    "delete": check_change,
    "transition": check_transition,
    "call": _call,
    "emit": _emit,
}


def result_type(output: Output) -> Type:
    """What calling an operation gives, as expressions see it.

    Args:
        output: the operation's output.

    Returns:
        A shape by its name, a list or page of it, or null for nothing.
    """
    if output.kind == "none":
        return Type("null", optional=True)
    item = Type(
        "shape",
        shape=f"{output.name}" if output.item == "shape" or output.kind == "shape" else f"view {output.name}",
    )
    if output.kind == "cursor_page":
        return Type("shape", shape=f"cursor page of {output.name}")
    if output.kind in ("list", "page"):
        return Type(output.kind, of=item)
    return item
