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
    from generator.pipeline import understand
    from generator.report import problem_data

    recover(folder)
    with working() as now:
        now("Reading the plan")
        understood = understand(folder, templates_folder())
    end_soon()
    if as_json:
        print_json({"ok": True, "problems": problem_data(understood.warnings)})
        return
    complain(understood.warnings)
    model = understood.model
    if quiet:
        return
    counts = f"{len(model.entities)} entities, {len(model.operations)} operations"
    print_lines([f"The plan is sound: {counts}, {len(model.criteria)} criteria, {len(model.tasks)} tasks."])
