"""What the test room of express-react is told: subjects, criteria, wrong bodies of slots, budgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from generator.languages.typescript.literals import literal, property_name
from generator.languages.typescript.places import (
    CONTRACT,
    called_function,
    operation_file,
    service_module,
)
from generator.languages.typescript.services import operation_facts
from generator.languages.typescript.steps import BodyWriter
from generator.languages.typescript.testing.callers import Callers
from generator.languages.typescript.testing.criteria import (
    criterion_facts,
    criterion_name,
    module_of,
    reached,
)
from generator.languages.typescript.testing.derived import derived_trial, guard_trial
from generator.languages.typescript.testing.endpoints import endpoint_facts
from generator.languages.typescript.testing.operations import loaded_inputs, trial_facts
from generator.languages.typescript.testing.samples import Sampler
from generator.languages.typescript.testing.subjects import subject_facts
from generator.layout import WIDTH
from generator.model.elements.catalogue import ConfigEntry
from generator.model.elements.criteria import Criterion
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation
from generator.model.rules import entities_in
from generator.model.selection import Selection
from generator.typescript_layout.nodes import Array, Atom, text_literal
from generator.typescript_layout.statements import constant, written

WRONG_COLUMN = 6
"""Where a wrong body stands: inside a method inside an object inside a list."""


def facts_of_tests(model: Model, selection: Selection) -> dict[str, Any]:
    """Everything the test room renders from.

    Args:
        model: the resolved plan.
        selection: which rooms render which elements.

    Returns:
        The answers' ``tests``: ``subjects``, ``criteria``, ``wrong_bodies``, ``budgets`` and so on.
    """
    entities = [entity for entity in model.entities if selection.has("model", entity.name)]
    tested = entities if "test" in selection.rooms else []
    chosen = [criterion for criterion in model.criteria if selection.has("test", criterion.id)]
    return {
        "subjects": [subject_facts(model, selection, entity) for entity in tested],
        "criteria": [criterion_facts(model, criterion) for criterion in chosen],
        "callers": _callers(model),
        "trials": _trials(model, selection),
        "strangers": endpoint_facts(model, selection) if "test" in selection.rooms else None,
        "settings": _settings(model),
        "criteria_lines": _criteria_list(chosen),
        "wrong_bodies": _wrong_bodies(model, {criterion.id for criterion in chosen}),
        "budgets": [
            {
                "operation": text_literal(budget.operation),
                "p95": budget.p95_milliseconds,
                "connections": budget.connections,
                "rate": budget.rate,
                "rows": _rows(model, budget.operation),
            }
            for budget in model.budgets
        ],
    }


def _rows(model: Model, identity: str) -> str | None:
    """The inputs by which an operation loads rows, with the subjects of the rows, as an object."""
    operation = next(item for item in model.operations if item.id == identity)
    body = operation.body or (operation.slot.fallback if operation.slot else None)
    loads = loaded_inputs(body.steps if body else ())
    entries = []
    for member in operation.input:
        if member.word in loads:
            entity = model.entity(loads[member.word].entity or "")
            entries.append(f"{property_name(member.json)}: {text_literal(entity.names.camel)}")
    return f"{{ {', '.join(entries)} }}" if entries else None


def _callers(model: Model) -> dict[str, Any] | None:
    """Who calls in tests that are not about who calls."""
    identity = model.identity
    if identity is None:
        return None
    names = {
        key: model.entity(name).names.camel
        for key, name in (
            ("actor", identity.actor),
            ("scope", identity.scope),
            ("member_subject", identity.member),
        )
        if name is not None
    }
    usual = Callers(Sampler(model)).member
    return {**names, "member": {name: literal(value) for name, value in usual.items()}}


def _settings(model: Model) -> list[list[str]]:
    """Variables of the environment that tests must set, with values as code."""
    secret = [["GATEWAY_SECRET", text_literal("for-tests-only-".ljust(32, "x"))]]
    given = [[entry.name, text_literal(_setting(entry))] for entry in model.config if entry.default is None]
    return [*(secret if model.identity is not None and model.identity.auth is None else []), *given]


def _setting(entry: ConfigEntry) -> str:
    """A value for a setting that has no default."""
    if entry.type.kind == "list" and entry.type.of is not None:
        entry = replace(entry, type=entry.type.of)
    match entry.type.kind:
        case "enum":
            return entry.type.members[0]
        case "int" | "decimal":
            return entry.minimum or entry.maximum or "1"
        case "bool":
            return "true"
        case "interval":
            return f"{entry.minimum or entry.maximum or 60_000}ms"
    if entry.url:
        return "http://localhost"
    return "for-tests-only-".ljust(max(entry.min_length or 0, 32), "x")


def _trials(model: Model, selection: Selection) -> dict[str, Any]:
    served = [item for item in model.operations if selection.has("controller", item.service)]
    sampler = Sampler(model)
    callers = Callers(sampler)
    found = [trial_facts(model, operation) for operation in served if callers.does(operation)]
    for entity in model.entities:
        if entity.resource is None or not selection.has("controller", entity.names.camel):
            continue
        name = entity.names.camel
        if "get" in entity.resource.operations and callers.does(model.operation(f"{name}.get")):
            found += [
                derived_trial(sampler, entity, derived)
                for derived in entity.derived
                if callers.sees(entities_in(derived.expression))
            ]
        for transition in entity.states.transitions if entity.states else ():
            operation = (
                model.operation(f"{name}.{transition.name}")
                if transition.published and not transition.steps
                else None
            )
            if operation and callers.does(operation) and callers.sees(entities_in(transition.guard)):
                found.append(guard_trial(sampler, entity, transition))
    trials = [facts for facts in found if facts is not None]
    return {"trials": trials, "imports": [pair for trial in trials for pair in trial["imports"]]}


def _criteria_list(chosen: Sequence[Criterion]) -> list[str]:
    names = Array(tuple(Atom(criterion_name(criterion)) for criterion in chosen))
    return written([("export ", constant("criteria: readonly Criterion[]", names))]).split("\n")


def _wrong_bodies(model: Model, chosen: set[str]) -> dict[str, Any]:
    bodies: list[dict[str, Any]] = []
    imports: dict[tuple[str, str], None] = {}
    for operation in model.operations:
        slot = operation.slot
        if slot is None or not slot.wrong:
            continue
        proofs = [criterion.id for criterion in model.proofs(operation) if criterion.id in chosen]
        # A criterion that never comes to the slot tells nothing of a wrong body.
        if not any(_reaches(model, identity, operation) for identity in proofs):
            continue
        facts = operation_facts(model, operation)
        imported, function = called_function(model, operation)
        imports[(service_module(model, operation), imported)] = None
        imports[("../context.js", "type Context")] = None
        if operation.input_name is not None:
            home = f"{CONTRACT}/{operation_file(model, operation)}.operations"
            imports[(home, f"type {operation.input_name}")] = None
        for module, imported in facts["output_imports"]:
            imports[(module, imported)] = None
        if operation.as_system:
            imports[("../caller.js", "asSystem")] = None
        if operation.gives_failure:
            imports |= {("../outcome.js", name): None for name in ("type Outcome", "outcomeOf")}
        for name, body in slot.wrong.items():
            writer = BodyWriter(model, operation=operation)
            column = WRONG_COLUMN + (2 if facts["opening"] else 0)
            lines = writer.body(body, column)
            imports.update(writer.imports)
            bodies.append(
                {
                    "slot": text_literal(slot.id),
                    "name": text_literal(name),
                    "stands": function,
                    "head": _head(operation, facts["output_type"]),
                    "proven_by": [text_literal(identity) for identity in proofs],
                    "writes": operation.writes,
                    "opening": facts["opening"],
                    "lines": lines,
                }
            )
    return {
        "bodies": bodies,
        "imports": [[_from_tests(module), name] for module, name in imports],
    }


def _head(operation: Operation, output: str) -> list[str]:
    """The start of a method that stands in for an operation, on as many lines as it needs."""
    given = ["context: Context", *([f"input: {operation.input_name}"] if operation.input_name else [])]
    promised = f"Promise<{output}> {{"
    line = f"async body({', '.join(given)}): {promised}"
    if len(line) + WRONG_COLUMN - 2 <= WIDTH:
        return [line]
    return ["async body(", *(f"  {each}," for each in given), f"): {promised}"]


def _reaches(model: Model, identity: str, operation: Operation) -> bool:
    criterion = next(item for item in model.criteria if item.id == identity)
    return any(each.id == operation.id for each in reached(model, criterion))


def _from_tests(module: str) -> str:
    return module_of(module).replace("../../src/", "../src/", 1)
