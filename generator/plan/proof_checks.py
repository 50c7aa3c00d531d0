"""Checks of fixtures and criteria."""

from __future__ import annotations

from datetime import datetime

from generator.plan.checking import Checker, Path
from generator.plan.naming import check_binding
from generator.plan.schema import Criterion, Fixture, GivenFixture, Then


def check_fixture(checker: Checker, path: Path, fixture: Fixture) -> None:
    """Check a fixture."""
    checker.one_of(path, fixture, "a fixture", ("entity", "call"))
    checker.only_with(path, fixture, ("set",), fixture.entity is not None, "`entity`")
    checker.only_with(path, fixture, ("send", "by", "scope"), fixture.call is not None, "`call`")


def check_criterion(checker: Checker, path: Path, criterion: Criterion) -> None:
    """Check a criterion."""
    if criterion.at is not None:
        try:
            datetime.fromisoformat(criterion.at.replace("Z", "+00:00"))
        except ValueError:
            checker.error((*path, "at"), f"`{criterion.at}` is not a time of the calendar", value=True)
    bound: dict[str, int] = {}
    for number, item in enumerate(criterion.given):
        name = item.name if isinstance(item, GivenFixture) else getattr(item, "as_", None)
        if name is not None and bound.setdefault(name, number) != number:
            place = (*path, "given", number)
            at = place if isinstance(item, GivenFixture) else (*place, "as")
            checker.error(at, f"`{name}` is given already", "Give this another name with `as:`")
        elif name is not None and not isinstance(item, GivenFixture):
            check_binding(checker, (*path, "given", number, "as"), name)
    then = criterion.then
    if then == Then():
        checker.error((*path, "then"), "nothing is expected", "Add `status`, `error`, `body` or `holds`")
    checker.only_with((*path, "then"), then, ("with_",), then.error is not None, "`error`")
    if criterion.together:
        if len(criterion.when) < 2:
            checker.error((*path, "when"), "`together` needs two actions at least")
        if then.outcomes and len(then.outcomes) != len(criterion.when):
            counts = f"{len(criterion.when)} actions, {len(then.outcomes)} outcomes"
            checker.error((*path, "then", "outcomes"), f"each action has one outcome: {counts}")
        for key in ("status", "error", "body", "present", "absent"):
            if key in then.written:
                checker.error(
                    (*path, "then", key), f"`{key}` is of one action", "Use `outcomes` with `together`"
                )
    else:
        checker.only_with((*path, "then"), then, ("outcomes",), False, "`together`")
