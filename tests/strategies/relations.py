"""Lists of rows in random plans: inverses of refs, `many` through an entity, and answers that include them."""

from __future__ import annotations

from typing import Any, Protocol

from hypothesis import strategies as st

from generator.plan.names import names_of


class Names(Protocol):
    """Gives names that are not taken yet."""

    def snake(self, draw: st.DrawFn, longest: int = 40) -> str:
        """A new name in snake_case."""

    def pascal(self, draw: st.DrawFn, longest: int = 24) -> str:
        """A new name in PascalCase."""


def add_relations(draw: st.DrawFn, names: Names, plan: dict[str, Any]) -> None:
    """Add an entity whose rows join two others, lists on both sides, and an operation that shows them.

    Args:
        draw: as in a strategy.
        names: those of the plan's entities and services.
        plan: with its entities; it grows.
    """
    entities = plan["entities"]
    one = draw(st.sampled_from(list(entities)))
    two = draw(st.sampled_from(list(entities)))
    join = names.pascal(draw)
    # The fields of the entities have names that are not known here: none of them starts so.
    lists = f"all_{names.snake(draw, 20)}"
    entity: dict[str, Any] = {
        "fields": {
            "first_side": {"type": f"ref {one}", "required": True, "inverse": lists},
            "second_side": {"type": f"ref {two}", "required": True, "cascade": True},
            "weight_of_it": "smallint",
        }
    }
    if draw(st.booleans()):
        entity["soft_delete"] = True
    if draw(st.booleans()):
        entity["resource"] = True
    if draw(st.booleans()):
        entities[one]["fields"][f"sum_{names.snake(draw, 20)}"] = {
            "type": "integer",
            "derived": f"{lists}.count",
        }
    include: dict[str, Any] = {lists: ["weight_of_it"]}
    steps: list[dict[str, Any]] = [
        {"load": one, "as": "row_of_it", "by": "input.wanted"},
        {"load": join, "as": "join_of_it", "by": "input.joined"},
        {"require": f"join_of_it in row_of_it.{lists}", "error": "BROKEN_RULE"},
    ]
    kinds = [field["type"] for field in entities[one]["fields"].values() if isinstance(field, dict)]
    if one != two and f"many {two}" not in kinds:
        through = f"all_{names.snake(draw, 20)}"
        entities[one]["fields"][through] = {"type": f"many {two}", "through": join}
        include[through] = ["id"]
        steps.append({"require": f"row_of_it.{through}.count < 3", "error": "BROKEN_RULE"})
        if isinstance(entities[one].get("resource"), dict) and draw(st.booleans()):
            entities[one]["resource"].setdefault("filter", []).append(through)
    entities[join] = entity
    shape = names.pascal(draw)
    plan["schemas"] = {shape: {"of": one, "pick": ["id"], "include": include}}
    operation = names_of(names.snake(draw, 20)).camel
    plan["services"][names_of(names.snake(draw, 20)).camel] = {
        "operations": {
            operation: {
                "http": f"POST /related-{names_of(operation).snake.replace('_', '-')}/{{wanted}}",
                "input": {"wanted": f"{one}.id required", "joined": f"{join}.id required"},
                "output": shape,
                "steps": [*steps, {"return": "row_of_it"}],
            }
        }
    }
