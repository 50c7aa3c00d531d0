"""Frozen records with named attributes: what the parts of a plan are.

The reader checks every value before it makes a record, and a plan has tens of thousands of them. So a record
holds what was given and nothing more (a default stands in its class), and its types are looked at only where
forms are made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import get_annotations
from typing import (
    Annotated,
    Any,
    ClassVar,
    NoReturn,
    Self,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

_NONE: Any = object()


@dataclass(frozen=True)
class Attribute:
    """An attribute of a record: its type, what is annotated beside it, and its default if it has one."""

    annotation: Any
    metadata: tuple[Any, ...]
    default: Any = _NONE

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is _NONE


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Record:
    """A record; a class says its attributes by annotations, as a dataclass does."""

    names: ClassVar[frozenset[str]] = frozenset()
    """All attributes."""
    _needed: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        own = [name for name, kind in get_annotations(cls).items() if not kind.startswith("ClassVar")]
        cls.names = cls.names | {*own}
        cls._needed = cls._needed | {name for name in own if name not in cls.__dict__}

    def __init__(self, **values: Any) -> None:
        if not self._needed <= values.keys() <= self.names:
            wrong = sorted((self._needed - values.keys()) | (values.keys() - self.names))
            raise TypeError(f"{type(self).__name__}: {wrong[0]} is missing or unknown")
        self.__dict__.update(values)

    @property
    def written(self) -> frozenset[str]:
        """The attributes that were given."""
        return frozenset(self.__dict__)

    def replaced(self, changes: Mapping[str, Any]) -> Self:
        """A record with other values, which count as given."""
        return type(self)(**{**self.__dict__, **changes})

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.names)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in sorted(self.names)))

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({given})"


_KNOWN: dict[type[Record], dict[str, Attribute]] = {}


def attributes_of(record: type[Record]) -> dict[str, Attribute]:
    """The attributes of a class of records, in the order written."""
    known = _KNOWN.get(record)
    if known is not None:
        return known
    found = _KNOWN[record] = {}
    for name, hint in get_type_hints(record, include_extras=True).items():
        if name not in record.names:
            continue
        annotation, *metadata = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        found[name] = Attribute(annotation, tuple(metadata), getattr(record, name, _NONE))
    return found
