"""What a run of criteria says: they have to pass with the body, and to fail without it."""

from __future__ import annotations

from typing import Any

import pytest

from generator.fill.confinement import Ran
from generator.fill.contract import Contract
from generator.fill.proof import Stage, judged

PASSED: list[dict[str, Any]] = [
    {"runs": "AC-10"},
    *({"criterion": name, "said": ""} for name in ("AC-10", "AC-11", "AC-12")),
]
REFUSED = {"variant": "placeholder", "refused": ["AC-10"]}
DONE = {"done": True}


def test_a_run_that_fails_after_its_criteria_proves_nothing(contract: Contract) -> None:
    ran = Ran(1, "Unhandled Rejection: \x1b]0;title\x07 NOT_FOUND", "", "namespaces")
    stage, reasons, _ = judged(contract, [*PASSED, REFUSED, DONE], ran)
    assert stage is Stage.CRITERIA and reasons[0].endswith("Rejection: <U+001B>]0;title<U+0007> NOT_FOUND")


@pytest.mark.parametrize(
    ("told", "stage", "said"),
    [
        ([*PASSED, REFUSED, DONE], Stage.PROVED, ""),
        ([*PASSED, {"variant": "first", "refused": ["AC-10"]}, REFUSED, DONE], Stage.PROVED, ""),
        ([{"criterion": "AC-10", "said": "got 2"}, DONE], Stage.CRITERIA, "AC-10: got 2"),
        (
            [*PASSED, {"variant": "placeholder", "refused": []}, DONE],
            Stage.UNPROVED,
            "with nothing in the slot",
        ),
        ([*PASSED, {"variant": "first", "refused": []}, REFUSED, DONE], Stage.UNPROVED, "variant `first`"),
        ([{"runs": "AC-10"}], Stage.CRITERIA, "AC-10: it did not end"),
        ([], Stage.CRITERIA, "it did not end"),
        # What says that it is done, and of no criterion that it passed, has run nothing.
        ([DONE], Stage.CRITERIA, "none of its criteria ran"),
    ],
)
def test_it_says(contract: Contract, told: list[dict[str, Any]], stage: Stage, said: str) -> None:
    found, reasons, _ = judged(contract, told, Ran(0, "", "it did not end", "namespaces"))
    assert found is stage and said in "".join(reasons)
