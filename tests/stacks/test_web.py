"""The web application of the task tracker: installed from its lock, built, tested, and tried in a real browser."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.stacks.express import EXAMPLES, attempt, check, install, run, write_project

pytestmark = pytest.mark.stack
CHROMIUM = shutil.which("chromium")
BUDGET = 150_000
"""Bytes of compressed JavaScript for the first page."""
FIRST_PAGE = ("index", "schemas", "client", "resource", "person", "list-page", "labelled", "value")
"""The files behind the list that comes up first."""
TRIED = "Projects|Tasks|keys|past|nowhere|phone|fast"
"""What is tried in the browser: two of the resources, and all that is no resource's."""


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The task tracker with the web application, installed and built."""
    folder = tmp_path_factory.mktemp("web") / "task-tracker"
    shutil.copytree(EXAMPLES / "task-tracker", folder)
    with (folder / "plan.yaml").open("a", encoding="utf-8") as plan:
        plan.write("\nrooms:\n  with: [web, e2e]\n")
    write_project(folder)
    install(folder)
    return folder


@pytest.fixture(scope="module")
def built(tracker: Path) -> str:
    """What building it prints."""
    return run(tracker, ["npm", "run", "build"])


def test_it_compiles_and_lints(tracker: Path) -> None:
    check(tracker, tracker / "node_modules")


def test_it_is_built_without_warnings_and_small(tracker: Path, built: str) -> None:
    assert "built in" in built
    assert not re.search(r"\bwarn", built.split("vite build", 1)[1], re.IGNORECASE), built
    assets = [*(tracker / "web" / "dist" / "assets").glob("*.js")]
    first = [path for path in assets if re.sub(r"-[\w-]{8}\.js$", "", path.name) in FIRST_PAGE]
    assert {re.sub(r"-[\w-]{8}\.js$", "", path.name) for path in first} == {*FIRST_PAGE}
    assert sum(len(gzip.compress(path.read_bytes())) for path in first) < BUDGET
    text = b"".join(path.read_bytes() for path in assets)
    assert b"X-Actor-Id" not in text and b"Act as" not in text


def test_its_own_tests_pass(tracker: Path) -> None:
    printed = run(tracker, ["npm", "test", "--workspace", "web"])
    assert re.search(r"Tests +\d+ passed", printed) and "failed" not in printed


def test_the_server_leaves_to_the_api_what_is_not_the_pages(tracker: Path) -> None:
    run(tracker / "server", ["npx", "vitest", "run", "tests/unit/site.test.ts"])


@pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="needs chromium")
def test_people_can_use_it(tracker: Path, built: str) -> None:
    """Makes, shows, changes and looks at rows, with axe in every state, in light and dark, and by keys alone."""
    assert CHROMIUM is not None, ".ci/browser installs it"
    code, printed = attempt(
        tracker / "e2e", ["npx", "playwright", "test", "--grep", TRIED], E2E_CHROMIUM=CHROMIUM
    )
    assert code == 0, printed[-6000:]
    screens = [*(tracker / "e2e" / "test-results" / "screens").glob("task-*.png")]
    assert len(screens) >= 15
