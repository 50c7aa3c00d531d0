"""Shapes that go in and out, and the endpoints that take them, for pydantic and FastAPI."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generator.expressions.patterns import write_pattern
from generator.expressions.typed import Constant, Convert
from generator.languages.python.layout import (
    Call,
    Node,
    annotated,
    exploded,
    import_lines,
    laid_out,
    natural_key,
    text_literal,
    value_literal,
    value_node,
)
from generator.languages.python.models import TYPES, link_constant
from generator.languages.python.names import (
    attribute,
    attribute_of,
    module_of,
    pascal,
    row_class,
    shape_class,
)
from generator.model.elements.entities import Entity, Filter, Resource
from generator.model.elements.members import Member
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation
from generator.plan.names import names_of

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
_PLAIN = {
    "uuid": "fields.Key",
    "date": "fields.Day",
    "time": "fields.TimeOfDay",
    "instant": "fields.Moment",
    "bool": "bool",
    "smallint": "fields.SmallInteger",
    "integer": "fields.Integer",
    "bigint": "fields.BigInteger",
    "text": "fields.PlainText",
}
_SPELLED = {"date": "fields.DAY", "time": "fields.TIME_OF_DAY", "instant": "fields.MOMENT"}
_SUFFIXES = {"text": "Text", "int": "Number", "decimal": "Amount", "enum": "Choice"}
_ABSENT = "fields.absent()"
_OPERATORS = {"equal": "equal", "from": "since", "before": "before"}


class FieldTypes:
    """The types of the members of one entity: those with rules of their own get a name in its module."""

    def __init__(self, entity: Entity) -> None:
        self.lines: list[str] = []
        self.imports: set[str] = set()
        self.modules: set[str] = set()
        self._names: dict[str, str] = {}
        self._taken = {
            shape_class(entity, suffix) for suffix in ("", "Create", "Update", "Query", "Page", "Sort")
        }

    def of(self, member: Member, key: str) -> str:
        """The type of a member whose attribute is `key`, without "may be unset"."""
        if key in self._names:
            return self._names[key]
        written = self._written(member)
        if isinstance(written, str):
            return written
        name = f"{pascal(key)}{_SUFFIXES.get(member.kind, 'Value')}"
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        self._names[key] = name
        self.imports.add("Literal" if member.kind == "enum" else "Annotated")
        self.lines += laid_out(replace(written, head=f"{name} = {written.head}"))
        return name

    def _written(self, member: Member) -> Node:
        if member.kind == "enum":
            members = tuple(text_literal(value) for value in member.type.members)
            return Call("Literal[", members, "]", alone=True)
        if member.kind == "json":
            return "fields.Json" if member.required else "fields.JsonOrNull"
        if member.kind == "text":
            rules = tuple(_text_rules(member))
            return Call("Annotated[", ("str", Call("fields.Text(", rules)), "]") if rules else _PLAIN["text"]
        bounds = [("minimum", member.minimum), ("maximum", member.maximum)]
        given = [(name, value) for name, value in bounds if value is not None]
        if member.kind == "decimal":
            self.modules.add("from decimal import Decimal")
            sizes = [f"precision={member.type.precision}", f"scale={member.type.scale}"]
            rules = (*sizes, *(f"{name}={text_literal(value)}" for name, value in given))
            return Call("Annotated[", ("Decimal", Call("fields.Number(", rules)), "]")
        if member.kind == "int" and given:
            least, greatest = {"smallint": (-(2**15), 2**15 - 1), "integer": (-(2**31), 2**31 - 1)}.get(
                member.sql_type, (1 - 2**53, 2**53 - 1)
            )
            low, high = member.minimum or least, member.maximum or greatest
            rules = (f"minimum={low}", f"maximum={high}")
            return Call("Annotated[", ("int", Call("fields.Whole(", rules)), "]")
        if given:
            self.modules.add(f"from datetime import {TYPES[member.kind]}")
            rules = (_SPELLED[member.kind], *(f"{name}={text_literal(value)}" for name, value in given))
            marks: list[Node] = [Call("fields.Between(", rules)]
            if member.kind == "instant":
                marks.append("fields.InUtc")
            return Call("Annotated[", (TYPES[member.kind], *marks), "]")
        return _PLAIN[member.sql_type if member.kind == "int" else member.kind]


def controller_facts(model: Model, entity: Entity) -> dict[str, Any]:
    """What the shapes and endpoints of a resource are rendered from.

    Args:
        model: the resolved plan.
        entity: an entity with a resource.

    Returns:
        Names, and code as lines.
    """
    resource = entity.resource
    assert resource is not None
    operations = {item.kind: item for item in model.operations if item.service == entity.names.camel}
    types = FieldTypes(entity)
    shapes = {
        "outputs": list(_output(entity, types)),
        "creates": list(_create(entity, types, operations.get("create"))),
        "updates": list(_update(entity, types, operations.get("update"))),
        "queries": list(_query(entity, types)),
    }
    if resource.sorts:
        types.imports.add("Annotated")
        names = tuple(text_literal(json_name) for json_name, _ in resource.sorts)
        sort = Call("Annotated[", ("str", Call("fields.sort_of(", names)), "]")
        types.lines += laid_out(replace(sort, head=f"{shape_class(entity, 'Sort')} = {sort.head}"))
    modules = set(types.modules)
    for kind in ("date", "datetime", "time"):
        if any(f"{kind}.fromisoformat(" in line for line in shapes["creates"]):
            modules.add(f"from datetime import {kind}")
    if any("Decimal" in line for lines in shapes.values() for line in lines):
        modules.add("from decimal import Decimal")
    if any("= UUID(" in line for line in shapes["creates"]):
        modules.add("from uuid import UUID")
    return {
        "name": entity.names.camel,
        "file": module_of(entity),
        "entity": entity.name,
        "path": resource.path,
        "tag": entity.names.camel,
        "title": entity.names.title.lower(),
        "plural_title": entity.names.plural_title.lower(),
        "row": row_class(entity),
        "types": types.lines,
        "imports": _schema_imports(modules, types.imports),
        "shapes": shapes,
        "versioned": entity.versioned,
        "class": shape_class(entity),
        **{
            f"{suffix.lower()}_class": shape_class(entity, suffix)
            for suffix in ("Create", "Update", "Query", "Page")
        },
        "router": laid_out(
            Call("router = APIRouter(", (f'prefix="{resource.path}"', f'tags=["{entity.names.camel}"]'))
        ),
        "listing": list(_listing(entity)),
        "lists": "list" in operations,
        "kinds": list(operations),
        "operations": [_operation(entity, item) for item in operations.values()],
        "controller_imports": list(_controller_imports(entity, set(operations))),
    }


def _text_rules(member: Member) -> Iterator[Node]:
    if member.min_length:
        yield f"min_length={member.min_length}"
    if member.max_length is not None:
        yield f"max_length={member.max_length}"
    if member.format == "email" and member.pattern is None:
        yield "pattern=fields.EMAIL"
    elif pattern := member.pattern or (SLUG if member.format == "slug" else None):
        yield f"pattern={text_literal(write_pattern(pattern, 'typescript'))}"
    if member.normalize:
        yield f'normalize="{member.normalize}"'


def _output(entity: Entity, types: FieldTypes) -> Iterator[str]:
    kept = [item for item in entity.members if item.exposed]
    for member in [item for item in kept if item.role in ("key", "data", "ref")]:
        key = attribute_of(member)
        yield from annotated(key, _or_none(types.of(member, key), not member.required))
    for relation in entity.many:
        yield from annotated(attribute(f"{relation.singular}_ids"), "list[fields.Key]")
    for derived in entity.derived:
        plain = "fields.Moment" if derived.type.kind == "instant" else TYPES[derived.type.kind]
        yield from annotated(attribute(derived.name), _or_none(plain, derived.type.optional))
    for member in [item for item in kept if item.role in ("version", "timestamp")]:
        type_ = "fields.Integer" if member.role == "version" else "fields.Moment"
        yield from annotated(member.column, type_)


def _create(entity: Entity, types: FieldTypes, operation: Operation | None) -> Iterator[str]:
    for member in _written_members(entity, operation):
        key, default = attribute_of(member), _default(member)
        value = "None" if default is None and not member.required else default
        yield from annotated(key, _or_none(types.of(member, key), not member.required), value)
    for relation in entity.many if operation else ():
        yield from annotated(attribute(f"{relation.singular}_ids"), "fields.Keys", "[]")


def _update(entity: Entity, types: FieldTypes, operation: Operation | None) -> Iterator[str]:
    given = {item.column for item in operation.input} if operation else set()
    for member in entity.members:
        if member.column not in given or member.role not in ("data", "ref"):
            continue
        key = attribute_of(member)
        type_ = _or_none(types.of(member, key), not member.required)
        yield from annotated(key, type_, _ABSENT if member.required else "None")
    for relation in entity.many if operation else ():
        yield from annotated(attribute(f"{relation.singular}_ids"), "fields.Keys", _ABSENT)
    if operation and entity.versioned:
        yield from annotated("version", "fields.Integer")


def _or_none(type_: str, optional: bool) -> str:
    return f"{type_} | None" if optional else type_


def _written_members(entity: Entity, operation: Operation | None) -> list[Member]:
    given = {item.column for item in operation.input} if operation else set()
    return [item for item in entity.members if item.column in given and item.role in ("data", "ref")]


def _default(member: Member) -> Node | None:
    default = member.default.operand if isinstance(member.default, Convert) else member.default
    if not isinstance(default, Constant) or default.value is None:
        return None
    value = default.value
    if member.kind == "json":
        return value_node(json.loads(str(value)))
    literal = value_literal(value)
    if member.kind in ("date", "time", "instant"):
        return Call(f"{TYPES[member.kind]}.fromisoformat(", (literal,))
    if member.kind == "decimal":
        return Call("Decimal(", (text_literal(str(value)),))
    return Call("UUID(", (literal,)) if member.kind == "uuid" else literal


def _query(entity: Entity, types: FieldTypes) -> Iterator[str]:
    resource = entity.resource
    assert resource is not None
    members = {item.column: item for item in entity.members}
    for item in resource.filters:
        type_: Node = "fields.Key"
        if item.operator != "has" and item.column in members:
            member = members[item.column]
            type_ = "fields.Moment" if member.role == "timestamp" else types.of(member, attribute_of(member))
        if item.type.kind in ("int", "bool"):
            types.imports.add("Annotated")
            type_ = Call("Annotated[", (type_, "fields.FROM_TEXT"), "]")
        yield from annotated(attribute(item.name), type_, _ABSENT)
    if resource.search:
        yield from annotated("search", "fields.Search", _ABSENT)
    if resource.sorts:
        yield from annotated("sort", shape_class(entity, "Sort"), _ABSENT)
    yield from annotated("limit", "fields.Limit", "20")
    yield from annotated("offset", "fields.Offset", "0")


def _schema_imports(modules: set[str], typing: set[str]) -> list[str]:
    dates = sorted(line.rsplit(" ", 1)[1] for line in modules if line.startswith("from datetime"))
    lines = [f"from datetime import {', '.join(dates)}"] if dates else []
    lines += sorted(line for line in modules if line.startswith("from decimal"))
    if typing:
        lines.append(f"from typing import {', '.join(sorted(typing))}")
    lines += sorted(line for line in modules if line.startswith("from uuid"))
    return [*lines, ""] if lines else []


def _listing(entity: Entity) -> Iterator[str]:
    resource, row = entity.resource, row_class(entity)
    assert resource is not None
    attributes = {item.column: attribute_of(item) for item in entity.members}
    yield f"    model={row},"
    filters = [_filter(entity, item, attributes) for item in resource.filters]
    yield from exploded("filters={", filters, "}", 4, ",")
    yield from exploded(
        "search=[", [f"{row}.{attributes[column]}" for column in resource.search], "]", 4, ","
    )
    sorts: list[Node] = [f'"{name}": {row}.{attributes[column]}' for name, column in resource.sorts]
    yield from exploded("sorts={", sorts, "}", 4, ",")
    order: list[Node] = [
        Call(f"{direction}(", (f"{row}.{attributes[column]}",)) for column, direction in _order(resource)
    ]
    yield from exploded("order=[", order, "]", 4, ",")


def _order(resource: Resource) -> list[tuple[str, str]]:
    """The columns that a list is ordered by, with the function that says in which direction."""
    return [
        (column, "descending" if direction == "desc" else "ascending")
        for column, direction in resource.order
        if column != "id" or direction == "desc"
    ]


def _filter(entity: Entity, item: Filter, attributes: dict[str, str]) -> Node:
    head, row = f'"{attribute(item.name)}": ', row_class(entity)
    if item.operator == "has":
        relation = next(relation for relation in entity.many if relation.name == item.name)
        return Call(f"{head}linked(", (row, link_constant(relation)))
    return Call(f"{head}{_OPERATORS[item.operator]}(", (f"{row}.{attributes[item.column]}",))


def _operation(entity: Entity, operation: Operation) -> dict[str, Any]:
    route, resource = operation.route, entity.resource
    assert route is not None and resource is not None
    outputs = {"list": shape_class(entity, "Page"), "delete": "None"}
    names = names_of(operation.function)
    codes: tuple[Node, ...] = tuple(f'"{code}"' for code in operation.errors)
    return {
        "kind": operation.kind,
        "function": names.snake,
        "id": operation.id.replace(".", "_"),
        "method": route.method,
        "path": route.path.removeprefix(resource.path),
        "status": route.status,
        "output": outputs.get(operation.kind, shape_class(entity)),
        "summary": text_literal(operation.title),
        "responses": laid_out(Call("responses=failures(", codes), 4, ","),
    }


def _controller_imports(entity: Entity, kinds: set[str]) -> Iterator[str]:
    resource, module = entity.resource, module_of(entity)
    assert resource is not None
    names = (
        ["APIRouter"] + (["Query"] if "list" in kinds else []) + (["Response"] if "create" in kinds else [])
    )
    if "list" in kinds:
        yield "from typing import Annotated"
        yield ""
    yield from import_lines("fastapi", names)
    yield ""
    if kinds & {"get", "update", "delete", "restore"}:
        yield "from app import fields"
    yield "from app.context import InContext"
    if "list" in kinds:
        used = {
            "linked" if item.operator == "has" else _OPERATORS[item.operator] for item in resource.filters
        }
        used |= {direction for _, direction in _order(resource)}
        yield from import_lines("app.listing", ["Listing", "page_of", *used])
    links = [
        link_constant(item) for item in entity.many if "list" in kinds and _filters_by(entity, item.name)
    ]
    yield from import_lines(f"app.models.{module}", [*links, row_class(entity)])
    yield "from app.problems import failures"
    shapes = [shape_class(entity)] if kinds - {"delete"} else []
    for kind, suffixes in (("create", ("Create",)), ("update", ("Update",)), ("list", ("Page", "Query"))):
        shapes += [shape_class(entity, suffix) for suffix in suffixes if kind in kinds]
    if shapes:
        yield from import_lines(f"app.schemas.{module}", shapes)
    verbs = {
        "create": ["insert", "show"],
        "get": ["find", "show"],
        "update": ["change", "show"],
        "delete": ["remove"],
        "restore": ["restore", "show"],
        "list": ["show_all"],
    }
    yield from import_lines("app.store", sorted({verb for kind in kinds for verb in verbs[kind]}))


def _filters_by(entity: Entity, relation: str) -> bool:
    resource = entity.resource
    return resource is not None and any(
        item.operator == "has" and item.name == relation for item in resource.filters
    )


def in_order(names: list[str]) -> dict[str, int]:
    """The place of each name in the order of isort."""
    return {name: index for index, name in enumerate(sorted(names, key=natural_key))}
