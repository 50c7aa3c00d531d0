"""Where the lines of the examples come from: `python -m tests.docs.shares` brings docs/slots.md up to date.

Each example is generated, edited as people do (tests/stacks/edits.py), and its slots hold the bodies of
tests/fill/bodies.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from generator.progress import progress_of
from generator.shares import Shares
from tests.docs.pages import DOCUMENTS
from tests.fill.projects import brought_up
from tests.fill.rules import written
from tests.stacks.edits import EDITS
from tests.stacks.express import write_project

PAGE = DOCUMENTS / "slots.md"
NAMES = ("task-tracker", "chinook", "auth", "notes-fastapi")
_TABLE = re.compile(r"^\| example \|.*?\n(?=\n)", re.MULTILINE | re.DOTALL)


def share_of(example: str, folder: Path) -> Shares:
    """Generate an example into a folder, edit and fill it, and count."""
    folder.mkdir()
    shutil.copy(DOCUMENTS / "examples" / example / "plan.yaml", folder)
    write_project(folder)
    for edit in EDITS.get(example, ()):
        edit.make(folder)
    written(example, folder)
    brought_up(folder)
    return progress_of(folder).shares


def table() -> str:
    """The table of the page."""
    rows = [
        "| example | lines | blueprints | slots: fallback | slots: by hand | by hand | generated |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as place:
        for name in NAMES:
            found = share_of(name, Path(place) / name)
            rows.append(
                f"| `{name}` | {found.total:,} | {found.blueprints:,} | {found.fallback:,} "
                f"| {found.person:,} | {found.hand:,} | {found.percent(found.generated):.1f} % |"
            )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(_TABLE.sub(lambda _: table(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
