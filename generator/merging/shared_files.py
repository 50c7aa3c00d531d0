"""Files that a project has before Specwright comes: what is missing in them is added, by line or by key.

Nothing that stands there is changed or moved: where both say something, the person's word stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

_ASSIGNMENT = re.compile(r"\s*#?\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=")


class NotMergeable(Exception):
    """The file cannot be read as what its name says; it is kept as it is."""


def can_share(path: str) -> bool:
    """Say whether a file of this path can be brought together by line or key."""
    return _merger(path) is not None


def share(path: str, existing: bytes, generated: bytes) -> bytes:
    """Add to an existing file what the generated one has and it lacks.

    Args:
        path: decides how: `.gitignore` and its like by line, `.env.example` by variable, `package.json` by
        key. existing: what stands in the project; returned as it is when nothing is missing. generated: what
        Specwright would write.

    Raises:
        NotMergeable: the existing file is not UTF-8, or is not JSON where it should be.
    """
    merger = _merger(path)
    if merger is None:
        raise NotMergeable(f"{path} is not a file that can be shared")
    try:
        text = existing.decode()
    except UnicodeDecodeError:
        raise NotMergeable("it is not UTF-8") from None
    line_end = "\r\n" if "\r\n" in text else "\n"
    merged = merger(text.replace("\r\n", "\n"), generated.decode())
    return merged.replace("\n", line_end).encode()


def _merger(path: str) -> Callable[[str, str], str] | None:
    name = PurePosixPath(path).name
    if name in {".gitignore", ".dockerignore", ".gitattributes", ".prettierignore", ".npmignore"}:
        return _by_line
    if name in {".env.example", ".env.sample"}:
        return _by_variable
    return _by_key if name == "package.json" else None


def _by_line(existing: str, generated: str) -> str:
    present = {line.strip() for line in existing.splitlines()}
    missing = [line for line in generated.splitlines() if line.strip() and line.strip() not in present]
    return _appended(existing, missing)


def _by_variable(existing: str, generated: str) -> str:
    present = {match[1] for line in existing.splitlines() if (match := _ASSIGNMENT.match(line))}
    missing: list[str] = []
    about: list[str] = []
    for line in generated.splitlines():
        assignment = _ASSIGNMENT.match(line)
        if assignment is None:
            about = [*about, line] if line.strip() else []
            continue
        if assignment[1] not in present:
            missing += [*about, line]
        about = []
    return _appended(existing, missing)


def _appended(existing: str, missing: list[str]) -> str:
    if not missing:
        return existing
    separator = "" if not existing or existing.endswith("\n") else "\n"
    return f"{existing}{separator}" + "".join(f"{line}\n" for line in missing)


def _by_key(existing: str, generated: str) -> str:
    try:
        before = json.loads(existing)
    except ValueError as error:
        raise NotMergeable(f"it is not JSON: {error}") from None
    if not isinstance(before, dict):
        raise NotMergeable("it is not a JSON object")
    after = _with_missing(before, json.loads(generated))
    if after == before:
        return existing
    indent = re.search(r"^([ \t]+)\S", existing, re.MULTILINE)
    text = json.dumps(after, indent=indent[1] if indent else 2, ensure_ascii=False)
    return f"{text}\n" if existing.endswith("\n") else text


def _with_missing(existing: Any, generated: Any) -> Any:
    if isinstance(existing, dict) and isinstance(generated, dict):
        result = {key: _with_missing(value, generated.get(key)) for key, value in existing.items()}
        return {**result, **{key: value for key, value in generated.items() if key not in existing}}
    if isinstance(existing, list) and isinstance(generated, list):
        return [*existing, *(item for item in generated if item not in existing)]
    return existing
