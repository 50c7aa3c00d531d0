"""Bodies of slots are proved in a real project, with its own tools and criteria."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.blueprints import templates_folder
from generator.cli import command_of
from generator.fill.confinement import Limits
from generator.fill.proof import Stage, prove
from generator.folder.slot_records import SLOTS_FILE, read_records
from generator.understanding import understand
from tests.fill.model_server import KEY, body, served
from tests.fill.projects import FILE, GOOD, SLOT, WRONG, looked_at
from tests.fill.rules import written
from tests.stacks.express import borrowed_copy

pytestmark = pytest.mark.stack
ENDLESS = "let turns = 0;\nfor (;;) {\n  turns += 1;\n  ensure(turns > 0, 'NOT_FOUND');\n}\n"


def specwright(name: str, folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command_of(name), ["-C", str(folder), *arguments])


@pytest.fixture(scope="module")
def project(task_tracker: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = borrowed_copy(task_tracker, tmp_path_factory.mktemp("slots") / "tracker")
    (folder / ".env").write_text("DATABASE_URL=postgres://nowhere\n")
    return folder


def test_bodies_that_a_person_wrote_are_proved_and_noted(project: Path) -> None:
    written("task-tracker", project)
    before = {path: path.read_bytes() for path in project.glob("server/**/*.ts")}
    done = specwright("prove", project, "--json")
    told = json.loads(done.output)
    assert done.exit_code == 0 and told["ok"], told
    refuted = {slot.id: [*slot.wrong] for slot in understand(project, templates_folder()).model.slots}
    assert {each["id"]: each["refuted"] for each in told["slots"]} == refuted
    assert len(refuted) == 6 and all(len(names) >= 2 for names in refuted.values())
    record = read_records((project / SLOTS_FILE).read_text())[SLOT]
    contract = looked_at(project).seats[SLOT].contract
    assert contract and (record.by, record.contract) == ("person", contract.hash)
    assert {path: path.read_bytes() for path in project.glob("server/**/*.ts")} == before
    assert specwright("verify", project, "--complete").exit_code == 0


def test_wrong_bodies_are_refused_with_what_was_expected(project: Path) -> None:
    broken = "return shape(context, taskView, undefined);\n"
    verdicts = prove(looked_at(project), {SLOT: WRONG}, laid_out=True)
    assert verdicts[0].stage is Stage.CRITERIA and "AC-11" in verdicts[0].reasons[0]
    verdicts = prove(looked_at(project), {SLOT: broken}, laid_out=True)
    assert verdicts[0].stage is Stage.COMPILE and verdicts[0].reasons[0].startswith("line 1: error TS")


def test_a_body_without_end_is_ended(project: Path) -> None:
    verdict = prove(looked_at(project), {SLOT: ENDLESS}, laid_out=True, limits=Limits(seconds=25))[0]
    assert verdict.stage is Stage.CRITERIA
    assert verdict.reasons[0].endswith("it did not end within 25 seconds")


def test_a_model_is_corrected_and_what_it_wrote_is_played_again(
    task_tracker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    first = borrowed_copy(task_tracker, tmp_path / "first")
    second = borrowed_copy(task_tracker, tmp_path / "second")
    place = tmp_path / "bodies.json"
    with served(body(WRONG), body(GOOD)) as server:
        given = (SLOT, "--model", "openai:test", "--base-url", server.url, "--record", str(place))
        done = specwright("fill", first, *given)
        assert done.exit_code == 0 and "accepted  2" in done.output, done.output
        assert "AC-11" in server.said(1)[-1][1]
    done = specwright("fill", second, SLOT, "--recorded", str(place))
    assert done.exit_code == 0 and "accepted" in done.output, done.output
    for name in (FILE, SLOTS_FILE):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert KEY not in place.read_text()
