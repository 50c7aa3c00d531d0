"""How a command that writes a project says what it did, or would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.commands.exits import PENDING
from generator.commands.printing import complain, print_json, print_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.branches import Branch
    from generator.doctor import Tool
    from generator.outcome import Outcome


def lacking_tools(outcome: Outcome) -> list[Tool]:
    """Find the tools that what was written needs and the machine does not have."""
    from generator.doctor import combined_needs, examine

    tools = examine(combined_needs(room.tools for room in outcome.rooms)) if outcome.writes else ()
    return [tool for tool in tools if not tool.good]


def tell(
    outcome: Outcome,
    lacking: Sequence[Tool],
    *,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Print an outcome, for people or as JSON, and leave with 3 if something that is new did not arrive.

    Args:
        outcome: of the run.
        lacking: of `lacking_tools`.
        dry_run: nothing was written.
        as_json: for programs.
        quiet: only what is wrong.
        extra: more members of the JSON.
    """
    from generator.report import differences, file_list, outcome_data, problem_data, summary, tool_lines

    pending = bool(outcome.overtaken) or any(change.is_open for change in outcome.changes)
    if as_json:
        found = {"problems": problem_data(outcome.warnings), "lacking": [vars(tool) for tool in lacking]}
        print_json({"dry_run": dry_run, **outcome_data(outcome, dry_run=dry_run), **found, **(extra or {})})
    else:
        complain(outcome.warnings)
        complain(tool_lines(lacking))
        if dry_run:
            print_lines(differences(outcome.changes), color=True)
            print_lines(file_list(outcome.changes))
        if not quiet:
            print_lines(summary(outcome, outcome.rooms, dry_run=dry_run))
        elif pending:
            complain(file_list(change for change in outcome.changes if change.pending))
    if pending:
        raise SystemExit(PENDING)


def tell_of_branch(
    outcome: Outcome,
    name: str,
    made: Branch | None,
    *,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Print what was committed on a branch, and leave with 3 if there are conflicts: then none was made.

    Args:
        outcome: of the run.
        name: of the branch that was asked for.
        made: the branch.
        dry_run: none was to be made.
        as_json: for programs.
        quiet: only what is wrong.
        extra: more members of the JSON.
    """
    from generator.report import branch_lines, differences, file_list, outcome_data, problem_data

    pending = [change for change in outcome.changes if change.pending and change.entry is not None]
    if as_json:
        found = {"problems": problem_data(outcome.warnings), "lacking": []}
        branch = {"name": made.name, "commit": made.commit} if made else None
        data = outcome_data(outcome, dry_run=dry_run)
        print_json({"dry_run": dry_run, **data, **found, "branch": branch, **(extra or {})})
    else:
        complain(outcome.warnings)
        if dry_run:
            print_lines(differences(outcome.changes), color=True)
            print_lines(file_list(outcome.changes))
        if not quiet:
            print_lines(branch_lines(outcome, name, made, dry_run=dry_run))
        elif pending:
            complain(file_list(pending))
    if pending:
        raise SystemExit(PENDING)
