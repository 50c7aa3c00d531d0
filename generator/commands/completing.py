"""What a shell completes: names of the plan, of rooms and of examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def from_plan(kind: str) -> Callable[..., list[str]]:
    """Complete the name of a task, phase or story, also while the plan has problems."""

    def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
        from generator.plan import read_features
        from generator.problems import ProblemList

        features = read_features(context.params.get("folder") or Path(), ProblemList())
        tasks = [feature.tasks for feature in features if feature.tasks]
        names = {
            "task": [task.id for each in tasks for task in each.tasks],
            "phase": [phase.id for each in tasks for phase in each.phases],
            "story": [
                story
                for each in tasks
                for story in (*(phase.story for phase in each.phases), *(task.story for task in each.tasks))
                if story
            ],
        }
        return [name for name in dict.fromkeys(names[kind]) if name.startswith(begun)]

    return complete


def room_names(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the name of a stack or, unless the parameter is one, of a room."""
    from generator.blueprints import rooms_of, stack_names, templates_folder

    templates = templates_folder()
    stacks = stack_names(templates)
    rooms = [room.id for stack in stacks for room in rooms_of(templates, stack)]
    names = stacks if parameter.name == "stack" else (*rooms, *stacks)
    return [name for name in dict.fromkeys(names) if name.startswith(begun)]


def example_names(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the name of an example."""
    from generator.starting import example_names

    return [name for name in example_names() if name.startswith(begun)]


def generated_files(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the path of a file that was generated; of one that is owned where it is given back."""
    from generator.folder.destination import Destination
    from generator.folder.lock import LOCK_FILE, read_lock
    from generator.folder.owned import OWNED_FILE, read_owned

    destination = Destination(context.params.get("folder") or Path())
    if context.params.get("give_back"):
        paths = [*read_owned(destination.text(OWNED_FILE))]
    else:
        paths = [*read_lock(destination.text(LOCK_FILE))[0].files]
    given = context.params.get(parameter.name or "") or ()
    return [path for path in paths if path.startswith(begun) and path not in given]


def slot_names(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the id of a slot that was generated."""
    from generator.folder.destination import Destination
    from generator.folder.slot_records import SLOTS_FILE, read_records

    records = read_records(Destination(context.params.get("folder") or Path()).text(SLOTS_FILE))
    return [name for name in records if name.startswith(begun)]
