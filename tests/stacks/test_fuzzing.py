"""A fuzzer that knows the OpenAPI document finds nothing wrong with the running service."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stacks.express import fuzz, run, served

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("seed", [1, 20261123])
def test_schemathesis_finds_nothing(task_tracker: Path, tmp_path: Path, seed: int) -> None:
    run(task_tracker, ["npm", "run", "build"])
    with served(task_tracker, tmp_path / "server.log") as url:
        assert fuzz(task_tracker, url, tmp_path, seed, examples=100) > 1000
    assert '"level":"error"' not in (tmp_path / "server.log").read_text(encoding="utf-8")
