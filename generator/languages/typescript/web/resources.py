"""The pages of an entity, declared: what its fields are, what a list shows, what can be done with a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator.languages.typescript.literals import property_name
from generator.languages.typescript.web.api import (
    api_constant,
    api_file,
    input_shapes,
    list_of,
    standard,
)
from generator.languages.typescript.web.fields import FieldWriter, field_node, is_long, text_node
from generator.languages.typescript.web.titles import name_title
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation
from generator.typescript_layout.nodes import Array, Atom, Call, Node, Object
from generator.typescript_layout.statements import constant, written

Entries = list[tuple[str, Node]]

MOST_COLUMNS = 6
NAMES = ("name", "title", "label", "subject", "headline", "key", "code", "email")
"""What a row is likely called by, the likeliest first."""
GIVEN = {"list": "list", "page": "page", "cursor_page": "page"}
"""What an answer is that is not one value, by the kind of an output."""
UNLISTED = ("multiline", "json", "list", "references", "id")
"""Kinds that a table has no room for."""


class PageWriter(FieldWriter):
    """Writes the declaration of one entity's pages, and notes what it imports."""

    def __init__(self, model: Model, entity: Entity, listed: frozenset[str], served: frozenset[str]) -> None:
        assert entity.resource is not None
        super().__init__(model, listed)
        self.entity = entity
        self.served = served
        self.imports.append(["../resource.js", "defineResource"])
        self.view = next(view for view in model.views if view.name == entity.resource.view)
        self.list = list_of(model, entity)
        self.get, self.create, self.update, self.delete, self.restore = (
            standard(model, entity, name) for name in ("get", "create", "update", "delete", "restore")
        )

    def offers(self) -> dict[str, bool]:
        """Which pages there are."""
        return {
            "isListed": self.list is not None,
            "isShown": self.get is not None,
            "isCreated": self.create is not None,
            "isUpdated": self.update is not None and self.get is not None,
        }

    def declaration(self) -> dict[str, Any]:
        """The constant that declares the pages: its lines, and what they import."""
        entity = self.entity
        fields = self.fields()
        entries: Entries = [("name", text_node(entity.names.camel))]
        if entity.key != ("id",):
            entries.append(("key", _texts(member.json for member in entity.key_members)))
        entries.append(("label", text_node(self._label())))
        entries.append(("fields", Object(tuple(fields.items()))))
        if entity.versioned:
            entries.append(("isVersioned", Atom("true")))
        if self.list is not None:
            entries.append(("list", self._list(self.list, fields)))
        if self.get is not None:
            entries.append(("get", self._run(self.get)))
        for name, operation in (("create", self.create), ("update", self.update)):
            if operation is not None:
                entries.append((name, self.sending(operation)))
        if self.delete is not None:
            removal: Entries = [("run", self._run(self.delete))]
            if self.restore is not None:
                removal.append(("undo", self._run(self.restore)))
            entries.append(("remove", Object(tuple(removal))))
        actions = [*self._transitions(), *self._declared()]
        if actions:
            entries.append(("actions", Array(tuple(actions))))
        panels = [*self._panels()]
        if panels and self.get is not None:
            entries.append(("panels", Array(tuple(panels))))
        node = Call("defineResource", (Object(tuple(entries)),))
        lines = written([("export ", constant("resource", node))]).split("\n")
        return {"lines": lines, "imports": self.imports}

    def _label(self) -> str:
        """The member that a row is called by; that of its key where nothing names it."""
        texts = [item for item in self.view.members if item.kind == "text" and item.role == "data"]
        for name in NAMES:
            if found := next((item for item in texts if item.name == name), None):
                return found.json
        short = [item for item in texts if item.required and not is_long(item)]
        return (short or [item for item in texts if item.required] or self.entity.key_members)[0].json

    def fields(self) -> dict[str, Node]:
        """Every member that is shown or asked for, in the order of the plan."""
        entity = self.entity
        inputs = [
            member
            for operation in (self.create, self.update)
            if operation is not None
            for member in operation.input
            if member.role != "version" and member not in _path(operation)
        ]
        fields: dict[str, Node] = {}
        shown = {member.json for member in (*self.view.members, *inputs)}
        narrowed = {item.column for item in entity.resource.filters} if entity.resource else set()
        for member in entity.members:
            wanted = member.json in shown or member.column in narrowed
            kept = member.role in ("timestamp", "version", "deleted")
            is_id = member.role == "key" and entity.key == ("id",) and self._label() != member.json
            if wanted and member.exposed and not kept and not is_id:
                fields[property_name(member.json)] = self.field(member, entity)
        for include in self.view.includes:
            fields[property_name(include.json)] = field_node("rows", name_title(include.relation))
        for relation in entity.many:
            fields[property_name(relation.json)] = self._related(relation.name, relation.entity)
        for related in self.view.through:
            fields[property_name(related.json)] = self._related(related.name, related.entity)
        for derived in self.view.derived:
            member = Member(derived.name, derived.name, derived.json, derived.type)
            fields[property_name(derived.json)] = self.field(member, None)
        for member in inputs:
            fields.setdefault(property_name(member.json), self.field(member, None))
        for member in self.view.members:
            if member.role == "timestamp":
                fields[property_name(member.json)] = self.field(member, entity)
        return fields

    def _related(self, name: str, entity: str) -> Node:
        if entity not in self.listed:
            return field_node("list", name_title(name), field_node("text", name_title(name)))
        to = text_node(self.model.entity(entity).names.camel)
        return field_node("references", name_title(name), to, *self.key_of(entity))

    def _list(self, operation: Operation, fields: dict[str, Node]) -> Node:
        resource = self.entity.resource
        assert resource is not None
        asked = {member.json for member in operation.input}
        entries: Entries = [
            ("run", self._run(operation)),
            ("columns", _texts(self._columns(fields))),
        ]
        filters = [item for item in self._filters() if item[0] in asked]
        if filters:
            entries.append(
                (
                    "filters",
                    Object(tuple((property_name(name), self._filter(by, of)) for name, of, by in filters)),
                )
            )
        if resource.search and "search" in asked:
            entries.append(("hasSearch", Atom("true")))
        sorts = [json for json, _ in resource.sorts if property_name(json) in fields]
        if sorts and "sort" in asked:
            entries.append(("sorts", _texts(sorts)))
        if operation.output.kind == "cursor_page":
            entries.append(("pages", text_node("cursor")))
        return Object(tuple(entries))

    def _filter(self, by: str, of: str) -> Node:
        self.imports.append(["../resource.js", by])
        return Call(by, (text_node(of),))

    def _filters(self) -> Iterator[tuple[str, str, str]]:
        """What narrows a list: the name in the query, the field, and how they are compared."""
        resource = self.entity.resource
        assert resource is not None
        ranges = {item.column for item in resource.filters if item.operator == "from"}
        related = {item.name: item.json for item in self.entity.many}
        related |= {item.name: item.json for item in self.entity.through}
        for item in resource.filters:
            if item.operator == "has":
                yield item.json, related[item.column], "equal"
            elif item.operator == "holds":
                yield item.json, self.entity.member(item.column).json, "equal"
            elif item.operator != "equal" or item.column not in ranges:
                yield item.json, self.entity.member(item.column).json, item.operator

    def _columns(self, fields: dict[str, Node]) -> list[str]:
        """What a table of rows shows: what they are called, what says most, then the rest that has room."""
        shown = {member.json for member in self.view.members}
        shown |= {derived.json for derived in self.view.derived}
        shown |= {include.json for include in self.view.includes if not include.is_list}
        label = self._label()
        rest = [
            name
            for name, node in fields.items()
            if name in shown and name != label and _kind(node) not in UNLISTED
        ]
        rest.sort(key=lambda name: self._rank(name, _kind(fields[name])))
        known = [label] if label in fields else []
        return [*known, *rest][:MOST_COLUMNS]

    def _rank(self, name: str, kind: str) -> int:
        """How late a field stands in a table: what can be sorted by says more, a moment of writing least."""
        resource = self.entity.resource
        sorts = {json for json, _ in resource.sorts} if resource else set()
        references = {member.json: member for member in self.entity.members if member.reference}
        member = references.get(name)
        if name in {item.json for item in self.entity.members if item.role == "timestamp"}:
            return 6
        if member is None or member.reference is None:
            return 0 if kind == "choice" else 3 if name in sorts else 4
        return 5 if member.reference.entity == self.entity.name else 1 if member.required else 2

    def _run(self, operation: Operation) -> Node:
        name = api_constant(operation.service)
        self.imports.append([f"../api/{api_file(operation.service)}.api.js", name])
        key = property_name(operation.name)
        return Atom(f"{name}.{key}")

    def sending(self, operation: Operation) -> Node:
        return Object((("run", self._run(operation)), ("input", self._input(operation))))

    def _input(self, operation: Operation) -> Node:
        """The shape of what is filled in: without the path."""
        module, name = input_shapes(self.model, operation)[-1]
        self.imports.append([module, name])
        path = _path(operation) if operation.input_name is not None else []
        if not path:
            return Atom(name)
        return Call(f"{name}.omit", (Object(tuple((member.json, Atom("true")) for member in path)),))

    def _transitions(self) -> Iterator[Node]:
        states = self.entity.states
        field = self.entity.member(states.field) if states else None
        for operation in self.model.operations:
            if operation.kind != "transition" or operation.entity != self.entity.name:
                continue
            if operation.route is None or operation.transition is None or field is None:
                continue
            transition = operation.transition
            entries: Entries = [
                ("name", text_node(operation.name)),
                ("title", text_node(name_title(transition.name))),
                ("run", self._run(operation)),
            ]
            if self.entity.versioned:
                entries.append(("input", self._input(operation)))
            if field in self.view.members:
                when = ((property_name(field.json), _texts(transition.sources)),)
                entries.append(("when", Object(when)))
            yield Object(tuple(entries))

    def _declared(self) -> Iterator[Node]:
        """Operations of services that write, and whose path names one row of the entity."""
        for operation, path in self._about_a_row():
            assert operation.route is not None
            rest = [member for member in operation.input if member is not path]
            if operation.route.method == "get" or any(_is_nested(member) for member in rest):
                continue
            entries = self._named(operation, path)
            asked = [member for member in rest if member.role != "version"]
            if rest:
                entries.append(("input", self._input(operation)))
            if asked:
                fields = tuple((property_name(item.json), self.field(item, None)) for item in asked)
                entries.append(("fields", Object(fields)))
            yield Object(tuple(entries))

    def _panels(self) -> Iterator[Node]:
        """Operations of services that tell of one row of the entity, and need to be asked nothing else."""
        for operation, path in self._about_a_row():
            assert operation.route is not None
            needed = [item for item in operation.input if item.required and item.default is None]
            if operation.route.method != "get" or needed != [path] or operation.output.name is None:
                continue
            entries = self._named(operation, path)
            if gives := GIVEN.get(operation.output.kind):
                entries.append(("gives", text_node(gives)))
            yield Object((*entries, self._told(operation.output.name, path.json)))

    def _told(self, name: str, known: str) -> tuple[str, Node]:
        """What an answer has: rows of a resource that has a list, or fields beside what is known."""
        view = next((view for view in self.model.views if view.name == name), None)
        shape = next((shape for shape in self.model.shapes if shape.name == name), None)
        entity = self.model.entity(view.entity) if view else None
        members = [*(view.members if view else shape.members if shape else ())]
        keys = {item.json for item in entity.key_members} if entity else set()
        if entity is not None and entity.name in self.listed and keys <= {item.json for item in members}:
            return "of", text_node(entity.names.camel)
        fields = {
            property_name(item.json): self.field(item, entity)
            for item in members
            if item.exposed and item.json != known
        }
        for derived in view.derived if view else ():
            member = Member(derived.name, derived.name, derived.json, derived.type)
            fields[property_name(derived.json)] = self.field(member, None)
        return "fields", Object(tuple(fields.items()))

    def _about_a_row(self) -> Iterator[tuple[Operation, Member]]:
        """Operations of services whose path goes on from that of one row of the entity, and what names it."""
        key = self.entity.key_members
        item = f"{self.entity.resource.path}/{{" if self.entity.resource else ""
        for operation in self.model.operations:
            if operation.input_name is None or operation.service not in self.served or len(key) != 1:
                continue
            path = _path(operation)
            if operation.route is None or len(path) != 1 or path[0].kind != key[0].kind:
                continue
            if operation.route.path.startswith(item) and "/" in operation.route.path.removeprefix(item):
                yield operation, path[0]

    def _named(self, operation: Operation, path: Member) -> Entries:
        """What an operation is called, and how it is told the row."""
        entries: Entries = [
            ("name", text_node(operation.id)),
            ("title", text_node(operation.title)),
            ("run", self._run(operation)),
        ]
        key = self.entity.key_members[0]
        if path.json != key.json:
            entries.append(("path", Object(((property_name(path.json), text_node(key.json)),))))
        return entries


def _path(operation: Operation) -> list[Member]:
    parameters = operation.route.parameters if operation.route else ()
    return [member for member in operation.input if member.word in parameters]


def _is_nested(member: Member) -> bool:
    held = member.type.of.kind if member.type.of is not None else None
    return member.kind in ("row", "shape", "page") or held in ("row", "shape")


def _kind(node: Node) -> str:
    return node.callee.removeprefix("field.") if isinstance(node, Call) else ""


def _texts(items: Iterable[str]) -> Node:
    return Array(tuple(text_node(item) for item in items))
