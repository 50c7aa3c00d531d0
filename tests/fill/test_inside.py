"""What a body may not have is refused by its text alone; what a colleague would write is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.fill.contract import Contract
from generator.fill.inside import MOST_LINES, leaving, spliced
from generator.fill.workshop import Workshop
from generator.slots import skeleton_hash
from tests.fill.hostile import END, HOSTILE
from tests.fill.projects import FILE, GOOD, WRONG


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused(name: str, contract: Contract, workshop: Workshop) -> None:
    reasons = leaving(contract, workshop.files[FILE], HOSTILE[name])
    assert reasons and all(len(reason) < 300 for reason in reasons)


def test_the_catalogue_is_large() -> None:
    assert len(HOSTILE) >= 100


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        WRONG,
        END,
        "const most = context.config.MAX_OPEN_TASKS;\nensure(most > 0, 'NOT_FOUND');\n" + END,
        "const seen = new Map<string, number>();\nfor (const [key, value] of seen) {\n"
        "  seen.set(key, value + 1);\n}\n" + END,
        "const { personId: id } = input;\nconst known = [id].map((each) => each.trim()).filter(Boolean);\n"
        "const first = known[0] ?? known.at(-1);\n" + f"if (first === undefined) {{ {END} }}\n" + END,
        "let left = 3;\nwhile (left > 0) {\n  left -= 1;\n}\n" + END,
        "const named = (a: number, b = 1): number => a + b;\nconst total = await sum<string>(context, tasks, "
        "sql`tasks.estimate_hours`, sql`lower(tasks.title) like 'a%'`);\n" + END,
        "const order = sql.join([sql`tasks.due_on`, sql.ref('tasks.id')]);\n"
        "const rows = await findMany(context, tasks, sql`true`, { order });\n" + END,
        "try {\n  JSON.parse('1');\n} catch (problem) {\n  if (problem instanceof Failure) {\n"
        "    throw problem;\n  }\n}\n" + END,
        "const at = new Date(context.now.getTime() - 86_400_000);\n// Äpfel, 漢字 and 😀 are text.\n" + END,
    ],
)  # fmt: skip
def test_what_a_colleague_would_write_stays_inside(body: str, contract: Contract, workshop: Workshop) -> None:
    assert leaving(contract, workshop.files[FILE], body) == ()


def test_complete_fallbacks_stay_inside(workshop: Workshop) -> None:
    seat = workshop.seats["board.workload"]
    assert seat.contract is not None
    assert leaving(seat.contract, workshop.files[FILE], seat.contract.fallback) == ()


def test_reasons_name_the_line(contract: Contract, workshop: Workshop) -> None:
    reasons = leaving(contract, workshop.files[FILE], f"const x = 1;\n\nprocess.exit(x);\n{END}")
    assert reasons == ("line 3: `process` is none of the names that it may use",)
    assert "at most" in leaving(contract, workshop.files[FILE], "x;\n" * (MOST_LINES + 1))[0]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*HOSTILE.values(), GOOD, "{", "}", "`", "/*", "*/", "'", "\\", "//", "\n"]),
                max_size=4).map("".join).filter(lambda text: len(text) < 3_000))  # fmt: skip
def test_what_is_not_refused_changes_nothing_around(
    contract: Contract, workshop: Workshop, body: str
) -> None:
    content = workshop.files[FILE]
    if leaving(contract, content, body) == ():
        assert skeleton_hash(spliced(content, contract.id, body)) == skeleton_hash(content)
