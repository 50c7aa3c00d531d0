"""A published home of the templates: a git repository behind the public URL, reached through insteadOf."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from generator.recording import SOURCE_URL

COPIER = [sys.executable, "-m", "copier"]


def run(*command: str, cwd: Path, environment: dict[str, str] | None = None) -> str:
    """Run a command and return what it printed; its whole output stands in the failure otherwise."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
    return done.stdout


def git(*arguments: str, cwd: Path) -> str:
    """Run git without any configuration of the person's own."""
    return run("git", *arguments, cwd=cwd, environment=git_environment())


def git_environment(**more: str) -> dict[str, str]:
    """Return an environment in which git reads no configuration but what is given here."""
    identity = {
        f"GIT_{role}_{what}": "engine@example.com"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    return {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **identity,
        **more,
    }


def publish(folder: Path, tag: str) -> None:
    """Commit everything in a folder as a release."""
    if not (folder / ".git").exists():
        git("init", "--quiet", "--initial-branch=main", cwd=folder)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", tag, cwd=folder)
    git("tag", tag, cwd=folder)


def copier_environment(home: Path, cache: Path) -> dict[str, str]:
    """Return an environment in which git finds the public URL in a local repository, and no network."""
    return git_environment(
        COPIER_CACHE_DIR=str(cache),
        COPIER_SETTINGS_PATH=str(cache / "none.yml"),
        GIT_ALLOW_PROTOCOL="file",
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0=f"url.{home.as_uri()}.insteadOf",
        GIT_CONFIG_VALUE_0=SOURCE_URL,
    )


def tree(folder: Path) -> dict[str, tuple[bytes, bool]]:
    """Return every file below a folder with its bytes and whether it is executable; not git's, no cache."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".git", "cache"} & {*path.relative_to(folder).parts[:2]}
    }
