"""Generated express-react projects for tests: written in this process, installed once, checked with their own tools."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.blueprints import templates_folder
from generator.narrowing import Narrowing
from generator.pipeline import generate
from generator.understanding import understand

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
CASES = Path(__file__).parents[1] / "cases"
LISTENING = re.compile(r'"url":"([^"]+)","msg":"Listening"')


def write_project(folder: Path) -> None:
    """Generate the project of the plan in a folder, as `specwright generate` does."""
    templates = templates_folder()
    generate(folder, understand(folder, templates), templates, Narrowing())


def install(folder: Path) -> Path:
    """Install what a generated project needs, from its own lockfile; returns its node_modules."""
    run(folder, ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"])
    return folder / "node_modules"


def write_example(name: str, folder: Path, *rooms: str) -> Path:
    """Generate one of the examples in a new folder, with more rooms than it has."""
    return write_with_rooms(EXAMPLES / name, folder, *rooms)


def write_with_rooms(plan: Path, folder: Path, *rooms: str) -> Path:
    """Generate the project of a plan in a new folder, with more rooms than it has."""
    shutil.copytree(plan, folder)
    heads = (path for path in sorted(folder.rglob("plan.yaml")) if "\nproject:" in path.read_text("utf-8"))
    if rooms:
        head = next(heads)
        text = head.read_text("utf-8")
        said = f"\nrooms:\n  with: [{', '.join(rooms)}]\n"
        text = text.replace("\nrooms:\n", said, 1) if "\nrooms:\n" in text else text + said
        head.write_text(text, "utf-8")
    write_project(folder)
    return folder


def install_example(name: str, folder: Path, *rooms: str) -> Path:
    """Generate one of the examples in a new folder and install it from its own lockfile."""
    install(write_example(name, folder, *rooms))
    return folder


def is_noticed(
    project: Path, name: str, path: Path, text: str, command: list[str], **environment: str
) -> bool:
    """Say whether tests of a server fail while another text stands in a file of the project.

    Args:
        project: a folder that may be changed.
        name: of what is changed, for what is said.
        path: of the file.
        text: that stands in it meanwhile.
        command: runs the tests, in the folder of the server.
    """
    original = path.read_text(encoding="utf-8")
    assert text != original, name
    path.write_text(text, encoding="utf-8")
    code, printed = attempt(project / "server", command, **environment)
    path.write_text(original, encoding="utf-8")
    # A test that fails, not a module that cannot be loaded.
    assert code == 0 or ("Tests" in printed and "failed" in printed.split("Tests")[-1]), (
        f"{name}:\n{printed[-3000:]}"
    )
    return code != 0


def borrow(folder: Path, modules: Path) -> None:
    """Give a project the packages of another one, and its own workspaces, without copying a file."""
    own = folder / "node_modules"
    for entry in modules.iterdir():
        inner = entry.name.startswith("@") and entry.name != "@app"
        for package in entry.iterdir() if inner else [entry]:
            if package.name != "@app":
                link(own / package.relative_to(modules), package)
    for name in ("contract", "server", "web", "e2e"):
        if (folder / name).is_dir():
            link(own / "@app" / name, folder / name)


def link(place: Path, target: Path) -> None:
    """Make a symbolic link, with the folders above it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def borrowed_copy(project: Path, folder: Path) -> Path:
    """A copy of an installed project that may be changed, with the packages of the original."""
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("node_modules", "dist", "*.tsbuildinfo"))
    borrow(folder, project / "node_modules")
    return folder


def run(folder: Path, command: list[str], **environment: str) -> str:
    """Run a command and return what it prints; a failure shows the end of it."""
    code, printed = attempt(folder, command, **environment)
    assert code == 0, f"{' '.join(command)} in {folder} failed:\n{printed[-6000:]}"
    return printed


def attempt(folder: Path, command: list[str], **environment: str) -> tuple[int, str]:
    """Run a command and return how it ends and what it prints."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"CI": "true", "NO_COLOR": "1"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    return done.returncode, done.stdout


@contextmanager
def served(folder: Path, log: Path, **environment: str) -> Iterator[str]:
    """Run the built server of a project on a free port, in memory; gives its address."""
    settings = {"PORT": "0", "DATA_FOLDER": ":memory:", "RATE_LIMIT_PER_MINUTE": "0"}
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            ["node", "--enable-source-maps", "server/dist/server.js"],
            cwd=folder,
            env=os.environ | settings | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + 60
        while (found := LISTENING.search(log.read_text(encoding="utf-8"))) is None:
            assert process.poll() is None and time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        yield found[1]
    finally:
        process.terminate()
        assert process.wait(30) == 0, log.read_text(encoding="utf-8")[-6000:]


def fuzz(folder: Path, url: str, work: Path, seed: int, examples: int, **environment: str) -> int:
    """Send a running service what its OpenAPI document allows and forbids; nothing may be wrong.

    Args:
        folder: of the project.
        url: where the service runs.
        work: a folder for what the fuzzer writes.
        seed: of what it makes up.
        examples: for each operation.

    Returns:
        How many requests were tried.
    """
    schemathesis = [
        str(Path(sys.executable).with_name("st")),
        "--config-file",
        str(folder / "schemathesis.toml"),
    ]
    asked = [f"--max-examples={examples}", "--workers=1", f"--seed={seed}", "--generation-database=none"]
    # What a busy machine is slow to make up is no fault of the service.
    asked.append("--suppress-health-check=too_slow,filter_too_much,data_too_large")
    printed = run(work, [*schemathesis, "run", f"{url}/openapi.json", *asked], **environment)
    found = re.search(r"(\d+) generated, (\d+) passed", printed)
    assert found and found[1] == found[2], printed[-3000:]
    return int(found[1])


def check(folder: Path, modules: Path) -> None:
    """Compile a project strictly and lint it: no error, no warning, nothing to reformat."""
    binaries = modules / ".bin"
    run(folder, [str(binaries / "tsc"), "-b"])
    run(folder, [str(binaries / "biome"), "ci", "--error-on-warnings", "--max-diagnostics=10", "."])


def offline() -> list[str]:
    """The start of a command that runs without any network but itself, where the machine allows it."""
    command = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    allowed = (
        shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True).returncode == 0
    )
    return command if allowed else []


def lines_in(paths: Iterable[Path]) -> int:
    """How many lines text files have together."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)
