"""Plans that load: short forms become long ones, order is kept, features come by number."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from generator.plan import Project, load_plan_file, load_project, nodes, read_features
from generator.plan.schema import (
    Body,
    Expression,
    Field,
    GivenAction,
    GivenFixture,
    GivenRow,
    Http,
    Ordering,
    Plan,
    RateLimit,
    Resource,
    Shape,
    TypeLine,
    Value,
)
from generator.problems import PlanProblems, ProblemList
from tests.plan.plans import NAMES, cut, project_of, whole

RESERVED_IN = {
    "auth": ["`integrations`", "`ui`"],
    "booking": ["`jobs`", "`webhooks`", "`integrations`"],
    "chat": ["`encrypt`", "`integrations`", "`realtime`", "`ui`"],
    "checkout": ["`integrations`", "`webhooks`", "`ui`"],
}


def load(text: str, folder: Path) -> Plan:
    """The model of a plan."""
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    return load_plan_file(folder / "plan.yaml").plan


@pytest.mark.parametrize("name", NAMES)
def test_the_plans_of_the_language_load(name: str, tmp_path: Path) -> None:
    project = load_project(project_of(name, tmp_path))
    assert project.warnings == ()
    assert [feature.number for feature in project.features] == ([1, 2] if name == "chat" else [None])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_reserved_is_refused_by_name_and_nothing_else_is(name: str, tmp_path: Path) -> None:
    if name not in RESERVED_IN:
        load(whole(name), tmp_path)
        return
    with pytest.raises(PlanProblems) as raised:
        load(whole(name), tmp_path)
    messages = [problem.message for problem in raised.value.problems]
    assert all(message.endswith("is not supported yet") for message in messages)
    assert [message.split(" ", 1)[0] for message in messages] == RESERVED_IN[name]


@pytest.mark.parametrize("name", NAMES)
def test_both_parsers_read_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert nodes.CParser is not None, "the parser in C is part of the development environment"
    quick = load(cut(name), tmp_path)
    monkeypatch.setattr(nodes, "CParser", None)
    assert load(cut(name), tmp_path) == quick


def task_tracker(tmp_path: Path) -> Project:
    return load_project(project_of("task-tracker", tmp_path))


def test_lines_become_fields(tmp_path: Path) -> None:
    fields = task_tracker(tmp_path).features[0].plan.entities["Task"].fields
    assert list(fields)[:6] == ["project", "parent", "assignee", "title", "description", "status"]
    assert fields["project"] == Field(
        type=TypeLine(name="ref", arguments=("Project",)), required=True, cascade=True
    )
    assert fields["status"] == Field(
        type=TypeLine(name="enum", arguments=("todo", "doing", "blocked", "done")),
        required=True,
        default=Value(expression=Expression(text="todo")),
    )
    assert fields["priority"].default == Value(text="3")
    assert fields["estimate_hours"].type == TypeLine(name="decimal", arguments=("6", "2"))


def test_short_forms_become_long_ones(tmp_path: Path) -> None:
    plan = load(
        """
specwright: 1
project: forms
stack: express-react
entities:
  Item:
    resource:
      policy: staff_only
      order: [created_at desc, id]
    fields:
      code: array(varchar(3))
      owner_id: Item.id optional
    unique:
      code: [code]
    indexes:
      code: [code desc]
    checks:
      rule: code is set
    states:
      field: code
      initial: one
      transitions:
        go:
          from: one
          to: two
          http: POST /go/{id}
        hide: {from: [one, two], to: one, http: none}
  Other:
    was: Former
    resource: true
    fields: {name: text}
schemas:
  Card:
    of: Item
    include: {owner: [id]}
services:
  board:
    operations:
      first:
        http:
          route: GET /first
          rate_limit: 5 per 1m by ip+email
        input: Card
        output: list(Card)
        crud: {list: Item, order: [code]}
      second:
        http: POST /second
        output:
          hash: text required
        slot:
          intent: Something
          proven_by: [AC-1]
          fallback: {return: 'input.code'}
acceptance:
  AC-1:
    title: One
    given: [first, {entity: Item, repeat: 2}, {http: board.first, fails: NOT_FOUND}, {advance: 16m}]
    when: {call: board.second, by: none}
    then: {body: [1, "1", {a: = now()}]}
  AC-2:
    title: Two
    when: {together: [{call: board.second}, {http: board.first, by: first.owner}]}
    then: {emitted: {done: 1}}
""",
        tmp_path,
    )
    item, other = plan.entities["Item"], plan.entities["Other"]
    assert item.resource is not None and item.resource.policy == {"all": "staff_only"}
    assert item.resource.order == (Ordering(field="created_at", descending=True), Ordering(field="id"))
    assert item.fields["code"].type.inner == TypeLine(name="varchar", arguments=("3",))
    assert item.fields["owner_id"].type == TypeLine(name="member", arguments=("Item", "id"))
    assert item.unique["code"].fields == ("code",)
    assert item.indexes["code"].fields == (Ordering(field="code", descending=True),)
    assert item.checks["rule"].rule == Expression(text="code is set")
    assert item.states is not None
    assert item.states.transitions["go"].from_ == ("one",)
    assert item.states.transitions["go"].http == Http(method="POST", route="/go/{id}")
    assert item.states.transitions["hide"].http == "none"
    assert other.resource == Resource() and other.was == ("Former",)
    first, second = plan.services["board"].operations.values()
    assert first.http is not None and first.http.method == "GET" and first.http.route == "/first"
    assert first.http.rate_limit == RateLimit(count=5, per="1m", by=("ip", "email"))
    assert first.input == Shape(type=TypeLine(name="named", arguments=("Card",)))
    assert first.crud is not None and (first.crud.kind, first.crud.entity) == ("list", "Item")
    assert second.output is not None and list(second.output.fields or {}) == ["hash"]
    assert second.slot is not None
    assert second.slot.fallback == Body(return_=Expression(text="input.code"))
    one, two = plan.acceptance.values()
    assert [type(given) for given in one.given[:3]] == [GivenFixture, GivenRow, GivenAction]
    assert one.when[0].by == "none" and not one.together
    assert two.together and two.when[1].by == Expression(text="first.owner")
    assert one.then.body is not None and one.then.body.items is not None
    number, text, members = one.then.body.items
    assert (number.text, number.quoted, text.text, text.quoted) == ("1", False, "1", True)
    assert members.members == {"a": Value(expression=Expression(text="now()"))}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", Value(text="no")),
        ("1.10", Value(text="1.10")),
        ("2026-12-01", Value(text="2026-12-01")),
        ("", Value(text="null")),
        ("~", Value(text="null")),
        ('"null"', Value(text="null", quoted=True)),
        ("0x1F", Value(text="0x1F")),
        ("= now() + 1d", Value(expression=Expression(text="now() + 1d"))),
        ('"= a.b"', Value(expression=Expression(text="a.b"))),
        ("'== a'", Value(text="= a", quoted=True)),
        ("'=a'", Value(text="=a", quoted=True)),
        ("[]", Value(items=())),
        ("{}", Value(members={})),
        ("|\n        a\n        b\n", Value(text="a\nb\n", quoted=True)),
    ],
)
def test_values_keep_their_source(written: str, value: Value, tmp_path: Path) -> None:
    text = cut("minimal") + f"fixtures:\n  first:\n    entity: Item\n    set:\n      title: {written}\n"
    assert load(text, tmp_path).fixtures["first"].set["title"] == value


def test_a_plan_with_windows_line_ends_and_a_mark_is_the_same(tmp_path: Path) -> None:
    plain = load(cut("task-tracker"), tmp_path)
    data = b"\xef\xbb\xbf" + cut("task-tracker").replace("\n", "\r\n").encode()
    (tmp_path / "plan.yaml").write_bytes(data)
    assert load_plan_file(tmp_path / "plan.yaml").plan == plain


def test_problems_of_one_file_do_not_hide_those_of_another(tmp_path: Path) -> None:
    project_of("task-tracker", tmp_path)
    plan, tasks = tmp_path / "plan.yaml", tmp_path / "tasks.yaml"
    plan.write_text(plan.read_text().replace("title: varchar(200) required", "title: varchr(200)"))
    tasks.write_text(tasks.read_text().replace("generate: ci", "genrate: ci"))
    with pytest.raises(PlanProblems) as raised:
        load_project(tmp_path)
    files = [problem.location.file for problem in raised.value.problems if problem.location]
    assert list(dict.fromkeys(files)) == ["plan.yaml", "tasks.yaml"]


def test_what_is_not_broken_can_still_be_checked(tmp_path: Path) -> None:
    project_of("task-tracker", tmp_path)
    plan = tmp_path / "plan.yaml"
    plan.write_text(plan.read_text().replace("title: varchar(200) required", "title: varchr(200)"))
    problems = ProblemList()
    (feature,) = read_features(tmp_path, problems)
    assert len(problems.errors) == 1
    assert "title" not in feature.plan.entities["Task"].fields
    assert "status" in feature.plan.entities["Task"].fields


def test_loading_is_linear_in_the_size_of_the_plan(tmp_path: Path) -> None:
    def plan_of(entities: int) -> str:
        block = "".join(f"      field_{number}: varchar(200) required = 'x'\n" for number in range(40))
        bodies = (
            f"  Thing{number}x:\n    resource: true\n    fields:\n{block}" for number in range(entities)
        )
        return "specwright: 1\nproject: big\nstack: express-react\nentities:\n" + "".join(bodies)

    def seconds(entities: int) -> float:
        text = plan_of(entities)
        times = []
        for _ in range(3):
            start = time.process_time()
            load(text, tmp_path)
            times.append(time.process_time() - start)
        return min(times)

    small, large = seconds(50), seconds(400)
    assert large < 8 * small * 2, (small, large)


def test_a_plan_without_problems_needs_the_quick_parser_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the slow parser was asked for")

    monkeypatch.setattr(nodes, "YAML", refuse)
    for name in NAMES:
        load(cut(name), tmp_path)
    with pytest.raises(AssertionError):
        load("a: [", tmp_path)
