"""What people write: models of plan.yaml and tasks.yaml, and loading them with positions."""

from generator.plan.json_schema import plan_schema, tasks_schema
from generator.plan.loading import (
    Feature,
    PlanFile,
    Project,
    load_plan_file,
    load_project,
    load_text,
    read_features,
)
from generator.plan.ticking import tick_task
from generator.plan.writing import write_plan

__all__ = [
    "Feature",
    "PlanFile",
    "Project",
    "load_plan_file",
    "load_project",
    "load_text",
    "plan_schema",
    "read_features",
    "tasks_schema",
    "tick_task",
    "write_plan",
]
