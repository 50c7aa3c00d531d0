"""What runs on a database in use locks no table for long: squawk finds nothing but what the plan agreed to."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.model.test_schema_changes import CASES

SQUAWK = shutil.which("squawk") or str(Path(sys.executable).with_name("squawk"))
AGREED = (
    # What goes, or is called otherwise, is what the plan says: `was`, `dropped`, `narrowed`.
    "ban-drop-column", "ban-drop-constraint", "ban-drop-default", "ban-drop-function", "ban-drop-not-null",
    "ban-drop-table", "changing-column-type", "renaming-column", "renaming-object", "renaming-table",
    # The plan chooses its types.
    "prefer-bigint-over-int", "prefer-text-field",
)  # fmt: skip


def sent(script: str) -> str:
    """A script as the migrator sends it."""
    first, *more = re.split(r"^-- Step: (.*)\n", script, flags=re.MULTILINE)
    parts = ["SET statement_timeout = '1h';\n"]
    for kind, step in zip(["", *more[::2]], [first, *more[1::2]], strict=True):
        alone = kind == "each statement on its own"
        parts.append(step if alone else f"BEGIN;\nSET LOCAL lock_timeout = '10s';\n{step}\nCOMMIT;\n")
    return "".join(parts)


def findings(tmp_path: Path, script: str) -> list[str]:
    path = tmp_path / "up.sql"
    path.write_text(sent(script), "utf-8")
    command = [SQUAWK, "--reporter", "gcc", f"--exclude={','.join(AGREED)}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return re.findall(r": warning: ([a-z-]+) ", done.stdout)


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CASES.glob("*/up.sql")))
def test_squawk_finds_nothing(tmp_path: Path, name: str) -> None:
    found = findings(tmp_path, (CASES / name / "up.sql").read_text("utf-8"))
    # PostgreSQL cannot add an exclusion without looking at all rows under its lock (its manual, ALTER TABLE).
    assert found == (["constraint-missing-not-valid"] if name == "rules" else [])


def test_squawk_would_find_what_locks(tmp_path: Path) -> None:
    assert findings(tmp_path, "CREATE INDEX i ON t (a);\n") == ["require-concurrent-index-creation"]
    assert findings(tmp_path, "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);\n") == [
        "constraint-missing-not-valid"
    ]
