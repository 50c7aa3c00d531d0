"""What every command does first: finish or undo what a run left that was broken off, and say which."""

from __future__ import annotations

from pathlib import Path

from generator.folder.conflicts import has_untold, tell_git
from generator.folder.journal import Journal, Outcome
from generator.folder.turn import AtWork, taking_turn

_SAID = {
    Outcome.NOTHING: "An earlier run was broken off before it changed anything: nothing of it was written.",
    Outcome.EVERYTHING: "An earlier run was broken off; it is finished now: everything of it was written.",
    Outcome.DROPPED: "An earlier run was broken off, and the folder is another one by now: "
    "what was left of it was dropped. Run `specwright generate`.",
}

_TOLD = "An earlier run was broken off when everything of it was written; git knows of its conflicts now:"


def recovered(folder: Path) -> list[str]:
    """Bring a project to the state before or after a run that was broken off.

    Args:
        folder: the project.

    Returns:
        What was found and done, for people; nothing if there was nothing, or if a run is at work now.

    Raises:
        BrokenOff: what is left cannot be written.
    """
    if not Journal(folder).is_open and not has_untold(folder):
        return []
    try:
        with taking_turn(folder):
            return resumed(folder)
    except AtWork:
        return []


def resumed(folder: Path) -> list[str]:
    """As `recovered`, for whoever holds the turn already."""
    resumption = Journal(folder).resume()
    told = tell_git(folder)
    if resumption is None:
        return [_TOLD, *(f"  {path}" for path in told)] if told else []
    return [
        _SAID[resumption.outcome],
        *(f"  {path}: edited by you since then; it was kept as it is" for path in resumption.kept),
    ]
