"""What stands in the place of a plan may be no plan, no file, or too much: told at once, in little memory."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.conftest import REPOSITORY

PLAN = (
    "specwright: 1\nproject: todo\nstack: express-react\nentities:\n  Item:\n    fields:\n      title: text\n"
)
TASKS = "specwright: 1\nphases: []\ntasks: []\n"
SECONDS = 120
"""A check that waits for something never ends; one that does not takes about one, on a machine at rest."""

CHECK = """
import sys, time
from generator.cli import main
start = time.process_time()
try:
    main(["check", "-C", sys.argv[1]])
except SystemExit as end:
    most = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print("used", end.code, most, round(time.process_time() - start, 3))
"""


def checked(folder: Path) -> tuple[int, str, int, float]:
    """`specwright check` in a process of its own: exit code, what it says, kilobytes at most, seconds."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(folder)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    _, code, memory, seconds = done.stdout.splitlines()[-1].split()
    return int(code), done.stderr, int(memory), float(seconds)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere.yaml")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _folder(path: Path) -> None:
    path.mkdir()


def _outside(path: Path) -> None:
    other = next(parent for parent in path.parents if parent.name == "p").parent / "other.yaml"
    other.write_text(PLAN, encoding="utf-8")
    path.symlink_to(other)


def _process(path: Path) -> None:
    path.symlink_to("/proc/self/environ")


ODD: dict[str, tuple[Callable[[Path], None], str]] = {
    "pipe": (_pipe, "not a file, but a pipe, a socket or a device"),
    "device": (_device, "the file is outside the project"),
    "socket": (_socket, "not a file, but a pipe, a socket or a device"),
    "dangling link": (_dangling, "a link to a file that is not there"),
    "link to itself": (_loop, "a link to a file that is not there"),
    "folder": (_folder, "a folder stands in the place of the file"),
    "link out": (_outside, "the file is outside the project"),
    "file of the process": (_process, "the file is outside the project"),
}


@pytest.mark.parametrize("name", ["plan.yaml", "tasks.yaml", "specs/001-items/plan.yaml"])
@pytest.mark.parametrize("kind", ODD)
def test_only_files_are_read(kind: str, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    if name == "tasks.yaml":
        (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    make, message = ODD[kind]
    make(place)
    before = sorted(path.name for path in folder.rglob("*"))
    code, told, _, _ = checked(folder)
    assert code == 1
    assert f"{name}:1:1: {message}" in told
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_specs_that_lie_outside_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside" / "001-items"
    outside.mkdir(parents=True)
    (outside / "plan.yaml").write_text(f"{PLAN}feature: 001-items\n", encoding="utf-8")
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "specs").symlink_to(outside.parent)
    code, told, _, _ = checked(folder)
    assert code == 1 and "specs/001-items/plan.yaml:1:1: the file is outside the project" in told


def test_a_link_inside_the_project_is_followed(tmp_path: Path) -> None:
    (tmp_path / "here.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "plan.yaml").symlink_to("here.yaml")
    assert checked(tmp_path)[0] == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "plan.yaml").chmod(0)
    code, told, _, _ = checked(tmp_path)
    assert code == 1 and "plan.yaml:1:1: cannot read the file: Permission denied" in told


def test_folder_names_do_not_reach_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "specs" / "001-\x1b[31mred\nline"
    folder.mkdir(parents=True)
    (folder / "plan.yaml").write_text("specwright: 1\n", encoding="utf-8")
    code, told, _, _ = checked(tmp_path)
    assert code == 1 and "\x1b" not in told and "<U+001B>" in told


HEAD = "specwright: 1\nproject: todo\nstack: express-react\n"


def _names(count: int) -> list[str]:
    letters = "abcdefghij"
    return ["f" + "".join(letters[int(digit)] for digit in f"{number:06d}") for number in range(count)]


def _fields(count: int, value: str) -> bytes:
    fields = "".join(f"      {name}: {value}\n" for name in _names(count))
    return f"{HEAD}entities:\n  A:\n    fields:\n{fields}".encode()


BIG: dict[str, tuple[Callable[[], bytes], str]] = {
    "100 MB": (lambda: b"# " + b"x" * 99_999_998, "the file has 100,000,000 bytes; the limit is 2,000,000"),
    "a text of 2 MB": (lambda: f"{HEAD}title: {'x' * 1_900_000}\n".encode(), ""),
    "brackets": (lambda: f"{HEAD}needs: {'[' * 900_000}".encode(), "plan.yaml:4:"),
    "braces": (lambda: f"{HEAD}needs: {'{a: ' * 400_000}".encode(), "plan.yaml:4:"),
    "deep keys": (
        lambda: "".join(f"{' ' * n}a:\n" for n in range(1_900)).encode(),
        "nested deeper than 60 levels",
    ),
    "aliases": (lambda: f"a: &a [x]\nb: [{'*a, ' * 300_000}]\n".encode(), "the anchor `&a`"),
    "wrong keys": (lambda: (HEAD + "".join(f"k{n}: 1\n" for n in range(100_000))).encode(), "unknown key"),
    "wrong fields": (
        lambda: _fields(60_000, "txt"),
        "there is no type `txt`",
    ),
    "100,000 fields": (
        lambda: _fields(100_000, "{}"),
        "a field needs `type`",
    ),
    "a long key": (lambda: f"{HEAD}{'k' * 1_900_000}: 1\n".encode(), "plan.yaml:4:"),
    "a long list": (lambda: f"{HEAD}dropped: [{'A.b, ' * 300_000}]\n".encode(), ""),
    "NUL": (lambda: HEAD.encode() + b"\0" * 1_900_000, "the hidden character U+0000"),
    "lines": (lambda: HEAD.encode() + b"\n" * 1_900_000, ""),
    "comments": (lambda: HEAD.encode() + b"#\n" * 900_000, ""),
    "quotes": (lambda: HEAD.encode() + b"'" * 1_900_000, "plan.yaml:"),
    "an expression": (
        lambda: (
            f"{HEAD}entities:\n  A:\n    checks:\n      a: {'(' * 1_000_000}\n    fields: {{}}\n".encode()
        ),
        "an expression of 1,000,000 characters; the limit is 4,000",
    ),
}
MEMORY = 400_000
"""Kilobytes: some hundred for each byte of the largest file that is read."""
SLOWEST = 12.0
"""Seconds of processor time, on a machine that does much else."""


@pytest.mark.parametrize("kind", BIG)
def test_much_is_refused_soon(kind: str, tmp_path: Path) -> None:
    make, message = BIG[kind]
    (tmp_path / "plan.yaml").write_bytes(make())
    start = time.monotonic()
    code, told, memory, seconds = checked(tmp_path)
    print(f"{kind}: {memory} kB, {seconds} s of processor time, {time.monotonic() - start:.1f} s")
    assert code in (0, 1) and message in told
    if kind == "100 MB":
        # Some kernels let a child begin with the peak of its parent; the file alone would add 100 MB twice.
        assert memory < 190_000 and seconds < 5
    assert memory < MEMORY and seconds < SLOWEST
    assert len(told) < 20_000_000
