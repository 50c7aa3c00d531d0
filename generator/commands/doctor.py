"""`specwright doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.exits import PROBLEMS
from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.printing import print_json, print_lines
from generator.commands.turns import recover


@click.command()
@folder_option
@json_option
@quiet_option
def doctor(folder: Path, as_json: bool, quiet: bool) -> None:
    """Say whether Python, git and what the project needs (Node, npm) are there and new enough."""
    from generator.blueprints import rooms_of, stack_names, templates_folder
    from generator.doctor import combined_needs, examine
    from generator.report import tool_lines
    from generator.understanding import stack_of

    recover(folder)
    templates = templates_folder()
    own = stack_of(folder)
    stacks = [own] if own else stack_names(templates)
    rooms = [room for stack in stacks for room in rooms_of(templates, stack)]
    tools = examine(combined_needs(room.tools for room in rooms))
    if as_json:
        print_json({"tools": [{**vars(tool), "good": tool.good} for tool in tools]})
    else:
        print_lines(tool_lines(tool for tool in tools if not (quiet and tool.good)))
    if not all(tool.good for tool in tools):
        raise SystemExit(PROBLEMS)
