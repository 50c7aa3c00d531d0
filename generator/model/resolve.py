"""From what people write to what it means: one pass over the plan, every problem reported together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.copies import replace
from generator.expressions.types import Shape as ShapeType
from generator.model.catalogue import declare_errors, resolve_config
from generator.model.combining import Combined, combine
from generator.model.criteria import resolve_criteria
from generator.model.elements.entities import Entity
from generator.model.elements.history import Migration
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation, RoomBody
from generator.model.emitted import refuse_taken_names
from generator.model.entities import lay_out, resolve_entities
from generator.model.fixtures import resolve_fixtures
from generator.model.history import check_history, resolve_history
from generator.model.identity import declare_identity
from generator.model.inferred import resource_operations
from generator.model.operations import complete_operations, resolve_services
from generator.model.renames import check_renames, former_names
from generator.model.resources import resolve_resource
from generator.model.signatures import declare_operations
from generator.model.transition_steps import check_transition_steps
from generator.model.unsupported_fastapi import refuse_on_fastapi
from generator.model.views import cursor_page_type, declare_shapes, resolve_shapes, resolve_views, shape_type
from generator.model.work import check_tasks, resolve_budgets, resolve_phases, resolve_tasks
from generator.model.world import World
from generator.plan.loading import Project
from generator.plan.schema import Conventions
from generator.problems import ProblemList


def resolve(
    project: Project,
    rooms: Iterable[str] = (),
    sealed: tuple[Migration, ...] = (),
    *,
    optional: Iterable[str] = (),
    to_check: bool = False,
) -> Model:
    """Resolve a project: names, types, relations, operations, migrations, tasks.

    Args:
        project: the features of a folder, as loaded.
        rooms: the rooms that the blueprints of the stack have, which tasks may name.
        sealed: the migrations that are recorded as sealed, in order.
        optional: those of the rooms that are off unless the plan switches them on.
        to_check: only to know the problems; without sealed migrations the model has none then.

    Returns:
        The model, in the plan's order.

    Raises:
        PlanProblems: something is wrong; all problems that could be found are in it.
    """
    model, problems = resolve_with_problems(project, rooms, sealed, optional=optional, to_check=to_check)
    problems.raise_if_errors()
    assert model is not None
    return model


def resolve_with_problems(
    project: Project,
    rooms: Iterable[str] = (),
    sealed: tuple[Migration, ...] = (),
    *,
    optional: Iterable[str] = (),
    to_check: bool = False,
    bodies: Mapping[str, RoomBody] | None = None,
) -> tuple[Model | None, ProblemList]:
    """As :func:`resolve`, but problems and warnings are returned.

    Args:
        project: the features of a folder, as loaded.
        rooms: the rooms that the blueprints of the stack have, which tasks may name.
        sealed: the migrations that are recorded as sealed, in order.
        optional: those of the rooms that are off unless the plan switches them on.
        to_check: only to know the problems; without sealed migrations the model has none then.
        bodies: what rooms have for slots that fall back to them.

    Returns:
        The model (None when there are errors) and what was noted.
    """
    problems = ProblemList()
    problems.extend(project.warnings)
    combined = combine(project, problems)
    if combined is None:
        return None, problems
    refuse_on_fastapi(combined, problems)
    check_renames(combined, problems)
    if problems.errors:
        return None, problems
    model = _resolve(
        combined,
        problems,
        rooms,
        sealed,
        bodies or {},
        optional=optional,
        to_check=to_check and not sealed,
    )
    return (None if problems.errors else model), problems


def _rooms_without(combined: Combined, optional: Iterable[str]) -> tuple[str, ...]:
    """The rooms that the plan leaves out, or does not switch on."""
    said = [feature.plan.rooms for feature in combined.project.features if feature.plan.rooms]
    on = {room for rooms in said for room in rooms.with_}
    left = [room for rooms in said for room in rooms.without]
    return tuple(dict.fromkeys([*left, *(room for room in optional if room not in on)]))


def _resolve(
    combined: Combined,
    problems: ProblemList,
    rooms: Iterable[str],
    sealed: tuple[Migration, ...],
    bodies: Mapping[str, RoomBody],
    *,
    optional: Iterable[str],
    to_check: bool,
) -> Model | None:
    plan = combined.head.plan
    conventions = plan.conventions or Conventions()
    world = World(combined, problems, conventions.json, conventions.columns, conventions.ids)
    world.bodies = bodies
    world.errors = declare_errors(world, combined)
    config = resolve_config(world, combined)
    declare_identity(world, combined)
    lay_out(world)
    declare_shapes(world)
    if problems.errors:
        return None
    entities = resolve_entities(world)
    views = resolve_views(world, entities)
    shapes = resolve_shapes(world)
    for view in views.values():
        shape = shape_type(world, view)
        page = cursor_page_type(view.name)
        world.shapes[f"view {view.name}"] = ShapeType(f"view {view.name}", shape.members)
        world.shapes[page.name] = page
    entities = {
        name: replace(entity, resource=resolve_resource(world, entity, views))
        for name, entity in entities.items()
    }
    operations = _inferred(world, entities)
    for operation in declare_operations(world, views, shapes, operations):
        operations[operation.id] = operation
    _refuse_repeated_routes(world, operations)
    refuse_taken_names(world, entities, views, shapes, operations)
    if problems.errors:
        return None
    entities = check_transition_steps(world, entities, operations)
    operations = complete_operations(world, operations, entities, views)
    fixtures = resolve_fixtures(world, entities, operations)
    criteria = resolve_criteria(world, fixtures, entities, operations)
    _warn_of_unused_errors(world, operations, entities)
    if problems.errors:
        return None
    if to_check:
        check_history(world, entities.values())
    coverage = next(
        (f.plan.quality.coverage for f in combined.project.features if f.plan.quality is not None), None
    )
    model = Model(
        project=plan.project or "",
        title=plan.title or plan.project or "",
        stack=plan.stack or "",
        conventions={
            "columns": conventions.columns,
            "json": str(conventions.json),
            "ids": conventions.ids,
            "errors": conventions.errors,
        },
        rooms_without=_rooms_without(combined, optional),
        config=config,
        errors=tuple(world.errors.values()),
        entities=tuple(entities.values()),
        shapes=tuple(shapes.values()),
        views=tuple(views.values()),
        services=resolve_services(world, operations),
        operations=tuple(operations.values()),
        fixtures=fixtures,
        criteria=criteria,
        events=dict(world.events),
        migrations=() if to_check else resolve_history(world, tuple(entities.values()), sealed),
        budgets=resolve_budgets(world, operations),
        coverage_lines=coverage.lines if coverage else 90,
        coverage_branches=coverage.branches if coverage else 85,
        phases=resolve_phases(world),
        tasks=resolve_tasks(world),
        features=tuple(feature.name or "" for feature in combined.project.features),
        identity=world.identity,
        former=former_names(combined),
    )
    check_tasks(model, problems, rooms)
    # Scopes point back to it, and garbage is not looked for: nothing would ever be freed.
    vars(world).clear()
    return model


def _inferred(world: World, entities: dict[str, Entity]) -> dict[str, Operation]:
    operations: dict[str, Operation] = {}
    for entity in entities.values():
        for operation in resource_operations(world, entity):
            if operation.id in operations:
                place = world.combined["entities"][entity.name]
                world.problems.error(
                    place.at("states"), f"{operation.id} exists already", "give the transition another name"
                )
            operations[operation.id] = operation
    return operations


def _refuse_repeated_routes(world: World, operations: dict[str, Operation]) -> None:
    taken: dict[tuple[str, str], str] = {}
    for operation in operations.values():
        if operation.route is None:
            continue
        parts = ["{}" if part.startswith("{") else part for part in operation.route.path.split("/")]
        key = (operation.route.method, "/".join(parts))
        if key in taken:
            place = _place(world, operation)
            world.problems.error(
                place,
                f"{operation.id} has the route of {taken[key]}: {key[0].upper()} {operation.route.path}",
                "change one",
            )
        taken[key] = operation.id


def _place(world: World, operation: Operation) -> Any:
    declared = world.combined.operations.get(operation.service, {}).get(operation.name)
    if declared is not None:
        return declared.at("http")
    return world.combined["entities"][operation.entity or ""].at("resource")


def _warn_of_unused_errors(
    world: World, operations: dict[str, Operation], entities: dict[str, Entity]
) -> None:
    raised = {code for operation in operations.values() for code in operation.errors}
    for code, place in world.combined["errors"].items():
        if code not in raised and code not in world.used_errors and not world.errors[code].builtin:
            world.problems.warning(place.at(), f"nothing raises {code}", "use it or remove it")
