"""Names against reserved words and against each other, in the form in which they are emitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.plan.checking import Checker, Path
from generator.plan.names import RESERVED, folded, names_of
from generator.plan.reserved import SETTINGS, TABLES
from generator.plan.schema import Body, Entity, Field, Operation, Plan, Shape, Step

LONGEST_IN_DATABASE = 63
"""Bytes of a name that PostgreSQL keeps."""
ROOTS = ("this", "input", "actor", "scope", "member", "config", "policies", "result", "context")
"""Names that every operation has, in the language or in what is generated: nothing else is bound to them."""
RESOURCE_OPERATIONS = ("list", "get", "create", "update", "delete", "restore")


def check_names(checker: Checker, plan: Plan) -> None:
    """Note names of a plan that are reserved where they are emitted, or that two things would share.

    Columns and tables are checked against PostgreSQL; fields and members, which are attributes in Python,
    against Python; what becomes a variable or a function against TypeScript and Python; entities, schemas and
    types against the types of both. A name is checked for both stacks, so that a plan can move between them.
    """
    camel = plan.conventions is not None and plan.conventions.columns == "camelCase"
    for name, entity in plan.entities.items():
        path: Path = ("entities", name)
        check_type_name(checker, path, name)
        names = names_of(name)
        _variable(checker, path, names.camel)
        _variable(checker, path, names.plural_camel)
        check_table(checker, path, name, entity, camel)
        check_columns(checker, path, inferred_columns(entity), entity.fields, camel)
        if entity.states:
            _transitions(checker, (*path, "states", "transitions"), entity.states.transitions)
    for name, extension in plan.extend.items():
        check_columns(checker, ("extend", name), (), extension.fields, camel)
        _transitions(checker, ("extend", name, "transitions"), extension.transitions)
    for section in ("types", "schemas"):
        for name in getattr(plan, section):
            check_type_name(checker, (section, name), name)
    for name, schema in plan.schemas.items():
        _members(checker, ("schemas", name, "fields"), schema.fields or {})
        _members(checker, ("schemas", name, "add"), schema.add)
    for name in plan.config:
        if name in SETTINGS:
            message = f"`{name}` is a variable that every service has, or that its process needs"
            checker.error(("config", name), message, f"Call it `APP_{name}`, for example")
    for code, error in plan.errors.items():
        _members(checker, ("errors", code, "params"), error.params)
    for service_name, service in plan.services.items():
        _variable(checker, ("services", service_name), service_name)
        for name, operation in service.operations.items():
            path = ("services", service_name, "operations", name)
            if name in RESERVED["typescript attributes"]:
                checker.error(path, f"`{name}` is a reserved word of TypeScript", "Give it another name")
            elif name not in RESOURCE_OPERATIONS:
                _variable(checker, path, name)
            _check_operation(checker, path, operation)
    for path, steps in _step_lists(plan):
        for number, step in enumerate(steps):
            _check_step(checker, (*path, number), step)
    for name in plan.policies:
        _variable(checker, ("policies", name), names_of(name).camel)
    for name in plan.fixtures:
        check_binding(checker, ("fixtures", name), name)
    _check_shared(checker, plan)


def check_type_name(checker: Checker, path: Path, name: str) -> None:
    """A name of a type is no type of the languages themselves."""
    for language in ("typescript types", "python types"):
        if name in RESERVED[language]:
            called = {"typescript types": "TypeScript", "python types": "Python"}[language]
            checker.error(
                path, f"`{name}` is a type of {called} itself", f"Call it `{name}Entry`, for example"
            )
            return


def check_table(checker: Checker, path: Path, name: str, entity: Entity, camel: bool) -> None:
    """The table is no reserved word, and the names made from it fit."""
    table = entity.table or names_of(name).plural_snake
    at: Path = (*path, "table") if entity.table else path
    if table in RESERVED["postgresql"]:
        checker.error(
            at, f"the table `{table}` is a reserved word of PostgreSQL", "Give another with `table:`"
        )
    if table in TABLES:
        message = f"the table `{table}` is one that every service has"
        checker.error(at, message, "Give another with `table:`")
    made: list[tuple[Path, str]] = [(at, table)]
    for section, prefix in (("unique", "uq"), ("indexes", "idx"), ("checks", "ck"), ("exclusions", "ex")):
        made += [((*path, section, rule), f"{prefix}_{table}_{rule}") for rule in getattr(entity, section)]
    for field_name, field in entity.fields.items():
        if field.type.name == "ref":
            made.append(((*path, "fields", field_name), f"fk_{table}_{column_of(field_name, field)}"))
        if field.unique:
            made.append(((*path, "fields", field_name), f"uq_{table}_{field_name}"))
    for place, text in made:
        if len(text.encode()) > LONGEST_IN_DATABASE:
            message = (
                f"`{text}` in the database would have {len(text)} bytes; the limit is {LONGEST_IN_DATABASE}"
            )
            checker.error(place, message, "Shorten the name, or give a shorter `table:`")


def column_of(name: str, field: Field) -> str:
    """The column of a field as the plan writes it: `project_id` of a ref `project`."""
    return field.column or (f"{name}_id" if field.type.name == "ref" else name)


def inferred_columns(entity: Entity) -> Iterator[str]:
    """The columns that an entity has without writing them."""
    if entity.key is None:
        yield "id"
    if entity.timestamps != "none":
        yield "created_at"
    if entity.timestamps == "both":
        yield "updated_at"
    if entity.soft_delete:
        yield "deleted_at"
    if entity.lock == "optimistic":
        yield "version"


def check_columns(
    checker: Checker, path: Path, inferred: Iterable[str], fields: Mapping[str, Field], camel: bool
) -> None:
    """What the fields of an entity become is neither reserved nor emitted twice."""
    taken = {folded(column): f"the inferred column `{column}`" for column in inferred}
    for name, field in fields.items():
        at: Path = (*path, "fields", name)
        quoted = f"`{name}`"
        for emitted in _emitted(name, field):
            first = taken.setdefault(folded(emitted), quoted)
            if first is quoted or first == quoted or folded(first) == folded(name):
                continue
            about = f"`{name}` is" if emitted == name else f"`{name}` becomes `{emitted}`,"
            checker.error(at, f"{about} what {first} becomes too", "Rename one of the two")
        attribute = _attribute(checker, at, name)
        column = column_of(name, field)
        written = names_of(column).camel if camel else column
        if attribute and field.type.name != "many" and written in RESERVED["postgresql"]:
            hint = "Give another with `column:`, or rename the field"
            place: Path = (*at, "column") if field.column else at
            checker.error(place, f"the column `{column}` is a reserved word of PostgreSQL", hint)


def _emitted(name: str, field: Field) -> tuple[str, ...]:
    kind = field.type
    if kind.name == "many":
        return name, f"{names_of(kind.arguments[0]).snake}_ids"
    if kind.name == "money":
        return (name, f"{name}_minor") if kind.arguments else (name, f"{name}_minor", f"{name}_currency")
    column = column_of(name, field)
    return (name,) if column == name else (name, column)


def _check_operation(checker: Checker, path: Path, operation: Operation) -> None:
    for key in ("input", "output"):
        shape: Shape | None = getattr(operation, key)
        if shape and shape.fields:
            _members(checker, (*path, key), shape.fields)


def _step_lists(plan: Plan) -> Iterator[tuple[Path, tuple[Step, ...]]]:
    """Every list of steps of a plan, with its path."""
    for name, entity in plan.entities.items():
        for transition, change in (entity.states.transitions if entity.states else {}).items():
            yield ("entities", name, "states", "transitions", transition, "steps"), change.steps
    for name, extension in plan.extend.items():
        for transition, change in extension.transitions.items():
            yield ("extend", name, "transitions", transition, "steps"), change.steps
    for service_name, service in plan.services.items():
        for name, operation in service.operations.items():
            path: Path = ("services", service_name, "operations", name)
            yield (*path, "steps"), operation.steps or ()
            if operation.slot:
                if isinstance(operation.slot.fallback, Body):
                    yield (*path, "slot", "fallback", "steps"), operation.slot.fallback.steps or ()
                for variant, body in operation.slot.wrong.items():
                    yield (*path, "slot", "wrong", variant, "steps"), body.steps or ()


def _check_step(checker: Checker, path: Path, step: Step) -> None:
    if step.as_ is not None:
        check_binding(checker, (*path, "as"), step.as_)
    elif step.kind in ("load", "create") and step.each is None:
        check_binding(checker, path, names_of(step.subject).snake)
    if step.each is not None:
        check_binding(checker, (*path, "each"), step.each.name)


def check_binding(checker: Checker, path: Path, name: str) -> None:
    """A bound name is none of the language, and can be a variable."""
    if name in ROOTS:
        checker.error(path, f"`{name}` is bound already, to something else", "Give this another name")
    else:
        _variable(checker, path, names_of(name).camel)


def _transitions(checker: Checker, path: Path, names: Iterable[str]) -> None:
    """A transition is a member of an object beside others."""
    for name in names:
        if names_of(name).camel in RESERVED["typescript attributes"]:
            message = f"`{name}` is a reserved word of TypeScript"
            checker.error((*path, name), message, "Give it another name")


def _members(checker: Checker, path: Path, members: Mapping[str, Field]) -> None:
    for name in members:
        _attribute(checker, (*path, name), name)


def _attribute(checker: Checker, path: Path, name: str) -> bool:
    """Whether a name can be an attribute; if not, a problem is noted."""
    called = ""
    if name in RESERVED["python"]:
        called = "Python"
    elif names_of(name).camel in RESERVED["typescript attributes"]:
        called = "TypeScript"
    if called:
        checker.error(
            path, f"`{name}` is a reserved word of {called}", f"Call it `{name}_value`, for example"
        )
    return not called


def _variable(checker: Checker, path: Path, name: str) -> None:
    for language, called in (("typescript", "TypeScript"), ("python", "Python")):
        if (name if language == "typescript" else names_of(name).snake) in RESERVED[language]:
            checker.error(path, f"`{name}` is a reserved word of {called}", "Give it another name")
            return


def _check_shared(checker: Checker, plan: Plan) -> None:
    taken: dict[str, tuple[str, Path]] = {}
    for section in ("entities", "types", "schemas"):
        for name in getattr(plan, section):
            _take(checker, taken, name, (section, name), section == "entities")


def _take(checker: Checker, taken: dict[str, tuple[str, Path]], name: str, path: Path, counted: bool) -> None:
    names = names_of(name)
    forms = [name, names.plural_pascal] if counted else [name]
    for form in dict.fromkeys(folded(form) for form in forms):
        first, place = taken.setdefault(form, (name, path))
        if place != path and (place[0] != path[0] or folded(first) != folded(name)):
            line = checker.locate(*place).line
            message = f"`{name}` and `{first}` are one name in some case or number"
            if first == name:
                message = f"`{name}` stands under `{place[0]}` too"
            checker.error(path, message, f"The other is in line {line}; rename one")
            return
