"""`specwright migrations`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.outcomes import tell
from generator.commands.printing import print_json, print_lines
from generator.commands.turns import recover, turn
from generator.commands.working import working

if TYPE_CHECKING:
    from generator.sealing import Sealed


@click.group(invoke_without_command=True)
@folder_option
@json_option
@click.pass_context
def migrations(context: click.Context, folder: Path, as_json: bool) -> None:
    """List the migrations: which are sealed, what each follows, and which is open still."""
    if context.invoked_subcommand is not None:
        return
    from generator.blueprints import templates_folder
    from generator.sealing import migration_data, migration_lines
    from generator.understanding import understand

    recover(folder)
    found = understand(folder, templates_folder()).model.migrations
    if as_json:
        print_json({"migrations": migration_data(found)})
    else:
        print_lines(migration_lines(found))


@migrations.command()
@folder_option
@json_option
@quiet_option
def seal(folder: Path, as_json: bool, quiet: bool) -> None:
    """Seal what is open: it never changes again, and what changes from now on is a migration of its own."""
    from generator.blueprints import templates_folder
    from generator.sealing import seal_open

    with turn(folder), working() as now:
        now("Sealing")
        done = seal_open(folder, templates_folder())
    _tell(done, "Sealed", as_json=as_json, quiet=quiet)


@migrations.command()
@folder_option
@click.option("--last", metavar="NAME", help="The migration that goes behind the others.")
@json_option
@quiet_option
def reorder(folder: Path, last: str | None, as_json: bool, quiet: bool) -> None:
    """Put migrations behind each other that two branches sealed after the same one."""
    from generator.blueprints import templates_folder
    from generator.sealing import reorder as run

    with turn(folder), working() as now:
        now("Putting migrations in order")
        done = run(folder, templates_folder(), last)
    _tell(done, "Placed anew", as_json=as_json, quiet=quiet)


def _tell(done: Sealed, word: str, *, as_json: bool, quiet: bool) -> None:
    if done.outcome is None:
        if as_json:
            print_json({"ok": True, "migrations": []})
        elif not quiet:
            print_lines(["Nothing to do."])
        return
    if not as_json and not quiet:
        print_lines(f"{word}: {name}" for name in done.files)
    tell(
        done.outcome, [], dry_run=False, as_json=as_json, quiet=quiet, extra={"migrations": list(done.files)}
    )
