"""A generated service without one guard of its rows makes a generated test fail."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.stacks.express import CASES, borrow, is_noticed, run, write_project
from tests.stacks.guard_mutations import gaps

ONLY = os.environ.get("SPECWRIGHT_MUTATION", "")
"""A part of the name of the guards to take out, when not all are wanted."""

pytestmark = pytest.mark.stack


def test_every_guard_of_rows_is_missed(express_modules: Path, tmp_path: Path, postgresql: str) -> None:
    folder = tmp_path / "project"
    shutil.copytree(CASES / "callers", folder)
    write_project(folder)
    borrow(folder, express_modules)
    chosen = [gap for gap in gaps(folder / "server" / "src") if ONLY in gap.name]
    binary = express_modules / ".bin" / "vitest"
    vitest = [str(binary), "run", "--bail=1", "--maxWorkers=1", "--reporter=dot"]
    related = {test for gap in chosen for test in gap.tests}
    run(folder / "server", [*vitest, *sorted(related)], DATABASE_URL=postgresql)
    survivors = [
        gap.name
        for gap in chosen
        if not is_noticed(
            folder, gap.name, gap.path, gap.text, [*vitest, *gap.tests], DATABASE_URL=postgresql
        )
    ]
    assert not survivors, "\n".join(["nothing failed without:", *survivors])
