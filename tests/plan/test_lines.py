"""Lines, types, routes and other short texts: read, printed, refused at the right character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.plan.lines import (
    ARGUMENTS,
    FLAGS,
    LineProblem,
    read_line,
    read_type,
    write_line,
)
from generator.plan.patterns import fault_of
from generator.plan.routes import read_ordering, read_rate_limit, read_route
from generator.plan.values import TypeLine

NAME = st.from_regex(r"[a-z][a-z0-9]{0,9}(_[a-z0-9]{1,9}){0,2}", fullmatch=True)
ENTITY = st.from_regex(r"[A-Z][A-Za-z0-9]{0,20}", fullmatch=True)
SIMPLE = st.sampled_from([name for name, (least, _) in ARGUMENTS.items() if least == 0])
LEAF = (
    SIMPLE.map(lambda name: TypeLine(name=name))
    | st.integers(1, 9999).map(lambda size: TypeLine(name="varchar", arguments=(str(size),)))
    | st.integers(0, 9).map(lambda scale: TypeLine(name="decimal", arguments=("10", str(scale))))
    | st.lists(NAME.filter(lambda name: name not in ("true", "false", "null")), min_size=1, unique=True).map(
        lambda members: TypeLine(name="enum", arguments=tuple(members))
    )
    | st.sampled_from(["EUR", "tenant.currency"]).map(lambda of: TypeLine(name="money", arguments=(of,)))
    | ENTITY.map(lambda name: TypeLine(name="ref", arguments=(name,)))
    | ENTITY.map(lambda name: TypeLine(name="many", arguments=(name,)))
    | ENTITY.map(lambda name: TypeLine(name="named", arguments=(name,)))
    | st.tuples(ENTITY, NAME).map(lambda pair: TypeLine(name="member", arguments=pair))
)
TYPE = st.recursive(
    LEAF,
    lambda inner: st.builds(TypeLine, name=st.sampled_from(["array", "list", "page"]), inner=inner),
    max_leaves=3,
)


@given(kind=TYPE)
def test_types_come_back(kind: TypeLine) -> None:
    assert read_type(str(kind)) == kind


@given(
    kind=TYPE,
    flags=st.sets(st.sampled_from(FLAGS)).filter(lambda flags: not {"required", "optional"} <= flags),
    default=st.none() | st.text(min_size=1).map(str.strip).filter(bool),
)
def test_lines_come_back(kind: TypeLine, flags: set[str], default: str | None) -> None:
    text = write_line(kind, tuple(flags), default)
    line = read_line(text)
    assert (line.type, set(line.flags), line.default) == (kind, flags, default)
    if default is not None:
        assert text[line.default_offset :] == default


@given(text=st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_line, read_type, read_ordering, read_route, read_rate_limit):
        try:
            read(text)
        except LineProblem as problem:
            assert 0 <= problem.offset <= len(text) + 1
            assert problem.message


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("varchar(200) requird", 13),
        ("enum(a, b", 4),
        ("varchar(x)", 8),
        ("text =", 5),
        ("Task.", 5),
        ("text required=1 =", None),
        ("array(varchr(3))", 0),
    ],
)
def test_the_character_is_named(text: str, offset: int | None) -> None:
    if offset is None:
        assert read_line(text).default == "1 ="
        return
    with pytest.raises(LineProblem) as raised:
        read_line(text)
    assert raised.value.offset == offset or text.startswith("array")


@pytest.mark.parametrize("text", ["GET /", "GET /a/{id}/b-c", "DELETE /a.b/{some_id}"])
def test_routes(text: str) -> None:
    assert read_route(text) == {"method": text.split()[0], "route": text.split()[1]}


@pytest.mark.parametrize(
    "text",
    [
        "get /a",
        "GET a",
        "GET /a b",
        "GET /a/",
        "GET //a",
        "GET /{Id}",
        "GET /{a}/{a}",
        "GET /{a",
        "GET /a?b=c",
    ],
)
def test_routes_that_are_refused(text: str) -> None:
    with pytest.raises(LineProblem):
        read_route(text)


@pytest.mark.parametrize(
    "pattern",
    ["^[A-Z][A-Z0-9]+$", "^#[0-9a-f]{6}$", r"a|b(?:c)\d{1,3}", r"[\w.-]+@[^@]+", r"\\x?", r"[\]\[]", "a{2,}"],
)
def test_patterns_of_the_common_part(pattern: str) -> None:
    assert fault_of(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "offset"),
    [
        ("a(?=b)", 1),
        ("(?<n>a)", 0),
        ("(?i)a", 0),
        (r"\bword", 0),
        (r"(a)\1", 3),
        (r"\p{L}", 0),
        (r"\u0041", 0),
        ("a*?", 2),
        ("a++", 2),
        ("[[:alpha:]]", 1),
        ("[a&&b]", 2),
        ("[]a]", 0),
        (r"[\D]", 1),
        ("a{,3}", 1),
        ("x{", 1),
        ("a\\", 1),
        ("(a", 0),
        ("*a", 0),
    ],
)
def test_patterns_outside_of_it(pattern: str, offset: int) -> None:
    fault = fault_of(pattern)
    assert fault is not None and fault[0] == offset
