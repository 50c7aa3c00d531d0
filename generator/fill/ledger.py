"""Replies that were paid for and are not settled yet: a run that was stopped goes on from them.

They stand in `.specwright/replies/`, one file for each slot, on this machine alone: git ignores them.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.fill.answers import Reply
from generator.fill.placing import content_of, put
from generator.problems import PlanProblems, Problem

STATE = ".specwright"
REPLIES = f"{STATE}/replies"
_MOST_BYTES = 8_000_000
"""A file of replies that is bigger is none of ours."""


def replies_folder(folder: Path) -> Path:
    """Where the replies of a project stand; the folder is made.

    Raises:
        PlanProblems: something else stands in its place, or a link that may lead out of the project.
    """
    place = folder
    for name in REPLIES.split("/"):
        place = place / name
        if place.is_symlink() or (os.path.lexists(place) and not place.is_dir()):
            message = f"{place.relative_to(folder).as_posix()} is no plain folder, and replies stand there"
            raise PlanProblems([Problem(None, message, "Remove what stands in its place")])
        place.mkdir(exist_ok=True)
    put(place / ".gitignore", b"*\n")
    return place


def tidy(folder: Path) -> None:
    """Remove the folder of replies if nothing in it is left to settle."""
    place = folder / REPLIES
    with suppress(OSError):
        for half in place.glob("*.new"):
            half.unlink()  # a run that was killed was about to write it
        if {each.name for each in place.iterdir()} <= {".gitignore"}:
            (place / ".gitignore").unlink(missing_ok=True)
            place.rmdir()


class Ledger:
    """The replies of one source about one slot, in the order in which they came."""

    def __init__(self, folder: Path, slot: str, contract: str, source: str) -> None:
        self._folder = folder
        self._place = folder / REPLIES / f"{sha256(slot.encode()).hexdigest()[:24]}.json"
        self._head = {"slot": slot, "contract": contract, "source": source}
        self._replies = self._read()

    def at(self, number: int) -> Reply | None:
        """The reply of a round, None if it was not asked yet."""
        return self._replies[number] if number < len(self._replies) else None

    def add(self, reply: Reply) -> None:
        """Note a reply, before anything is done with it.

        Raises:
            PlanProblems: something else stands where replies do.
        """
        self._replies.append(reply)
        replies_folder(self._folder)
        text = json.dumps({**self._head, "replies": [vars(each) for each in self._replies]})
        put(self._place, text.encode(errors="surrogatepass"))

    def settle(self) -> None:
        """Forget the replies."""
        self._replies = []
        with suppress(OSError):
            self._place.unlink()

    def _read(self) -> list[Reply]:
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
            data = json.loads(content_of(self._place, _MOST_BYTES).decode(errors="surrogatepass"))
            if {key: data[key] for key in self._head} == self._head:
                return [_reply(each) for each in data["replies"]]
        return []


def _reply(entry: dict[str, Any]) -> Reply:
    """A reply as it was noted; raises what says that it is none."""
    body, sent, received, cost = entry["body"], entry["sent"], entry["received"], entry["cost"]
    if not isinstance(body, str) or not all(type(count) is int for count in (sent, received)):
        raise TypeError
    return Reply(body, sent, received, None if cost is None else float(cost), str(entry["problem"]))
