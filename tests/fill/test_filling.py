"""Slots are filled over real HTTP: what is good is kept, nothing else is, and nothing is paid for twice."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from click.testing import CliRunner

from generator.cli import command_of
from generator.fill import agents, filling
from generator.fill.filling import Budget, Choices, Filled, fill
from generator.fill.ledger import REPLIES, STATE, replies_folder
from generator.fill.models import Model
from generator.fill.proof import Verdict
from generator.fill.recordings import Recording, read_recording, record
from generator.fill.workshop import Workshop
from generator.folder.slot_records import SLOTS_FILE, read_records
from generator.folder.turn import AtWork, taking_turn
from generator.problems import PlanProblems
from tests.fill.hostile import HOSTILE
from tests.fill.model_server import (
    KEY,
    Answer,
    ModelServer,
    body,
    completion,
    cut_off,
    drip,
    drop,
    raw,
    served,
    silence,
    status,
)
from tests.fill.projects import (
    EXAMPLES,
    FILE,
    GOOD,
    SLOT,
    WRONG,
    brought_up,
    copied,
    looked_at,
    plan_of,
    with_body,
)

BROKEN: dict[str, Answer] = {
    "429": status(429, Retry_After="1"),
    "500": status(500),
    "502": status(502),
    "503": status(503),
    "529": status(529),
    "400": status(400),
    "401 that quotes the key": status(401),
    "403 that quotes the key": status(403),
    "404": status(404),
    "a redirect to nowhere": status(307, Location="http://127.0.0.1:9/"),
    "silence": silence,
    "slow drip": drip,
    "dropped": drop,
    "cut off": cut_off,
    "truncated JSON": raw(completion(GOOD)[:40]),
    "no JSON": raw(b"<html>502 Bad Gateway</html>", "text/html"),
    "another encoding": raw("{\"x\": \"\xe4\"}".encode("latin-1")),
    "an empty answer": raw(b""),
    "null": raw(b"null"),
    "a list": raw(b"[]"),
    "no choices": raw(completion(None, choices=[])),
    "choices of another kind": raw(completion(None, choices="x")),
    "no text": raw(completion(None)),
    "blank text": raw(completion("  ")),
    "negative tokens": raw(completion("", usage={"prompt_tokens": -1, "completion_tokens": "x"})),
    "deep JSON": raw(b"[" * 100_000),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.fixture
def folder(tracker: Path, tmp_path: Path) -> Path:
    return copied(tracker, tmp_path / "project")


def state_of(folder: Path, *, without_slots: bool = False) -> str:
    """The hash of all files of a project; without what slots hold, and without the record of it."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(REPLIES) and not name.startswith(".specwright/cache"):
            content = path.read_bytes()
            if without_slots and name == SLOTS_FILE:
                continue
            if without_slots and name == FILE:
                marker = f"// slot: {SLOT}\n".encode()
                before, _, rest = content.partition(marker)
                content = before + rest.partition(b"// end slot")[2]
            digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


def filled(
    folder: Path, server: ModelServer, *names: str, rounds: int = 3, seconds: float = 30, **more: Any
) -> tuple[Filled, ...]:
    choices = Choices(**{"wait": 0.01, **more})
    model = Model("openai:test", base_url=server.url, rounds=rounds, seconds=seconds, stop=choices.stop)
    return fill(lambda: looked_at(folder), names, model, choices)


# That each is refused needs no server: `test_inside` shows it.
@pytest.mark.parametrize("name", [*HOSTILE][::5])
def test_nothing_hostile_comes_through(
    name: str, tracker: Path, workshop: Workshop, quick: list[str]
) -> None:
    before = state_of(tracker)
    with served(body(HOSTILE[name])) as server:
        model = Model("openai:test", base_url=server.url, rounds=1, seconds=20)
        found = fill(lambda: workshop, [SLOT], model, Choices(wait=0.01, again=True))[0]
    assert found.outcome != "accepted" and found.reasons
    (tracker / REPLIES).exists() and [each.unlink() for each in (tracker / REPLIES).iterdir()]
    assert state_of(tracker) == before


@pytest.mark.parametrize("name", BROKEN)
def test_nothing_broken_hangs_or_shows_a_key(
    name: str, tracker: Path, workshop: Workshop, quick: list[str]
) -> None:
    before, told = state_of(tracker), []
    began = time.monotonic()
    with served(BROKEN[name]) as server:
        model = Model("openai:test", base_url=server.url, rounds=1, seconds=0.8)
        found = fill(lambda: workshop, [SLOT], model, Choices(wait=0.01, again=True, tell=told.append))[0]
    assert found.outcome == "rejected" and 1 <= found.tries <= 3
    assert time.monotonic() - began < 20
    assert KEY not in f"{found} {told}"
    assert state_of(tracker) == before and quick == []


def test_the_catalogue_is_as_large_as_promised() -> None:
    assert len(HOSTILE) + len(BROKEN) >= 60


def test_a_good_body_is_kept_and_recorded(folder: Path, quick: list[str]) -> None:
    around = state_of(folder, without_slots=True)
    with served(body(f"```typescript\n{GOOD}```")) as server:
        found = filled(folder, server, SLOT)[0]
        assert (found.outcome, found.by, found.tries) == ("accepted", "openai:test", 1)
        assert (found.sent, found.received) == (100, 20)
        seat = looked_at(folder).seats[SLOT]
        assert (seat.status.state, seat.status.by) == ("filled", "openai:test")
        assert seat.body and seat.body.decode().startswith("  const free = await findMany(")
        assert state_of(folder, without_slots=True) == around
        # What was sent is what `slots show` prints, and nothing else.
        messages = server.said(0)
        assert [role for role, _ in messages] == ["system", "user"]
        shown = CliRunner().invoke(command_of("slots"), ["show", SLOT, "-C", str(folder), "--json"])
        assert [each["text"] for each in json.loads(shown.output)["messages"]] == [
            text for _, text in messages
        ]
        # Twice: nobody is asked, nothing changes.
        after = state_of(folder)
        assert filled(folder, server, SLOT)[0].outcome == "left" and len(server.asked) == 1
        assert brought_up(folder) and state_of(folder) == after
        assert server.keys == {f"Bearer {KEY}"}
    assert not (folder / REPLIES).exists()
    assert not any(KEY.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_wrong_body_is_corrected(folder: Path, quick: list[str]) -> None:
    with served(status(500), body("return process.env as never;\n"), body(WRONG), body(GOOD)) as server:
        found = filled(folder, server, SLOT)[0]
        assert (found.outcome, found.tries, found.received) == ("accepted", 4, 60)
        roles = [role for role, _ in server.said(3)]
        assert roles == ["system", "user", "assistant", "user", "assistant", "user"]
        said = [text for _, text in server.said(3)]
        assert "`process` is none of the names" in said[3] and "AC-11: expected important" in said[5]


def test_three_rounds_and_the_fallback_stays(folder: Path, quick: list[str]) -> None:
    before = state_of(folder)
    with served(body(WRONG)) as server:
        found = filled(folder, server, SLOT)[0]
        assert (found.outcome, found.tries) == ("rejected", 3) and "AC-11" in found.reasons[0]
        assert state_of(folder) == before
        # A second run proves the replies again that were paid for; --again asks anew.
        assert filled(folder, server, SLOT)[0].outcome == "rejected" and len(server.asked) == 3
        assert filled(folder, server, SLOT, again=True)[0].tries == 3 and len(server.asked) == 6


def test_a_stopped_run_goes_on_from_what_was_paid_for(
    folder: Path, quick: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    proves = filling.prove

    def stopped(*given: Any, **more: Any) -> tuple[Verdict, ...]:
        raise KeyboardInterrupt

    with served(body(GOOD)) as server:
        monkeypatch.setattr(filling, "prove", stopped)
        with pytest.raises(KeyboardInterrupt):
            filled(folder, server, SLOT)
        monkeypatch.setattr(filling, "prove", proves)
        found = filled(folder, server, SLOT)[0]
        assert (found.outcome, found.tries, len(server.asked)) == ("accepted", 0, 1)


def test_it_stops_while_a_model_is_silent(folder: Path, quick: list[str]) -> None:
    stop = Event()
    before = state_of(folder)
    with served(silence) as server:
        asked: list[float] = []

        def stop_once_asked() -> None:
            while not server.asked:
                time.sleep(0.01)
            asked.append(time.monotonic())
            stop.set()

        Thread(target=stop_once_asked, daemon=True).start()
        found = filled(folder, server, SLOT, stop=stop)[0]
        # Sooner than the silence ends.
        assert time.monotonic() - asked[0] < 4 and found.outcome != "accepted"
    assert state_of(folder) == before


def test_one_run_at_a_time_fills(folder: Path, quick: list[str]) -> None:
    with taking_turn(folder / STATE), served(body(GOOD)) as server:
        replies_folder(folder)
        with pytest.raises(AtWork):
            filled(folder, server, SLOT)
        # The folder of the run that is at work stays as it is.
        assert server.asked == [] and (folder / REPLIES / ".gitignore").exists()


def test_several_at_a_time_give_what_one_at_a_time_gives(
    folder: Path, tmp_path: Path, quick: list[str]
) -> None:
    other = copied(folder, tmp_path / "other")
    good = body(GOOD)
    with served(good) as server:
        one = filled(folder, server, jobs=1)
        many = filled(other, server, jobs=8)
    assert [(each.slot, each.outcome) for each in one] == [(each.slot, each.outcome) for each in many]
    assert state_of(folder) == state_of(other)


def test_budgets_hold(folder: Path, quick: list[str]) -> None:
    with served(body(WRONG)) as server:
        found = filled(folder, server, SLOT, budget=Budget(tokens=200))[0]
        assert found.tries == 2 and "the budget of tokens is spent" in found.reasons
        found = filled(folder, server, SLOT, again=True, budget=Budget(seconds=0))[0]
        assert (found.outcome, found.tries) == ("left", 0)


class TestPeople:
    """What a person wrote is never replaced."""

    def test_a_body_that_was_written_by_hand_stays(self, folder: Path, quick: list[str]) -> None:
        with_body(folder, "  throw new Failure('NOT_FOUND');\n")
        self._stays(folder)
        brought_up(folder)
        self._stays(folder)

    def test_it_stays_when_it_is_stale(self, folder: Path, quick: list[str]) -> None:
        brought_up(with_body(folder, "  throw new Failure('NOT_FOUND');\n"))
        changed(folder)
        assert looked_at(folder).seats[SLOT].status.state == "stale"
        self._stays(folder)
        with served(body(GOOD)) as server:
            told = [each for each in filled(folder, server) if each.slot == SLOT]
        assert told and "look at it" in told[0].reasons[0]

    def test_a_body_that_somebody_writes_meanwhile_stays(
        self, folder: Path, quick: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        proves = filling.prove

        def meanwhile(*given: Any, **more: Any) -> tuple[Verdict, ...]:
            found = proves(*given, **more)
            with_body(folder, "  throw new Failure('NOT_FOUND');\n")
            return found

        monkeypatch.setattr(filling, "prove", meanwhile)
        with served(body(GOOD)) as server:
            found = filled(folder, server, SLOT)[0]
        assert found.outcome == "rejected" and "somebody has written" in found.reasons[0]
        assert "throw new Failure('NOT_FOUND')" in (folder / FILE).read_text()

    def _stays(self, folder: Path) -> None:
        before = state_of(folder)
        with served(body(GOOD)) as server:
            assert filled(folder, server, SLOT)[0].outcome == "left" and server.asked == []
        assert state_of(folder) == before


def changed(folder: Path) -> None:
    """Change what the slot has to do, and generate."""
    plan = plan_of().replace("the one with the nearest due date", "the one with the last due date")
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")
    brought_up(folder)


def test_filling_and_updating_keep_each_others_work(folder: Path, quick: list[str]) -> None:
    with served(body(GOOD)) as server:
        assert filled(folder, server, SLOT)[0].outcome == "accepted"
        plan = folder / "plan.yaml"
        more = "      description: text\n"
        plan.write_text(plan.read_text().replace(more, f"{more}      homepage: varchar(300)\n", 1))
        brought_up(folder)
        seat = looked_at(folder).seats[SLOT]
        assert (seat.status.state, seat.status.by) == ("filled", "openai:test")
        changed(folder)
        seat = looked_at(folder).seats[SLOT]
        assert (seat.status.state, seat.status.by) == ("stale", "openai:test")
        assert filled(folder, server, SLOT)[0].outcome == "accepted"
        assert looked_at(folder).seats[SLOT].status.state == "filled" and len(server.asked) == 2


def test_accepted_bodies_are_saved_and_played_byte_for_byte(
    folder: Path, tmp_path: Path, quick: list[str]
) -> None:
    other, place = copied(folder, tmp_path / "other"), tmp_path / "bodies.json"
    with served(body(GOOD)) as server:
        filled(folder, server, SLOT)
    assert record(looked_at(folder), place) == (SLOT,)
    found = fill(lambda: looked_at(other), [SLOT], Recording(place), Choices())[0]
    assert (found.outcome, found.by) == ("accepted", "openai:test")
    assert state_of(other) == state_of(folder)
    assert read_recording(place)[SLOT].body.encode() == looked_at(folder).seats[SLOT].body
    changed(other)
    found = fill(lambda: looked_at(other), [SLOT], Recording(place), Choices())[0]
    assert found.outcome == "rejected" and "another contract" in found.reasons[0]


def test_a_recording_is_checked(tmp_path: Path) -> None:
    for text in ("", "[]", '{"bodies": {"x": {}}}'):
        (tmp_path / "bodies.json").write_text(text)
        with pytest.raises(PlanProblems):
            Recording(tmp_path / "bodies.json")


class TestCommand:
    """The command line of it."""

    def run(self, folder: Path, *arguments: str, said: str = "") -> Any:
        return CliRunner().invoke(command_of("fill"), ["-C", str(folder), *arguments], input=said)

    def test_a_dry_run_prints_what_would_be_sent(self, folder: Path) -> None:
        printed = self.run(folder, "--dry-run").output
        shown = CliRunner().invoke(command_of("slots"), ["show", SLOT, "-C", str(folder)]).output
        assert shown.strip() in printed and not (folder / REPLIES).exists()

    def test_it_ends_with_a_table_and_saves(self, folder: Path, tmp_path: Path, quick: list[str]) -> None:
        place = tmp_path / "bodies.json"
        with served(body(GOOD)) as server:
            done = self.run(
                folder, SLOT, "--model", "openai:test", "--base-url", server.url, "--record", str(place)
            )
        assert done.exit_code == 0 and "accepted  1      120     -     openai:test" in done.output
        assert f"{SLOT}: asking openai:test (1)" in done.output and place.exists()

    def test_a_local_model_is_asked_as_the_page_says(
        self, folder: Path, quick: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("OPENAI_API_KEY")
        page = (EXAMPLES.parent / "slots.md").read_text(encoding="utf-8")
        block = page.partition("### A local model")[2].partition("```sh\n")[2].partition("```")[0]
        lines = [line.partition("#")[0].split() for line in block.splitlines()]
        dry, real = [given[2:] for given in lines if given[:2] == ["specwright", "fill"]]
        assert "Write the body of suggestNext." in self.run(folder, *dry).output
        with served(body(f"```\n{GOOD}```")) as server:
            told = [
                each.replace("NAME", "qwen").replace("http://localhost:8000/v1", server.url) for each in real
            ]
            done = self.run(folder, *told, said="y\n")
        # It has one body for all that it is asked.
        assert done.exit_code == 3 and re.search(rf"{SLOT} +accepted", done.output), done.output
        assert "Next: `specwright fill board.delay " in done.output
        assert "tools" not in server.asked[0] and server.keys == {"Bearer none"}
        assert "Write the body of suggestNext." not in self.run(folder, *dry).output

    def test_a_review_asks(self, folder: Path, quick: list[str]) -> None:
        with served(body(GOOD)) as server:
            given = (SLOT, "--model", "openai:test", "--base-url", server.url, "--review")
            refused = self.run(folder, *given, said="n\n")
            assert refused.exit_code == 3 and "+  const free = await findMany(" in refused.output
            assert looked_at(folder).seats[SLOT].status.state == "fallback"
            assert self.run(folder, *given, said="y\n").exit_code == 0 and len(server.asked) == 1

    @pytest.mark.parametrize(
        "arguments", [[], ["--dry-run", "--model", "x:y"], ["--dry-run", "--budget", "many"]]
    )
    def test_wrong_use_is_2(self, folder: Path, arguments: list[str]) -> None:
        assert self.run(folder, *arguments).exit_code == 2

    def test_what_is_missing_is_said(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("OPENAI_API_KEY")
        assert "OPENAI_API_KEY" in str(self.run(folder, "--model", "openai:test").exception)
        assert "no model" in str(self.run(folder, "--model", "openai").exception)
        monkeypatch.setitem(__import__("sys").modules, "pydantic_ai", None)
        said = str(self.run(folder, "--model", "ollama:test").exception)
        assert "pip install 'specwright[llm]'" in said


class TestAgents:
    """A coding agent proposes over the Model Context Protocol."""

    @pytest.fixture
    def calls(self, folder: Path, quick: list[str]) -> Iterator[Any]:
        import anyio
        from mcp import Client

        from generator.blueprints import templates_folder
        from generator.fill.confinement import Limits

        made = agents.server(folder, templates_folder(), Limits())

        async def call(name: str, given: dict[str, Any]) -> Any:
            async with Client(made) as client:
                return await client.call_tool(name, given)

        yield lambda name, **given: anyio.run(call, name, given)

    def test_it_lists_reads_proposes_and_asks(self, folder: Path, calls: Any) -> None:
        assert SLOT in str(calls("list_slots").content)
        assert "Write the body of suggestNext." in str(calls("slot_context", slot=SLOT).content)
        around = state_of(folder)
        for name in ("process.env", "import", "empty", "a megabyte"):
            refused = calls("propose_body", slot=SLOT, body=HOSTILE[name])
            assert refused.structured_content["kept"] is False
        assert calls("propose_body", slot=SLOT, body=WRONG).structured_content["stage"] == "criteria"
        assert state_of(folder) == around
        assert calls("propose_body", slot=SLOT, body=GOOD).structured_content["kept"] is True
        assert calls("slot_status", slot=SLOT).structured_content["by"] == "agent"
        assert calls("propose_body", slot=SLOT, body=GOOD).structured_content["stage"] == "left"
        assert calls("slot_context", slot="no.such").is_error

    def test_a_person_is_not_overruled(self, folder: Path, calls: Any) -> None:
        with_body(folder, "  throw new Failure('NOT_FOUND');\n")
        assert calls("propose_body", slot=SLOT, body=GOOD).structured_content["kept"] is False
        assert read_records((folder / SLOTS_FILE).read_text())[SLOT].by == "fallback"


def test_without_the_extra_it_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mcp.server", None)
    said = CliRunner().invoke(command_of("mcp"), ["-C", str(folder)]).exception
    assert "pip install 'specwright[mcp]'" in str(said)
