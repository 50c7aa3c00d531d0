"""Any plan, not one: random plans generate, compile strictly, lint clean, migrate up, down and up, and pass their tests.

`SPECWRIGHT_RANDOM_PLANS=1000` asks for more of them, `SPECWRIGHT_SEED=7` for others; `SPECWRIGHT_TESTED_PLANS=40`
runs the generated tests of more of them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.stacks.express import CASES, attempt, borrow, check, run, write_project
from tests.strategies.plans import plans

COUNT = int(os.environ.get("SPECWRIGHT_RANDOM_PLANS", "100"))
TESTED = int(os.environ.get("SPECWRIGHT_TESTED_PLANS", "4"))
SEED = int(os.environ.get("SPECWRIGHT_SEED", "20261123"))
MIGRATE = Path(__file__).with_name("migrations.mjs")

pytestmark = pytest.mark.stack


def distinct_plans(count: int, first_seed: int) -> list[str]:
    """As many plans as asked for, all different; a seed that repeats itself is followed by the next."""
    texts: dict[str, None] = {}
    for number in range(first_seed, first_seed + 20):

        @seed(number)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(plans(callers=True))
        def draw(text: str) -> None:
            texts[text] = None

        draw()
        if len(texts) >= count:
            break
    return list(texts)[:count]


def written(folder: Path, modules: Path, text: str) -> Path:
    """The project of a plan, with packages to run it with."""
    folder.mkdir()
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    write_project(folder)
    borrow(folder, modules)
    return folder


def test_random_plans_compile_lint_and_migrate(express_modules: Path, tmp_path: Path) -> None:
    texts = distinct_plans(COUNT, SEED)
    assert len(texts) == COUNT
    folders = []
    for number, text in enumerate(texts):
        folder = written(tmp_path / f"plan-{number}", express_modules, text)
        check(folder, express_modules)
        folders.append(str(folder / "server" / "migrations"))
    printed = run(tmp_path, ["node", str(MIGRATE), str(express_modules.parent), *folders])
    assert f"{len(folders)} histories up, down, up" in printed


def test_random_plans_pass_their_own_tests(express_modules: Path, tmp_path: Path) -> None:
    # The largest of some, since the first plans of a seed are small.
    texts = sorted(distinct_plans(TESTED * 5, SEED), key=len, reverse=True)[::3][:TESTED]
    failed = []
    for number, text in enumerate(texts):
        folder = written(tmp_path / f"plan-{number}", express_modules, text)
        code, printed = attempt(folder / "server", ["npm", "test"])
        if code != 0:
            failed.append(f"{folder}:\n{printed[-3000:]}")
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize(
    "case",
    [
        "everything",
        "keys",
        "values",
        "money",
        "arrays",
        "numbered-rows",
        "callers",
        "relations",
        "crud",
        "overrides",
        "whole-plans/minimal",
    ],
)
def test_whole_cases_compile_lint_and_migrate(express_modules: Path, tmp_path: Path, case: str) -> None:
    folder = tmp_path / "project"
    shutil.copytree(CASES / case, folder)
    write_project(folder)
    borrow(folder, express_modules)
    check(folder, express_modules)
    run(tmp_path, ["node", str(MIGRATE), str(express_modules.parent), str(folder / "server" / "migrations")])


def test_columns_in_camel_case_serve_as_others_do(express_modules: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(CASES / "camel-columns", folder)
    write_project(folder)
    borrow(folder, express_modules)
    check(folder, express_modules)
    run(tmp_path, ["node", str(MIGRATE), str(express_modules.parent), str(folder / "server" / "migrations")])
    run(folder / "server", ["npm", "test"])
