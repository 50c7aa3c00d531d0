"""`specwright fill`: who is asked, what is proved and kept, and what it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from threading import Event, Lock

from generator.fill.answers import NoReply, Reply, Source
from generator.fill.confinement import Limits
from generator.fill.keeping import keep
from generator.fill.ledger import STATE, Ledger, replies_folder, tidy
from generator.fill.prompt import Message, answered, opening
from generator.fill.proof import Verdict, prove
from generator.fill.workshop import Seat, Workshop
from generator.folder.turn import AtWork, taking_turn
from generator.frozen import dataclass

_ATTEMPTS = 3
"""How often a provider that fails is asked the same thing."""
_MOST_SAID = 4_000
"""Characters of what a check says that are sent back."""
_LONGEST_WAIT = 60.0
"""Seconds; what a provider asks for beyond that is not waited for."""


@dataclass(frozen=True)
class Budget:
    """What a run may spend: tokens, and seconds by the clock; None for no limit."""

    tokens: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Filled:
    """What became of a slot: `accepted`, `rejected`, or `left` as it was; and what it took."""

    slot: str
    outcome: str
    reasons: tuple[str, ...] = ()
    by: str = ""
    tries: int = 0
    sent: int = 0
    received: int = 0
    cost: float | None = None


@dataclass(frozen=True)
class Choices:
    """How slots are filled.

    `jobs` at a time; `limits` of each proof; `wait` seconds before a provider is asked again; `again` asks
    anew instead of going on with replies that are there; `approve` is asked before a body is kept; `tell` is
    told what goes on, `ended` what became of the slots where a run does not come to its end; `stop` ends it.
    """

    jobs: int = 2
    limits: Limits = field(default_factory=Limits)
    budget: Budget = field(default_factory=Budget)
    wait: float = 2.0
    again: bool = False
    approve: Callable[[Seat, Verdict], bool] | None = None
    tell: Callable[[str], None] = lambda line: None
    ended: Callable[[tuple[Filled, ...]], None] = lambda found: None
    stop: Event = field(default_factory=Event)


def fill(
    look: Callable[[], Workshop], names: Sequence[str], source: Source, choices: Choices
) -> tuple[Filled, ...]:
    """Fill slots that hold their place or are stale; every body is proved before it is kept.

    Args:
        look: looks at the project; the slots of others that a slot needs are filled before it.
        names: ids of slots, of which those with a complete fallback are filled, too; none for all others.
        source: who is asked.
        choices: how.

    Returns:
        What became of each slot, in their order.

    Raises:
        PlanProblems: there is no such slot, or the project cannot be compiled.
        AtWork: another run fills slots of the project.
    """
    first = look()
    seats = first.chosen(names)
    found = {seat.id: _left(seat) for seat in seats if not seat.is_open and (names or _tells(seat))}
    # A fallback that is complete is a body already: who wants another one names the slot.
    waiting = [seat.id for seat in seats if seat.is_open and (names or not _is_complete(seat))]
    spent = _Spent(choices.budget)

    def done(each: Filled) -> None:
        found[each.slot] = each
        choices.tell(f"{each.slot}: {each.outcome}")

    def so_far() -> tuple[Filled, ...]:
        return tuple(found[seat.id] for seat in seats if seat.id in found)

    with _alone(first.folder):
        try:
            while waiting and not choices.stop.is_set():
                workshop = look()
                ready = [name for name in waiting if not _needs(workshop.seats[name], waiting)] or waiting
                waiting = [name for name in waiting if name not in ready]
                _together([_Filling(workshop, name, source, choices, spent, done) for name in ready], choices)
        except BaseException:
            if len(found) > 0:
                choices.ended(so_far())
            raise
    for name in waiting:
        found[name] = Filled(name, "left", ("stopped before its turn came",))
    return so_far()


def _together(fillings: Sequence[_Filling], choices: Choices) -> None:
    # A question in a thread would outlive Ctrl-C.
    if choices.approve is not None:
        for each in fillings:
            each.run()
        return
    with ThreadPoolExecutor(choices.jobs) as pool:
        running = [pool.submit(each.run) for each in fillings]
        try:
            for future in running:
                future.result()
        except BaseException:
            # What was proved is kept already; nothing new begins, and what runs is ended.
            choices.stop.set()
            pool.shutdown(cancel_futures=True)
            raise


class _Filling:
    """One slot that is being filled."""

    def __init__(
        self,
        workshop: Workshop,
        name: str,
        source: Source,
        choices: Choices,
        spent: _Spent,
        done: Callable[[Filled], None],
    ) -> None:
        seat = workshop.seats[name]
        assert seat.contract is not None and seat.body is not None
        self.workshop, self.seat, self.source = workshop, seat, source
        self.contract, self.before = seat.contract, seat.body
        self.choices, self.spent, self.done = choices, spent, done
        self.ledger = Ledger(workshop.folder, seat.id, self.contract.hash, source.name)
        self.tries = self.sent = self.received = 0
        self.cost: float | None = None
        if choices.again:
            self.ledger.settle()

    def run(self) -> None:
        """Fill it, and hand over what became of it: at once, for a run may be broken off after it."""
        try:
            self.done(self._run())
        except BaseException:
            self.done(self._ended("left", ("the run was broken off",)))
            raise

    def _run(self) -> Filled:
        messages = opening(self.contract)
        reasons: tuple[str, ...] = ()
        for number in range(self.source.rounds):
            try:
                reply = self.ledger.at(number) or self._asked(messages, number)
            except NoReply as error:
                stopped = self.choices.stop.is_set() or not self.tries
                return self._ended("left" if stopped else "rejected", (str(error), *reasons))
            if reply.problem:
                reasons = (reply.problem,)
                messages = (*messages, *answered(reply.body, reply.problem))
                continue
            self.choices.tell(f"{self.seat.id}: proving ({number + 1} of {self.source.rounds})")
            verdict = prove(
                self.workshop,
                {self.seat.id: reply.body},
                limits=self.choices.limits,
                laid_out=self.source.lays_out,
                stop=self.choices.stop,
            )[0]
            if self.choices.stop.is_set() and not verdict.ok:
                return self._ended("left", ("stopped while it was proved",))
            if verdict.ok:
                return self._kept(verdict)
            reasons = verdict.reasons
            said = "\n".join(reasons)[:_MOST_SAID]
            messages = (*messages, *answered(reply.body, said))
        return self._ended("rejected", reasons)

    def _kept(self, verdict: Verdict) -> Filled:
        if self.choices.approve is not None and not self.choices.approve(self.seat, verdict):
            return self._ended("rejected", ("you did not take it",))
        by = self.source.by(self.seat.id)
        reason = keep(
            self.workshop.folder,
            self.seat.status.file,
            self.seat.id,
            verdict.body,
            self.before,
            self.contract.hash,
            by,
        )
        if reason:
            return self._ended("rejected", (reason,))
        self.ledger.settle()
        return self._ended("accepted", ())

    def _asked(self, messages: tuple[Message, ...], number: int) -> Reply:
        for attempt in range(_ATTEMPTS):
            self.spent.check()
            if self.choices.stop.is_set():
                raise NoReply("stopped")
            self.choices.tell(f"{self.seat.id}: asking {self.source.name} ({number + 1})")
            self.tries += 1
            try:
                reply = self.source.ask(self.contract, messages)
            except NoReply as error:
                if not error.again or attempt == _ATTEMPTS - 1:
                    raise
                self.choices.tell(f"{self.seat.id}: {error}; asking again")
                self.choices.stop.wait(max(self.choices.wait * 2**attempt, min(error.wait, _LONGEST_WAIT)))
                continue
            self.sent, self.received = self.sent + reply.sent, self.received + reply.received
            if reply.cost is not None:
                self.cost = (self.cost or 0.0) + reply.cost
            self.spent.add(reply)
            # A recording costs nothing, and says the same again.
            if reply.sent or reply.received or self.source.rounds > 1:
                self.ledger.add(reply)
            return reply
        raise AssertionError("the last attempt raises")

    def _ended(self, outcome: str, reasons: tuple[str, ...]) -> Filled:
        by = self.source.by(self.seat.id) if outcome == "accepted" else ""
        return Filled(self.seat.id, outcome, reasons, by, self.tries, self.sent, self.received, self.cost)


class _Spent:
    """What a run has spent so far."""

    def __init__(self, budget: Budget) -> None:
        self._budget, self._tokens, self._lock = budget, 0, Lock()
        self._began = time.monotonic()

    def add(self, reply: Reply) -> None:
        with self._lock:
            self._tokens += reply.sent + reply.received

    def check(self) -> None:
        """Refuse to ask once the budget is spent. Raises `NoReply`."""
        if self._budget.tokens is not None and self._tokens >= self._budget.tokens:
            raise NoReply("the budget of tokens is spent")
        if self._budget.seconds is not None and time.monotonic() - self._began >= self._budget.seconds:
            raise NoReply("the budget of time is spent")


def _needs(seat: Seat, others: Sequence[str]) -> bool:
    """Whether the criteria of a slot reach another one that is still to be filled."""
    return seat.contract is not None and any(name in others for name in seat.contract.awaits)


def _is_complete(seat: Seat) -> bool:
    return seat.status.state == "fallback" and not seat.status.placeholder


def _tells(seat: Seat) -> bool:
    """Whether people should hear of a slot that is not filled though they named none."""
    return seat.status.state in {"stale", "missing"}


def _left(seat: Seat) -> Filled:
    state, by = seat.status.state, seat.status.by
    reason = {
        "orphaned": "the plan has no such slot any more",
        "missing": f"its markers are gone from {seat.status.file}",
        "stale": "the plan has changed since you wrote it: look at it, then `specwright prove` it",
        "edited": "somebody has written it; it is proved with `specwright prove`",
    }.get(state, f"{by} has filled it")
    return Filled(seat.id, "left", (reason,), by)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Fill slots of a project alone: two runs would pay for the same answers.

    What is held is the folder that stays; that of the replies goes with the last of them.
    """
    try:
        with taking_turn(folder / STATE):
            replies_folder(folder)
            try:
                yield
            finally:
                tidy(folder)
    except AtWork:
        raise AtWork(folder) from None
