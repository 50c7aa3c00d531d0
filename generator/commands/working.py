"""What a command shows while it works, and how it ends without delay."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SOON = 1.0
"""Seconds after which somebody wonders whether anything is going on."""


@contextmanager
def working() -> Iterator[Callable[[str], None]]:
    """Show what takes longer than a second, and how many files of it are done; rich is only loaded for that.

    It is shown on a terminal whose user wants it: nobody does who asked for quiet, JSON, or no colour.

    Yields:
        What to call with each step that begins.
    """
    import os

    import click

    context = click.get_current_context(silent=True)
    chosen = context.params if context else {}
    unwanted = chosen.get("quiet") or chosen.get("as_json") or "NO_COLOR" in os.environ
    if unwanted or not sys.stderr.isatty():
        yield lambda step: None
        return
    from threading import Event, Thread

    from generator.counting import AT

    steps, over = [""], Event()
    AT.begin("")

    def show() -> None:
        if over.wait(_SOON):
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn()
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(steps[-1], total=None)
            while not over.wait(0.1):
                said = str(AT) if AT.what else steps[-1]
                progress.update(task, description=said, total=AT.of or None, completed=AT.done)

    def begin(step: str) -> None:
        AT.begin("")
        steps.append(step)

    shown = Thread(target=show, daemon=True)
    shown.start()
    try:
        yield begin
    finally:
        over.set()
        shown.join()


def end_soon() -> None:
    """Keep Python from looking through all that a command made once more, when it ends."""
    gc.freeze()
