"""`specwright fill` as real processes: killed, stopped, twice at once, and in folders that mean harm."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pydantic_ai.models.openai
import pytest

from generator.fill.answers import Reply
from generator.fill.ledger import REPLIES, STATE, Ledger
from generator.fill.recordings import RecordedBody, recordable, write_recording
from generator.fill.scratch import scratch_copy, secrets_of
from generator.folder.recovery import recovered
from generator.folder.slot_records import SLOTS_FILE
from generator.problems import PlanProblems
from generator.slots import skeleton_hash
from tests.engine import processes
from tests.fill.model_server import KEY, ModelServer, after, body, served
from tests.fill.projects import copied, looked_at, project
from tests.fill.test_contracts import OLD
from tests.fill.test_filling import state_of

SLOT, OTHER, FILE = "desk.pick", "desk.spare", "server/src/services/desk.slots.ts"
BOTH = (SLOT, OTHER)
LOADED = (pydantic_ai.models.openai, openai)
BODY = "// tasks.priority desc\nthrow new Failure('NOT_FOUND');\n"
"""What the quick proof takes for right."""


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch, quick: list[str]) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project with two slots that only hold their places."""
    head, operation = OLD.split("      pick:\n")
    operation, rest = operation.split("fixtures:\n")
    plan = (
        f"{head}      pick:\n{operation}      spare:\n{operation.replace('/pick', '/spare')}fixtures:\n{rest}"
    )
    return project(tmp_path_factory.mktemp("desk") / "project", plan)


@pytest.fixture
def folder(desk: Path, tmp_path: Path) -> Path:
    return copied(desk, tmp_path / "project")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with served(after(0.1, body(BODY))) as found:
        yield found


def around(folder: Path) -> str:
    """The hash of a project without the bodies of its slots, and without the record of them."""
    content = (folder / FILE).read_bytes()
    try:
        (folder / FILE).write_text(skeleton_hash(content))
        records = (folder / SLOTS_FILE).read_bytes()
        (folder / SLOTS_FILE).unlink()
        found = state_of(folder)
        (folder / SLOTS_FILE).write_bytes(records)
        return found
    finally:
        (folder / FILE).write_bytes(content)


def given(server: ModelServer, folder: Path, *more: str) -> tuple[str, ...]:
    return ("fill", *BOTH, "--model", "openai:test", "--base-url", server.url, "-C", str(folder), *more)


def held(folder: Path) -> tuple[int, int]:
    """How many slots are filled, and how many replies are noted."""
    seats = looked_at(folder).seats
    notes = [json.loads(each.read_text()) for each in (folder / REPLIES).glob("*.json")]
    return sum(seats[name].status.state == "filled" for name in BOTH), sum(
        len(each["replies"]) for each in notes
    )


def test_stopped_at_many_moments_it_ends_the_same_and_asks_nothing_twice(
    folder: Path, server: ModelServer, tmp_path: Path
) -> None:
    whole = copied(folder, tmp_path / "whole")
    before = around(folder)
    code, said, _ = processes.started(*given(server, whole, "--jobs", "1")).ended()
    assert code == 0 and said.count("accepted") == 4, said
    expected, seen = state_of(whole), set()
    assert around(whole) == before
    moments: tuple[Callable[[Path, int], bool], ...] = (
        lambda place, asked: len(server.asked) > asked,
        lambda place, asked: any((place / REPLIES).glob("*.json")),
        lambda place, asked: b"openai:test" in (place / SLOTS_FILE).read_bytes(),
    )
    for number, has_come in enumerate(moments):
        place = copied(folder, tmp_path / str(number))
        how = (signal.SIGKILL, signal.SIGINT, signal.SIGKILL)[number % 3]
        asked = len(server.asked)
        running = processes.started(*given(server, place, "--jobs", "2"))
        until = time.monotonic() + 60
        while not has_come(place, asked) and time.monotonic() < until:
            time.sleep(0.002)
        running.stop(how, 0)
        code, said, _ = running.ended()
        assert code in (0, -signal.SIGKILL, 130) and KEY not in said, said
        recovered(place)  # what every command does first
        kept, noted = held(place)
        seen.add((kept, noted))
        assert around(place) == before
        asked = len(server.asked)
        code, said, _ = processes.started(*given(server, place, "--jobs", "2")).ended()
        assert code == 0 and held(place) == (2, 0), said
        # Whatever was answered and noted is not asked for again.
        assert len(server.asked) - asked == 2 - kept - noted
        assert state_of(place) == expected and not (place / REPLIES).exists()
    assert len(seen) > 1, seen


def test_of_two_at_once_one_is_refused_and_the_other_fills(folder: Path, server: ModelServer) -> None:
    first = processes.started(*given(server, folder))
    second = processes.started(*given(server, folder))
    third = processes.started(*given(server, folder))
    ended = [each.ended() for each in (first, second, third)]
    assert any(code == 0 for code, _, _ in ended)
    for code, said, _ in ended:
        assert code == 0 or (code == 1 and "Another run of Specwright is at work" in said), said
    assert len(server.asked) == 2 and held(folder) == (2, 0)


class TestHostileFolders:
    """A folder that somebody prepared: nothing is written or read outside of it."""

    @pytest.fixture
    def outside(self, tmp_path: Path) -> Path:
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "kept").write_text("as it was")
        return tmp_path / "outside"

    def run(self, server: ModelServer, folder: Path, *more: str) -> tuple[int, str]:
        code, said, _ = processes.started(*given(server, folder, *more)).ended()
        assert "Traceback" not in said
        return code, said

    @pytest.mark.parametrize("inside", [True, False], ids=["within the project", "out of it"])
    def test_a_link_in_place_of_the_replies(
        self, folder: Path, server: ModelServer, outside: Path, inside: bool
    ) -> None:
        before = state_of(folder)
        (folder / REPLIES).symlink_to(folder / "server" if inside else outside)
        code, said = self.run(server, folder)
        assert code == 1 and "is no plain folder" in said and server.asked == []
        (folder / REPLIES).unlink()
        assert state_of(folder) == before and [each.name for each in outside.iterdir()] == ["kept"]

    def test_a_link_in_place_of_a_folder_above(
        self, folder: Path, server: ModelServer, outside: Path
    ) -> None:
        (folder / STATE).rename(outside / "state")
        (folder / STATE).symlink_to(outside / "state")
        assert self.run(server, folder)[0] == 1 and server.asked == []
        assert not (outside / "state" / "replies").exists()

    def test_links_in_place_of_what_is_noted(self, folder: Path, server: ModelServer, outside: Path) -> None:
        (folder / REPLIES).mkdir()
        place = Ledger(folder, SLOT, "", "")._place
        for name in (place.name, f"{place.name}.new", ".gitignore", ".gitignore.new"):
            (folder / REPLIES / name).symlink_to(outside / "kept")
        code, said = self.run(server, folder)
        assert code == 0, said
        assert (outside / "kept").read_text() == "as it was" and len(server.asked) == 2

    @pytest.mark.parametrize(
        "change",
        [
            lambda text: b"",
            lambda text: text[: len(text) // 2],
            lambda text: b"\xff\xfe" + text,
            lambda text: b"[" * 200_000,
            lambda text: b" " * 9_000_000 + text,
            lambda text: text.replace(b'"contract": "', b'"contract": "0'),
            lambda text: text.replace(b'"source": "openai', b'"source": "other'),
            lambda text: text.replace(b'"body": "', b'"body": ["').replace(b'", "sent"', b'"], "sent"'),
            lambda text: text.replace(b'"sent": 1', b'"sent": "x'),
            lambda text: text.replace(b'"replies": [', b'"replies": [7, '),
        ],
    )  # fmt: skip
    def test_what_is_no_note_of_ours_is_asked_for_anew(self, folder: Path, change: Any) -> None:
        contract = looked_at(folder).seats[SLOT].contract
        assert contract is not None
        head = (SLOT, contract.hash, "openai:test")
        Ledger(folder, *head).add(Reply(BODY, 1, 2))
        assert Ledger(folder, *head).at(0) == Reply(BODY, 1, 2)
        (place,) = (folder / REPLIES).glob("*.json")
        text = place.read_bytes()
        place.write_bytes(change(text))
        assert place.read_bytes() != text and Ledger(folder, *head).at(0) is None

    def test_a_pipe_is_not_waited_for(self, folder: Path, server: ModelServer) -> None:
        (folder / REPLIES).mkdir()
        os.mkfifo(Ledger(folder, SLOT, "", "")._place)
        assert self.run(server, folder)[0] == 0

    @pytest.mark.parametrize("text", ["", "\0", "- " * 5_000])
    def test_records_that_say_nothing(self, folder: Path, server: ModelServer, text: str) -> None:
        (folder / SLOTS_FILE).write_text(text)
        code, said = self.run(server, folder)
        assert code in (0, 1), said

    def test_a_recording_is_not_saved_through_a_link(
        self, folder: Path, server: ModelServer, outside: Path
    ) -> None:
        place = folder / "bodies.json"
        place.symlink_to(outside / "new")
        code, said = self.run(server, folder, "--record", str(place))
        assert code == 1 and "a link stands in its place" in said
        code, said = self.run(server, folder, "--record", str(folder / "no" / "bodies.json"))
        assert code == 1 and "there is no folder for it" in said
        assert server.asked == [] and not (outside / "new").exists()

    def test_what_a_recording_has_is_not_lost(self, tmp_path: Path) -> None:
        write_recording(tmp_path / "bodies.json", {"x": RecordedBody("hash", "somebody", "a\nb")})
        assert recordable(tmp_path / "bodies.json")["x"].body == "a\nb"
        (tmp_path / "other.json").write_text("[" * 100_000)
        with pytest.raises(PlanProblems):
            recordable(tmp_path / "other.json")

    def test_the_copy_has_no_secret_and_nothing_of_elsewhere(self, folder: Path, outside: Path) -> None:
        (folder / "node_modules" / "vitest").mkdir(parents=True)
        for name in (
            ".env",
            ".env.local",
            "server/.env",
            ".npmrc",
            "server/.netrc",
            "own.pem",
            "server/a.key",
        ):
            (folder / name).write_text("s3cret")
        (folder / ".hidden").mkdir()
        (folder / ".hidden" / "token").write_text("s3cret")
        (outside / "deep").mkdir()
        (outside / "deep" / "token").write_text("s3cret")
        (folder / "server" / "linked").symlink_to(outside / "deep")
        (folder / "server" / "kept.ts").symlink_to(outside / "kept")
        with scratch_copy(folder) as made:
            found = {each.relative_to(made).as_posix() for each in made.rglob("*")}
            assert FILE in found and not {"server/linked", "server/kept.ts", ".hidden"} & found
            for each in made.rglob("*"):
                assert not each.is_file() or b"s3cret" not in each.read_bytes()
        assert [each.name for each in secrets_of(folder)] == [".env", ".env.local", ".env"]
