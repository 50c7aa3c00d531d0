"""Places are found by the path of a part in the model, down to a character of an expression."""

from __future__ import annotations

from pathlib import Path

from generator.plan import load_plan_file
from generator.plan.positions import Locator

TEXT = """\
specwright: 1
project: places
stack: express-react
entities:
  Item:
    visible: 'title = ''x'' and done'
    fields:
      title: varchar(9) required =   'none'
      done:
        type: boolean
        default: = not true
    checks:
      one: title is set
        and done is set
      two: >-
        title is set

        and done
    states:
      field: title
      initial: a
      transitions:
        go:
          from: a
          to: b
          set: {title: "'\\t' + \\"x\\" + bad"}
acceptance:
  AC-1:
    title: One
    given: [{entity: Item}, item]
    when:
      together:
        - http: item.list
        - http: item.get
          send:
            id: = 1
    then:
      outcomes: [ok, ok]
"""


def locator(tmp_path: Path) -> Locator:
    (tmp_path / "plan.yaml").write_text(TEXT, encoding="utf-8")
    return load_plan_file(tmp_path / "plan.yaml", "a/plan.yaml").locate


def test_keys_and_values(tmp_path: Path) -> None:
    locate = locator(tmp_path)
    assert str(locate("entities", "Item", "fields", "title")) == "a/plan.yaml:8:7"
    assert str(locate("entities", "Item", "fields", "title", value=True)) == "a/plan.yaml:8:14"
    assert str(locate("acceptance", "AC-1", "given", 1)) == "a/plan.yaml:30:29"
    assert str(locate()) == "a/plan.yaml:1:1"


def test_what_is_not_written_falls_back_to_what_holds_it(tmp_path: Path) -> None:
    locate = locator(tmp_path)
    assert str(locate("entities", "Item", "fields", "title", "required")) == "a/plan.yaml:8:7"
    assert str(locate("entities", "Item", "resource", "path")) == "a/plan.yaml:5:3"
    assert str(locate("entities", "Nothing")) == "a/plan.yaml:4:1"


def test_paths_are_those_of_the_model(tmp_path: Path) -> None:
    locate = locator(tmp_path)
    assert str(locate("acceptance", "AC-1", "when", 1, "send", "id")) == "a/plan.yaml:36:13"
    go = ("entities", "Item", "states", "transitions", "go")
    assert str(locate(*go, "from_", 0, value=True)) == "a/plan.yaml:24:17"


def place_of(locate: Locator, text: str, word: str, *path: str) -> str:
    """The line and column that are found for a word of an expression."""
    found = locate(*path, offset=text.index(word))
    lines = TEXT.splitlines()
    assert lines[found.line - 1][found.column - 1 :].startswith(word)
    return f"{found.line}:{found.column}"


def test_characters_of_expressions(tmp_path: Path) -> None:
    locate = locator(tmp_path)
    item = ("entities", "Item")
    assert place_of(locate, "title = 'x' and done", "done", *item, "visible") == "6:33"
    assert place_of(locate, "'none'", "none", *item, "fields", "title", "default") == "8:39"
    assert place_of(locate, "not true", "true", *item, "fields", "done", "default") == "11:24"
    assert place_of(locate, "title is set and done is set", "and", *item, "checks", "one") == "14:9"
    assert place_of(locate, "title is set and done is set", "title", *item, "checks", "one") == "13:12"
    assert place_of(locate, "title is set\nand done", "done", *item, "checks", "two") == "18:13"
    go = (*item, "states", "transitions", "go", "set", "title")
    assert place_of(locate, "'\t' + \"x\" + bad", "bad", *go) == "26:40"


def test_the_end_of_an_expression(tmp_path: Path) -> None:
    locate = locator(tmp_path)
    text = "title is set and done is set"
    assert str(locate("entities", "Item", "checks", "one", offset=len(text))) == "a/plan.yaml:14:24"
