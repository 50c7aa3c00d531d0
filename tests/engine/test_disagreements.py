"""What is told of a conflict: few lines, the words that differ, and nothing where it cannot be told."""

from __future__ import annotations

import pytest

from generator.disagreements import conflict_data, conflict_lines, disagreements_of
from generator.merging.changes import Action, Change
from generator.merging.three_way import merge_three
from generator.merging.words import plain, words_between
from generator.outcome import Outcome


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (["const size = 3;"], ["const size = 4;"], ["const size = [-3-]{+4+};"]),
        (["a(b, c)"], ["a(b, c, d)"], ["a(b, c{+, d+})"]),
        (["one thing"], ["something else altogether"], ["[-one thing-]", "{+something else altogether+}"]),
        (["a: 1"], ["a: 1", "b: 2"], ["{+b: 2+}"]),
        (["  a: 1", "  b: 2"], ["  b: 2"], ["[-a: 1-]"]),
        (["ein Fluß"], ["ein großer Fluß"], ["ein {+großer +}Fluß"]),
        (["same"], ["same"], []),
    ],
)
def test_words_that_differ_are_marked_as_git_marks_them(
    before: list[str], after: list[str], told: list[str]
) -> None:
    assert [plain(line) for line in words_between(before, after)] == told


def test_pieces_make_up_both_lines() -> None:
    before, after = "  if (a && b) {", "  if (a || b.c) {"
    (line,) = words_between([before], [after])
    assert "".join(text for kind, text in line if kind != "new") == before
    assert "".join(text for kind, text in line if kind != "gone") == after


def conflict(base: str, ours: str, theirs: str) -> Change:
    merged = merge_three("a.ts", base.encode(), ours.encode(), theirs.encode())
    return Change("a.ts", Action.CONFLICT, ours.encode(), merged.content, None, "base", places=merged.places)


NOTHING = Outcome((), (), ())


def test_many_conflicts_and_long_ones_are_cut_short() -> None:
    base = "".join(f"line {number}\nstays {number}\n" for number in range(5))
    found = conflict(base, base.replace("line", "mine"), base.replace("line", "other"))
    lines = conflict_lines(found, NOTHING)
    assert len(disagreements_of(found)) == 5 and len(conflict_data(found)) == 5
    assert sum(line.startswith("    line ") for line in lines) == 3 and lines[-1] == "    and 2 more"
    ours, theirs = ("".join(f"{side} {number}\n" for number in range(20)) for side in ("mine", "other"))
    long = conflict_lines(conflict("", ours, theirs), NOTHING)
    assert len(long) == 9 and long[-1].endswith("and 34 lines more")
    # What is gone, then what is new: lines in turn would say nothing.
    assert long[2].endswith("[-mine 0-]") and long[3].endswith("[-mine 1-]")


def test_lines_are_those_of_the_file() -> None:
    found = conflict("a\nb\nc\n", "a\nmine\nc\n", "new\na\nother\nc\n")
    (place,) = disagreements_of(found)
    assert (found.after or b"").splitlines()[place.line - 1] == b"<<<<<<< yours"
    assert (place.base, place.ours, place.theirs) == (("b",), ("mine",), ("other",))


def test_a_file_that_holds_no_markers_is_told_by_its_note_alone() -> None:
    binary = Change("logo.png", Action.CONFLICT, b"\0", b"\0", None, "base", note="it is no text")
    assert conflict_lines(binary, NOTHING) == ["  logo.png: it is no text"]
    assert conflict_data(binary) == []


def test_what_a_room_brings_stands_with_its_files_alone() -> None:
    found = conflict("a\n", "mine\n", "other\n")
    told = Outcome((), (), (), brought={"base": ("The letter is another",), "model": ("Titles are long",)})
    assert conflict_lines(found, told)[1] == "    base: The letter is another"
    assert "Titles" not in "".join(conflict_lines(found, told))
