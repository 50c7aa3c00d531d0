"""`specwright own`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.completing import generated_files
from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.printing import print_json, print_lines
from generator.commands.turns import turn


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, shell_complete=generated_files)
@folder_option
@click.option("--return", "give_back", is_flag=True, help="Let FILE be managed again.")
@json_option
@quiet_option
def own(files: tuple[str, ...], folder: Path, give_back: bool, as_json: bool, quiet: bool) -> None:
    """Take FILE over: no run changes it any more; without FILE, list what is yours."""
    from generator.blueprints import templates_folder
    from generator.releases.home import Home
    from generator.restoring import own as run
    from generator.updating import recorded_blueprints

    if give_back and not files:
        raise click.UsageError("--return needs a FILE.")
    with turn(folder), recorded_blueprints(folder, templates_folder(), Home()) as (templates, _):
        owned = run(folder, templates, files, give_back=give_back)
    if as_json:
        print_json({"ok": True, "owned": list(owned)})
    elif not quiet:
        print_lines([*(f"Yours: {path}" for path in owned)] or ["No file is yours; all are managed."])
