"""Relations of many: join tables, rows that refer to a row, and rows that others join to it."""

from __future__ import annotations

from generator.model.combining import Declared
from generator.model.elements.members import ManyRelation, Member, Related
from generator.model.members import key_columns
from generator.model.rules import NAME_LIMIT, fields_of
from generator.model.world import World
from generator.plan.members import Field
from generator.plan.names import names_of


def add_many(world: World, name: str, field: str, source: Declared[Field]) -> None:
    """Give an entity a relation that is kept in a join table of its own.

    Args:
        world: the state of the resolution; its ``many`` grows.
        name: the entity.
        field: the relation, declared at ``source``.
    """
    target = source.value.type.arguments[0]
    if not world.known_entity(source, (), target):
        return
    own, other = names_of(name).snake, names_of(target).snake
    singular = _singular(field, target)
    for entity in (name, target):
        if key_columns(world, entity) != ("id",):
            world.problems.error(
                source.at(),
                f"a join table leads to rows by their id, and {entity} has another key",
                "make the join table an entity of its own",
            )
    relation = ManyRelation(
        name=field,
        singular=singular,
        json=world.json_name(f"{singular}_ids"),
        entity=target,
        table=source.value.table or f"{own}_{other}",
        own_column=world.column_name(f"{own}_id"),
        other_column=world.column_name(f"{other}_id" if own != other else f"other_{other}_id"),
        key=world.id_type,
        guarded=world.is_guarded(target),
    )
    for column in (relation.own_column, relation.other_column):
        constraint = f"fk_{relation.table}_{column}"
        if len(constraint.encode()) > NAME_LIMIT:
            world.problems.error(
                source.at(),
                f"{constraint} is longer than {NAME_LIMIT} bytes, the limit of PostgreSQL",
                "name the join table under `table:`",
            )
    world.many[name].append(relation)


def relate(world: World, name: str) -> None:
    """Give entities the lists that the fields of one entity say: inverses of its refs, `many` through others.

    Args:
        world: the state of the resolution, when every entity has its columns; its ``related`` grows.
        name: the entity whose fields are looked at.
    """
    for field, source in fields_of(world, name):
        if source.value.inverse is not None:
            _invert(world, name, field, source)
        if source.value.through is not None and source.value.type.name == "many":
            _join(world, name, field, source)


def _invert(world: World, name: str, field: str, source: Declared[Field]) -> None:
    member = world.member(name, field)
    inverse = source.value.inverse
    if inverse is None or member is None or member.reference is None:
        return
    target = member.reference.entity
    if target not in world.combined["entities"]:
        return
    if not _is_free(world, target, inverse):
        message = f"{target} has {inverse} already"
        world.problems.error(source.at("inverse", value=True), message, "name these rows otherwise")
        return
    key = world.id_type
    world.related[target].append(
        Related(inverse, inverse, world.json_name(inverse), name, name, member.column, None, key)
    )


def _join(world: World, name: str, field: str, source: Declared[Field]) -> None:
    target, via = source.value.type.arguments[0], source.value.through or ""
    if not world.known_entity(source, ("type",), target) or not world.known_entity(source, ("through",), via):
        return
    own, other = _refs(world, via, name), _refs(world, via, target)
    if name == target or len(own) != 1 or len(other) != 1:
        world.problems.error(
            source.at("through", value=True),
            f"{via} does not join {name} and {target}: it needs exactly one ref to each",
            "name its rows by `inverse` of its refs" if name == target or (own and other) else "add the ref",
        )
        return
    singular = _singular(field, target)
    if not _is_free(world, name, f"{singular}_ids"):
        world.problems.error(source.at(), f"{name} has {singular}_ids already", "rename one of them")
    key = next(item.type for item in world.members[target] if item.column == key_columns(world, target)[0])
    json = world.json_name(f"{singular}_ids")
    world.related[name].append(
        Related(field, singular, json, target, via, own[0].column, other[0].column, key)
    )


def _refs(world: World, name: str, target: str) -> list[Member]:
    return [item for item in world.members[name] if item.reference and item.reference.entity == target]


def _is_free(world: World, name: str, word: str) -> bool:
    """Whether nothing of an entity is called so."""
    taken = {each for member in world.members[name] for each in (member.name, member.word)}
    taken |= {field for field, _ in fields_of(world, name)}
    taken |= {relation.name for relation in world.related[name]}
    return word not in taken


def _singular(field: str, target: str) -> str:
    """What one row of a relation is called, as ``label`` in ``label_ids``."""
    singular = names_of(field).snake
    return names_of(target).snake if singular == field else singular
