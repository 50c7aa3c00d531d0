"""`specwright generate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.completing import from_plan
from generator.commands.exits import PENDING
from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.outcomes import lacking_tools, tell, tell_of_branch
from generator.commands.printing import complain, print_json, print_lines
from generator.commands.turns import turn
from generator.commands.working import end_soon, working

if TYPE_CHECKING:
    from generator.branches import Branch
    from generator.doctor import Tool
    from generator.narrowing import Narrowing
    from generator.outcome import Outcome


@click.command()
@folder_option
@click.option(
    "--task",
    "tasks",
    multiple=True,
    metavar="ID",
    shell_complete=from_plan("task"),
    help="Only what this task produces and needs; repeatable.",
)
@click.option(
    "--phase", metavar="ID", shell_complete=from_plan("phase"), help="Only the tasks of this phase."
)
@click.option(
    "--story", metavar="ID", shell_complete=from_plan("story"), help="Only the tasks of this story."
)
@click.option("--dry-run", is_flag=True, help="Show files and differences, write nothing.")
@click.option(
    "--branch", metavar="NAME", help="Commit the result on this new branch; leave the folder as it is."
)
@click.option("--abort", is_flag=True, help="Take the last run back, if it left conflicts.")
@json_option
@quiet_option
def generate(
    folder: Path,
    tasks: tuple[str, ...],
    phase: str | None,
    story: str | None,
    dry_run: bool,
    branch: str | None,
    abort: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Generate the project, or bring it up to date with its plan."""
    if abort:
        if tasks or phase or story or dry_run or branch:
            raise click.UsageError("--abort goes with no other choice.")
        _take_back(folder, as_json=as_json, quiet=quiet)
        return
    from generator.narrowing import Narrowing

    narrowing = Narrowing(tasks, phase, story)
    if branch is not None:
        outcome, made = _on_branch(folder, narrowing, branch, dry_run=dry_run)
        tell_of_branch(outcome, branch, made, dry_run=dry_run, as_json=as_json, quiet=quiet)
        return
    outcome, lacking = _generated(folder, narrowing, dry_run=dry_run)
    tell(outcome, lacking, dry_run=dry_run, as_json=as_json, quiet=quiet)


def _generated(folder: Path, narrowing: Narrowing, *, dry_run: bool) -> tuple[Outcome, list[Tool]]:
    from generator.blueprints import templates_folder
    from generator.releases.home import Home
    from generator.updating import brought_up

    with turn(folder), working() as now:
        outcome = brought_up(folder, templates_folder(), Home(), narrowing, dry_run=dry_run, now=now)
        end_soon()
        return outcome, lacking_tools(outcome) if outcome.writes else []


def _on_branch(
    folder: Path, narrowing: Narrowing, name: str, *, dry_run: bool
) -> tuple[Outcome, Branch | None]:
    from generator.blueprints import templates_folder
    from generator.releases.home import Home
    from generator.updating import in_full, on_branch

    templates = templates_folder()
    with turn(folder), working() as now:
        now("Generating on a branch")
        return on_branch(
            folder,
            name,
            "Generate from the plan with Specwright",
            lambda place: in_full(place, templates, Home(), narrowing, dry_run=dry_run),
            dry_run=dry_run,
        )


def _take_back(folder: Path, *, as_json: bool, quiet: bool) -> None:
    from generator.folder.conflicts import ASIDE
    from generator.pipeline import take_back

    with turn(folder):
        done = take_back(folder)
    if as_json:
        print_json({"ok": True, "taken_back": vars(done) if done else None})
        return
    if done is None:
        print_lines([] if quiet else ["There is no run with conflicts to take back."])
        return
    lines = [f"Taken back: {len(done.restored)} files are as they were before the run."]
    if done.edited:
        lines += [
            f"Edited by you since the run; that is now in {ASIDE}:",
            *(f"  {each}" for each in done.edited),
        ]
    print_lines(lines if not quiet else lines[1:])
    if done.overtaken:
        complain(["Edited by you just now, and kept:", *(f"  {path}" for path in done.overtaken)])
        raise SystemExit(PENDING)
