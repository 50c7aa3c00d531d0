"""Facts of an edit carried over into the recorded answers of the whole plan.

The answers of the plan cut down to what the edit can reach are made twice, before and after it. What differs
must stand in the recorded answers exactly as it was before, once; there it is replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from generator.local import NotLocal
from generator.recording import compact

_START = b"model_json: |-"


class RecordedAnswers:
    """An answers file as bytes, of which single facts can be replaced; the rest is never read."""

    def __init__(self, content: bytes) -> None:
        self._lines = content.split(b"\n")
        if _START not in self._lines[:20] or self._lines[-1] or b"\r" in content:
            raise NotLocal("the answers are not as they were written")
        self._first = self._lines.index(_START) + 1
        self._keys = {
            line[3 : line.index(b'"', 3)].decode(): at
            for at, line in enumerate(self._lines)
            if at >= self._first and line.startswith(b'  "')
        }

    def holds(self, key: str, value: Any) -> bool:
        """Whether the recorded answer of a key is a value."""
        at = self._keys.get(key)
        return (
            at is not None and self._lines[at].rstrip(b",") == f"  {compact(key)}: {compact(value)}".encode()
        )

    def value(self, key: str) -> Any:
        """The answer of a key."""
        return json.loads(self._lines[self._keys[key]].rstrip(b",").split(b":", 1)[1])

    def patch(self, before: Mapping[str, Any], after: Mapping[str, Any], entity: str) -> None:
        """Replace what an edit changes.

        Args:
            before: answers of the cut plan before the edit.
            after: the same after it.
            entity: the entity that was edited: what is replaced must name it.

        Raises:
            NotLocal: what differs is not there once and exactly, or is not a fact of this entity.
        """
        if list(before) != list(after) or {*before} != {*self._keys}:
            raise NotLocal("the answers have other keys")
        for key, value in before.items():
            if value != after[key]:
                if not isinstance(value, dict | list):
                    raise NotLocal(f"{key} depends on every entity")
                at = self._keys[key]
                self._lines[at] = _Patch(self._lines[at], entity).apply(value, after[key], part=False)

    @property
    def text(self) -> list[bytes | memoryview]:
        """The answers as `generator.recording.model_json` writes them, in pieces."""
        own = self._lines[self._first : -1]
        return [piece for line in own for piece in (b"\n", memoryview(line)[2:])][1:]

    @property
    def content(self) -> bytes:
        """The answers file."""
        return b"\n".join(self._lines)


class _Patch:
    """One line of the answers, as it becomes."""

    def __init__(self, line: bytes, entity: str) -> None:
        self._line = line
        self._name = re.sub(rb"[^a-z0-9]", b"", entity.lower().encode())

    def apply(self, before: Any, after: Any, part: bool = True) -> bytes:
        """Replace a fact; `part` says that it is an item of a list, which may be replaced as a whole."""
        if before == after:
            return self._line
        if isinstance(before, dict) and isinstance(after, dict) and list(before) == list(after):
            if part and self._replace(compact(before).encode(), compact(after).encode()):
                return self._line
            for key, value in before.items():
                self.apply(value, after[key], part=False)
        elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            for one, other in zip(before, after, strict=True):
                self.apply(one, other)
        elif isinstance(before, str) and isinstance(after, str):
            self._replace_lines(before, after)
        else:
            raise NotLocal("a fact has another form than before")
        return self._line

    def _replace(self, old: bytes, new: bytes) -> bool:
        at = self._line.find(old)
        if at < 0 or self._line.find(old, at + 1) >= 0 or not self._is_own(old):
            return False
        self._line = b"".join([self._line[:at], new, self._line[at + len(old) :]])
        return True

    def _replace_lines(self, before: str, after: str) -> None:
        """Replace lines of a text, with the line on either side, and more until they stand there once.

        At the end of the text its end stands for the line below: elsewhere something would follow.
        """
        end = "\n" if before.endswith("\n") and after.endswith("\n") else ""
        old, new = (text.removesuffix(end).split("\n") for text in (before, after))
        alike = min(len(old), len(new))
        first = next((at for at in range(alike) if old[at] != new[at]), alike)
        last = 0
        while last < alike - first and old[-1 - last] == new[-1 - last]:
            last += 1
        behind = _written(end or "\n") if last else _written(end) + b'"'
        start, rest = first - 1, last - 1
        while True:
            start, rest = max(start, 0), max(rest, 0)
            ahead = b'"' if first == 0 else _written("\n") if start else b""
            block, instead = (
                b"".join([ahead, _written("\n".join(lines[start : len(lines) - rest])), behind])
                for lines in (old, new)
            )
            if self._replace(block, instead):
                return
            if block not in self._line or (start, rest) == (0, 0):
                raise NotLocal("a text of the edit does not stand in the whole as it does alone")
            start, rest = start - 1, rest - 1

    def _is_own(self, fact: bytes) -> bool:
        return self._name in re.sub(rb"[^a-z0-9]", b"", fact.lower())


def _written(text: str) -> bytes:
    return compact(text)[1:-1].encode()
