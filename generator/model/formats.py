"""The formats of text that the language knows, as patterns; the contract checks the others."""

from __future__ import annotations

from collections.abc import Mapping

PATTERNS: Mapping[str, str] = {
    "slug": "[a-z0-9]+(-[a-z0-9]+)*",
    "url": "https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#][!-~]*)?",
    "currency": "[A-Z]{3}",
    "country": "[A-Z]{2}",
    "language": "[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?",
    "phone": r"\+[1-9][0-9]{6,14}",
}
"""ISO 4217, ISO 3166-1 alpha-2, BCP 47 (language, script, region) and E.164: by form, not by list."""

NEEDS: Mapping[str, str] = {
    "lower": "[a-z]",
    "upper": "[A-Z]",
    "digit": "[0-9]",
    "symbol": "[^A-Za-z0-9]",
}
"""What a text has one of at least where its type `needs` it."""


def anchored(pattern: str) -> str:
    """A pattern that must match the whole text: patterns are always anchored (LANGUAGE.md, section 4)."""
    if pattern.startswith("^") and pattern.endswith("$") and "|" not in pattern:
        return pattern
    return f"^(?:{pattern.removeprefix('^').removesuffix('$')})$"
