"""Completion in the shell, and how much is said: names of the plan, --quiet, progress."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator import counting
from generator.counting import Count
from generator.narrowing import Narrowing
from generator.pipeline import generate
from generator.understanding import understand
from tests.engine.conftest import REPOSITORY
from tests.engine.test_command_line import specwright
from tests.engine.test_generate_command import PLAN, TASKS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN)
    (tmp_path / "tasks.yaml").write_text(TASKS)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("gen", {"generate"}),
        ("generate --ph", {"--phase"}),
        ("generate --task T00", {"T001", "T002", "T003", "T004"}),
        ("generate --phase l", {"lists"}),
        ("generate --story U", {"US1"}),
        ("blueprints mod", {"model"}),
        ("blueprints --stack exp", {"express-react"}),
        ("init --from task", {"task-tracker"}),
        ("completion z", {"zsh"}),
    ],
)
def test_names_are_completed(words: str, expected: set[str], folder: Path) -> None:
    done = specwright(
        cwd=folder,
        _SPECWRIGHT_COMPLETE="bash_complete",
        COMP_WORDS=f"specwright {words}",
        COMP_CWORD=str(len(words.split())),
    )
    assert {line.split(",")[1] for line in done.stdout.splitlines()} == expected, done.stderr


def test_a_broken_plan_still_completes(folder: Path) -> None:
    (folder / "plan.yaml").write_text(PLAN.replace("varchar(80)", "varchr(80)"))
    words = {"COMP_WORDS": "specwright generate --task ", "COMP_CWORD": "3"}
    done = specwright(cwd=folder, _SPECWRIGHT_COMPLETE="bash_complete", **words)
    assert done.returncode == 0 and "Traceback" not in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_of_the_shell(shell: str, tmp_path: Path) -> None:
    text = specwright("completion", shell, cwd=tmp_path).stdout
    assert "_SPECWRIGHT_COMPLETE" in text and f"{shell}_complete" in text


def test_quiet_says_nothing_but_what_is_wrong(folder: Path, templates: Path, tmp_path: Path) -> None:
    for command in (["check"], ["generate"], ["doctor"], ["init", "-C", str(tmp_path / "new")]):
        done = specwright(*command, "--quiet", cwd=folder, templates=templates)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), command
    (folder / "plan.yaml").write_text("specwright: 1\n")
    done = specwright("check", "-q", cwd=folder, templates=templates)
    assert done.returncode == 1 and done.stderr


def on_a_terminal(code: str, **environment: str) -> str:
    """What a program prints whose standard error is a terminal."""
    terminal, its_end = pty.openpty()
    variables = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | environment
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**variables, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm"},
        stdin=its_end,
        stdout=its_end,
        stderr=its_end,
    )
    os.close(its_end)
    seen = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
    process.wait()
    os.close(terminal)
    return seen.decode()


@pytest.mark.parametrize(
    ("seconds", "environment", "shown"), [(3, {}, True), (0.2, {}, False), (1.6, {"NO_COLOR": "1"}, False)]
)
def test_what_takes_longer_than_a_second_shows_that_it_goes_on(
    seconds: float, environment: dict[str, str], shown: bool
) -> None:
    code = f"import time\nfrom generator.commands.working import working\nwith working() as now:\n" \
        f"    now('Counting stars')\n    time.sleep({seconds})\n"  # fmt: skip
    assert ("Counting stars" in on_a_terminal(code, **environment)) is shown


def test_how_many_files_are_done_is_shown() -> None:
    code = (
        "import time\nfrom generator.commands.working import working\n"
        "from generator.counting import counted\n"
        "with working() as now:\n    now('Counting stars')\n    time.sleep(1.3)\n"
        "    for _ in counted('Writing', range(1200)):\n        time.sleep(0.001)\n"
        "    now('Resting')\n    time.sleep(0.5)\n"
    )
    seen = on_a_terminal(code)
    assert seen.index("Counting stars") < seen.index(" of 1,200 files") < seen.index("Resting")
    done = [int(number.replace(",", "")) for number in re.findall(r"Writing: ([\d,]+) of", seen)]
    assert len({*done}) > 3 and done == sorted(done)


def test_a_run_counts_what_it_renders_compares_and_writes(
    tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: dict[str, int] = {}

    class Seen(Count):
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name == "done" and value:
                counts[self.what] = self.done

    monkeypatch.setattr(counting.AT, "__class__", Seen)
    (tmp_path / "plan.yaml").write_text(PLAN)
    outcome = generate(tmp_path, understand(tmp_path, templates), templates, Narrowing())
    files = len(outcome.changes)
    assert counts["Rendering"] == counts["Comparing"] == files
    assert counts["Writing"] == counts["Moving into place"] == len(outcome.writes)


@pytest.mark.parametrize("chosen", ["quiet", "as_json"])
def test_nothing_is_shown_to_who_asked_for_quiet_or_for_data(chosen: str) -> None:
    code = f"import time, click\nfrom generator.commands.working import working\n@click.command()\n" \
        f"@click.option('--it', {chosen!r}, is_flag=True)\ndef run({chosen}):\n  with working() as now:\n" \
        f"    now('Counting stars')\n    time.sleep(1.6)\nrun(['--it'])\n"  # fmt: skip
    assert "Counting stars" not in on_a_terminal(code)
    assert "Counting stars" in on_a_terminal(code.replace("['--it']", "[]"))
