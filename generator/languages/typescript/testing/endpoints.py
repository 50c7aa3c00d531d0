"""Where requests name rows that are not there for everybody, so that tests can name somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.languages.typescript.literals import literal, number_literal, property_name
from generator.languages.typescript.testing.callers import Callers
from generator.languages.typescript.testing.entities import Entries
from generator.languages.typescript.testing.evaluation import UNKNOWN
from generator.languages.typescript.testing.operations import loaded_inputs
from generator.languages.typescript.testing.samples import Sampler, nth_value
from generator.model.elements.entities import Entity
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation
from generator.model.rules import entities_in
from generator.model.selection import Selection
from generator.typescript_layout.nodes import Array, Atom, Object, text_literal
from generator.typescript_layout.statements import constant, written

BY_KEY = ("get", "update", "delete", "restore", "transition")


def endpoint_facts(model: Model, selection: Selection) -> dict[str, Any] | None:
    """What tests of strangers are told of the endpoints.

    Args:
        model: the resolved plan.
        selection: which operations are offered over HTTP.

    Returns:
        The lines of ``endpoints`` and of ``overviews``; None where all rows are there for everybody.
    """
    if not any(entity.type.guarded for entity in model.entities):
        return None
    by_itself = _by_itself(model)
    offered = [item for item in model.operations if item.route and selection.has("controller", item.service)]
    served = [item for item in offered if item.id not in by_itself and _is_reached(model, item)]
    writer = EndpointWriter(model)
    places = [Object(tuple(each)) for item in served for each in writer.endpoints(item)]
    endpoints = Array(tuple(places))
    overviews = Array(tuple(Atom(text_literal(item.id)) for item in served if _is_overview(item)))
    return {
        "lines": written([("export ", constant("endpoints: readonly Endpoint[]", endpoints))]).split("\n"),
        "overviews": written([("export ", constant("overviews: readonly string[]", overviews))]).split("\n"),
    }


def is_ruling(model: Model, entity: Entity) -> bool:
    """Whether rows of an entity decide who sees or does what, so that more than they is gone without them."""
    rules = [each.visible for each in model.entities]
    rules += [operation.policy.allow for operation in model.operations if operation.policy]
    return any(entity.name in entities_in(rule) for rule in rules)


class EndpointWriter:
    """Writes at which places a request to an operation names a row."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.callers = Callers(Sampler(model))

    def endpoints(self, operation: Operation) -> Iterator[Entries]:
        """Each place at which an operation names a row that is not there for everybody."""
        if operation.kind in BY_KEY and operation.entity and self._is_guarded(operation.entity):
            yield self._entries(operation, operation.entity, None, "NOT_FOUND")
        if operation.kind == "list":
            yield from self._filters(operation)
        elif operation.kind in ("create", "update"):
            own = self.model.entity(operation.entity or "")
            for member in operation.input:
                reference = member.reference
                if reference and reference.guarded and member.column not in own.key:
                    yield self._entries(operation, reference.entity, member.json, "NOT_FOUND", of=own)
            for relation in operation.input_many:
                if relation.guarded:
                    yield self._entries(
                        operation, relation.entity, relation.json, "NOT_FOUND", of=own, many=True
                    )
        else:
            yield from self._declared(operation)

    def _filters(self, operation: Operation) -> Iterator[Entries]:
        entity = self.model.entity(operation.entity or "")
        assert entity.resource is not None
        lists = {relation.name: relation.entity for relation in entity.many}
        lists |= {related.name: related.entity for related in entity.through}
        given = {member.json for member in operation.input}
        for item in entity.resource.filters:
            named = lists.get(item.column)
            if named is None:
                reference = entity.member(item.column).reference
                named = reference.entity if reference else None
            if named and item.json in given and self._is_guarded(named):
                yield self._entries(operation, named, item.json, None)

    def _declared(self, operation: Operation) -> Iterator[Entries]:
        """The inputs of a declared operation that name rows, with what else it has to be sent."""
        sends: Entries = []
        others: Entries = []
        for member in operation.input:
            if member.required and member.names is None:
                value = nth_value(member, 1)
                if value is UNKNOWN:
                    return
                sends.append((property_name(member.json), Atom(literal(value))))
            elif member.required and member.names is not None:
                camel = self.model.entity(member.names).names.camel
                others.append((property_name(member.json), Atom(text_literal(camel))))
        loads = loaded_inputs(operation.body.steps if operation.body else ())
        for member in operation.input:
            if member.names is None or not self._is_guarded(member.names):
                continue
            load = loads.get(member.word)
            is_first = load is not None and operation.body is not None and operation.body.steps[0] is load
            known = load.missing if load and is_first and not load.optional else None
            rest = [pair for pair in others if pair[0] != property_name(member.json)]
            entries = self._entries(operation, member.names, member.json, known)
            if sends:
                entries.append(("sends", Object(tuple(sends))))
            if rest:
                entries.append(("others", Object(tuple(rest))))
            yield entries

    def _entries(
        self,
        operation: Operation,
        entity: str,
        place: str | None,
        error: str | None,
        of: Entity | None = None,
        many: bool = False,
    ) -> Entries:
        entries: Entries = [
            ("operation", Atom(text_literal(operation.id))),
            ("names", Atom(text_literal(self.model.entity(entity).names.camel))),
        ]
        if place is not None:
            entries.append(("as", Atom(text_literal(place))))
        if many:
            entries.append(("isList", Atom("true")))
        if of is not None:
            entries.append(("of", Atom(text_literal(of.names.camel))))
        if operation.route and operation.route.limit:
            entries.append(("waits", Atom(number_literal(operation.route.limit.milliseconds))))
        policy = operation.policy
        # A policy that reads the row is asked when there is one.
        is_asked = policy is not None and not (policy.of_row and place is None)
        if is_asked:
            entries.append(("asks", Atom("true")))
        is_seen = of is None or self.callers.seen(of) is not None
        is_allowed = not is_asked or self.callers.allows(operation)
        if error and is_seen and is_allowed and operation.kind != "slot":
            entries.append(("error", Atom(text_literal(error))))
        return entries

    def _is_guarded(self, name: str) -> bool:
        return self.model.entity(name).type.guarded


def _is_reached(model: Model, operation: Operation) -> bool:
    """Whether clients get there: what is said of an entity without a resource stays in the service."""
    return operation.entity is None or model.entity(operation.entity).resource is not None


def _is_overview(operation: Operation) -> bool:
    """Whether anybody who may ask for it gets it without saying more."""
    assert operation.route is not None
    plain = operation.route.method == "get" and not operation.route.parameters
    return plain and not any(member.required for member in operation.input)


def _by_itself(model: Model) -> set[str]:
    """The operations for which all rows are there, and those that call one."""
    found = {operation.id for operation in model.operations if operation.as_system}
    while True:
        more = {
            operation.id
            for operation in model.operations
            if operation.id not in found
            and operation.body
            and any(step.operation in found for step in operation.body.steps if step.kind == "call")
        }
        if not more:
            return found
        found |= more
