"""`specwright explain`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.options import folder_option, json_option
from generator.commands.printing import print_json
from generator.commands.turns import recover


@click.command()
@folder_option
@json_option
def explain(folder: Path, as_json: bool) -> None:
    """Print the plan with everything inferred written out; it generates the same project."""
    from generator.blueprints import templates_folder
    from generator.understanding import explained

    recover(folder)
    plans = explained(folder, templates_folder())
    if as_json:
        print_json({"plans": plans})
        return
    for number, (file, text) in enumerate(plans.items()):
        if len(plans) > 1:
            click.echo(f"{chr(10) if number else ''}# {file}")
        click.echo(text, nl=False)
