"""Types, names and narrowing: from the tree of `syntax.parse` to a `Typed` tree, or everything wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from generator.expressions import bounds, syntax
from generator.expressions.arithmetic import opposite, operation
from generator.expressions.functions import call
from generator.expressions.kinds import NUMBERS, ORDERED, as_type, common, fit, literal, words
from generator.expressions.money import same_currency
from generator.expressions.names import fact_of, is_bare, is_known, resolve, unknown
from generator.expressions.reach import Findings, Reach, row_of
from generator.expressions.syntax import Node, parse
from generator.expressions.typed import (
    TOP, Choice, Comparison, Connect, Constant, Fact, Facts, Field, Gather, Inverse, Membership, Policy, Presence,
    Typed, is_literal, parts,
)  # fmt: skip
from generator.expressions.types import (
    BOOL, ExpressionProblem, ExpressionProblems, Scope, Type,
)  # fmt: skip
from generator.problems import did_you_mean


def check(
    expression: Node | str, scope: Scope, expected: Type | None = None, facts: Facts = frozenset()
) -> Typed:
    """Check an expression and resolve every name in it.

    Args: expression, source text or its parsed tree; scope, the names in reach; expected, the type of the
    place (BOOL for conditions), to which the result is converted; facts, paths already known to be set.
    Returns: the typed tree. Raises: ExpressionProblems with all problems, each with its offset.
    Rules: LANGUAGE.md section 10.
    """
    problems: list[ExpressionProblem] = []
    findings = Findings(problems)
    row = row_of(scope.row, TOP, 0) if scope.row else None
    this = row_of(scope.this or scope.row or "", TOP, 0) if scope.this or scope.row else None
    reach = Reach(scope, findings, _expand, row, this)
    try:
        node = parse(expression) if isinstance(expression, str) else expression
    except ExpressionProblem as problem:
        raise ExpressionProblems((problem,)) from None
    typed = visit(node, reach, expected, facts)
    if expected is not None and not problems:
        typed = fit(typed, expected, findings)
    _refuse_fragile_literals(typed, findings)
    if problems:
        raise ExpressionProblems(tuple(sorted(problems, key=lambda problem: problem.offset)))
    return typed


def facts_of(typed: Typed, truth: bool = True) -> Facts:
    """The paths that are certainly set once a condition is known to be true (or, with False, false)."""
    if isinstance(typed, Policy):
        return facts_of(typed.body, truth)
    if isinstance(typed, Inverse):
        return facts_of(typed.operand, not truth)
    if isinstance(typed, Presence):
        fact = fact_of(typed.operand)
        return _prefixes(fact) if fact is not None and truth != typed.negated else frozenset()
    if isinstance(typed, Connect):
        facts = [facts_of(operand, truth) for operand in typed.operands]
        all_hold = (typed.operator == "and") == truth
        return frozenset.union(*facts) if all_hold else frozenset.intersection(*facts)
    return frozenset()


def _refuse_fragile_literals(typed: Typed, findings: Findings) -> None:
    """A database computes literals while it plans, so one that fails would fail where a condition guards it."""
    if not typed.fails:
        return
    if is_literal(typed):
        findings.report(typed.offset, "this is made of literals alone and can fail", "write its result")
        return
    for part in parts(typed):
        _refuse_fragile_literals(part, findings)


def _prefixes(fact: Fact) -> Facts:
    return frozenset(fact[:end] for end in range(1, len(fact) + 1))


def _expand(text: str, reach: Reach, facts: Facts) -> Typed:
    try:
        node = parse(text)
    except ExpressionProblem as problem:
        reach.findings.report(problem.offset, problem.message, problem.hint)
        return unknown(0)
    return visit(node, reach, None, facts)


def inherited(*several: Typed | None) -> dict[str, Any]:
    """What a node takes over from its parts."""
    present = [part for part in several if part is not None]
    return {
        "fails": any(part.fails for part in present),
        "queries": any(part.queries for part in present),
        "frames": frozenset().union(*(part.frames for part in present)),
        "narrowed": any(part.narrowed for part in present),
    }


def visit(node: Node, reach: Reach, wanted: Type | None, facts: Facts) -> Typed:
    """Check one node; `wanted` is the type beside it or of its place, for enum members and literals."""
    match node:
        case syntax.Number():
            return _number(node, reach)
        case syntax.Duration():
            return _duration(node, reach)
        case syntax.Text():
            constant = Constant(type=Type("text"), offset=node.offset, value=node.value)
            return literal(constant, wanted, reach.findings) if wanted is not None else constant
        case syntax.Boolean():
            return Constant(type=BOOL, offset=node.offset, value=node.value)
        case syntax.Null():
            return Constant(type=Type("null", optional=True), offset=node.offset, value=None)
        case syntax.Path():
            return resolve(node, reach, wanted, facts)
        case syntax.Call():
            return call(node, reach, wanted, facts, visit)
        case syntax.Aggregate():
            return _gather(node, reach, facts)
        case syntax.ListOf():
            reach.findings.report(node.offset, "a list stands only after `in`")
            return unknown(node.offset)
        case syntax.Not():
            operand = condition(node.operand, reach, facts)
            return Inverse(type=BOOL, offset=node.offset, operand=operand, **inherited(operand))
        case syntax.Logical():
            return _connect(node, reach, facts)
        case syntax.Compare():
            return _compare(node, reach, facts)
        case syntax.In():
            return _membership(node, reach, facts)
        case syntax.IsSet():
            return _presence(node, reach, facts)
        case syntax.Arithmetic():
            left, right = (visit(side, reach, None, facts) for side in (node.left, node.right))
            return operation(node, left, right, reach.findings, in_round=False)
        case syntax.Negate():
            return opposite(node, visit(node.operand, reach, wanted, facts), reach.findings)
        case syntax.If():
            return _choice(node, reach, wanted, facts)
    raise AssertionError(node)


def condition(node: Node, reach: Reach, facts: Facts) -> Typed:
    """Check a node that has to be true or false, never unset."""
    typed = visit(node, reach, None, facts)
    if typed.type.kind not in ("bool", "any"):
        reach.findings.report(node.offset, f"a condition is expected, this is {words(typed.type)}")
    elif typed.type.optional and typed.type.kind == "bool":
        reach.findings.report(node.offset, "this condition may be unset", "compare it: x = true, or coalesce(x, false)")
    return typed


def _number(node: syntax.Number, reach: Reach) -> Typed:
    if "." in node.text:
        whole, _, fraction = node.text.partition(".")
        text = f"{whole.lstrip('0') or '0'}.{fraction}"
        type_ = Type("decimal", precision=len(text) - 1, scale=len(fraction))
        return Constant(type=type_, offset=node.offset, value=text)
    value = int(node.text)
    if value > bounds.MAX_INT:
        reach.findings.report(node.offset, f"{value} is too large, whole numbers end at {bounds.MAX_INT}")
        return unknown(node.offset)
    return Constant(type=Type("int"), offset=node.offset, value=value, low=value, high=value)


def _duration(node: syntax.Duration, reach: Reach) -> Typed:
    value = node.milliseconds
    if value > bounds.MAX_INTERVAL:
        reach.findings.report(node.offset, "an interval is at most 1,000 years long")
        return unknown(node.offset)
    return Constant(type=Type("interval"), offset=node.offset, value=value, low=value, high=value)


def _connect(node: syntax.Logical, reach: Reach, facts: Facts) -> Typed:
    operands: list[Typed] = []
    for operand in node.operands:
        operands.append(condition(operand, reach, facts))
        facts = facts | facts_of(operands[-1], node.operator == "and")
    return Connect(
        type=BOOL, offset=node.offset, operator=node.operator, operands=tuple(operands), **inherited(*operands)
    )


def _pair(left: Node, right: Node, reach: Reach, facts: Facts) -> tuple[Typed, Typed]:
    """Both sides, the one with a type of its own first: enum members and literals take their type from it."""
    needs_type = isinstance(left, syntax.Text) or (
        is_bare(left) and isinstance(left, syntax.Path) and not is_known(left, reach)
    )
    if needs_type and not isinstance(right, syntax.Text):
        second = visit(right, reach, None, facts)
        return visit(left, reach, second.type, facts), second
    first = visit(left, reach, None, facts)
    return first, visit(right, reach, first.type, facts)


def _compare(node: syntax.Compare, reach: Reach, facts: Facts) -> Typed:
    left, right = _pair(node.left, node.right, reach, facts)
    kinds = {left.type.kind, right.type.kind}
    report = reach.findings.report
    if "any" in kinds:
        return unknown(node.offset)
    if "null" in kinds:
        report(node.at, "nothing is compared with null", "write `is set` or `is not set`")
        return unknown(node.offset)
    both = common(left.type, right.type)
    if both is None or both.kind in ("list", "page", "shape", "json"):
        report(node.at, f"{words(left.type)} and {words(right.type)} cannot be compared")
        return unknown(node.offset)
    if kinds == {"enum"} and not set(left.type.members) & set(right.type.members):
        report(node.at, "these two enums have no value in common")
    if node.operator not in ("=", "!="):
        if both.kind not in ORDERED:
            report(node.at, f"{words(both)} has no order", "only = and != compare it")
        for side, source in ((left, node.left), (right, node.right)):
            settled(side, source, node.operator, reach)
    elif both.kind == "row":
        left, right = _key_of(left, reach), _key_of(right, reach)
    fails = both.kind == "money" and node.operator not in ("=", "!=") and not same_currency(left, right)
    made = inherited(left, right)
    made["fails"] = made["fails"] or fails
    return Comparison(type=BOOL, offset=node.offset, operator=node.operator, left=left, right=right, **made)


def settled(typed: Typed, source: Node, what: str, reach: Reach) -> None:
    """Report an operand that may be unset."""
    if typed.type.optional and typed.type.kind not in ("any",):
        name = f"`{source.dotted}`" if isinstance(source, syntax.Path) else "an operand"
        reach.findings.report(
            source.offset, f"{name} may be unset, and {what} needs a value",
            "narrow it first: `x is set and ...`, `x is not set or ...`, or coalesce(x, y)",
        )  # fmt: skip


def _key_of(row: Typed, reach: Reach) -> Typed:
    entity = reach.scope.entities[row.type.entity or ""]
    if len(entity.key) != 1:
        reach.findings.report(row.offset, f"rows of {entity.name} have a key of several columns", "compare its parts")
        return unknown(row.offset)
    if isinstance(row, Field) and row.follows:
        return row.foreign_key()
    member = next(member for member in entity.members.values() if member.column == entity.key[0])
    type_ = member.type.with_optional(row.type.optional)
    return Field(type=type_, offset=row.offset, base=row, member=member, **inherited(row))


def _membership(node: syntax.In, reach: Reach, facts: Facts) -> Typed:
    value = visit(node.left, reach, None, facts)
    if value.type.kind == "any":
        return unknown(node.offset)
    if isinstance(node.right, syntax.ListOf):
        items = tuple(visit(item, reach, value.type, facts) for item in node.right.items)
        for item in items:
            both = common(value.type, item.type)
            if item.type.kind == "null" or both is None or both.kind in ("list", "page", "shape", "json"):
                reach.findings.report(item.offset, f"{words(item.type)} cannot be in a list of {words(value.type)}")
        if value.type.kind == "row":
            value, items = _key_of(value, reach), tuple(_key_of(item, reach) for item in items)
        if any(item.fails for item in items) or value.type.kind == "money":
            return _one_of(node, value, items)
        return Membership(
            type=BOOL, offset=node.offset, negated=node.negated, value=value, items=items, **inherited(value, *items)
        )
    collection = visit(node.right, reach, None, facts)
    if collection.type.kind == "any":
        return unknown(node.offset)
    if collection.type.kind != "list" or collection.type.of is None:
        reach.findings.report(node.right.offset, f"`in` needs a list, this is {words(collection.type)}")
        return unknown(node.offset)
    settled(collection, node.right, "in", reach)
    if common(value.type, collection.type.of) is None:
        reach.findings.report(node.right.offset, f"{words(value.type)} cannot be in a list of {words(collection.type.of)}")
    if value.type.kind == "row":
        value = _key_of(value, reach)
    return Membership(
        type=BOOL, offset=node.offset, negated=node.negated, value=value, collection=collection,
        **inherited(value, collection),
    )  # fmt: skip


def _one_of(node: syntax.In, value: Typed, items: tuple[Typed, ...]) -> Typed:
    """Items that can fail are looked at in order and only as far as needed, like the sides of `or`."""
    tests = tuple(
        Comparison(type=BOOL, offset=item.offset, operator="=", left=value, right=item, **inherited(value, item))
        for item in items
    )
    found: Typed = Connect(type=BOOL, offset=node.offset, operator="or", operands=tests, **inherited(*tests))
    return Inverse(type=BOOL, offset=node.offset, operand=found, **inherited(found)) if node.negated else found


def _presence(node: syntax.IsSet, reach: Reach, facts: Facts) -> Typed:
    operand = visit(node.operand, reach, None, facts)
    if operand.type.kind == "null":
        reach.findings.report(node.offset, "null is never set")
    return Presence(type=BOOL, offset=node.offset, negated=node.negated, operand=operand, **inherited(operand))


def _choice(node: syntax.If, reach: Reach, wanted: Type | None, facts: Facts) -> Typed:
    test = condition(node.condition, reach, facts)
    then = visit(node.then, reach, wanted, facts | facts_of(test, True))
    otherwise = visit(node.otherwise, reach, wanted or then.type, facts | facts_of(test, False))
    both = common(then.type, otherwise.type)
    if both is None or both.kind in ("list", "page", "shape", "json"):
        reach.findings.report(node.offset, f"one side is {words(then.type)}, the other {words(otherwise.type)}")
        return unknown(node.offset)
    spans = [(side.low, side.high) for side in (then, otherwise) if side.type.kind != "null"]
    low, high = bounds.union(*spans)
    return Choice(
        type=both, offset=node.offset, low=low, high=high, condition=test, then=as_type(then, both),
        otherwise=as_type(otherwise, both), **inherited(test, then, otherwise),
    )  # fmt: skip


def _gather(node: syntax.Aggregate, reach: Reach, facts: Facts) -> Typed:
    if not reach.allows("aggregates", node.offset, f"`{node.fold}`"):
        return unknown(node.offset)
    entity = reach.scope.entities.get(node.entity)
    if entity is None:
        hint = did_you_mean(node.entity, reach.scope.entities)
        reach.findings.report(node.entity_offset, f"there is no entity {node.entity}", hint)
        return unknown(node.offset)
    row = reach.next_row(node.entity, node.offset)
    inner = reach.over(row)
    test = condition(node.condition, inner, facts) if node.condition is not None else None
    value: Typed | None = None
    type_, low, high, fails = BOOL if node.fold == "exists" else Type("int"), None, None, False
    if node.fold == "count":
        low, high = 0, bounds.MAX_ROWS
    if node.member is not None:
        path = syntax.Path(node.member_offset, 1, (node.member,), (node.member_offset,))
        known = facts_of(test) if test is not None else frozenset()
        value = resolve(path, replace(inner, scope=replace(inner.scope, roots={})), None, facts | known)
        if value.type.kind == "any":
            return unknown(node.offset)
        allowed = NUMBERS | {"interval", "money"} if node.fold == "sum" else ORDERED
        if value.type.kind not in allowed:
            reach.findings.report(node.member_offset, f"{node.fold} does not take {words(value.type)}")
        if value.type.kind == "money" and value.type.currency is None:
            reach.findings.report(node.member_offset, f"{node.fold} of money needs one fixed currency: money(EUR)")
        type_ = value.type.with_optional(node.fold != "sum")
        low, high = (value.low, value.high) if node.fold != "sum" else (None, None)
        if node.fold == "sum":
            type_, low, high, fails = _sum_of(value)
    made = inherited(value, test)
    made |= {"fails": made["fails"] or fails, "queries": True, "frames": made["frames"] - {row.frame}}
    return Gather(
        type=type_, offset=node.offset, low=low, high=high, fold=node.fold, entity=entity, frame=row.frame,
        value=value, condition=test, **made,
    )  # fmt: skip


def _sum_of(value: Typed) -> tuple[Type, int | None, int | None, bool]:
    kind = value.type.kind
    if kind == "decimal":
        scale, precision = value.type.scale, value.type.precision
        # Ten digits more hold the sum of as many rows as there can be.
        return Type("decimal", precision=precision + 10 if precision else None, scale=scale), None, None, False
    low, high = -bounds.MAX_INT, bounds.MAX_INT
    small = kind == "int" and bounds.within((value.low, value.high), -(2**31), 2**31 - 1)
    return replace(value.type.required(), bits=53), low, high, not small
