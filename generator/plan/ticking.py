"""Ticking tasks in tasks.yaml: the only thing the engine writes into what people wrote."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from generator.plan.nodes import Mapping, Node, Scalar, Sequence, compose
from generator.problems import PlanProblems, ProblemList


def tick_task(path: Path, ids: str | Iterable[str]) -> tuple[str, ...]:
    """Set `done: true` on tasks of a tasks.yaml; every other byte stays as it is.

    Args:
        path: the file; it is not touched when nothing changes.
        ids: of the tasks.

    Returns:
        The ids that were not done before, in the order of the file; those not in it are passed over.

    Raises:
        PlanProblems: the file cannot be read as YAML.
    """
    wanted = {ids} if isinstance(ids, str) else set(ids)
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    ticked, result = tick_text(text, wanted, path.name)
    if ticked:
        # Beside it and then in its place: whoever is interrupted leaves the old file or the new one.
        target = path.resolve()
        beside = target.with_name(f".{target.name}.ticked")
        beside.write_bytes(result.encode("utf-8"))
        shutil.copymode(target, beside)
        beside.replace(target)
    return ticked


def tick_text(text: str, ids: set[str], file: str = "tasks.yaml") -> tuple[tuple[str, ...], str]:
    """The ids that were ticked, and the text of tasks.yaml with them ticked. Raises `PlanProblems`."""
    problems = ProblemList()
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    root = compose(text.removeprefix(mark), file, problems)
    problems.raise_if_errors()
    tasks = root.values.get("tasks") if root else None
    if not isinstance(tasks, Sequence):
        raise PlanProblems(problems)
    lines = text.removeprefix(mark).splitlines(keepends=True)
    ticked: list[str] = []
    changes: list[tuple[int, int, int, str]] = []
    for task in tasks.items:
        name = task.values.get("id") if isinstance(task, Mapping) else None
        if not isinstance(task, Mapping) or not isinstance(name, Scalar) or name.text not in ids:
            continue
        done = task.values.get("done")
        if isinstance(done, Scalar) and done.text == "true":
            continue
        changes.append(_replaced(done) if done is not None else _added(task, lines))
        ticked.append(name.text)
    # From the end to the start, so that earlier places stay where they are.
    for line, start, end, new in sorted(changes, reverse=True):
        row = lines[line]
        lines[line] = row[:start] + new + row[end:]
    return tuple(ticked), mark + "".join(lines)


def _replaced(done: Node) -> tuple[int, int, int, str]:
    line, column = done.line - 1, done.column - 1
    written = isinstance(done, Scalar) and not done.empty
    return line, column, done.end[1] - 1 if written else column, "true" if written else " true"


def _added(task: Mapping, lines: list[str]) -> tuple[int, int, int, str]:
    """A key after the last one whose value ends exactly: that of a block reaches over blank lines."""
    if task.flow:
        last = list(task.values.values())[-1]
        line, column = last.end[0] - 1, last.end[1] - 1
        return line, column, column, ", done: true"
    values = list(task.values.values())
    last = next(value for value in reversed(values) if _ends_exactly(value))
    line = last.end[0] - 1
    row = lines[line]
    body = row.rstrip("\r\n")
    ending = row[len(body) :] or ("\r\n" if lines[0].endswith("\r\n") else "\n")
    key = next(iter(task.keys.values()))
    new = f"{ending}{' ' * (key.column - 1)}done: true"
    return line, len(body), len(body), new


def _ends_exactly(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.style not in ("|", ">") and not node.empty
    return isinstance(node, (Sequence, Mapping)) and node.flow
