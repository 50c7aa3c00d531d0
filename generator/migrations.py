"""Sealed migrations as they are recorded: one file each, so that branches which add one merge as code does.

`.specwright/migrations/0002_add_size_to_tasks.json` holds what the migration does, as operations and as SQL,
its hash and that of the one it follows. Such a file never changes. Two that follow the same one come from two
branches: a run says so, and `specwright migrations reorder` puts one behind the other.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.folder.destination import Destination, Write
from generator.folder.lock import Lock
from generator.model.elements.history import Migration
from generator.model.recorded_changes import NotRecorded, recorded, restored
from generator.model.schema import Schema, SchemaError, apply
from generator.problems import Location, PlanProblems, Problem
from generator.recording import MIGRATIONS
from generator.slots import skeleton_hash

FORMAT = 1
"""Raised when what is recorded changes its meaning; within one format keys are only added."""
REORDER = "run `specwright migrations reorder`"
_NAME = re.compile(r"[0-9]{4,}_[a-z0-9_]{1,80}")


def read_sealed(folder: Path) -> tuple[Migration, ...]:
    """Read the sealed migrations of a project, in order.

    Args:
        folder: the project.

    Raises:
        PlanProblems: a file was edited or cannot be read, or two migrations follow the same one.
    """
    found = _read(folder)
    problems: list[Problem] = []
    ordered: list[Migration] = []
    followers = _followers(found)
    last = ""
    while last in followers:
        following = followers.pop(last)
        if len(following) > 1:
            names = " and ".join(each.file for each in following)
            after = ordered[-1].file if ordered else "none"
            message = f"{names} both follow {after}: two branches sealed one each"
            problems += [_problem(each.file, message, REORDER) for each in following[1:]]
            break
        ordered += following
        last = following[0].digest
    if not problems:
        left = [each for following in followers.values() for each in following]
        problems += [
            _problem(each.file, f"{each.file} follows a migration that is not here", "take it back from git")
            for each in left
        ]
        problems += _unfit(ordered)
    if problems:
        raise PlanProblems(problems)
    return tuple(ordered)


def refuse_stack(stack: str) -> None:
    """Refuse sealed migrations where the stack's migrator does not know them. Raises `PlanProblems`."""
    if stack != "express-react":
        hint = "its migrations are written from the plan as it stands"
        raise PlanProblems([Problem(None, f"migrations of {stack} cannot be sealed yet", hint)])


def forks(folder: Path) -> tuple[str, ...]:
    """Return the names of migrations that follow the same one as another; none where all are in order."""
    groups = _followers(_read(folder)).values()
    return tuple(each.file for group in groups if len(group) > 1 for each in group)


def record_of(migration: Migration) -> Write:
    """The file that records a sealed migration."""
    return Write(_path(migration.file), _written(migration))


def sealing(migrations: Sequence[Migration], destination: Destination, lock: Lock) -> list[Migration]:
    """Seal what is open, each with its SQL as it stands in the project: what a person added to it stays.

    Args:
        migrations: all of the plan, in order.
        destination: the project, which was generated from that plan.
        lock: what was generated.

    Returns:
        The migrations that were open, sealed.
    """
    parent, found = "", []
    for migration in migrations:
        if not migration.digest:
            up, down = (_standing(migration, side, destination, lock) for side in ("up", "down"))
            sealed = replace(migration, parent=parent, up=up or migration.up, down=down or migration.down)
            migration = replace(sealed, digest=_digest(_content(sealed)))
            found.append(migration)
        parent = migration.digest
    return found


def reordered(folder: Path, last: str | None = None) -> list[Write]:
    """Put migrations that follow the same one behind each other, with numbers and hashes of their own.

    Args:
        folder: the project.
        last: the migration that goes behind the others, with all that follow it; by default names decide, so
            that everybody gets the same.

    Returns:
        The files that change.

    Raises:
        PlanProblems: a file cannot be read, or what one migration does does not fit behind the other.
    """
    found = _read(folder)
    followers = _followers(found)
    ordered: list[Migration] = []

    def walk(parent: str) -> None:
        for each in sorted(followers.get(parent, ()), key=lambda each: (_leads_to(each), each.file)):
            ordered.append(each)
            walk(each.digest)

    def _leads_to(migration: Migration) -> bool:
        below = followers.get(migration.digest, ())
        return migration.file == last or any(_leads_to(each) for each in below)

    walk("")
    writes: list[Write] = []
    parent = ""
    placed: list[Migration] = []
    for number, each in enumerate(ordered, 1):
        moved = replace(each, version=f"{number:04d}", parent=parent)
        moved = replace(moved, digest=_digest(_content(moved)))
        if moved != each:
            if moved.file != each.file:
                writes.append(Write(_path(each.file), None, before=_written(each)))
            writes.append(Write(_path(moved.file), _written(moved)))
        placed.append(moved)
        parent = moved.digest
    problems = _unfit(placed)
    if problems:
        raise PlanProblems(problems)
    # A name that one gives up may be the name that another takes.
    kept = {write.path for write in writes if write.content is not None}
    before = {_path(each.file): _written(each) for each in found}
    return [
        replace(write, before=before.get(write.path)) if write.content is not None else write
        for write in writes
        if write.content is not None or write.path not in kept
    ]


def _read(folder: Path) -> list[Migration]:
    destination = Destination(folder)
    place = folder / MIGRATIONS
    names = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    found: list[Migration] = []
    problems: list[Problem] = []
    for name in names:
        if not name.endswith(".json"):
            continue
        stem = name.removesuffix(".json")
        content = destination.find(f"{MIGRATIONS}/{name}").content
        try:
            migration = _restored(json.loads((content or b"").decode()))
        except (ValueError, KeyError, TypeError, AttributeError, NotRecorded, RecursionError):
            hint = "it is never merged: take one version back from git"
            problems.append(_problem(stem, f"{name} cannot be read", hint))
            continue
        if migration.digest != _digest(_content(migration)):
            problems.append(_problem(stem, f"{stem} was edited after it was sealed", "take it back from git"))
        elif migration.file != stem or not _NAME.fullmatch(stem):
            problems.append(_problem(stem, f"{name} records {migration.file}", "take its name back"))
        else:
            found.append(migration)
    if problems:
        raise PlanProblems(problems)
    return found


def _restored(data: Any) -> Migration:
    if data["format"] != FORMAT:
        raise NotRecorded(f"format {data['format']}")
    return Migration(
        version=str(data["number"]),
        name=str(data["name"]),
        up=_text(data["up"]),
        down=_text(data["down"]),
        entities=tuple(str(name) for name in data["entities"]),
        changes=tuple(restored(each) for each in data["changes"]),
        digest=str(data["hash"]),
        parent=str(data["parent"]),
    )


def _text(lines: Iterable[Any]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _content(migration: Migration) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "number": migration.version,
        "name": migration.name,
        "parent": migration.parent,
        "entities": list(migration.entities),
        "changes": [recorded(change) for change in migration.changes],
        "up": migration.up.removesuffix("\n").split("\n"),
        "down": migration.down.removesuffix("\n").split("\n"),
    }


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _written(migration: Migration) -> bytes:
    """JSON with a line for each operation and each line of SQL."""
    lines = []
    for key, value in {**_content(migration), "hash": migration.digest}.items():
        if isinstance(value, list) and key != "entities":
            inner = ",\n".join(f"  {json.dumps(each, ensure_ascii=False)}" for each in value)
            lines.append(f"{json.dumps(key)}: [\n{inner}\n]" if inner else f"{json.dumps(key)}: []")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _followers(migrations: Iterable[Migration]) -> dict[str, list[Migration]]:
    found: dict[str, list[Migration]] = {}
    for migration in migrations:
        found.setdefault(migration.parent, []).append(migration)
    return found


def _unfit(migrations: Iterable[Migration]) -> list[Problem]:
    """What cannot be done where it stands."""
    schema = Schema()
    for number, migration in enumerate(migrations, 1):
        if int(migration.version) != number:
            return [_problem(migration.file, f"{migration.file} stands at place {number}", REORDER)]
        try:
            schema = apply(schema, migration.changes)
        except SchemaError as error:
            hint = "remove its record, and its changes are made anew in the open migration"
            return [_problem(migration.file, f"{migration.file} does not fit there: {error}", hint)]
    return []


def _standing(migration: Migration, side: str, destination: Destination, lock: Lock) -> str:
    """What a person made of its SQL, "" where it is as generated."""
    name = f"{migration.file}.{side}.sql"
    path = next((path for path in lock.files if path.rpartition("/")[2] == name), "")
    content = destination.find(path).content if path else None
    if content is None or skeleton_hash(content) == lock.files[path].hash:
        return ""
    return content.decode().replace("\r\n", "\n")


def _path(file: str) -> str:
    return f"{MIGRATIONS}/{file}.json"


def _problem(file: str, message: str, hint: str) -> Problem:
    return Problem(Location(_path(file), 1, 1), message, hint)
