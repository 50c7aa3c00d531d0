"""What whoever fills slots answers: a body, what it cost, or why there is none."""

from __future__ import annotations

import re
from typing import Protocol

from generator.fill.contract import Contract
from generator.fill.prompt import Message
from generator.frozen import dataclass

_FENCED = re.compile(r"\A\s*```[\w-]*\n(.*?)\n?```\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Reply:
    """A body as it was answered, with the tokens that were sent and received, and dollars where known.

    `problem` says why the answer is no body at all, "" if it is one.
    """

    body: str
    sent: int = 0
    received: int = 0
    cost: float | None = None
    problem: str = ""


class NoReply(Exception):
    """There is no body; `again` says whether asking once more may help, `wait` after how many seconds.

    Its text is ours: what a server says may hold keys.
    """

    def __init__(self, reason: str, *, again: bool = False, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.again, self.wait = again, wait


class Source(Protocol):
    """Who fills slots: `name` is what is recorded; `rounds` how often it is told why a body was refused.

    `lays_out` is whether its bodies are brought into the layout of the project.
    """

    name: str
    rounds: int
    lays_out: bool

    def ask(self, contract: Contract, messages: tuple[Message, ...]) -> Reply:
        """Return a body for a slot.

        Raises:
            NoReply: there is none.
        """
        ...

    def by(self, slot: str) -> str:
        """Who is recorded as having written the body of a slot."""
        ...


def unfenced(text: str) -> str:
    """Return an answer without the one fence of Markdown that stands around all of it, if one does."""
    found = _FENCED.match(text)
    return found[1] + "\n" if found else text
