"""Slots in files: found, emptied, filled; their state over time."""

from __future__ import annotations

import pytest

from generator.folder.slot_records import SlotRecord, is_filled, read_records, recorded, write_records
from generator.slots import (
    MarkedSlot,
    MarkerError,
    content_hash,
    contracts,
    find_slots,
    placeholders,
    skeleton_hash,
    with_bodies,
)
from tests.engine.samples import answers, operation

TWO = b"a\n  // slot: x.one\n  1;\n  // end slot: x.one\nb\n# slot: x.two\n# end slot: x.two\nc"


def test_slots_are_found_with_their_bodies_in_both_kinds_of_comment() -> None:
    assert [(slot.id, slot.body) for slot in find_slots(TWO)] == [("x.one", b"  1;\n"), ("x.two", b"")]


def test_bodies_are_replaced_by_id_and_the_rest_stays() -> None:
    filled = with_bodies(TWO, {"x.two": b"2\n"})
    assert filled == TWO.replace(b"# slot: x.two\n", b"# slot: x.two\n2\n")
    assert with_bodies(filled, {"x.two": b""}) == TWO


def test_the_skeleton_ignores_bodies_and_line_ends_and_nothing_else() -> None:
    assert skeleton_hash(TWO) == skeleton_hash(TWO.replace(b"1;", b"2;\n3;").replace(b"\n", b"\r\n"))
    assert skeleton_hash(TWO) != skeleton_hash(TWO.replace(b"b\n", b"B\n"))
    assert skeleton_hash(TWO) != skeleton_hash(TWO.replace(b"// end slot: x.one", b""))


@pytest.mark.parametrize(
    "content",
    [
        b"// slot: a\n",
        b"// end slot: a\n",
        b"// slot: a\n// slot: b\n// end slot: b\n// end slot: a\n",
        b"// slot: a\n// end slot: b\n",
        b"// slot: a\n// end slot: a\n// slot: a\n// end slot: a\n",
    ],
)
def test_markers_that_do_not_pair_are_named(content: bytes) -> None:
    with pytest.raises(MarkerError, match=r"slot [ab] "):
        find_slots(content)


@pytest.mark.parametrize(
    "content", [b"x // slot: a\n", b"'// slot: a'\n", b"\xff\xfe slot: a\n", b"// slots: a\n"]
)
def test_what_only_looks_like_a_marker_is_text(content: bytes) -> None:
    assert find_slots(content) == ()


def slot(body: bytes) -> MarkedSlot:
    return MarkedSlot("x", body, 0, len(body))


def test_a_slot_goes_from_fallback_to_filled_to_stale_and_back() -> None:
    fallback = content_hash(b"f")
    first = recorded(slot(b"f"), "a.ts", fallback, "contract 1", None)
    assert first.state("contract 1") == first.state("contract 2") == "fallback"
    second = recorded(slot(b"mine"), "a.ts", fallback, "contract 1", first)
    assert (second.by, second.state("contract 1")) == ("person", "filled")
    third = recorded(slot(b"mine"), "a.ts", fallback, "contract 2", second)
    assert third.state("contract 2") == "stale"
    assert recorded(slot(b"new"), "a.ts", fallback, "contract 2", third).state("contract 2") == "filled"
    assert recorded(slot(b"f"), "a.ts", fallback, "contract 2", third).state("contract 2") == "fallback"
    assert third.state(None) == "orphaned"


def test_an_old_fallback_is_nobodys_body() -> None:
    before = recorded(slot(b"old"), "a.ts", content_hash(b"old"), "c", None)
    assert not is_filled(slot(b"old"), before, content_hash(b"new"))
    assert is_filled(slot(b"old"), None, content_hash(b"new"))
    kept = recorded(slot(b"old"), "a.ts", content_hash(b"new"), "c", before)
    assert kept == before


def test_records_are_sorted_read_back_and_survive_damage() -> None:
    records = {name: SlotRecord(name, "a.ts", "c", "f", "b", "person") for name in ("z", "a: #'\"é")}
    text = write_records(records).decode()
    assert read_records(text) == records
    assert list(read_records(text)) == sorted(records)
    assert read_records(f"<<<<<<< ours\n{text}") == {}
    assert write_records({}) == write_records(read_records(write_records({}).decode()))


def test_a_contract_changes_with_what_a_body_must_do_and_not_with_its_fallback() -> None:
    def contract(**more: object) -> str:
        service = {"operations": [operation("suggest", ["return 1;"], "x.suggest") | more]}
        return contracts({"services": [service]})["x.suggest"]

    first = contract()
    assert contract(body=["return 2;"]) == first
    assert contract(slot={"id": "x.suggest", "fallback": "steps", "intent": "Do it"}) == first
    assert contract(slot={"id": "x.suggest", "fallback": "steps", "intent": "Do more"}) != first
    assert contract(output_type="Other") != first
    assert contract(input_members=[{"name": "id", "kind": "uuid", "required": False}]) != first
    assert placeholders(answers()) == {"board.suggest", "board.workload"}
