"""Two branches that each changed the plan meet in git: the state is made anew, nobody edits it by hand."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.engine import processes
from tests.engine.copier_projects import git, git_environment, tree
from tests.engine.plans import BOARD, ITEM, LIST, PLAN, WIDER, filled

SHOP = "  Shop:\n    resource: true\n    fields:\n      name: varchar(80) required\n"
AISLE = "  Aisle:\n    resource: true\n    fields:\n      number: integer required\n"
STATE = (".copier-answers.yml", ".specwright/lock.json", ".specwright/slots.yml")


class Team:
    """A repository in which two people work, each on a branch."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def plan(self) -> str:
        return (self.folder / "plan.yaml").read_text()

    def git(self, *arguments: str) -> str:
        return git(*arguments, cwd=self.folder)

    def generate(self, *arguments: str, code: int = 0) -> str:
        found, said, _ = processes.run(self.folder, "generate", *arguments)
        assert found == code, said
        return said

    def change(self, path: str, before: str, after: str) -> None:
        text = (self.folder / path).read_text()
        assert before in text
        (self.folder / path).write_text(text.replace(before, after, 1))

    def fill(self, slot: str, body: str) -> None:
        (self.folder / BOARD).write_text(filled((self.folder / BOARD).read_text(), slot, body))

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def on(self, branch: str) -> None:
        self.git("checkout", "-q", "-b", branch, "main")

    def merge(self, branch: str, *arguments: str) -> None:
        """Merge a branch; that it conflicts in the state is what this is about."""
        done = subprocess.run(
            ["git", "merge", "-q", *arguments, branch], cwd=self.folder, capture_output=True, text=True
        )
        assert done.returncode == 1, done.stdout + done.stderr

    def settled_plan(self, text: str) -> None:
        (self.folder / "plan.yaml").write_text(text)

    def ends_as(self, plan: str, tmp_path: Path, *edited: str) -> None:
        """The project is what the merged plan generates but for edited files, and no run changes it."""
        fresh = tmp_path / "fresh"
        fresh.mkdir()
        (fresh / "plan.yaml").write_text(plan)
        assert processes.run(fresh, "generate")[0] == 0
        wanted, found = tree(fresh), tree(self.folder)
        other = {path for path in wanted if found.get(path) != wanted[path]} | found.keys() - wanted.keys()
        assert other <= {*edited, ".specwright/slots.yml"}
        lock = json.loads((self.folder / STATE[1]).read_text())
        assert lock["files"] == json.loads((fresh / STATE[1]).read_text())["files"]
        before = tree(self.folder)
        assert self.generate().startswith("Nothing has changed")
        self.commit("Merged")
        assert self.generate().startswith("Nothing has changed") and tree(self.folder) == before
        code, said, _ = processes.run(self.folder, "verify", "--json")
        assert code == 0, said


@pytest.fixture
def team(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    for name, value in {**git_environment(), "SPECWRIGHT_TEMPLATES": str(templates)}.items():
        monkeypatch.setenv(name, value)
    team = Team(tmp_path / "todo")
    team.folder.mkdir()
    team.settled_plan(PLAN)
    team.generate()
    team.git("init", "-q", "--initial-branch=main")
    team.commit("Generated")
    return team


def both_sides(team: Team) -> str:
    """One adds a shop, the other an aisle and a field, each fills a slot; returns the merged plan."""
    team.on("shops")
    team.change("plan.yaml", "  Item:\n", f"{SHOP}  Item:\n")
    team.generate()
    team.fill("board.next", "  return shops();\n")
    team.commit("Shops")
    team.on("aisles")
    team.change("plan.yaml", "\nservices:\n", f"{AISLE}\nservices:\n")
    team.change(
        "plan.yaml", "title: varchar(200) required\n", "title: varchar(200) required\n      due_on: date\n"
    )
    team.generate()
    team.fill("board.oldest", "  return aisles();\n")
    team.generate()
    team.commit("Aisles")
    return WIDER.replace("  Item:\n", f"{SHOP}  Item:\n", 1).replace(
        "\nservices:\n", f"{AISLE}\nservices:\n", 1
    )


@pytest.mark.parametrize(
    "style", ["merge", "diff3", "committed with markers", "ours", "theirs", "rebase", "mixed", "attributes"]
)
def test_both_added_entities_and_filled_slots(team: Team, tmp_path: Path, style: str) -> None:
    plan = both_sides(team)
    team.git("config", "merge.conflictStyle", "diff3" if style == "diff3" else "merge")
    if style == "attributes":
        (team.folder / ".git/info/attributes").write_text(f"{STATE[0]} -merge\n{STATE[1]} -merge\n")
    if style == "mixed":
        # Git settles it by itself, and leaves a state that is of neither side.
        team.git("merge", "-q", "-X", "ours", "--no-edit", "shops")
    elif style == "rebase":
        done = subprocess.run(["git", "rebase", "shops"], cwd=team.folder, capture_output=True, text=True)
        assert done.returncode == 1
    else:
        team.merge("shops")
    if style == "merge":
        assert "<<<<<<< " in (team.folder / STATE[1]).read_text()
    team.settled_plan(plan)
    if style == "merge":
        # Until then nothing else is made of it.
        code, said, _ = processes.run(team.folder, "verify")
        assert code == 3 and "has not been brought together yet" in said
        assert "Run `specwright generate` first" in team.generate("--phase", "one", code=1)
        before = tree(team.folder)
        team.generate("--dry-run")
        assert tree(team.folder) == before
    if style == "committed with markers":
        team.commit("Merged with markers")
    elif style in ("ours", "theirs"):
        team.git("checkout", f"--{style}", "--", *STATE)
        team.git("add", *STATE)
    team.generate()
    text = (team.folder / BOARD).read_text()
    assert "  return shops();\n" in text and "  return aisles();\n" in text
    if style == "rebase":
        team.git("add", "-A")
        team.git("-c", "core.editor=true", "rebase", "--continue")
    team.ends_as(plan, tmp_path, BOARD)
    slots = {slot["id"]: slot["state"] for slot in verified(team)}
    assert slots == {"board.next": "filled", "board.oldest": "filled"}


def verified(team: Team) -> list[dict[str, str]]:
    _, said, _ = processes.run(team.folder, "verify", "--json", "--edits", "slots-only")
    data = json.loads(said)
    assert data["ok"], data["drift"]
    found: list[dict[str, str]] = data["slots"]
    return found


def test_edits_of_either_side_stay(team: Team, tmp_path: Path) -> None:
    team.on("one")
    team.change("plan.yaml", "title: varchar(200)", "title: varchar(250)")
    team.change("plan.yaml", "      list: ref", "      rank: integer\n      list: ref")
    team.generate()
    team.change(ITEM, "export interface", "// one\nexport interface")
    team.commit("One")
    team.on("other")
    team.change(
        "plan.yaml", "title: varchar(200) required\n", "title: varchar(200) required\n      due_on: date\n"
    )
    team.generate()
    (team.folder / LIST).write_text((team.folder / LIST).read_text() + "// other\n")
    team.commit("Other")
    team.merge("one")
    plan = WIDER.replace("varchar(200)", "varchar(250)").replace(
        "      list: ref", "      rank: integer\n      list: ref"
    )
    team.settled_plan(plan)
    team.generate()
    text = (team.folder / ITEM).read_text()
    assert text.lstrip("\n").startswith("// one\n")
    assert "rank" in text and "due_on" in text
    assert (team.folder / LIST).read_text().endswith("// other\n")
    team.ends_as(plan, tmp_path, ITEM, LIST)


def test_one_slot_that_both_filled_is_a_conflict_of_git(team: Team, tmp_path: Path) -> None:
    for name in ("one", "other"):
        team.on(name)
        field = "rank: integer" if name == "one" else "due_on: date"
        team.change("plan.yaml", "      list: ref", f"      {field}\n      list: ref")
        team.generate()
        team.fill("board.next", f"  return {name}();\n")
        team.commit(name)
    team.merge("one")
    plan = PLAN.replace("      list: ref", "      rank: integer\n      due_on: date\n      list: ref")
    team.settled_plan(plan)
    before = tree(team.folder)
    said = team.generate(code=3)
    assert "Both sides of the merge have edited the same lines" in said and f"  {BOARD}" in said
    assert ITEM not in said and tree(team.folder) == before
    text = (team.folder / BOARD).read_text()
    assert "  return one();\n" in text and "  return other();\n" in text
    start, end = text.index("<<<<<<< "), text.index("\n", text.index(">>>>>>> ")) + 1
    (team.folder / BOARD).write_text(f"{text[:start]}  return both();\n{text[end:]}")
    team.generate()
    assert "  return both();\n" in (team.folder / BOARD).read_text()
    team.ends_as(plan, tmp_path, BOARD)


def test_one_renamed_what_the_other_filled(team: Team, tmp_path: Path) -> None:
    team.on("renamed")
    plan = PLAN.replace("  List:\n", "  Basket:\n    was: List\n", 1).replace("ref List", "ref Basket")
    plan = plan.replace("List.id", "Basket.id").replace("entity: List", "entity: Basket")
    team.settled_plan(plan)
    team.generate()
    team.commit("Renamed")
    team.on("filled")
    team.fill("board.next", "  return mine();\n")
    team.change(
        "plan.yaml", "title: varchar(200) required\n", "title: varchar(200) required\n      due_on: date\n"
    )
    team.generate()
    team.commit("Filled")
    team.merge("renamed")
    plan = plan.replace(
        "title: varchar(200) required\n", "title: varchar(200) required\n      due_on: date\n"
    )
    team.settled_plan(plan)
    team.generate()
    assert "  return mine();\n" in (team.folder / BOARD).read_text()
    assert not (team.folder / LIST).exists()
    team.ends_as(plan, tmp_path, BOARD)


def test_without_a_repository_the_markers_say_enough(team: Team, tmp_path: Path) -> None:
    plan = both_sides(team)
    team.merge("shops")
    team.settled_plan(plan)
    (team.folder / ".git").rename(tmp_path / "gone")
    for path in (ITEM, BOARD):
        assert b"<<<<<<<" not in (team.folder / path).read_bytes()
    team.generate()
    text = (team.folder / BOARD).read_text()
    assert "  return shops();\n" in text and "  return aisles();\n" in text
    assert team.generate().startswith("Nothing has changed")


def test_a_file_that_one_side_moved_is_made_anew_where_it_stands(team: Team) -> None:
    moved = "server/src/tables/item.ts"
    team.on("moved")
    (team.folder / moved).parent.mkdir()
    (team.folder / ITEM).rename(team.folder / moved)
    team.change(
        "plan.yaml", "title: varchar(200) required\n", "title: varchar(200) required\n      rank: integer\n"
    )
    team.generate()
    team.commit("Moved")
    team.on("wider")
    team.settled_plan(WIDER)
    team.change(ITEM, "export interface", "// mine\nexport interface")
    team.generate()
    team.commit("Wider")
    team.merge("moved")
    assert "<<<<<<<" in (team.folder / moved).read_text()
    team.settled_plan(WIDER.replace("      due_on: date\n", "      rank: integer\n      due_on: date\n"))
    team.generate()
    text = (team.folder / moved).read_text()
    assert "<<<<<<<" not in text and "// mine\n" in text and "rank" in text and "due_on" in text
    assert not (team.folder / ITEM).exists()
    assert team.generate().startswith("Nothing has changed")
