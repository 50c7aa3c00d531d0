"""How the value of a key is written: reading, writing and the JSON Schema are derived from it.

A form is found from the annotation of an attribute (`form_of`): `bool` is a flag, `tuple[X, ...]` a list,
`dict[K, X]` a map, a `Literal` a choice, a model a mapping with its keys. `Annotated[type, form]` says it
where the type is not enough.
"""

from __future__ import annotations

import types
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, Union, get_args, get_origin

from generator.frozen import dataclass
from generator.plan.records import Record, attributes_of


@dataclass(frozen=True)
class Text:
    """Any text. `shape` is a regular expression for all of it; `example` and `called` are for messages."""

    shape: str = ""
    example: str = ""
    called: str = "a text"


@dataclass(frozen=True)
class Name:
    """A name of one of the kinds of `names.SHAPES`."""

    kind: str


@dataclass(frozen=True)
class Choice:
    """One of a few words; those of `later` are refused with "not supported yet"."""

    words: tuple[str, ...]
    later: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Flag:
    """`true` or `false`."""


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds."""

    minimum: int = 0
    maximum: int = 2**53 - 1


@dataclass(frozen=True)
class ListOf:
    """A list; `single` also takes one item without the list, `distinct` refuses repetitions."""

    item: Form
    single: bool = False
    distinct: bool = False


@dataclass(frozen=True)
class MapOf:
    """Names and values, in the order written; `short` is the key that a text alone stands for."""

    key: Form
    item: Form
    short: str = ""
    filled: bool = False


@dataclass(frozen=True)
class Keyed:
    """The keys of a model. Where `only` some have a meaning it is `called` otherwise."""

    model: type[Part]
    only: tuple[str, ...] = ()
    called: str = ""


@dataclass(frozen=True)
class Either:
    """One of several forms, told apart by the kind of YAML; among texts a choice comes before the others."""

    options: tuple[Form, ...]


@dataclass(frozen=True)
class Special:
    """A form with a reader of its own: `expression`, `value`, `type`, `shape`, `route`, `given` or `when`."""

    kind: str


Form: TypeAlias = Text | Name | Choice | Flag | Whole | ListOf | MapOf | Keyed | Either | Special


@dataclass(frozen=True)
class Variant:
    """One kind of a part whose first key says what it is: the attribute for its value, and other keys."""

    attribute: str
    form: Form
    keys: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


class Part(Record):
    """A part of a plan: frozen, closed.

    Attributes are the keys of the language; Python's keywords get a trailing `_`.
    """

    article: ClassVar[str] = "a mapping"
    """What messages call it."""
    list_key: ClassVar[str] = ""
    """The key that a list alone stands for."""
    text_key: ClassVar[str] = ""
    """The key that a text alone stands for."""
    text_example: ClassVar[str] = ""
    """Set when a text alone is read by `read_text`."""
    flag: ClassVar[bool] = False
    """Whether `true` alone is enough."""
    bare: ClassVar[bool] = False
    """Whether the text is the only form, and no mapping."""
    tolerant: ClassVar[bool] = False
    """Whether it is read without those of its keys that are broken, so that the others can be checked."""
    hidden: ClassVar[frozenset[str]] = frozenset()
    """Attributes that are no keys."""
    later: ClassVar[dict[str, str]] = {}
    """Keys that are refused with "not supported yet", and what they are for."""
    variants: ClassVar[dict[str, Variant]] = {}
    """By first key: which kind of the part it makes; needs an attribute `kind`."""

    @classmethod
    def read_text(cls, text: str) -> dict[str, Any]:
        """The attributes that a text alone stands for; raises `lines.LineProblem`."""
        raise NotImplementedError

    def write_text(self) -> str | None:
        """The text alone that stands for this, or None when it needs its keys."""
        return None


def key_of(attribute: str) -> str:
    """The key of an attribute: `from_` is written `from`."""
    return attribute.rstrip("_")


_KEYS: dict[type[Part], dict[str, tuple[str, Form, bool]]] = {}


def keys_of(model: type[Part]) -> dict[str, tuple[str, Form, bool]]:
    """The keys of a model: attribute, form, and whether it is required."""
    known = _KEYS.get(model)
    if known is not None:
        return known
    found = _KEYS[model] = {}
    for attribute, field in attributes_of(model).items():
        if attribute in model.hidden:
            continue
        form = next((entry for entry in field.metadata if _is_form(entry)), None)
        found[key_of(attribute)] = (attribute, form or form_of(field.annotation), field.required)
    return found


def describe(model: type[Part], attribute: str) -> str:
    """The sentence about an attribute, for editors and the reference."""
    metadata = attributes_of(model)[attribute].metadata
    return next((entry for entry in metadata if isinstance(entry, str)), "")


def form_of(annotation: Any) -> Form:
    """The form of a type; `None` in a union only says that the key may be absent."""
    origin = get_origin(annotation)
    arguments = get_args(annotation)
    if origin is Annotated:
        form = next((entry for entry in arguments[1:] if _is_form(entry)), None)
        return form or form_of(arguments[0])
    if origin in (Union, types.UnionType):
        options = tuple(form_of(option) for option in arguments if option is not type(None))
        return options[0] if len(options) == 1 else Either(options)
    if origin is Literal:
        return Choice(arguments)
    if origin is tuple:
        return ListOf(form_of(arguments[0]))
    if origin is dict:
        return MapOf(form_of(arguments[0]), form_of(arguments[1]))
    if annotation is bool:
        return Flag()
    if annotation is int:
        return Whole()
    if annotation is str:
        return Text()
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return getattr(annotation, "form", None) or Keyed(annotation)
    raise TypeError(f"no form for {annotation!r}")


def _is_form(entry: object) -> bool:
    return isinstance(entry, (Text, Name, Choice, Flag, Whole, ListOf, MapOf, Keyed, Either, Special))
