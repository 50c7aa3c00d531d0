"""Whether a result has lost what a person wrote: looked for before anything is written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.merging.keyed import Unreadable, is_keyed, read_keys
from generator.slots import with_line_feeds


def loses(path: str, base: bytes, ours: bytes, results: Sequence[bytes]) -> bool:
    """Say whether something that a person put into a file is nowhere in what becomes of it.

    Args:
        path: its ending says whether it holds keys: then values count, and not how they are written.
        base: as it was generated.
        ours: what the person made of it.
        results: what becomes of the file, then whatever else parts of it went to.
    """
    if not lost_lines(base, ours, results):
        return False
    if not is_keyed(path):
        return True
    try:
        versions = [read_keys(path, each.decode()) for each in (base, ours, results[0])]
    except (Unreadable, UnicodeDecodeError):
        return True
    old, own, new = (Counter(_values(version)) for version in versions)
    return bool((own - old) - new)


def lost_lines(base: bytes, ours: bytes, results: Iterable[bytes]) -> Counter[bytes]:
    """Return the lines that a person added and that are in none of the results; line ends do not count."""
    added = _lines(ours) - _lines(base)
    return added - sum((_lines(result) for result in results), Counter())


def _lines(content: bytes) -> Counter[bytes]:
    return Counter(line for line in with_line_feeds(content).split(b"\n") if line.strip())


def _values(data: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The values of a file of keys, each with the way to it; where in a list one stands does not count."""
    if isinstance(data, Mapping) and data:
        for key, value in data.items():
            yield from _values(value, (*path, str(key)))
    elif isinstance(data, list) and data:
        for value in data:
            yield from _values(value, (*path, "[]"))
    else:
        yield json.dumps([*path, data], default=str)
