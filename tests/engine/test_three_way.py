"""Three versions of a file: nothing that a person wrote is lost, and what is generated arrives."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from generator.git import GitError, GitMissing, merge_file
from generator.merging import three_way
from generator.merging.keyed import KeyConflict, merge_keys
from generator.merging.three_way import marked_whole, merge_three

LINES = st.lists(st.sampled_from([f"line {number}" for number in range(9)]), max_size=12)


def text_of(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@st.composite
def edits(draw: st.DrawFn, lines: list[str], mark: str) -> list[str]:
    """The lines with some taken out and some put in that nobody else writes."""
    result: list[str] = []
    for number, line in enumerate(lines):
        if draw(st.integers(0, 4)) == 0:
            result.append(f"{mark} {number}")
        if draw(st.integers(0, 4)) > 0:
            result.append(line)
    if draw(st.booleans()):
        result.append(f"{mark} end")
    return result


@st.composite
def versions(draw: st.DrawFn) -> tuple[list[str], list[str], list[str]]:
    base = draw(LINES)
    return base, draw(edits(base, "mine")), draw(edits(base, "theirs"))


@settings(deadline=None)
@given(versions())
def test_every_line_of_both_is_in_the_result(three: tuple[list[str], list[str], list[str]]) -> None:
    base, ours, theirs = three
    merged = merge_three("a.ts", text_of(base), text_of(ours), text_of(theirs))
    lines = Counter(merged.content.decode().splitlines())
    assert not {line for line in ours if line.startswith("mine")} - {*lines}
    assert not {line for line in theirs if line.startswith("theirs")} - {*lines}
    if not merged.conflicts:
        assert not any(line.startswith(("<<<<<<<", "=======", ">>>>>>>")) for line in lines)
        for line in {*base}:
            # A line that one side alone took out stays out.
            removed = max(base.count(line) - ours.count(line), 0) + max(
                base.count(line) - theirs.count(line), 0
            )
            assert base.count(line) - removed <= lines[line] <= base.count(line)


@settings(deadline=None)
@given(versions())
def test_a_conflict_is_no_bigger_than_gits_own(three: tuple[list[str], list[str], list[str]]) -> None:
    merged = merge_three("a.ts", *map(text_of, three))
    _, *conflicts = merged.content.decode().split("<<<<<<< yours\n")
    assert len(conflicts) == merged.conflicts == len(merged.places)
    disagreed = 0
    for conflict in conflicts:
        own, _, rest = conflict.partition("=======\n")
        ours, theirs = own.splitlines(), rest.partition(">>>>>>> ")[0].splitlines()
        disagreed += len(ours) + len(theirs)
        if ours and theirs:
            assert ours[0] != theirs[0] and ours[-1] != theirs[-1]
    of_git, _ = merge_file(*map(text_of, three))
    assert disagreed <= between_markers(of_git.decode())


def between_markers(text: str) -> int:
    """How many lines stand between the markers of conflicts."""
    parts = [part.partition(">>>>>>> ")[0] for part in text.split("<<<<<<< yours\n")[1:]]
    return sum(len(part.splitlines()) - 1 for part in parts)


@settings(deadline=None)
@given(versions())
def test_changes_that_touch_are_no_conflict(three: tuple[list[str], list[str], list[str]]) -> None:
    base, _, theirs = three
    if not base:
        return
    ours = [f"mine of {line}" for line in base]
    inserted = [*base, "theirs at the end"]
    merged = merge_three("a.ts", text_of(base), text_of(ours), text_of(inserted))
    assert (merged.conflicts, merged.content) == (0, text_of([*ours, "theirs at the end"]))
    before = merge_three("a.ts", text_of(base), text_of(ours), text_of(["theirs", *base]))
    assert (before.conflicts, before.content) == (0, text_of(["theirs", *ours]))
    assert merge_three("a.ts", text_of(base), text_of(ours), text_of(theirs)).conflicts <= len(base)


def test_a_conflict_is_as_small_as_the_disagreement() -> None:
    base = b"a\nb\nc\nd\ne\n"
    ours, theirs = b"a\nmine\nc\nd\nmine too\nof e\n", b"new\na\ntheirs\nc\nd\ntheirs too\nof e\n"
    merged = merge_three("a.ts", base, ours, theirs)
    assert merged.conflicts == 2
    lines = merged.content.decode().splitlines()
    assert lines[:2] == ["new", "a"] and lines[-1] == "of e"
    assert lines[2:7] == ["<<<<<<< yours", "mine", "=======", "theirs", ">>>>>>> as it is generated now"]


def test_what_one_side_did_beside_a_disagreement_is_made() -> None:
    base, ours = b"a\nb\nc\n", b"mine\nb\nmine too\n"
    theirs = b"theirs\nb\nc\nd\n"
    merged = merge_three("a.ts", base, ours, theirs)
    assert merged.content == (
        b"<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> as it is generated now\nb\nmine too\nd\n"
    )
    assert [place.base for place in merged.places] == [[b"a\n"]]


def test_lines_that_both_put_in_are_no_part_of_a_conflict() -> None:
    ours, theirs = b"a\nx\ny = 1\n}\nz\nb\n", b"a\nx\ny = 2\n}\nz\nb\n"
    merged = merge_three("a.ts", b"a\nb\n", ours, theirs)
    conflict = b"<<<<<<< yours\ny = 1\n=======\ny = 2\n>>>>>>> as it is generated now\n"
    assert merged.content == b"a\nx\n" + conflict + b"}\nz\nb\n"


def test_a_file_in_conflict_as_a_whole_is_so_from_where_its_versions_differ() -> None:
    merged = marked_whole(b"a\nmine\nb\n", b"a\ntheirs\nb\n")
    assert merged.content == b"a\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> as it is generated now\nb\n"


def test_markers_that_stand_in_a_file_are_lines_like_others() -> None:
    base = b"a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\nd\n"
    merged = merge_three("a.ts", base, base.replace(b"b", b"mine"), base.replace(b"d", b"theirs"))
    assert merged.conflicts == 0 and merged.content == base.replace(b"b", b"mine").replace(b"d", b"theirs")


@given(LINES, LINES)
def test_one_side_that_did_nothing_leaves_it_to_the_other(base: list[str], other: list[str]) -> None:
    unchanged, changed = text_of(base), text_of(other)
    for ours, theirs in ((unchanged, changed), (changed, unchanged), (changed, changed)):
        assert merge_three("a.ts", unchanged, ours, theirs).content == changed
        assert merge_three("a.ts", unchanged, ours, theirs).conflicts == 0


@settings(deadline=None)
@given(versions())
def test_line_ends_a_mark_and_a_missing_last_end_are_the_persons(
    three: tuple[list[str], list[str], list[str]],
) -> None:
    base, ours, theirs = map(text_of, three)
    plain = merge_three("a.ts", base, ours, theirs)
    if b"\n" in ours:
        turned = merge_three("a.ts", base, ours.replace(b"\n", b"\r\n"), theirs)
        assert turned.content == plain.content.replace(b"\n", b"\r\n")
    marked = merge_three("a.ts", base, b"\xef\xbb\xbf" + ours, theirs)
    assert marked.content == b"\xef\xbb\xbf" + plain.content
    if ours:
        assert merge_three("a.ts", base, ours[:-1], theirs).content in (plain.content[:-1], plain.content)


def test_a_binary_file_that_both_changed_is_kept() -> None:
    merged = merge_three("logo.png", b"\0base", b"\0mine", b"\0theirs")
    assert (merged.content, merged.conflicts, merged.reason) == (b"\0mine", 1, "it is no text")
    assert merge_three("logo.png", b"\0base", b"\0base", b"\0theirs").content == b"\0theirs"
    assert merge_three("logo.png", b"\0base", b"\0mine", b"\0base").content == b"\0mine"


def test_what_git_refuses_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: bytes) -> tuple[bytes, int]:
        raise GitError("git merge-file ended with 255")

    monkeypatch.setattr(three_way, "merge_file", fail)
    merged = merge_three("a.ts", b"a\n", b"mine\n", b"theirs\n")
    assert (merged.content, merged.conflicts) == (b"mine\n", 1) and "git" in merged.reason


def test_without_git_nothing_is_merged_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert merge_three("a.ts", b"a\n", b"a\n", b"theirs\n").content == b"theirs\n"
    with pytest.raises(GitMissing, match="cannot be started"):
        merge_three("a.ts", b"a\n", b"mine\n", b"theirs\n")


def test_texts_that_are_no_utf8_merge_as_lines() -> None:
    merged = merge_three("a.txt", b"\xff\nb\nc\n", b"\xff\nb\nc\nm\xe9\n", b"new\n\xff\nb\nc\n")
    assert merged.content == b"new\n\xff\nb\nc\nm\xe9\n" and merged.conflicts == 0


PACKAGE = '{\n  "name": "a",\n  "scripts": {\n    "dev": "run"\n  },\n  "files": ["dist"]\n}\n'


def test_json_whose_lines_conflict_merges_by_key() -> None:
    ours = PACKAGE.replace('"dev": "run"\n', '"dev": "run",\n    "mine": "x"\n').replace(
        '"dist"', '"dist", "a"'
    )
    theirs = PACKAGE.replace('"dev": "run"\n', '"dev": "run",\n    "test": "y"\n').replace(
        '"dist"', '"dist", "b"'
    )
    merged = merge_three("package.json", PACKAGE.encode(), ours.encode(), theirs.encode())
    assert merged.conflicts == 0
    data = json.loads(merged.content)
    assert data == {
        "name": "a",
        "scripts": {"dev": "run", "test": "y", "mine": "x"},
        "files": ["dist", "a", "b"],
    }
    assert b'  "files": ["dist", "a", "b"]\n' in merged.content


def test_one_key_that_both_changed_is_a_conflict_between_markers() -> None:
    ours, theirs = (PACKAGE.replace('"run"', word).encode() for word in ('"mine"', '"theirs"'))
    merged = merge_three("package.json", PACKAGE.encode(), ours, theirs)
    assert merged.conflicts == 1 and b"<<<<<<< yours" in merged.content


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ('{"a": 1}', '{"a": 2}', '{"a": 3}'),
        ('{"a": 1}', "{}", '{"a": 3}'),
        ('{"a": 1}', '{"a": 2}', "{}"),
        ("{}", '{"a": 2}', '{"a": 3}'),
        ('{"a": [1]}', '{"a": [1, 1]}', '{"a": [1, 2]}'),
        ('{"a": {"b": 1}}', '{"a": 4}', '{"a": {"b": 2}}'),
        ('{"a": 0}', '{"a": 1}', '{"a": true}'),
        ("[1]", "[1, 2]", "[1, 3]"),
    ],
)
def test_keys_in_conflict(base: str, ours: str, theirs: str) -> None:
    with pytest.raises(KeyConflict):
        merge_keys("a.json", base, ours, theirs)


MAPS = st.recursive(
    st.integers(0, 3), lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=4), max_leaves=8
)


@given(*[st.dictionaries(st.sampled_from("abcd"), MAPS, max_size=4)] * 3)
def test_what_each_side_changed_alone_is_in_the_result(
    base: dict[str, object], ours: dict[str, object], theirs: dict[str, object]
) -> None:
    try:
        merged = json.loads(merge_keys("a.json", *map(json.dumps, (base, ours, theirs))))
    except KeyConflict:
        assert ours not in (base, theirs) and theirs != base
        return
    absent = object()
    for key in {*base, *ours, *theirs}:
        old, own, new = (each.get(key, absent) for each in (base, ours, theirs))
        if old == new or own == new:
            assert merged.get(key, absent) == own
        elif old == own:
            assert merged.get(key, absent) == new


def test_yaml_keeps_comments_quotes_and_indentation() -> None:
    base = "on:\n  push:\njobs:\n  steps:\n    - run: a\n    - run: b\n"
    ours = (
        "# Mine\non:\n  push: # all\n  schedule: '5 4 * * *'\n"
        "jobs:\n  steps:\n    - run: a\n    - run: b\n    - run: mine\n"
    )
    theirs = "on:\n  push:\n  pull_request:\njobs:\n  steps:\n    - run: a\n    - run: b\n    - run: c\n"
    merged = merge_three(".github/workflows/ci.yml", base.encode(), ours.encode(), theirs.encode())
    assert merged.conflicts == 0
    text = merged.content.decode()
    assert text.startswith("# Mine\non:\n  push: # all\n") and "  schedule: '5 4 * * *'\n" in text
    data = YAML(typ="safe").load(text)
    assert [step["run"] for step in data["jobs"]["steps"]] == ["a", "b", "mine", "c"]
    assert [*data["on"]] == ["push", "pull_request", "schedule"]


def test_toml_keeps_comments() -> None:
    base = "[project]\nname = 'a'\ndependencies = ['x']\n"
    ours = "[project]\nname = 'a' # mine\ndependencies = ['x', 'mine']\n[tool.mine]\nb = 1\n"
    theirs = "[project]\nname = 'a'\nversion = '1'\ndependencies = ['x', 'theirs']\n"
    merged = merge_three("pyproject.toml", base.encode(), ours.encode(), theirs.encode())
    data = tomlkit.parse(merged.content.decode()).unwrap()
    assert "# mine" in merged.content.decode()
    assert data == {
        "project": {"name": "a", "dependencies": ["x", "mine", "theirs"], "version": "1"},
        "tool": {"mine": {"b": 1}},
    }
