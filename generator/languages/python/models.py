"""SQLAlchemy models: each table as the migrations make it, so that nothing is left to compare."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from generator.expressions.sql import write_sql
from generator.expressions.typed import Constant, Typed
from generator.languages.python.layout import (
    Call,
    Node,
    exploded,
    import_lines,
    laid_out,
    text_literal,
    tuple_lines,
)
from generator.languages.python.names import attribute, attribute_of, module_of, row_class
from generator.model.elements.entities import Entity
from generator.model.elements.members import Derived, ManyRelation, Member
from generator.model.elements.model import Model
from generator.model.history import implied_checks
from generator.model.rules import NAME_LIMIT

TYPES = {
    "text": "str",
    "enum": "str",
    "int": "int",
    "decimal": "Decimal",
    "bool": "bool",
    "uuid": "UUID",
    "instant": "datetime",
    "date": "date",
    "time": "time",
    "json": "Any",
}
"""Python's types by kind of value."""

_SQL_TYPES = {
    "int": "sa.BigInteger()",
    "decimal": "sa.Numeric()",
    "bool": "sa.Boolean()",
    "date": "sa.Date()",
    "time": "sa.Time()",
    "uuid": "sa.Uuid()",
    "instant": "sa.DateTime(timezone=True)",
}
_QUOTED = re.compile(r"('(?:[^']|'')*')")


def model_facts(model: Model, entity: Entity) -> dict[str, Any]:
    """What the model of an entity is rendered from.

    Args:
        model: the resolved plan.
        entity: one of its entities.

    Returns:
        Names, and code as lines.
    """
    columns = [member for member in entity.members if member.role in ("data", "ref")]
    links = [line for relation in entity.many for line in ["", *_link(model, entity, relation)]]
    body = [
        *_table_arguments(model, entity),
        *[line for member in columns for line in _column(member)],
        *[line for derived in entity.derived for line in _derived(entity, derived)],
    ]
    uses_sqlalchemy = any("sa." in line for line in [*links, *body])
    row, module = row_class(entity), module_of(entity)
    return {
        "name": entity.name,
        "names": asdict(entity.names),
        "states": None,
        "file": module,
        "row": row,
        "table": entity.table,
        "import_lines": import_lines(f"app.models.{module}", [row]),
        "title": entity.names.title.lower(),
        "plural_title": entity.names.plural_title.lower(),
        "bases": ", ".join([*_bases(entity), "Base"]),
        "imports": list(_imports(entity, columns, uses_sqlalchemy)),
        "links": links,
        "arguments": _table_arguments(model, entity),
        "violations": exploded("violations = {", list(_violations(entity)), "}", 4),
        "link_names": exploded(
            "links = {",
            [f'"{attribute(f"{item.singular}_ids")}": {link_constant(item)}' for item in entity.many],
            "}",
            4,
        ),
        "columns": [line for member in columns for line in _column(member)],
        "derived": [line for derived in entity.derived for line in _derived(entity, derived)],
    }


def _table_arguments(model: Model, entity: Entity) -> list[str]:
    arguments = list(_arguments(model, entity))
    return tuple_lines("__table_args__ = ", arguments, 4) if arguments else []


def link_constant(relation: ManyRelation) -> str:
    """The constant that holds the join table of a relation."""
    return f"{relation.table.upper()}_LINK"


def sql_text(sql: str) -> str:
    """SQL as the argument of `sa.text`, in which a colon before a name would begin a parameter."""
    return text_literal(re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", sql))


def unqualified(sql: str, table: str) -> str:
    """SQL about one table without its name before the columns; text in quotes stays as it is."""
    parts = _QUOTED.split(sql)
    return "".join(
        part if index % 2 else re.sub(rf"\b{table}\.", "", part) for index, part in enumerate(parts)
    )


def _bases(entity: Entity) -> list[str]:
    bases = ["SoftDeleted"] if entity.soft_delete else []
    bases += {"both": ["Updated"], "created": ["Created"], "none": []}[entity.timestamps]
    return bases + (["Versioned"] if entity.versioned else [])


def _imports(entity: Entity, columns: list[Member], uses_sqlalchemy: bool) -> Iterator[str]:
    used = {TYPES[item.kind] for item in columns} | {TYPES[item.type.kind] for item in entity.derived}
    standard = [name for name in ("date", "datetime", "time") if name in used]
    if standard:
        yield from import_lines("datetime", standard)
    for name, module in (("Decimal", "decimal"), ("Any", "typing"), ("UUID", "uuid")):
        if name in used:
            yield f"from {module} import {name}"
    if standard or used & {"Decimal", "Any", "UUID"}:
        yield ""
    third = ["import sqlalchemy as sa"] if uses_sqlalchemy else []
    if any(item.kind == "json" for item in columns):
        third.append("from sqlalchemy.dialects.postgresql import JSONB")
    names = ["Mapped"] if columns or entity.derived else []
    if any(_column_arguments(item) for item in columns):
        names.append("mapped_column")
    if entity.derived:
        names.append("column_property")
    if names:
        third += import_lines("sqlalchemy.orm", names)
    yield from [*third, ""] if third else []
    yield from import_lines("app.model", ["Base", *_bases(entity)])


def _column(member: Member) -> list[str]:
    name, type_ = attribute_of(member), TYPES[member.kind]
    head = f"{name}: Mapped[{type_ if member.required or type_ == 'Any' else f'{type_} | None'}]"
    arguments = _column_arguments(member)
    return laid_out(Call(f"{head} = mapped_column(", tuple(arguments)) if arguments else head, 4)


def _column_arguments(member: Member) -> list[Node]:
    arguments: list[Node] = []
    if attribute_of(member) != member.column:
        arguments.append(text_literal(member.column))
    type_ = _sql_type(member)
    if type_:
        arguments.append(type_)
    if member.kind == "json":
        arguments.append(f"nullable={not member.required}")
    if isinstance(member.default, Constant) and member.default.value is not None:
        arguments.append(Call("server_default=sa.text(", (sql_text(write_sql(member.default)),)))
    return arguments


def _sql_type(member: Member) -> str:
    if match := re.fullmatch(r"varchar\((\d+)\)", member.sql_type):
        return f"sa.String({match[1]})"
    if match := re.fullmatch(r"numeric\((\d+),(\d+)\)", member.sql_type):
        return f"sa.Numeric({match[1]}, {match[2]})"
    special = {
        "smallint": "sa.SmallInteger()",
        "bigint": "sa.BigInteger()",
        "jsonb": "JSONB(none_as_null=True)",
    }
    return special.get(member.sql_type, "")


def _derived(entity: Entity, derived: Derived) -> list[str]:
    type_ = TYPES[derived.type.kind]
    optional = " | None" if derived.type.optional else ""
    head = f"{attribute(derived.name)}: Mapped[{type_}{optional}] = column_property("
    sql = text_literal(write_sql(derived.expression, row_alias=entity.table))
    column = Call("sa.literal_column(", (sql, _SQL_TYPES.get(derived.type.kind, "sa.Text()")))
    return exploded(head, [column], ")", 4)


def _arguments(model: Model, entity: Entity) -> Iterator[Node]:
    for member in entity.members:
        for name, rule in implied_checks(entity.table, member):
            yield _check(name, rule)
    for check in entity.checks:
        yield _check(check.constraint, _rule(check.rule, entity.table))
    for member in entity.members:
        if member.reference is not None:
            target = model.entity(member.reference.entity).table
            yield Call(
                "sa.ForeignKeyConstraint(",
                (
                    f'["{member.column}"]',
                    f'["{target}.id"]',
                    f'name="fk_{entity.table}_{member.column}"',
                    f'ondelete="{member.reference.on_delete.upper()}"',
                ),
            )
    yield from _indexes(entity)


def _check(name: str, rule: str) -> Node:
    return Call("sa.CheckConstraint(", (sql_text(rule), f'name="{name}"'))


def _rule(rule: Typed, table: str) -> str:
    return unqualified(write_sql(rule, row_alias=table), table)


def _indexes(entity: Entity) -> Iterator[Node]:
    covered = set()
    for unique in entity.uniques:
        where = _rule(unique.where, entity.table) if unique.where is not None else None
        if entity.soft_delete:
            where = f"({where}) AND deleted_at IS NULL" if where else "deleted_at IS NULL"
        if where is None:
            covered.add(unique.columns[0])
        yield _index(unique.constraint, unique.columns, where, unique=True)
    names = set()
    for index in entity.indexes:
        where = _rule(index.where, entity.table) if index.where is not None else None
        if where is None:
            covered.add(index.columns[0].removesuffix(" desc"))
        names.add(index.name)
        yield _index(index.name, index.columns, where)
    for member in entity.members:
        name = _database_name("idx", entity.table, member.column)
        if member.reference is not None and member.column not in covered and name not in names:
            yield _index(name, (member.column,), None)


def _index(name: str, columns: tuple[str, ...], where: str | None, unique: bool = False) -> Node:
    arguments: list[Node] = [f'"{name}"']
    for column in columns:
        if column.endswith(" desc"):
            arguments.append(f'sa.text("{column.removesuffix(" desc")} DESC")')
        else:
            arguments.append(f'"{column}"')
    if unique:
        arguments.append("unique=True")
    if where is not None:
        arguments.append(Call("postgresql_where=sa.text(", (sql_text(where),)))
    return Call("sa.Index(", tuple(arguments))


def _violations(entity: Entity) -> Iterator[Node]:
    json = {member.column: member.json for member in entity.members}
    for unique in entity.uniques:
        yield _violation(unique.constraint, unique.error, json[unique.columns[0]])
    for check in entity.checks:
        yield _violation(check.constraint, check.error, None)
    for member in entity.members:
        if member.reference is not None:
            yield _violation(f"fk_{entity.table}_{member.column}", "CONFLICT", member.json)
    for relation in entity.many:
        yield _violation(f"fk_{relation.table}_{relation.other_column}", "CONFLICT", relation.json)


def _violation(constraint: str, code: str, path: str | None) -> Node:
    return Call(f'"{constraint}": (', (f'"{code}"', f'"{path}"' if path else "None"))


def _link(model: Model, entity: Entity, relation: ManyRelation) -> list[str]:
    ends = ((relation.own_column, entity.table), (relation.other_column, model.entity(relation.entity).table))
    columns: list[Node] = []
    for column, target in ends:
        name = f"fk_{relation.table}_{column}"
        key = Call("sa.ForeignKey(", (f'"{target}.id"', f'name="{name}"', 'ondelete="CASCADE"'))
        columns.append(Call("sa.Column(", (f'"{column}"', key, "primary_key=True")))
    index = _database_name("idx", relation.table, relation.other_column)
    items = [f'"{relation.table}"', "Base.metadata", *columns, _index(index, (relation.other_column,), None)]
    return exploded(f"{link_constant(relation)} = sa.Table(", items, ")")


def _database_name(*parts: str) -> str:
    # The rule of generator.model.history; the generated test of models and migrations holds them equal.
    name = "_".join(parts)
    if len(name) <= NAME_LIMIT:
        return name
    return f"{name[: NAME_LIMIT - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
