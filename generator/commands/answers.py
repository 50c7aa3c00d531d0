"""`specwright answers`: not for people. A later Specwright asks this release what it makes of a plan."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.exits import PROBLEMS
from generator.commands.options import folder_option
from generator.commands.working import end_soon


@click.command(hidden=True)
@folder_option
@click.option("--task", "tasks", multiple=True, metavar="ID")
@click.option("--phase", metavar="ID")
@click.option("--story", metavar="ID")
@click.option("--json", "as_json", is_flag=True, required=True)
def answers(
    folder: Path, tasks: tuple[str, ...], phase: str | None, story: str | None, as_json: bool
) -> None:
    """Print what this release makes of the plan; a protocol that is kept (docs/decisions/0065)."""
    from generator.answering import write_answered
    from generator.blueprints import templates_folder
    from generator.narrowing import Narrowing
    from generator.pipeline import answer

    answered = answer(folder, templates_folder(), Narrowing(tasks, phase, story))
    end_soon()
    click.echo(write_answered(answered))
    if not answered.recorded:
        raise SystemExit(PROBLEMS)
