"""How much is generated for how much plan: `python -m tests.docs.size` brings the README up to date.

Lines are counted as they stand in files. What is derived and read by nobody is left out: the lock of npm, the
recorded answers and `.specwright/`. Fixed rooms give the same for every plan, but for names and settings.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from generator.blueprints import templates_folder
from generator.folder.lock import LOCK_FILE, read_lock
from generator.merging.merge import Change
from generator.narrowing import Narrowing
from generator.pipeline import generate
from generator.report import differences
from generator.starting import start
from generator.understanding import understand
from tests.docs.pages import DOCUMENTS, REPOSITORY

_TABLES = re.compile(r"^\| plan \|.*?^\| one field added [^\n]*\n", re.MULTILINE | re.DOTALL)
FIXED = ("base", "ci", "container")
UNREAD = ("package-lock.json", ".copier-answers.yml")
FIELD_AFTER, FIELD = "      description: text\n", "      homepage: varchar(300)\n"


@dataclass(frozen=True)
class Amount:
    """Files and the lines in them."""

    files: int
    lines: int


@dataclass(frozen=True)
class Size:
    """The size of one project."""

    name: str
    plan: int
    fixed: Amount
    source: Amount
    tests: Amount

    @property
    def ratio(self) -> float:
        """Lines of source that are the plan's own, for each line of plan."""
        return self.source.lines / self.plan


def size_of(name: str, folder: Path) -> Size:
    """Generate the plan in a folder and count."""
    _generate(folder)
    counted: dict[str, list[int]] = {"fixed": [], "source": [], "tests": []}
    for file in read_lock((folder / LOCK_FILE).read_text())[0].files.values():
        if file.path not in UNREAD:
            kind = "fixed" if file.room in FIXED else "tests" if file.room == "test" else "source"
            counted[kind].append(len((folder / file.path).read_text(encoding="utf-8").splitlines()))
    plan = len((folder / "plan.yaml").read_text(encoding="utf-8").splitlines())
    amounts = {kind: Amount(len(lines), sum(lines)) for kind, lines in counted.items()}
    return Size(name, plan, **amounts)


def field_difference(folder: Path) -> tuple[Amount, Amount]:
    """Add one field to the entity Project of the task tracker; what changes outside of and inside of tests.

    Lines are those that are added and those that are removed.
    """
    plan = folder / "plan.yaml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace(FIELD_AFTER, FIELD_AFTER + FIELD, 1), encoding="utf-8")
    changes = [change for change in _generate(folder) if change.path not in UNREAD]
    plan.write_text(text, encoding="utf-8")
    found = []
    for tests in (False, True):
        marks = [_marks(change) for change in changes if (change.room == "test") is tests]
        found.append(Amount(sum(map(bool, marks)), sum(marks)))
    return found[0], found[1]


def measure() -> tuple[tuple[Size, ...], tuple[Amount, Amount]]:
    """Measure the first plan that `init` writes, and the task tracker."""
    with tempfile.TemporaryDirectory() as place:
        first, tracker = Path(place) / "todo", Path(place) / "tracker"
        start(first, None, None)
        tracker.mkdir()
        for file in ("plan.yaml", "tasks.yaml"):
            shutil.copy(DOCUMENTS / "examples" / "task-tracker" / file, tracker)
        sizes = (size_of("what `init` writes", first), size_of("`task-tracker`", tracker))
        return sizes, field_difference(tracker)


def table() -> str:
    """The tables of the README."""
    sizes, (source, tests) = measure()
    rows = [
        "| plan | lines of plan | fixed | from the plan | tests | for each line of plan |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {size.name} | {size.plan} | {_said(size.fixed)} | {_said(size.source)} | {_said(size.tests)} "
        f"| {size.ratio:.1f} |"
        for size in sizes
    ]
    rows += [
        "",
        "| change | in the source | in the tests |",
        "|---|---|---|",
        f"| one field added to `Project` | {_said(source)} | {_said(tests)} |",
    ]
    return "\n".join(rows)


def _generate(folder: Path) -> tuple[Change, ...]:
    templates = templates_folder()
    return generate(folder, understand(folder, templates), templates, Narrowing()).changes


def _marks(change: Change) -> int:
    return sum(
        line[:1] in ("+", "-") and line[:3] not in ("+++", "---") for line in differences([change])
    )  # fmt: skip


def _said(amount: Amount) -> str:
    if not amount.files:
        return "none"
    lines = f"{amount.lines:,} line{'' if amount.lines == 1 else 's'}"
    return f"{lines} in {amount.files} file{'' if amount.files == 1 else 's'}"


def write(readme: Path) -> None:
    """Replace the tables of the README by what is measured now."""
    text = readme.read_text(encoding="utf-8")
    readme.write_text(_TABLES.sub(lambda _: table() + "\n", text, count=1), encoding="utf-8")


if __name__ == "__main__":
    write(REPOSITORY / "README.md")
