"""Where a part of a plan is in its file, by its path in the model."""

from __future__ import annotations

from generator.plan.nodes import Mapping, Node, Scalar, Sequence
from generator.problems import Location


class Locator:
    """Finds places in one file: `locate("entities", "Task", "fields", "title")`."""

    def __init__(self, file: str, root: Mapping) -> None:
        self._file = file
        self._root = root

    def __call__(self, *path: str | int, value: bool = False, offset: int | None = None) -> Location:
        """The place of the last key of a path, of its `value`, or of a character (`offset`) in the text of its value.

        Names are those of the plan (`from`, not `from_`). What is not written falls back to the nearest parent that is;
        an item number is passed over where one item stands without its list.
        """
        key: Node = self._root
        node: Node = self._root
        for step in path:
            found = self._step(node, step)
            if found is None:
                break
            key, node = found
        if offset is not None:
            return self._within(node, offset)
        at = node if value else key
        return Location(self._file, at.line, at.column)

    def _step(self, node: Node, step: str | int) -> tuple[Node, Node] | None:
        if isinstance(step, int):
            if isinstance(node, Mapping) and "together" in node.values:
                node = node.values["together"]
            if isinstance(node, Sequence):
                return (node.items[step], node.items[step]) if step < len(node.items) else None
            return (node, node) if step == 0 else None
        if not isinstance(node, Mapping):
            return None
        name = step if step in node.keys else step.rstrip("_")
        return (node.keys[name], node.values[name]) if name in node.keys else None

    def _within(self, node: Node, offset: int) -> Location:
        shift = offset + 1 if isinstance(node, Scalar) and node.style in ("'", '"') else offset
        return Location(self._file, node.line, node.column + shift)
