"""What generated tests are told about each entity: the plan's word, that the code is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from generator.expressions.typed import Field
from generator.languages.typescript_fields import (
    SAMPLE_CURRENCY,
    default_literal,
    sample_currency,
    text_bounds,
)
from generator.languages.typescript_links import link_facts
from generator.languages.typescript_literals import literal, number_literal, pattern_literal, property_name
from generator.languages.typescript_places import contract_file, model_constant, view_constant
from generator.languages.typescript_test_callers import Callers
from generator.languages.typescript_test_evaluation import UNKNOWN, evaluate
from generator.languages.typescript_test_guards import guard_variants
from generator.languages.typescript_test_samples import (
    NOW,
    Sampler,
    Values,
    clashing,
    integer_bounds,
    label,
    nth_value,
    python_row,
    settable,
)
from generator.model.elements.entities import Entity, Exclusion, Resource, Transition
from generator.model.elements.members import ManyRelation, Member
from generator.model.elements.model import Model
from generator.model.formats import PATTERNS
from generator.model.selection import Selection
from generator.typescript_layout.nodes import Array, Atom, Call, Node, Object, text_literal
from generator.typescript_layout.statements import constant, written

RESOURCE_OPERATIONS = ("list", "get", "create", "update", "delete", "restore")
Entries = list[tuple[str, Node]]
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC")


def subject_facts(model: Model, selection: Selection, entity: Entity) -> dict[str, Any]:
    """The subject of an entity: a constant that states what the plan says about it.

    Args:
        model: the resolved plan.
        selection: which entities are offered over HTTP.
        entity: one of the plan's.

    Returns:
        The file, the name of the constant, its lines and what they import.
    """
    writer = SubjectWriter(model, Sampler(model), entity)
    served = entity.resource if selection.has("controller", entity.names.camel) else None
    node = Call("defineSubject", (Object(tuple(writer.entries(served))),))
    lines = written([("export ", constant(entity.names.camel, node))]).split("\n")
    imports = [
        ["../values.js", name if local == name else f"{name} as {local}"]
        for name, local in sorted((name, writer.local(name)) for name in writer.values)
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

    def __init__(self, model: Model, sampler: Sampler, entity: Entity) -> None:
        self.model = model
        self.sampler = sampler
        self.entity = entity
        shown = entity.resource.view if entity.resource else entity.name
        self.view = next(view for view in model.views if view.name == shown)
        self.callers = Callers(sampler)
        self.values: set[str] = set()
        self.models = [model_constant(entity)]
        self.views: list[list[str]] = []
        self.json = {member.column: member.json for member in entity.members}

    def entries(self, resource: Resource | None) -> Entries:
        """Everything the tests are told, in the order in which it stands.

        Args:
            resource: how the entity is offered, if it is.

        Returns:
            Names and values of the subject's members.
        """
        entity = self.entity
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
        entries.append(("members", self._members()))
        entries += self._nature()
        entries += self._samples()
        if resource is not None and "list" in offered:
            entries.append(("list", self._list(resource)))
        entries += self._rules()
        if entity.states is not None and resource is not None and offered:
            entries.append(("states", self._states()))
        return entries

    def _is_tried(self, resource: Resource, name: str) -> bool:
        """Whether tests do it: it is offered, and the usual caller may and sees what comes of it."""
        model, entity = self.model, self.entity
        if name not in resource.operations or not self._is_standard(name):
            return False
        identity = model.identity
        if identity is None:
            return True
        if name == "list" and entity.name in (identity.actor, identity.scope, identity.member):
            # The usual caller is there before the test.
            return False
        operation = model.operation(f"{entity.names.camel}.{name}")
        return self.callers.seen(entity) is not None and self.callers.allows(operation)

    def _view(self, offered: Sequence[str]) -> str:
        """How rows look that nobody can ask for."""
        operations = [self.model.operation(f"{self.entity.names.camel}.{name}") for name in offered]
        shown = [each.output.name for each in operations if each.output.kind == "view" and each.output.name]
        constant, module = view_constant(self.model, (*shown, self.entity.name)[0])
        self.views.append([module.replace("../", "../../src/", 1), constant])
        return constant

    def _caller(self, member: Member) -> str | None:
        """Who a column leads to in tests, if it is the usual caller or their tenant."""
        if self.model.identity is None:
            return None
        if member.column == self.entity.scope_column:
            return "scope"
        return "actor" if member.column in (self.callers.seen(self.entity) or ()) else None

    def _members(self) -> Node:
        entries: Entries = [(property_name(item.json), self._member(item)) for item in settable(self.entity)]
        entries += [(property_name(item.json), self._others(item)) for item in self.entity.many]
        return Object(tuple(entries))

    def _member(self, member: Member) -> Node:
        entries: Entries = [("values", self._values(member))]
        if self._expected_column(member) != member.column:
            entries.append(("column", Atom(text_literal(member.column))))
        if member.required:
            entries.append(("required", Atom("true")))
        default = default_literal(member)
        if default is not None:
            entries.append(("default", Atom(default)))
        elif member.role != "state" and (member.default is not None or _is_kept(member)):
            entries.append(("computed", Atom("true")))
        if member.column in clashing(self.entity):
            entries.append(("distinct", Atom("true")))
        write = "never" if member.role == "state" else member.write
        if write != "always":
            entries.append(("write", Atom(text_literal(write))))
        if member not in self.view.members:
            entries.append(("hidden", Atom("true")))
        caller = self._caller(member)
        if caller is not None:
            entries.append(("caller", Atom(text_literal(caller))))
        if member.reference is not None and member.reference.of_tenant:
            entries.append(("absent", Atom(text_literal("NOT_FOUND"))))
        return Object(tuple(entries))

    def _others(self, relation: ManyRelation) -> Node:
        name = self.model.entity(relation.entity).names.camel
        values = self._call("references", Atom(text_literal(name)))
        entries: Entries = [("values", values), ("default", Atom("[]"))]
        if relation not in self.view.many:
            entries.append(("hidden", Atom("true")))
        if relation.of_tenant:
            entries.append(("absent", Atom(text_literal("NOT_FOUND"))))
        return Object(tuple(entries))

    def _expected_column(self, member: Member) -> str:
        """The column that tests take a member to be kept in where they are told of none."""
        return snake(member.json) if self.model.conventions["columns"] == "snake_case" else member.json

    def _values(self, member: Member) -> Node:
        if member.reference is not None:
            name = self.model.entity(member.reference.entity).names.camel
            arguments: list[Node] = [Atom(text_literal(name))]
            if member.reference.on_delete != "restrict" or member.kind != "uuid":
                arguments.append(Atom(text_literal(member.reference.on_delete)))
            if member.kind != "uuid":
                arguments.append(self._values(replace(member, reference=None)))
            return self._call("reference", *arguments)
        if (self.entity.name, member.column) in currency_homes(self.model):
            codes = member.type.members[:1] or (SAMPLE_CURRENCY,)
            return self._call("oneOf", texts(codes))
        match member.kind:
            case "enum":
                return self._call("oneOf", texts(member.type.members))
            case "int":
                return self._call("integer", *options(integer_rules(member)))
            case "decimal":
                bounds = bounds_of(member)
                places = [Atom(str(member.type.precision)), Atom(str(member.type.scale))]
                return self._call("decimal", *places, *options(bounds))
            case "date" | "time" | "instant":
                return self._call(member.kind, *options(bounds_of(member)))
            case "interval":
                return self._call("integer", *options(integer_rules(member)))
            case "money":
                fixed: list[Node] = [Atom("true")] if member.type.currency else []
                return self._call("money", Atom(text_literal(sample_currency(member))), *fixed)
            case "list" if member.element is not None:
                lengths = (("min", member.min_length), ("max", member.max_length))
                rules: Entries = [
                    (key, Atom(number_literal(each))) for key, each in lengths if each is not None
                ]
                return self._call("several", self._values(member.element), *options(rules))
            case "text":
                return self._text(member)
            case "bool":
                return self._call("flag")
        return self._call(member.kind)

    def _text(self, member: Member) -> Node:
        if member.format == "timezone":
            return self._call("oneOf", texts(ZONES))
        rules: Entries = []
        if member.min_length:
            rules.append(("min", Atom(number_literal(member.min_length))))
        if member.max_length is not None:
            rules.append(("max", Atom(number_literal(member.max_length))))
        if member.max_bytes is not None:
            rules.append(("maxBytes", Atom(number_literal(member.max_bytes))))
        if member.needs:
            rules.append(("needs", texts(member.needs)))
        pattern = member.pattern or (PATTERNS.get(member.format or "") if member.format != "slug" else None)
        if pattern:
            rules.append(("pattern", Atom(pattern_literal(pattern))))
        if member.normalize:
            rules.append(("normalize", Atom(text_literal(member.normalize))))
        name = member.format if member.format in ("email", "slug") else "text"
        return self._call(name, Atom(text_literal(label(member))), *options(rules))

    def _call(self, name: str, *arguments: Node) -> Node:
        self.values.add(name)
        return Call(self.local(name), arguments)

    def local(self, name: str) -> str:
        """What a function of `values.ts` is called beside the constants of an entity of its name."""
        taken = (self.entity.names.camel, model_constant(self.entity))
        return f"{name}Values" if name in taken else name

    def _nature(self) -> Entries:
        entity = self.entity
        entries: Entries = []
        if entity.many:
            self.models += [link_facts(entity, relation)["const"] for relation in entity.many]
            links = [
                (property_name(relation.json), Atom(link_facts(entity, relation)["const"]))
                for relation in entity.many
            ]
            entries.append(("links", Object(tuple(links))))
        computed = [member.json for member in self.view.members if member.computed]
        included = [item.json for item in self.view.derived]
        included += [item.json for item in self.view.includes]
        if included or computed:
            entries.append(("derived", texts([*included, *computed])))
        if entity.scope:
            entries.append(("ofTenant", Atom("true")))
        unseen = self.callers.unseen(entity)
        if unseen is not None:
            values = tuple((name, Atom(literal(value))) for name, value in unseen.items())
            entries.append(("unseenBy", Object(values)))
        if entity.versioned:
            entries.append(("versioned", Atom("true")))
        if entity.soft_delete:
            entries.append(("softDelete", Atom("true")))
        most = capacity(entity)
        if most is not None:
            entries.append(("most", Atom(number_literal(most))))
        return entries

    def _samples(self) -> Entries:
        entries: Entries = []
        for amount in ("bare", "full"):
            change = self.sampler.steadied(self.entity, amount)
            if change:
                entries.append((amount, self._json_values(change)))
        places = [(item.json, self._changes_in(item)) for item in settable(self.entity)]
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
            rows = [self.row(amount) | {member.column: value} for value in changed]
            if all(self.sampler.fits(self.entity, values) for values in rows):
                return None if amount == "full" else "bare"
        return "none"

    def row(self, amount: str) -> Values:
        """The values of a sample row, so that all checks hold."""
        values = self.sampler.values(self.entity, amount)
        return values | (self.sampler.steadied(self.entity, amount) or {})

    def _json_values(self, values: Values) -> Node:
        entries = [(property_name(self.json[name]), Atom(literal(value))) for name, value in values.items()]
        return Object(tuple(entries))

    def _list(self, resource: Resource) -> Node:
        filters: Entries = []
        for item in resource.filters:
            member = self._filtered(item.column)
            if member is not None:
                by = "linkedTo" if item.operator == "has" else item.operator
                entry = Object((("member", Atom(text_literal(member))), ("by", Atom(text_literal(by)))))
                filters.append((property_name(item.json), entry))
        search = [
            self.json[column]
            for column in resource.search
            if nth_value(self.entity.member(column), 2) is not None and self._is_plain(column)
        ]
        entity_key = self.entity.key
        order = [
            ("-" if direction == "desc" else "") + self.json[column]
            for column, direction in resource.order
            if column not in entity_key
        ]
        entries: Entries = [
            ("filters", Object(tuple(filters))),
            ("search", texts(search)),
            ("sorts", texts([json for json, column in resource.sorts if self._has_order(column)])),
            ("order", texts(order)),
            *([("page", Atom("'cursor'"))] if resource.page == "cursor" else []),
        ]
        return Object(tuple(entries))

    def _filtered(self, column: str) -> str | None:
        """The member that a filter reads, where two rows can differ in it alone."""
        for relation in self.entity.many:
            if relation.name == column:
                return relation.json
        if any(related.name == column for related in self.entity.through):
            return None  # Rows of another entity say what it finds.
        member = self.entity.member(column)
        if self._caller(member) is not None:
            return None
        if member not in settable(self.entity) or nth_value(member, 1) == nth_value(member, 2) != "":
            if member.role == "ref":
                return member.json
            return None
        if member.role != "state" and not all(
            self.sampler.fits(self.entity, self.row("bare") | {column: nth_value(member, n)}) for n in (1, 2)
        ):
            return None
        return member.json

    def _is_plain(self, column: str) -> bool:
        member = self.entity.member(column)
        short = member.max_length is not None and member.max_length < 20
        fits = self.sampler.fits(self.entity, self.row("bare") | {column: nth_value(member, 2)})
        return has_plain_text(member) and not short and fits

    def _has_order(self, column: str) -> bool:
        member = self.entity.member(column)
        if member.kind == "money" or (member.computed is not None and member.kind == "decimal"):
            return False
        if member.kind == "enum":
            return all(value.isalpha() and value.islower() for value in member.type.members)
        return member.kind != "text" or has_plain_text(member)

    def _rules(self) -> Entries:
        entity = self.entity
        entries: Entries = []
        unique = []
        if entity.key != ("id",):
            members = texts([member.json for member in entity.key_members])
            error = Atom(text_literal("CONFLICT"))
            unique.append(Object((("members", members), ("error", error), ("isKey", Atom("true")))))
        for rule in entity.uniques:
            holds = rule.where is None or self.sampler.holds(entity, rule.where, self.row("bare")) is True
            if holds and all(column in self.json for column in rule.columns):
                members = texts([self.json[column] for column in rule.columns])
                unique.append(Object((("members", members), ("error", Atom(text_literal(rule.error))))))
        unique += [each for item in entity.exclusions if (each := self._overlapping(item)) is not None]
        if unique:
            entries.append(("unique", Array(tuple(unique))))
        checks = []
        for index, check in enumerate(entity.checks):
            name = check.constraint.removeprefix(f"ck_{entity.table}_")
            facts: Entries = [("rule", Atom(text_literal(name))), ("error", Atom(text_literal(check.error)))]
            change = self.sampler.breaking(entity, index)
            if change:
                facts.append(("values", self._json_values(change)))
            checks.append(Object(tuple(facts)))
        if checks:
            entries.append(("checks", Array(tuple(checks))))
        if entity.exclusions:
            # A range that ends before it starts is no range.
            codes = dict.fromkeys(["VALIDATION_FAILED", *(item.error for item in entity.exclusions)])
            entries.append(("exclusions", texts(codes)))
        return entries

    def _overlapping(self, rule: Exclusion) -> Object | None:
        """A rule that two rows with the same values break; None where no test knows such values."""
        start, end = (self.entity.member(column) for column in rule.overlap)
        if not {start.column, end.column} <= {member.column for member in settable(self.entity)}:
            return None
        values = {start.column: nth_value(start, 1), end.column: nth_value(end, 2)}
        row = self.row("bare") | values
        allowed = self.sampler.fits(self.entity, row)
        excluded = rule.where is None or self.sampler.holds(self.entity, rule.where, row) is True
        if not (allowed and excluded and all(column in self.json for column in rule.columns)):
            return None
        members = texts([self.json[column] for column in rule.columns])
        error = Atom(text_literal(rule.error))
        return Object((("members", members), ("error", error), ("values", self._json_values(values))))

    def _sets(self, transition: Transition) -> Entries:
        """What a transition writes beside the state, where the plan alone tells it."""
        around = self.sampler.surroundings().about(python_row(self.entity, self.row("bare")))
        entries: Entries = []
        for column, typed in transition.sets.items():
            member = self.entity.member(column)
            value = evaluate(typed, around)
            if typed.frames or typed.queries or value is UNKNOWN or not member.exposed:
                continue
            shown = "'2026-01-01T00:00:00.000Z'" if member.kind == "instant" and value == NOW else None
            if value is None or (isinstance(value, bool | int) and member.kind != "instant"):
                shown = literal(value)
            if shown is not None:
                entries.append((property_name(self.json[column]), Atom(shown)))
        return entries

    def _is_standard(self, name: str) -> bool:
        """Whether an operation does what the resource says: a service may have given it a body."""
        return self.model.operation(f"{self.entity.names.camel}.{name}").entity is not None

    def _may_move(self, transition: Transition) -> bool:
        if not self._is_standard(transition.name):
            return False
        if self.model.identity is None:
            return True
        operation = self.model.operation(f"{self.entity.names.camel}.{transition.name}")
        return self.callers.seen(self.entity) is not None and self.callers.allows(operation)

    def _states(self) -> Node:
        states = self.entity.states
        assert states is not None
        member = self.entity.member(states.field)
        rows: Entries = []
        for name in member.type.members:
            values = self.sampler.values(self.entity, "bare") | {member.column: name}
            change = self.sampler.repaired(self.entity, values, [member.column]) or {}
            rows.append((property_name(name), self._json_values(change)))
        ways: Entries = []
        for transition in states.transitions:
            if not transition.published or not self._may_move(transition):
                continue
            facts: Entries = [
                ("from", texts(transition.sources)),
                ("to", Atom(text_literal(transition.target))),
            ]
            if transition.guard is not None:
                guard: Entries = [("error", Atom(text_literal(transition.error)))]
                found = {} if transition.steps else guard_variants(self.sampler, self.entity, transition)
                guard += [(name, Atom(text_literal(variant))) for name, variant in found.items()]
                facts.append(("guard", Object(tuple(guard))))
            elif any(step.kind in ("load", "require", "call", "transition") for step in transition.steps):
                # Whether such a step succeeds depends on more than the row.
                facts.append(("guard", Object((("error", Atom(text_literal("CONFLICT"))),))))
            sets = self._sets(transition)
            if sets:
                facts.append(("sets", Object(tuple(sets))))
            ways.append((property_name(transition.name), Object(tuple(facts))))
        entries: Entries = [
            ("member", Atom(text_literal(member.json))),
            ("initial", Atom(text_literal(states.initial))),
            ("all", Object(tuple(rows))),
            ("ways", Object(tuple(ways))),
        ]
        return Object(tuple(entries))


def _is_kept(member: Member) -> bool:
    """Whether the service alone can give the member its value, and every row needs one."""
    return member.required and member.write == "never" and member.role == "data"


def texts(values: Any) -> Node:
    """A list of texts."""
    return Array(tuple(Atom(text_literal(value)) for value in values))


def options(entries: Entries) -> list[Node]:
    """An object as a last argument, or nothing where it would be empty."""
    return [Object(tuple(entries))] if entries else []


def integer_rules(member: Member) -> Entries:
    """The bounds of an integer where they are not those of 32 bits."""
    least, most = integer_bounds(member)
    rules: Entries = []
    if least != -(2**31):
        rules.append(("min", Atom(number_literal(least))))
    if most != 2**31 - 1:
        rules.append(("max", Atom(number_literal(most))))
    return rules


def bounds_of(member: Member) -> Entries:
    """The bounds of a member that is written as text."""
    return [(name, Atom(value)) for name, value in text_bounds(member)]


def currency_homes(model: Model) -> set[tuple[str, str]]:
    """The columns in which money of other rows finds its currency: tests keep to one."""
    found = set()
    for entity in model.entities:
        for member in entity.members:
            if isinstance(member.currency, Field) and member.currency.owner is not None:
                found.add((member.currency.owner.name, member.currency.member.column or ""))
    return found


def has_plain_text(member: Member) -> bool:
    """Whether the sample texts of a member are words and a number."""
    return member.pattern is None and member.format in (None, "email") and not member.needs


def capacity(entity: Entity) -> int | None:
    """How many rows there can be, where uniqueness over members with few values limits it."""
    limits = []
    for rule in entity.uniques:
        sizes = [_size(entity.member(column)) for column in rule.columns if _is_known(entity, column)]
        if sizes and len(sizes) == len(rule.columns) and None not in sizes and rule.where is None:
            limits.append(min(size or 1 for size in sizes))
    return min(limits, default=None)


def _is_known(entity: Entity, column: str) -> bool:
    return any(member.column == column and member.required for member in entity.members)


def _size(member: Member) -> int | None:
    if member.kind == "enum":
        return len(member.type.members)
    if member.kind == "bool":
        return 2
    if member.kind == "int":
        least, most = integer_bounds(member)
        return most - max(least, min(1, most)) + 1 if most - least < 100 else None
    return None


def snake(name: str) -> str:
    """A JSON name as the test room writes a column."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
