"""The recorded form of the answers: what `.copier-answers.yml` holds and copier replays."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from generator import __version__

ANSWERS_FILE = ".copier-answers.yml"

# Recorded instead of the folder the templates were read from, so that a project means the same on every machine
# and plain copier finds the same templates (offline through git's insteadOf).
SOURCE_URL = "https://github.com/specwright/specwright.git"
RELEASE = f"v{__version__}"

# YAML readers reject or fold these inside a block scalar, and direction marks would disguise what a reviewer reads;
# the JSON escape says the same in ASCII.
_UNSAFE_IN_YAML = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")


def model_json(answers: Mapping[str, Any]) -> str:
    """Write the answers as compact JSON, one line for each top-level key, so that diffs stay readable.

    Args:
        answers: plain data; the order of keys is kept.

    Returns:
        JSON text without a final newline, safe inside a YAML block scalar.

    Raises:
        ValueError: the answers hold a number that JSON has no text for (NaN, infinity).
    """
    lines = [f"{_compact(key)}: {_compact(value)}" for key, value in answers.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def recorded_answers(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the declared questions of copier.yml with their answers, as copier takes them."""
    return {
        "stack": answers["stack"],
        "model_json": model_json(answers),
        "project_name": answers["project"]["name"],
    }


def _compact(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
