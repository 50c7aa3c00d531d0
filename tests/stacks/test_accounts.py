"""Projects whose people sign in: installed from their lock, checked, tested; without a protection a test fails."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.stacks.account_mutations import PROTECTIONS
from tests.stacks.express import (
    CASES,
    borrow,
    borrowed_copy,
    check,
    install_example,
    is_noticed,
    offline,
    run,
    write_project,
)
from tests.stacks.test_task_tracker import coverage

ONLY = os.environ.get("SPECWRIGHT_MUTATION", "")
"""A part of the name of the protections to try, when not all are wanted."""

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated example, installed from its own lockfile."""
    return install_example("auth", tmp_path_factory.mktemp("express") / "accounts")


def test_all_its_checks_pass_without_a_network(accounts: Path) -> None:
    branches, lines = coverage(run(accounts, [*offline(), "npm", "test"]))
    assert lines >= 90 and branches >= 85


def test_people_of_a_plan_with_tenants_sign_in_as_well(
    accounts: Path, tmp_path: Path, postgresql: str
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(CASES / "people", folder)
    write_project(folder)
    modules = accounts / "node_modules"
    borrow(folder, modules)
    check(folder, modules)
    run(folder / "server", ["npx", "vitest", "run"], DATABASE_URL=postgresql)


def test_every_protection_is_missed(accounts: Path, tmp_path: Path, postgresql: str) -> None:
    folder = borrowed_copy(accounts, tmp_path / "mutated")
    binary = accounts / "node_modules" / ".bin" / "vitest"
    vitest = [str(binary), "run", "--bail=1", "--maxWorkers=1", "--reporter=dot"]
    chosen = [each for each in PROTECTIONS if ONLY in each.name]
    survivors = []
    for protection in chosen:
        path = folder / "server" / "src" / protection.path
        original = path.read_text(encoding="utf-8")
        assert protection.text in original, protection.name
        text = original.replace(protection.text, protection.without)
        command = [*vitest, *protection.tests]
        if not is_noticed(folder, protection.name, path, text, command, DATABASE_URL=postgresql):
            survivors.append(protection.name)
    assert not survivors, "\n".join(["nothing failed without:", *survivors])
