"""What an edit of a plan can reach: its entity, whatever shares a name with that, and so on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.frozen import dataclass
from generator.local import NotLocal
from generator.plan.names import folded, names_of
from generator.plan.nodes import Mapping as Keys
from generator.plan.nodes import Node, Scalar, Sequence, compose
from generator.problems import ProblemList

SHARE = 0.25
"""Of the entities: an edit that can reach more is left to a full run, which would cost little more."""

_FREE = frozenset({"title", "fields", "unique", "indexes", "checks"})
"""Keys of an entity that claim no name outside of its own table."""
_CLAIMS = frozenset({"ref", "many", "table", "through", "inverse", "was", "column"})
"""Words of a field that claim a name in another entity or in the database."""


@dataclass(frozen=True)
class Outline:
    """Where the entities of a plan stand: the line each begins in, from 0, and the line after the last."""

    begins: Mapping[str, int]
    end: int

    def moved(self, entity: str, lines: int) -> Outline:
        """The outline after an entity has grown by some lines."""
        own = self.begins[entity]
        begins = {name: line + lines * (line > own) for name, line in self.begins.items()}
        return Outline(begins, self.end + lines)


@dataclass(frozen=True)
class Edit:
    """An edit within one entity: the plan cut down to what it can reach, before and after.

    `grown` is by how many lines the entity grew.
    """

    entity: str
    before: str
    after: str
    grown: int


def outline_of(text: str, root: Keys) -> Outline | None:
    """Find where the entities of a plan stand.

    Args:
        text: the plan.
        root: what it was read into.

    Returns:
        The outline; None where entities do not begin in lines of their own.
    """
    entities = root.values.get("entities")
    if root.flow or not isinstance(entities, Keys) or entities.flow or not entities.keys:
        return None
    lines = text.split("\n")
    begins = {name: key.line - 1 for name, key in entities.keys.items()}
    for name, key in entities.keys.items():
        if not lines[key.line - 1].startswith(f"{' ' * (key.column - 1)}{name}:"):
            return None
    later = [key.line - 1 for key in root.keys.values() if key.line > root.keys["entities"].line]
    end = min(later, default=len(lines))
    return Outline(begins, end) if end > max(begins.values()) else None


def find_edit(before: str, outline: Outline, after: str, share: float = SHARE) -> Edit:
    """Find what an edit can reach.

    Args:
        before: the plan as it was, which was sound.
        outline: where its entities stood.
        after: the plan as it is now.
        share: of the entities: when more are reached, it is not local.

    Raises:
        NotLocal: it is more than an edit within one entity, or reaches too far.
    """
    old, new = before.split("\n"), after.split("\n")
    first, last = _changed(old, new)
    grown = len(new) - len(old)
    bounds = [*outline.begins.values(), outline.end]
    if not all(old[line].lstrip().startswith(f"{name}:") for name, line in outline.begins.items()):
        raise NotLocal("the outline is of another plan")
    parts = {name: slice(*bounds[at : at + 2]) for at, name in enumerate(outline.begins)}
    entity = next((name for name, at in parts.items() if at.start < first and last <= at.stop), None)
    if entity is None:
        raise NotLocal("more than one entity has changed")
    own = parts[entity]
    was, now = old[own], new[own.start : own.stop + grown]
    _refuse_claims(entity, "\n".join(was), "\n".join(now))
    head, tail = old[: bounds[0]], old[bounds[-1] :]
    texts = {name: "\n".join(old[part]) for name, part in parts.items()}
    seen = {**texts, entity: "\n".join([*was, *now])}
    reached = _reached(entity, seen, "\n".join([*head, *tail]), share)
    kept = [old[part] for name, part in parts.items() if name in reached]
    changed = [now if name == entity else old[part] for name, part in parts.items() if name in reached]
    return Edit(entity, _joined(head, kept, tail), _joined(head, changed, tail), grown)


def _joined(head: list[str], parts: list[list[str]], tail: list[str]) -> str:
    return "\n".join([*head, *(line for part in parts for line in part), *tail])


def _changed(old: list[str], new: list[str]) -> tuple[int, int]:
    """The lines of the old text, from and to, outside of which the two are the same."""
    shorter = min(len(old), len(new))
    first = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    alike = 0
    while alike < shorter - first and old[-1 - alike] == new[-1 - alike]:
        alike += 1
    return first, len(old) - alike


def _refuse_claims(entity: str, was: str, now: str) -> None:
    """The edit must be whole YAML within its entity, and claim no name that another could have."""
    old, new = _read(entity, was), _read(entity, now)
    for key in dict.fromkeys([*old, *new]):
        if key not in _FREE and old.get(key) != new.get(key):
            raise NotLocal(f"{key} may claim a name")
    fields = [entry.get("fields") for entry in (old, new)]
    if not all(isinstance(entry, dict) for entry in fields):
        raise NotLocal("fields are not written as such")
    for name in dict.fromkeys(name for entry in fields for name in entry or ()):
        one, other = ((entry or {}).get(name) for entry in fields)
        if one != other and _CLAIMS & {*re.findall(r"\w+", f"{one} {other}")}:
            raise NotLocal(f"the field {name} may claim a name")


def _read(entity: str, text: str) -> dict[str, Any]:
    problems = ProblemList()
    root = compose(f"entities:\n{text}\n", "plan.yaml", problems)
    entities = root.values.get("entities") if root else None
    apart = any(line[:1] not in {" ", "#", "", "\r"} for line in text.split("\n"))
    if apart or root is None or problems.errors or not isinstance(entities, Keys):
        raise NotLocal("the entity cannot be read alone")
    found = entities.values.get(entity)
    if len(root.keys) != 1 or len(entities.keys) != 1 or not isinstance(found, Keys):
        raise NotLocal("the entity is not what it was")
    return {name: _plain(value) for name, value in found.values.items()}


def _plain(node: Node) -> Any:
    if isinstance(node, Keys):
        return {name: _plain(value) for name, value in node.values.items()}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return (node.text, node.style) if isinstance(node, Scalar) else None


def _reached(entity: str, texts: Mapping[str, str], rest: str, share: float) -> set[str]:
    """The entity, those that name it or that it names, anywhere in a word, those of these, and so on.

    What the rest of the plan names is always among them.
    """
    words = {name: _squashed(text) for name, text in texts.items()}
    forms = {name: folded(name) for name in texts}
    outside = _squashed(rest)
    waiting = [entity, *(name for name, form in forms.items() if form in outside)]
    reached = {*waiting}
    most = max(1, int(len(texts) * share))
    while waiting and len(reached) <= most:
        name = waiting.pop()
        names = names_of(name)
        own = {forms[name], folded(names.plural_pascal)}
        near = [
            other
            for other in texts
            if other not in reached
            and (forms[other] in words[name] or any(form in words[other] for form in own))
        ]
        reached.update(near)
        waiting += near
    if len(reached) > most:
        raise NotLocal("the edit reaches too far")
    return reached


def _squashed(text: str) -> str:
    """The text as `folded` has names, so that a name is found in whatever case and inside of other words."""
    return text.lower().replace("_", "").replace("-", "")
