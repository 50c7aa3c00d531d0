"""Generated expressions pass the strict compiler, the linter and the formatter of the generated project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from generator.expressions.checking import check
from generator.expressions.typed import Typed
from generator.expressions.types import ExpressionProblems, Member
from generator.expressions.typescript import Code, type_name, write_typescript
from generator.typescript_layout.statements import returned, written
from tests.expressions import samples
from tests.expressions.node import ROOT, RUNTIME, binary

COUNT = int(os.environ.get("SPECWRIGHT_EXPRESSIONS", "200"))
BASE = ROOT / "blueprints/express-react/{{ when.base }}"
KERNEL = """\
export interface Context {
  readonly now: Date;
  readonly config: { readonly LIMIT: number; readonly WAIT: number };
}
interface Model {
  readonly table: string;
}
interface Query {
  readonly text: string;
}
type Ask<Value> = (context: Context, model: Model, ...queries: Query[]) => Promise<Value>;
export declare const items: Model;
type Typed<Value> = Query & { readonly value?: Value };
export declare function sql<Value = unknown>(parts: TemplateStringsArray, ...values: unknown[]): Typed<Value>;
export declare const count: Ask<number>;
export declare const exists: Ask<boolean>;
export declare function sum<Value extends number | string>(...all: Parameters<Ask<Value>>): Promise<Value>;
export declare function minimum<Value>(...all: Parameters<Ask<Value>>): Promise<Value | null>;
export declare function maximum<Value>(...all: Parameters<Ask<Value>>): Promise<Value | null>;
export declare function scalar<Value>(context: Context, query: Query): Promise<Value>;
"""
FAILURE = """\
export class Failure extends Error {
  constructor(code: string, _params?: object) {
    super(code);
  }
}
"""
pytestmark = pytest.mark.stack


def random_code() -> list[tuple[Typed, Code]]:
    found: list[tuple[Typed, Code]] = []

    @settings(
        max_examples=COUNT,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(samples.expressions(mixed=True))
    def collect(text: str) -> None:
        try:
            typed = check(text, samples.MIXED_SCOPE)
        except ExpressionProblems:
            return
        found.append((typed, write_typescript(typed)))

    collect()
    return found


def interface(name: str, members: dict[str, Member], row: bool) -> str:
    lines: list[str] = []
    for member in members.values():
        unset = " | null" if member.type.optional else ""
        if member.derived is not None or member.relation is not None:
            continue
        if row and member.type.kind == "money":
            lines.append(f"  {member.column}: number{unset};")
            lines += [f"  {member.currency_column}: string{unset};"] if member.currency_column else []
        else:
            lines.append(f"  {member.column if row else member.json}: {type_name(member.type)};")
    return f"export interface {name} {{\n" + "\n".join(lines) + "\n}\n"


def imported(names: list[str], path: str) -> str:
    line = f"import {{ {', '.join(names)} }} from '{path}';"
    if len(line) <= 100:
        return line
    return "\n".join(["import {", *(f"  {name}," for name in names), f"}} from '{path}';"])


def test_the_tools_find_nothing(tmp_path: Path) -> None:
    code = random_code()
    runtime = {name for _, each in code for name in each.runtime} - {"Money"}
    kernel = sorted({name for _, each in code for name in each.kernel | each.models})
    parts = [
        imported([*sorted(runtime), "type Money"], "./expression.js"),
        imported([*kernel, "type Context"], "./kernel.js") + "\n",
        interface("Row", dict(samples.SAMPLE.members), row=True),
        interface("Input", dict(samples.MIXED_SCOPE.shapes["Input"].members), row=False),
        "export type Total = Money;\n",
    ]
    for at, (_, each) in enumerate(code):
        head = f"export async function f{at}(context: Context, row: Row, input: Input) {{"
        unused = "  return [context, row, input, await Promise.resolve()];"
        value = written([returned(each.node)], 2)
        parts.append(f"{head}\n  if (row.flag) {{\n  {unused}\n  }}\n{value}\n}}\n")
        assert ("await " in each.text) == each.awaits
    source = tmp_path / "src"
    source.mkdir()
    (source / "generated.ts").write_text("\n".join(parts))
    (source / "kernel.ts").write_text(KERNEL)
    (source / "failure.ts").write_text(FAILURE)
    shutil.copy(RUNTIME, source)
    options = json.loads((BASE / "tsconfig.base.json").read_text())["compilerOptions"]
    options |= {"types": [], "noEmit": True, "composite": False, "declaration": False, "sourceMap": False}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["src"]}))
    (tmp_path / "package.json").write_text('{"type": "module"}\n')
    biome = json.loads((BASE / "biome.json").read_text())
    del biome["$schema"]
    # Conditions on literals, or on a value and itself, are what random rules say, not how they are written.
    rules = biome["linter"]["rules"]
    rules.setdefault("correctness", {})["noConstantCondition"] = "off"
    rules.setdefault("suspicious", {})["noSelfCompare"] = "off"
    rules.setdefault("complexity", {})["noUselessTernary"] = "off"
    (tmp_path / "biome.json").write_text(json.dumps(biome))
    for command in (
        [binary("tsc"), "-p", "."],
        [binary("biome"), "ci", "--colors=off", "src/generated.ts"],
    ):
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout[:4000] + run.stderr[:4000]
