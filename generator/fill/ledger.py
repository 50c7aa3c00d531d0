"""Replies that were paid for and are not settled yet: a run that was stopped goes on from them.

They stand in `.specwright/replies/`, one file for each slot, on this machine alone: git ignores them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from generator.fill.answers import Reply

REPLIES = ".specwright/replies"


class Ledger:
    """The replies of one source about one slot, in the order in which they came."""

    def __init__(self, folder: Path, slot: str, contract: str, source: str) -> None:
        self._folder = folder / REPLIES
        self._place = self._folder / f"{sha256(slot.encode()).hexdigest()[:24]}.json"
        self._head = {"slot": slot, "contract": contract, "source": source}
        self._replies = self._read()

    def at(self, number: int) -> Reply | None:
        """The reply of a round, None if it was not asked yet."""
        return self._replies[number] if number < len(self._replies) else None

    def add(self, reply: Reply) -> None:
        """Note a reply, before anything is done with it."""
        self._replies.append(reply)
        self._folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**self._head, "replies": [vars(each) for each in self._replies]})
        staged = self._place.with_suffix(".new")
        staged.write_text(text, encoding="utf-8", errors="surrogatepass")
        staged.replace(self._place)

    def settle(self) -> None:
        """Forget the replies."""
        self._replies = []
        with suppress(OSError):
            self._place.unlink()

    def _read(self) -> list[Reply]:
        with suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(self._place.read_text(encoding="utf-8", errors="surrogatepass"))
            if {key: data[key] for key in self._head} == self._head:
                return [Reply(**each) for each in data["replies"]]
        return []
