"""What the web room of express-react renders from: pages of resources, and the operations they call."""

from __future__ import annotations

from typing import Any

from generator.languages.typescript.places import contract_file
from generator.languages.typescript.web.account import ROOM as ACCOUNTS
from generator.languages.typescript.web.account import account_facts
from generator.languages.typescript.web.api import api_facts, list_of
from generator.languages.typescript.web.resources import PageWriter
from generator.languages.typescript.web.titles import plural_title
from generator.model.elements.model import Model
from generator.model.selection import Selection
from generator.typescript_layout.nodes import Atom, text_literal
from generator.typescript_layout.statements import constant, written

ROOM = "web"


def web_facts(model: Model, selection: Selection) -> dict[str, Any] | None:
    """Everything the room renders from.

    Args:
        model: the resolved plan.
        selection: which rooms render which elements.

    Returns:
        Title, resources and the files of operations; None where the room is off.
    """
    if not selection.has(ROOM):
        return None
    entities = [
        entity
        for entity in model.entities
        if entity.resource is not None and selection.has("controller", entity.names.camel)
    ]
    listed = frozenset(entity.name for entity in entities if list_of(model, entity) is not None)
    declared = [service.name for service in model.services if selection.has("controller", service.name)]
    services = dict.fromkeys((*(entity.names.camel for entity in entities), *declared))
    pages = [PageWriter(model, entity, listed, frozenset(services)) for entity in entities]
    account = account_facts(model, pages, listed) if selection.has(ACCOUNTS) else None
    return {
        "title": written([("export ", constant("TITLE", Atom(text_literal(model.title))))]).split("\n"),
        "acting": _acting(model),
        "resources": [
            {
                "name": text_literal(page.entity.names.camel),
                "key": page.entity.names.camel,
                "file": contract_file(page.entity.name),
                "entry": [
                    ["title", text_literal(page.entity.title)],
                    ["plural", text_literal(plural_title(page.entity))],
                    ["path", text_literal(f"/{page.entity.names.plural_kebab}")],
                    *([name, "true" if has else "false"] for name, has in page.offers().items()),
                ],
                **page.declaration(),
            }
            for page in pages
        ],
        "apis": [facts for name in services if (facts := api_facts(model, name)) is not None],
        **({"account": account} if account is not None else {}),
    }


def _acting(model: Model) -> dict[str, str]:
    """What those are called who call, and those for whom they do."""
    identity = model.identity
    if identity is None or identity.auth is not None:
        return {}
    found = {"actor": identity.actor, "scope": identity.scope}
    return {role: text_literal(model.entity(name).title.lower()) for role, name in found.items() if name}
