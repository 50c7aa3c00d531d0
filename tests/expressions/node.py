"""A node process that evaluates generated TypeScript, and the npm packages that tests need."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.exclusive import exclusive

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "blueprints/express-react/{{ when.base }}/server/src/expression.ts"
PACKAGES = ("@biomejs/biome@2.5.15", "esbuild@0.25.12", "typescript@7.0.2")


def packages() -> Path:
    """A folder with the packages in `node_modules`, installed once per machine."""
    chosen = os.environ.get("SPECWRIGHT_TEST_CACHE")
    base = Path(chosen) if chosen else Path(tempfile.gettempdir()) / f"specwright-tests-{os.getuid()}"
    folder = base / hashlib.sha256(" ".join(PACKAGES).encode()).hexdigest()[:12]
    done = folder / ".installed"
    with exclusive("packages"):
        if not done.exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text('{"private": true, "type": "module"}\n')
            command = ["npm", "install", "--no-audit", "--no-fund", "--save-exact", *PACKAGES]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            done.touch()
    return folder


def binary(name: str) -> str:
    """The path of a program that a package brings."""
    return str(packages() / "node_modules" / ".bin" / name)


class Evaluator:
    """One process for a whole test run: code and rows go in as lines of JSON, values come out.

    While code runs it may ask for a query; `answer` is called with the SQL and gives the value.
    """

    def __init__(self, folder: Path) -> None:
        shutil.copy(Path(__file__).parent / "evaluator.mjs", folder)
        (folder / "package.json").write_text('{"type": "module"}\n')
        (folder / "failure.js").write_text(
            "export class Failure extends Error {\n"
            "  constructor(code, params) { super(code); this.code = code; this.params = params; }\n}\n"
        )
        build = [binary("esbuild"), str(RUNTIME), "--format=esm", f"--outfile={folder / 'expression.js'}"]
        subprocess.run(build, check=True, capture_output=True)
        self.process = subprocess.Popen(
            ["node", "evaluator.mjs"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "TZ": "America/New_York"},
        )

    def evaluate(self, code: str, values: dict[str, Any], answer: Callable[[str], Any] | None = None) -> Any:
        """The value of an expression, or of a `sql` template its text; {"error": CODE} where it fails."""
        self.send({"code": code, "values": values})
        while True:
            assert self.process.stdout is not None
            line = self.process.stdout.readline()
            assert line, "the evaluator has died"
            message = json.loads(line)
            if "query" not in message:
                return message
            assert answer is not None, message
            self.send({"answer": answer(message["query"])})

    def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)
