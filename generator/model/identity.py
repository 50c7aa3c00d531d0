"""Who calls, for which tenant: the section `identity`, and what binds an entity to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from generator.expressions.typed import Typed
from generator.expressions.types import BOOL, RULE, Binding, Scope, Type
from generator.model.combining import Combined, Declared
from generator.model.elements.identity import Identity, ScopeStep, Signing
from generator.model.elements.members import Member
from generator.model.members import key_columns
from generator.model.world import World
from generator.problems import did_you_mean

Certainty = Literal["known", "perhaps"]
"""Whether an operation is only done for somebody, or perhaps for nobody."""
ROOTS = ("actor", "scope", "member")


def declare_identity(world: World, combined: Combined) -> None:
    """Make the entities of `identity` known, before any expression is checked.

    Args:
        world: the state of the resolution; its ``identity`` is set, if the plan has one.
        combined: the plan.
    """
    declared = combined.head.plan.identity
    if declared is None:
        return
    place: Declared[Any] = Declared(combined.head, ("identity",), declared)
    if world.ids != "uuid":
        world.problems.error(place.at(), "identity with ids that are numbers: not supported yet")
    known = [
        world.known_entity(place, (key,), name)
        for key in ROOTS
        if (name := getattr(declared, key)) is not None
    ]
    if declared.member is not None and declared.scope is None:
        world.problems.error(place.at("member"), "a member joins an actor and a scope", "add `scope`")
        return
    signs_in = declared.from_ == "auth"
    for key in ("enumeration", "hash"):
        if getattr(declared, key) is not None and not signs_in:
            world.problems.error(
                place.at(key), f"`{key}` is for people who sign in here", "add `from: auth`, or remove it"
            )
    if signs_in and declared.scope is not None and declared.member is None:
        world.problems.error(
            place.at("scope"),
            "who signs in says for which tenant, and nothing says who belongs to it",
            "add `member`",
        )
    if all(known):
        for key in ("actor", "scope"):
            name = getattr(declared, key)
            if name is not None and key_columns(world, name) != ("id",):
                world.problems.error(
                    place.at(key), f"{name} has a key of its own", "the gateway names rows by their id"
                )
        auth = Signing(declared.enumeration or "guide", declared.hash or "bcrypt") if signs_in else None
        world.identity = Identity(declared.actor, declared.scope, declared.member, auth=auth)


def complete_identity(world: World) -> None:
    """Find the columns of the member that lead to the actor and to the tenant."""
    identity = world.identity
    if identity is None or identity.member is None or identity.scope is None:
        return
    place: Declared[Any] = Declared(world.combined.head, ("identity",), None)
    found = {}
    for key, entity in (("member_actor", identity.actor), ("member_scope", identity.scope)):
        columns = [
            member.column
            for member in world.members[identity.member]
            if member.reference is not None and member.reference.entity == entity
        ]
        if len(columns) != 1:
            message = f"{identity.member} has {len(columns) or 'no'} refs to {entity}, not one"
            world.problems.error(place.at("member", value=True), message, "a member joins one of each")
            return
        found[key] = columns[0]
    world.identity = replace(identity, member_actor=found["member_actor"], member_scope=found["member_scope"])


def callers(world: World, certainty: Certainty) -> dict[str, Binding]:
    """The names of who calls, as a rule or an operation reads them.

    Args:
        world: the state of the resolution.
        certainty: ``perhaps`` where nobody may be there: then they are unset, and have to be narrowed.

    Returns:
        `actor`, and `scope` and `member` where the plan has them.
    """
    identity = world.identity
    if identity is None:
        return {}
    names = {"actor": identity.actor, "scope": identity.scope, "member": identity.member}
    maybe = certainty == "perhaps"
    return {
        name: Binding(Type("row", entity=entity, optional=maybe), _typescript(name, maybe))
        for name, entity in names.items()
        if entity is not None
    }


def _typescript(name: str, maybe: bool) -> str:
    return f"context.{name}" if maybe else f"{name}Of(context)"


def rule_scope(world: World, entity: str | None, certainty: Certainty) -> Scope:
    """The scope of a rule about rows of an entity that may name who calls."""
    return replace(world.scope(), row=entity, this=entity, allow=RULE, roots=callers(world, certainty))


def scope_path(world: World, name: str) -> tuple[ScopeStep, ...]:
    """The references from a row of an entity to its tenant; none for an entity without `scope`.

    Args:
        world: the state of the resolution, after the columns are known.
        name: the entity.

    Returns:
        The steps in order; problems are noted.
    """
    place = world.combined["entities"][name]
    path = place.value.scope
    if path is None:
        return ()
    identity = world.identity
    if identity is None or identity.scope is None:
        world.problems.error(place.at("scope"), "there is no scope", "add `scope` to `identity`")
        return ()
    steps: list[ScopeStep] = []
    entity = name
    for word in path.split("."):
        member = next((item for item in world.members[entity] if item.relation == word), None)
        if member is None or member.reference is None:
            known = [item.relation for item in world.members[entity] if item.relation]
            world.problems.error(
                place.at("scope", value=True), f"{entity} has no ref {word}", did_you_mean(word, known)
            )
            return ()
        if not member.required:
            message = f"{entity}.{word} may be unset, and its rows would belong to nobody"
            world.problems.error(place.at("scope", value=True), message, "make it `required`")
        entity = member.reference.entity
        steps.append(ScopeStep(member.column, entity))
    if entity != identity.scope:
        world.problems.error(
            place.at("scope", value=True), f"{path} leads to {entity}, not to {identity.scope}"
        )
    return tuple(steps)


def scope_column(world: World, name: str) -> str | None:
    """The column of an entity that refers to the tenant, where its rows have one themselves."""
    path = world.combined["entities"][name].value.scope
    return next((item.column for item in world.members[name] if path and item.relation == path), None)


def owner_column(world: World, name: str) -> str | None:
    """The column of the ref to the actor who owns the rows of an entity, or None."""
    place = world.combined["entities"][name]
    owner = place.value.owner
    if owner is None:
        return None
    if world.identity is None:
        world.problems.error(place.at("owner"), "there is no actor", "add `identity`")
        return None
    member: Member | None = world.member(name, owner)
    if member is None or member.reference is None or member.reference.entity != world.identity.actor:
        refs = [
            item.name
            for item in world.members[name]
            if item.reference is not None and item.reference.entity == world.identity.actor
        ]
        message = f"{owner} is no ref of {name} to {world.identity.actor}"
        world.problems.error(place.at("owner", value=True), message, did_you_mean(owner, refs))
        return None
    if not member.required:
        message = f"{name}.{owner} may be unset, and its rows would be everybody's or nobody's"
        world.problems.error(place.at("owner", value=True), message, "make it `required`")
    return member.column


def visible_rule(world: World, name: str) -> Typed | None:
    """Which rows of an entity there are for a caller: the plan's rule, or what `owner` implies."""
    place = world.combined["entities"][name]
    written = place.value.visible
    owner = place.value.owner
    if written is None and owner is None:
        return None
    if world.identity is None and written is None:
        return None
    member = world.member(name, owner) if owner is not None else None
    if written is None and member is None:
        return None
    text = str(written) if written is not None else f"{member.word if member else ''} = actor.id"
    return world.check(place, ("visible",), text, rule_scope(world, name, "perhaps"), BOOL)


def refuse_open_references(world: World) -> None:
    """An entity without a scope would show rows of one tenant to all others."""
    for name, place in world.combined["entities"].items():
        if place.value.scope is not None:
            continue
        for member in world.members[name]:
            target = member.reference.entity if member.reference else None
            if target is not None and world.combined["entities"][target].value.scope is not None:
                world.problems.error(
                    place.at("fields", member.name),
                    f"{target} belongs to a tenant, and {name} does not",
                    f"give {name} a `scope` too",
                )
        for relation in world.many[name]:
            if world.combined["entities"][relation.entity].value.scope is not None:
                world.problems.error(
                    place.at("fields", relation.name),
                    f"{relation.entity} belongs to a tenant, and {name} does not",
                    f"give {name} a `scope` too",
                )
