"""Addresses that rooms answer themselves, which the routes of a plan may not have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from generator.problems import Location, ProblemList

if TYPE_CHECKING:
    from generator.blueprints import Room
    from generator.model.elements.operations import Operation
    from generator.plan import Project


def refuse_taken_addresses(
    project: Project, operations: Iterable[Operation], rooms: Iterable[Room], problems: ProblemList
) -> None:
    """Note in `problems` each route that a room would answer in place of its operation.

    Args:
        project: the features as loaded, for the places.
        operations: those of the plan.
        rooms: those that are on.
        problems: where to note them.
    """
    taken = [(address, room) for room in rooms for address in room.addresses]
    for operation in operations if taken else ():
        route = operation.route
        room = route and next(
            (room for address, room in taken if _covers(address, route.method, route.path)), None
        )
        if route and room:
            problems.error(
                _place(project, operation),
                f"`{route.method.upper()} {route.path}` is an address that the room {room.id} answers itself",
                f"Choose another path, or leave the room {room.id} out",
            )


def _covers(address: str, method: str, path: str) -> bool:
    """Whether a route is at an address: `GET /` is one route, `/app` is all of them there and below."""
    if " " in address:
        return address == f"{method.upper()} {path}"
    return path == address or path.startswith(f"{address}/")


def _place(project: Project, operation: Operation) -> Location:
    """Where the route of an operation is written: its own, or the path of its resource."""
    for feature in project.features:
        service = (feature.plan.services or {}).get(operation.service)
        declared = service.operations.get(operation.name) if service else None
        if declared is not None and declared.http is not None and declared.http.route is not None:
            return feature.locate(
                "services", operation.service, "operations", operation.name, "http", "route", value=True
            )
    feature = next(
        feature for feature in project.features if operation.entity in (feature.plan.entities or {})
    )
    return feature.locate("entities", operation.entity or "", "resource", "path", value=True)
