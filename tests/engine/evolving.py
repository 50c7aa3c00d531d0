"""A Specwright with releases of its own: the present code and small blueprints, each release in a folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from generator.releases.history import VERSION_FILE
from tests.engine.conftest import FIXTURE, REPOSITORY
from tests.engine.copier_projects import git, git_environment

STACK = "blueprints/express-react"
OLD, NEW, NEWEST = "7.0.0", "7.1.0", "7.2.0"
START = "scripts/start.sh"


class Evolution:
    """A repository of Specwright whose releases are made one after the other."""

    def __init__(self, folder: Path, *, small: bool = True) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self._take("generator")
        self._take("blueprints/_macros" if small else "blueprints")
        if small:
            shutil.copytree(FIXTURE / STACK, folder / STACK)
        else:
            self._take("docs/examples")
        for name in ("copier.yml", "pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(REPOSITORY / name, folder / name)
        git("init", "--quiet", "--initial-branch=main", cwd=folder)

    def _take(self, name: str) -> None:
        nothing = shutil.ignore_patterns("__pycache__", "_bundled", "node_modules")
        shutil.copytree(REPOSITORY / name, self.folder / name, ignore=nothing)

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file of the repository; `old` must be in it."""
        file = self.folder / path
        text = file.read_text()
        assert old in text, f"{path} lacks {old}"
        file.write_text(text.replace(old, new))

    def release(self, version: str) -> Path:
        """Commit what is there as a release, and return a checkout of it."""
        self.commit(version)
        checkout = self.folder.parent / version
        git("worktree", "add", "--quiet", "--detach", str(checkout), cwd=self.folder)
        return checkout

    def commit(self, version: str) -> None:
        """Commit what is there as a release."""
        file = self.folder / VERSION_FILE
        file.write_text(re.sub(r'(?m)^__version__ = ".*"$', f'__version__ = "{version}"', file.read_text()))
        git("add", "--all", cwd=self.folder)
        git("commit", "--quiet", "--message", version, cwd=self.folder)


def three_releases(folder: Path) -> Path:
    """Make three releases, `OLD`, `NEW` and `NEWEST`: the folder has a checkout of each, by version."""
    evolved = Evolution(folder / "repository")
    # A key that the first release does not know yet.
    schema = "generator/plan/schema.py"
    key = '    spec: Annotated[str | None, "The path of the specification it was written from."] = None\n'
    evolved.edit(schema, key, "")
    evolved.release(OLD)
    text = (evolved.folder / schema).read_text()
    at = text.index("    needs: Annotated[tuple[FeatureName")
    (evolved.folder / schema).write_text(text[:at] + key + text[at:])
    base = f"{STACK}/{{{{ when.base }}}}"
    (evolved.folder / base / "README.md.jinja").write_text(
        "# {{ project.title }}\n\nEntities: {% for entity in entities %}{{ entity.name }}"
        '{{ ", " if not loop.last }}{% endfor %}.\n\nRead the plan first.\n'
    )
    manifest = f"{base}/blueprint.yml"
    evolved.edit(manifest, 'version: "1"', 'version: "2"')
    evolved.edit(manifest, "changes:\n", 'changes:\n  "2": The README says where to begin\n')
    evolved.release(NEW)
    evolved.edit(manifest, 'version: "2"', 'version: "3"')
    evolved.edit(manifest, "changes:\n", 'changes:\n  "3": The script stops at the first failure\n')
    script = evolved.folder / base / START
    script.write_text(script.read_text() + "set -e\n")
    evolved.release(NEWEST)
    return folder


def run(
    checkout: Path, project: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of the Specwright in a checkout, in a project."""
    variables = {**git_environment(), "PYTHONPATH": str(checkout), **(environment or {})}
    variables.pop("SPECWRIGHT_TEMPLATES", None)
    command = [sys.executable, "-P", "-m", "generator.cli", *arguments]
    return subprocess.run(command, cwd=project, env=variables, capture_output=True, text=True, check=False)


def done(checkout: Path, project: Path, *arguments: str) -> str:
    """Run a command that must succeed, and return what it printed."""
    ended = run(checkout, project, *arguments)
    assert ended.returncode == 0, f"{arguments}\n{ended.stdout}{ended.stderr}"
    return ended.stdout
