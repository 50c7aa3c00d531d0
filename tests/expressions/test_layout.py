"""Generated statements are in the formatter's layout, whatever the length of the names in them."""

from __future__ import annotations

import difflib
import json
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.layout import Doc
from generator.typescript_layout.nodes import (
    Array,
    Arrow,
    Atom,
    Await,
    Binary,
    Call,
    Conditional,
    Node,
    Object,
    Unary,
    text_literal,
)
from generator.typescript_layout.statements import (
    assignment,
    condition,
    constant,
    loop,
    returned,
    statement,
    written,
)
from tests.expressions.node import binary

STATEMENTS = int(os.environ.get("SPECWRIGHT_LAYOUTS", "600"))
SETTINGS = {
    "formatter": {"indentStyle": "space", "lineWidth": 100},
    "javascript": {"formatter": {"quoteStyle": "single"}},
    "linter": {"enabled": False},
    "assist": {"enabled": False},
}
pytestmark = pytest.mark.stack


class Writer:
    """Random nodes as the writers of expressions and steps make them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def name(self) -> str:
        length = self.random.choice([1, 2, 3, 4, 5, 8, 12, 20, self.random.randint(1, 40)])
        letters = "abcdefghijklmnopqrstuvwxyz"
        return "q" + "".join(self.random.choice(letters) for _ in range(length - 1))

    def path(self) -> Atom:
        return Atom(".".join(self.name() for _ in range(self.random.choice([1, 2, 2, 2, 3]))))

    def atom(self) -> Node:
        words = " ".join(self.name() for _ in range(self.random.randint(0, 4)))
        return self.random.choice(
            [
                self.path,
                self.path,
                self.path,
                self.path,
                lambda: Atom(text_literal(words)),
                lambda: Atom("null"),
                lambda: Atom(str(self.random.randint(0, 10**9))),
                lambda: Atom("true"),
                lambda: Unary("-", self.path()),
                lambda: Atom(f"sql<boolean>`{words} = ${{{self.path().text}}}::uuid`"),
                lambda: Atom(text_literal(words + "'")),
            ]
        )()

    def value(self, depth: int) -> Node:
        if depth <= 0:
            return self.atom()
        deeper: Callable[[], Node] = lambda: self.value(depth - 1)  # noqa: E731
        return self.random.choice(
            [
                self.atom,
                lambda: self.call(depth),
                lambda: self.call(depth),
                lambda: Await(self.call(depth)),
                lambda: self.logical(depth),
                lambda: self.compared(depth),
                lambda: self.computed(depth),
                lambda: Conditional(self.test(depth - 1), deeper(), deeper()),
                lambda: Unary("!", self.test(depth - 1)),
                lambda: self.object(depth),
                lambda: self.array(depth),
                lambda: Binary("??", self.path(), self.atom()),
                lambda: Binary("??", self.path(), self.object(1)),
            ]
        )()

    def call(self, depth: int) -> Node:
        count = self.random.choice([0, 1, 1, 2, 2, 3, 4])
        callee = self.random.choice(
            [self.name(), self.name(), f"scalar<{self.name()}>", "new Date", self.path().text]
        )
        arguments = [self.value(depth - 1) for _ in range(count)]
        return Call(callee, tuple(arguments))

    def with_block(self, depth: int) -> Node:
        """`context.transaction(async (inner) => { ... })`: a block as the last argument of a statement."""
        parameters = tuple(self.name()[:12] for _ in range(self.random.choice([0, 1, 1])))
        statements = tuple(self.statement(depth - 1) for _ in range(self.random.randint(1, 3)))
        before = tuple(self.path() for _ in range(self.random.choice([0, 0, 1, 2])))
        return Await(Call(self.path().text, (*before, Arrow(parameters, statements, is_async=True))))

    def test(self, depth: int) -> Node:
        choices = [
            self.path,
            lambda: self.compared(depth),
            lambda: self.logical(depth),
            lambda: self.call(depth),
            lambda: Unary("!", self.path()),
            lambda: Await(self.call(depth)),
        ]
        return self.random.choice(choices)()

    def logical(self, depth: int) -> Node:
        result = self.test(depth - 1)
        for _ in range(self.random.choice([1, 1, 2, 3])):
            result = (
                Binary(self.operator, result, self.test(depth - 1)) if self.random.random() < 0.8 else result
            )
        return result if isinstance(result, Binary) else Binary("&&", result, self.test(depth - 1))

    @property
    def operator(self) -> str:
        return self.random.choice(["&&", "||"])

    def compared(self, depth: int) -> Node:
        operator = self.random.choice(["===", "!==", "<", ">=", "!="])
        return Binary(operator, self.number(depth), self.number(depth))

    def number(self, depth: int) -> Node:
        return self.computed(depth - 1) if depth > 0 and self.random.random() < 0.4 else self.leaf(depth)

    def leaf(self, depth: int) -> Node:
        return self.random.choice(
            [
                self.path,
                self.path,
                lambda: self.call(depth - 1),
                lambda: Await(self.call(depth - 1)),
                lambda: Atom("0"),
            ]
        )()

    def computed(self, depth: int) -> Node:
        operator = self.random.choice(["+", "-", "*", "/", "+"])
        return Binary(operator, self.number(depth - 1), self.number(depth - 1))

    def object(self, depth: int) -> Node:
        names = [self.name() for _ in range(self.random.choice([0, 1, 2, 2, 3, 5]))]
        entries = {
            name: Atom(name) if self.random.random() < 0.2 else self.value(depth - 1) for name in names
        }
        return Object(tuple(entries.items()))

    def array(self, depth: int) -> Node:
        count = self.random.choice([0, 1, 2, 3, 5])
        if self.random.random() < 0.3:
            return Array(tuple(Atom(str(self.random.randint(0, 10**6))) for _ in range(count * 4)))
        if self.random.random() < 0.5:
            return Array(tuple(Atom(text_literal(self.name())) for _ in range(count)))
        return Array(tuple(self.value(depth - 1) for _ in range(count)))

    def statement(self, depth: int) -> Doc:
        if depth < 0:
            return statement(self.call(1))
        return self.random.choice(
            [
                lambda: constant(self.name(), self.value(depth)),
                lambda: constant(self.name(), self.value(depth)),
                lambda: returned(self.value(depth)),
                lambda: statement(self.started(depth)),
                lambda: statement(Await(self.call(depth))),
                lambda: statement(self.with_block(depth)),
                lambda: returned(self.with_block(depth)),
                lambda: constant(self.name(), self.with_block(depth)),
                lambda: assignment(self.name(), self.value(depth)),
                lambda: condition(self.test(depth), [self.statement(depth - 1)], [self.statement(0)]),
                lambda: condition(self.test(depth), [self.statement(0)]),
                lambda: loop(self.name(), self.path(), [self.statement(depth - 1)]),
            ]
        )()

    def started(self, depth: int) -> Node:
        return Call("ensure", (self.test(depth), Atom(text_literal(self.name().upper()))))


def formatted(folder: Path, source: str) -> str:
    """The source as biome writes it."""
    (folder / "biome.json").write_text(json.dumps(SETTINGS))
    (folder / "statements.ts").write_text(source)
    run = subprocess.run(
        [binary("biome"), "format", "--write", "statements.ts"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[:3000]
    return (folder / "statements.ts").read_text()


@pytest.mark.parametrize("seed", range(int(os.environ.get("SPECWRIGHT_LAYOUT_SEEDS", "2"))))
def test_biome_changes_nothing(tmp_path: Path, seed: int) -> None:
    writer = Writer(seed)
    statements = [
        written([writer.statement(writer.random.choice([0, 1, 1, 2, 3]))], 2) for _ in range(STATEMENTS)
    ]
    functions = [f"export async function f{at}() {{\n{text}\n}}\n" for at, text in enumerate(statements)]
    result = formatted(tmp_path, "\n".join(functions))
    pieces = [piece if piece.endswith("}\n") else piece + "\n" for piece in result.split("\n\nexport ")]
    found = [pieces[0], *("export " + piece for piece in pieces[1:])]
    differing = [(ours, theirs) for ours, theirs in zip(functions, found, strict=False) if ours != theirs]
    shortest = sorted(differing, key=lambda pair: len(pair[0]))[:4]
    diff = "\n".join(
        "".join(difflib.unified_diff(a.splitlines(True), b.splitlines(True), n=9)) for a, b in shortest
    )
    assert not differing, f"{len(differing)} of {STATEMENTS} statements are laid out otherwise:\n{diff}"
