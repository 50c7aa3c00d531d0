"""Paths: from `task.project.name` to the member that is meant, or the reason why nothing is."""

from __future__ import annotations

from dataclasses import replace

from generator.expressions import bounds
from generator.expressions.kinds import fit, words
from generator.expressions.nodes import Path
from generator.expressions.reach import Findings, Reach
from generator.expressions.relations import counted, is_said
from generator.expressions.typed import (
    Constant,
    Derived,
    Fact,
    Facts,
    Field,
    Length,
    Page,
    Policy,
    Root,
    Row,
    Typed,
)
from generator.expressions.types import ANY, DERIVED, INT, RULE, TEXT, EntityType, Member, Type
from generator.problems import did_you_mean

MOST_EXPANDED = 500
"""Derived fields and aggregates that one expression may stand on: each is written out where it is used."""
DEEPEST_EXPANDED = 30


def unknown(offset: int) -> Constant:
    """Stands for what could not be resolved, so that one mistake is reported once."""
    return Constant(type=ANY, offset=offset, value=None)


def is_bare(node: object) -> bool:
    """Whether a node is a single name, which may be an enum member."""
    return isinstance(node, Path) and len(node.names) == 1


def is_known(node: Path, reach: Reach) -> bool:
    """Whether the first name means something without looking at enums."""
    name = node.names[0]
    entity = reach.entity(reach.row)
    return (
        (entity is not None and name in entity.members)
        or name in reach.scope.roots
        or name in ("config", "policies")
        or (name == "this" and reach.this is not None)
    )


def resolve(node: Path, reach: Reach, wanted: Type | None, facts: Facts) -> Typed:
    """The value of a path; `wanted` is the type beside it, whose enum members may be written bare."""
    name, offset = node.names[0], node.offsets[0]
    if name == "config":
        return _config(node, reach)
    if name == "policies":
        return _policy(node, reach, facts)
    hits: list[tuple[str, Typed]] = []
    entity = reach.entity(reach.row)
    if reach.row is not None and entity is not None and name in entity.members:
        member = entity.members[name]
        hits.append((f"the field {entity.name}.{name}", _member(reach, reach.row, member, offset, facts)))
    if name == "this" and reach.this is not None:
        hits.append(("the row", replace(reach.this, offset=offset)))
    binding = reach.scope.roots.get(name)
    if binding is not None:
        hits.append((f"the value `{name}`", _root(name, binding.type, binding.typescript, offset, facts)))
    if wanted is not None and wanted.kind == "enum" and len(node.names) == 1 and name in wanted.members:
        member_type = Type("enum", members=wanted.members)
        hits.append((f"the enum member {name}", Constant(type=member_type, offset=offset, value=name)))
    if not hits and wanted is not None and wanted.kind == "any":
        # What stands beside it is wrong already; whether this is one of its members cannot be known.
        return unknown(offset)
    if not hits:
        _report_unknown(node, reach, wanted)
        return unknown(offset)
    if len(hits) > 1:
        hint = "qualify the field with `this.`, rename the bound value with `as:`, or quote the enum member"
        reach.findings.report(offset, f"`{name}` could be {' or '.join(what for what, _ in hits)}", hint)
        return unknown(offset)
    if binding is not None and not reach.allows("context", offset, f"`{name}`"):
        return unknown(offset)
    value = hits[0][1]
    for name, offset in zip(node.names[1:], node.offsets[1:], strict=True):
        value = _step(reach, value, name, offset, facts)
    return value


def fact_of(typed: Typed) -> Fact | None:
    """The name under which narrowing remembers a path; None for what is not a path."""
    if isinstance(typed, Root):
        return (typed.name,)
    if isinstance(typed, Row):
        return ("this",) if typed.frame == 0 else (f"#{typed.frame}",)
    if isinstance(typed, Field | Derived):
        base = fact_of(typed.base)
        return None if base is None else (*base, typed.member.column or typed.member.name)
    return None


def _report_unknown(node: Path, reach: Reach, wanted: Type | None) -> None:
    name, offset = node.names[0], node.offsets[0]
    entity, this = reach.entity(reach.row), reach.entity(reach.this)
    if this is not None and name in this.members:
        reach.findings.report(
            offset, f"nothing is called `{name}` here", f"the field of {this.name} is written this.{name}"
        )
        return
    known = [*(entity.members if entity else ()), *reach.scope.roots]
    known += ["this"] if reach.this else []
    known += wanted.members if wanted is not None and wanted.kind == "enum" else ()
    reach.findings.report(offset, f"nothing is called `{name}` here", did_you_mean(name, known))


def _root(name: str, type_: Type, typescript: str, offset: int, facts: Facts) -> Root:
    proved = type_.optional and (name,) in facts
    low, high = bounds.of_type(type_)
    return Root(
        type=type_.required() if proved else type_,
        offset=offset,
        low=low,
        high=high,
        name=name,
        typescript=typescript,
        narrowed=proved,
    )


def _config(node: Path, reach: Reach) -> Typed:
    if not reach.allows("config", node.offset, "`config`"):
        return unknown(node.offset)
    name = node.names[1] if len(node.names) > 1 else ""
    type_ = reach.scope.config.get(name)
    if type_ is None or (len(node.names) != 2 and type_.kind != "list"):
        at = node.offsets[1] if len(node.names) > 1 else node.offset
        reach.findings.report(at, f"there is no {node.dotted}", did_you_mean(name, reach.scope.config))
        return unknown(node.offset)
    low, high = bounds.of_type(type_)
    setting: Typed = Root(
        type=type_,
        offset=node.offset,
        low=low,
        high=high,
        name=".".join(node.names[:2]),
        typescript=f"context.config.{name}",
    )
    for step, offset in zip(node.names[2:], node.offsets[2:], strict=True):
        setting = _step(reach, setting, step, offset, frozenset())
    return setting


def _policy(node: Path, reach: Reach, facts: Facts) -> Typed:
    if not reach.allows("context", node.offset, "a policy"):
        return unknown(node.offset)
    name = node.names[1] if len(node.names) > 1 else ""
    text = reach.scope.policies.get(name)
    if text is None or len(node.names) != 2:
        at = node.offsets[1] if len(node.names) > 1 else node.offset
        reach.findings.report(at, f"there is no policy `{name}`", did_you_mean(name, reach.scope.policies))
        return unknown(node.offset)
    mark = f"policies.{name}"
    if mark in reach.within:
        reach.findings.report(node.offset, f"{mark} refers to itself")
        return unknown(node.offset)
    inner = replace(
        reach, row=None, within=(*reach.within, mark), findings=reach.findings.inside(node.offset, mark)
    )
    body = fit(reach.expand(text, inner, facts), Type("bool"), inner.findings)
    return Policy(
        type=Type("bool"),
        offset=node.offset,
        name=name,
        body=body,
        fails=body.fails,
        queries=body.queries,
        frames=body.frames,
        narrowed=body.narrowed,
    )


def _step(reach: Reach, base: Typed, name: str, offset: int, facts: Facts) -> Typed:
    kind = base.type.kind
    if kind == "any":
        return base
    if kind == "list" and name == "count" and isinstance(base, Field) and is_said(base):
        return counted(reach, base, offset)
    if kind == "list" and name == "count":
        return _inherit(
            Length(type=_through(base, INT), offset=offset, base=base, low=0, high=bounds.MAX_ROWS), base
        )
    if kind == "page" and name == "total":
        total = Page(
            type=_through(base, INT), offset=offset, base=base, name="total", low=0, high=bounds.MAX_ROWS
        )
        return _inherit(total, base)
    if kind == "page" and name == "items":
        return _inherit(
            Page(type=Type("list", of=base.type.of), offset=offset, base=base, name="items"), base
        )
    members: dict[str, Member] = {}
    if kind == "row":
        row = reach.scope.entities.get(base.type.entity or "")
        if row is None:
            return unknown(offset)  # of an entity that there is not: told where it is named
        members = dict(row.members)
    elif kind == "shape":
        members = dict(reach.scope.shapes[base.type.shape or ""].members)
    if name not in members:
        known = {"list": ["count"], "page": ["items", "total"]}.get(kind, list(members))
        reach.findings.report(offset, f"{words(base.type)} has no member `{name}`", did_you_mean(name, known))
        return unknown(offset)
    return _member(reach, base, members[name], offset, facts)


def _member(reach: Reach, base: Typed, member: Member, offset: int, facts: Facts) -> Typed:
    followed = isinstance(base, Field) and base.member.relation is not None
    if followed and isinstance(base, Field):
        shortcut = _foreign_key(reach, base, member)
        if shortcut is not None:
            return _member(reach, base.base, shortcut, offset, facts)
        required = not base.type.optional and "required_refs" in reach.scope.allow
        if not required and not reach.allows("refs", offset, "reading through a reference"):
            return unknown(offset)
    if member.derived is not None:
        return _derived(reach, base, member, offset, followed)
    is_list = member.join is not None or member.referring is not None
    if is_list and not reach.allows("aggregates", offset, f"the list `{member.name}`"):
        return unknown(offset)
    low, high = bounds.of_type(member.type)
    found = Field(
        type=_through(base, member.type),
        offset=offset,
        low=low,
        high=high,
        base=base,
        member=member,
        fails=base.fails,
        queries=base.queries or followed or is_list,
        frames=base.frames,
        narrowed=base.narrowed,
        owner=reach.scope.entities.get(base.type.entity or ""),
        target=reach.scope.entities.get(_target(member)),
    )
    if member.type.kind == "money" and member.type.currency is None and base.type.kind == "row":
        found = replace(found, currency=_currency_of(reach, base, member, offset))
    if found.type.optional and fact_of(found) in facts:
        return replace(found, type=found.type.required(), proved=True, narrowed=True)
    return found


def _target(member: Member) -> str:
    if member.type.kind == "list" and member.type.of is not None:
        return member.type.of.entity or ""
    return member.relation or ""


def _currency_of(reach: Reach, base: Typed, member: Member, offset: int) -> Typed:
    """Where money finds its currency: beside it, or over a path from the same row."""
    if member.currency_column is not None:
        return _member(
            reach, base, Member(member.currency_column, TEXT, member.currency_column), offset, frozenset()
        )
    value = base
    # Reading the currency is part of reading the money, so it needs no permission of its own.
    open_reach = replace(reach, scope=replace(reach.scope, allow=RULE))
    for name in (member.currency_path or "").split("."):
        value = _step(open_reach, value, name, offset, frozenset())
    return value


def _foreign_key(reach: Reach, relation: Field, member: Member) -> Member | None:
    """The key of a referred row is at hand as the foreign key: no query is needed for it."""
    target = reach.scope.entities[relation.type.entity or ""]
    if target.key != (member.column,):
        return None
    owner: EntityType | None = None
    if relation.base.type.kind == "row":
        owner = reach.scope.entities[relation.base.type.entity or ""]
    for other in owner.members.values() if owner else ():
        if other.column == relation.member.column and other.relation is None:
            return other
    type_ = member.type.with_optional(relation.member.type.optional)
    return Member(relation.member.column or "", type_, column=relation.member.column)


def _derived(reach: Reach, base: Typed, member: Member, offset: int, followed: bool) -> Typed:
    entity = base.type.entity or ""
    mark = f"the derived field {entity}.{member.name}"
    if mark in reach.within:
        cycle = [each.removeprefix("the derived field ") for each in reach.within[reach.within.index(mark) :]]
        around = " -> ".join((*cycle, f"{entity}.{member.name}"))
        reach.findings.report(offset, f"a derived field reads itself: {around}")
        return unknown(offset)
    row = reach.next_row(entity, offset)
    if row.frame > MOST_EXPANDED or len(reach.within) >= DEEPEST_EXPANDED:
        whole = Findings(reach.findings.into, reach.findings.offset)
        whole.report(offset, "too many derived fields stand on one another here", "Read fewer of them")
        return unknown(offset)
    scope = replace(reach.scope, roots={}, row=entity, this=entity, allow=reach.scope.allow & DERIVED)
    inner = replace(
        reach,
        scope=scope,
        row=row,
        this=row,
        within=(*reach.within, mark),
        findings=reach.findings.inside(offset, mark),
    )
    body = fit(reach.expand(member.derived or "null", inner, frozenset()), member.type, inner.findings)
    return Derived(
        type=_through(base, body.type),
        offset=offset,
        low=body.low,
        high=body.high,
        base=base,
        member=member,
        frame=row.frame,
        body=body,
        fails=base.fails or body.fails,
        queries=base.queries or body.queries or followed,
        frames=base.frames | (body.frames - {row.frame}),
        narrowed=base.narrowed or body.narrowed,
    )


def _through(base: Typed, type_: Type) -> Type:
    return type_.with_optional(type_.optional or base.type.optional)


def _inherit(typed: Typed, base: Typed) -> Typed:
    return replace(typed, fails=base.fails, queries=base.queries, frames=base.frames, narrowed=base.narrowed)
