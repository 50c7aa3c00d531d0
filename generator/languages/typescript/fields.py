"""Members as the contract, the table types and the views of a generated server need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from generator.expressions.typed import Constant, Convert, Typed
from generator.expressions.types import Type
from generator.languages.typescript.literals import literal, number_literal, pattern_literal
from generator.languages.typescript.places import contract_file
from generator.model.elements.entities import Entity
from generator.model.elements.members import Member
from generator.model.formats import PATTERNS
from generator.plan.names import names_of

BUILDERS = ("email", "timezone")
"""Formats with a builder of their own; the others are patterns."""

SAMPLE_CURRENCY = "EUR"

GENERATED = ("key", "version", "timestamp", "state", "computed", "currency")
"""Roles of columns that an insert may leave out."""

ROW_TYPES: Mapping[str, str] = {
    "text": "string",
    "uuid": "string",
    "decimal": "string",
    "date": "string",
    "time": "string",
    "int": "number",
    "interval": "number",
    "bool": "boolean",
    "money": "Amount",
    "instant": "Date",
    "json": "unknown",
}


def member_facts(member: Member, owner: Entity | None = None) -> dict[str, Any]:
    """Everything a template needs to know of a member.

    Args:
        member: a column, a member of a shape, or an input.
        owner: the entity it is a column of, whose enums have names of their own.

    Returns:
        Plain data: names, types, the builder of the contract, the mapping to JSON.
    """
    checked = contract(member, owner, normalized=False)
    return {
        **column_facts(member, owner),
        **shown_facts(member, owner, checked),
        "kind": member.kind,
        "contract_input": contract(member, owner, normalized=True) if is_normalized(member) else checked,
        "default_json": default_literal(member),
        "optional_input": False,
    }


def column_facts(member: Member, owner: Entity | None = None) -> dict[str, Any]:
    """What a template needs to know of a column of a table, as `member_facts` has it.

    Args:
        member: the column.
        owner: the entity it is a column of.
    """
    return {
        "name": member.name,
        "column": member.column,
        "json": member.json,
        "role": member.role,
        "kind": member.kind,
        "sql_type": member.sql_type,
        "required": member.required,
        "nullable": member.type.optional,
        "write": member.write,
        "expose": "always" if member.exposed else "never",
        "personal": member.personal,
        "column_type": column_type(member, owner),
        "title": member.title,
    }


def shown_facts(
    member: Member, owner: Entity | None = None, checked: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What a template needs to know of a member of an answer, as `member_facts` has it.

    Args:
        member: the member.
        owner: the entity it is a column of.
        checked: its builder call in the contract, if that is known.
    """
    return {
        "kind": "field",
        "json": member.json,
        "nullable": member.type.optional,
        "contract": checked or contract(member, owner, normalized=False),
        "to_json": to_json(member),
        "to_json_imports": to_json_imports(member),
    }


def is_normalized(member: Member) -> bool:
    """Whether what clients write is changed before it is checked."""
    return bool(member.normalize or (member.element and member.element.normalize))


def contract(member: Member, owner: Entity | None, normalized: bool) -> dict[str, Any]:
    """The builder call of a member in the contract.

    Args:
        member: the member.
        owner: the entity it is a column of.
        normalized: whether the text is normalized first, as inputs are.

    Returns:
        ``code`` on one line; ``open``, ``options`` and ``close`` to spread it; what it imports; its enum.
    """
    if member.kind == "enum":
        enum = enum_of(member, owner)
        if enum is not None:
            return {
                "code": enum["name"],
                "builders": [],
                "open": "",
                "options": [],
                "close": "",
                "enum": enum,
            }
        return _plain(f"z.enum([{', '.join(literal(value) for value in member.type.members)}])")
    if member.kind == "money":
        currency = literal(member.type.currency) if member.type.currency else ""
        return _plain(f"money({currency})", ["money"])
    if member.kind == "bool":
        return _plain("z.boolean()")
    if member.kind == "list":
        return _array(member, normalized)
    if member.kind in ("row", "shape"):
        return _named(member.type)
    if member.kind == "decimal":
        return _options("decimal", text_bounds(member), f"{member.type.precision}, {member.type.scale}")
    if member.kind in ("date", "time", "instant"):
        return _options(member.kind, text_bounds(member))
    if member.kind == "interval":
        return _options("interval", _integer_bounds(member))
    if member.kind == "int":
        name = "bigInteger" if member.type.bits == 53 else "integer"
        return _options(name, _integer_bounds(member))
    if member.kind == "text":
        name = member.format if member.format in BUILDERS else "text"
        return _options(name, _text_rules(member, normalized))
    return _plain(f"{member.kind}()", [member.kind])


def key_contract(type_: Type) -> dict[str, Any]:
    """The builder call of the key of an entity, or of what refers to it."""
    return contract(Member("id", "id", "id", type_), None, normalized=False)


def enum_of(member: Member, owner: Entity | None) -> dict[str, str] | None:
    """The name and the contract file of a column's enum, or None for an enum without a home."""
    if owner is None:
        return None
    return {"name": f"{owner.names.camel}{names_of(member.word).pascal}", "file": contract_file(owner.name)}


def column_type(member: Member, owner: Entity | None) -> dict[str, Any]:
    """The type of a column in a row; ``generated`` if an insert may leave it out."""
    kind = ROW_TYPES.get(member.kind, "unknown")
    if member.kind == "enum":
        kind = f"{owner.name}['{member.json}']" if owner and member.exposed else _union(member.type)
    if member.type.of is not None:
        inner = column_type(Member("", "", "", member.type.of), None)["type"]
        kind = f"({inner})[]" if " " in inner else f"{inner}[]"
    generated = member.role in GENERATED or member.default is not None
    if owner is not None and member.column in (owner.owner, owner.scope_column):
        generated = True
    if member.kind == "money" and generated:
        return {"type": "GivenAmount", "nullable": member.type.optional, "generated": False}
    return {"type": kind, "nullable": member.type.optional, "generated": generated}


def to_json(member: Member, row: str = "row") -> str:
    """How a view gives a column to JSON."""
    if member.kind == "instant":
        return f"iso({row}.{member.column})"
    if _is_of_instants(member):
        mapped = f"{row}.{member.column}{'?' if member.type.optional else ''}.map((each) => iso(each))"
        return f"{mapped} ?? null" if member.type.optional else mapped
    if member.kind == "money":
        currency = (
            literal(member.type.currency) if member.type.currency else f"{row}.{member.currency_column}"
        )
        currency = f"more.{currency_part(member)}" if member.currency_path else currency
        return f"moneyOf({row}.{member.column}, {currency})"
    return f"{row}.{member.column}"


def to_json_imports(member: Member) -> list[list[str]]:
    """What :func:`to_json` needs, as pairs of module and name."""
    if member.kind == "money":
        return [["../expression.js", "moneyOf"]]
    return [["../view.js", "iso"]] if member.kind == "instant" or _is_of_instants(member) else []


def _is_of_instants(member: Member) -> bool:
    return member.type.of is not None and member.type.of.kind == "instant"


def sample_currency(member: Member) -> str:
    """The currency of the amounts that tests and seeds give a member of money."""
    if member.currency is not None and member.currency.type.members:
        return member.currency.type.members[0]
    return member.type.currency or SAMPLE_CURRENCY


def encoder(member: Member) -> str:
    """How the model says in which form a column is written."""
    if member.kind == "list":
        return "eachInterval"
    if member.kind != "money":
        return literal(member.kind)
    if member.type.currency is not None:
        return f"inCurrency({literal(member.type.currency)})"
    return "amountOf" if member.currency_path else f"withCurrency({literal(member.currency_column)})"


def currency_part(member: Member) -> str:
    """What a view calls the currency of money that finds it over a path."""
    return f"{member.json}{'_currency' if '_' in member.json else 'Currency'}"


def default_literal(member: Member) -> str | None:
    """The default of a member as TypeScript, when it is a plain value."""
    constant = _constant(member.default)
    if constant is None or constant.value is None or member.role == "state":
        return None
    if isinstance(constant.value, tuple) and member.element is not None:
        elements = [replace(constant, type=member.element.type, value=value) for value in constant.value]
        inner = [default_literal(replace(member.element, default=element)) or "" for element in elements]
        return f"[{', '.join(inner)}]"
    if member.kind == "decimal":
        return literal(f"{Decimal(str(constant.value)):.{member.type.scale or 0}f}")
    return literal(constant.value)


def _constant(typed: Typed | None) -> Constant | None:
    while isinstance(typed, Convert):
        typed = typed.operand
    return typed if isinstance(typed, Constant) else None


def _named(type_: Type) -> dict[str, Any]:
    """A schema or an entity by its name in the contract, or a list of it."""
    item = type_.of or type_
    name = item.entity or item.shape or "unknown"
    code = f"z.array({name})" if type_.kind == "list" else name
    return {**_plain(code), "enum": {"name": name, "file": contract_file(name)}}


def _array(member: Member, normalized: bool) -> dict[str, Any]:
    """An array of values, or a list of schemas or entities."""
    of = member.type.of or member.type
    if of.kind in ("row", "shape"):
        return _named(member.type)
    element = contract(member.element or Member("", "", "", of), None, normalized)
    bounds = [("min", member.min_length), ("max", member.max_length)]
    options = [[key, number_literal(bound)] for key, bound in bounds if bound is not None]
    made = _options("arrayOf", options)
    inside = f"({element['code']}{', ' if options else ''}"
    for key in ("code", "open"):
        made[key] = made[key].replace("(", inside, 1)
    return {**made, "builders": ["arrayOf", *element["builders"]]}


def _integer_bounds(member: Member) -> list[list[str]]:
    least, greatest = member.minimum, member.maximum
    if member.kind == "int" and member.type.bits == 16:
        least, greatest = least or str(-(2**15)), greatest or str(2**15 - 1)
    bounds = []
    if member.role == "version":
        least = "1"
    if least is not None:
        bounds.append(["min", number_literal(int(least))])
    if greatest is not None:
        bounds.append(["max", number_literal(int(greatest))])
    return bounds


def text_bounds(member: Member) -> list[list[str]]:
    """The bounds of a member that is written as text, as options of a builder."""
    bounds = (("min", member.minimum), ("max", member.maximum))
    return [[name, literal(value)] for name, value in bounds if value is not None]


def _text_rules(member: Member, normalized: bool) -> list[list[str]]:
    rules = []
    if member.min_length:
        rules.append(["min", number_literal(member.min_length)])
    if member.max_length is not None:
        rules.append(["max", number_literal(member.max_length)])
    if member.max_bytes is not None:
        rules.append(["maxBytes", number_literal(member.max_bytes)])
    if member.needs:
        rules.append(["needs", literal(member.needs)])
    pattern = member.pattern or PATTERNS.get(member.format or "")
    if pattern:
        rules.append(["pattern", pattern_literal(pattern)])
    if normalized and member.normalize:
        rules.append(["normalize", literal(member.normalize)])
    return rules


def _options(name: str, options: list[list[str]], first: str = "") -> dict[str, Any]:
    if not options:
        return _plain(f"{name}({first})", [name])
    before = f"{name}({first}, " if first else f"{name}("
    return {
        "code": f"{before}{{ {', '.join(f'{key}: {value}' for key, value in options)} }})",
        "builders": [name],
        "open": f"{before}{{",
        "options": options,
        "close": "})",
        "enum": None,
    }


def _plain(code: str, builders: list[str] | None = None) -> dict[str, Any]:
    return {"code": code, "builders": builders or [], "open": "", "options": [], "close": "", "enum": None}


def _union(type_: Type) -> str:
    return " | ".join(literal(member) for member in type_.members)
