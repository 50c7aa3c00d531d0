"""Types, names and narrowing: from the tree of `syntax.parse` to a `Typed` tree, or all that is wrong."""

from __future__ import annotations

from generator.expressions import bounds, nodes
from generator.expressions.aggregates import gather
from generator.expressions.arithmetic import operation, opposite
from generator.expressions.conditions import compare, condition, membership, presence
from generator.expressions.functions import call
from generator.expressions.kinds import as_type, common, fit, literal, words
from generator.expressions.names import resolve, unknown
from generator.expressions.narrowing import facts_of
from generator.expressions.nodes import Node
from generator.expressions.reach import Findings, Reach, row_of
from generator.expressions.relations import is_list_of_rows
from generator.expressions.syntax import parse
from generator.expressions.typed import (
    TOP,
    Choice,
    Connect,
    Constant,
    Facts,
    Inverse,
    Length,
    Membership,
    Typed,
    inherited,
    is_literal,
    parts,
)
from generator.expressions.types import (
    BOOL,
    ExpressionProblem,
    ExpressionProblems,
    Scope,
    Type,
)

__all__ = ["check", "facts_of"]


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
    if not problems:
        _refuse_fragile_literals(typed, findings)
        _refuse_lists_of_rows(typed, findings)
    if problems:
        raise ExpressionProblems(tuple(sorted(problems, key=lambda problem: problem.offset)))
    return typed


def _refuse_fragile_literals(typed: Typed, findings: Findings) -> None:
    """A database computes literals while it plans, so one that fails does so whatever guards it."""
    if not typed.fails:
        return
    if is_literal(typed):
        findings.report(typed.offset, "this is made of literals alone and can fail", "write its result")
        return
    for part in parts(typed):
        _refuse_fragile_literals(part, findings)


def _refuse_lists_of_rows(typed: Typed, findings: Findings) -> None:
    """The list of a relation is no value: what it holds is counted, looked for, or included in an answer."""
    if is_list_of_rows(typed):
        hint = "`.count` and `in` read it; an answer shows it by `include` of a schema"
        findings.report(typed.offset, "a list of related rows is no value", hint)
        return
    for part in parts(typed):
        if is_list_of_rows(part) and isinstance(typed, Length | Membership):
            continue
        _refuse_lists_of_rows(part, findings)


def _expand(text: str, reach: Reach, facts: Facts) -> Typed:
    try:
        node = parse(text)
    except ExpressionProblem as problem:
        reach.findings.report(problem.offset, problem.message, problem.hint)
        return unknown(0)
    return visit(node, reach, None, facts)


def visit(node: Node, reach: Reach, wanted: Type | None, facts: Facts) -> Typed:
    """Check one node; `wanted` is the type beside it or of its place, for enum members and literals."""
    match node:
        case nodes.Number():
            return _number(node, reach)
        case nodes.Duration():
            return _duration(node, reach)
        case nodes.Text():
            constant = Constant(type=Type("text"), offset=node.offset, value=node.value)
            return literal(constant, wanted, reach.findings) if wanted is not None else constant
        case nodes.Boolean():
            return Constant(type=BOOL, offset=node.offset, value=node.value)
        case nodes.Null():
            return Constant(type=Type("null", optional=True), offset=node.offset, value=None)
        case nodes.Path():
            return resolve(node, reach, wanted, facts)
        case nodes.Call():
            return call(node, reach, wanted, facts, visit)
        case nodes.Aggregate():
            return gather(node, reach, facts, visit)
        case nodes.ListOf():
            reach.findings.report(node.offset, "a list stands only after `in`")
            return unknown(node.offset)
        case nodes.Not():
            operand = condition(node.operand, reach, facts, visit)
            return Inverse(type=BOOL, offset=node.offset, operand=operand, **inherited(operand))
        case nodes.Logical():
            return _connect(node, reach, facts)
        case nodes.Compare():
            return compare(node, reach, facts, visit)
        case nodes.In():
            return membership(node, reach, facts, visit)
        case nodes.IsSet():
            return presence(node, reach, facts, visit)
        case nodes.Arithmetic():
            left, right = (visit(side, reach, None, facts) for side in (node.left, node.right))
            return operation(node, left, right, reach.findings, in_round=False)
        case nodes.Negate():
            return opposite(node, visit(node.operand, reach, wanted, facts), reach.findings)
        case nodes.If():
            return _choice(node, reach, wanted, facts)
    raise AssertionError(node)


def _number(node: nodes.Number, reach: Reach) -> Typed:
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


def _duration(node: nodes.Duration, reach: Reach) -> Typed:
    value = node.milliseconds
    if value > bounds.MAX_INTERVAL:
        reach.findings.report(node.offset, "an interval is at most 1,000 years long")
        return unknown(node.offset)
    return Constant(type=Type("interval"), offset=node.offset, value=value, low=value, high=value)


def _connect(node: nodes.Logical, reach: Reach, facts: Facts) -> Typed:
    operands: list[Typed] = []
    for operand in node.operands:
        operands.append(condition(operand, reach, facts, visit))
        facts = facts | facts_of(operands[-1], node.operator == "and")
    return Connect(
        type=BOOL,
        offset=node.offset,
        operator=node.operator,
        operands=tuple(operands),
        **inherited(*operands),
    )


def _choice(node: nodes.If, reach: Reach, wanted: Type | None, facts: Facts) -> Typed:
    test = condition(node.condition, reach, facts, visit)
    then = visit(node.then, reach, wanted, facts | facts_of(test, True))
    otherwise = visit(node.otherwise, reach, wanted or then.type, facts | facts_of(test, False))
    both = common(then.type, otherwise.type)
    if both is None or both.kind in ("list", "page", "shape", "json"):
        reach.findings.report(
            node.offset, f"one side is {words(then.type)}, the other {words(otherwise.type)}"
        )
        return unknown(node.offset)
    spans = [(side.low, side.high) for side in (then, otherwise) if side.type.kind != "null"]
    low, high = bounds.union(*spans)
    return Choice(
        type=both,
        offset=node.offset,
        low=low,
        high=high,
        condition=test,
        then=as_type(then, both),
        otherwise=as_type(otherwise, both),
        **inherited(test, then, otherwise),
    )
