"""Who calls in random plans: tenants, owners, visible rows and policies over entities that are there already."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

ACTOR, TENANT, MEMBER = "Yawner", "Yacht", "Yoke"
"""Entities with names that no random name has."""

POLICIES = {
    "crew_only": "member.role = crew",
    "anybody_known": "actor is set",
    "of_this_yacht": "scope is set and member.role in [crew, guest]",
}
PLAIN = {"anybody_known": "actor is set"}
VISIBLE = (f"exists {ACTOR}(id = actor.id)", "policies.anybody_known")


def add_callers(draw: st.DrawFn, plan: dict[str, Any]) -> None:
    """Bind the entities and operations of a plan to who calls, as far as chance has it."""
    with_tenant = draw(st.booleans())
    entities = plan["entities"]
    policies = POLICIES if with_tenant else PLAIN
    plan["policies"] = {name: {"allow": allow} for name, allow in policies.items()}
    plan["identity"] = {"actor": ACTOR}
    for entity in entities.values():
        _bind(draw, entity, with_tenant, list(policies))
    entities[ACTOR] = {"fields": {"label": "varchar(60) required"}}
    if draw(st.booleans()):
        entities[ACTOR]["soft_delete"] = True
    if with_tenant:
        plan["identity"] |= {"scope": TENANT, "member": MEMBER}
        entities[TENANT] = {"fields": {"label": "varchar(60) required"}}
        entities[MEMBER] = {
            "scope": "yacht",
            "key": ["yacht_id", "yawner_id"],
            "fields": {
                "yacht": f"ref {TENANT} required cascade",
                "yawner": f"ref {ACTOR} required cascade",
                "role": "enum(guest, crew) required",
            },
        }
    for service in plan["services"].values():
        for operation in service["operations"].values():
            _guard(draw, operation, list(policies))
    _fixtures(plan, with_tenant)


def _bind(draw: st.DrawFn, entity: dict[str, Any], with_tenant: bool, policies: list[str]) -> None:
    fields = entity["fields"]
    if with_tenant:
        fields["of_yacht"] = f"ref {TENANT} required cascade"
        entity["scope"] = "of_yacht"
    kind = draw(st.sampled_from(("none", "owner", "visible")))
    if kind == "owner":
        fields["made_by"] = f"ref {ACTOR} required"
        entity["owner"] = "made_by"
    elif kind == "visible":
        entity["visible"] = draw(st.sampled_from(VISIBLE))
    resource = entity.get("resource")
    if resource and draw(st.booleans()):
        resource = entity["resource"] = {} if resource is True else resource
        resource["policy"] = {
            key: draw(st.sampled_from(policies)) for key in draw(st.sampled_from((("read",), ("all",))))
        }
    elif isinstance(resource, dict) and draw(st.booleans()):
        resource["access"] = draw(st.sampled_from(("actor", "public")))
    for transition in entity.get("states", {}).get("transitions", {}).values():
        if draw(st.booleans()):
            transition["policy"] = draw(st.sampled_from(policies))


def _guard(draw: st.DrawFn, operation: dict[str, Any], policies: list[str]) -> None:
    if "slot" in operation or "crud" in operation:
        return
    if draw(st.booleans()):
        operation["policy"] = draw(st.sampled_from(policies))
    if draw(st.booleans()):
        operation["runs_as"] = "system"
    if draw(st.booleans()):
        by = draw(st.sampled_from(("ip", "actor", "ip+wanted")))
        http = operation["http"]
        route = http if isinstance(http, dict) else {"route": http}
        operation["http"] = route | {"rate_limit": f"500 per 1m by {by}"}


def _fixtures(plan: dict[str, Any], with_tenant: bool) -> None:
    plan["fixtures"] = {"me": {"entity": ACTOR}}
    if with_tenant:
        plan["fixtures"] |= {
            "here": {"entity": TENANT},
            "joint": {"entity": MEMBER, "set": {"yacht_id": "= here.id", "yawner_id": "= me.id"}},
        }
    for criterion in plan.get("acceptance", {}).values():
        criterion["given"] = list(plan["fixtures"])
