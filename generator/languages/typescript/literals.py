"""Literals as biome writes them."""

from __future__ import annotations

from typing import Any

from generator.expressions.patterns import write_pattern
from generator.typescript_layout.nodes import text_literal


def literal(value: Any) -> str:
    """Plain data as TypeScript on one line.

    Args:
        value: None, a boolean, a number, a text, or lists and dictionaries of these.

    Returns:
        TypeScript.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_literal(value)
    if isinstance(value, str):
        return text_literal(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, dict):
        inner = ", ".join(f"{property_name(str(name))}: {literal(item)}" for name, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    raise TypeError(f"no literal for {value!r}")


def number_literal(value: int | float) -> str:
    """A number, whole ones of five digits and more with separators (biome's useNumericSeparators)."""
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:,}".replace(",", "_")
    return str(value)


def property_name(name: str) -> str:
    """A property of an object literal: quoted only where it must be; `__proto__` would set the prototype."""
    if name == "__proto__":
        return "['__proto__']"
    return name if name.isidentifier() and name.isascii() else text_literal(name)


def pattern_literal(pattern: str) -> str:
    """A pattern of the plan as a regular expression that must match the whole text."""
    source = write_pattern(pattern, "typescript")
    if "|" not in source:
        source = f"^{source[4:-2]}$"
    return f"/{source}/u"
