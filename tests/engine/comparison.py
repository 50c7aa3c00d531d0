"""The same histories through Specwright, `git merge` of re-renders and `copier update`: what each loses.

A history is one step: generated, edited by a person, committed, and brought to the next version of the
blueprints. Run it with `python -m tests.engine.comparison`; it prints the table of docs/comparison.md.
"""

from __future__ import annotations

import os
import random
import subprocess
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import copier

from tests.engine.copier_projects import git_environment, publish, tree
from tests.engine.histories import MARKS, Author, Blueprint, Person, carry_out, forecast, tokens

Tool = Callable[[Path, Blueprint, Blueprint, Callable[[Path], None]], set[str]]


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.autocrlf=false", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=git_environment(), capture_output=True, text=True, check=False
    )
    return done.stdout


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)


def write(folder: Path, blueprint: Blueprint) -> None:
    for file in blueprint.rendered():
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        path.chmod(0o755 if file.executable else 0o644)


def specwright(folder: Path, old: Blueprint, new: Blueprint, edit: Callable[[Path], None]) -> set[str]:
    carry_out(folder, forecast(folder, old, old).writes)
    edit(folder)
    outcome = forecast(folder, new, old)
    carry_out(folder, outcome.writes)
    return {
        change.entry.path if change.entry else change.path for change in outcome.changes if change.pending
    }


def git_merge(folder: Path, old: Blueprint, new: Blueprint, edit: Callable[[Path], None]) -> set[str]:
    git(folder, "init", "-q", "-b", "generated")
    write(folder, old)
    commit(folder, "old")
    git(folder, "checkout", "-q", "-b", "main")
    edit(folder)
    commit(folder, "edited")
    git(folder, "checkout", "-q", "generated")
    for path in git(folder, "ls-files").split("\n"):
        if path:
            (folder / path).unlink(missing_ok=True)
    write(folder, new)
    commit(folder, "new")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "-m", "merged", "generated")
    return {*git(folder, "diff", "--name-only", "--diff-filter=U").split("\n")} - {""}


def copier_update(folder: Path, old: Blueprint, new: Blueprint, edit: Callable[[Path], None]) -> set[str]:
    home = folder.parent / "template"
    home.mkdir()
    for tag, blueprint in (("v1.0.0", old), ("v2.0.0", new)):
        for path in [each for each in home.rglob("*") if each.is_file() and ".git" not in each.parts]:
            path.unlink()
        write(home, blueprint)
        (home / "copier.yml").write_text("_exclude: [copier.yml, .git]\n")
        (home / "{{_copier_conf.answers_file}}.jinja").write_text("{{ _copier_answers|to_nice_yaml }}\n")
        publish(home, tag)
    copier.run_copy(str(home), folder, vcs_ref="v1.0.0", defaults=True, quiet=True)
    git(folder, "init", "-q")
    commit(folder, "old")
    edit(folder)
    commit(folder, "edited")
    copier.run_update(folder, vcs_ref="v2.0.0", defaults=True, overwrite=True, quiet=True, conflict="inline")
    return {*git(folder, "diff", "--name-only", "--diff-filter=U").split("\n")} - {""}


def compared(tool: Tool, seed: int) -> Counter[str]:
    """What one history comes to with one tool."""
    author = Author(random.Random(seed))
    old = author.first()
    new = author.evolved(author.evolved(old))
    mine: set[bytes] = set()

    def edit(folder: Path) -> None:
        person = Person(folder, random.Random(seed))
        for _ in range(3):
            person.act()
        mine.update(tokens(folder, b"mine"))

    with TemporaryDirectory() as place:
        folder = Path(place) / "project"
        folder.mkdir()
        told = tool(folder, old, new, edit)
        lost = mine - tokens(folder, b"mine")
        stands = tokens(folder, b"gen")
        # An evolved line that is in no file, though nothing about its file was said.
        fresh = {
            (file.path, token)
            for file in new.rendered()
            for token in lines_of(file.content)
            - {each for base in old.rendered() for each in lines_of(base.content)}
        }
        missed = {token for path, token in fresh if token not in stands and path not in told}
        marked = {path for path, (content, _) in tree(folder).items() if b"\n" + MARKS[0] in b"\n" + content}
        return Counter(
            {
                "histories with a loss": bool(lost),
                "lines of the person lost": len(lost),
                "new lines missing, unsaid": len(missed),
                "files in conflict": len(told | marked),
            }
        )


def lines_of(content: bytes) -> set[bytes]:
    return {line.strip() for line in content.replace(b"\0", b"").splitlines() if line.startswith(b"gen")}


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore")
    os.environ.update(git_environment())
    count = int(os.environ.get("HISTORIES", "100"))
    tools: dict[str, Tool] = {
        "specwright": specwright,
        "git merge of re-renders": git_merge,
        "copier update": copier_update,
    }
    found: dict[str, Counter[str]] = {}
    for name, tool in tools.items():
        found[name] = Counter()
        for seed in range(count):
            try:
                found[name].update(compared(tool, seed))
            except Exception as error:
                found[name][f"failed with {type(error).__name__}"] += 1
    columns = [*dict.fromkeys(key for counts in found.values() for key in counts)]
    print(f"| {count} histories | " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * len(columns))
    for name, counts in found.items():
        print(f"| {name} | " + " | ".join(str(counts[column]) for column in columns) + " |")


if __name__ == "__main__":
    main()
