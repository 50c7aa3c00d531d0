"""Which file of a render is which file of the project: by what it is generated from, never by likeness.

A file is known by its template and the element it is generated for. Both may have had other names: a room
says so in its manifest, a plan with `was:`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import product
from typing import Any

from generator.blueprints import Room
from generator.folder.lock import Lock, LockedFile
from generator.frozen import dataclass
from generator.rendered import RenderedFile

_SAME_NAME = {"subject": "entity"}
"""Kinds of elements that are named as another kind is."""


@dataclass(frozen=True)
class Names:
    """Earlier names, newest first: of templates by their path, of elements by kind and name."""

    templates: Mapping[str, Sequence[str]] = field(default_factory=dict)
    elements: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    def identities(self, file: RenderedFile) -> Iterator[tuple[str, str]]:
        """All that a file may have been generated from, its present template and element first."""
        parts = [self._labels(part) for part in file.element.split("/")]
        elements = ["/".join(labels) for labels in product(*parts)]
        yield from product([file.template, *self.templates.get(file.template, ())], elements)

    def _labels(self, label: str) -> list[str]:
        kind, _, name = label.partition(":")
        earlier = self.elements.get(_SAME_NAME.get(kind, kind), {}).get(name, ())
        return [label, *(f"{kind}:{old}" for old in earlier)]


def names_of(rooms: Sequence[Room], answers: Mapping[str, Any]) -> Names:
    """Return the earlier names that manifests and the plan state.

    Args:
        rooms: of the stack that is rendered.
        answers: plain data of `generator.answers.build_answers`.
    """
    return Names(
        {template: earlier for room in rooms for template, earlier in room.was.items()},
        answers.get("former") or {},
    )


def slot_heirs(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the present id of each slot that had another one, by the earlier id.

    Args:
        answers: plain data of `generator.answers.build_answers`.
    """
    operations = (answers.get("former") or {}).get("operation") or {}
    return {old: name for name, earlier in operations.items() for old in earlier}


def pair(rendered: Sequence[RenderedFile], lock: Lock, names: Names) -> dict[str, LockedFile]:
    """Find the entry of the lock that each rendered file continues.

    Args:
        rendered: the whole render.
        lock: what earlier runs generated.
        names: earlier names of templates and elements.

    Returns:
        The entries by path of the rendered file; a file that is new has none. An entry that is generated from
        the same goes first; what merely stands at the same path follows last.
    """
    pairs: dict[str, LockedFile] = {}
    rest: list[RenderedFile] = []
    for file in rendered:
        entry = lock.files.get(file.path)
        if entry is not None and (entry.template, entry.element) == (file.template, file.element):
            pairs[file.path] = entry
        else:
            rest.append(file)
    taken = {entry.path for entry in pairs.values()}
    known = {(each.template, each.element): each for each in lock.files.values() if not each.shared}
    for files, of_path in ((rest, False), ([*rest], True)):
        for file in files:
            if file.path in pairs:
                continue
            sources = [lock.files.get(file.path)] if of_path else map(known.get, names.identities(file))
            found = next((each for each in sources if each and each.path not in taken), None)
            if found is not None:
                pairs[file.path] = found
                taken.add(found.path)
    return pairs
