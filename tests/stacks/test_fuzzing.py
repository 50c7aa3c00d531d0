"""A fuzzer that knows the OpenAPI document finds nothing wrong with the running service."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.stacks.express import run, served

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("seed", [1, 20261123])
def test_schemathesis_finds_nothing(task_tracker: Path, tmp_path: Path, seed: int) -> None:
    run(task_tracker, ["npm", "run", "build"])
    schemathesis = [
        str(Path(sys.executable).with_name("st")),
        "--config-file",
        str(task_tracker / "schemathesis.toml"),
    ]
    asked = ["--max-examples=100", "--workers=1", f"--seed={seed}", "--generation-database=none"]
    with served(task_tracker, tmp_path / "server.log") as url:
        printed = run(tmp_path, [*schemathesis, "run", f"{url}/openapi.json", *asked])
    found = re.search(r"(\d+) generated, (\d+) passed", printed)
    assert found and found[1] == found[2] and int(found[1]) > 1000, printed[-3000:]
    assert '"level":50' not in (tmp_path / "server.log").read_text(encoding="utf-8")
