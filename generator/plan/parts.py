"""Parts of a plan from nodes: lists, maps, models by their keys, models by their kinds."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

from generator.plan.choosing import called, option_for
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
    Whole,
    keys_of,
)
from generator.plan.leaves import BROKEN, LeafReader, shown
from generator.plan.lines import LineProblem
from generator.plan.names import folded
from generator.plan.nodes import Mapping, Node, Scalar, Sequence
from generator.problems import did_you_mean

MOST_HINTS = 1000
"""Problems of a file after which no names are suggested."""
ModelType = TypeVar("ModelType", bound=Part)
Keys: TypeAlias = dict[str, tuple[str, Form, bool]]
"""By key: attribute, form, whether it is required."""


class Spread(dict[str, Any]):
    """Several attributes that one key stands for."""


class PartReader(LeafReader):
    """Reads nodes of one file by their forms."""

    def read(self, form: Form, node: Node, key: Node) -> Any:
        """The value of a node, or `BROKEN`; `key` is where a missing part is reported."""
        match form:
            case Name():
                return self._name(form, node)
            case Text():
                return self._text(form, node)
            case Choice():
                return self._choice(form, node)
            case Flag():
                return self._flag(node)
            case Whole():
                return self._whole(form, node)
            case ListOf():
                return self._list(form, node)
            case MapOf():
                return self._map(form, node)
            case Keyed():
                return self._part(form, node, key)
            case Either():
                return self._either(form, node, key)
            case Special():
                return getattr(self, f"_{form.kind}")(node, key)

    # Collections

    def _list(self, form: ListOf, node: Node) -> Any:
        if isinstance(node, Scalar) and form.single and not node.empty:
            item = self.read(form.item, node, node)
            return BROKEN if item is BROKEN else (item,)
        if not isinstance(node, Sequence):
            return self.wrong_kind(node, "a list")
        items = [self.read(form.item, item, item) for item in node.items]
        if form.distinct:
            seen: set[object] = set()
            for item, value in zip(node.items, items, strict=True):
                if isinstance(value, str) and value in seen:
                    self.error(item, f"`{value}` is here twice")
                seen.add(value if isinstance(value, str) else id(item))
        return BROKEN if any(item is BROKEN for item in items) else tuple(items)

    def _map(self, form: MapOf, node: Node) -> Any:
        if isinstance(node, Scalar) and form.short and not node.empty:
            item = self.read(form.item, node, node)
            return BROKEN if item is BROKEN else {form.short: item}
        if not isinstance(node, Mapping):
            return self.wrong_kind(node, "keys and values")
        if form.filled and not node.keys:
            self.error(node, "at least one entry is needed")
            return BROKEN
        found: dict[str, Any] = {}
        spelled: dict[str, Scalar] = {}
        for key, value in node.entries():
            name = self.read(form.key, key, key)
            first = spelled.setdefault(folded(key.text), key) if name is not BROKEN else key
            if first is not key and isinstance(form.key, Name):
                message = f"`{shown(key.text)}` and `{shown(first.text)}` differ only in case and underscores"
                self.error(key, message, f"The other is in line {first.line}")
            item = self.read(form.item, value, key)
            if name is not BROKEN and item is not BROKEN:
                found[name] = item
        return found

    # Parts

    def _part(self, form: Keyed, node: Node, key: Node) -> Any:
        model = form.model
        if isinstance(node, Mapping) and not model.bare:
            if model.variants:
                return self._variant(model, node)
            return self._keys(model, node, key, form.only)
        if isinstance(node, Sequence) and model.list_key:
            attribute, inner, _ = keys_of(model)[model.list_key]
            value = self.read(inner, node, node)
            return BROKEN if value is BROKEN else model(**{attribute: value})
        if isinstance(node, Scalar) and not node.empty:
            if model.flag and node.text == "true" and not node.style:
                return model()
            if model.text_key:
                attribute, inner, _ = keys_of(model)[model.text_key]
                value = self.read(inner, node, node)
                return BROKEN if value is BROKEN else model(**{attribute: value})
            if model.text_example:
                return self._short(model, form, node)
        example = f"Such as `{model.text_example}`" if model.text_example else ""
        if model.bare:
            return self.wrong_kind(node, model.article, example)
        if model.text_example or model.text_key or model.list_key:
            return self.wrong_kind(node, model.article, example)
        ways = "`true` or keys and values" if model.flag else "keys and values"
        return self.wrong_kind(node, f"{ways} of {model.article}", example)

    def _short(self, model: type[Part], form: Keyed, node: Scalar) -> Any:
        known = self.lines.get((model, form.only, node.text))
        if known is not None:
            return known
        try:
            values = model.read_text(node.text)
        except LineProblem as problem:
            self.error(node, problem.message, problem.hint, problem.offset)
            return BROKEN
        for name in values:
            if name not in model.names or (form.only and name not in form.only):
                self.error(node, f"`{name}` has no meaning here")
                return BROKEN
        part = self.lines[model, form.only, node.text] = model(**values)
        return part

    def _keys(self, model: type[Part], node: Mapping, owner: Node, only: tuple[str, ...]) -> Any:
        keys = keys_of(model)
        if only:
            keys = {name: entry for name, entry in keys.items() if name in only}
        values, broken = self._attributes(model, node, owner, keys)
        return BROKEN if broken else model(**values)

    def _attributes(
        self, model: type[Part], node: Mapping, owner: Node, keys: Keys, first: str = ""
    ) -> tuple[dict[str, Any], bool]:
        """The attributes that the keys of a mapping give, and whether a needed one is missing or broken."""
        values: dict[str, Any] = {}
        broken = False
        for key, value in node.entries():
            if key.text == first:
                continue
            if key.text not in keys:
                self._unknown(model, key, list(keys))
                continue
            attribute, form, required = keys[key.text]
            read = self.read(form, value, key)
            if read is BROKEN:
                broken |= required or not model.tolerant
            elif isinstance(read, Spread):
                values.update(read)
            else:
                values[attribute] = read
        for name, (_, _, required) in keys.items():
            if required and name not in node.keys:
                self.error(owner, f"{f'`{first}`' if first else model.article} needs `{name}`")
                broken = True
        return values, broken

    def _unknown(self, model: type[Part], key: Scalar, possible: list[str]) -> None:
        if key.text in model.later:
            about = model.later[key.text]
            self.error(
                key, f"`{key.text}` ({about}) is not supported yet", "Remove it; a later version will have it"
            )
        elif key.text in keys_of(model):
            self.error(key, f"`{key.text}` has no meaning here", did_you_mean(key.text, possible))
        else:
            # A suggestion is looked for among all names: with thousands of problems nobody reads it.
            hint = did_you_mean(key.text, possible) if len(self.problems) < MOST_HINTS else ""
            self.error(key, f"unknown key `{shown(key.text)}` in {model.article}", hint)

    def _variant(self, model: type[Part], node: Mapping) -> Any:
        kinds = [name for name in model.variants if name in node.keys]
        if len(kinds) != 1:
            words = ", ".join(model.variants)
            at = node.keys[kinds[1]] if kinds else node
            found = f"has {' and '.join(kinds)}" if kinds else "has none"
            hint = ""
            if not kinds and node.keys:
                near = did_you_mean(next(iter(node.keys)), model.variants)
                hint = near if near.startswith("Did") else ""
            self.error(at, f"{model.article} needs exactly one of {words}; this {found}", hint)
            return BROKEN
        kind = kinds[0]
        variant = model.variants[kind]
        subject = self.read(variant.form, node.values[kind], node.keys[kind])
        keys = {
            name: (attribute, form, name in variant.required)
            for name, (attribute, form, _) in keys_of(model).items()
            if name in variant.keys
        }
        values, broken = self._attributes(model, node, node, keys, kind)
        if broken or subject is BROKEN:
            return BROKEN
        return model(**{"kind": kind, variant.attribute: subject, **values})

    def _either(self, form: Either, node: Node, key: Node) -> Any:
        option = option_for(form, node)
        return self.wrong_kind(node, called(form)) if option is None else self.read(option, node, key)
