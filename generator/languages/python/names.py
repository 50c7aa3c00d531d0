"""Names in Python: attributes that shadow nothing, modules, the names of types of members."""

from __future__ import annotations

import keyword

from generator.model.elements.entities import Entity
from generator.model.elements.members import Member

# Names that the bodies of generated classes use, then what the classes above them define.
_TAKEN = frozenset(
    [
        "bool",
        "bytes",
        "date",
        "datetime",
        "dict",
        "fields",
        "float",
        "id",
        "int",
        "list",
        "mapped_column",
        "column_property",
        "sa",
        "str",
        "text",
        "time",
        "tuple",
        "links",
        "metadata",
        "registry",
        "type_annotation_map",
        "violations",
        "construct",
        "copy",
        "from_orm",
        "json",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
        "model_computed_fields",
        "model_config",
        "model_construct",
        "model_copy",
        "model_extra",
        "model_fields",
        "model_fields_set",
        "model_parametrized_name",
        "model_post_init",
        "model_rebuild",
    ]
)
_PREFIXES = ("model_dump", "model_json", "model_validate")
# Of these a generated module imports or defines others.
_CLASSES_TAKEN = frozenset(["Annotated", "Any", "Decimal", "Literal", "Shape", "UUID"])


def attribute(name: str) -> str:
    """The attribute for a name of the plan: the name, with `_` behind it where it would shadow something."""
    taken = name in _TAKEN or keyword.iskeyword(name) or name.startswith(_PREFIXES)
    return f"{name}_" if taken else name


def attribute_of(member: Member) -> str:
    """The attribute of a column: its name in the plan, for references with `_id`."""
    if member.role == "key":
        return "id"
    return attribute(f"{member.name}_id" if member.relation else member.name)


def module_of(entity: Entity) -> str:
    """The module of an entity, in models, schemas and controllers alike."""
    return f"{entity.names.snake}_" if keyword.iskeyword(entity.names.snake) else entity.names.snake


def row_class(entity: Entity) -> str:
    """The class of the rows of an entity."""
    return f"{entity.names.pascal}Row"


def shape_class(entity: Entity, suffix: str = "") -> str:
    """The class of a shape of an entity: the entity itself, or `Create`, `Update`, `Query`, `Page` of it."""
    name = f"{entity.names.pascal}{suffix}"
    return f"{name}_" if name in _CLASSES_TAKEN else name


def pascal(name: str) -> str:
    """`due_on` as `DueOn`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
