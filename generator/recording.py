"""The recorded form of the answers: what `.copier-answers.yml` holds and copier replays."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from generator import __version__
from generator.frozen import dataclass

ANSWERS_FILE = ".copier-answers.yml"
MIGRATIONS = ".specwright/migrations"
"""Where sealed migrations are recorded, one file each."""

# Recorded instead of the folder the templates were read from, so that a project means the same on every
# machine and plain copier finds the same templates (offline through git's insteadOf).
SOURCE_URL = "https://github.com/specwright/specwright.git"
RELEASE = f"v{__version__}"

_COMMIT = re.compile(rb"^_commit: *(\S+) *$", re.MULTILINE)
HEAD = 2000
"""Bytes at the beginning of an answers file that say its release."""
_ENTRY = re.compile(r"([A-Za-z_][A-Za-z0-9_]*): ?(.*)")
# YAML readers reject or fold these inside a block scalar, and direction marks would disguise what a reviewer
# reads; the JSON escape says the same in ASCII.
_UNSAFE_IN_YAML = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


@dataclass(frozen=True)
class Origin:
    """Where a render says it comes from: the release of the blueprints, and the address of their home."""

    release: str = RELEASE
    source: str = SOURCE_URL


def model_json(answers: Mapping[str, Any]) -> str:
    """Write the answers as compact JSON, one line for each top-level key, so that diffs stay readable.

    Args:
        answers: plain data; the order of keys is kept.

    Returns:
        JSON text without a final newline, safe inside a YAML block scalar.

    Raises:
        ValueError: the answers hold a number that JSON has no text for (NaN, infinity).
    """
    lines = [f"{compact(key)}: {compact(value)}" for key, value in answers.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def recorded_answers(answers: Mapping[str, Any], text: str = "") -> dict[str, str]:
    """Return the declared questions of copier.yml with their answers, as copier takes them.

    Args:
        answers: plain data.
        text: what `model_json` makes of them, if that is known already.
    """
    return {
        "stack": answers["stack"],
        "model_json": text or model_json(answers),
        "project_name": answers["project"]["name"],
    }


def compact(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSAFE_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


@dataclass(frozen=True)
class Recorded:
    """An answers file: the home and release of the blueprints, and the declared answers as text."""

    source: str
    release: str
    answers: Mapping[str, str]

    @property
    def chosen(self) -> dict[str, list[str]]:
        """What each room rendered, by name; empty when the answers cannot be read."""
        try:
            rooms = json.loads(self.answers["model_json"])["chosen"]
            return {room: [_name(element) for element in elements] for room, elements in rooms.items()}
        except (KeyError, ValueError, TypeError, AttributeError):
            return {}


def recorded_release(content: bytes | None) -> str:
    """Return the release that an answers file names, "" where there is none; only its head is read.

    Args:
        content: the file, None where there is none.
    """
    found = _COMMIT.findall((content or b"")[:HEAD])
    names = [name.decode(errors="replace").strip("'\"") for name in found]
    # In the conflict of a merge both sides name theirs: the project is at the later one.
    return max(names, key=lambda name: [int(part) for part in re.findall(r"\d+", name)], default="")


def read_recorded(text: str) -> Recorded | None:
    """Read an answers file as our template writes it; a YAML reader takes seconds on a big one.

    Args:
        text: the file.

    Returns:
        What it records, or None when it is absent or cannot be read (the next run writes it anew).
    """
    found: dict[str, list[str]] = {}
    key = ""
    for line in text.split("\n"):
        if key and line.startswith("  "):
            found[key].append(line[2:])
            continue
        entry = _ENTRY.match(line)
        key = entry[1] if entry and entry[2].startswith("|") else ""
        if entry:
            found[entry[1]] = [] if key else [_scalar(entry[2].strip())]
    data = {name: "\n".join(lines) for name, lines in found.items()}
    if "_src_path" not in data:
        return None
    answers = {key: value for key, value in data.items() if not key.startswith("_")}
    return Recorded(data["_src_path"], data.get("_commit", ""), answers)


def _scalar(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip("'")
    return value if isinstance(value, str) else text


def _name(element: Any) -> str:
    return str(element.get("id") or element.get("name")) if isinstance(element, Mapping) else str(element)
