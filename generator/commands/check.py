"""`specwright check`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.printing import complain, print_json, print_lines
from generator.commands.turns import recover
from generator.commands.working import end_soon, working


@click.command()
@folder_option
@json_option
@quiet_option
def check(folder: Path, as_json: bool, quiet: bool) -> None:
    """Check plans and tasks, and list every problem with its place."""
    from generator.blueprints import templates_folder
    from generator.report import problem_data
    from generator.soundness import check as find_out

    recover(folder)
    with working() as now:
        now("Reading the plan")
        sound = find_out(folder, templates_folder())
    end_soon()
    if as_json:
        print_json({"ok": True, "problems": problem_data(sound.warnings)})
        return
    complain(sound.warnings)
    if quiet:
        return
    counts = ", ".join(f"{count} {what}" for what, count in vars(sound.counts).items())
    print_lines([f"The plan is sound: {counts}."])
