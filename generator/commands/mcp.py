"""`specwright mcp`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.options import folder_option
from generator.commands.turns import recover


@click.command()
@folder_option
@click.option("--time", "seconds", default=120.0, metavar="SECONDS", help="What the criteria may take.")
def mcp(folder: Path, seconds: float) -> None:
    """Offer the slots to a coding agent over the Model Context Protocol, on standard input and output."""
    from generator.blueprints import templates_folder
    from generator.fill.agents import server
    from generator.fill.confinement import Limits

    recover(folder)
    server(folder.resolve(), templates_folder(), Limits(seconds=seconds)).run("stdio")
