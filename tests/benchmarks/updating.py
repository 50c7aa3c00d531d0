"""Measures updates against `copier update`, and prints a table: `python -m tests.benchmarks.updating`.

Both bring the same project, with the same edits of a person in it and committed, from the same release to the
same one, or to the same answers; each in a fresh copy. Seconds are those of the processor, with all processes
that a run starts.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.recording import ANSWERS_FILE, read_recorded
from tests.benchmarks.measure import Cost, cost_of, medians, specwright, workroom
from tests.benchmarks.workload import KINDS, name_of, plan_text, write_templates
from tests.engine.copier_projects import copier_environment, git
from tests.engine.evolving import STACK, Evolution, done

OLD, NEW = "7.0.0", "7.1.0"
EDITED_EVERY = 20
"""Entities of which one has files that a person has edited."""
WORK = ("one blueprint changed", "one entity added", "nothing to do")
COPIER = [sys.executable, "-m", "copier", "update", "--defaults", "--quiet"]


@dataclass(frozen=True)
class Workload:
    """A project of the older of two releases, and where the releases are."""

    room: Path
    entities: int
    environment: dict[str, str]

    @property
    def project(self) -> Path:
        """The project, as it is before an update."""
        return self.room / "project"

    def checkout(self, version: str) -> Path:
        """Where a release is checked out."""
        return self.room / version

    def fresh(self, name: str, version: str = OLD) -> Path:
        """A copy of the project; of the newer release it is one that has been updated already."""
        folder = self.room / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.project if version == OLD else self.room / "updated", folder, symlinks=True)
        return folder


def prepare(entities: int, room: Path) -> Workload:
    """Make two releases that differ in one of eight blueprints, and an edited project of the first."""
    repository = Evolution(room / "repository")
    shutil.rmtree(repository.folder / "blueprints")
    (repository.folder / "copier.yml").unlink()
    write_templates(repository.folder)
    repository.release(OLD)
    git("tag", f"v{OLD}", cwd=repository.folder)
    (template,) = (repository.folder / STACK).rglob("*.model.ts.jinja")
    text, line = template.read_text(), "export const columns"
    assert line in text
    template.write_text(text.replace(line, f"/** As they stand in the table. */\n{line}"))
    repository.release(NEW)
    git("tag", f"v{NEW}", cwd=repository.folder)
    project = room / "project"
    project.mkdir()
    (project / "plan.yaml").write_text(plan_text(entities))
    done(room / OLD, project, "generate")
    for number in range(0, entities, EDITED_EVERY):
        for path in files_of(project, number):
            path.write_text(f"// Looked at.\n{path.read_text()}")
    git("init", "--quiet", "--initial-branch=main", cwd=project)
    git("add", "--all", cwd=project)
    git("commit", "--quiet", "--message", "Generated and edited", cwd=project)
    work = Workload(room, entities, copier_environment(repository.folder, room / "cache"))
    updated = work.fresh("updated")
    done(room / NEW, updated, "update")
    git("add", "--all", cwd=updated)
    git("commit", "--quiet", "--message", "Updated", cwd=updated)
    return work


def files_of(project: Path, number: int) -> Iterator[Path]:
    """The files of an entity, in order of their kind."""
    for kind in KINDS:
        yield project / "src" / kind / f"{name_of(number).lower()}.{kind}.ts"


def updating(work: Workload, rounds: int, names: Sequence[str] = WORK) -> dict[tuple[str, str], Cost]:
    """Cost of each work with each of both tools.

    Args:
        work: the project.
        rounds: of which the median counts.
        names: which work, of `WORK`.
    """
    grown = work.room / "grown.yaml"
    grown.write_text(plan_text(work.entities + 1))
    ahead = work.fresh("ahead")
    (ahead / "plan.yaml").write_text(grown.read_text())
    done(work.checkout(OLD), ahead, "generate")
    recorded = read_recorded((ahead / ANSWERS_FILE).read_text())
    assert recorded is not None
    data = work.room / "data.yml"
    data.write_text("model_json: '" + recorded.answers["model_json"].replace("'", "''") + "'\n")
    place = work.room / "at work"

    def ours(version: str, *command: str, grow: bool = False) -> Callable[[], list[str]]:
        def ready() -> list[str]:
            folder = work.fresh(place.name, version)
            if grow:
                shutil.copy(grown, folder / "plan.yaml")
            return [*specwright(*command), "-C", str(folder)]

        return ready

    def copiers(version: str, *arguments: str) -> Callable[[], list[str]]:
        def ready() -> list[str]:
            return [*COPIER, *arguments, str(work.fresh(place.name, version))]

        return ready

    found: dict[tuple[str, str], Cost] = {}
    for name, engine, mine, theirs in (
        (WORK[0], NEW, ours(OLD, "update"), copiers(OLD, f"--vcs-ref=v{NEW}")),
        (
            WORK[1],
            OLD,
            ours(OLD, "generate", grow=True),
            copiers(OLD, f"--vcs-ref=v{OLD}", f"--data-file={data}"),
        ),
        (WORK[2], NEW, ours(NEW, "update"), copiers(NEW, f"--vcs-ref=v{NEW}")),
    ):
        if name not in names:
            continue
        environment = {**work.environment, "PYTHONPATH": str(work.checkout(engine))}
        # Both have their bytecode before anything counts.
        cost_of(mine(), work.room, **environment)
        costs = medians(rounds, work.room, {"specwright": mine, "copier": theirs}, **environment)
        found |= {(name, tool): cost for tool, cost in costs.items()}
    return found


def main() -> None:
    """Print the table."""
    heads = ("entities", "files", "what", "`copier update`", "specwright", "part", "memory")
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    for entities, rounds in ((100, 3), (1000, 1)):
        with workroom() as room:
            costs = updating(prepare(entities, room), rounds)
        for name in WORK:
            mine, theirs = costs[name, "specwright"], costs[name, "copier"]
            print(
                f"| {entities} | {8 * entities} | {name} | {theirs.seconds:.1f} s | {mine.seconds:.2f} s "
                f"| 1/{theirs.seconds / mine.seconds:.0f} | {mine.megabytes:.0f} MB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
