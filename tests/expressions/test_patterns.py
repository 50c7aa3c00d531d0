"""The subset of regular expressions, and that both languages match the same with it."""

from __future__ import annotations

import pytest

from generator.expressions.patterns import PatternProblem, check_pattern, write_pattern

REFUSED = [
    r"\bword",
    "(?=a)",
    "(a)\\1",
    "a*?",
    "a++",
    "a{3,2}",
    "a{1,999}",
    "[z-a]",
    "[]",
    "a^b",
    "(a",
    "a)",
    "*a",
    "[[:alpha:]]",
    "\\p{L}",
    "a\\",
    "a{",
    "\0",
]


@pytest.mark.parametrize("pattern", REFUSED)
def test_refused(pattern: str) -> None:
    with pytest.raises(PatternProblem):
        check_pattern(pattern)


WRITTEN = [
    ("^[A-Z][A-Z0-9]+$", "^(?:[A-Z][A-Z0-9]+)$"),
    ("[a-z]+|x", "^(?:[a-z]+|x)$"),
    (r"\d{3}-\w*", "^(?:[0-9]{3}-[A-Za-z0-9_]*)$"),
    ("(a|b)c.", r"^(?:(?:a|b)c[^\n])$"),
    (r"[\w.\-]+\$", r"^(?:[A-Za-z0-9_.-]+\$)$"),
    ("a/b", r"^(?:a\/b)$"),
]


@pytest.mark.parametrize(("pattern", "written"), WRITTEN)
def test_written(pattern: str, written: str) -> None:
    assert write_pattern(pattern, "typescript") == written
    assert write_pattern(pattern, "postgresql") == written
