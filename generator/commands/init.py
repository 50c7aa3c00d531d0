"""`specwright init`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.completing import example_names
from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.printing import print_json, print_lines
from generator.commands.turns import turn


@click.command()
@folder_option
@click.option("--name", help="Name of the project; by default that of the folder.")
@click.option(
    "--from",
    "example",
    metavar="EXAMPLE",
    shell_complete=example_names,
    help="Start from an example instead of a small plan.",
)
@json_option
@quiet_option
def init(folder: Path, name: str | None, example: str | None, as_json: bool, quiet: bool) -> None:
    """Write a first plan.yaml to change and generate from."""
    from generator.starting import start

    with turn(folder):
        written = start(folder, name, example)
    if as_json:
        print_json({"ok": True, "written": written, "next": "specwright generate"})
    elif not quiet:
        print_lines([*(f"Written: {path}" for path in written), "Next: specwright generate"])
