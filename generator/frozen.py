"""Frozen dataclasses that cost little to declare: a command imports two hundred and makes objects of a few.

`dataclasses.dataclass` writes and compiles six methods for each class when its module is imported, which was
half of what importing Specwright took. Here they are compiled when the first object needs one of them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool = False, kw_only: bool = False) -> Any:
        """Make a class a frozen dataclass, as `dataclasses.dataclass` does with the same arguments.

        Args:
            frozen: True; others are made by `dataclasses`.
            slots: whether objects have no dictionary.
            kw_only: whether values are given by name alone.

        Raises:
            TypeError: it is not to be frozen, or it is derived from what `dataclasses` has frozen.
        """
        if not frozen:
            raise TypeError("only frozen dataclasses are made here")

        def declare(kind: type[Any]) -> type[Any]:
            own = {*kind.__dict__}
            # Otherwise it is made of the signature, which is slow to find.
            kind.__doc__ = kind.__doc__ or kind.__name__
            if slots:
                # It is another class with them, so it is made now.
                made = _declared(kind, slots=True, kw_only=kw_only)
            else:
                made = kind
                for name in _DECLARED:
                    setattr(made, name, _OnFirstUse(name, kw_only))
            for name, method in _METHODS.items():
                if name not in own:
                    setattr(made, name, method)
            return made

        return declare


def _declared(kind: type[Any], *, slots: bool, kw_only: bool) -> type[Any]:
    return dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(kind)


_DECLARED = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")


class _OnFirstUse:
    """What `dataclasses` knows of a class: found when it is asked for."""

    def __init__(self, name: str, kw_only: bool) -> None:
        self.name = name
        self.kw_only = kw_only

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        kind = next(base for base in owner.__mro__ if base.__dict__.get(self.name) is self)
        for name in _DECLARED:
            delattr(kind, name)
        _declared(kind, slots=False, kw_only=self.kw_only)
        return getattr(owner, self.name)


def _on_first_use(name: str) -> Any:
    """A method that has all methods of its class compiled, and then is the one it stands for."""

    def method(self: Any, *values: Any, **named: Any) -> Any:
        kind = next(base for base in type(self).__mro__ if base.__dict__.get(name) is method)
        for own, compiled in _compiled(kind).items():
            if kind.__dict__.get(own) is _METHODS[own]:
                setattr(kind, own, compiled)
        return getattr(kind, name)(self, *values, **named)

    return method


def _compiled(kind: type[Any]) -> dict[str, Any]:
    """The methods of a class: one object is like another of its class with the same values."""
    fields = dataclasses.fields(kind)
    names: dict[str, Any] = {"set_": object.__setattr__, "missing_": dataclasses.MISSING}
    given: list[str] = ["self"]
    named: list[str] = []
    body: list[str] = []
    for field in fields:
        name, value = field.name, field.name
        default = ""
        if field.default is not dataclasses.MISSING:
            names[f"default_{name}"] = field.default
            default = f"=default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            names[f"make_{name}"] = field.default_factory
            default = "=missing_"
            value = f"make_{name}() if {name} is missing_ else {name}"
        (named if field.kw_only else given).append(f"{name}{default}")
        body.append(f"set_(self, {name!r}, {value})")
    if hasattr(kind, "__post_init__"):
        body.append("self.__post_init__()")
    values, others = (
        "".join(f"{self}.{field.name}, " for field in fields if field.compare) for self in ("self", "other")
    )
    shown = ", ".join(f"{field.name}={{self.{field.name}!r}}" for field in fields if field.repr)
    arguments = ", ".join([*given, *(["*", *named] if named else [])])
    source = f"""\
def __init__({arguments}):
    {"; ".join(body) or "pass"}
def __eq__(self, other):
    return ({values}) == ({others}) if other.__class__ is self.__class__ else NotImplemented
def __hash__(self):
    return hash(({values}))
def __repr__(self):
    return f"{{self.__class__.__qualname__}}({shown})"
"""
    exec(source, names)  # as `dataclasses` does: of names of fields alone
    return {name: names[name] for name in ("__init__", "__eq__", "__hash__", "__repr__")}


def _set(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


_METHODS: dict[str, Any] = {
    **{name: _on_first_use(name) for name in ("__init__", "__eq__", "__hash__", "__repr__")},
    "__setattr__": _set,
    "__delattr__": _delete,
}
