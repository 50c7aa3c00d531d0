"""The web application of the task tracker: installed from its lock, built, tested, and tried in a real browser."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.stacks.express import attempt, borrow, check, install_example, run, served, write_with_rooms

pytestmark = pytest.mark.stack
CHROMIUM = shutil.which("chromium")
BUDGET = 150_000
"""Bytes of compressed JavaScript for the first page."""
FIRST_PAGE = ("index", "list-page", "person")
"""The files of the list that comes up first, beside what they import."""
TRIED = "Projects|Tasks|keys|past|nowhere|phone|fast"
"""What is tried in the browser: two of the resources, and all that is no resource's."""
PLANS = os.environ.get("SPECWRIGHT_WEB_PLANS", "tests/cases/everything").split()
"""Plans beside the task tracker whose pages are tried; more of them outside of CI."""
LIGHTHOUSE = "lighthouse@13.5.0"
LEAST = 0.9
"""Of a score of Lighthouse, from 0 to 1."""
RUNS = 8
"""The best of so many is what counts: the machine of a test has other things to do."""
real_browser = pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="needs chromium")


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The task tracker with the web application, installed and built."""
    return install_example("task-tracker", tmp_path_factory.mktemp("web") / "task-tracker", "web", "e2e")


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
    assert len(first) == len(FIRST_PAGE)
    for path in first:
        imported = re.findall(
            r"""(?:from|import)["'`]\./([\w.-]+\.js)["'`]""", path.read_text(encoding="utf-8")
        )
        first += [path.with_name(name) for name in imported if path.with_name(name) not in first]
    assert len(first) > len(FIRST_PAGE)
    assert 100_000 < sum(len(gzip.compress(path.read_bytes())) for path in first) < BUDGET
    text = b"".join(path.read_bytes() for path in assets)
    assert b"X-Actor-Id" not in text and b"Act as" not in text


def test_its_own_tests_pass(tracker: Path) -> None:
    printed = run(tracker, ["npm", "test", "--workspace", "web"])
    assert re.search(r"Tests +\d+ passed", printed) and "failed" not in printed


@pytest.mark.parametrize("plan", PLANS)
def test_the_web_of_other_plans_is_sound(tracker: Path, tmp_path: Path, plan: str) -> None:
    """It compiles, lints, is built without warnings, and passes its own tests."""
    modules = tracker / "node_modules"
    folder = write_with_rooms(Path(__file__).parents[2] / plan, tmp_path / "project", "web", "e2e")
    borrow(folder, modules)
    check(folder, modules)
    printed = run(folder / "web", [str(modules / ".bin" / "vite"), "build"])
    assert "built in" in printed and not re.search(r"\bwarn", printed, re.IGNORECASE), printed
    run(folder / "web", [str(modules / ".bin" / "vitest"), "run"])


def test_the_server_leaves_to_the_api_what_is_not_the_pages(tracker: Path) -> None:
    run(tracker / "server", ["npx", "vitest", "run", "tests/unit/site.test.ts"])


@real_browser
def test_people_can_use_it(tracker: Path, built: str) -> None:
    """Makes, shows, changes and looks at rows, with axe in every state, in light and dark, and by keys alone."""
    assert CHROMIUM is not None, ".ci/browser installs it"
    code, printed = attempt(
        tracker / "e2e", ["npx", "playwright", "test", "--grep", TRIED], E2E_CHROMIUM=CHROMIUM
    )
    assert code == 0, printed[-6000:]
    screens = [*(tracker / "e2e" / "test-results" / "screens").glob("task-*.png")]
    assert len(screens) >= 15


@real_browser
def test_lighthouse_finds_it_fast_and_accessible(tracker: Path, built: str, tmp_path: Path) -> None:
    """The list of tasks, with rows in it, as `npm start` serves it; on the phone that Lighthouse simulates."""
    assert CHROMIUM is not None, ".ci/browser installs it"
    (tmp_path / "package.json").write_text('{"private": true}', encoding="utf-8")
    run(tmp_path, ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", LIGHTHOUSE])
    script = str(Path(__file__).with_name("lighthouse.mjs"))
    with served(tracker, tmp_path / "log") as address:
        modules = str(tmp_path / "node_modules")
        printed = run(tmp_path, ["node", script, modules, address, CHROMIUM, str(LEAST), str(RUNS)])
    found = json.loads(printed.splitlines()[-1])
    assert found["performance"] >= LEAST and found["accessibility"] >= LEAST, found
