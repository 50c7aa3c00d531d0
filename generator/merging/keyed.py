"""Settings in JSON, YAML and TOML brought together by key, where their lines alone cannot be.

What changed between two generated versions is applied to the person's file; comments and order stay.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, MutableMapping, MutableSequence
from pathlib import PurePosixPath
from typing import Any

WIDTH = 100
"""Columns of a line in generated JSON: the formatter of the project breaks after as many."""

_ABSENT = object()


class KeyConflict(Exception):
    """Both sides changed the value of one key, each in their own way."""


class Unreadable(Exception):
    """A version cannot be read as what its name says."""


def is_keyed(path: str) -> bool:
    """Say whether a file of this path holds keys and values."""
    return PurePosixPath(path).suffix in _FORMATS


def check_readable(path: str, content: str) -> None:
    """Make sure that a file can be read as what its name says.

    Raises:
        Unreadable: it cannot.
    """
    _FORMATS[PurePosixPath(path).suffix][0](content)


def read_keys(path: str, content: str) -> Any:
    """Read a file as what its name says.

    Raises:
        Unreadable: it cannot be.
    """
    return _FORMATS[PurePosixPath(path).suffix][0](content)


def merge_keys(path: str, base: str, ours: str, theirs: str) -> str:
    """Apply to a person's file what changed between two generated versions of it, key by key.

    Args:
        path: its ending says the format.
        base: as it was generated.
        ours: what a person made of it.
        theirs: as it is generated now.

    Returns:
        The person's text with the changes.

    Raises:
        KeyConflict: both sides changed one value, or one removed what the other changed.
        Unreadable: one of the three cannot be read.
    """
    read, write = _FORMATS[PurePosixPath(path).suffix]
    before, wanted, result = read(base), read(theirs), read(ours)
    if not all(isinstance(each, MutableMapping) for each in (before, wanted, result)):
        raise KeyConflict("it is not a map of keys")
    _apply(before, wanted, result, ())
    return write(result, ours)


def _apply(before: Any, wanted: Any, result: Any, path: tuple[str, ...]) -> None:
    for key in dict.fromkeys([*before, *wanted]):
        old, new, own = (each.get(key, _ABSENT) for each in (before, wanted, result))
        if _equal(new, old) or _equal(new, own):
            continue
        place = (*path, str(key))
        if all(isinstance(each, MutableMapping) for each in (old, new, own)):
            _apply(old, new, own, place)
        elif all(isinstance(each, MutableSequence) for each in (old, new, own)):
            _apply_list(old, new, own, place)
        elif not _equal(own, old):
            raise KeyConflict(".".join(place))
        elif new is _ABSENT:
            del result[key]
        elif old is _ABSENT:
            _insert(result, key, new, [*wanted])
        else:
            result[key] = new


def _insert(result: Any, key: str, value: Any, order: list[str]) -> None:
    """Add a key after the one that stands before it in the new version, where the container can."""
    former = next((each for each in reversed(order[: order.index(key)]) if each in result), None)
    keys = [*result]
    position = keys.index(former) + 1 if former is not None else 0
    if hasattr(result, "insert") and not hasattr(result, "as_string"):
        result.insert(position, key, value)
        return
    if hasattr(result, "as_string"):
        result[key] = value
        return
    later = {each: result.pop(each) for each in keys[position:]}
    result[key] = value
    result.update(later)


def _apply_list(old: Any, new: Any, own: Any, path: tuple[str, ...]) -> None:
    """Lists of different values are sets in an order: what came goes to the end, what went is taken out."""
    for each in (old, new, own):
        if any(_equal(item, other) for number, item in enumerate(each) for other in each[:number]):
            raise KeyConflict(".".join(path))
    for item in old:
        if not _holds(new, item):
            if not _holds(own, item):
                continue
            del own[next(number for number, each in enumerate(own) if _equal(each, item))]
    for item in new:
        if not _holds(old, item) and not _holds(own, item):
            own.append(item)


def _holds(items: Any, wanted: Any) -> bool:
    return any(_equal(item, wanted) for item in items)


def _equal(left: Any, right: Any) -> bool:
    """Equal in kind as well: `true` is not 1."""
    if left is _ABSENT or right is _ABSENT:
        return left is right
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def _read_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_distinct)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is not JSON: {error}") from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def _write_json(data: Any, ours: str) -> str:
    found = re.search(r"^([ \t]+)\S", ours, re.MULTILINE)
    return "".join(_lines_of_json(data, found[1] if found else "  ", "")) + "\n"


def _lines_of_json(value: Any, indent: str, before: str) -> str:
    if isinstance(value, list):
        flat = f"[{', '.join(json.dumps(item, ensure_ascii=False) for item in value)}]"
        simple = not any(isinstance(item, (dict, list)) for item in value)
        if not value or (simple and len(before) + len(flat) < WIDTH):
            return flat
        items = [_lines_of_json(item, indent, before + indent) for item in value]
        return _block("[", items, "]", indent, before)
    if isinstance(value, dict) and value:
        items = [
            f"{json.dumps(key, ensure_ascii=False)}: {_lines_of_json(item, indent, before + indent)}"
            for key, item in value.items()
        ]
        return _block("{", items, "}", indent, before)
    return json.dumps(value, ensure_ascii=False)


def _block(start: str, items: list[str], end: str, indent: str, before: str) -> str:
    inner = ",\n".join(f"{before}{indent}{item}" for item in items)
    return f"{start}\n{inner}\n{before}{end}"


def _read_yaml(text: str) -> Any:
    from ruamel.yaml.error import YAMLError

    try:
        return _yaml(text).load(text)
    except YAMLError as error:
        raise Unreadable(f"it is not YAML: {error}") from None


def _write_yaml(data: Any, ours: str) -> str:
    written = io.StringIO()
    _yaml(ours).dump(data, written)
    return written.getvalue()


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    if re.search(r"^( *)[^\s#-][^\n]*:\n\1 +- ", text, re.MULTILINE):
        yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _read_toml(text: str) -> Any:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise Unreadable(f"it is not TOML: {error}") from None


def _write_toml(data: Any, ours: str) -> str:
    import tomlkit

    return tomlkit.dumps(data)


_FORMATS: dict[str, tuple[Callable[[str], Any], Callable[[Any, str], str]]] = {
    ".json": (_read_json, _write_json),
    ".yml": (_read_yaml, _write_yaml),
    ".yaml": (_read_yaml, _write_yaml),
    ".toml": (_read_toml, _write_toml),
}
