"""Projects whose people sign in: installed from their lock, checked, tested; without a protection a test fails."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import command_of
from tests.fill.rules import recorded, right
from tests.stacks import many_addresses
from tests.stacks.account_mutations import PROTECTIONS, WEB_PROTECTIONS
from tests.stacks.account_service import (
    SETTINGS,
    new_database,
    post,
    ratio_for,
    register,
    silent_server,
    within_noise,
)
from tests.stacks.express import (
    CASES,
    borrow,
    borrowed_copy,
    check,
    fuzz,
    is_noticed,
    offline,
    run,
    served,
    write_with_rooms,
)
from tests.stacks.mistakes import missed
from tests.stacks.test_task_tracker import coverage

ONLY = os.environ.get("SPECWRIGHT_MUTATION", "")
"""A part of the name of the protections to try, when not all are wanted."""
ADDRESSES = str(many_addresses.__file__)

BUDGET = 150_000
"""Bytes of compressed JavaScript for the first page."""
GUIDE = (
    "components/AuthGuard.tsx",
    "components/LoginForm.tsx",
    "components/RegisterForm.tsx",
    "hooks/useAuth.ts",
    "hooks/useAuthForm.ts",
    "services/authAPI.ts",
    "services/tokenManager.ts",
    "types/api.types.ts",
    "types/auth.types.ts",
)
"""What the guide calls the files of the pages, below `web/src`."""

pytestmark = pytest.mark.stack


def test_all_its_checks_pass_without_a_network(accounts: Path) -> None:
    branches, lines = coverage(run(accounts, [*offline(), "npm", "test"]))
    assert lines >= 90 and branches >= 85


@pytest.fixture(scope="module")
def built(accounts: Path) -> Path:
    """The example, compiled."""
    run(accounts, ["npm", "run", "build"])
    return accounts


@pytest.mark.parametrize("database", ["embedded", "server"])
def test_a_fuzzer_that_is_signed_in_finds_nothing(
    built: Path, tmp_path: Path, postgresql: str, database: str
) -> None:
    examples = 25 if database == "embedded" else 10
    own = {"DATABASE_URL": new_database(postgresql, "fuzzed")} if database == "server" else {}
    mails = {"MAIL_FOLDER": str(tmp_path / "mails")}
    log = tmp_path / "server.log"
    with served(built, log, **SETTINGS, **mails, **own) as url:
        token = register(url, "ann@example.com")["accessToken"]
        told = {"ACCESS_TOKEN": token, "SCHEMATHESIS_HOOKS": ADDRESSES}
        assert fuzz(built, url, tmp_path, 20261124, examples, **told) > 500
    said = log.read_text(encoding="utf-8")
    assert '"level":"error"' not in said and '"status":429' not in said
    assert {f'"status":{status}' for status in (200, 201, 202, 204)} <= set(re.findall(r'"status":\d+', said))


def test_the_time_of_answers_tells_nobody_who_is_there(built: Path, tmp_path: Path) -> None:
    # Mails go to a server that never answers: a request that waited for its mail would not end.
    with silent_server() as smtp:
        own = SETTINGS | {"HASH_COST": "8", "LOCKOUT_AFTER": "100000", "SMTP_URL": smtp}
        with served(built, tmp_path / "server.log", **own) as url:
            register(url, "ann@example.com")
            assert within_noise(ratio_for(url, "/auth/login", 30, password="Wrong-Password1"), 1.3)
            assert within_noise(ratio_for(url, "/auth/request-reset", 30), 1.2)
            assert within_noise(ratio_for(url, "/auth/resend-verification", 30), 1.2)


def test_its_rules_are_filled_and_proved(accounts: Path, tmp_path: Path) -> None:
    """Among them the lock after five wrong passwords, which its criteria reach by signing in alone."""
    folder = borrowed_copy(accounts, tmp_path / "filled")
    place = recorded("auth", folder, tmp_path / "bodies.json")
    runner = CliRunner()
    given = ["-C", str(folder), *right("auth"), "--recorded", str(place)]
    done = runner.invoke(command_of("fill"), given)
    assert done.exit_code == 0 and done.output.count("accepted  1") == len(right("auth")), done.output
    done = runner.invoke(command_of("prove"), ["-C", str(folder), "--json"])
    told = {each["id"]: each["refuted"] for each in json.loads(done.output)["slots"]}
    assert done.exit_code == 0, done.output
    assert told["auth.lockout"] == ["never_locks", "locks_at_once"]
    assert runner.invoke(command_of("verify"), ["-C", str(folder), "--complete"]).exit_code == 0
    assert missed("auth", folder, 0) == []


def test_goals_of_performance_are_measured_for_who_is_signed_in(built: Path, tmp_path: Path) -> None:
    folder = borrowed_copy(built, tmp_path / "project")
    budgets = folder / "server" / "tests" / "budgets.ts"
    text = budgets.read_text(encoding="utf-8")
    assert text.count("p95: 100,\n    connections: 20,") == 2
    # A machine that runs other tests as well is slow.
    budgets.write_text(text.replace("p95: 100,\n    connections: 20,", "p95: 20_000,\n    connections: 5,"))
    assert "2 passed" in run(folder, ["npm", "run", "test:performance"])


def test_people_of_a_plan_with_tenants_sign_in_as_well(
    accounts: Path, tmp_path: Path, postgresql: str
) -> None:
    folder = tmp_path / "project"
    write_with_rooms(CASES / "people", folder, "web")
    modules = accounts / "node_modules"
    borrow(folder, modules)
    check(folder, modules)
    run(folder / "server", ["npx", "vitest", "run"], DATABASE_URL=postgresql)
    choosing = run(
        folder / "web", ["npx", "vitest", "run", "tests/accounts.test.tsx", "-t", "the tenant that"]
    )
    assert "1 passed" in choosing
    with served(folder, tmp_path / "server.log", **SETTINGS | {"HASH_COST": "13"}) as url:
        answers_tell_nothing(url)


def answers_tell_nothing(url: str) -> None:
    """With `strict` registering and a locked account tell nothing either, by what is said and when."""
    person = {"password": "secure-password-1", "nickname": "Ann", "seats": 1}
    sender = {"X-Forwarded-For": "192.0.2.1"}
    assert post(url, "/auth/register", {"email": "ann@example.com", **person}, sender)[0] == 202
    for _ in range(6):
        wrong = {"email": "ann@example.com", "password": "Wrong-Password1"}
        assert post(url, "/auth/login", wrong, sender)[0] == 401
    assert within_noise(ratio_for(url, "/auth/login", 30, password="secure-password-1"), 1.3)
    assert within_noise(ratio_for(url, "/auth/register", 30, **person), 1.4)


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


def test_files_of_the_pages_carry_the_names_of_the_guide(accounts: Path) -> None:
    source = accounts / "web" / "src"
    folders = ("hooks", "services", "types")
    found = {path.relative_to(source).as_posix() for name in folders for path in (source / name).iterdir()}
    found |= {f"components/{path.name}" for path in (source / "components").glob("[A-Z]*")}
    assert found == {*GUIDE}


def test_pages_are_built_without_warnings_small_and_without_secrets(accounts: Path) -> None:
    printed = run(accounts, ["npm", "run", "build", "--workspace", "web"])
    printed = printed.split("vite build", 1)[1]
    assert "built in" in printed and not re.search(r"\bwarn", printed, re.IGNORECASE), printed
    folder = accounts / "web" / "dist"
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in folder.glob("assets/*.js")}
    page = (folder / "index.html").read_text(encoding="utf-8")
    needed = [*re.findall(r"assets/([\w.-]+\.js)", page), *(name for name in sizes if "login-page" in name)]
    for name in needed:
        code = (folder / "assets" / name).read_text(encoding="utf-8")
        imported = re.findall(r"""(?:from|import)["'`]\./([\w.-]+\.js)["'`]""", code)
        needed += [each for each in imported if each not in needed]
    assert sum(sizes[name] for name in {*needed}) < BUDGET
    text = b"".join(path.read_bytes() for path in folder.glob("assets/*.js"))
    for secret in (b"JWT_SECRET", b"SMTP_URL", b"passwordHash", b"password_hash", b"tokenHash"):
        assert secret not in text, secret


def test_every_protection_of_the_pages_is_missed(accounts: Path, tmp_path: Path) -> None:
    folder = borrowed_copy(accounts, tmp_path / "mutated")
    binary = accounts / "node_modules" / ".bin" / "vitest"
    vitest = [str(binary), "run", "--root", "../web", "--bail=1", "--maxWorkers=1", "--reporter=dot"]
    survivors = []
    for protection in [each for each in WEB_PROTECTIONS if ONLY in each.name]:
        path = folder / "web" / "src" / protection.path
        original = path.read_text(encoding="utf-8")
        assert protection.text in original, protection.name
        text = original.replace(protection.text, protection.without, 1)
        if not is_noticed(folder, protection.name, path, text, [*vitest, *protection.tests]):
            survivors.append(protection.name)
    assert not survivors, "\n".join(["nothing failed without:", *survivors])
