"""`specwright eject`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.exits import PROBLEMS
from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.printing import print_json, print_lines
from generator.commands.turns import turn


@click.command()
@folder_option
@click.option("--yes", is_flag=True, help="Do it; without this, only say what would be done.")
@json_option
@quiet_option
def eject(folder: Path, yes: bool, as_json: bool, quiet: bool) -> None:
    """Leave a project that builds without Specwright, and nothing of Specwright in it."""
    from generator.blueprints import templates_folder
    from generator.ejection import eject as run

    with turn(folder):
        done = run(folder, templates_folder(), really=yes)
    if as_json:
        print_json({"ok": yes, **{name: list(value) for name, value in vars(done).items()}})
    elif not quiet or not yes:
        print_lines(
            [
                *(f"{'Removed' if yes else 'Would be removed'}: {path}" for path in done.removed),
                *(
                    f"{'Changed' if yes else 'Would be changed'}: {path}, where it names what goes"
                    for path in done.edited
                ),
                *(f"Kept: {path}, which earlier runs put aside for you" for path in done.kept),
                *(f"Names it still: {place}" for place in done.mentions),
            ]
        )
        if not yes:
            print_lines(["Nothing was done. To do it: specwright eject --yes"])
    if not yes:
        raise SystemExit(PROBLEMS)
