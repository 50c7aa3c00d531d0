"""Checks of one plan that need no types: what excludes what, what needs what, renames, names."""

from __future__ import annotations

import re

from generator.plan.checking import Checker, Path
from generator.plan.entity_checks import check_entity, check_extension
from generator.plan.field_checks import check_config, check_members, check_named_type
from generator.plan.naming import check_names
from generator.plan.operation_checks import check_operation
from generator.plan.positions import Locator
from generator.plan.proof_checks import check_criterion, check_fixture
from generator.plan.schema import DeclaredError, Plan, Schema
from generator.problems import ProblemList, did_you_mean

BUILT_IN_ERRORS = {
    "VALIDATION_FAILED": 400,
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "CONFLICT": 409,
    "VERSION_CONFLICT": 409,
    "INVALID_TRANSITION": 409,
    "IN_USE": 409,
    "CURRENCY_MISMATCH": 409,
    "RATE_LIMITED": 429,
    "INTERNAL": 500,
    "NOT_IMPLEMENTED": 501,
}
"""Errors of every service, with their status (LANGUAGE section 8)."""


def check_plan(plan: Plan, locate: Locator, problems: ProblemList) -> None:
    """Note in `problems` what is wrong in a plan by itself."""
    checker = Checker(locate, problems)
    for name, entry in plan.config.items():
        check_config(checker, ("config", name), entry)
    for name, declared in plan.types.items():
        check_named_type(checker, ("types", name), declared)
    for name, entity in plan.entities.items():
        check_entity(checker, ("entities", name), entity)
    for name, extension in plan.extend.items():
        check_extension(checker, ("extend", name), extension)
    for code, error in plan.errors.items():
        _check_error(checker, ("errors", code), code, error)
    for name, schema in plan.schemas.items():
        _check_schema(checker, ("schemas", name), schema)
    for service_name, service in plan.services.items():
        path: Path = ("services", service_name, "operations")
        checker.renames(path, service.operations)
        for name, operation in service.operations.items():
            check_operation(checker, (*path, name), operation)
    for name, fixture in plan.fixtures.items():
        check_fixture(checker, ("fixtures", name), fixture)
    for name, criterion in plan.acceptance.items():
        check_criterion(checker, ("acceptance", name), criterion)
    if plan.quality:
        for number, goal in enumerate(plan.quality.performance):
            goal_path = ("quality", "performance", number)
            checker.one_of(goal_path, goal, "a performance goal", ("rate", "connections"))
    for section in ("config", "types", "entities", "policies", "errors", "schemas", "services"):
        checker.renames((section,), getattr(plan, section))
    check_names(checker, plan)


def _check_error(checker: Checker, path: Path, code: str, error: DeclaredError) -> None:
    if error.status is None and code not in BUILT_IN_ERRORS:
        checker.error(path, "an error needs `status`")
    for name in re.findall(r"\{([^{}]*)\}", error.text):
        if name not in error.params:
            hint = did_you_mean(name, error.params) or "Declare it under `params`"
            checker.error((*path, "text"), f"there is no parameter `{name}`", hint, value=True)
    check_members(checker, (*path, "params"), error.params)


def _check_schema(checker: Checker, path: Path, schema: Schema) -> None:
    checker.one_of(path, schema, "a schema", ("fields", "of"))
    checker.only_with(path, schema, ("pick", "omit", "include", "add"), schema.of is not None, "`of`")
    if schema.pick is not None and schema.omit is not None:
        checker.error((*path, "omit"), "`pick` and `omit` exclude each other")
    for key in ("pick", "omit"):
        if getattr(schema, key) is not None:
            checker.filled((*path, key), getattr(schema, key), "field")
    for relation, columns in schema.include.items():
        checker.filled((*path, "include", relation), columns, "column")
    check_members(checker, (*path, "fields"), schema.fields or {})
    check_members(checker, (*path, "add"), schema.add)
