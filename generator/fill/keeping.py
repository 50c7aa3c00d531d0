"""Puts a body that was proved into its slot, and notes who wrote it: both or neither, and no edit is lost."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.fill.inside import spliced
from generator.fill.workshop import body_in
from generator.folder.destination import Destination, Write
from generator.folder.journal import Journal
from generator.folder.recovery import resumed
from generator.folder.slot_records import SLOTS_FILE, SlotRecord, read_records, write_records
from generator.folder.turn import AtWork, taking_turn
from generator.recording import ANSWERS_FILE, read_recorded
from generator.slots import content_hash, contracts, with_line_feeds

_PATIENCE = 120.0
"""Seconds that another run of Specwright is waited for."""
_ONE_AT_A_TIME = threading.Lock()


def keep(folder: Path, file: str, slot: str, body: str, before: bytes, contract: str, by: str) -> str:
    """Put a body into its slot.

    Args:
        folder: the project.
        file: that holds the slot.
        slot: its id.
        body: the body that was proved.
        before: the body that stood there when the proof began.
        contract: the hash of the contract it was proved for.
        by: who wrote it.

    Returns:
        Why it was not kept, "" if it was.
    """
    with _turn(folder):
        destination = Destination(folder)
        content = destination.find(file).content or b""
        now = body_in(content, slot)
        if now is None or with_line_feeds(now) != with_line_feeds(before):
            return "somebody has written in the slot meanwhile; that was kept"
        if _contract_now(destination, slot) != contract:
            return "the plan has changed meanwhile; fill it again"
        after = spliced(content, slot, body)
        kept = body_in(after, slot) or b""
        text = destination.text(SLOTS_FILE)
        records = read_records(text)
        known = records.get(slot)
        fallback = known.fallback if known else content_hash(before)
        records[slot] = SlotRecord(slot, file, contract, fallback, content_hash(kept), by)
        writes = [Write(SLOTS_FILE, write_records(records), before=destination.find(SLOTS_FILE).content)]
        if after != content:
            writes.append(Write(file, after, before=content))
        overtaken = Journal(folder).apply(writes)
    return f"{', '.join(overtaken)}: edited just now, and kept" if overtaken else ""


def _contract_now(destination: Destination, slot: str) -> str | None:
    recorded = read_recorded(destination.text(ANSWERS_FILE))
    if recorded is None:
        return None
    return contracts(json.loads(recorded.answers["model_json"])).get(slot)


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait for the turn in a project: keeping a body takes a moment, and so does what it waits for."""
    until = time.monotonic() + _PATIENCE
    with _ONE_AT_A_TIME:
        while True:
            try:
                with taking_turn(folder):
                    resumed(folder)
                    yield
                return
            except AtWork:
                if time.monotonic() > until:
                    raise
            time.sleep(0.2)
