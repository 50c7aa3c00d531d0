"""`specwright restore`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.completing import generated_files
from generator.commands.exits import PENDING
from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.printing import complain, print_json, print_lines
from generator.commands.turns import turn


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=generated_files)
@folder_option
@click.option("--slots", is_flag=True, help="Also what you wrote in slots; it is put aside, too.")
@json_option
@quiet_option
def restore(files: tuple[str, ...], folder: Path, slots: bool, as_json: bool, quiet: bool) -> None:
    """Bring FILE back to what was generated; what you wrote in its slots stays."""
    from generator.blueprints import templates_folder
    from generator.releases.home import Home
    from generator.restoring import restore as run
    from generator.updating import recorded_blueprints

    with turn(folder), recorded_blueprints(folder, templates_folder(), Home()) as (templates, _):
        done = run(folder, templates, files, slots=slots)
    if as_json:
        print_json(
            {
                "ok": not done.overtaken,
                "restored": [vars(file) for file in done.files],
                "unchanged": list(done.unchanged),
                "overtaken": list(done.overtaken),
            }
        )
    elif not quiet:
        for file in done.files:
            aside = f"; what stood there is now {file.aside}" if file.aside else ""
            print_lines([f"Restored: {file.path}{aside}"])
        print_lines(f"As generated already: {path}" for path in done.unchanged)
    if done.overtaken:
        complain(f"Edited by you just now, and kept: {path}" for path in done.overtaken)
        raise SystemExit(PENDING)
