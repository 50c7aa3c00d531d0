"""Settings: bounds that hold, and bounds that cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.languages.typescript.facts import config_facts
from tests.model.plans import problems_of, resolved

NOTES = "entities:\n  Note:\n    fields:\n      title: text required\n"


def plan(*lines: str) -> str:
    return NOTES + "config:\n  LIMIT:\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("type: decimal(4,2)", "min: 1", "default: 0.50"), "the default is less than `min`"),
        (("type: duration", "max: 1h", "default: 90m"), "the default is more than `max`"),
        (("type: text", "min_length: 3", "default: ab"), "the default is shorter than `min_length`"),
        (("type: duration", "min: 2h", "max: 60m"), "`min` is more than `max`"),
        (("type: duration", "min: soon"), "soon"),
        (("type: boolean", "min: 1"), "`min` is for numbers and durations"),
        (("type: integer", "min_length: 1"), "only text has a length"),
        (("type: integer", "secret: true"), "a secret is text"),
    ],
)
def test_bounds_that_cannot_hold_are_refused(tmp_path: Path, lines: tuple[str, ...], expected: str) -> None:
    problems = problems_of(tmp_path, plan(*lines))
    assert len(problems) == 1
    assert expected in problems[0]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("type: decimal(4,2)", "min: 1", "default: 1.5"),
            "decimalNumber({ precision: 4, scale: 2, min: '1.00' }).default('1.50')",
        ),
        (("type: duration", "min: 1m", "max: 1h"), "duration({ min: 60_000, max: 3_600_000 })"),
        (("type: integer", "max: 7"), "whole({ max: 7 })"),
        (("type: url",), "z.url()"),
        (("type: text", "min_length: 3"), "z.string().min(3)"),
    ],
)
def test_bounds_reach_the_service(tmp_path: Path, lines: tuple[str, ...], expected: str) -> None:
    (entry,) = resolved(tmp_path, plan("title: How much", *lines)).config
    facts = config_facts(entry)
    assert facts["lines"] == [f"LIMIT: {expected},"]
    assert facts["description"] == "How much"
