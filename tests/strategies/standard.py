"""Standard operations in random plans: `crud` bodies over an entity that is there."""

from __future__ import annotations

from typing import Any, Protocol

from hypothesis import strategies as st

from generator.plan.names import names_of

PLAIN = ("varchar", "text", "integer", "smallint", "bigint", "decimal", "boolean", "date", "timestamptz")
KEYED = ("get", "update", "delete")


class Names(Protocol):
    """Gives names that are not taken yet."""

    def snake(self, draw: st.DrawFn, longest: int = 40) -> str:
        """A new name in snake_case."""


def add_standard(draw: st.DrawFn, names: Names, plan: dict[str, Any]) -> None:
    """Add a service with standard operations.

    Args:
        draw: as in a strategy.
        names: those of the plan's entities and services.
        plan: with its entities; it grows.
    """
    name = draw(st.sampled_from(list(plan["entities"])))
    entity = plan["entities"][name]
    fields = entity["fields"]
    kinds = ["list", "get", "update", "delete"] + (["restore"] if entity.get("soft_delete") else [])
    operations: dict[str, Any] = {}
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, unique=True)):
        path = names.snake(draw, 20)
        route = f"/standard-{path.replace('_', '-')}"
        crud: dict[str, Any] = {kind: name}
        if draw(st.booleans()):
            crud["where"] = draw(st.sampled_from(("true or 1 = 1", f"count {name}(id = this.id) >= 0")))
        operation: dict[str, Any] = {"http": f"GET {route}", "crud": crud}
        if kind == "list":
            operation["output"] = f"page({name})"
            plain = [field for field, value in fields.items() if _is_plain(value)]
            if draw(st.booleans()):
                crud["page"] = draw(st.sampled_from(("offset", "cursor")))
            crud["order"] = [f"{field} desc" for field in plain[:2]]
        else:
            method = {"get": "GET", "update": "PATCH", "delete": "DELETE", "restore": "POST"}[kind]
            operation["http"] = f"{method} {route}/{{id}}"
            operation["input"] = {"id": f"{name}.id required"}
            if kind == "get" or (kind != "delete" and draw(st.booleans())):
                operation["output"] = name
        if kind == "update":
            operation["input"] |= _changes(name, fields)
            if entity.get("lock"):
                operation["input"]["version"] = f"{name}.version required"
        operations[names_of(path).camel] = operation
    plan["services"][names_of(names.snake(draw, 20)).camel] = {"operations": operations}


def _changes(name: str, fields: dict[str, Any]) -> dict[str, str]:
    plain = [field for field, value in fields.items() if _is_plain(value)]
    return {
        field: f"{name}.{field}" + (" optional" if fields[field].get("required") else "")
        for field in plain
        if fields[field].get("write") is None
    }


def _is_plain(value: Any) -> bool:
    if not isinstance(value, dict) or {"derived", "snapshot", "through", "inverse", "table"} & set(value):
        return False
    return str(value["type"]).split("(", 1)[0] in PLAIN
