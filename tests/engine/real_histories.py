"""Random histories through the real commands: real processes, a real repository of git, real releases.

The blueprints, plans and people are those of `tests.engine.histories`; here the blueprints are templates that
are released, the plan is a file, and `specwright generate` and `specwright update` do the work.
`python -m tests.engine.real_histories` lives 200 of them (`HISTORIES=20` as many as it says).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.recording import ANSWERS_FILE
from generator.slots import skeleton_hash
from tests.engine.copier_projects import git, tree
from tests.engine.evolving import STACK, Evolution, done, run
from tests.engine.histories import Author, Blueprint, Person, Template, tokens

Files = dict[str, bytes]
MODELS = "{% yield entity from each.models %}.{% endyield %}/{{ entity.file }}"


class Publisher:
    """A Specwright whose blueprints are those of histories; its newest release is the one installed."""

    def __init__(self, folder: Path) -> None:
        self.repository = Evolution(folder)
        self.checkout = self.repository.folder
        self.stack = self.checkout / STACK
        self.count = 0
        for room in self.stack.iterdir():
            if room.is_dir():
                shutil.rmtree(room)

    def publish(self, blueprint: Blueprint) -> None:
        """Make a release of templates."""
        self.count += 1
        for name, requires in (("base", ""), ("model", "requires: [base]\n")):
            room = self.stack / f"{{{{ when.{name} }}}}"
            shutil.rmtree(room, ignore_errors=True)
            room.mkdir()
            head = f'id: {name}\ntitle: The {name}\nversion: "{self.count}"\n'
            own = [each for each in blueprint.templates if each.each == (name == "model")]
            was = {place_of(each): [place_of(replace(each, name=old)) for old in each.was] for each in own}
            told = f"was: {json.dumps({place: old for place, old in was.items() if old})}\n"
            (room / "blueprint.yml").write_text(f"{head}{requires}{told}")
            for template in own:
                path = room / place_of(template)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(written(template))
                path.chmod(0o755 if template.executable else 0o644)
        self.repository.commit(f"{6 + self.count}.0.0")


def place_of(template: Template) -> str:
    """Where a template stands in its room."""
    return f"{MODELS}/{template.name}.jinja" if template.each else f"src/{template.name}"


def written(template: Template) -> bytes:
    """The text of a template: rendered for an entity it says the name of that."""
    each = " for {{ entity.name }}" if template.each else ""
    lines = [
        f"// slot: {line[5:]}\n// fallback of {line[5:]}\n// end slot: {line[5:]}\n"
        if line.startswith("slot ")
        else f"{line}{each}\n"
        for line in template.lines
    ]
    return (b"\0" if template.binary else b"") + "".join(lines).encode()


def plan_of(blueprint: Blueprint) -> str:
    """The plan with the entities that a history has come to."""
    entities: dict[str, Any] = {
        name: {**({"was": [*was]} if was else {}), "fields": {"title": "text"}}
        for name, was in blueprint.entities.items()
    }
    return json.dumps({"specwright": 1, "project": "history", "stack": "express-react", "entities": entities})


def generated(publisher: Publisher, plan: str) -> Files:
    """What the newest release generates of a plan in an empty folder."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "plan.yaml").write_text(plan)
        done(publisher.checkout, folder, "generate", "--quiet")
        return contents(folder)


def contents(folder: Path) -> Files:
    """The files of a project that are no state of Specwright's."""
    return {
        path: content
        for path, (content, _) in tree(folder).items()
        if not path.startswith(".specwright/") and path not in (ANSWERS_FILE, "plan.yaml")
    }


def asked(publisher: Publisher, folder: Path, *arguments: str) -> dict[str, Any]:
    """Run a command, and return what it tells programs."""
    ended = run(publisher.checkout, folder, *arguments, "--json")
    assert ended.returncode in (0, 3), f"{arguments}: {ended.stdout}{ended.stderr}"
    told: dict[str, Any] = json.loads(ended.stdout)
    assert told["ok"], told
    return told


def commit(folder: Path) -> None:
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--allow-empty", "--message", "mine", cwd=folder)


def live(publisher: Publisher, folder: Path, chance: random.Random, steps: int = 3) -> Counter[str]:
    """Live one history, and fail where anything is lost, forecast wrongly, or done twice.

    Returns:
        How often its runs did what.
    """
    author, person = Author(chance), Person(folder, chance)
    blueprint = author.first()
    publisher.publish(blueprint)
    folder.mkdir()
    git("init", "--quiet", cwd=folder)
    (folder / "plan.yaml").write_text(plan_of(blueprint))
    asked(publisher, folder, "generate")
    commit(folder)
    former = generated(publisher, plan_of(blueprint))
    lived: Counter[str] = Counter()
    for step in range(steps):
        person.act()
        if chance.random() < 0.7:
            commit(folder)
        command = chance.choice(["generate", "update", "update"])
        blueprint = author.plan(blueprint) if command == "generate" else author.evolved(blueprint)
        if not blueprint.entities:
            blueprint = replace(blueprint, entities={f"Entity{author.count}": ()})
        if command == "update":
            publisher.publish(blueprint)
        (folder / "plan.yaml").write_text(plan_of(blueprint))
        wanted = generated(publisher, plan_of(blueprint))
        told = step_of(publisher, folder, command, former, wanted, f"step {step}, {command}")
        lived.update(file["action"] for file in told["files"])
        person.settle([file["path"] for file in told["files"] if file["action"] == "conflict"])
        commit(folder)
        again = asked(publisher, folder, command)
        assert not again["changed"], f"step {step}: again {again['files']}"
        assert git("status", "--porcelain", cwd=folder) == "", f"step {step}: something was written"
        former = wanted
    return lived


def step_of(
    publisher: Publisher, folder: Path, command: str, former: Files, wanted: Files, where: str
) -> dict[str, Any]:
    """Run a command, first dry, and hold its laws."""
    before, mine = contents(folder), tokens(folder, b"mine")
    all_before = tree(folder)
    forecast = asked(publisher, folder, command, "--dry-run")
    assert tree(folder) == all_before, f"{where}: a dry run has written"
    told = asked(publisher, folder, command)
    after = contents(folder)

    # A dry run predicts exactly what happens.
    foretold = [{key: value for key, value in file.items() if key != "diff"} for file in forecast["files"]]
    assert foretold == told["files"], where
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    written_to = {file["path"] for file in told["files"] if file["action"] in WRITTEN}
    assert changed <= written_to, f"{where}: {changed - written_to} changed, and nothing said so"

    # Every line of the person is in the result, conflicts included.
    lost = mine - tokens(folder, b"mine")
    assert not lost, f"{where}: lost {sorted(lost)}"

    # Everything new of the blueprints is in the result, or said to be missing.
    pending = {file["path"] for file in told["files"] if file.get("pending")}
    pending |= {file.get("from", "") for file in told["files"] if file.get("pending")}
    stands = tokens(folder, b"gen")
    known = {token for content in former.values() for token in lines_of(content)}
    for path, content in wanted.items():
        missing = lines_of(content) - known - stands
        assert not missing or path in pending or moved_by_hand(folder, path) & pending, (
            f"{where}: {path} misses {sorted(missing)}"
        )
    # What nobody has touched is as it is generated now, the bodies of slots aside.
    for path, content in former.items():
        if before.get(path) != content or path in pending:
            continue
        if path in wanted:
            assert skeleton_hash(after[path]) == skeleton_hash(wanted[path]), f"{where}: {path}"
        else:
            assert path not in after or path in changed, f"{where}: {path} was left"
    return told


WRITTEN = {"create", "update", "delete", "merge", "move", "conflict"}


def lines_of(content: bytes) -> set[bytes]:
    return {line.strip() for line in content.replace(b"\0", b"").splitlines() if line.startswith(b"gen")}


def moved_by_hand(folder: Path, path: str) -> set[str]:
    """Where the person has put a file, as the lock has it."""
    lock = json.loads((folder / ".specwright" / "lock.json").read_text())
    place = lock["files"].get(path, {}).get("at")
    return {place} if place else set()


def main() -> None:
    """Live as many histories as `HISTORIES` says, and print what came of them."""
    count = int(os.environ.get("HISTORIES", "200"))
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        publisher = Publisher(Path(place) / "specwright")
        for seed in range(count):
            folder = Path(place) / f"history-{seed}"
            seen.update(live(publisher, folder, random.Random(seed)))
            shutil.rmtree(folder)
            print(f"{seed + 1} of {count}", end="\r", flush=True)
    print(f"{count} histories through the commands: nothing lost, nothing missed, no second run with work")
    print(", ".join(f"{number} {action}" for action, number in sorted(seen.items())))


if __name__ == "__main__":
    main()
