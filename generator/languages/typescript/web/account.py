"""What the pages of accounts are told of a plan: what registering asks for, and what a profile shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.languages.typescript.literals import property_name
from generator.languages.typescript.places import contract_module
from generator.languages.typescript.web.fields import FieldWriter
from generator.languages.typescript.web.resources import PageWriter
from generator.model.elements.members import Member
from generator.model.elements.model import Model
from generator.typescript_layout.nodes import Array, Atom, Call, Node, Object, text_literal
from generator.typescript_layout.statements import constant, written

ROOM = "auth-web"
PASSWORD = "password"
NEEDS: Mapping[str, str] = {
    "lower": "a small letter",
    "upper": "a capital letter",
    "digit": "a digit",
    "symbol": "a symbol",
}
CALLED = (("first_name", "last_name"), ("name",), ("nickname",), ("display_name",))
"""What people are called by, the likeliest first; by their address where they have none of it."""


def account_facts(model: Model, pages: Iterable[PageWriter], listed: frozenset[str]) -> dict[str, Any] | None:
    """What the forms and the profile of people who sign in consist of.

    Args:
        model: the resolved plan.
        pages: those of its resources.
        listed: entities that have a list, which references can lead to.

    Returns:
        Lines and imports of the file that declares it; None where nobody signs in.
    """
    if model.identity is None or model.identity.auth is None:
        return None
    person = model.entity(model.identity.actor)
    shown = model.operation("auth.me").output.name or person.name
    view = next(view for view in model.views if view.name == shown)
    page = next((page for page in pages if page.entity.name == person.name), None)
    if page is not None:
        # A writer of its own: the page of the resource keeps its imports.
        page = PageWriter(model, person, listed, frozenset())
    writer = page or FieldWriter(model, listed)
    asked = [item for item in model.operation("auth.registerUser").input if item.name != PASSWORD]
    registration = Object(tuple((property_name(item.json), writer.field(item, None)) for item in asked))
    fields: dict[str, Node] = page.fields() if page is not None else _fields(writer, view.members)
    shape = {member.json for member in view.members}
    kept = Object(tuple((name, node) for name, node in fields.items() if name in shape))
    entries: list[tuple[str, Node]] = [("fields", kept)]
    if page is not None and page.update is not None:
        entries.append(("update", page.sending(page.update)))
        if person.versioned:
            entries.append(("isVersioned", Atom("true")))
    password = next(item for item in model.operation("auth.resetPassword").input if item.name == PASSWORD)
    rules = Array(tuple(Atom(text_literal(rule)) for rule in _rules(password)))
    declared = (
        ("What registering asks for, beside a password.", "registration", registration),
        (
            "What a profile shows, and how it is changed.",
            "profile",
            Call("defineProfile", (Object(tuple(entries)),)),
        ),
        ("What a password must have.", "passwordRules", rules),
    )
    lines = [
        line
        for comment, name, node in declared
        for line in ("", f"/** {comment} */", *written([("export ", constant(name, node))]).split("\n"))
    ]
    names = {member.name: member.json for member in view.members if member.kind == "text"}
    called = next((words for words in CALLED if all(word in names for word in words)), ())
    return {
        "lines": lines[1:],
        "imports": [
            *([item for item in writer.imports if item[1] != "defineResource"]),
            ["./profile.js", "defineProfile"],
        ],
        "person": {"module": contract_module(shown), "name": shown},
        "called": [names[word] for word in called],
        **_tenant(model, listed),
    }


def _tenant(model: Model, listed: frozenset[str]) -> dict[str, Any]:
    """What a tenant is chosen with: among those that are listed, else by its id."""
    if model.identity is None or model.identity.scope is None:
        return {}
    scope = model.entity(model.identity.scope)
    if scope.name in listed:
        return {"tenant": {"title": text_literal(scope.title), "to": text_literal(scope.names.camel)}}
    return {"tenant": {"title": text_literal(f"Id of the {scope.title.lower()}"), "to": ""}}


def _fields(writer: FieldWriter, members: Iterable[Member]) -> dict[str, Node]:
    roles = ("key", "version", "deleted")
    shown = [item for item in members if item.exposed and item.role not in roles]
    return {property_name(item.json): writer.field(item, None) for item in shown}


def _rules(password: Member) -> list[str]:
    found = []
    if password.min_length:
        found.append(f"at least {password.min_length} characters")
    return [*found, *(NEEDS[need] for need in password.needs if need in NEEDS)]
