"""What generated tests are told about each entity: the plan's word, that the code is held against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generator.languages.typescript.links import link_facts
from generator.languages.typescript.literals import literal, number_literal, property_name
from generator.languages.typescript.places import contract_file, model_constant, view_constant
from generator.languages.typescript.testing.endpoints import is_ruling
from generator.languages.typescript.testing.entities import Entries, TestedEntity, texts
from generator.languages.typescript.testing.lists import list_node
from generator.languages.typescript.testing.members import MemberWriter
from generator.languages.typescript.testing.rules import capacity, rule_entries
from generator.languages.typescript.testing.samples import Sampler, nth_value, settable
from generator.languages.typescript.testing.states import states_node
from generator.model.elements.entities import Entity, Resource
from generator.model.elements.members import ManyRelation, Member
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation
from generator.model.selection import Selection
from generator.typescript_layout.nodes import Atom, Call, Object, text_literal
from generator.typescript_layout.statements import constant, written

RESOURCE_OPERATIONS = ("list", "get", "create", "update", "delete", "restore")


def subject_facts(model: Model, selection: Selection, entity: Entity) -> dict[str, Any]:
    """The subject of an entity: a constant that states what the plan says about it.

    Args:
        model: the resolved plan.
        selection: which entities are offered over HTTP.
        entity: one of the plan's.

    Returns:
        The file, the name of the constant, its lines and what they import.
    """
    writer = SubjectWriter(TestedEntity(model, Sampler(model), entity))
    served = entity.resource if selection.has("controller", entity.names.camel) else None
    node = Call("defineSubject", (Object(tuple(writer.entries(served))),))
    lines = written([("export ", constant(entity.names.camel, node))]).split("\n")
    imports = [
        ["../values.js", name if local == name else f"{name} as {local}"]
        for name, local in sorted((name, writer.members.local(name)) for name in writer.members.values)
    ]
    imports += [[f"../../src/models/{contract_file(entity.name)}.model.js", name] for name in writer.models]
    imports += writer.views
    return {
        "name": entity.name,
        "camel": entity.names.camel,
        "file": contract_file(entity.name),
        "plural_title": entity.names.plural_title.lower(),
        "lines": lines,
        "imports": [["../subject.js", "defineSubject"], *imports],
    }


class SubjectWriter:
    """Writes the subject of one entity and notes what it imports."""

    def __init__(self, tested: TestedEntity) -> None:
        self.tested = tested
        self.members = MemberWriter(tested)
        self.models = [model_constant(tested.entity)]
        self.views: list[list[str]] = []

    def entries(self, resource: Resource | None) -> Entries:
        """Everything the tests are told, in the order in which it stands.

        Args:
            resource: how the entity is offered, if it is.

        Returns:
            Names and values of the subject's members.
        """
        entity = self.tested.entity
        entries: Entries = [
            ("name", Atom(text_literal(entity.names.camel))),
            ("model", Atom(model_constant(entity))),
        ]
        if resource is not None:
            entries.append(("path", Atom(text_literal(resource.path))))
        offered = [name for name in RESOURCE_OPERATIONS if resource and self._is_tried(resource, name)]
        entries.append(("operations", texts(offered)))
        if offered and not {"get", "list"} & {*offered}:
            entries.append(("view", Atom(self._view(offered))))
        if entity.key != ("id",):
            entries.append(("key", texts([member.json for member in entity.key_members])))
        entries.append(("members", self.members.members()))
        entries += self._nature()
        entries += self._samples()
        if resource is not None and "list" in offered:
            entries.append(("list", list_node(self.tested, resource)))
        entries += rule_entries(self.tested)
        if entity.states is not None and resource is not None and offered:
            entries.append(("states", states_node(self.tested)))
        return entries

    def _is_tried(self, resource: Resource, name: str) -> bool:
        """Whether tests do it: it is offered, and the usual caller may and sees what comes of it."""
        model, entity = self.tested.model, self.tested.entity
        if name not in resource.operations or not self.tested.is_standard(name):
            return False
        identity = model.identity
        if identity is None:
            return True
        if name == "list" and entity.name in (identity.actor, identity.scope, identity.member):
            # The usual caller is there before the test.
            return False
        operation = model.operation(f"{entity.names.camel}.{name}")
        if name in ("create", "update") and not self._may_refer(operation):
            return False
        return self.tested.callers.seen(entity) is not None and self.tested.callers.allows(operation)

    def _may_refer(self, operation: Operation) -> bool:
        """Whether the usual caller sees the rows that tests make for them to refer to."""
        seen = self.tested.callers.seen
        model = self.tested.model
        named: list[tuple[Member | ManyRelation, str]] = [
            (item, item.reference.entity) for item in operation.input if item.reference
        ]
        named += [(relation, relation.entity) for relation in operation.input_many]
        return all(
            seen(model.entity(entity)) is not None or self.tested.is_self(item) for item, entity in named
        )

    def _view(self, offered: Sequence[str]) -> str:
        """How rows look that nobody can ask for."""
        operations = [
            self.tested.model.operation(f"{self.tested.entity.names.camel}.{name}") for name in offered
        ]
        shown = [each.output.name for each in operations if each.output.kind == "view" and each.output.name]
        constant, module = view_constant(self.tested.model, (*shown, self.tested.entity.name)[0])
        self.views.append([module.replace("../", "../../src/", 1), constant])
        return constant

    def _nature(self) -> Entries:
        entity = self.tested.entity
        entries: Entries = []
        if entity.many:
            self.models += [link_facts(entity, relation)["const"] for relation in entity.many]
            links = [
                (property_name(relation.json), Atom(link_facts(entity, relation)["const"]))
                for relation in entity.many
            ]
            entries.append(("links", Object(tuple(links))))
        computed = [member.json for member in self.tested.view.members if member.computed]
        included = [item.json for item in self.tested.view.derived]
        included += [item.json for item in self.tested.view.includes]
        if included or computed:
            entries.append(("derived", texts([*included, *computed])))
        if entity.scope:
            entries.append(("ofTenant", Atom("true")))
        unseen = self.tested.callers.unseen(entity)
        if unseen is not None:
            values = tuple((name, Atom(literal(value))) for name, value in unseen.items())
            entries.append(("unseenBy", Object(values)))
        if entity.versioned:
            entries.append(("versioned", Atom("true")))
        if entity.soft_delete:
            entries.append(("softDelete", Atom("true")))
        if entity.type.guarded and is_ruling(self.tested.model, entity):
            entries.append(("isRule", Atom("true")))
        most = capacity(entity)
        if most is not None:
            entries.append(("most", Atom(number_literal(most))))
        return entries

    def _samples(self) -> Entries:
        entries: Entries = []
        for amount in ("bare", "full"):
            change = self.tested.sampler.steadied(self.tested.entity, amount)
            if change:
                entries.append((amount, self.tested.json_values(change)))
        places = [(item.json, self._changes_in(item)) for item in settable(self.tested.entity)]
        tied = tuple((property_name(name), Atom(text_literal(place))) for name, place in places if place)
        if tied:
            entries.append(("tied", Object(tied)))
        return entries

    def _changes_in(self, member: Member) -> str | None:
        """The kind of row in which a member can change alone, where that is not a full one."""
        if member.write != "always" or member.role == "state":
            return None
        changed = [nth_value(member, 2)] + ([] if member.required else [None])
        for amount in ("full", "bare"):
            first = [] if amount == "full" or member.required else [nth_value(member, 1)]
            rows = [self.tested.row(amount) | {member.column: value} for value in (*changed, *first)]
            if all(self.tested.sampler.fits(self.tested.entity, values) for values in rows):
                return None if amount == "full" else "bare"
        return "none"
