"""What the tests of hostile plans share with those of the stacks: the packages of express-react."""

from tests.stacks.conftest import express_modules, task_tracker

__all__ = ["express_modules", "task_tracker"]
