"""The example of people who sign in, with its pages, as somebody finds it who has never seen it: in a real browser."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.stacks.express import attempt, check, install_example, run

CHROMIUM = shutil.which("chromium")
TRIED = os.environ.get("SPECWRIGHT_TRIED_ACCOUNTS", "register, confirm|devices|signing in|not found|fast")
"""What is tried; `.` is all of it."""

pytestmark = [
    pytest.mark.stack,
    pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="needs chromium"),
]


def test_people_register_confirm_sign_in_and_reset_their_password(tmp_path: Path) -> None:
    """With links from mails, silent refresh, two browsers, keys alone, and axe in the states of the forms."""
    assert CHROMIUM is not None, ".ci/browser installs it"
    project = install_example("auth", tmp_path / "accounts")
    check(project, project / "node_modules")
    run(project, ["npm", "run", "build"])
    code, printed = attempt(
        project / "e2e", ["npx", "playwright", "test", "--grep", TRIED], E2E_CHROMIUM=CHROMIUM
    )
    assert code == 0, printed[-6000:]
    assert len([*(project / "e2e" / "test-results" / "screens").glob("account-*.png")]) >= 30
