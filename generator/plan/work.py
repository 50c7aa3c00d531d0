"""What people write in tasks.yaml: phases and tasks."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from generator.plan.forms import Choice, Either, ListOf, Name, Part, Text
from generator.plan.values import VERSION, CriterionId, FeatureName, OperationId, RoomName

PhaseId = Annotated[str, Name("phase")]
TaskId = Annotated[str, Name("task")]


class Phase(Part):
    """Tasks that end with something to show."""

    article: ClassVar[str] = "a phase"

    id: Annotated[PhaseId, "Its name, which tasks and later phases refer to."]
    title: Annotated[str | None, "A name for people."] = None
    after: Annotated[tuple[PhaseId, ...], "Phases that come before."] = ()
    story: Annotated[str | None, "The story it belongs to."] = None
    priority: Annotated[Literal["P1", "P2", "P3"] | None, "How important it is."] = None
    mvp: Annotated[bool, "Whether it is part of the smallest useful product."] = False
    checkpoint: Annotated[tuple[CriterionId, ...], "Criteria that pass when it is done."] = ()


class Task(Part):
    """A piece of work: exactly one of `generate`, `fill` and `manual`."""

    article: ClassVar[str] = "a task"

    id: Annotated[TaskId, "Its name, such as T001."]
    title: Annotated[str | None, "A name for people."] = None
    phase: Annotated[PhaseId, "The phase it belongs to."]
    after: Annotated[tuple[TaskId, ...], "Tasks that come before."] = ()
    story: Annotated[str | None, "The story it belongs to."] = None
    done: Annotated[bool, "Whether it is done; the engine sets it."] = False
    generate: Annotated[RoomName | None, "The room whose files it makes."] = None
    subject: Annotated[
        Literal["all"] | tuple[str, ...] | None,
        Either(
            (Choice(("all",)), ListOf(Text(r"[A-Za-z][A-Za-z0-9.-]*", "Task", "a subject"), distinct=True))
        ),
        "What of: `all`, or entities, services, operations, criteria.",
    ] = None
    fill: Annotated[OperationId | None, "The slot it fills."] = None
    manual: Annotated[str | None, "Work for people."] = None


class Tasks(Part):
    """The file tasks.yaml."""

    article: ClassVar[str] = "tasks.yaml"
    tolerant: ClassVar[bool] = True

    specwright: Annotated[Literal["1"], VERSION, "The version of the language."]
    feature: Annotated[FeatureName | None, "The feature, as in the plan beside it."] = None
    phases: Annotated[tuple[Phase, ...], "Phases in order."]
    tasks: Annotated[tuple[Task, ...], "Tasks in order."]
