"""Random plans over all of the language that is built: valid by construction, with names of 1 to 40 characters."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML

from generator.plan.names import folded, names_of
from generator.plan.reserved import RESERVED
from tests.strategies.callers import add_callers
from tests.strategies.relations import add_relations
from tests.strategies.standard import add_standard

Draw = st.DrawFn
SCALARS = (
    "text", "varchar", "integer", "smallint", "bigint", "decimal", "boolean", "uuid", "timestamptz", "date",
    "time", "interval", "money", "array", "jsonb", "enum",
)  # fmt: skip
ELEMENTS = (
    "text", "varchar(20)", "integer", "smallint", "bigint", "decimal(6,2)", "boolean", "uuid", "timestamptz", "date", "time",
    "interval", "enum(left, right)", "Word",
)  # fmt: skip
SYLLABLES = ("ba", "ko", "ri", "tu", "me", "lo", "sa", "ne", "vi", "dar", "pol", "quin", "x", "zu", "o")
TEXTS = (
    "plain", "it's", 'a "quote"', "`tick` ${hole}", "{{ mark }} {% tag %}", "*/ -- #", "back\\slash", "ä ß 漢 😀", "<b>&amp;",
)  # fmt: skip
FORMATS = ("email", "url", "slug", "timezone", "currency", "country", "language", "phone")
BOUNDS = {
    "decimal(6,2)": ("-5.00", "900.50"),
    "decimal(20,8)": ("0.00000001", "123456789012.5"),
    "date": ("1990-05-31", "2026-02-01"),
    "time": ("08:30", "21:15:30"),
    "timestamptz": ("2001-01-01T00:00:00Z", "2030-06-01T12:00:00+02:00"),
}
"""A least and a greatest value of types whose values are written as text."""
WORDS = frozenset().union(*RESERVED.values())


@dataclass
class Names:
    """Names that are not taken yet, whatever their case and number."""

    taken: set[str] = field(default_factory=set)

    def snake(self, draw: Draw, longest: int = 40) -> str:
        """A new name in snake_case."""
        length = draw(st.sampled_from((1, 2, 3, 5, 8, 12, 20, 30, 39, 40)))
        parts = draw(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=14))
        base = draw(st.sampled_from(("", "_"))).join(parts)
        for attempt in range(600):
            # A name that is taken gets letters behind it, so that the smallest example has names too.
            ending = "" if attempt == 0 else "wyhfgc"[attempt % 6] * (attempt // 6 + 1)
            name = base[: max(1, min(length, longest) - len(ending))].strip("_") + ending
            words = {name, names_of(name).plural_snake, names_of(name).camel, names_of(name).plural_camel}
            words.add(names_of(name).pascal)
            if (
                name
                and len(name) <= longest
                and not ({*words, *map(folded, words)} & WORDS)
                and not {folded(word) for word in words} & self.taken
            ):
                self.taken |= {folded(word) for word in words}
                return name
        raise AssertionError("no name left")

    def pascal(self, draw: Draw, longest: int = 24) -> str:
        """A new name in PascalCase."""
        return names_of(self.snake(draw, longest)).pascal


@st.composite
def plans(draw: Draw, callers: bool = False, related: bool = True) -> str:
    """A valid plan as text: entities with rules, a service with steps and slots, fixtures and criteria.

    With ``callers`` the plan knows who calls, in some plans: rows are not numbered there. Without ``related``
    no rows say lists of others.
    """
    names = Names(set())
    entities = [names.pascal(draw) for _ in range(draw(st.integers(1, 4)))]
    plan: dict[str, Any] = {
        "specwright": 1,
        "project": "random-plan",
        "title": draw(st.sampled_from(TEXTS)),
        "stack": "express-react",
        "conventions": {
            "json": draw(st.sampled_from(("camelCase", "snake_case"))),
            "columns": draw(st.sampled_from(("snake_case", "camelCase"))),
            "ids": draw(st.sampled_from(("uuid", "integer", "bigint"))),
            "errors": draw(st.sampled_from(("problem", "compact"))),
        },
        "types": {
            "Secret": {"base": "text", "max_bytes": 72, "needs": ["lower", "digit"]},
            "Word": {"base": "text", "pattern": "[a-z]{2,9}", "normalize": "lower"},
        },
        "config": {
            "LIMIT": "integer = 5",
            "WAIT": "duration = 2h",
            "MODE": "enum(slow, fast) = fast",
            "HOSTS": "list(text) = ['a', 'b']",
        },
        "errors": {
            "BROKEN_RULE": {
                "status": 409,
                "text": draw(st.sampled_from([text for text in TEXTS if "{" not in text])),
            }
        },
        "entities": {},
        "services": {},
    }
    for name in entities:
        plan["entities"][name] = _entity(draw, name, entities, plan)
    if related and draw(st.booleans()):
        add_relations(draw, names, plan)
    _service(draw, names, plan)
    if draw(st.booleans()):
        add_standard(draw, names, plan)
    if callers and plan["conventions"]["ids"] == "uuid" and draw(st.booleans()):
        add_callers(draw, plan)
    return to_text(plan)


def to_text(plan: dict[str, Any]) -> str:
    """A plan as YAML in block style."""
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 4096
    stream = io.StringIO()
    writer.dump(plan, stream)
    return stream.getvalue()


def _entity(draw: Draw, name: str, entities: list[str], plan: dict[str, Any]) -> dict[str, Any]:
    names = Names(
        {"id", "version", "createdat", "updatedat", "deletedat", "search", "sort", "limit", "offset"}
    )
    entity: dict[str, Any] = {}
    if draw(st.booleans()):
        entity["timestamps"] = draw(st.sampled_from(("both", "created", "none")))
    if draw(st.booleans()):
        entity["soft_delete"] = True
    if draw(st.booleans()):
        entity["lock"] = "optimistic"
    fields: dict[str, Any] = {}
    numbers, texts, optional = [], [], []
    for _ in range(draw(st.integers(1, 6))):
        column = names.snake(draw, 30)
        kind = draw(st.sampled_from(SCALARS))
        required = draw(st.booleans())
        fields[column] = _field(draw, kind, required)
        if kind in ("integer", "smallint") and required:
            numbers.append(column)
        if kind in ("text", "varchar") and required:
            texts.append(column)
        if not required and kind not in ("jsonb", "interval", "money", "array"):
            optional.append(column)
    for target in draw(st.lists(st.sampled_from(entities), max_size=2)):
        column = names.snake(draw, 20)
        # A required reference to oneself could never be filled in for the first row.
        flags = (
            " required" + draw(st.sampled_from(("", " cascade")))
            if target != name and draw(st.booleans())
            else ""
        )
        flags = flags if entities.index(target) < entities.index(name) else ""
        fields[column] = f"ref {target}{flags}"
    others = [other for other in entities if other != name]
    if others and draw(st.booleans()):
        fields[names.snake(draw, 15)] = {
            "type": f"many {draw(st.sampled_from(others))}",
            "table": f"j_{entities.index(name)}",
        }
    if draw(st.booleans()):
        counted = draw(st.sampled_from(entities))
        fields[names.snake(draw, 20)] = {"type": "integer", "derived": f"count {counted}(id != this.id)"}
    if texts and draw(st.booleans()):
        fields[names.snake(draw, 20)] = {"type": "integer", "stored": True, "derived": f"length({texts[0]})"}
    if numbers and draw(st.booleans()):
        copied = fields[numbers[0]]["type"]
        fields[names.snake(draw, 20)] = {"type": copied, "snapshot": numbers[0]}
    state = None
    if draw(st.booleans()):
        state = names.snake(draw, 20)
        fields[state] = "enum(fresh, busy, over) required = fresh"
        entity["states"] = _states(draw, state, optional)
    entity["fields"] = fields
    checks: dict[str, Any] = {}
    if numbers:
        checks["number_rule"] = {"rule": f"{numbers[0]} >= -30000", "error": "BROKEN_RULE"}
    if optional:
        checks["optional_rule"] = f"{optional[0]} is not set or 1 = 1"
        entity["indexes"] = {"some": {"fields": [optional[0]], "where": f"{optional[0]} is set"}}
    if checks:
        entity["checks"] = checks
    if draw(st.booleans()):
        entity["resource"] = _resource(draw, entity, texts, optional)
    elif draw(st.booleans()):
        entity["resource"] = True
    return entity


def _field(draw: Draw, kind: str, required: bool) -> Any:
    long: dict[str, Any] = {"type": kind}
    if kind == "varchar":
        long["type"] = f"varchar({draw(st.sampled_from((20, 40, 255)))})"
        if draw(st.booleans()):
            long["min_length"] = draw(st.integers(0, 3))
        if draw(st.booleans()):
            long["normalize"] = draw(st.sampled_from(("lower", "trim", "lower_trim", "upper")))
        if draw(st.booleans()):
            long["personal"] = "contact"
        if draw(st.integers(0, 3)) == 0:
            length = long["type"]
            long = {"type": length, "format": draw(st.sampled_from(FORMATS))}
    if kind == "decimal":
        long["type"] = draw(
            st.sampled_from(("decimal(6,2)", "decimal(12,0)", "decimal(20,8)", "decimal(3,3)"))
        )
    if kind in ("integer", "smallint", "bigint") and draw(st.booleans()):
        long |= {"min": -20000, "max": 20000}
    if (kind in BOUNDS or long["type"] in BOUNDS) and draw(st.integers(0, 2)) == 0:
        least, most = BOUNDS[long["type"]]
        long |= draw(st.sampled_from(({"min": least}, {"max": most}, {"min": least, "max": most})))
    if kind == "enum":
        long["type"] = draw(
            st.sampled_from(("enum(one)", "enum(left, right)", "enum(alpha, beta_two, gamma_three_long)"))
        )
    if kind == "text" and draw(st.integers(0, 4)) == 0:
        long["type"] = "Secret"
    if kind == "array":
        long["type"] = f"array({draw(st.sampled_from(ELEMENTS))})"
        if draw(st.booleans()):
            long |= {"min_length": draw(st.integers(0, 2)), "max_length": draw(st.integers(2, 4))}
    if kind == "money":
        long["type"] = draw(st.sampled_from(("money", "money(EUR)", "money(JPY)")))
        if long["type"] != "money" and draw(st.booleans()):
            long["default"] = f"7 {long['type'][6:9]}"
    if kind == "interval" and draw(st.booleans()):
        long |= {"min": "0s", "max": "400d", "default": "90m"}
    if kind == "boolean" and draw(st.booleans()):
        long["default"] = True
    if kind == "timestamptz" and "max" not in long and draw(st.booleans()):
        long["default"] = "= now() + config.WAIT"
    if long["type"] == "text" and draw(st.booleans()):
        long["default"] = draw(st.sampled_from(TEXTS))
    if kind == "uuid" and draw(st.booleans()):
        long["default"] = "= new_id()"
    if required:
        long["required"] = True
    if "default" not in long and draw(st.integers(0, 5)) == 0:
        long["write"] = "create"
    return long


def _states(draw: Draw, state: str, optional: list[str]) -> dict[str, Any]:
    start: dict[str, Any] = {"from": "fresh", "to": "busy"}
    if optional and draw(st.booleans()):
        start |= {"guard": f"{optional[0]} is set", "error": "BROKEN_RULE"}
    return {
        "field": state,
        "initial": "fresh",
        "transitions": {"begin_it": start, "end": {"from": ["fresh", "busy"], "to": "over"}},
    }


def _resource(draw: Draw, entity: dict[str, Any], texts: list[str], optional: list[str]) -> dict[str, Any]:
    operations = ["list", "get", "create", "update", "delete"]
    chosen = draw(st.lists(st.sampled_from(operations), min_size=1, unique=True))
    resource: dict[str, Any] = {"operations": [name for name in operations if name in chosen]}
    if draw(st.booleans()):
        resource["page"] = "cursor"
    if texts:
        resource["search"] = texts
    if optional:
        resource["filter"] = [name for name in optional if entity["fields"][name].get("expose") != "never"]
        resource["sort"] = resource["filter"][:1]
        resource["order"] = [f"{optional[0]} desc"]
    return resource


def _service(draw: Draw, names: Names, plan: dict[str, Any]) -> None:
    entity = draw(st.sampled_from(list(plan["entities"])))
    service = names_of(names.snake(draw, 20)).camel
    operation = names_of(names.snake(draw, 40)).camel
    binding = f"row_{names.snake(draw, 30)}"
    steps: list[dict[str, Any]] = [{"load": entity, "as": binding, "by": "input.wanted"}]
    if draw(st.booleans()):
        steps.append(
            {"require": f"count {entity}(id = {binding}.id) < config.LIMIT + 1", "error": "BROKEN_RULE"}
        )
    if draw(st.booleans()):
        steps.append({"emit": "seen", "with": {"row": f"{binding}.id"}})
    steps.append({"return": binding})
    declared: dict[str, Any] = {
        operation: {
            "title": draw(st.sampled_from(TEXTS)),
            "http": f"POST /{names_of(operation).snake.replace('_', '-')}/{{wanted}}",
            "input": {"wanted": f"{entity}.id required"},
            "output": entity,
            "steps": steps,
        }
    }
    if draw(st.booleans()):
        declared[operation]["failure"] = "result"
    if draw(st.booleans()):
        keys = draw(st.sampled_from(("optional", "required")))
        declared[operation]["http"] = {"route": declared[operation]["http"], "idempotency": keys}
    if draw(st.booleans()):
        slot = names_of(names.snake(draw, 30)).camel
        body: Any = "placeholder" if draw(st.booleans()) else {"return": {"amount": f"count {entity}()"}}
        declared[slot] = {
            "http": f"GET /slot-{names_of(slot).snake.replace('_', '-')}",
            "output": {"amount": "integer required"},
            "slot": {
                "intent": draw(st.sampled_from(TEXTS)),
                "may_read": [entity],
                "proven_by": ["AC-1"],
                "fallback": body,
            },
        }
        plan["acceptance"] = {
            "AC-1": {
                "title": draw(st.sampled_from(TEXTS)),
                "when": {"http": f"{service}.{slot}"},
                "then": {"status": 200},
            }
        }
    plan["services"][service] = {"operations": declared}
