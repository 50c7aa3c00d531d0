"""A command's turn in a project: what an earlier run left behind is finished or undone first, and said."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from generator.commands.printing import complain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Work in a project alone, from where an earlier run left it; after that it is too late to stop."""
    from generator.folder.recovery import resumed
    from generator.folder.turn import taking_turn

    with taking_turn(folder):
        complain(resumed(folder))
        yield
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def recover(folder: Path) -> None:
    """Start from where an earlier run left a project, in a command that only reads it."""
    from generator.folder.recovery import recovered

    complain(recovered(folder))
