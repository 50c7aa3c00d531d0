"""The release that a project is at, and the one it takes next: `generate` at a former one, and `update`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from generator.blueprints import MANIFEST, rooms_of
from generator.branches import Branch, checked_out, committed
from generator.folder.conflicts import refuse_open
from generator.folder.destination import Destination
from generator.merging.merge import Action
from generator.narrowing import Narrowing, ticks_of
from generator.outcome import Outcome
from generator.pipeline import Wanted, bring_in, generate
from generator.problems import PlanProblems, Problem
from generator.recording import ANSWERS_FILE, RELEASE, Recorded, read_recorded, recorded_release
from generator.refresh import Blueprints
from generator.releases import FIRST, Release, number_of
from generator.releases.home import Home
from generator.releases.rooms import RoomChange, room_changes
from generator.skipping import sources_of, untouched, updated_locally
from generator.understanding import plan_files, stack_of, understand

_SOURCE = re.compile(r"(?:https|ssh|git|file)://[^\s#'\"@/]*@?[^\s#'\"@]+|[\w.-]+@[\w.-]+:[\w./~-]+")
_PASSWORD = re.compile(r"://[^/]*:[^/]*@")
_BEGINNING = re.compile(r"v?\d+(?:\.\d+)*")

_EARLY = "no release, or one before the first that can be"
_KEPT = "Files that you have edited keep what they are, and are listed."

Say = Callable[[str], None]


@dataclass(frozen=True)
class Update:
    """An update that is ready: the releases, what each room brings, and what cannot be known of it.

    `blueprints` finds those of a release, None where they are not at hand (then files that were edited keep
    what they are); `target` is set where the wanted release is not the installed one.
    """

    folder: Path
    templates: Path
    blueprints: Blueprints
    before: str
    after: str
    rooms: tuple[RoomChange, ...] = ()
    source: str = ""
    target: Release | None = None
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One release, and what it changed in the rooms of a stack since the one before."""

    release: str
    rooms: tuple[RoomChange, ...]


@dataclass(frozen=True)
class History:
    """The release that a project is at ("" if it has none), the installed one, and those after the first."""

    recorded: str
    installed: str
    steps: tuple[Step, ...]


def older_release(folder: Path) -> str | None:
    """Return the release that a project stays at, None where it is the installed one (or there is none yet).

    Raises:
        PlanProblems: the project is newer than what is installed, or of no release.
    """
    recorded = recorded_release(Destination(folder).find(ANSWERS_FILE).content)
    if recorded in ("", RELEASE):
        return None
    _refuse_newer(recorded)
    if not _can_answer(recorded):
        message = f"This project is at {recorded}, which nobody can generate any more"
        raise PlanProblems([Problem(None, message, f"`specwright update` takes it to {RELEASE}")])
    return recorded


@contextmanager
def at_hand(templates: Path, home: Home) -> Iterator[Blueprints]:
    """Have the blueprints of every release, unpacked when they are asked for, until this is left.

    Args:
        templates: where the installed blueprints are.
        home: of former releases.

    Yields:
        What finds them; it raises `ReleaseError` where a release should be here and is not.
    """
    found: dict[str, Path | None] = {RELEASE: templates}
    with ExitStack() as stack:

        def blueprints(name: str) -> Path | None:
            if name not in found:
                known = _can_answer(name)
                found[name] = stack.enter_context(home.unpacked(home.release(name)))[0] if known else None
            return found[name]

        yield blueprints


@contextmanager
def recorded_blueprints(folder: Path, templates: Path, home: Home) -> Iterator[tuple[Path, Release | None]]:
    """Have the blueprints of the release that a project is at, for as long as they are needed.

    Args:
        folder: the project.
        templates: where the installed blueprints are.
        home: of former releases.

    Yields:
        Where they are, and the release; None stands for the installed one.

    Raises:
        PlanProblems: the project is newer than what is installed, or of no release.
        ReleaseError: the release is not at hand.
    """
    recorded = older_release(folder)
    with at_hand(templates, home) as blueprints:
        place = blueprints(recorded or RELEASE)
        assert place is not None
        yield place, home.release(recorded) if recorded else None


def brought_up(
    folder: Path,
    templates: Path,
    home: Home,
    narrowing: Narrowing,
    *,
    dry_run: bool = False,
    now: Say = lambda step: None,
) -> Outcome:
    """Generate a project with the least work that its state allows, at the release that it records.

    Args:
        folder: the project.
        templates: where the installed blueprints are.
        home: of former releases.
        narrowing: which tasks, phase or story to generate.
        dry_run: find out what would happen and write nothing.
        now: is told each step that begins.

    Raises:
        PlanProblems: the plan has problems, or the project is of a release that cannot be generated here.
        ReleaseError: the release that the project records is not at hand.
    """
    now("Looking for changes")
    whole = narrowing == Narrowing()
    outcome = untouched(folder, templates) if whole else None
    if outcome is None and whole:
        outcome = updated_locally(folder, templates, dry_run=dry_run)
    return outcome or in_full(folder, templates, home, narrowing, dry_run=dry_run, now=now)


def in_full(
    folder: Path,
    templates: Path,
    home: Home,
    narrowing: Narrowing,
    *,
    dry_run: bool = False,
    now: Say = lambda step: None,
) -> Outcome:
    """Generate a project from the whole plan, at the release that it records; like `brought_up` otherwise."""
    recorded = older_release(folder)
    with at_hand(templates, home) as blueprints:
        if recorded is None:
            return _from_plan(folder, templates, narrowing, blueprints, dry_run=dry_run, now=now)
        refuse_open(Destination(folder))
        release = home.release(recorded)
        now(f"Asking {release.name}")
        wanted = _asked(folder, release, templates, blueprints, narrowing)
        now("Generating")
        return bring_in(folder, wanted, dry_run=dry_run, blueprints=blueprints)


def _from_plan(
    folder: Path,
    templates: Path,
    narrowing: Narrowing,
    blueprints: Blueprints,
    *,
    dry_run: bool,
    now: Say,
    source: str = "",
) -> Outcome:
    now("Reading the plan")
    understood = [understand(folder, templates)]
    now("Generating")
    # Popped, so that nobody holds the plan while the files need the room.
    return generate(
        folder, understood.pop(), templates, narrowing, dry_run=dry_run, blueprints=blueprints, source=source
    )


def on_branch(
    folder: Path, name: str, message: str, work: Callable[[Path], Outcome], *, dry_run: bool = False
) -> tuple[Outcome, Branch | None]:
    """Do something from the last commit and the plan as it stands, and commit the result on a new branch.

    Args:
        folder: the project; neither it nor the index of its repository is touched.
        name: of the branch.
        message: of the commit.
        work: what is done, in a folder that stands for the project.
        dry_run: find out what would happen, and make no branch.

    Returns:
        What was done, and the branch: none with conflicts, and none where nothing has changed.

    Raises:
        PlanProblems: there can be no such branch.
    """
    with checked_out(folder, name, plan_files(folder)) as checkout:
        outcome = work(checkout.folder)
        if dry_run or any(change.action is Action.CONFLICT for change in outcome.changes):
            return outcome, None
        return outcome, committed(checkout, name, message)


@contextmanager
def updating(
    folder: Path, templates: Path, home: Home, to: str | None = None, source: str = ""
) -> Iterator[Update]:
    """Find out what an update brings; nothing is written here.

    Args:
        folder: the project.
        templates: where the installed blueprints are.
        home: of former releases.
        to: the release that is wanted, by default the installed one.
        source: the address of another home of the blueprints, to be recorded.

    Yields:
        The update, for `apply_update`.

    Raises:
        PlanProblems: there is nothing to update, or it would be a step back.
        ReleaseError: a release that is needed is not at hand.
    """
    destination = Destination(folder)
    earlier = read_recorded(destination.text(ANSWERS_FILE))
    if earlier is None:
        hint = "`specwright generate` makes a project of a plan"
        raise PlanProblems([Problem(None, f"There is nothing to update: {ANSWERS_FILE} is not here", hint)])
    refuse_open(destination)
    _refuse_source(source)
    before = recorded_release(destination.find(ANSWERS_FILE).content)
    _refuse_newer(before)
    _refuse_step_back(before, to or RELEASE)
    target = None if to is None or number_of(to) == number_of(RELEASE) else _target(home, to)
    after = target.name if target else RELEASE
    with at_hand(templates, home) as blueprints:
        former, wanted = blueprints(before), blueprints(after)
        note = "" if former else f"{before or 'What is recorded'} is not at hand: {_EARLY}. {_KEPT}"
        rooms = _room_changes(earlier, former, wanted) if before != after else ()
        yield Update(folder, templates, blueprints, before, after, rooms, source, target, note)


def apply_update(update: Update, *, dry_run: bool = False, now: Say = lambda step: None) -> Outcome:
    """Merge the release that is wanted into a project.

    Args:
        update: of `updating`, while that is entered.
        dry_run: find out what would happen and write nothing.
        now: is told each step that begins.
    """
    brought = {room.room: room.changes for room in update.rooms}
    return replace(_applied(update, dry_run=dry_run, now=now), brought=brought)


def _applied(update: Update, *, dry_run: bool, now: Say) -> Outcome:
    folder, templates, blueprints = update.folder, update.templates, update.blueprints
    if update.target is not None:
        now(f"Asking {update.target.name}")
        wanted = _asked(folder, update.target, templates, blueprints, Narrowing())
        now("Generating")
        return bring_in(folder, wanted, dry_run=dry_run, blueprints=blueprints, source=update.source)
    same = update.before == update.after and not update.source
    outcome = untouched(folder, templates) if same else None
    return outcome or _from_plan(
        folder, templates, Narrowing(), blueprints, dry_run=dry_run, now=now, source=update.source
    )


def history_of(folder: Path, templates: Path, home: Home) -> History:
    """Find out which releases came after that of a project, and what each changed.

    Args:
        folder: the project, or a plan that nothing has been generated from.
        templates: where the installed blueprints are.
        home: of former releases.

    Raises:
        PlanProblems: there is no project and no plan, or the project is newer than what is installed.
        ReleaseError: the history is cut off.
    """
    earlier = read_recorded(Destination(folder).text(ANSWERS_FILE))
    stack = earlier.answers.get("stack") if earlier else stack_of(folder)
    if not stack:
        raise PlanProblems([Problem(None, "There is no project here", "`specwright init` begins one")])
    recorded = earlier.release if earlier else ""
    _refuse_newer(recorded)
    if recorded == RELEASE:
        return History(recorded, RELEASE, ())
    begin = number_of(recorded) or ()
    chain = [each for each in home.releases if each.number <= _installed() and each.name != RELEASE]
    chain = [each for each in chain if each.number >= begin]
    with home.unpacked(*chain, only=MANIFEST) as folders:
        places = [*zip([each.name for each in chain], folders, strict=True), (RELEASE, templates)]
        rooms = [(name, rooms_of(place, stack)) for name, place in places if _has(place, stack)]
    steps = [Step(name, ()) for name, _ in rooms[:1]]
    steps += [
        Step(name, room_changes(before, after, {room.id for room in (*before, *after)}))
        for (_, before), (name, after) in itertools.pairwise(rooms)
    ]
    return History(recorded, RELEASE, tuple(step for step in steps if step.release != recorded))


def _has(templates: Path, stack: str) -> bool:
    return (templates / "blueprints" / stack).is_dir()


def _asked(
    folder: Path, release: Release, templates: Path, blueprints: Blueprints, narrowing: Narrowing
) -> Wanted:
    """What a former release makes of the plan."""
    tree = blueprints(release.name)
    assert tree is not None
    # A run with nothing to ask starts sooner without it.
    from generator.asking import ask

    texts = plan_files(folder)
    choices = [word for task in narrowing.tasks for word in ("--task", task)]
    choices += ["--phase", narrowing.phase] if narrowing.phase else []
    choices += ["--story", narrowing.story] if narrowing.story else []
    answered = ask(release, tree, folder, choices)
    if not answered.recorded:
        raise PlanProblems([*answered.problems, *_newer_reading(folder, release, templates)])
    tasks = {file: names for file, names in answered.ticks.items() if file in texts}
    ticks, ticked = ticks_of(folder, tasks)
    warnings = answered.problems
    whole = narrowing == Narrowing() and not warnings
    texts |= {write.path: write.content or b"" for write in ticks}
    return Wanted(
        answered.answers,
        tree,
        rooms_of(tree, answered.recorded["stack"]),
        release.name,
        answered.recorded["model_json"],
        warnings,
        tuple(ticks),
        ticked,
        sources_of(templates, texts, release.name) if whole else "",
    )


def _newer_reading(folder: Path, release: Release, templates: Path) -> Iterator[Problem]:
    """A plan that the installed release would take has a way out."""
    try:
        understand(folder, templates)
    except PlanProblems:
        return
    message = f"this project is at {release.name}, which reads the plan so; {RELEASE} takes it as it is"
    yield Problem(None, message, "Run `specwright update`", "warning")


def _can_answer(release: str) -> bool:
    number = number_of(release)
    return number is not None and number >= FIRST


def _target(home: Home, to: str) -> Release:
    number = number_of(to)
    if number is not None and number > _installed():
        message, hint = f"{to} is newer than this Specwright, {RELEASE}", f"Install Specwright {to}"
        raise PlanProblems([Problem(None, message, hint)])
    return home.release(to)


def _refuse_newer(recorded: str) -> None:
    number = number_of(recorded)
    if number is not None and number > _installed():
        message = f"This project is at {recorded}, and this Specwright is {RELEASE}"
        raise PlanProblems([Problem(None, message, f"Install Specwright {recorded.lstrip('v')} or newer")])


def _refuse_step_back(before: str, after: str) -> None:
    one, other = number_of(before), number_of(after)
    if one is not None and other is not None and other < one:
        message = f"This project is at {before} already, and {after} is older"
        hint = "A project never goes back; take an earlier commit of it"
        raise PlanProblems([Problem(None, message, hint)])


def _refuse_source(source: str) -> None:
    if not source:
        return
    if not _SOURCE.fullmatch(source) or _PASSWORD.search(source):
        message = "The source is recorded in the project: it must be an address of git that everybody can use"
        hint = "Such as https://git.example.com/tools/specwright.git, without a password"
        raise PlanProblems([Problem(None, message, hint)])


def _installed() -> tuple[int, ...]:
    # A version under development (0.3.0.dev1) is taken for the one it becomes.
    found = _BEGINNING.match(RELEASE)
    return (number_of(found[0]) if found else None) or ()


def _room_changes(earlier: Recorded, former: Path | None, wanted: Path | None) -> tuple[RoomChange, ...]:
    stack = earlier.answers.get("stack", "")
    if former is None or wanted is None or not stack:
        return ()
    before, after = rooms_of(former, stack), rooms_of(wanted, stack)
    on = {*earlier.chosen} | ({room.id for room in after} - {room.id for room in before})
    return room_changes(before, after, on)
