"""The command line: the only place that prints. Each command is a few lines over `generator.pipeline`.

Exit codes: 0 done; 1 a problem of the plan, the folder or the machine, named; 2 wrong use of the command;
3 done, but something that was generated did not arrive because a person has edited the file; 4 a defect of
Specwright; 130 and 143 stopped. Imports stand inside the commands, so
that `--version` and `--help` are quick.
"""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from generator import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.doctor import Tool
    from generator.outcome import Outcome

PROBLEMS, PENDING, INTERRUPTED, TERMINATED = 1, 3, 130, 143


class _Terminated(KeyboardInterrupt):
    """SIGTERM: like Ctrl-C, what is staged must not stay behind."""


_folder = click.option(
    "-C",
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The project's folder.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_quiet = click.option("-q", "--quiet", is_flag=True, help="Print only what is wrong.")
_SHELLS = ("bash", "zsh", "fish")


def _from_plan(kind: str) -> Callable[..., list[str]]:
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


def _room_names(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    from generator.blueprints import rooms_of, stack_names, templates_folder

    templates = templates_folder()
    stacks = stack_names(templates)
    rooms = [room.id for stack in stacks for room in rooms_of(templates, stack)]
    names = stacks if parameter.name == "stack" else (*rooms, *stacks)
    return [name for name in dict.fromkeys(names) if name.startswith(begun)]


def _example_names(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    from generator.starting import example_names

    return [name for name in example_names() if name.startswith(begun)]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="specwright", message="%(prog)s %(version)s")
def specwright() -> None:
    """Turn a specification into working, tested software: deterministic and offline."""


@specwright.command()
@_folder
@click.option("--name", help="Name of the project; by default that of the folder.")
@click.option(
    "--from",
    "example",
    metavar="EXAMPLE",
    shell_complete=_example_names,
    help="Start from an example instead of a small plan.",
)
@_as_json
@_quiet
def init(folder: Path, name: str | None, example: str | None, as_json: bool, quiet: bool) -> None:
    """Write a first plan.yaml to change and generate from."""
    from generator.starting import start

    with _turn(folder):
        written = start(folder, name, example)
    if as_json:
        _print_json({"ok": True, "written": written, "next": "specwright generate"})
    elif not quiet:
        _print([*(f"Written: {path}" for path in written), "Next: specwright generate"])


@specwright.command()
@_folder
@_as_json
@_quiet
def doctor(folder: Path, as_json: bool, quiet: bool) -> None:
    """Say whether Python, git and what the project needs (Node, npm) are there and new enough."""
    from generator.blueprints import rooms_of, stack_names, templates_folder
    from generator.doctor import combined_needs, examine
    from generator.pipeline import stack_of
    from generator.report import tool_lines

    _recover(folder)
    templates = templates_folder()
    own = stack_of(folder)
    stacks = [own] if own else stack_names(templates)
    rooms = [room for stack in stacks for room in rooms_of(templates, stack)]
    tools = examine(combined_needs(room.tools for room in rooms))
    if as_json:
        _print_json({"tools": [{**vars(tool), "good": tool.good} for tool in tools]})
    else:
        _print(tool_lines(tool for tool in tools if not (quiet and tool.good)))
    if not all(tool.good for tool in tools):
        raise SystemExit(PROBLEMS)


@specwright.command()
@_folder
@_as_json
@_quiet
def check(folder: Path, as_json: bool, quiet: bool) -> None:
    """Check plans and tasks, and list every problem with its place."""
    from generator.blueprints import templates_folder
    from generator.pipeline import understand
    from generator.report import problem_data

    _recover(folder)
    with _working() as now:
        now("Reading the plan")
        understood = understand(folder, templates_folder())
    _end_soon()
    if as_json:
        _print_json({"ok": True, "problems": problem_data(understood.warnings)})
        return
    _complain(understood.warnings)
    model = understood.model
    if quiet:
        return
    click.echo(f"The plan is sound: {len(model.entities)} entities, {len(model.operations)} operations, "
               f"{len(model.criteria)} criteria, {len(model.tasks)} tasks.")  # fmt: skip


@specwright.command()
@_folder
@click.option(
    "--task",
    "tasks",
    multiple=True,
    metavar="ID",
    shell_complete=_from_plan("task"),
    help="Only what this task produces and needs; repeatable.",
)
@click.option(
    "--phase", metavar="ID", shell_complete=_from_plan("phase"), help="Only the tasks of this phase."
)
@click.option(
    "--story", metavar="ID", shell_complete=_from_plan("story"), help="Only the tasks of this story."
)
@click.option("--dry-run", is_flag=True, help="Show files and differences, write nothing.")
@click.option("--abort", is_flag=True, help="Take the last run back, if it left conflicts.")
@_as_json
@_quiet
def generate(
    folder: Path,
    tasks: tuple[str, ...],
    phase: str | None,
    story: str | None,
    dry_run: bool,
    abort: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Generate the project, or bring it up to date with its plan."""
    if abort:
        if tasks or phase or story or dry_run:
            raise click.UsageError("--abort goes with no other choice.")
        _take_back(folder, as_json=as_json, quiet=quiet)
        return
    from generator.blueprints import templates_folder
    from generator.pipeline import Narrowing, untouched, updated_locally
    from generator.report import differences, file_list, outcome_data, problem_data, summary, tool_lines

    templates, narrowing = templates_folder(), Narrowing(tasks, phase, story)
    lacking: list[Tool] = []
    with _turn(folder), _working() as now:
        now("Looking for changes")
        outcome = untouched(folder, templates) if narrowing == Narrowing() else None
        if outcome is None and narrowing == Narrowing():
            outcome = updated_locally(folder, templates, dry_run=dry_run)
            lacking = _lacking(outcome) if outcome is not None else []
        if outcome is not None:
            _end_soon()
        if outcome is None:
            from generator.pipeline import generate as run
            from generator.pipeline import understand

            now("Reading the plan")
            understood = [understand(folder, templates)]
            now("Generating")
            # Popped, so that nobody holds the plan while the files need the room.
            outcome = run(folder, understood.pop(), templates, narrowing, dry_run=dry_run)
            lacking = _lacking(outcome)
    pending = bool(outcome.overtaken) or any(
        change.pending and change.entry is not None for change in outcome.changes
    )
    if as_json:
        extra = {"problems": problem_data(outcome.warnings), "lacking": [vars(tool) for tool in lacking]}
        _print_json({"dry_run": dry_run, **outcome_data(outcome, dry_run=dry_run), **extra})
    else:
        _complain(outcome.warnings)
        _complain(tool_lines(lacking))
        if dry_run:
            _print(differences(outcome.changes), color=True)
            _print(file_list(outcome.changes))
        if not quiet:
            _print(summary(outcome, outcome.rooms, dry_run=dry_run))
        elif pending:
            _complain(file_list(change for change in outcome.changes if change.pending))
    if pending:
        raise SystemExit(PENDING)


def _take_back(folder: Path, *, as_json: bool, quiet: bool) -> None:
    from generator.conflicts import ASIDE
    from generator.pipeline import take_back

    with _turn(folder):
        done = take_back(folder)
    if as_json:
        _print_json({"ok": True, "taken_back": vars(done) if done else None})
        return
    if done is None:
        _print([] if quiet else ["There is no run with conflicts to take back."])
        return
    lines = [f"Taken back: {len(done.restored)} files are as they were before the run."]
    if done.edited:
        lines += [
            f"Edited by you since the run; that is now in {ASIDE}:",
            *(f"  {each}" for each in done.edited),
        ]
    _print(lines if not quiet else lines[1:])
    if done.overtaken:
        _complain(["Edited by you just now, and kept:", *(f"  {path}" for path in done.overtaken)])
        raise SystemExit(PENDING)


@specwright.command()
@_folder
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
        raise SystemExit(TERMINATED if isinstance(stop, _Terminated) else INTERRUPTED) from None


@specwright.command()
@_folder
@_as_json
def explain(folder: Path, as_json: bool) -> None:
    """Print the plan with everything inferred written out; it generates the same project."""
    from generator.blueprints import templates_folder
    from generator.pipeline import explained

    _recover(folder)
    plans = explained(folder, templates_folder())
    if as_json:
        _print_json({"plans": plans})
        return
    for number, (file, text) in enumerate(plans.items()):
        if len(plans) > 1:
            click.echo(f"{chr(10) if number else ''}# {file}")
        click.echo(text, nl=False)


@specwright.command()
@_folder
@_as_json
def status(folder: Path, as_json: bool) -> None:
    """Show phases, tasks and what each produced, and slots with their state."""
    from generator.progress import progress_data, progress_lines, progress_of

    _recover(folder)
    progress = progress_of(folder)
    if as_json:
        _print_json(progress_data(progress))
    else:
        _print(progress_lines(progress))


@specwright.command()
@click.argument("name", required=False, shell_complete=_room_names)
@click.option("--stack", shell_complete=_room_names, help="Only this stack.")
@_as_json
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
    chosen = [
        room for room in rooms if stack in {None, room.stack} and name in {None, room.id, room.stack}
    ]  # fmt: skip
    if as_json:
        _print_json({"rooms": [room_data(room) for room in chosen]})
    elif name is None:
        _print(f"{room.stack:<14} {room.id:<11} {room.version:<5} {room.title}" for room in chosen)
    else:
        for room in chosen:
            _print(room_lines(room))


@specwright.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> None:
    """Print the script that completes commands, options and names of the plan in SHELL."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(specwright, {}, "specwright", "_SPECWRIGHT_COMPLETE").source())


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code; no failure ever ends in a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # A command is short and builds big trees that live to its end: looking for garbage is half of its time.
    gc.disable()
    signal.signal(signal.SIGTERM, _terminate)
    try:
        specwright.main(arguments, prog_name="specwright", standalone_mode=False)
    except SystemExit:
        raise
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt) as stop:
        # click makes its own of an interrupt, and keeps the one it came from.
        stopped = {type(stop), type(stop.__context__), type(stop.__cause__)}
        from generator.journal import WRITTEN

        click.echo(f"Stopped; {'everything' if WRITTEN.is_set() else 'nothing'} was written.", err=True)
        sys.exit(TERMINATED if _Terminated in stopped else INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone (`| head`): nothing to say, and Python must not try to flush again.
        sys.stdout = None
        sys.exit(INTERRUPTED)
    except Exception as error:
        from generator.failures import explain_failure

        failure = explain_failure(error, arguments)
        if failure.data is not None and "--json" in arguments:
            _print_json(failure.data)
        else:
            _complain(failure.lines)
        sys.exit(failure.code)
    sys.exit(0)


def _terminate(number: int, frame: object) -> NoReturn:
    raise _Terminated


_SOON = 1.0
"""Seconds after which somebody wonders whether anything is going on."""


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Work in a project alone, from where an earlier run left it; after that it is too late to stop."""
    from generator.recovery import resumed
    from generator.turn import taking_turn

    with taking_turn(folder):
        _complain(resumed(folder))
        yield
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _recover(folder: Path) -> None:
    from generator.recovery import recovered

    _complain(recovered(folder))


@contextmanager
def _working() -> Iterator[Callable[[str], None]]:
    """Show what takes longer than a second, on a terminal whose user wants it; rich is only loaded there.

    Yields:
        What to call with each step that begins.
    """
    import os

    if "NO_COLOR" in os.environ or not sys.stderr.isatty():
        yield lambda step: None
        return
    from threading import Event, Thread

    steps, over = [""], Event()

    def show() -> None:
        if over.wait(_SOON):
            return
        from rich.console import Console

        with Console(stderr=True).status(steps[-1]) as status:
            while not over.wait(0.1):
                status.update(steps[-1])

    shown = Thread(target=show, daemon=True)
    shown.start()
    try:
        yield steps.append
    finally:
        over.set()
        shown.join()


def _end_soon() -> None:
    """Keep Python from looking through all that a command made once more, when it ends."""
    gc.freeze()


def _lacking(outcome: Outcome) -> list[Tool]:
    """The tools that what was written needs and the machine does not have."""
    from generator.doctor import combined_needs, examine

    tools = examine(combined_needs(room.tools for room in outcome.rooms)) if outcome.writes else ()
    return [tool for tool in tools if not tool.good]


def _say(line: str) -> None:
    click.echo(f"specwright: {line}")
    sys.stdout.flush()


def _say_json(line: str) -> None:
    import json

    click.echo(json.dumps({"said": line}, ensure_ascii=False))
    sys.stdout.flush()


def _complain(lines: Iterable[object]) -> None:
    for line in lines:
        click.echo(str(line), err=True)


def _print(lines: Iterable[str], *, color: bool = False) -> None:
    for line in lines:
        click.echo(_coloured(line) if color else line)


def _coloured(line: str) -> str:
    import os

    if "NO_COLOR" in os.environ or not sys.stdout.isatty():
        return line
    tone = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=tone) if tone else line


def _print_json(data: Any) -> None:
    import json

    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
