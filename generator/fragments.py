"""Fragments of plans that rooms bring: joined with what people write, before any of it is resolved.

A fragment is written in the plan language, with the names of the plan it is for filled in. What the plan
says itself, by the same name, stands; fields of the fragment are added to an entity that the plan has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.plan.checks import check_plan
from generator.plan.entities import Entity
from generator.plan.loading import Feature, Project
from generator.plan.members import Field
from generator.plan.nodes import compose
from generator.plan.positions import Locator
from generator.plan.reading import read_model
from generator.plan.schema import Identity, Plan
from generator.plan.services import Service
from generator.problems import Location, ProblemList

FRAGMENT = "fragment.yml"
SECTIONS = ("config", "types", "entities", "policies", "errors", "schemas", "fixtures", "acceptance")
ADDRESS = "email"
"""The field that says that an entity of the plan is of people already, who only lack a way to sign in."""
KEPT_BY_ROOM = (ADDRESS, "password_hash")
MOST_SIGNS = 1000
"""Of a password in a criterion, however long the policy of a plan wants it."""
SAMPLES: Mapping[str, str] = {
    "varchar": "Ada",
    "text": "Ada",
    "integer": "1",
    "smallint": "1",
    "bigint": "1",
    "boolean": "true",
    "date": "2000-01-31",
    "timestamptz": "2000-01-31T00:00:00Z",
}
"""A value for each type of field that somebody who registers can be asked for."""


class JoinedLocator(Locator):
    """Finds places in the file of a plan that a fragment was joined with.

    What the fragment brought stands nowhere in the file: its place is what asked for it.
    """

    def __init__(self, base: Locator, brought: Iterable[tuple[str, ...]]) -> None:
        super().__init__(base.file, base.text, base.root)
        self.brought = frozenset(brought)

    def __call__(self, *path: str | int, value: bool = False, offset: int | None = None) -> Location:
        """The place of a path, see :class:`generator.plan.positions.Locator`."""
        if any(path[:length] in self.brought for length in range(2, len(path) + 1)):
            return super().__call__("identity", "from")
        return super().__call__(*path, value=value, offset=offset)


def identity_of(project: Project) -> Identity | None:
    """What the plan says of those who call, or None."""
    return next((each.plan.identity for each in project.features if each.plan.identity is not None), None)


def joined(project: Project, room: Path, problems: ProblemList) -> Project:
    """Join the features of a project with the fragment that a room brings.

    Args:
        project: the features as loaded; one of them says the identity.
        room: the folder of the room; one without a fragment changes nothing.
        problems: takes up what of the plan the fragment cannot be joined with.

    Returns:
        The project, whose feature with the identity has the pieces of the fragment too.
    """
    source = room / FRAGMENT
    head = next((each for each in project.features if each.plan.identity is not None), None)
    if head is None or head.plan.identity is None or not source.is_file():
        return project
    identity = head.plan.identity
    owner = next((each for each in project.features if identity.actor in each.plan.entities), None)
    own = owner.plan.entities[identity.actor] if owner is not None else None
    adopts = own is not None and ADDRESS in own.fields
    if owner is not None and own is not None and adopts:
        _refuse_address(owner, identity.actor, own, problems)
    asked = _asked(owner, identity.actor, own, problems) if owner is not None and own is not None else {}
    fragment = _read(
        source,
        head.locate("identity", "actor", value=True),
        problems,
        password=_password(project),
        project=next((each.plan.project for each in project.features if each.plan.project), "service"),
        actor=identity.actor,
        adopts=adopts,
        taken=(own.fields[ADDRESS].unique_error or "CONFLICT")
        if own is not None and adopts
        else "EMAIL_TAKEN",
        profile=[*({} if adopts else NAMES), *asked],
        samples={**({} if adopts else NAMES), **asked},
        enumeration=identity.enumeration or "guide",
        hash=identity.hash or "bcrypt",
    )
    if fragment is None:
        return project
    features = [_with_pieces(each, head, project, fragment) for each in project.features]
    if owner is not None and own is not None:
        features = [
            _with_actor(each, identity.actor, fragment, adopts=adopts) if each.file == owner.file else each
            for each in features
        ]
    return replace(project, features=tuple(features))


NAMES: Mapping[str, str] = {"first_name": "Ann", "last_name": "Adams"}
"""What the fragment itself asks of somebody who registers."""


def _refuse_address(owner: Feature, actor: str, entity: Entity, problems: ProblemList) -> None:
    """Note a problem when the address of the plan's own people is none that somebody can sign in with."""
    field = entity.fields[ADDRESS]
    is_unique = field.unique or any(rule.fields == (ADDRESS,) for rule in entity.unique.values())
    if field.type.name not in ("varchar", "text") or not field.required or not is_unique:
        problems.error(
            owner.locate("entities", actor, "fields", ADDRESS),
            f"people sign in with {actor}.{ADDRESS}, which is a text that each of them has",
            "make it `varchar(255) required unique`",
        )


def _asked(owner: Feature, actor: str, entity: Entity, problems: ProblemList) -> dict[str, str]:
    """The fields of the plan's own entity that somebody who registers has to give, each with a sample."""
    found = {}
    for name, field in entity.fields.items():
        if name in (*KEPT_BY_ROOM, *NAMES) or not _must_be_given(field):
            continue
        sample = SAMPLES.get(field.type.name)
        if sample is None or field.pattern or field.format:
            problems.error(
                owner.locate("entities", actor, "fields", name),
                f"{name} is required, and nobody who registers is asked for a {field.type}",
                "give it a default, or leave `required` out",
            )
            continue
        found[name] = sample
    return found


def _password(project: Project) -> str:
    """A password that the policy of the plan allows, if that asks for more than the usual kinds of signs."""
    declared = next(
        (each.plan.types["Password"] for each in project.features if "Password" in each.plan.types), None
    )
    least = declared.min_length or 0 if declared is not None else 0
    return "SecurePass123!".ljust(min(least, MOST_SIGNS), "x")


def _must_be_given(field: Field) -> bool:
    computed = field.default is not None or field.derived is not None or field.snapshot is not None
    return field.required and not computed and field.type.name != "many"


def _read(source: Path, place: Location, problems: ProblemList, **names: Any) -> Plan | None:
    """The fragment with the names of a plan; names that it cannot have are a problem at `place`."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = environment.from_string(source.read_text(encoding="utf-8")).render(**names)
    found = ProblemList()
    root = compose(text, source.name, found)
    plan = read_model(Plan, root, source.name, found) if root is not None else None
    if root is not None and plan is not None:
        check_plan(plan, Locator(source.name, text, root), found)
    for problem in found.errors[:1]:
        message = f"what `from` brings has no place in this plan: {problem.message}"
        problems.error(place, message, "rename one of them")
    return None if found.errors else plan


def _with_pieces(feature: Feature, head: Feature, project: Project, fragment: Plan) -> Feature:
    """The feature that asked for the fragment, with all of it that no feature says itself."""
    if feature is not head:
        return feature
    changes: dict[str, Any] = {}
    brought: list[tuple[str, ...]] = []
    for section in SECTIONS:
        said = {name for each in project.features for name in getattr(each.plan, section)}
        added = {name: item for name, item in getattr(fragment, section).items() if name not in said}
        if added:
            changes[section] = {**added, **getattr(feature.plan, section)}
            brought += [(section, name) for name in added]
    services = dict(feature.plan.services)
    for name, service in fragment.services.items():
        said = {
            operation
            for each in project.features
            for operation in (each.plan.services[name].operations if name in each.plan.services else ())
        }
        added = {key: item for key, item in service.operations.items() if key not in said}
        if added:
            own = services.get(name)
            services[name] = _with_operations(service, own, added)
            brought += [("services", name, "operations", key) for key in added]
            if own is None:
                brought.append(("services", name))
    changes["services"] = services
    return replace(
        feature,
        plan=feature.plan.replaced(changes),
        locate=JoinedLocator(feature.locate, brought),
    )


def _with_operations(brought: Service, own: Service | None, added: Mapping[str, Any]) -> Service:
    if own is None:
        return brought.replaced({"operations": dict(added)})
    return own.replaced({"operations": {**added, **own.operations}})


def _with_actor(feature: Feature, actor: str, fragment: Plan, *, adopts: bool) -> Feature:
    """The feature whose entity of people it is, with the columns that signing in needs."""
    own, more = feature.plan.entities[actor], fragment.entities[actor]
    if adopts and "write" not in own.fields[ADDRESS].written:
        # Who could write the address of others would get into their accounts, by asking for a new password.
        address = own.fields[ADDRESS].replaced({"write": "create"})
        own = own.replaced({"fields": {**own.fields, ADDRESS: address}})
    first, second = (own, more) if adopts else (more, own)
    changes: dict[str, Any] = {
        key: {**getattr(first, key), **getattr(second, key), **getattr(own, key)}
        for key in ("fields", "indexes", "unique", "checks")
        if key in own.written | more.written
    }
    changes.update({key: getattr(more, key) for key in more.written - own.written - changes.keys()})
    merged = own.replaced(changes)
    brought = [
        ("entities", actor, key, name)
        for key in ("fields", "indexes", "unique", "checks")
        for name in getattr(more, key)
        if name not in getattr(own, key)
    ]
    locate = feature.locate
    earlier = locate.brought if isinstance(locate, JoinedLocator) else frozenset()
    return replace(
        feature,
        plan=feature.plan.replaced({"entities": {**feature.plan.entities, actor: merged}}),
        locate=JoinedLocator(locate, {*earlier, *brought}),
    )
