"""An edit within one entity gives what a full run gives, or is left to one; a cache only ever costs time."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.blueprints import templates_folder
from generator.merging.changes import Action, Change
from generator.narrowing import Narrowing
from generator.outcome import Outcome
from generator.pipeline import generate
from generator.problems import PlanProblems
from generator.skipping import updated_locally
from generator.understanding import understand
from tests.benchmarks.workload import plan_text, write_templates
from tests.strategies.mutations import damaged
from tests.strategies.plans import plans

SHOP = """\
specwright: 1
project: shop
stack: express-react
errors:
  TOO_MANY: { status: 409, text: There are too many }
entities:
  Customer:
    resource: true
    fields:
      name: varchar(200) required
      email: varchar(320) required unique
  Visit:  # stands alone
    resource: true
    lock: optimistic
    fields:
      page: varchar(200) required
      seconds: integer required = 0
      kind: enum(first, again) required = first
    checks:
      in_time: { rule: seconds >= 0, error: TOO_MANY }
  Depot:
    resource: true
    soft_delete: true
    fields:
      town: varchar(80) required
      opened_on: date
      rent: decimal(10, 2)
  Invoice:
    resource: true
    fields:
      customer: ref Customer required
      total: decimal(12, 2) required
      sent: boolean required = false
    states:
      field: state
      initial: draft
      transitions:
        send: { from: draft, to: sent }
""".replace("sent: boolean required = false", "state: enum(draft, sent) required = draft")

FIELDS = (
    "varchar(40)", "varchar(80) required", "text", "integer", "integer required = 7",
    "boolean required = true", "date", "decimal(8, 3)", "enum(red, green) required = red",
    "timestamptz", "interval", "uuid",
)  # fmt: skip


def run(folder: Path, templates: Path) -> Outcome:
    return generate(folder, understand(folder, templates), templates, Narrowing())


def told(change: Change) -> Change:
    """A change without the bytes of a file that stays, which need not have been read."""
    if change.action is Action.UNCHANGED:
        change = change._replace(before=None, after=None)
    return change._replace(slotted=True)


def contents(folder: Path) -> dict[str, bytes]:
    """All files but the note of what the file system says of them: it differs by folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / ".specwright/cache/files"
    }


def edited(text: str, chance: random.Random) -> str:
    """A plan with a small edit in one of its entities, which may or may not be sound."""
    lines = text.split("\n")
    fields = [
        number
        for number, line in enumerate(lines)
        if re.match(r" {6}[a-z_]+: (varchar|text|integer|boolean|date|decimal|enum)\b", line)
    ]
    if not fields:
        return text
    at = chance.choice(fields)
    name = lines[at].split(":")[0].strip()
    match chance.randrange(7):
        case 0:
            lines[at] = f"      {name}: {chance.choice(FIELDS)}"
        case 1:
            lines.insert(at, f"      {chance.choice(('urgent', 'town', 'note_2'))}: {chance.choice(FIELDS)}")
        case 2:
            del lines[at]
        case 3:
            lines[at] += "  # a remark"
        case 4:
            lines[at] = lines[at].replace(name, f"{name}_2", 1)
        case 5:
            lines[at] = (
                lines[at].replace(" required", "") if "required" in lines[at] else f"{lines[at]} required"
            )
        case _:
            lines[at] = lines[at].replace("(", "(1", 1)
    return "\n".join(lines)


def same_as_a_full_run(folder: Path, templates: Path, before: str, after: str) -> bool:
    """Generate, edit and generate again, locally and as a whole; say whether it was local."""
    local, whole = folder / "local", folder / "whole"
    for place in (local, whole):
        shutil.rmtree(place, ignore_errors=True)
    local.mkdir()
    (local / "plan.yaml").write_text(before)
    run(local, templates)
    shutil.copytree(local, whole)
    for place in (local, whole):
        (place / "plan.yaml").write_text(after)
    found = updated_locally(local, templates, share=1.0)
    try:
        expected = run(whole, templates)
    except PlanProblems:
        assert found is None
        return False
    if found is None:
        return False
    assert contents(local) == contents(whole)
    assert [*map(told, found.changes)] == [*map(told, expected.changes)]
    assert found.writes == expected.writes
    assert (found.slots, found.unguarded, found.rooms) == (expected.slots, expected.unguarded, expected.rooms)
    return True


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("local")
    write_templates(folder / "templates")
    yield folder


LOCAL = {
    "a longer text": ("page: varchar(200)", "page: varchar(300)"),
    "a field more": ("      seconds: integer", "      referrer: text\n      seconds: integer"),
    "a field less": ("      opened_on: date\n", ""),
    "another default": ("required = 0", "required = 1"),
    "another check": ("rule: seconds >= 0", "rule: seconds >= 10"),
    "a title": ("  Depot:\n", "  Depot:\n    title: Storehouse\n"),
    "a remark": ("varchar(80) required", "varchar(80) required  # its name"),
}
NOT_LOCAL = {
    "two entities": ("varchar(", "varchar(1"),
    "a new entity": ("  Depot:\n", "  Shelf:\n    fields:\n      code: text required\n  Depot:\n"),
    "an entity less": (SHOP[SHOP.index("  Depot:") : SHOP.index("  Invoice:")], ""),
    "another name": ("Depot", "Store"),
    "a reference": ("      town:", "      owner: ref Customer\n      town:"),
    "a table": ("  Depot:\n", "  Depot:\n    table: customers_x\n"),
    "no resource": ("  Depot:\n    resource: true\n", "  Depot:\n"),
    "an index": ("  Depot:\n", "  Depot:\n    indexes: { by_town: [town] }\n"),
    "a setting": ("errors:", "conventions: { json: snake_case }\nerrors:"),
    "what is wrong": ("page: varchar(200)", "page: varchar(0)"),
    "what is no YAML": ("page: varchar(200) required", "page: 'varchar(200) required"),
    "what ends the section": ("page: varchar(200)", "page: varchar(200)\nviews:"),
    "another document": ("      page: varchar(200)", "---\n      page: varchar(200)"),
    "a name of another": ("      page: varchar", "      Customer: varchar"),
}


@pytest.mark.parametrize("name", LOCAL)
def test_an_edit_within_an_entity_is_local_and_gives_the_bytes_of_a_full_run(
    tmp_path: Path, name: str
) -> None:
    after = SHOP.replace(*LOCAL[name])
    assert after != SHOP
    assert same_as_a_full_run(tmp_path, templates_folder(), SHOP, after)


@pytest.mark.parametrize("name", NOT_LOCAL)
def test_what_may_reach_further_is_left_to_a_full_run(tmp_path: Path, name: str) -> None:
    after = SHOP.replace(*NOT_LOCAL[name])
    assert after != SHOP
    assert not same_as_a_full_run(tmp_path, templates_folder(), SHOP, after)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=plans(), seed=st.integers(0, 10_000))
def test_random_edits_of_random_plans_give_the_bytes_of_a_full_run(room: Path, text: str, seed: int) -> None:
    chance = random.Random(seed)
    same_as_a_full_run(room, templates_folder(), text, edited(text, chance))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_random_edits_of_a_crowd_give_the_bytes_of_a_full_run(room: Path, seed: int) -> None:
    chance = random.Random(seed)
    before = plan_text(6) if chance.random() < 0.5 else SHOP
    after = edited(before, chance)
    if chance.random() < 0.3:
        after = damaged(seed, after).decode(errors="replace")
    same_as_a_full_run(room, room / "templates", before, after)


@pytest.mark.parametrize(
    "damage", ["lost", "garbled", "of another plan", "other lines", "seal", "lock", "file", "answers"]
)
def test_a_wrong_old_or_absent_cache_only_costs_time(room: Path, tmp_path: Path, damage: str) -> None:
    local, whole = tmp_path / "local", tmp_path / "whole"
    for place in (local, whole):
        place.mkdir()
        (place / "plan.yaml").write_text(SHOP)
        run(place, room / "templates")
    after = SHOP.replace(*LOCAL["a field more"])
    cache = local / ".specwright/cache/plan.json"
    match damage:
        case "lost":
            cache.unlink()
        case "garbled":
            cache.write_bytes(b"\xff{")
        case "of another plan":
            cache.write_text(cache.read_text().replace("varchar(80)", "varchar(81)"))
        case "other lines":
            cache.write_text(cache.read_text().replace('"Visit":11', '"Visit":10'))
            assert '"Visit":10' in cache.read_text()
        case "seal":
            (local / ".specwright/cache/seal").write_text("0" * 64)
        case _:
            path = {
                "lock": ".specwright/lock.json",
                "file": "src/model/visit.model.ts",
                "answers": ".copier-answers.yml",
            }[damage]
            for place in (local, whole):
                (place / path).write_text((place / path).read_text().replace("Visit", "Vizit"))
    for place in (local, whole):
        (place / "plan.yaml").write_text(after)
    assert updated_locally(local, room / "templates", share=1.0) is None
    run(local, room / "templates")
    run(whole, room / "templates")
    assert contents(local) == contents(whole)


def test_an_edit_that_reaches_too_many_entities_is_not_tried(room: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(SHOP)
    run(tmp_path, room / "templates")
    (tmp_path / "plan.yaml").write_text(SHOP.replace("name: varchar(200)", "name: varchar(201)"))
    assert updated_locally(tmp_path, room / "templates", share=0.25) is None
    assert updated_locally(tmp_path, room / "templates", share=0.5) is not None
