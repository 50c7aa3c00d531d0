"""What people write: models of plan.yaml and tasks.yaml, and loading them with positions."""

from generator.plan.loading import Feature, PlanFile, Project, load_plan_file, load_project, read_features

__all__ = ["Feature", "PlanFile", "Project", "load_plan_file", "load_project", "read_features"]
