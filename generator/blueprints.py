"""Blueprints: where the templates are, which stacks and rooms they offer, and what each manifest says."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

from generator.frozen import dataclass

TEMPLATES_VARIABLE = "SPECWRIGHT_TEMPLATES"
MANIFEST = "blueprint.yml"
_GATE = re.compile(r"\{\{ when\.([a-z][a-z0-9_]*) \}\}")
_MANIFEST_KEYS = {
    "id",
    "title",
    "version",
    "changes",
    "optional",
    "requires",
    "contributes",
    "slots",
    "tools",
    "next",
    "dev",
    "was",
    "identity",
    "follows",
    "bodies",
    "ejected",
    "addresses",
}


class BlueprintError(Exception):
    """A blueprint is not as the engine needs it: a defect of the blueprint, never of a plan."""


@dataclass(frozen=True)
class Room:
    """One gated part of a stack, as its manifest describes it.

    `version` counts releases of the room; `changes` says for each version what it brought; an `optional`
    room is off unless a plan switches it on; `requires` names rooms it cannot do without; `contributes`
    is what it adds to files of other rooms, by kind; `slots` are ids of slots it renders beside those of
    the plan; `tools` are commands that the generated code needs, with the least version; `next` is what
    to run after generating; `dev` is how the stack is run while it is developed (see
    `generator.service.ServicePlan`); `was` gives for each template that had another path the earlier
    ones, newest first, all relative to the folder of the stack; a room with `identity` is there only for
    plans whose identity is from there, and may bring a fragment of a plan; one that `follows` others is there
    only where they are; `bodies` are functions for slots
    of the plan, by their ids; `ejected` gives for each text that names a command of Specwright what stands
    in its place once Specwright is taken out; `addresses` are answered by the room itself, so that no route
    of a plan may be there: `GET /` for one, `/app` for all there and below.
    """

    id: str
    stack: str
    title: str
    version: str
    folder: Path
    changes: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    requires: tuple[str, ...] = ()
    contributes: Mapping[str, Any] = field(default_factory=dict)
    slots: tuple[str, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    next: str = ""
    dev: Mapping[str, Any] = field(default_factory=dict)
    was: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    identity: str = ""
    follows: tuple[str, ...] = ()
    bodies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ejected: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()


def templates_folder() -> Path:
    """Find the folder that holds copier.yml and blueprints/.

    It is the one named by the environment variable SPECWRIGHT_TEMPLATES (for authors of rooms), else the copy
    inside the installed package, else the checkout this module runs from.

    Raises:
        BlueprintError: none of them holds a copier.yml.
    """
    package = Path(__file__).resolve().parent
    named = os.environ.get(TEMPLATES_VARIABLE)
    candidates = [Path(named).resolve()] if named else [package / "_bundled", package.parent]
    for candidate in candidates:
        if (candidate / "copier.yml").is_file():
            return candidate
    raise BlueprintError(f"No copier.yml in {' or '.join(map(str, candidates))}")


def stack_names(templates: Path) -> tuple[str, ...]:
    """Return the stacks a templates folder offers, in order of name."""
    return tuple(
        sorted(
            entry.name
            for entry in (templates / "blueprints").iterdir()
            if entry.is_dir() and entry.name[0] not in "_."
        )
    )


def rooms_of(templates: Path, stack: str) -> tuple[Room, ...]:
    """Read the manifests of a stack.

    Args:
        templates: the folder from `templates_folder`.
        stack: name of a stack.

    Returns:
        Its rooms, each after the rooms it requires, otherwise in order of name.

    Raises:
        BlueprintError: a manifest is missing or wrong, or rooms require each other in a circle.
    """
    folder = templates / "blueprints" / stack
    if not folder.is_dir():
        raise BlueprintError(f"There is no stack {stack} in {templates / 'blueprints'}")
    found = {}
    for entry in sorted(folder.iterdir()):
        gate = _GATE.fullmatch(entry.name)
        if gate and entry.is_dir():
            found[_called(gate)] = _read_manifest(entry, stack, _called(gate))
    _refuse_two_heirs(found.values())
    return _in_order(found)


def room_of_template(template: str) -> str:
    """Return the room a template belongs to, "base" for what stands outside of the gates (the answers file).

    Args:
        template: path of a template below the folder of its stack, with `/`.
    """
    gate = _GATE.fullmatch(template.split("/", 1)[0])
    return _called(gate) if gate else "base"


def templates_digest(templates: Path, stack: str) -> str:
    """Return a hash of all that a render of a stack can read: copier.yml, macros, its own templates."""
    digest = hashlib.sha256()
    roots = [templates / "copier.yml", templates / "blueprints" / "_macros", templates / "blueprints" / stack]
    for root in roots:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(templates).as_posix()
                content = path.read_bytes()
                digest.update(f"{name}\0{path.stat().st_mode & 0o100}\0{len(content)}\0".encode())
                digest.update(content)
    return digest.hexdigest()


def _called(gate: re.Match[str]) -> str:
    """The room of a gate: a name of Jinja has no `-`."""
    return gate[1].replace("_", "-")


@cache
def engine_digest() -> str:
    """Return a hash of the code of Specwright: with other code the same plan may mean something else."""
    package = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        if "_bundled" not in path.parts:
            digest.update(f"{path.relative_to(package).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_manifest(folder: Path, stack: str, room: str) -> Room:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path = folder / MANIFEST
    try:
        with path.open("rb") as source:
            data = YAML(typ="safe").load(source) or {}
    except FileNotFoundError:
        raise BlueprintError(f"{path} is missing: every room needs a manifest") from None
    except YAMLError as error:
        raise BlueprintError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise BlueprintError(f"{path}: a manifest must be a mapping")
    if unknown := sorted(set(data) - _MANIFEST_KEYS):
        raise BlueprintError(f"{path}: unknown key {unknown[0]}")
    if data.get("id") != room:
        raise BlueprintError(f"{path}: id is {data.get('id')!r}, but the gate says {room!r}")
    return Room(
        id=room,
        stack=stack,
        title=str(data.get("title", room)),
        version=str(data.get("version", "1")),
        folder=folder,
        changes={str(version): str(text) for version, text in (data.get("changes") or {}).items()},
        optional=bool(data.get("optional", False)),
        requires=tuple(data.get("requires") or ()),
        contributes=data.get("contributes") or {},
        slots=tuple(data.get("slots") or ()),
        tools={str(tool): str(least) for tool, least in (data.get("tools") or {}).items()},
        next=str(data.get("next") or ""),
        dev=data.get("dev") or {},
        was=_earlier_names(folder, data.get("was") or {}),
        identity=str(data.get("identity") or ""),
        follows=tuple(data.get("follows") or ()),
        bodies={str(slot): dict(body) for slot, body in (data.get("bodies") or {}).items()},
        ejected={str(text): str(instead) for text, instead in (data.get("ejected") or {}).items()},
        addresses=tuple(data.get("addresses") or ()),
    )


def _earlier_names(folder: Path, stated: Any) -> dict[str, tuple[str, ...]]:
    """The earlier paths of templates; one that begins with a gate is of another room."""
    path = folder / MANIFEST
    if not isinstance(stated, dict):
        raise BlueprintError(f"{path}: was must be a mapping of templates to their earlier paths")
    found = {}
    for template, earlier in stated.items():
        if not (folder / str(template)).is_file():
            raise BlueprintError(f"{path}: was names {template}, which is no template of this room")
        names = [str(name) for name in (earlier if isinstance(earlier, list) else [earlier])]
        names = [
            name if _GATE.fullmatch(name.split("/", 1)[0]) else f"{folder.name}/{name}" for name in names
        ]
        if existing := [name for name in names if (folder.parent / name).exists()]:
            raise BlueprintError(f"{path}: was says {existing[0]}, which is a template now")
        found[f"{folder.name}/{template}"] = tuple(reversed(names))
    return found


def _refuse_two_heirs(rooms: Iterable[Room]) -> None:
    heirs: dict[str, str] = {}
    for room in rooms:
        for template, names in room.was.items():
            for name in names:
                if heirs.setdefault(name, template) != template:
                    raise BlueprintError(f"{heirs[name]} and {template} both say that they were {name}")


def _in_order(rooms: dict[str, Room]) -> tuple[Room, ...]:
    ordered: dict[str, Room] = {}

    def visit(room: Room, waiting: tuple[str, ...]) -> None:
        if room.id in ordered:
            return
        if room.id in waiting:
            raise BlueprintError(f"Rooms require each other: {' > '.join((*waiting, room.id))}")
        for needed in room.requires:
            if needed not in rooms:
                raise BlueprintError(
                    f"{room.folder / MANIFEST}: requires {needed}, which is no room of {room.stack}"
                )
            visit(rooms[needed], (*waiting, room.id))
        ordered[room.id] = room

    # What only some plans have comes last: the others find their rooms in the order that they recorded.
    for room in sorted(rooms.values(), key=lambda room: bool(room.identity)):
        visit(room, ())
    return tuple(ordered.values())
