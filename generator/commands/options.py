"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path

import click

folder_option = click.option(
    "-C",
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The project's folder.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print only what is wrong.")
