"""`specwright blueprints`."""

from __future__ import annotations

import click

from generator.commands.completing import room_names
from generator.commands.options import json_option
from generator.commands.printing import print_json, print_lines


@click.command()
@click.argument("name", required=False, shell_complete=room_names)
@click.option("--stack", shell_complete=room_names, help="Only this stack.")
@json_option
def blueprints(name: str | None, stack: str | None, as_json: bool) -> None:
    """List the stacks and their rooms, or explain the room (or stack) NAME."""
    from generator.blueprints import rooms_of, stack_names, templates_folder
    from generator.problems import did_you_mean
    from generator.report import room_data, room_lines

    templates = templates_folder()
    stacks = stack_names(templates)
    rooms = [room for each in stacks for room in rooms_of(templates, each)]
    for kind, word, known in (
        ("stack", stack, list(stacks)),
        ("room", name, list(dict.fromkeys([*(room.id for room in rooms), *stacks]))),
    ):
        if word is not None and word not in known:
            raise click.BadParameter(f"There is no {kind} {word}. {did_you_mean(word, known)}".strip())
    chosen = [room for room in rooms if stack in {None, room.stack} and name in {None, room.id, room.stack}]
    if as_json:
        print_json({"rooms": [room_data(room) for room in chosen]})
    elif name is None:
        print_lines(f"{room.stack:<14} {room.id:<11} {room.version:<5} {room.title}" for room in chosen)
    else:
        for room in chosen:
            print_lines(room_lines(room))
