"""What a check remembers, and that it never says anything else than a check of the whole plan."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from generator import soundness
from generator.blueprints import rooms_of, templates_folder
from generator.model import resolve
from generator.model.resolve import resolve_with_problems
from generator.plan import load_project
from generator.problems import PlanProblems
from generator.soundness import Sound, check
from generator.understanding import understand
from tests.engine.conftest import REPOSITORY
from tests.engine.test_local import edited

CASES = REPOSITORY / "tests" / "cases"
EXAMPLES = sorted((REPOSITORY / "docs" / "examples").iterdir())
SPECIAL = sorted(
    path for path in CASES.iterdir() if (path / "plan.yaml").exists() or (path / "specs").exists()
)
PLAN = """\
specwright: 1
project: shop
stack: express-react

entities:
  Ship:
    fields:
      name: varchar(40) required
      built_on: date
    resource: true
  Crane:
    fields:
      name: varchar(40) required
      load: integer required = 7
    checks:
      heavy: { rule: load > 2 }
  Dock:
    fields:
      ship: ref Ship
      length: integer
    resource: true
  Lamp:
    fields:
      colour: enum(red, green) required = red
"""


def problems_of(folder: Path, *, to_check: bool) -> list[str]:
    try:
        project = load_project(folder)
    except PlanProblems as found:
        return [str(each) for each in found.problems]
    stack = next((feature.plan.stack for feature in project.features if feature.plan.stack), None)
    rooms = [room.id for room in rooms_of(templates_folder(), stack)] if stack else []
    return [str(each) for each in resolve_with_problems(project, rooms, to_check=to_check)[1]]


def spoiled(text: str, chance: random.Random) -> str:
    """A plan in which a word stands elsewhere, or a line is gone or twice, or another field is filled."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            words = lines[at].split(" ")
            words[chance.randrange(len(words))] = chance.choice(text.split())
            lines[at] = " ".join(words)
        case _:
            fields = [number for number, line in enumerate(lines) if line.startswith("      ")]
            if fields:
                at = chance.choice(fields)
                name = lines[at].split(":")[0]
                filling = chance.choice(("1", "'a'", "now()", "nothing", "this.id", "config.X"))
                lines[at] = f"{name}: {{ type: integer, backfill: {filling} }}"
    return "\n".join(lines)


@pytest.mark.parametrize("folder", [*EXAMPLES, *SPECIAL], ids=lambda path: path.name)
def test_a_check_finds_what_resolving_everything_finds(folder: Path, tmp_path: Path) -> None:
    assert problems_of(folder, to_check=True) == problems_of(folder, to_check=False)


@pytest.mark.parametrize("name", ["relations", "everything", "overrides", "money"])
def test_a_check_finds_it_in_spoiled_plans_too(name: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(CASES / name, project)
    chance = random.Random(name)
    plans = sorted(project.rglob("plan.yaml"))
    found = 0
    for _ in range(12):
        path = chance.choice(plans)
        text = path.read_text()
        path.write_text(spoiled(text, chance))
        quick = problems_of(project, to_check=True)
        assert quick == problems_of(project, to_check=False)
        found += bool(quick)
        path.write_text(text)
    assert found, "no plan was spoiled"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    (project / ".specwright").mkdir(parents=True)
    (project / "plan.yaml").write_text(PLAN)
    return project


def counting(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose whole plan is understood from here on."""
    seen: list[Path] = []

    def noting(folder: Path, *arguments: object, **named: object) -> object:
        seen.append(folder)
        return understand(folder, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(soundness, "understand", noting)
    return seen


def test_a_plan_is_looked_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = counting(monkeypatch)
    first = check(folder, templates_folder())
    assert check(folder, templates_folder()) == first == Sound(soundness.Counts(4, 10, 0, 0))
    assert len(seen) == 1


def test_no_folder_is_made_where_nothing_is_generated(folder: Path) -> None:
    (folder / ".specwright").rmdir()
    check(folder, templates_folder())
    assert [path.name for path in folder.iterdir()] == ["plan.yaml"]


@pytest.mark.parametrize("change", ["edit", "tasks", "second plan", "link", "damaged", "templates"])
def test_whatever_changes_is_looked_at(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: str, tmp_path: Path
) -> None:
    templates = templates_folder()
    check(folder, templates)
    seen = counting(monkeypatch)
    match change:
        case "edit":
            (folder / "plan.yaml").write_text(PLAN.replace("ref Ship", "ref Shop"))
        case "tasks":
            (folder / "tasks.yaml").write_text("tasks: 7\n")
        case "second plan":
            (folder / "specs" / "001-more").mkdir(parents=True)
            (folder / "specs" / "001-more" / "plan.yaml").symlink_to("nowhere")
        case "link":
            (folder / "plan.yaml").rename(tmp_path / "plan.yaml")
            (folder / "plan.yaml").symlink_to(tmp_path / "plan.yaml")
        case "damaged":
            cache = folder / ".specwright/cache/sound.json"
            cache.write_text(cache.read_text().replace("[4, ", "[5, "))
            assert check(folder, templates).counts.entities == 4
        case "templates":
            templates = tmp_path / "templates"
            shutil.copytree(templates_folder() / "blueprints", templates / "blueprints")
            shutil.copy(templates_folder() / "copier.yml", templates / "copier.yml")
            (templates / "blueprints/express-react/more.jinja").write_text("more")
            check(folder, templates)
    if change not in ("damaged", "templates"):
        with pytest.raises(PlanProblems) as expected:
            understand(folder, templates)
        with pytest.raises(PlanProblems) as found:
            check(folder, templates)
        assert found.value.problems == expected.value.problems
    assert seen == [folder]


def test_an_edit_within_one_entity_is_looked_at_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(folder, templates_folder())
    seen = counting(monkeypatch)
    (folder / "plan.yaml").write_text(PLAN.replace("load: integer required = 7", "load: bigint required"))
    assert check(folder, templates_folder(), share=1.0).counts == soundness.Counts(4, 10, 0, 0)
    (folder / "plan.yaml").write_text(PLAN.replace("colour:", "height: integer\n      colour:"))
    # It is the last plan that counts: two entities differ from the first.
    assert check(folder, templates_folder(), share=1.0).counts.entities == 4
    assert seen == [folder]


def test_what_the_plan_means_is_warned_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nothing raises is told each time, also after an edit of one entity."""
    unused = f"{PLAN}\nerrors:\n  CRANE_BUSY:\n    status: 409\n    text: busy\n"
    seen = counting(monkeypatch)
    for text in (unused, unused, unused.replace("built_on: date", "built_on: timestamptz")):
        (folder / "plan.yaml").write_text(text)
        (warning,) = check(folder, templates_folder(), share=1.0).warnings
        assert warning.message == "nothing raises CRANE_BUSY"
        assert warning.location is not None and warning.location.line == text.count("\n") - 2
    assert seen == [folder, folder]
    (folder / "plan.yaml").write_text(PLAN)
    assert check(folder, templates_folder()).warnings == ()


def test_edits_are_judged_as_the_whole_plan_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random edits, sound and not: the answer and the problems are those of a check of everything."""
    chance = random.Random(17)
    text, sound, alone = PLAN, 0, 0
    check(folder, templates_folder(), share=1.0)
    seen = counting(monkeypatch)
    for _ in range(60):
        new = edited(text, chance)
        (folder / "plan.yaml").write_text(new)
        before = len(seen)
        try:
            found: object = check(folder, templates_folder(), share=1.0)
        except PlanProblems as problems:
            found = problems.problems
        alone += len(seen) == before
        try:
            model = understand(folder, templates_folder()).model
        except PlanProblems as problems:
            assert found == problems.problems
            continue
        counts = (len(model.entities), len(model.operations), len(model.criteria), len(model.tasks))
        assert found == Sound(soundness.Counts(*counts))
        text, sound = new, sound + 1
    assert sound > 15 and alone > 10, (sound, alone)


def test_a_model_to_check_has_no_migrations(folder: Path) -> None:
    project = load_project(folder)
    assert resolve(project).migrations and not resolve(project, to_check=True).migrations
