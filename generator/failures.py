"""What a failed command says and how it exits: named problems, or a defect and what to report."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from generator import __version__
from generator.folder.conflicts import OpenConflicts
from generator.folder.journal import TRANSACTION, BrokenOff
from generator.folder.turn import AtWork
from generator.frozen import dataclass
from generator.git import GitMissing
from generator.merging.settling import UnsettledMerge
from generator.problems import PlanProblems, Problem
from generator.releases import ReleaseError

PROBLEMS, CONFLICTS, DEFECT = 1, 3, 4
MOST_SHOWN = 1000
"""Problems that people are shown at once; `--json` has all."""
_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Failure:
    """How a command ends that could not do its work: exit code, lines for people, data for programs."""

    code: int
    lines: tuple[str, ...]
    data: dict[str, Any] | None = None


def explain_failure(error: Exception, arguments: Sequence[str]) -> Failure:
    """Say what went wrong.

    Args:
        error: what a command raised; problems of a plan and of files are named, anything else is our defect.
        arguments: of the command line, for the report.
    """
    if isinstance(error, PlanProblems):
        from generator.report import problem_data

        count = sum(problem.severity == "error" for problem in error.problems)
        lines = [
            *map(str, error.problems[:MOST_SHOWN]),
            *(
                [f"... and {len(error.problems) - MOST_SHOWN:,} more"]
                if len(error.problems) > MOST_SHOWN
                else []
            ),
            f"{count} problem{'' if count == 1 else 's'}; nothing was written.",
        ]
        return Failure(PROBLEMS, tuple(lines), {"ok": False, "problems": problem_data(error.problems)})
    if isinstance(error, OpenConflicts):
        return _plain(
            CONFLICTS,
            "The last run left conflicts that are still open; nothing was written:",
            *(f"  {path}" for path in error.paths),
            "Edit what stands between <<<<<<< and >>>>>>>, or go back with `specwright generate --abort`.",
        )
    if isinstance(error, UnsettledMerge):
        return _plain(
            CONFLICTS,
            "Both sides of the merge have edited the same lines in these files; nothing was written:",
            *(f"  {path}" for path in error.paths),
            "Settle them as any conflict of git, then run `specwright generate` again: "
            "it does the rest, the files below .specwright too.",
        )
    if isinstance(error, GitMissing):
        return _plain(
            PROBLEMS,
            f"{error}; nothing was written.",
            "Install git 2.24 or newer (`apt install git`, `brew install git`, `winget install Git.Git`) "
            "and run it again; the project need not be a repository.",
        )
    if isinstance(error, AtWork):
        return _plain(PROBLEMS, f"{error}; nothing was written. Try again when it is done.")
    if isinstance(error, ReleaseError):
        return _plain(PROBLEMS, f"{error.message}; nothing was written.", *filter(None, [error.hint]))
    if isinstance(error, BrokenOff):
        return _plain(
            PROBLEMS,
            f"{_cause(error.cause)}. Broken off with {error.done} of {error.of} files in place.",
            "The next command writes the rest, once this is mended "
            f"(or remove {TRANSACTION} to give the rest up).",
        )
    if isinstance(error, OSError) and error.filename is not None:
        return _plain(PROBLEMS, f"{_cause(error)}; nothing was written.")
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).resolve().is_relative_to(_PACKAGE)] or frames
    where = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "an unknown place"
    return Failure(
        DEFECT,
        (
            "A defect of Specwright, not of your plan. Please report it with your plan and these lines:",
            f"  specwright {__version__}, Python {platform.python_version()}, {platform.system()}",
            f"  specwright {' '.join(arguments)}",
            f"  {type(error).__name__} at {where}: {error}",
        ),
    )


def _cause(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)


def _plain(code: int, *lines: str) -> Failure:
    """A failure that is no fault of the plan and has no place in it."""
    from generator.report import problem_data

    problem = Problem(None, lines[0], " ".join(lines[1:]))
    return Failure(code, lines, {"ok": False, "problems": problem_data([problem])})
