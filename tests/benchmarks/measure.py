"""Measures the engine and prints the tables of docs/benchmarks.md: `python -m tests.benchmarks.measure`.

What is compared runs in turns, so that a busy machine is busy for both; of each the median counts. Seconds
are those of the processor (user and system): on an idle machine they are the seconds of the clock.
"""

from __future__ import annotations

import json
import math
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.recording import read_recorded
from tests.benchmarks.workload import EACH, REPOSITORY, ROOM, plan_text, write_templates

Task = Callable[[], list[str]]
"""Makes ready what a run needs, and returns its command."""
BYTECODE = Path(tempfile.gettempdir()) / "specwright-benchmarks"
_CLICK = "import click\n@click.command()\n@click.version_option('1')\ndef main(): ...\nmain(['--version'])\n"
_APART = """import json, os, sys
process = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(process, 0)
with open(sys.argv[1], "w") as said:
    json.dump([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss], said)
"""
"""Starts a command from a small process: on Linux the memory of a parent counts as that of its children."""
_LOAD = "import sys\nfrom ruamel.yaml import YAML\nYAML(typ='safe').load(open(sys.argv[1], 'rb'))\n"


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of the processor, and its greatest memory in megabytes."""

    seconds: float
    megabytes: float


def cost_of(command: list[str], folder: Path, **environment: str) -> Cost:
    """Run a command and return what it took."""
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY), **environment}
    # An installed package has its bytecode; a checkout keeps that of the benchmarks apart.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    variables["PYTHONPYCACHEPREFIX"] = str(BYTECODE)
    with tempfile.NamedTemporaryFile() as said, tempfile.TemporaryFile() as output:
        apart = [sys.executable, "-I", "-S", "-c", _APART, said.name, *command]
        subprocess.run(apart, cwd=folder, env=variables, stdout=output, stderr=output, check=True)
        code, seconds, kilobytes = json.loads(Path(said.name).read_bytes())
        output.seek(0)
        assert code == 0, output.read().decode()
    return Cost(seconds, kilobytes / 1024)


def medians(rounds: int, folder: Path, tasks: dict[str, Task], **environment: str) -> dict[str, Cost]:
    """Run tasks in turns and return the median cost of each."""
    costs: dict[str, list[Cost]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            costs[name].append(cost_of(task(), folder, **environment))
    return {
        name: Cost(statistics.median(cost.seconds for cost in found), max(cost.megabytes for cost in found))
        for name, found in costs.items()
    }


def specwright(*arguments: str) -> list[str]:
    """Return the command line of a command."""
    return [sys.executable, "-m", "generator.cli", *arguments]


def generating(entities: int, rounds: int, room: Path) -> dict[str, Cost]:
    """Cost of the bare script, a full run, one with nothing changed, and one with one entity changed."""
    templates, project, bare = room / "templates", room / "project", room / "bare"
    if not templates.exists():
        write_templates(templates)
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir()
    environment = {"SPECWRIGHT_TEMPLATES": str(templates)}
    plan = project / "plan.yaml"
    plan.write_text(plan_text(entities))
    cost_of(specwright("generate"), project, **environment)
    recorded = read_recorded((project / ".copier-answers.yml").read_text())
    assert recorded is not None
    answers = room / "answers.json"
    answers.write_text(recorded.answers["model_json"])
    stack = templates / "blueprints" / "express-react" / ROOM / EACH
    changes = 0

    def plain() -> list[str]:
        shutil.rmtree(bare, ignore_errors=True)
        return [
            sys.executable,
            str(REPOSITORY / "tests/benchmarks/bare.py"),
            *map(str, (stack, answers, bare)),
        ]

    def full() -> list[str]:
        shutil.rmtree(project)
        project.mkdir()
        plan.write_text(plan_text(entities))
        return specwright("generate")

    def again() -> list[str]:
        return specwright("generate")

    def changed() -> list[str]:
        nonlocal changes
        changes += 1
        plan.write_text(plan_text(entities, changed=entities // 2))
        return specwright("generate")

    tasks = {"bare": plain, "full": full, "unchanged": again, "one changed": changed}
    return medians(rounds, project, tasks, **environment)


def real(entities: int, rounds: int, room: Path) -> tuple[dict[str, Cost], int]:
    """Cost of a full and an unchanged run of express-react as it is, and the number of files it writes."""
    project = room / "real"
    text = plan_text(entities).replace("    fields:\n", "    resource: true\n    fields:\n")

    def full() -> list[str]:
        shutil.rmtree(project, ignore_errors=True)
        project.mkdir()
        (project / "plan.yaml").write_text(text)
        return specwright("generate")

    project.mkdir(exist_ok=True)
    costs = medians(rounds, project, {"full": full, "unchanged": lambda: specwright("generate")})
    return costs, sum(path.is_file() for path in project.rglob("*"))


def starting(rounds: int, room: Path) -> dict[str, Cost]:
    """Cost of `specwright --version` and of a bare click program that says its version."""
    tasks = {
        "click": lambda: [sys.executable, "-c", _CLICK],
        "version": lambda: [sys.executable, "-c", "from generator.cli import main; main(['--version'])"],
    }
    return medians(rounds, room, tasks)


def checking(rounds: int, room: Path) -> dict[str, Cost]:
    """Cost of checking a plan of 1 MB, and of loading it with the safe C loader of ruamel.yaml.

    `check` is that of a plan nobody has seen, `edited` that after an edit of one entity of a plan that was
    sound, `again` that with nothing changed.
    """
    unknown, known = room / "unknown", room / "known"
    entities = 4000
    while len(plan_text(entities)) < 1_000_000:
        entities += 100
    for project in (unknown, known):
        project.mkdir(exist_ok=True)
        (project / "plan.yaml").write_text(plan_text(entities))
    (known / ".specwright").mkdir(exist_ok=True)
    cost_of(specwright("check", "-C", str(known)), room)
    edits = 0

    def edited() -> list[str]:
        nonlocal edits
        edits += 1
        changed = entities // 2 if edits % 2 else None
        (known / "plan.yaml").write_text(plan_text(entities, changed=changed))
        return specwright("check", "-C", str(known))

    tasks = {
        "load": lambda: [sys.executable, "-c", _LOAD, str(unknown / "plan.yaml")],
        "check": lambda: specwright("check", "-C", str(unknown)),
        "edited": edited,
        "again": lambda: specwright("check", "-C", str(known)),
    }
    return medians(rounds, room, tasks)


def exponent(small: float, large: float) -> float:
    """How cost grows over a tenfold workload: 1 is linear."""
    return math.log10(large / small)


@contextmanager
def workroom() -> Iterator[Path]:
    """A folder in memory, where there is one."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def main() -> None:
    """Print the tables."""
    with workroom() as room:
        heads = ("entities", "files", "bare script", "generate", "per file", "nothing changed", "one changed")
        print(f"| {' | '.join(heads)} | memory |\n{'|---' * 8}|")
        full: dict[int, float] = {}
        for entities in (1, 10, 100, 1000):
            cost = generating(entities, 5 if entities < 1000 else 3, room)
            full[entities] = cost["full"].seconds
            print(
                f"| {entities} | {8 * entities} "
                f"| {cost['bare'].seconds:.2f} s | {cost['full'].seconds:.2f} s "
                f"| {(cost['full'].seconds - 0.6) / cost['bare'].seconds:.2f}x "
                f"| {cost['unchanged'].seconds / cost['full'].seconds:.0%} "
                f"| {cost['one changed'].seconds / cost['full'].seconds:.0%} "
                f"| {cost['full'].megabytes:.0f} MB |"
            )
        growth = exponent(full[100], full[1000])
        print(f"\nFrom 100 to 1,000 entities the cost grows with exponent {growth:.2f}.")
        print("\n| what | against | ratio |\n|---|---|---|")
        start = starting(15, room)
        print(
            f"| `specwright --version` {start['version'].seconds:.3f} s "
            f"| a bare click program {start['click'].seconds:.3f} s "
            f"| {start['version'].seconds / start['click'].seconds:.2f}x |"
        )
        check = checking(3, room)
        for name, about in (
            ("check", "that nobody has seen"),
            ("edited", "with one entity edited since it was sound"),
            ("again", "that has not changed since it was sound"),
        ):
            print(
                f"| `specwright check` of 1 MB {about} {check[name].seconds:.2f} s "
                f"| loading it with the safe C loader {check['load'].seconds:.2f} s "
                f"| {check[name].seconds / check['load'].seconds:.2f}x |"
            )
        heads = ("entities of express-react", "files", "generate", "nothing changed", "memory")
        print(f"\n| {' | '.join(heads)} |\n{'|---' * 5}|")
        for entities in (1, 10, 100):
            cost, files = real(entities, 3, room)
            print(
                f"| {entities} | {files} | {cost['full'].seconds:.2f} s "
                f"| {cost['unchanged'].seconds / cost['full'].seconds:.0%} "
                f"| {cost['full'].megabytes:.0f} MB |"
            )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\nGreatest memory of any process: {peak} MB.")


if __name__ == "__main__":
    main()
