"""`specwright prove`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.completing import slot_names
from generator.commands.exits import PENDING
from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.printing import print_json, print_lines
from generator.commands.turns import recover
from generator.commands.working import working


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=slot_names)
@folder_option
@click.option("--time", "seconds", default=120.0, metavar="SECONDS", help="What the criteria may take.")
@json_option
@quiet_option
def prove(ids: tuple[str, ...], folder: Path, seconds: float, as_json: bool, quiet: bool) -> None:
    """Prove what stands in slots by their criteria; exit code 3 if one is not proved."""
    from generator.blueprints import templates_folder
    from generator.fill.confinement import Limits
    from generator.fill.proving import proof_data, proof_lines, prove_standing
    from generator.fill.workshop import workshop_of

    recover(folder)
    with working() as now:
        now("Looking at the slots")
        found = workshop_of(folder, templates_folder())
        now("Proving in a copy of the project")
        proved = prove_standing(found, ids, Limits(seconds=seconds))
    if as_json:
        print_json(proof_data(proved))
    else:
        print_lines(proof_lines(proved, quiet=quiet))
    if any(not each.ok for each in proved):
        raise SystemExit(PENDING)
