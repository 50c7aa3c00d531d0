"""Rooms bring parts of plans: they are joined with what people write, which stands where both say a thing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.answers import build_answers
from generator.blueprints import rooms_of, templates_folder
from generator.folder.destination import Destination
from generator.model import Model
from generator.narrowing import Narrowing, choose
from generator.pipeline import generate
from generator.plan.loading import load_text
from generator.problems import PlanProblems
from generator.sealing import seal_open
from generator.understanding import Understood, explained, resolved, understand
from tests.engine.conftest import REPOSITORY

HEAD = "specwright: 1\nproject: sample\nstack: express-react\nidentity:\n  actor: User\n  from: auth\n"
TEMPLATES = templates_folder()


def understood(text: str, folder: Path) -> Understood:
    return resolved(load_text(folder, text), {}, TEMPLATES)


def model_of(text: str, folder: Path) -> Model:
    return understood(text, folder).model


def rooms_chosen(found: Understood, folder: Path, *tasks: str) -> list[str]:
    rooms = rooms_of(TEMPLATES, found.model.stack)
    return [*choose(found, rooms, Narrowing(tasks=tasks), Destination(folder)).rooms]


def test_a_plan_of_six_lines_is_a_service_that_people_sign_in_to(tmp_path: Path) -> None:
    model = model_of(HEAD, tmp_path)
    assert [entity.name for entity in model.entities] == ["User", "RefreshToken"]
    routes = {f"{each.route.method} {each.route.path}" for each in model.operations if each.route}
    assert {"post /auth/register", "post /auth/login", "post /auth/refresh", "get /auth/me"} <= routes


def test_the_room_is_there_for_such_plans_alone(tmp_path: Path) -> None:
    other = HEAD.replace("from: auth", "from: gateway") + (
        "entities:\n  User:\n    fields:\n      name: varchar(20) required\n"
    )
    assert "auth" in rooms_chosen(understood(HEAD, tmp_path), tmp_path)
    assert "auth" not in rooms_chosen(understood(other, tmp_path), tmp_path)
    assert [entity.name for entity in model_of(other, tmp_path).entities] == ["User"]


def test_what_the_plan_says_itself_stands(tmp_path: Path) -> None:
    text = HEAD + (
        "config:\n  ACCESS_TTL: duration = 5m\n"
        "types:\n  Password:\n    base: text\n    min_length: 20\n"
        "errors:\n  INVALID_CREDENTIALS:\n    status: 401\n    text: Try again\n"
        "entities:\n  User:\n    fields:\n      avatar_url: varchar(500)\n"
        "services:\n  auth:\n    operations:\n      me:\n        http: GET /me\n        output: User\n"
        "        steps:\n          - return: actor\n"
    )
    model = model_of(text, tmp_path)
    assert next(entry.default for entry in model.config if entry.name == "ACCESS_TTL") == "300000"
    assert next(entry.text for entry in model.errors if entry.code == "INVALID_CREDENTIALS") == "Try again"
    password = next(item for item in model.operation("auth.registerUser").input if item.name == "password")
    assert password.min_length == 20
    route = model.operation("auth.me").route
    assert route is not None and route.path == "/me"
    names = [member.name for member in model.entity("User").members]
    assert names.index("account_locked_until") < names.index("avatar_url")


def test_people_whom_a_plan_has_keep_their_fields(tmp_path: Path) -> None:
    text = HEAD + (
        "entities:\n  User:\n    resource: true\n    fields:\n      nickname: varchar(40) required\n"
        "      email: varchar(100) required unique\n"
    )
    model = model_of(text, tmp_path)
    user = model.entity("User")
    assert [member.name for member in user.members][1:4] == ["nickname", "email", "password_hash"]
    assert not user.member("password_hash").required
    asked = [item.name for item in model.operation("auth.registerUser").input]
    assert asked == ["email", "password", "nickname"]
    assert user.visible is None, "whom the plan shows"


def test_what_is_wrong_with_a_brought_piece_is_told_where_it_was_asked_for(tmp_path: Path) -> None:
    text = HEAD + (
        "services:\n  password:\n    operations:\n      hash:\n"
        "        input:\n          text: text required\n        output: HashedPassword\n"
        "        slot:\n          intent: Other\n          proven_by: [AC-9001]\n"
        "          fallback: placeholder\n"
    )
    with pytest.raises(PlanProblems) as found:
        model_of(text, tmp_path)
    assert {problem.location.line for problem in found.value.problems if problem.location} == {6}


@pytest.mark.parametrize("example", ["docs/examples/auth", "tests/cases/people"])
def test_what_explain_prints_means_the_same(example: str, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    shutil.copy(REPOSITORY / example / "plan.yaml", folder)
    first = understand(folder, TEMPLATES)
    (folder / "plan.yaml").write_text(explained(folder, TEMPLATES)["plan.yaml"], encoding="utf-8")
    again = understand(folder, TEMPLATES)
    answers = []
    for each in (first, again):
        rooms = rooms_of(TEMPLATES, each.model.stack)
        answers.append(build_answers(each.model, choose(each, rooms, Narrowing(), Destination(folder))))
    for key in ("services", "entities", "config", "errors", "migrations", "rooms"):
        assert sorted(map(str, answers[0][key])) == sorted(map(str, answers[1][key])), key


def test_a_narrowed_run_brings_the_room(tmp_path: Path) -> None:
    found = understand(REPOSITORY / "docs/examples/auth", TEMPLATES)
    assert "auth" in rooms_chosen(found, tmp_path, "T001")


def test_a_project_gets_accounts_later_and_keeps_its_edits_and_its_migrations(tmp_path: Path) -> None:
    folder = tmp_path / "tracker"
    folder.mkdir()
    for name in ("plan.yaml", "tasks.yaml"):
        shutil.copy(REPOSITORY / "docs/examples/task-tracker" / name, folder)
    generate(folder, understand(folder, TEMPLATES), TEMPLATES, Narrowing())
    seal_open(folder, TEMPLATES)
    sealed = (folder / "server/migrations/0001_initial.up.sql").read_bytes()
    edited = folder / "server/src/app.ts"
    edited.write_text(
        edited.read_text().replace("export function createApp", "// Ours.\nexport function createApp")
    )
    plan = (folder / "plan.yaml").read_text()
    identity = "identity:\n  actor: Person\n  from: auth\n\nconfig:\n"
    (folder / "plan.yaml").write_text(plan.replace("config:\n", identity, 1))
    generate(folder, understand(folder, TEMPLATES), TEMPLATES, Narrowing())
    assert "// Ours.\n" in edited.read_text() and "sessionCookie" in edited.read_text()
    assert (folder / "server/migrations/0001_initial.up.sql").read_bytes() == sealed
    (added,) = (folder / "server/migrations").glob("0002_*.up.sql")
    assert "ALTER TABLE people ADD COLUMN password_hash varchar(255);" in added.read_text()
    assert "CREATE TABLE refresh_tokens" in added.read_text()
    for path in (
        "controllers/auth.controller",
        "middleware/auth.middleware",
        "middleware/rate-limit.middleware",
    ):
        assert (folder / f"server/src/{path}.ts").is_file()
