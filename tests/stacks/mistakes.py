"""Bodies with mistakes, proved in real projects: `python -m tests.stacks.mistakes MODULES [EXAMPLE...]` tries all.

MODULES is the node_modules of a project of each kind, installed from its lockfile.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from generator.fill.proof import Stage, prove
from tests.fill.projects import looked_at
from tests.fill.rules import MISTAKES, right, wrong
from tests.stacks.express import EXAMPLES, borrow, write_project


def missed(example: str, project: Path, number: int) -> list[str]:
    """Prove the bodies of an example with a mistake each, in one copy; returns those that no criterion refuses."""
    verdicts = prove(looked_at(project), wrong(example, number), laid_out=True)
    return [
        f"{verdict.slot}: {MISTAKES[verdict.slot][number].what}: {verdict.stage} {verdict.reasons}"
        for verdict in verdicts
        if verdict.stage is not Stage.CRITERIA
    ]


def main(modules: Path, examples: list[str]) -> None:
    """Prove the right bodies and all mistakes of examples, and print what was found."""
    for example in examples or ["task-tracker", "chinook", "auth"]:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / example
            shutil.copytree(EXAMPLES / example, folder)
            write_project(folder)
            borrow(folder, modules)
            verdicts = prove(looked_at(folder), right(example))
            found = [f"{each.slot}: {each.stage} {each.reasons}" for each in verdicts if not each.ok]
            found += [line for number in (0, 1) for line in missed(example, folder, number)]
        spent = os.times()
        print(
            f"{example}: {len(verdicts)} bodies, {2 * len(verdicts)} mistakes, {sum(spent[:4]):.0f} s so far"
        )
        print("\n".join(found) or "  all as it should be")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
