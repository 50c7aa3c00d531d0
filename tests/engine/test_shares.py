"""Where the lines of a project come from: blueprints, slots by who wrote them, and people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from generator.folder.destination import Destination
from generator.folder.lock import Lock, lock_of
from generator.folder.owned import OWNED_FILE, write_owned
from generator.outcome import SlotStatus
from generator.rendered import RenderedFile
from generator.shares import Shares, shares_data, shares_lines, shares_of

SERVICE = b"""\
// The board.

export function next() {
  // slot: board.next
  throw new Error('later');
  // end slot: board.next
}
"""
FILES = (
    RenderedFile("src/board.ts", SERVICE, False, "service", "board.ts.jinja", "service:board"),
    RenderedFile("src/app.ts", b"one\ntwo\nthree\n", False, "base", "app.ts", ""),
    RenderedFile(".github/workflows/ci.yml", b"on: push\n", False, "ci", "ci.yml", ""),
    RenderedFile("package-lock.json", b"{\n}\n", False, "base", "package-lock.json", ""),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in FILES:
        put(tmp_path, file.path, file.content)
    return tmp_path


def put(folder: Path, path: str, content: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)


def counted(folder: Path, state: str = "fallback", by: str = "fallback") -> Shares:
    slot = SlotStatus("board.next", "src/board.ts", state, by, True)
    return shares_of(Destination(folder), lock_of(FILES), (slot,), lambda: FILES)


def test_what_nobody_touched_is_generated(folder: Path) -> None:
    def render() -> Iterable[RenderedFile]:
        raise AssertionError("nothing has been edited")

    slot = SlotStatus("board.next", "src/board.ts", "fallback", "fallback", True)
    found = shares_of(Destination(folder), lock_of(FILES), (slot,), render)
    # Blank lines do not count, nor does the lock of npm.
    assert found == Shares(blueprints=5 + 3 + 1, fallback=1)
    assert found.generated == found.total == 10


@pytest.mark.parametrize(
    ("state", "by", "share"),
    [
        ("filled", "openai:test", "model"),
        ("filled", "agent", "model"),
        ("stale", "openai:test", "model"),
        ("filled", "person", "person"),
        ("edited", "person", "person"),
    ],
)
def test_a_body_counts_for_who_wrote_it(folder: Path, state: str, by: str, share: str) -> None:
    put(folder, "src/board.ts", SERVICE.replace(b"  throw new Error('later');\n", b"  a();\n\n  b();\n"))
    assert counted(folder, state, by) == Shares(blueprints=9, **{share: 2})


def test_edits_are_by_hand_and_what_is_left_is_generated(folder: Path) -> None:
    put(folder, "src/app.ts", b"three\r\none\r\nmine\r\none\r\n")
    # A line that was moved is the generated one, one that stands there twice is so once.
    assert counted(folder) == Shares(blueprints=5 + 2 + 1, fallback=1, hand=2)


def test_files_of_people_are_by_hand_and_others_do_not_count(folder: Path) -> None:
    put(folder, "src/mine.ts", b"a\n\nb\n")
    put(folder, OWNED_FILE, write_owned({"src/app.ts": "0" * 64}) or b"")
    before = counted(folder)
    assert before == Shares(blueprints=6, fallback=1, hand=2 + 3)
    for path in (
        "plan.yaml", "features/chat/tasks.yaml", ".env", ".env.local", "server/node_modules/x/index.js",
        "dist/app.js", ".git/config", ".idea/workspace.xml", "uv.lock",
        ".specwright/replies/x", "x.tsbuildinfo",
    ):  # fmt: skip
        put(folder, path, b"text\n")
    put(folder, "src/logo.png", b"\x89PNG\0\n\n")
    put(folder, "data.sql", b"insert\n" * 200_000)
    (folder / "linked.ts").symlink_to(folder / "src" / "app.ts")
    assert counted(folder) == before


def test_what_cannot_be_had_any_more_is_by_hand(folder: Path) -> None:
    put(folder, "src/app.ts", b"one\n")
    slot = SlotStatus("board.next", "src/board.ts", "fallback", "fallback", True)
    found = shares_of(Destination(folder), lock_of(FILES), (slot,), lambda: ())
    assert found == Shares(blueprints=6, fallback=1, hand=1)


def test_it_is_said_as_a_table_and_as_data(tmp_path: Path) -> None:
    shares = Shares(blueprints=1_700, fallback=100, model=50, person=50, hand=100)
    lines = [*shares_lines(shares)]
    assert lines[0] == "Share of code: 2,000 lines, 90.0 % generated"
    assert [line.split() for line in lines[1:3]] == [
        ["blueprints", "1,700", "85.0", "%"],
        ["slots:", "fallback", "100", "5.0", "%"],
    ]
    data = json.loads(json.dumps(shares_data(shares)))
    assert data["total"] == 2_000 and data["percent"]["hand"] == 5.0
    assert shares_of(Destination(tmp_path), Lock(), (), lambda: ()).percent(0) == 0.0
