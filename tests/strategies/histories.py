"""Random histories of a plan: a first plan, then edits of its entities and fields as people make them."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.strategies.plans import to_text

TYPES = (
    "text", "varchar(40)", "integer", "smallint", "bigint", "decimal(8,2)", "boolean", "date", "timestamptz",
    "enum(red, green, blue)", "uuid",
)  # fmt: skip
DEFAULTS = {"integer": "7", "boolean": "false", "text": "'some'", "enum(red, green, blue)": "red"}
WIDER = {
    "smallint": ("integer", "bigint"),
    "integer": ("bigint", "decimal(12,2)", "text"),
    "varchar(40)": ("text", "varchar(80)", "varchar(20)"),
    "text": ("varchar(80)",),
    "date": ("timestamptz", "text"),
    "decimal(8,2)": ("decimal(10,3)", "text"),
    "boolean": ("integer", "text"),
    "uuid": ("text",),
    "enum(red, green, blue)": ("enum(red, green)", "enum(red, green, blue, grey)", "text"),
    "bigint": ("decimal(22,0)",),
}


@dataclass
class History:
    """A plan as data that is edited step by step; names are never used twice."""

    chance: random.Random
    plan: dict[str, Any]
    count: int = 0
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The plan as it is now."""
        return to_text(copy.deepcopy(self.plan))

    @property
    def entities(self) -> dict[str, Any]:
        entities: dict[str, Any] = self.plan["entities"]
        return entities

    def new_name(self, start: str) -> str:
        self.count += 1
        letters = "".join("abcdefghij"[int(digit)] for digit in str(self.count))
        return f"{start}{letters}"

    def edit(self) -> None:
        """Make one change that a person might make."""
        kinds: list[Callable[[], None]] = [
            self._add_entity, self._rename_entity, self._drop_entity,
            self._add_field, self._add_field, self._rename_field, self._drop_field,
            self._retype, self._require, self._default, self._unique, self._index, self._check, self._many,
            self._reference, self._self_reference, self._derived, self._soft_delete, self._columns,
        ]  # fmt: skip
        self.chance.choice(kinds)()

    def _pick(self) -> str:
        return self.chance.choice(list(self.entities))

    def _plain_field(self, entity: str) -> str | None:
        """A field that no rule reads: one that a rule reads is edited together with the rule."""
        body = self.entities[entity]
        read = str([body.get(key) for key in ("checks", "indexes", "unique")])
        derived = [str(each.get("derived")) for each in body["fields"].values()]
        names = [
            name
            for name, each in body["fields"].items()
            if "many" not in each["type"] and name not in read and not any(name in text for text in derived)
        ]
        return self.chance.choice(names) if names else None

    def _note(self, text: str) -> None:
        self.notes.append(text)

    def _add_entity(self) -> None:
        name = self.new_name("Thing")
        self.entities[name] = {"fields": {self.new_name("first_"): {"type": "text"}}}
        for _ in range(self.chance.randint(1, 4)):
            self._give_field(name)
        self._note(f"add {name}")

    def _rename_entity(self) -> None:
        old, new = self._pick(), self.new_name("Other")
        body = self.entities[old]
        body["was"] = [*body.get("was", []), old]
        self.plan["entities"] = {new if name == old else name: each for name, each in self.entities.items()}
        for each in self.entities.values():
            for field_ in each["fields"].values():
                if field_["type"] in (f"ref {old}", f"many {old}"):
                    field_["type"] = field_["type"].replace(old, new)
        self._note(f"rename {old} to {new}")

    def _drop_entity(self) -> None:
        name = self._pick()
        pointed = any(
            name in str(field_["type"]).split()
            for other, each in self.entities.items()
            for field_ in each["fields"].values()
            if other != name
        )
        if len(self.entities) > 1 and not pointed:
            del self.entities[name]
            self.plan.setdefault("dropped", []).append(name)
            self._note(f"drop {name}")

    def _give_field(self, entity: str) -> str:
        name, kind = self.new_name("part_"), self.chance.choice(TYPES)
        made: dict[str, Any] = {"type": kind}
        if kind in DEFAULTS and self.chance.random() < 0.5:
            made["default"] = DEFAULTS[kind] if "enum" in kind else f"= {DEFAULTS[kind]}"
            made["required"] = self.chance.random() < 0.5
        self.entities[entity]["fields"][name] = made
        return name

    def _add_field(self) -> None:
        entity = self._pick()
        name = self._give_field(entity)
        made = self.entities[entity]["fields"][name]
        if made["type"] == "integer" and self.chance.random() < 0.5:
            made |= {"backfill": "3 + 4", "required": True}
        self._note(f"add {entity}.{name} {made}")

    def _rename_field(self) -> None:
        entity = self._pick()
        old = self._plain_field(entity)
        if old is None:
            return
        new, fields = self.new_name("moved_"), self.entities[entity]["fields"]
        fields[old]["was"] = [*fields[old].get("was", []), old]
        self.entities[entity]["fields"] = {
            new if name == old else name: each for name, each in fields.items()
        }
        self._note(f"rename {entity}.{old} to {new}")

    def _drop_field(self) -> None:
        entity = self._pick()
        name = self._plain_field(entity)
        if name is not None and len(self.entities[entity]["fields"]) > 1:
            del self.entities[entity]["fields"][name]
            self.plan.setdefault("dropped", []).append(f"{entity}.{name}")
            self._note(f"drop {entity}.{name}")

    def _retype(self) -> None:
        entity = self._pick()
        name = self._plain_field(entity)
        if name is not None:
            made = self.entities[entity]["fields"][name]
            if made["type"] in WIDER and "derived" not in made:
                made["type"] = self.chance.choice(WIDER[made["type"]])
                for key in ("default", "backfill", "required"):
                    made.pop(key, None)
                self._note(f"{entity}.{name} becomes {made['type']}")

    def _require(self) -> None:
        entity = self._pick()
        name = self._plain_field(entity)
        made = self.entities[entity]["fields"][name] if name is not None else {}
        if made.get("required"):
            made.pop("required")
        elif made.get("type") in DEFAULTS and "derived" not in made:
            kind = made["type"]
            made["default"] = DEFAULTS[kind] if "enum" in kind else f"= {DEFAULTS[kind]}"
            made["required"] = True
        self._note(f"{entity}.{name} is required or no more")

    def _default(self) -> None:
        entity = self._pick()
        name = self._plain_field(entity)
        made = self.entities[entity]["fields"][name] if name is not None else {}
        if made.get("type") == "integer" and "derived" not in made:
            made["default"] = f"= {self.chance.randint(1, 50)}"
            self._note(f"{entity}.{name} has another default")

    def _unique(self) -> None:
        entity = self._pick()
        body = self.entities[entity]
        if body.get("unique"):
            body["unique"].popitem()
        else:
            texts = [name for name, each in body["fields"].items() if each["type"] in ("text", "varchar(40)")]
            if texts and "default" not in body["fields"][texts[0]]:
                body["unique"] = {self.new_name("only_"): [texts[0]]}
        self._note(f"unique of {entity}")

    def _index(self) -> None:
        entity = self._pick()
        body = self.entities[entity]
        if body.get("indexes"):
            _, columns = body["indexes"].popitem()
            if self.chance.random() < 0.5:
                body["indexes"][self.new_name("look_")] = columns
        else:
            plain = [name for name, each in body["fields"].items() if each["type"] in TYPES]
            if plain:
                body["indexes"] = {self.new_name("find_"): [plain[0]]}
        self._note(f"index of {entity}")

    def _check(self) -> None:
        entity = self._pick()
        body = self.entities[entity]
        if body.get("checks"):
            body["checks"].popitem()
        else:
            numbers = [name for name, each in body["fields"].items() if each["type"] == "integer"]
            if numbers:
                rule = f"{numbers[0]} is not set or {numbers[0]} > -5"
                body["checks"] = {self.new_name("above_"): rule}
        self._note(f"check of {entity}")

    def _many(self) -> None:
        first, second = self._pick(), self._pick()
        if first != second and not any(
            "many" in each["type"] for each in self.entities[first]["fields"].values()
        ) and not any(each["type"] == f"many {first}" for each in self.entities[second]["fields"].values()):  # fmt: skip
            self.entities[first]["fields"][self.new_name("links_")] = {"type": f"many {second}"}
            self._note(f"{first} has many {second}")

    def _reference(self) -> None:
        names = list(self.entities)
        if len(names) > 1:
            second = self.chance.choice(names[1:])
            self.entities[second]["fields"][self.new_name("to_")] = {"type": f"ref {names[0]}"}
            self._note(f"{second} refers to {names[0]}")

    def _self_reference(self) -> None:
        entity = self._pick()
        self.entities[entity]["fields"][self.new_name("under_")] = {"type": f"ref {entity}"}
        self._note(f"{entity} refers to itself")

    def _derived(self) -> None:
        entity = self._pick()
        fields = self.entities[entity]["fields"]
        numbers = [
            name for name, each in fields.items() if each["type"] == "integer" and "derived" not in each
        ]
        if numbers:
            rule = f"coalesce({numbers[0]}, 0) + {self.chance.randint(1, 9)}"
            computed = [name for name, each in fields.items() if "derived" in each]
            if computed and numbers[0] in fields[computed[0]]["derived"]:
                fields[computed[0]]["derived"] = rule
            else:
                fields[self.new_name("sum_")] = {"type": "integer", "derived": rule, "stored": True}
            self._note(f"{entity} computes {rule}")

    def _soft_delete(self) -> None:
        body = self.entities[self._pick()]
        if not body.get("soft_delete"):
            body["soft_delete"] = True

    def _columns(self) -> None:
        """The other case for the columns of all tables."""
        conventions = self.plan["conventions"]
        other = {"snake_case": "camelCase", "camelCase": "snake_case"}
        conventions["columns"] = other[conventions.get("columns", "snake_case")]
        self._note(f"columns in {conventions['columns']}")


def first_plan(seed: int) -> History:
    """A plan with one or two entities, from which a history begins."""
    chance = random.Random(seed)
    ids = chance.choice(("uuid", "integer", "bigint"))
    head = {"specwright": 1, "project": "history", "stack": "express-react", "conventions": {"ids": ids}}
    history = History(chance, {**head, "entities": {}})
    for _ in range(chance.randint(1, 3)):
        history._add_entity()
    return history
