"""Writes the template of express-react's package-lock.json from what npm locks for each choice of rooms.

By hand, after a dependency has changed: for each choice run `npm install --package-lock-only` in a project
with these rooms, then `python -m tests.stacks.locks BASE WEB E2E`, which names their package-lock.json in the
order in which each has all that the one before has.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

TEMPLATE = (
    Path(__file__).parents[2] / "blueprints" / "express-react" / "{{ when.base }}" / "package-lock.json.jinja"
)
ROOMS = (None, "web", "e2e")
NAME = "{{ project.name | to_json }}"


def template_of(locks: Sequence[Mapping[str, Any]]) -> str:
    """The template that renders to each of the locks.

    Args:
        locks: without optional rooms, with the first one, with the second as well.
    """
    packages = locks[-1]["packages"]
    rooms = {
        key: next(room for room, lock in zip(ROOMS, locks, strict=True) if key in lock["packages"])
        for key in packages
    }
    for lock in locks:
        changed = [key for key, entry in lock["packages"].items() if key and packages[key] != entry]
        assert not changed, f"these packages differ between rooms: {changed}"
    keys = list(packages)[1:]
    parts = [_root(locks[-1])]
    for room, group in groupby(keys, key=rooms.__getitem__):
        if room is not None:
            parts.append(f"{{% if when.{room} %}}\n")
        for key in group:
            later = [rooms[other] for other in keys[keys.index(key) + 1 :]]
            parts.append(_entry(key, packages[key]) + _comma(room, later) + "\n")
        if room is not None:
            parts.append("{% endif %}\n")
    return "".join(parts) + "  }\n}\n"


def _comma(room: str | None, later: Sequence[str | None]) -> str:
    """The comma after an entry: there if anything is rendered after it."""
    least = min((ROOMS.index(other) for other in later), default=None)
    if least is None:
        return ""
    return "," if least <= ROOMS.index(room) else f'{{{{ "," if when.{ROOMS[least]} }}}}'


def _root(lock: Mapping[str, Any]) -> str:
    root = {**lock["packages"][""], "name": "NAME", "workspaces": ["WORKSPACES"]}
    head = {**lock, "name": "NAME", "packages": {"": root}}
    text = json.dumps(head, indent=2).replace('"NAME"', NAME)
    spaces = '        "contract",\n        "server"{{ "," if when.web }}\n'
    for room, after in (("web", '{{ "," if when.e2e }}'), ("e2e", "")):
        spaces += f'{{% if when.{room} %}}\n        "{room}"{after}\n{{% endif %}}\n'
    return text.replace('        "WORKSPACES"\n', spaces).removesuffix("\n  }\n}") + ",\n"


def _entry(key: str, entry: Mapping[str, Any]) -> str:
    lines = json.dumps({key: entry}, indent=2, ensure_ascii=False).split("\n")[1:-1]
    return "".join(f"  {line}\n" for line in lines)[:-1]


if __name__ == "__main__":
    TEMPLATE.write_text(template_of([json.loads(Path(name).read_text()) for name in sys.argv[1:]]))
