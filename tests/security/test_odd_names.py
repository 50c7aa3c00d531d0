"""Names that mean something to objects, modules and databases: refused by name, or they work to the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.blueprints import templates_folder
from generator.plan.names import RESERVED, names_of
from generator.problems import PlanProblems
from generator.understanding import understand
from tests.stacks.express import borrow, check, write_project
from tests.strategies.plans import to_text

_WORDS = """
    __proto__ constructor prototype to_string has_own_property value_of then default arguments eval await id
    items total length name status error code data body input output context config this self request
    response result page limit offset sort search order index type object string number boolean date time
    map set list array any unknown never null undefined nan infinity global window document process require
    module exports import export async yield let static get create update delete restore health problem
    listing product server app database sql model view write read test describe expect it z client
    transaction version created_at schema metadata base field key value entry row table select where count
    sum min max now uuid text email slug flag reference integer instant json open sub down main new class
    super function var const enum interface package private public
"""
WORDS = _WORDS.split()

Plan = dict[str, Any]


def _plan() -> Plan:
    thing = {"resource": True, "fields": {"a": "text"}}
    return {"specwright": 1, "project": "names", "stack": "express-react", "entities": {"Thing": thing}}


def _look(number: int) -> Plan:
    create = {"create": "Thing", "as": "made", "set": {"a": "input.a"}}
    return {"http": f"POST /look-{number}", "input": {"a": "text"}, "steps": [create]}


def _in(plan: Plan, service: str) -> Plan:
    operations: Plan = plan.setdefault("services", {}).setdefault(service, {"operations": {}})["operations"]
    return operations


def _entity(plan: Plan, word: str, number: int) -> None:
    plan["entities"][names_of(word).pascal] = {"resource": True, "fields": {"b": "text"}}


def _field(plan: Plan, word: str, number: int) -> None:
    plan["entities"].setdefault("Fielded", {"resource": True, "fields": {}})["fields"][word] = "text"


def _transition(plan: Plan, word: str, number: int) -> None:
    states: Plan = {"field": "s", "initial": "x", "transitions": {}}
    made = {"resource": True, "fields": {"s": "enum(x, y) required = x"}, "states": states}
    moving = plan["entities"].setdefault("Moving", made)
    moving["states"]["transitions"][word] = {"from": "x", "to": "y"}


def _member(plan: Plan, word: str, number: int) -> None:
    made: Plan = {"http": "POST /members", "input": {}, "output": {}, "steps": [{"return": {}}]}
    look = _in(plan, "gather").setdefault("look", made)
    look["input"][word] = look["output"][word] = "text"
    look["steps"][0]["return"][word] = f"input.{word}"


def _binding(plan: Plan, word: str, number: int) -> None:
    steps = [
        {"create": "Thing", "as": word, "set": {"a": "'x'"}},
        {"emit": "seen", "with": {"it": f"{word}.id"}},
        {"update": word, "set": {"a": "'y'"}},
    ]
    _in(plan, "binding")[f"bind{number}"] = {"http": f"POST /bind-{number}", "steps": steps}


def _fixture(plan: Plan, word: str, number: int) -> None:
    row = {"entity": "Thing", "set": {"a": "x"}, "seed": True}
    plan.setdefault("fixtures", {})[word] = row
    plan.setdefault("acceptance", {})[f"AC-{number + 1}"] = {
        "title": word,
        "given": [word],
        "when": {"http": "thing.get", "send": {"id": f"= {word}.id"}},
        "then": {"status": 200, "holds": [f"{word}.a = result.a"]},
    }


PLACES: dict[str, Callable[[Plan, str, int], None]] = {
    "entity": _entity,
    "field": _field,
    "service": lambda plan, word, number: _in(plan, names_of(word).camel).update(look=_look(number)),
    "operation": lambda plan, word, number: _in(plan, "desk").update({names_of(word).camel: _look(number)}),
    "transition": _transition,
    "member": _member,
    "binding": _binding,
    "fixture": _fixture,
}


def _faults(folder: Path, plan: Plan) -> tuple[str, ...]:
    (folder / "plan.yaml").write_text(to_text(plan), encoding="utf-8")
    try:
        understand(folder, templates_folder())
    except PlanProblems as problems:
        return tuple(map(str, problems.problems))
    return ()


def _taken(folder: Path) -> Plan:
    """One plan with each word in each place that takes it."""
    whole = _plan()
    for place, put in PLACES.items():
        for number, word in enumerate(WORDS):
            alone = _plan()
            put(alone, word, number)
            faults = _faults(folder, alone)
            told = " ".join(faults).lower()
            assert not faults or word in told or names_of(word).camel.lower() in told, (place, word, faults)
            if faults or (place == "service" and names_of(word).pascal in whole["entities"]):
                continue
            put(whole, word, 1000 * list(PLACES).index(place) + number)
    return whole


@pytest.mark.stack
def test_each_name_is_refused_or_works(express_modules: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    plan = _taken(tmp_path)
    assert len(plan["entities"]) > 60 and len(plan["entities"]["Fielded"]["fields"]) > 70
    (folder / "plan.yaml").write_text(to_text(plan), encoding="utf-8")
    write_project(folder)
    borrow(folder, express_modules)
    check(folder, express_modules)


@pytest.mark.parametrize("word", ["__proto__", "constructor", "prototype", "then", "to_string", "value_of"])
@pytest.mark.parametrize("place", PLACES)
def test_names_of_every_object_are_refused(word: str, place: str, tmp_path: Path) -> None:
    if (word, place) in {("constructor", "transition"), ("prototype", "transition")}:
        pytest.skip("a member of an object of its own")
    plan = _plan()
    PLACES[place](plan, word, 1)
    faults = _faults(tmp_path, plan)
    assert faults or names_of(word).camel not in RESERVED["typescript"], faults
