"""Operations as plain data: how sealed migrations record them, and read them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from generator.model import schema_changes
from generator.model.schema_changes import Change, Column, Rule

_KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Change)}


class NotRecorded(Exception):
    """Data that no operation was recorded as."""


def recorded(change: Change) -> dict[str, Any]:
    """An operation as JSON data: its kind, then what is not as usual.

    Args:
        change: the operation.
    """
    return {"change": type(change).__name__, **_data(change)}


def restored(data: Any) -> Change:
    """The operation that was recorded as `data`.

    Raises:
        NotRecorded: the data is of no operation.
    """
    found = _instance(data, get_args(Change))
    assert isinstance(found, Change)
    return found


def _data(value: Any) -> dict[str, Any]:
    found = {}
    for each in fields(value):
        content = getattr(value, each.name)
        if content != _usual(each):
            found[each.name] = _plain(content)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Column):
        return _data(value)
    return recorded(value) if type(value).__name__ in _KINDS else value


def _usual(field: Field[Any]) -> Any:
    return None if field.default is MISSING else field.default


def _instance(data: Any, kinds: tuple[type, ...]) -> Any:
    kind = _KINDS.get(str(data.get("change"))) if isinstance(data, dict) else None
    if kind is None or kind not in kinds:
        raise NotRecorded(f"{str(data)[:80]} is no operation")
    return _made(kind, {name: value for name, value in data.items() if name != "change"})


def _made(kind: type, given: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    known = {each.name: each for each in fields(kind)}
    if unknown := given.keys() - known.keys():
        raise NotRecorded(f"{kind.__name__} has no {min(unknown)}")
    if missing := {name for name, each in known.items() if each.default is MISSING} - given.keys():
        raise NotRecorded(f"{kind.__name__} lacks {min(missing)}")
    return kind(**{name: _value(value, hints[name]) for name, value in given.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, vars(schema_changes))


def _value(value: Any, hint: Any) -> Any:
    if hint is Column and isinstance(value, dict):
        return _made(Column, value)
    if hint == Rule:
        return _instance(value, get_args(Rule))
    if get_origin(hint) is tuple and isinstance(value, list):
        inner = get_args(hint)
        if inner[-1] is ...:
            return tuple(_value(each, inner[0]) for each in value)
        if len(inner) == len(value):
            return tuple(_value(each, one) for each, one in zip(value, inner, strict=True))
    if any(type(value) is kind for kind in (get_args(hint) or (hint,))):
        return value
    raise NotRecorded(f"{str(value)[:80]} is not what is recorded there")
