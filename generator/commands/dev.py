"""`specwright dev`."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import click

from generator.commands.exits import INTERRUPTED, TERMINATED, Terminated
from generator.commands.options import folder_option


@click.command()
@folder_option
@click.option("--json", "as_json", is_flag=True, help="Print each line that is said as JSON.")
def dev(folder: Path, as_json: bool) -> None:
    """Generate whenever the plan is saved, and keep the service running on it."""
    import os

    from generator.blueprints import templates_folder
    from generator.development import Development

    gc.enable()
    try:
        Development(folder, templates_folder(), os.environ, _say_json if as_json else _say).run()
    except KeyboardInterrupt as stop:
        click.echo("Stopped, and the service with it.", err=True)
        raise SystemExit(TERMINATED if isinstance(stop, Terminated) else INTERRUPTED) from None


def _say(line: str) -> None:
    click.echo(f"specwright: {line}")
    sys.stdout.flush()


def _say_json(line: str) -> None:
    import json

    click.echo(json.dumps({"said": line}, ensure_ascii=False))
    sys.stdout.flush()
