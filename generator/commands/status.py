"""`specwright status`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.options import folder_option, json_option
from generator.commands.printing import print_json, print_lines
from generator.commands.turns import recover


@click.command()
@folder_option
@json_option
def status(folder: Path, as_json: bool) -> None:
    """Show phases, tasks and what each produced, slots with their state, and where the code comes from."""
    from generator.progress import progress_data, progress_lines, progress_of

    recover(folder)
    progress = progress_of(folder)
    if as_json:
        print_json(progress_data(progress))
    else:
        print_lines(progress_lines(progress))
