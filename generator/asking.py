"""Asking a former release what it makes of a plan: its own code is run, from its own tree."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from generator.answering import Answered, NotAnswered, read_answered
from generator.blueprints import TEMPLATES_VARIABLE
from generator.releases import Release, ReleaseError


def ask(release: Release, tree: Path, folder: Path, choices: Sequence[str] = ()) -> Answered:
    """Ask a release for its answers.

    Args:
        release: who is asked.
        tree: the release, unpacked.
        folder: the project.
        choices: options that narrow what is generated.

    Raises:
        ReleaseError: it did not answer.
    """
    command = [sys.executable, "-P", "-m", "generator.cli", "answers", "--json", "-C", str(folder.resolve())]
    paths = [str(tree), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {name: value for name, value in os.environ.items() if name != TEMPLATES_VARIABLE}
    # The tree goes away again: what is compiled of it is of no use.
    environment |= {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, *choices],
        cwd=tree,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    try:
        answered = read_answered(done.stdout)
    except NotAnswered as reason:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ReleaseError(
            f"{release.name} was asked what the plan means, but {reason}",
            f"It said: {said[-1].strip()}" if said else "",
        ) from None
    if answered.release != release.name:
        raise ReleaseError(f"{release.name} was asked what the plan means, but {answered.release} answered")
    return answered
