"""`specwright update`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.outcomes import lacking_tools, tell, tell_of_branch
from generator.commands.printing import complain, print_lines
from generator.commands.turns import turn
from generator.commands.working import end_soon, working

if TYPE_CHECKING:
    from generator.outcome import Outcome


@click.command()
@folder_option
@click.option("--to", metavar="VERSION", help="The release to take; by default the installed one.")
@click.option("--source", metavar="URL", help="Record another home of the blueprints, for plain copier.")
@click.option("--dry-run", is_flag=True, help="Show files and differences, write nothing.")
@click.option(
    "--branch", metavar="NAME", help="Commit the result on this new branch; leave the folder as it is."
)
@json_option
@quiet_option
def update(
    folder: Path,
    to: str | None,
    source: str | None,
    dry_run: bool,
    branch: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Take a newer release of the blueprints, merged into what you have written."""
    from generator.blueprints import templates_folder
    from generator.releases.home import Home
    from generator.report import room_change_data, room_change_lines
    from generator.updating import apply_update, on_branch, updating

    extra: dict[str, Any] = {}

    def work(place: Path) -> Outcome:
        with ExitStack() as stack:
            with working() as now:
                now("Looking for changes")
                found = stack.enter_context(updating(place, templates_folder(), Home(), to, source or ""))
            complain([found.note] if found.note else [])
            extra.update({"from": found.before, "to": found.after, "rooms": room_change_data(found.rooms)})
            # Said first: whoever stops here knows what would have come.
            if not as_json and not quiet and found.before != found.after:
                print_lines(room_change_lines(found.before, found.after, found.rooms))
            with working() as now:
                return apply_update(found, dry_run=dry_run, now=now)

    with turn(folder):
        if branch is not None:
            message = "Update with Specwright"
            outcome, made = on_branch(folder, branch, message, work, dry_run=dry_run)
        else:
            outcome = work(folder)
        end_soon()
        lacking = [] if branch is not None else lacking_tools(outcome)
    if branch is not None:
        tell_of_branch(outcome, branch, made, dry_run=dry_run, as_json=as_json, quiet=quiet, extra=extra)
        return
    tell(outcome, lacking, dry_run=dry_run, as_json=as_json, quiet=quiet, extra=extra)
