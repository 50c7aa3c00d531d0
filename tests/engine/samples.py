"""Answers by hand: the little that the fixture blueprint reads."""

from __future__ import annotations

from typing import Any


def entity(name: str, *fields: str) -> dict[str, Any]:
    return {
        "name": name,
        "names": {"camel": name[:1].lower() + name[1:]},
        "file": name.lower(),
        "fields": [{"name": field} for field in ("id", *fields)],
        "resource": None,
        "states": None,
    }


def operation(function: str, body: list[str], slot: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": slot or f"board.{function}",
        "function": function,
        "output_type": "Nothing",
        "input_members": [{"name": "id", "kind": "uuid", "required": True}],
        "slot": {"id": slot, "fallback": "placeholder", "intent": "Do it"} if slot else None,
        "body": body,
        **more,
    }


def answers(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "model_version": 1,
        "project": {"name": "todo", "title": "A to-do list"},
        "stack": "express-react",
        "rooms": {"base": True, "model": True, "service": True, "migration": True, "ci": True},
        "entities": [entity("Item", "title"), entity("List", "name")],
        "services": [
            {
                "name": "board",
                "file": "board",
                "slotted": True,
                "offered": True,
                "operations": [
                    operation("plan", ["return 1;"]),
                    operation("suggest", ["throw new Error('NOT_IMPLEMENTED');"], "board.suggest"),
                    operation("workload", ["const hours = 0;", "return hours;"], "board.workload"),
                ],
            }
        ],
        "migrations": [{"version": "0001", "file": "0001_initial", "up": "CREATE TABLE items ();"}],
    }
    data.update(changes)
    return data
