"""What a render gives: files in memory. Not in render.py, so that reading them does not import copier."""

from __future__ import annotations

from dataclasses import dataclass


class RenderError(Exception):
    """A template failed: a defect of the blueprint or the answers, never of a plan that passed its checks."""


@dataclass(frozen=True)
class RenderedFile:
    """One file of a render and where it comes from.

    `path` is relative to the project, with `/`; `template` is relative to the folder of the stack; `element`
    is what the path was yielded for (`entity:Task`), "" for a file that exists once.
    """

    path: str
    content: bytes
    executable: bool
    room: str
    template: str
    element: str
