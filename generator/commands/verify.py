"""`specwright verify`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.exits import PENDING
from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.printing import print_json, print_lines
from generator.commands.turns import recover
from generator.commands.working import end_soon, working


@click.command()
@folder_option
@click.option(
    "--edits",
    type=click.Choice(("anywhere", "slots-only")),
    default="anywhere",
    help="Where files may be edited; with slots-only any other edit is exit code 3.",
)
@click.option("--complete", is_flag=True, help="A slot that only holds its place is exit code 3.")
@click.option("--diff", is_flag=True, help="Show how edited files differ from what was generated.")
@json_option
@quiet_option
def verify(folder: Path, edits: str, complete: bool, diff: bool, as_json: bool, quiet: bool) -> None:
    """Say of every file and slot whether it is as generated; exit code 3 if something is not in order."""
    from generator.blueprints import templates_folder
    from generator.verification import verification_data, verification_lines
    from generator.verification import verify as run

    recover(folder)
    with working() as now:
        now("Comparing with what was generated")
        found = run(folder, templates_folder(), edits, complete=complete)
    end_soon()
    if as_json:
        print_json(verification_data(found, diff=diff))
    else:
        print_lines(verification_lines(found, diff=diff, quiet=quiet), color=diff)
    if found.drift:
        raise SystemExit(PENDING)
