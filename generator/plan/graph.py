"""The work of a feature as a graph: phases and tasks, what waits for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from generator.plan.checking import Checker
from generator.plan.work import Tasks
from generator.problems import did_you_mean

MOST_CYCLES = 20
"""Cycles reported of one graph."""


def cycles_of(edges: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """The cycles that a walk over a graph runs into, each as its names with the first one repeated."""
    done: set[str] = set()
    found: list[tuple[str, ...]] = []
    for start in edges:
        if start in done:
            continue
        trail: list[str] = [start]
        place = {start: 0}
        waiting = [iter(edges[start])]
        while waiting:
            following = next(waiting[-1], None)
            if following is None:
                name = trail.pop()
                del place[name]
                done.add(name)
                waiting.pop()
            elif following in place:
                if len(found) < MOST_CYCLES:
                    found.append((*trail[place[following] :], following))
            elif following in edges and following not in done:
                place[following] = len(trail)
                trail.append(following)
                waiting.append(iter(edges[following]))
    return found


def check_tasks(checker: Checker, tasks: Tasks, criteria: Iterable[str], slots: Iterable[str]) -> None:
    """Check phases and tasks: names, references, cycles, an order that can be followed."""
    criteria, slots = set(criteria), set(slots)
    phases = _by_id(checker, "phases", [phase.id for phase in tasks.phases])
    known = _by_id(checker, "tasks", [task.id for task in tasks.tasks])
    for number, phase in enumerate(tasks.phases):
        _refer(checker, ("phases", number, "after"), phase.after, phases, "phase")
        _refer(checker, ("phases", number, "checkpoint"), phase.checkpoint, criteria, "criterion")
    before = {phase.id: tuple(name for name in phase.after if name in phases) for phase in tasks.phases}
    for cycle in cycles_of(before):
        checker.error(
            ("phases", phases[cycle[0]], "after"), f"phases wait for each other: {' -> '.join(cycle)}"
        )
    made: dict[tuple[str, str], str] = {}
    for number, task in enumerate(tasks.tasks):
        path = ("tasks", number)
        checker.one_of(path, task, "a task", ("generate", "fill", "manual"))
        checker.only_with(path, task, ("subject",), task.generate is not None, "`generate`")
        if task.phase not in phases:
            hint = did_you_mean(task.phase, phases)
            checker.error((*path, "phase"), f"there is no phase `{task.phase}`", hint, value=True)
        _refer(checker, (*path, "after"), task.after, known, "task")
        if task.fill is not None and task.fill not in slots:
            checker.error(
                (*path, "fill"), f"there is no slot `{task.fill}`", did_you_mean(task.fill, slots), value=True
            )
        for subject in () if task.generate is None else _subjects(task.subject):
            first = made.setdefault((str(task.generate), subject), task.id)
            if first != task.id:
                checker.error((*path, "generate"), f"{first} makes `{task.generate}` of `{subject}` already")
    loops = cycles_of({task.id: [name for name in task.after if name in known] for task in tasks.tasks})
    for cycle in loops:
        checker.error(("tasks", known[cycle[0]], "after"), f"tasks wait for each other: {' -> '.join(cycle)}")
    if not loops and len(known) == len(tasks.tasks):
        _check_order(checker, tasks, before, known)


def _subjects(subject: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return subject if isinstance(subject, tuple) else ("all",)


def _by_id(checker: Checker, section: str, names: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for number, name in enumerate(names):
        if places.setdefault(name, number) != number:
            checker.error((section, number, "id"), f"`{name}` is here twice", value=True)
    return places


def _refer(
    checker: Checker, path: tuple[str | int, ...], names: Iterable[str], known: Iterable[str], what: str
) -> None:
    for number, name in enumerate(names):
        if name not in known:
            checker.error((*path, number), f"there is no {what} `{name}`", did_you_mean(name, known))


def _check_order(
    checker: Checker, tasks: Tasks, before: Mapping[str, Sequence[str]], known: Mapping[str, int]
) -> None:
    """No task waits for one of a later phase: starts, tasks and ends of phases would form a cycle."""
    edges: dict[str, list[str]] = {}
    for phase, earlier in before.items():
        edges[f"start {phase}"] = [f"end {name}" for name in earlier]
        edges[f"end {phase}"] = [f"start {phase}"]
    for task in tasks.tasks:
        if task.phase in before:
            edges[task.id] = [*(name for name in task.after if name in known), f"start {task.phase}"]
            edges[f"end {task.phase}"].append(task.id)
    for cycle in cycles_of(edges):
        for name, needed in pairwise(cycle):
            if name not in known or needed not in known:
                continue
            task, other = tasks.tasks[known[name]], tasks.tasks[known[needed]]
            if task.phase != other.phase:
                message = f"{name} of `{task.phase}` waits for {needed} of `{other.phase}`, which comes later"
                checker.error(("tasks", known[name], "after", task.after.index(needed)), message)
