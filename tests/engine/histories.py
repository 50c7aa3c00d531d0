"""Random histories: blueprints that evolve, a plan that changes, and a person who edits what was generated.

Every line is written once: `gen 12` by a blueprint, `mine 7` by the person, so that what is lost can be told.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.accounting import outcome_of
from generator.folder.destination import Destination, Write
from generator.folder.lock import LOCK_FILE, read_lock
from generator.folder.slot_records import SLOTS_FILE, read_records
from generator.merging.changes import Action, Change
from generator.merging.merge import decide
from generator.merging.pairing import Names
from generator.outcome import Outcome
from generator.rendered import RenderedFile
from generator.slots import MarkerError, content_hash, find_slots, with_bodies
from tests.engine.copier_projects import tree

STATE = (".specwright", ".copier", "plan.yaml")
MARKS = (b"<<<<<<<", b"=======", b">>>>>>>")


@dataclass(frozen=True)
class Template:
    """A template: its lines, of which `slot N` stands for a slot; with `each` it is rendered per entity."""

    name: str
    lines: tuple[str, ...]
    each: bool = False
    binary: bool = False
    executable: bool = False
    was: tuple[str, ...] = ()

    def rendered(self, entity: str = "") -> RenderedFile:
        path = f"{entity.lower()}/{self.name}" if self.each else f"src/{self.name}"
        text = "".join(_written(line, entity) for line in self.lines).encode()
        content = b"\0" + text if self.binary else text
        element = f"entity:{entity}" if entity else ""
        return RenderedFile(
            path, content, self.executable, "base", f"{{{{ when.base }}}}/{self.name}", element
        )


def _written(line: str, entity: str) -> str:
    if line.startswith("slot "):
        return f"// slot: {line[5:]}\n// fallback of {line[5:]}\n// end slot: {line[5:]}\n"
    return f"{line}{f' for {entity}' if entity else ''}\n"


@dataclass(frozen=True)
class Blueprint:
    """The templates of one version, and the entities of one plan with their earlier names."""

    templates: tuple[Template, ...]
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def rendered(self) -> tuple[RenderedFile, ...]:
        files = [
            template.rendered(entity)
            for template in self.templates
            if template.each
            for entity in self.entities
        ]
        files += [template.rendered() for template in self.templates if not template.each]
        return tuple(sorted(files, key=lambda file: file.path))

    def names(self) -> Names:
        room = "{{ when.base }}"
        former = {f"{room}/{each.name}": [f"{room}/{old}" for old in each.was] for each in self.templates}
        return Names(former, {"entity": self.entities})


class Author:
    """Somebody who evolves blueprints and a plan."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.count = chance, 0

    def line(self) -> str:
        self.count += 1
        return f"gen {self.count}"

    def first(self) -> Blueprint:
        one = Template(
            "one.ts", (self.line(), self.line(), "slot board.a", self.line(), "slot board.b", self.line())
        )
        two = Template("two.ts", tuple(self.line() for _ in range(5)))
        model = Template("model.ts", tuple(self.line() for _ in range(4)), each=True)
        logo = Template("logo.png", (self.line(),), binary=True)
        script = Template("start.sh", (self.line(), self.line()), executable=True)
        return Blueprint((one, two, model, logo, script), {"Item": (), "List": ()})

    def evolved(self, blueprint: Blueprint) -> Blueprint:
        for _ in range(self.chance.randint(1, 3)):
            change = self.chance.choice(
                [
                    self.text,
                    self.text,
                    self.text,
                    self.rename,
                    self.move_slot,
                    self.delete,
                    self.add,
                    self.plan,
                    self.mode,
                ]
            )
            blueprint = change(blueprint)
        return blueprint

    def _changed(self, blueprint: Blueprint, old: Template, new: Template | None) -> Blueprint:
        kept = [new if each is old else each for each in blueprint.templates]
        return replace(blueprint, templates=tuple(each for each in kept if each))

    def text(self, blueprint: Blueprint) -> Blueprint:
        old = self.chance.choice(blueprint.templates)
        lines = list(old.lines)
        at = self.chance.randint(0, len(lines))
        gone = self.chance.randint(0, 2)
        if not any(line.startswith("slot ") for line in lines[at : at + gone]):
            lines[at : at + gone] = []
        lines[at:at] = [self.line()]
        return self._changed(blueprint, old, replace(old, lines=tuple(lines)))

    def rename(self, blueprint: Blueprint) -> Blueprint:
        old = self.chance.choice(blueprint.templates)
        self.count += 1
        stem, _, suffix = old.name.partition(".")
        new = f"{stem.rstrip('0123456789')}{self.count}.{suffix}"
        return self._changed(blueprint, old, replace(old, name=new, was=(old.name, *old.was)))

    def move_slot(self, blueprint: Blueprint) -> Blueprint:
        holders = [
            each for each in blueprint.templates if any(line.startswith("slot") for line in each.lines)
        ]
        homes = [each for each in blueprint.templates if not each.each and not each.binary]
        if not holders or not homes:
            return blueprint
        old, home = self.chance.choice(holders), self.chance.choice(homes)
        slot = next(line for line in old.lines if line.startswith("slot"))
        without = replace(old, lines=tuple(line for line in old.lines if line != slot))
        blueprint = self._changed(blueprint, old, without)
        home = without if home is old else home
        lines = list(home.lines)
        lines.insert(self.chance.randint(0, len(lines)), slot)
        return self._changed(blueprint, home, replace(home, lines=tuple(lines)))

    def delete(self, blueprint: Blueprint) -> Blueprint:
        if len(blueprint.templates) < 3:
            return blueprint
        return self._changed(blueprint, self.chance.choice(blueprint.templates), None)

    def add(self, blueprint: Blueprint) -> Blueprint:
        self.count += 1
        name, lines = f"new{self.count}.ts", tuple(self.line() for _ in range(4))
        new = Template(name, lines, each=self.chance.random() < 0.3)
        return replace(blueprint, templates=(*blueprint.templates, new))

    def mode(self, blueprint: Blueprint) -> Blueprint:
        old = self.chance.choice(blueprint.templates)
        return self._changed(blueprint, old, replace(old, executable=not old.executable))

    def plan(self, blueprint: Blueprint) -> Blueprint:
        entities = dict(blueprint.entities)
        self.count += 1
        if entities and self.chance.random() < 0.5:
            old = self.chance.choice([*entities])
            earlier = entities.pop(old)
            if self.chance.random() < 0.7:
                entities[f"Entity{self.count}"] = (old, *earlier)
        else:
            entities[f"Entity{self.count}"] = ()
        return replace(blueprint, entities=entities)


class Person:
    """Somebody who works in the project; every line they write is theirs alone."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance, self.count = folder, chance, 0

    def line(self) -> bytes:
        self.count += 1
        return f"mine {self.count}\n".encode()

    def act(self) -> None:
        for _ in range(self.chance.randint(0, 4)):
            files = [path for path in tree(self.folder) if not path.startswith(STATE)]
            deed = self.chance.choice(
                [self.insert, self.insert, self.fill, self.fill, self.end, self.rewrite, self.rename,
                 self.delete, self.add, self.turn, self.cut]
            )  # fmt: skip
            if files:
                deed(self.folder / self.chance.choice(files))

    def insert(self, path: Path) -> None:
        lines = path.read_bytes().splitlines(keepends=True)
        lines.insert(self.chance.randint(0, len(lines)), self.line())
        path.write_bytes(b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines))

    def cut(self, path: Path) -> None:
        lines = path.read_bytes().splitlines(keepends=True)
        if len(lines) > 1:
            lines.pop(self.chance.randrange(len(lines)))
        path.write_bytes(b"".join(lines))

    def fill(self, path: Path) -> None:
        for other in sorted(self.folder.rglob("*.ts")):
            try:
                slots = find_slots(other.read_bytes())
            except MarkerError:
                continue
            if slots:
                slot = self.chance.choice(slots)
                other.write_bytes(with_bodies(other.read_bytes(), {slot.id: slot.body + self.line()}))
                return

    def end(self, path: Path) -> None:
        content = path.read_bytes()
        line = self.line() if self.chance.random() < 0.7 else self.line().removesuffix(b"\n")
        path.write_bytes(content + (b"" if content.endswith(b"\n") else b"\n") + line)

    def rewrite(self, path: Path) -> None:
        path.write_bytes(self.line() + self.line())

    def rename(self, path: Path) -> None:
        self.count += 1
        path.rename(path.with_name(f"moved{self.count}{path.suffix}"))

    def delete(self, path: Path) -> None:
        path.unlink()

    def add(self, path: Path) -> None:
        names = ["notes.txt", f"src/new{self.chance.randint(15, 30)}.ts", "own.png"]
        other = self.folder / self.chance.choice(names)
        if not other.exists():
            other.parent.mkdir(parents=True, exist_ok=True)
            other.write_bytes((b"\0" if other.suffix == ".png" else b"") + self.line())

    def turn(self, path: Path) -> None:
        if self.chance.random() < 0.5:
            path.chmod(path.stat().st_mode ^ 0o111)
        else:
            path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def settle(self, paths: Sequence[str]) -> None:
        """Finish a merge: take the markers out and keep both sides."""
        for path in paths:
            lines = (self.folder / path).read_bytes().splitlines(keepends=True)
            (self.folder / path).write_bytes(b"".join(line for line in lines if not line.startswith(MARKS)))


def forecast(folder: Path, blueprint: Blueprint, former: Blueprint) -> Outcome:
    """What a run means for a project, without writing it."""
    destination = Destination(folder)
    lock, _ = read_lock(destination.text(LOCK_FILE))
    records = read_records(destination.text(SLOTS_FILE))
    rendered = blueprint.rendered()
    changes = decide(rendered, lock, records, destination, former.rendered, blueprint.names)
    fallbacks = {slot.id: content_hash(slot.body) for file in rendered for slot in find_slots(file.content)}
    return outcome_of(destination, {}, changes, fallbacks, records, lock, repr(hash(blueprint.rendered())))


def carry_out(folder: Path, writes: Sequence[Write]) -> None:
    """What the journal does, without what guards it: what goes makes place first."""
    for write in sorted(writes, key=lambda write: write.content is not None):
        path = folder / write.path
        if write.content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write.content)
        if write.executable is not None:
            path.chmod(0o755 if write.executable else 0o644)


def tokens(folder: Path, word: bytes) -> set[bytes]:
    """All lines of a kind that stand anywhere in a project, without what follows their number."""
    found = set()
    for path, (content, _) in tree(folder).items():
        if not path.startswith(".specwright"):
            found |= {*_tokens(content, word)}
    return found


def _tokens(content: bytes, word: bytes) -> Iterator[bytes]:
    for line in content.replace(b"\0", b"").splitlines():
        if line.startswith(word):
            yield line.strip()


def misses(
    outcome: Outcome, blueprint: Blueprint, former: Blueprint, before: Mapping[str, bytes]
) -> list[str]:
    """Lines that are generated, and neither in their file, nor reported, nor taken out by the person."""
    of_path = {change.entry.path: change for change in outcome.changes if change.entry}
    told = {change.path for change in outcome.changes if change.pending}
    base = {file.path: file for file in former.rendered()}
    found = []
    for file in blueprint.rendered():
        change = of_path.get(file.path)
        if file.path in told or (change and (change.pending or change.action is Action.REMOVED)):
            continue
        if change is None or change.after is None:
            found.append(f"{file.path} is not there")
            continue
        lines = {*_tokens(change.after, b"gen")}
        ours = before.get(change.moved_from or change.path)
        known = {*_tokens(ours, b"gen")} if ours is not None else None
        old = {token for each in base.values() for token in _tokens(each.content, b"gen")}
        for token in _tokens(file.content, b"gen"):
            if token not in lines and not (known is not None and token in old and token not in known):
                found.append(f"{token.decode()} of {file.path}")
    return found


def live(folder: Path, chance: random.Random, steps: int = 4) -> list[Change]:
    """Live one history, and fail where anything is lost, forecast wrongly, or done twice.

    Returns:
        All changes of its runs.
    """
    author, person = Author(chance), Person(folder, chance)
    former = blueprint = author.first()
    lived: list[Change] = []
    for step in range(steps):
        mine = tokens(folder, b"mine")
        before = {path: content for path, (content, _) in tree(folder).items()}
        outcome = forecast(folder, blueprint, former)
        assert {path: content for path, (content, _) in tree(folder).items()} == before
        carry_out(folder, outcome.writes)
        lived += outcome.changes
        lost = mine - tokens(folder, b"mine")
        assert not lost, f"step {step}: lost {sorted(lost)}"
        after = tree(folder)
        for change in outcome.changes:
            stands = after.get(change.path, (None, False))[0]
            assert stands == change.after, f"step {step}: {change.path} is not as forecast"
        missed = misses(outcome, blueprint, former, before)
        assert not missed, f"step {step}: missed {missed}"
        person.settle([each.path for each in outcome.changes if each.action is Action.CONFLICT])
        again = forecast(folder, blueprint, blueprint)
        assert not again.writes, f"step {step}: again {[write.path for write in again.writes]}"
        person.act()
        former, blueprint = blueprint, author.evolved(blueprint)
    return lived


def main() -> None:
    """Live as many histories as `HISTORIES` says, and print what came of them."""
    from collections import Counter
    from tempfile import TemporaryDirectory

    seen: Counter[str] = Counter()
    count = int(os.environ.get("HISTORIES", "2000"))
    for seed in range(count):
        with TemporaryDirectory() as folder:
            seen.update(str(change.action) for change in live(Path(folder), random.Random(seed)))
    print(
        f"{count} histories: nothing lost, nothing missed, every forecast true, every second run without work"
    )
    print(", ".join(f"{number} {action}" for action, number in sorted(seen.items())))


if __name__ == "__main__":
    main()
