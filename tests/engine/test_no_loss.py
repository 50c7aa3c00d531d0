"""Whatever a person does between runs, no line they wrote is lost, and a second run changes nothing."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.folder.destination import Destination
from generator.folder.journal import Journal
from generator.merging.changes import Action
from generator.refresh import bring_up_to_date
from generator.render import render
from generator.slots import MarkerError, find_slots, with_bodies
from tests.engine.copier_projects import tree
from tests.engine.samples import answers, entity, operation

OURS_ALONE = (".copier-answers.yml", ".specwright/")
BEFORE = (
    ".gitignore",
    "README.md",
    "package.json",
    ".env.example",
    "server/src/models/item.model.ts",
    "mine.txt",
)


def plan(chance: random.Random) -> dict[str, Any]:
    names = chance.sample(["Item", "List", "Label", "Task"], chance.randint(0, 4))
    fields = ["title", "colour", "due_on", "owner"]
    operations = [
        operation(
            f"op{number}", [f"return {chance.randint(0, 3)};"], f"board.op{number}" if number % 2 else None
        )
        for number in chance.sample(range(6), chance.randint(1, 6))
    ]
    rooms = {room: chance.random() < 0.8 for room in ("model", "service", "migration", "ci")}
    return answers(
        entities=[entity(name, *chance.sample(fields, chance.randint(1, 4))) for name in names],
        services=[
            {"name": "board", "file": "board", "slotted": True, "offered": True, "operations": operations}
        ],
        rooms={"base": True, **rooms},
    )


class Person:
    """Somebody who works in the project between runs, and remembers each line they wrote and where."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.lines: dict[str, list[bytes]] = {}
        self.count = 0

    def act(self) -> None:
        files = [path for path in tree(self.folder) if not path.startswith(OURS_ALONE)]
        self.chance.choice([self.write_line, self.fill, self.fill, self.remove, self.add])(files)

    def fill(self, files: list[str]) -> None:
        path = "server/src/services/board.service.ts"
        slots = find_slots((self.folder / path).read_bytes()) if self.has_slots(path) else ()
        if slots:
            slot = self.chance.choice(slots)
            self.count += 1
            line = f"  // person {self.count}".encode()
            (self.folder / path).write_bytes(
                with_bodies((self.folder / path).read_bytes(), {slot.id: slot.body + line + b"\n"})
            )
            self.lines.setdefault(path, []).append(line)

    def has_slots(self, path: str) -> bool:
        try:
            return bool(find_slots((self.folder / path).read_bytes()))
        except (FileNotFoundError, MarkerError):
            return False

    def write_line(self, files: list[str]) -> None:
        if not files:
            return
        path = self.chance.choice(files)
        lines = (self.folder / path).read_bytes().splitlines(keepends=True)
        self.count += 1
        line = f"// person {self.count}".encode()
        lines.insert(self.chance.randint(0, len(lines)), line + b"\n")
        (self.folder / path).write_bytes(b"".join(lines))
        self.lines.setdefault(path, []).append(line)

    def remove(self, files: list[str]) -> None:
        if files and self.chance.random() < 0.5:
            path = self.chance.choice(files)
            (self.folder / path).unlink()
            self.lines.pop(path, None)

    def add(self, files: list[str]) -> None:
        path = self.chance.choice(BEFORE)
        if path not in files:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            self.count += 1
            line = f"# person {self.count}".encode()
            (self.folder / path).write_bytes(line + b"\n")
            self.lines[path] = [line]

    def finds_everything(self) -> None:
        for path, lines in self.lines.items():
            content = (self.folder / path).read_bytes()
            for line in lines:
                assert line in content, f"{line.decode()} is gone from {path}"


@pytest.mark.parametrize("seed", range(12))
def test_no_line_of_a_person_is_lost(seed: int, templates: Path, tmp_path: Path) -> None:
    chance = random.Random(seed)
    folder = tmp_path / "project"
    folder.mkdir()
    person = Person(folder, chance)
    for _ in range(chance.randint(0, 3)):
        person.add([*tree(folder)])
    for _ in range(8):
        wanted = plan(chance)
        outcome = bring_up_to_date(Destination(folder), templates, wanted)
        Journal(folder).apply(outcome.writes)
        person.finds_everything()
        removed = {change.path for change in outcome.changes if change.action is Action.REMOVED}
        for file in render(templates, wanted):
            if file.path not in {*person.lines, *removed}:
                assert (folder / file.path).read_bytes() == file.content
        again = bring_up_to_date(Destination(folder), templates, wanted)
        assert again.writes == ()
        for _ in range(chance.randint(0, 4)):
            person.act()
        if chance.random() < 0.15:
            shutil.rmtree(folder / ".specwright")
