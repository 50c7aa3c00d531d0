"""Fields, members of shapes, parameters: from the lines people write to members with types and bounds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from generator.copies import replace
from generator.expressions.kinds import words
from generator.expressions.typed import Typed
from generator.expressions.types import DEFAULT, Type
from generator.model.arrays import array_of, is_bounded
from generator.model.combining import Declared
from generator.model.currencies import read_money
from generator.model.elements.members import Member, Reference
from generator.model.literals import LiteralProblem, read_literal
from generator.model.world import World
from generator.plan.members import ConfigEntry, Field, NamedType
from generator.plan.values import TypeLine, Value
from generator.problems import did_you_mean

INTEGERS = {"smallint": 16, "integer": 32, "bigint": 53}
KINDS = {
    "boolean": ("bool", "boolean"),
    "uuid": ("uuid", "uuid"),
    "timestamptz": ("instant", "timestamptz(3)"),
    "date": ("date", "date"),
    "time": ("time", "time(0)"),
    "jsonb": ("json", "jsonb"),
    "duration": ("interval", "interval"),
    "interval": ("interval", "interval"),
}
ORDERED = ("int", "decimal", "date", "instant", "time", "interval")
CHAIN_LIMIT = 20
OnDelete = Literal["restrict", "cascade", "set null"]

UNKNOWN = Member("", "", "", Type("any", optional=True))


def resolve_member(world: World, place: Declared[Field], name: str, depth: int = 0) -> Member:
    """Resolve a field or a member of a shape, its default included; problems are noted.

    Args:
        world: the state of the resolution.
        place: the field and where it stands.
        name: its name in the plan.
        depth: how many ``Entity.field`` types were followed to get here.

    Returns:
        The member; one of type ``any`` where the type could not be resolved. References have ``relation``
        and the column's name set.
    """
    declared = place.value
    # What expressions can name grows from stage to stage; within one, equal lines mean the same.
    key = (name, id(declared), len(world.entity_types), len(world.shapes))
    known = world.alike.get(key)
    if known is not None:
        return known[1]
    noted = len(world.problems)
    member = _resolve_member(world, place, name, depth)
    if len(world.problems) == noted and _says_all(world, declared.type):
        # With the field itself, so that no other can get its identity.
        world.alike[key] = (declared, member)
    return member


def _says_all(world: World, line: TypeLine) -> bool:
    """Whether a type is the same wherever it is written, in any order of the entities."""
    if line.name == "ref":
        return key_columns(world, line.arguments[0]) == ("id",)
    return line.name != "member" and (line.inner is None or _says_all(world, line.inner))


def _resolve_member(world: World, place: Declared[Field], name: str, depth: int) -> Member:
    declared = place.value
    base = _typed(world, place, declared.type, depth)
    inherits = declared.type.name == "member"
    required = declared.required or (inherits and base.required and not declared.optional)
    member = replace(
        base,
        name=name,
        column=column_of(name, declared),
        json=world.json_name(f"{name}_id" if declared.type.name == "ref" else name),
        relation=name if declared.type.name == "ref" else None,
        role="ref" if declared.type.name == "ref" else "data",
        type=base.type.with_optional(not required),
        required=required,
        write=declared.write,
        exposed=declared.expose == "always",
        personal=declared.personal if declared.personal != "none" else base.personal,
        normalize=declared.normalize or base.normalize,
        min_length=declared.min_length if declared.min_length is not None else base.min_length,
        max_length=_least(declared.max_length, base.max_length),
        pattern=declared.pattern or base.pattern,
        format=declared.format or base.format,
        title=declared.title or base.title,
        default=None,
    )
    if member.reference:
        member = replace(
            member, reference=replace(member.reference, on_delete=_on_delete(declared, required))
        )
    member = _with_bounds(world, place, declared, member)
    _check_constraints(world, place, declared, member)
    if declared.default is not None:
        member = replace(member, default=_default(world, place, declared.default, member))
    return member


def config_type(world: World, place: Declared[ConfigEntry]) -> Type:
    """The type of a setting; config is never unset (LANGUAGE.md, section 4)."""
    line = place.value.type
    if line.name == "url":
        return Type("text")
    return _typed(world, place, line, 0).type.required()


def _typed(world: World, place: Declared[object], line: TypeLine, depth: int) -> Member:
    """The type of a line with what it brings, without a name."""
    if line.name == "varchar":
        length = int(line.arguments[0])
        return replace(UNKNOWN, type=Type("text"), sql_type=f"varchar({length})", max_length=length)
    if line.name in ("text", "url"):
        return replace(UNKNOWN, type=Type("text"), sql_type="text")
    if line.name in INTEGERS:
        return replace(UNKNOWN, type=Type("int", bits=INTEGERS[line.name]), sql_type=line.name)
    if line.name == "decimal":
        precision, scale = (int(argument) for argument in line.arguments)
        if not (1 <= precision <= 100 and 0 <= scale <= precision):
            world.problems.error(
                place.at(value=True),
                f"{line} has no digits to hold",
                "decimal(10,2) has 8 before the point, 2 behind",
            )
        return replace(
            UNKNOWN,
            type=Type("decimal", precision=precision, scale=scale),
            sql_type=f"numeric({precision},{scale})",
        )
    if line.name == "money":
        argument = line.arguments[0] if line.arguments else None
        is_path = argument is not None and not argument.isupper()
        type_ = Type("money", currency=None if is_path else argument)
        return replace(UNKNOWN, type=type_, sql_type="bigint", currency_path=argument if is_path else None)
    if line.name == "enum":
        return replace(UNKNOWN, type=Type("enum", members=line.arguments), sql_type="text")
    if line.name in KINDS:
        kind, sql_type = KINDS[line.name]
        return replace(UNKNOWN, type=Type(kind), sql_type=sql_type)  # type: ignore[arg-type]
    if line.name == "ref":
        if not world.known_entity(place, (), line.arguments[0]):
            return UNKNOWN
        return _referring(world, place, line.arguments[0], depth)
    if line.name == "member":
        return _inherited(world, place, line.arguments[0], line.arguments[1], depth)
    if line.name == "named":
        return _named(world, place, line.arguments[0], depth)
    if line.name in ("array", "list") and line.inner is not None:
        return array_of(world, place, line, _typed(world, place, line.inner, depth))
    world.problems.error(
        place.at(value=True), f"{line} is not supported yet", "see the list in the reference"
    )
    return UNKNOWN


def key_columns(world: World, entity: str) -> tuple[str, ...]:
    """The columns of the primary key of an entity."""
    return tuple(map(world.column_name, world.combined["entities"][entity].value.key or ("id",)))


def _referring(world: World, place: Declared[object], entity: str, depth: int) -> Member:
    """The column that refers to a row: it has the type of the key of that row."""
    reference = Reference(entity, "restrict", world.is_guarded(entity))
    key = key_columns(world, entity)
    if key == ("id",):
        return replace(UNKNOWN, type=world.id_type, sql_type=world.ids, reference=reference)
    if len(key) > 1:
        world.problems.error(
            place.at(),
            f"{entity} has a key of {len(key)} columns, and a ref is one column",
            f"refer to what {entity} refers to",
        )
        return UNKNOWN
    fields = world.combined["entities"][entity].value.fields
    columns = {world.column_name(column_of(name, field)): name for name, field in fields.items()}
    named = columns.get(key[0], key[0])
    member = _inherited(world, place, entity, named, depth)
    return replace(member, reference=reference, relation=None, default=None)


def column_of(name: str, field: Field) -> str:
    """The column of a field."""
    return field.column or (f"{name}_id" if field.type.name == "ref" else name)


def _named(world: World, place: Declared[object], name: str, depth: int) -> Member:
    declared = world.combined["types"].get(name)
    if declared is None:
        if name in world.combined["schemas"]:
            return replace(UNKNOWN, type=Type("shape", shape=name))
        if name in world.combined["entities"]:
            return replace(UNKNOWN, type=Type("row", entity=name))
        known = [*world.combined["types"], *world.combined["schemas"], *world.combined["entities"]]
        world.problems.error(
            place.at(value=True), f"no type, schema or entity is called {name}", did_you_mean(name, known)
        )
        return UNKNOWN
    named: NamedType = declared.value
    base = _typed(world, declared.below(named.base, "base"), named.base, depth)
    member = replace(
        base,
        pattern=named.pattern,
        format=named.format,
        min_length=named.min_length,
        max_length=_least(named.max_length, base.max_length),
        max_bytes=named.max_bytes,
        needs=named.needs,
        normalize=named.normalize,
        title=named.title or "",
    )
    _check_text(world, declared, named, member)
    return _with_bounds(world, declared, named, member)


def _inherited(world: World, place: Declared[object], entity: str, field: str, depth: int) -> Member:
    if not world.known_entity(place, (), entity):
        return UNKNOWN
    existing = world.member(entity, field)
    if existing is not None:
        return replace(
            existing, reference=None, relation=None, role="data", write="always", exposed=True, default=None,
            written="", currency_path=None, currency_column=None, computed=None,
            names=_named_by(world, entity, existing),
        )  # fmt: skip
    declared = world.combined["entities"][entity].value.fields.get(field)
    if declared is None or depth > CHAIN_LIMIT:
        names = [member.name for member in world.members.get(entity, ())] or list(
            world.combined["entities"][entity].value.fields
        )
        message = (
            f"{entity} has no field {field}" if declared is None else f"{entity}.{field} leads back to itself"
        )
        world.problems.error(place.at(value=True), message, did_you_mean(field, names))
        return UNKNOWN
    source = world.combined["entities"][entity].below(declared, "fields", field)
    return widened(world, entity, resolve_member(world, source, field, depth + 1))


def _named_by(world: World, entity: str, member: Member) -> str | None:
    """The entity whose row a value of a column names."""
    if member.reference is not None:
        return member.reference.entity
    return entity if (member.column,) == key_columns(world, entity) else None


def widened(world: World, entity: str, member: Member) -> Member:
    """An enum field with the members that later features add under ``extend: values``."""
    if entity not in world.combined.extensions:
        return member
    added: list[tuple[str, str]] = []
    members = list(member.type.members)
    for extension in world.combined.extensions.get(entity, ()):
        for value in extension.value.values.get(member.name, ()):
            wrong = None if member.kind == "enum" else "is no enum"
            if value in members:
                wrong = f"has {value} already"
            if wrong is not None:
                place = extension.at("values", member.name)
                world.problems.error(place, f"{entity}.{member.name} {wrong}", "remove it")
                return member
            members.append(value)
            added.append((extension.feature.name or "", value))
    type_ = replace(member.type, members=tuple(members)) if added else member.type
    return replace(member, type=type_, widened=(*member.widened, *added))


def _on_delete(declared: Field, required: bool) -> OnDelete:
    if declared.cascade or declared.on_delete == "cascade":
        return "cascade"
    if declared.on_delete is not None:
        return "set null" if declared.on_delete == "set_null" else declared.on_delete
    return "restrict" if required else "set null"


def _with_bounds(
    world: World, place: Declared[object], declared: Field | NamedType, member: Member
) -> Member:
    changes: dict[str, Any] = {}
    for key, attribute in (("min", "minimum"), ("max", "maximum")):
        value: Value | None = getattr(declared, key)
        if value is None:
            continue
        if member.kind not in (*ORDERED, "any"):
            world.problems.error(place.at(key), f"{key} has no meaning for {words(member.type)}", "remove it")
            continue
        try:
            constant = read_literal(value, member.type.required())
        except LiteralProblem as problem:
            world.problems.error(place.at(key, value=True), str(problem))
            continue
        changes[attribute] = str(constant.value)
    member = replace(member, **changes)
    least, greatest = member.minimum, member.maximum
    if least is not None and greatest is not None and _is_above(member, least, greatest):
        world.problems.error(
            place.at("min", value=True),
            f"min {_written(declared.min)} is above max {_written(declared.max)}",
            "make `max` the greater one",
        )
    return member


def _written(value: Value | None) -> str:
    return (value.text if value is not None else None) or "it"


def _is_above(member: Member, least: str, greatest: str) -> bool:
    if member.kind in ("int", "decimal", "interval"):
        return Decimal(least) > Decimal(greatest)
    return least > greatest


def _check_constraints(world: World, place: Declared[Field], declared: Field, member: Member) -> None:
    _check_text(world, place, declared, member)
    if (
        member.min_length is not None
        and member.max_length is not None
        and member.min_length > member.max_length
    ):
        world.problems.error(
            place.at("min_length", value=True), f"min_length {member.min_length} is above the greatest length"
        )
    if declared.cascade and declared.type.name != "ref":
        world.problems.error(place.at(), "cascade is for a ref", "remove it")


def _check_text(world: World, place: Declared[Any], declared: Field | NamedType, member: Member) -> None:
    for key in ("format", "pattern", "min_length", "max_length", "max_bytes", "needs", "normalize"):
        fits = member.kind in ("text", "any") or is_bounded(member, key)
        if getattr(declared, key, None) and not fits:
            world.problems.error(place.at(key), f"{key} has no meaning for {words(member.type)}", "remove it")
    if declared.format is not None and member.pattern is not None:
        key = "pattern" if declared.pattern is not None else "format"
        world.problems.error(place.at(key), "a format is a pattern already", "keep one of them")


def _default(world: World, place: Declared[Field], value: Value, member: Member) -> Typed | None:
    if value.expression is not None:
        scope = replace(world.scope(), allow=DEFAULT)
        return world.check(place, ("default",), value.expression, scope, member.type)
    try:
        if member.kind == "money" and not value.null:
            minor, code = read_money(value.text or "", member.type.currency)
            return world.check(place, ("default",), f"money({minor}, '{code}')", world.scope(), member.type)
        return read_literal(value, member.type)
    except LiteralProblem as problem:
        world.problems.error(place.at("default", value=True), str(problem))
        return None


def _least(*lengths: int | None) -> int | None:
    return min((length for length in lengths if length is not None), default=None)
