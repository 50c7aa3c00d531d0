"""Rules over rows as generated tests are told of them, each with values that break it."""

from __future__ import annotations

from generator.languages.typescript.testing.entities import Entries, TestedEntity, texts
from generator.languages.typescript.testing.samples import integer_bounds, nth_value, settable
from generator.model.elements.entities import Entity, Exclusion
from generator.model.elements.members import Member
from generator.typescript_layout.nodes import Array, Atom, Object, text_literal


def rule_entries(tested: TestedEntity) -> Entries:
    """What tests are told of the rules over rows: uniqueness, checks and exclusions."""
    entity = tested.entity
    entries: Entries = []
    unique = []
    if entity.key != ("id",):
        members = texts([member.json for member in entity.key_members])
        error = Atom(text_literal("CONFLICT"))
        unique.append(Object((("members", members), ("error", error), ("isKey", Atom("true")))))
    for rule in entity.uniques:
        holds = rule.where is None or tested.sampler.holds(entity, rule.where, tested.row("bare")) is True
        if holds and all(column in tested.json for column in rule.columns):
            members = texts([tested.json[column] for column in rule.columns])
            unique.append(Object((("members", members), ("error", Atom(text_literal(rule.error))))))
    unique += [each for item in entity.exclusions if (each := _overlapping(tested, item)) is not None]
    if unique:
        entries.append(("unique", Array(tuple(unique))))
    checks = []
    for index, check in enumerate(entity.checks):
        name = check.constraint.removeprefix(f"ck_{entity.table}_")
        facts: Entries = [("rule", Atom(text_literal(name))), ("error", Atom(text_literal(check.error)))]
        change = tested.sampler.breaking(entity, index)
        if change:
            facts.append(("values", tested.json_values(change)))
        checks.append(Object(tuple(facts)))
    if checks:
        entries.append(("checks", Array(tuple(checks))))
    if entity.exclusions:
        # A range that ends before it starts is no range.
        codes = dict.fromkeys(["VALIDATION_FAILED", *(item.error for item in entity.exclusions)])
        entries.append(("exclusions", texts(codes)))
    return entries


def _overlapping(tested: TestedEntity, rule: Exclusion) -> Object | None:
    """A rule that two rows with the same values break; None where no test knows such values."""
    start, end = (tested.entity.member(column) for column in rule.overlap)
    if not {start.column, end.column} <= {member.column for member in settable(tested.entity)}:
        return None
    values = {start.column: nth_value(start, 1), end.column: nth_value(end, 2)}
    row = tested.row("bare") | values
    allowed = tested.sampler.fits(tested.entity, row)
    excluded = rule.where is None or tested.sampler.holds(tested.entity, rule.where, row) is True
    if not (allowed and excluded and all(column in tested.json for column in rule.columns)):
        return None
    members = texts([tested.json[column] for column in rule.columns])
    error = Atom(text_literal(rule.error))
    return Object((("members", members), ("error", error), ("values", tested.json_values(values))))


def capacity(entity: Entity) -> int | None:
    """How many rows there can be, where uniqueness over members with few values limits it."""
    limits = []
    for rule in entity.uniques:
        sizes = [_size(entity.member(column)) for column in rule.columns if _is_known(entity, column)]
        if sizes and len(sizes) == len(rule.columns) and None not in sizes and rule.where is None:
            limits.append(min(size or 1 for size in sizes))
    return min(limits, default=None)


def _is_known(entity: Entity, column: str) -> bool:
    return any(member.column == column and member.required for member in entity.members)


def _size(member: Member) -> int | None:
    if member.kind == "enum":
        return len(member.type.members)
    if member.kind == "bool":
        return 2
    if member.kind == "int":
        least, most = integer_bounds(member)
        return most - max(least, min(1, most)) + 1 if most - least < 100 else None
    return None
