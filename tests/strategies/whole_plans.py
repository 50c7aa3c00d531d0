"""The whole plans of tests/cases/whole-plans without what version 1 of the language reserves."""

from __future__ import annotations

RESERVED = (
    ("from: auth\n", "from: gateway\n"),
    ("from: auth ", "from: gateway "),
    ("fallback: room", "fallback: placeholder"),
)
"""What is reserved in them, and the nearest thing that is not."""


def without_reserved(text: str) -> str:
    """The text of a plan as far as it can be generated."""
    for reserved, instead in RESERVED:
        text = text.replace(reserved, instead)
    return text
