"""Small wrongs put into generated TypeScript: each is one that a plausible mistake would make.

A mutation is a kind of place, found by its form wherever generated code has it, and what stands there instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RULES = ("acceptance.test.ts", "slots.test.ts", "integration/states", "integration/rules")
RESOURCES = ("integration/lists", "integration/resources", "integration/rules")
KERNEL = ("unit/records", "unit/resources", "unit/problem")


@dataclass(frozen=True)
class Mutation:
    """One change: what it is, where, the text with it, and the tests that are related to the file."""

    name: str
    path: str
    text: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of change, at every place of that form in some files, or at the first one."""

    name: str
    files: str
    found: str
    instead: str
    tests: tuple[str, ...]
    everywhere: bool = False


KINDS = (
    # Operations and slots.
    Kind("a where dropped", "server/src/services/board.service.ts", r" and [a-z_.]+ <> '\w+'", "", RULES),
    Kind(
        "a where of a slot dropped",
        "server/src/services/board.slots.ts",
        r" and [a-z_.]+ <> '\w+'",
        "",
        RULES,
    ),
    Kind("a null check flipped", "server/src/services/board.slots.ts", r"is not null", "is null", RULES),
    Kind("a null check turned", "server/src/services/board.slots.ts", r"is null", "is not null", RULES),
    Kind(
        "a limit moved", "server/src/services/board.service.ts", r"\) < (context\.config)", r") <= \1", RULES
    ),
    Kind(
        "a requirement skipped",
        "server/src/services/board.service.ts",
        r"ensure\(\s*\(await",
        "ensure(true || (await",
        RULES,
    ),
    Kind(
        "a step's value changed",
        "server/src/services/board.service.ts",
        r"assignee_id: person\.id",
        "assignee_id: null",
        RULES,
    ),
    Kind(
        "an update left out", "server/src/services/board.service.ts", r"task = await update\(.*\);", "", RULES
    ),
    Kind("an event left out", "server/src/services/board.service.ts", r"await emit\(.*\);", "", RULES),
    Kind(
        "a returned value changed",
        "server/src/services/board.slots.ts",
        r"openTasks: await count",
        "openTasks: 1 + await count",
        RULES,
    ),
    # States.
    Kind(
        "a guard skipped", "server/src/services/*.transitions.ts", r"ensure\(", "ensure(true || ", RULES, True
    ),
    Kind(
        "a condition flipped",
        "server/src/services/*.transitions.ts",
        r"!\(await exists",
        "(await exists",
        RULES,
    ),
    Kind(
        "a comparison flipped",
        "server/src/services/*.transitions.ts",
        r"row\.done_at >",
        "row.done_at <",
        RULES,
    ),
    Kind(
        "a transition's from widened",
        "server/src/services/*.transitions.ts",
        r"from: \['doing'\]",
        "from: ['doing', 'todo']",
        RULES,
        True,
    ),
    Kind(
        "a transition's to changed",
        "server/src/services/*.transitions.ts",
        r"to: 'doing'",
        "to: 'blocked'",
        RULES,
    ),
    Kind(
        "a set member left out",
        "server/src/services/*.transitions.ts",
        r"return \{ \w+: (?:null|context\.now) \};",
        "return {};",
        RULES,
        True,
    ),
    # Lists.
    Kind(
        "an order reversed",
        "server/src/services/task.service.ts",
        r"'priority desc'",
        "'priority'",
        RESOURCES,
    ),
    Kind(
        "a part of an order left out",
        "server/src/services/task.service.ts",
        r"order: \[.*\]",
        "order: ['created_at']",
        RESOURCES,
    ),
    Kind(
        "a filter on another column",
        "server/src/services/task.service.ts",
        r"equal\('assignee_id'\)",
        "equal('parent_id')",
        RESOURCES,
    ),
    Kind(
        "a bound flipped",
        "server/src/services/task.service.ts",
        r"(dueOnBefore: )before",
        r"\1from",
        RESOURCES,
    ),
    Kind(
        "a column not searched",
        "server/src/services/task.service.ts",
        r"search: \['title', 'description'\]",
        "search: ['title']",
        RESOURCES,
    ),
    Kind(
        "a sort on another column",
        "server/src/services/task.service.ts",
        r"priority: 'priority'",
        "priority: 'title'",
        RESOURCES,
    ),
    # Shapes and rules of rows.
    Kind(
        "a field's max dropped",
        "contract/src/task.ts",
        r"integer\(\{ min: 1, max: 5 \}\)\.default",
        "integer({ min: 1 }).default",
        RESOURCES,
    ),
    Kind(
        "a text's length dropped",
        "contract/src/person.ts",
        r"(Create = [\s\S]*?)text\(\{ max: 100 \}\)",
        r"\1text()",
        RESOURCES,
    ),
    Kind("a default changed", "contract/src/task.ts", r"\.default\(3\)", ".default(4)", RESOURCES),
    Kind(
        "a normalisation dropped",
        "contract/src/label.ts",
        r"(Create = [\s\S]*?), normalize: 'lower'",
        r"\1",
        (*RESOURCES, "property/inputs"),
    ),
    Kind(
        "a required member made optional",
        "contract/src/comment.ts",
        r"(Create = [\s\S]*?authorId: uuid\(\))",
        r"\1.optional()",
        RESOURCES,
    ),
    Kind(
        "another error told",
        "server/src/constraints.ts",
        r"code: '[A-Z_]+'",
        "code: 'CONFLICT'",
        RESOURCES,
        True,
    ),
    Kind("a computed member flipped", "server/src/models/project.model.ts", r"<> 'done'", "= 'done'", RULES),
    Kind(
        "a soft deletion made final",
        "server/src/models/project.model.ts",
        r"softDelete: true,",
        "",
        RESOURCES,
    ),
    Kind("versions not counted", "server/src/models/task.model.ts", r"versioned: true,", "", RESOURCES),
    Kind(
        "a column shown in another's place",
        "server/src/models/task.model.ts",
        r"row\.parent_id",
        "row.assignee_id",
        RESOURCES,
    ),
    # What all generated services share.
    Kind(
        "a soft-delete filter dropped",
        "server/src/read.ts",
        r"\(\$\{where\}\) and \$\{within\(context, \w+\)\}",
        "(${where})",
        KERNEL,
        True,
    ),
    Kind(
        "an old version taken",
        "server/src/resource.ts",
        r"checkVersion\(row, input\);",
        "",
        KERNEL + RULES,
        True,
    ),
    Kind(
        "links not written",
        "server/src/resource.ts",
        r"await link\(context, resource, row, input\);",
        "",
        KERNEL,
        True,
    ),
    Kind(
        "a search not escaped",
        "server/src/listing.ts",
        r"query\.search\.replace\(.*?\)\}",
        "query.search}",
        RESOURCES,
    ),
)


def mutations(project: Path) -> Iterator[Mutation]:
    """Every mutation of a generated project.

    Args:
        project: the folder of a generated task tracker.

    Yields:
        One mutation for each place.

    Raises:
        AssertionError: a kind of place is not there any more, so it would prove nothing.
    """
    for kind in KINDS:
        number = 0
        for path in sorted(project.glob(kind.files)):
            text = path.read_text(encoding="utf-8")
            for found in re.finditer(kind.found, text):
                if number and not kind.everywhere:
                    break
                number += 1
                changed = text[: found.start()] + found.expand(kind.instead) + text[found.end() :]
                where = path.relative_to(project).as_posix()
                yield Mutation(f"{kind.name} ({where}, {number})", where, changed, kind.tests)
        assert number, f"{kind.name}: nothing in {kind.files} is like {kind.found}"
