"""Operations that return their failure: what their functions give, and how others call them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.languages.typescript.services import operation_facts
from tests.model.plans import problems_of, resolved

PLAN = """
entities:
  Note:
    fields:
      title: varchar(80) required
services:
  desk:
    operations:
      jot:
        failure: result
        input:
          title: Note.title required
        output: Note
        steps:
          - create: Note
            set:
              title: input.title
          - return: note
      jotTwice:
        http: POST /twice
        steps:
          - call: desk.jot
            with:
              title: "'one'"
            as: one
          - call: desk.jot
            with:
              title: one.title
      look:
        failure: result
        output:
          notes: integer required
        steps:
          - return:
              notes: count Note(true)
"""


def facts(tmp_path: Path, identity: str, text: str = PLAN) -> dict[str, Any]:
    model = resolved(tmp_path, text)
    return operation_facts(model, model.operation(identity))


def test_the_function_gives_the_value_or_the_failure(tmp_path: Path) -> None:
    jot = facts(tmp_path, "desk.jot")
    assert jot["output_type"] == "Outcome<Note>"
    assert jot["opening"] == "return outcomeOf(context, 'transaction', async (context) => {"


def test_what_only_reads_needs_no_transaction(tmp_path: Path) -> None:
    look = facts(tmp_path, "desk.look")
    assert look["opening"] == "return outcomeOf(context, 'none', async (context) => {"


def test_a_step_that_calls_it_fails_with_it(tmp_path: Path) -> None:
    lines = facts(tmp_path, "desk.jotTwice")["lines"]
    assert lines[0] == "const one = unwrapped(await jot(context, { title: 'one' }));"
    assert lines[1] == "unwrapped(await jot(context, { title: one.title }));"


def test_others_are_as_they_were(tmp_path: Path) -> None:
    twice = facts(tmp_path, "desk.jotTwice")
    assert twice["output_type"] == "void" and twice["opening"].startswith("return context.transaction(")


def test_the_type_keeps_its_name(tmp_path: Path) -> None:
    found = problems_of(tmp_path, PLAN.replace("Note", "Outcome").replace("return: note", "return: outcome"))
    assert any("makes a type Outcome" in each for each in found), found
