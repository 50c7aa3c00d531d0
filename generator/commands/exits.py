"""The ways in which a command ends, other than with 0: its exit codes, and SIGTERM."""

from __future__ import annotations

PROBLEMS, PENDING, INTERRUPTED, TERMINATED = 1, 3, 130, 143


class Terminated(KeyboardInterrupt):
    """SIGTERM: like Ctrl-C, what is staged must not stay behind."""
