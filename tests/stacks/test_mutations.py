"""A generated service that is a little wrong makes a generated test fail."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.stacks.express import borrowed_copy, is_noticed, run
from tests.stacks.mutations import mutations

ONLY = os.environ.get("SPECWRIGHT_MUTATION", "")
"""A part of the name of the mutations to try, when not all are wanted."""

pytestmark = pytest.mark.stack


def test_every_mutation_of_the_task_tracker_is_noticed(
    task_tracker: Path, tmp_path: Path, postgresql: str
) -> None:
    folder = borrowed_copy(task_tracker, tmp_path / "mutated")
    chosen = [mutation for mutation in mutations(folder) if ONLY in mutation.name]
    vitest = ["npx", "vitest", "run", "--bail=1", "--maxWorkers=1", "--reporter=dot"]
    for tests in {mutation.tests for mutation in chosen}:
        run(folder / "server", [*vitest, *tests], DATABASE_URL=postgresql)
    survivors = []
    for mutation in chosen:
        command = [*vitest, *mutation.tests]
        path = folder / mutation.path
        if not is_noticed(folder, mutation.name, path, mutation.text, command, DATABASE_URL=postgresql):
            survivors.append(mutation.name)
    assert not survivors, "\n".join(["nothing failed for:", *survivors])
    assert len(chosen) >= 12 or ONLY
