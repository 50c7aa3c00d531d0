"""Any plan, not one: random plans generate, compile strictly, lint clean and migrate up, down and up.

`SPECWRIGHT_RANDOM_PLANS=1000` asks for more of them, `SPECWRIGHT_SEED=7` for others.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.stacks.express import CASES, borrow, check, run, write_project
from tests.strategies.plans import plans

COUNT = int(os.environ.get("SPECWRIGHT_RANDOM_PLANS", "100"))
SEED = int(os.environ.get("SPECWRIGHT_SEED", "20261123"))
MIGRATE = Path(__file__).with_name("migrations.mjs")

pytestmark = pytest.mark.stack


def test_random_plans_compile_lint_and_migrate(express_modules: Path, tmp_path: Path) -> None:
    texts: list[str] = []

    @seed(SEED)
    @settings(
        max_examples=COUNT,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(plans())
    def draw(text: str) -> None:
        if text not in texts:
            texts.append(text)

    draw()
    assert len(texts) >= COUNT * 3 // 4
    folders = []
    for number, text in enumerate(texts):
        folder = tmp_path / f"plan-{number}"
        folder.mkdir()
        (folder / "plan.yaml").write_text(text, encoding="utf-8")
        write_project(folder)
        borrow(folder, express_modules)
        check(folder, express_modules)
        folders.append(str(folder / "server" / "migrations"))
    printed = run(tmp_path, ["node", str(MIGRATE), str(express_modules.parent), *folders])
    assert f"{len(folders)} histories up, down, up" in printed


@pytest.mark.parametrize("case", ["everything", "whole-plans/minimal"])
def test_whole_cases_compile_lint_and_migrate(express_modules: Path, tmp_path: Path, case: str) -> None:
    folder = tmp_path / "project"
    shutil.copytree(CASES / case, folder)
    write_project(folder)
    borrow(folder, express_modules)
    check(folder, express_modules)
    run(tmp_path, ["node", str(MIGRATE), str(express_modules.parent), str(folder / "server" / "migrations")])
