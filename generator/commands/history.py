"""`specwright history`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.options import folder_option, json_option
from generator.commands.printing import print_json, print_lines
from generator.commands.turns import recover


@click.command()
@folder_option
@json_option
def history(folder: Path, as_json: bool) -> None:
    """List the releases since that of the project, and what each changed in the rooms of its stack."""
    from generator.blueprints import templates_folder
    from generator.releases.home import Home
    from generator.report import room_change_data, room_change_lines
    from generator.updating import history_of

    recover(folder)
    found = history_of(folder, templates_folder(), Home())
    if as_json:
        steps = [{"release": step.release, "rooms": room_change_data(step.rooms)} for step in found.steps]
        print_json({"recorded": found.recorded, "installed": found.installed, "releases": steps})
        return
    if found.recorded:
        print_lines([f"This project is at {found.recorded}; {found.installed} is installed."])
    else:
        print_lines([f"{found.installed} is installed."])
    for step in found.steps:
        print_lines(room_change_lines("", step.release, step.rooms))
    if found.recorded and found.steps:
        print_lines(["Next: specwright update"])
