"""`specwright fill`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.completing import slot_names
from generator.commands.exits import INTERRUPTED, PENDING, TERMINATED, Terminated
from generator.commands.options import folder_option, json_option, quiet_option
from generator.commands.printing import complain, print_json, print_lines
from generator.commands.turns import recover

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.fill.filling import Budget, Filled
    from generator.fill.proof import Verdict
    from generator.fill.workshop import Seat, Workshop


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=slot_names)
@folder_option
@click.option("--model", metavar="PROVIDER:NAME", help="Ask this model: openai:…, anthropic:…, ollama:….")
@click.option("--base-url", default="", metavar="URL", help="Of a server that speaks as OpenAI's does.")
@click.option(
    "--answer",
    type=click.Choice(["typed", "text"]),
    help="How a model answers; by default typed, or text with --base-url and ollama.",
)
@click.option(
    "--recorded",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Play bodies.",
)
@click.option(
    "--record", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Save accepted bodies."
)
@click.option("--dry-run", is_flag=True, help="Print what would be sent; ask nobody.")
@click.option("--review", is_flag=True, help="Show each body that was proved, and ask whether to keep it.")
@click.option("--budget", default="", metavar="LIMITS", help="For example 50000, 10m, or 50000,10m.")
@click.option("--rounds", default=3, type=click.IntRange(1, 10), help="How often a model is asked.")
@click.option("--jobs", default=2, type=click.IntRange(1, 32), help="Slots that are filled at the same time.")
@click.option("--time", "seconds", default=120.0, metavar="SECONDS", help="What the criteria may take.")
@click.option("--again", is_flag=True, help="Ask anew, instead of going on from replies of a stopped run.")
@json_option
@quiet_option
def fill(
    ids: tuple[str, ...],
    folder: Path,
    model: str | None,
    base_url: str,
    answer: str | None,
    recorded: Path | None,
    record: Path | None,
    dry_run: bool,
    review: bool,
    budget: str,
    rounds: int,
    jobs: int,
    seconds: float,
    again: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Fill slots that only hold their place or are stale; a body is kept once it is proved."""
    if dry_run + (model is not None) + (recorded is not None) != 1:
        raise click.UsageError("Choose one of --model, --recorded and --dry-run.")
    from generator.blueprints import templates_folder
    from generator.fill.confinement import Limits
    from generator.fill.filling import Choices, fill
    from generator.fill.models import Model
    from generator.fill.recordings import Recording, recordable
    from generator.fill.recordings import record as save
    from generator.fill.results import fill_data, fill_lines, prompts
    from generator.fill.workshop import workshop_of

    limits = _budget(budget)

    def look() -> Workshop:
        return workshop_of(folder, templates_folder())

    recover(folder)
    if dry_run:
        print_lines(prompts(look(), ids))
        return
    if record is not None:
        recordable(record)

    def tell_all(found: tuple[Filled, ...], saved: tuple[str, ...] = ()) -> None:
        if as_json:
            print_json(fill_data(found, saved))
        else:
            print_lines(fill_lines(found, saved, quiet=quiet, by_model=recorded is None))

    broken_off: list[Filled] = []
    choices = Choices(
        jobs=1 if review else jobs,
        limits=Limits(seconds=seconds),
        budget=limits,
        again=again,
        approve=_approval() if review else None,
        tell=(lambda line: None) if quiet or as_json else (lambda line: complain([line])),
        ended=broken_off.extend,
    )
    source = (
        Recording(recorded)
        if recorded is not None
        else Model(str(model), base_url=base_url, rounds=rounds, stop=choices.stop, answer=answer or "")
    )
    try:
        found = fill(look, ids, source, choices)
    except (click.Abort, KeyboardInterrupt) as stop:
        if broken_off or as_json:
            tell_all(tuple(broken_off))
        complain(["Stopped. What was proved is kept; the same command goes on from here."])
        ended = Terminated in {type(stop), type(stop.__context__)}
        raise SystemExit(TERMINATED if ended else INTERRUPTED) from None
    except Exception:
        if broken_off and not as_json:
            tell_all(tuple(broken_off))
        raise
    tell_all(found, save(look(), record) if record is not None else ())
    if any(each.outcome == "rejected" for each in found):
        raise SystemExit(PENDING)


def _budget(text: str) -> Budget:
    from generator.fill.filling import Budget

    tokens: int | None = None
    seconds: float | None = None
    for part in filter(None, (part.strip() for part in text.split(","))):
        unit = {"s": 1, "m": 60, "h": 3600}.get(part[-1])
        try:
            if unit is None:
                tokens = int(part.replace("_", ""))
            else:
                seconds = float(part[:-1]) * unit
        except ValueError:
            raise click.UsageError(f"--budget: `{part}` is neither tokens nor a time such as 10m.") from None
    return Budget(tokens, seconds)


def _approval() -> Callable[[Seat, Verdict], bool]:
    def approve(seat: Seat, verdict: Verdict) -> bool:
        from generator.report import difference

        print_lines(difference(seat.id, seat.body, verdict.body.encode()), color=True)
        return click.confirm(f"Keep this body of {seat.id}?", default=False, err=True)

    return approve
