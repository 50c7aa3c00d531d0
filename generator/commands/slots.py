"""`specwright slots`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.completing import slot_names
from generator.commands.options import folder_option, json_option
from generator.commands.printing import print_json, print_lines
from generator.commands.turns import recover
from generator.commands.working import end_soon, working


@click.group(invoke_without_command=True)
@folder_option
@json_option
@click.pass_context
def slots(context: click.Context, folder: Path, as_json: bool) -> None:
    """List the slots: what each holds, who wrote it, and the criteria that prove it."""
    if context.invoked_subcommand is not None:
        return
    from generator.blueprints import templates_folder
    from generator.fill.listing import slot_data, slot_lines
    from generator.fill.workshop import workshop_of

    recover(folder)
    with working() as now:
        now("Looking at the slots")
        found = workshop_of(folder, templates_folder())
    end_soon()
    if as_json:
        print_json({"slots": slot_data(found)})
    else:
        print_lines(slot_lines(found))


@slots.command()
@click.argument("id_", metavar="ID", shell_complete=slot_names)
@folder_option
@json_option
def show(id_: str, folder: Path, as_json: bool) -> None:
    """Print what a model would be given to write the slot ID: this, and nothing else, is ever sent."""
    from generator.blueprints import templates_folder
    from generator.fill.listing import contract_data, contract_text
    from generator.fill.workshop import workshop_of

    recover(folder)
    found = workshop_of(folder, templates_folder())
    seat = found.chosen([id_])[0]
    end_soon()
    if as_json:
        print_json(contract_data(seat))
    else:
        print_lines([contract_text(seat)])
