"""The JSON Schema by which editors complete and check plan.yaml and tasks.yaml; derived from the forms."""

from __future__ import annotations

from typing import Any

from generator.plan.acceptance import Action, Advance, GivenAction, GivenRow
from generator.plan.forms import (
    Choice,
    Either,
    Flag,
    Form,
    Keyed,
    ListOf,
    MapOf,
    Name,
    Part,
    Special,
    Text,
    Variant,
    Whole,
    describe,
    keys_of,
)
from generator.plan.members import MEMBERS
from generator.plan.names import SHAPES
from generator.plan.routes import METHODS
from generator.plan.schema import Plan, Tasks

Schema = dict[str, Any]

# Editors read scalars by YAML's guess: a text may look like a number or a boolean.
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_EXPRESSION: Schema = {"type": ["string", "number", "boolean", "null"]}


def plan_schema() -> Schema:
    """The JSON Schema (draft 7) of plan.yaml; reserved sections are accepted and marked."""
    return _Writer().whole(Plan, "Specwright plan, version 1")


def tasks_schema() -> Schema:
    """The JSON Schema (draft 7) of tasks.yaml."""
    return _Writer().whole(Tasks, "Specwright tasks, version 1")


class _Writer:
    """Forms to schemas; models become definitions."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def whole(self, model: type[Part], title: str) -> Schema:
        root = self.mapping(model)
        head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": title}
        return {**head, **root, "definitions": dict(sorted(self.definitions.items()))}

    def form(self, form: Form) -> Schema:
        match form:
            case Name():
                shape = SHAPES[form.kind]
                return {
                    "type": "string",
                    "pattern": f"^({shape.pattern.pattern})$",
                    "maxLength": shape.longest,
                }
            case Text():
                return {"type": "string", "pattern": f"^({form.shape})$"} if form.shape else dict(_TEXT)
            case Choice():
                words: list[str | int] = [*form.words, *form.later]
                numbers = [int(word) for word in form.words if word.isdigit()]
                marked = {"description": f"Reserved, not supported yet: {', '.join(form.later)}."}
                return {"enum": numbers + words, **(marked if form.later else {})}
            case Flag():
                return {"type": "boolean"}
            case Whole():
                return {"type": "integer", "minimum": form.minimum, "maximum": form.maximum}
            case ListOf():
                items = {"type": "array", "items": self.form(form.item)}
                unique = {"uniqueItems": True} if form.distinct else {}
                return (
                    _any_of(self.form(form.item), {**items, **unique}) if form.single else {**items, **unique}
                )
            case MapOf():
                names = self.form(form.key)
                mapping: Schema = {
                    "type": "object",
                    "propertyNames": names,
                    "additionalProperties": self.form(form.item),
                }
                if form.filled:
                    mapping["minProperties"] = 1
                return _any_of(self.form(form.item), mapping) if form.short else mapping
            case Keyed():
                return self.reference(form)
            case Either():
                return _any_of(*(self.form(option) for option in form.options))
            case Special():
                return self.special(form.kind)

    def special(self, kind: str) -> Schema:
        if kind == "expression":
            return dict(_EXPRESSION)
        if kind == "type":
            return {"type": "string"}
        if kind == "route":
            return {"type": "string", "pattern": f"^({'|'.join(METHODS)}) /"}
        if kind == "shape":
            return _any_of({"type": "string"}, self.form(MEMBERS))
        if kind == "given":
            rows = (self.form(Keyed(model)) for model in (GivenRow, GivenAction, Advance))
            return _any_of(self.form(Name("fixture")), *rows)
        if kind == "when":
            actions = {"together": {"type": "array", "items": self.form(Keyed(Action)), "minItems": 2}}
            several = _object(actions, ["together"])
            several["description"] = "Actions at once."
            return _any_of(self.form(Keyed(Action)), several)
        return {}

    def reference(self, form: Keyed) -> Schema:
        name = form.called or form.model.__name__
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self.part(form)
        return {"$ref": f"#/definitions/{name}"}

    def part(self, form: Keyed) -> Schema:
        model = form.model
        ways: list[Schema] = []
        if model.flag:
            ways.append({"const": True})
        if model.text_example:
            ways.append({"type": "string", "examples": [model.text_example]})
        if model.text_key:
            ways.append(self.form(keys_of(model)[model.text_key][1]))
        if model.list_key:
            ways.append(self.form(keys_of(model)[model.list_key][1]))
        if model.variants:
            ways += [self.variant(model, kind, variant) for kind, variant in model.variants.items()]
        elif not model.bare:
            ways.append(self.mapping(model, form.only))
        about = (model.__doc__ or "").strip().splitlines()[0]
        return {"description": about, **_any_of(*ways)}

    def mapping(self, model: type[Part], only: tuple[str, ...] = ()) -> Schema:
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for key, (attribute, form, needed) in keys_of(model).items():
            if only and key not in only:
                continue
            properties[key] = _described(describe(model, attribute), self.form(form))
            if needed:
                required.append(key)
        if not only:
            for key, about in model.later.items():
                properties[key] = {"description": f"Reserved, not supported yet: {about}."}
        return _object(properties, required)

    def variant(self, model: type[Part], kind: str, variant: Variant) -> Schema:
        properties = {kind: _described(_subject(model, kind), self.form(variant.form))}
        for key, (attribute, form, _) in keys_of(model).items():
            if key in variant.keys:
                properties[key] = _described(describe(model, attribute), self.form(form))
        return _object(properties, [kind, *variant.required])


def _subject(model: type[Part], kind: str) -> str:
    article = model.article.split(" ", 1)[-1]
    return f"Makes this {article} `{kind}`, and says of what."


def _object(properties: dict[str, Schema], required: list[str]) -> Schema:
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def _any_of(*ways: Schema) -> Schema:
    return dict(ways[0]) if len(ways) == 1 else {"anyOf": list(ways)}


def _described(about: str, schema: Schema) -> Schema:
    """A description beside a reference would be ignored by draft 7."""
    notes = [
        way["description"]
        for way in (schema, *schema.get("anyOf", ()))
        if "enum" in way and "description" in way
    ]
    later = f" {notes[0]}" if notes else ""
    inner: Schema = {"allOf": [schema]} if "$ref" in schema else schema
    return {**inner, "description": about + later}
