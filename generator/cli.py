"""The command line: finds the command, and leaves with its exit code.

Exit codes: 0 done; 1 a problem of the plan, the folder or the machine, named; 2 wrong use of the command;
3 done, but something that was generated did not arrive because a person has edited the file; 4 a defect of
Specwright; 130 and 143 stopped. Each command is a module of `generator.commands`, and only the one that is
asked for is imported.
"""

from __future__ import annotations

import gc
import signal
import sys
from importlib import import_module
from typing import NoReturn

import click

from generator import __version__
from generator.commands.exits import INTERRUPTED, TERMINATED, Terminated

COMMANDS = (
    "blueprints",
    "check",
    "completion",
    "dev",
    "doctor",
    "eject",
    "explain",
    "fill",
    "generate",
    "history",
    "init",
    "mcp",
    "migrations",
    "own",
    "prove",
    "restore",
    "slots",
    "status",
    "update",
    "verify",
)
"""Each is a module of `generator.commands`, with a command of the same name in it."""
_FOR_PROGRAMS = ("answers",)
"""Commands that are not listed: nobody types them."""


class _Commands(click.Group):
    """The group of commands: it imports the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return command_of(cmd_name) if cmd_name in (*COMMANDS, *_FOR_PROGRAMS) else None


def command_of(name: str) -> click.Command:
    """Import one of `COMMANDS`."""
    command: click.Command = getattr(import_module(f"generator.commands.{name}"), name)
    return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="specwright", message="%(prog)s %(version)s")
def specwright() -> None:
    """Turn a specification into working, tested software: deterministic and offline."""


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
        from generator.folder.journal import WRITTEN

        click.echo(f"Stopped; {'everything' if WRITTEN.is_set() else 'nothing'} was written.", err=True)
        sys.exit(TERMINATED if Terminated in stopped else INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone (`| head`): nothing to say, and Python must not try to flush again.
        sys.stdout = None
        sys.exit(INTERRUPTED)
    except Exception as error:
        from generator.commands.printing import complain, print_json
        from generator.failures import explain_failure

        failure = explain_failure(error, arguments)
        if failure.data is not None and "--json" in arguments:
            print_json(failure.data)
        else:
            complain(failure.lines)
        sys.exit(failure.code)
    sys.exit(0)


def _terminate(number: int, frame: object) -> NoReturn:
    raise Terminated


if __name__ == "__main__":
    main()
