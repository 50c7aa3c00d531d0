"""docs/updating.md shows merges as they are."""

from __future__ import annotations

from generator.disagreements import conflict_lines
from generator.merging.changes import Action, Change
from generator.merging.three_way import merge_three
from generator.outcome import Outcome
from tests.docs.pages import DOCUMENTS, blocks_of

SHOWN = {block.word: block.text.encode() for block in blocks_of(DOCUMENTS / "updating.md") if block.word}


def test_the_merge_on_the_page_is_what_comes_out() -> None:
    merged = merge_three("item.ts", SHOWN["base"], SHOWN["ours"], SHOWN["theirs"])
    assert (merged.conflicts, merged.content) == (0, SHOWN["result"])


def test_the_conflict_on_the_page_is_what_comes_out() -> None:
    ours = SHOWN["base"].replace(b"title: string", b"title: Title")
    theirs = SHOWN["base"].replace(b"title: string", b"headline: string")
    merged = merge_three("item.ts", SHOWN["base"], ours, theirs)
    assert (merged.conflicts, merged.content) == (1, SHOWN["conflict"])
    note = "you and the plan changed the same lines in one place"
    change = Change("contract/src/item.ts", Action.CONFLICT, ours, merged.content, None, "model", note=note,
                    places=merged.places)  # fmt: skip
    assert conflict_lines(change, Outcome((), (), ())) == SHOWN["told"].decode().splitlines()
