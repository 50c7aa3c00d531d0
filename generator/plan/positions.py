"""Where a part of a plan is in its file, by its path in the model."""

from __future__ import annotations

from functools import cached_property

from generator.plan.lines import LineProblem, read_line
from generator.plan.nodes import Mapping, Node, Scalar, Sequence
from generator.problems import Location


class Locator:
    """Finds places in one file: `locate("entities", "Task", "fields", "title")`."""

    def __init__(self, file: str, text: str, root: Mapping) -> None:
        self.file = file
        self.text = text
        self.root = root

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.splitlines()

    def __call__(self, *path: str | int, value: bool = False, offset: int | None = None) -> Location:
        """The place of the last key of a path, of its `value`, or of a character (`offset`) in its text.

        Names are those of the plan (`from`; `from_` is understood). What is not written falls back to the
        nearest parent that is; a 0 is passed over where one item stands without its list. Offsets count from
        0 in the text of an expression or a line as the model has it.
        """
        key: Node = self.root
        node: Node = self.root
        start = 0
        for step in path:
            if step == "default" and isinstance(node, Scalar):
                start = _start_of_default(node.text)
                break
            found = _inside(node, step)
            if found is None:
                break
            key, node = found
        if offset is None and start == 0:
            at = node if value else key
            return Location(self.file, at.line, at.column)
        return self._within(node, start + (offset or 0))

    def _within(self, node: Node, offset: int) -> Location:
        """The place of a character: visible ones are counted, as YAML folds and removes only blanks."""
        if not isinstance(node, Scalar):
            return Location(self.file, node.line, node.column)
        text = node.text[2:] if node.text.startswith("= ") else node.text
        skipped = len(node.text) - len(text.lstrip())
        visible = sum(not sign.isspace() for sign in node.text[: skipped + offset])
        lines = self._lines
        line, column = node.line - 1, node.column - 1
        if node.style in ("|", ">"):
            line, column = line + 1, 0
        elif node.style:
            column += 1
        seen = 0
        while line < len(lines):
            row = lines[line]
            while column < len(row):
                width = _width(row, column, node.style)
                if not _blank(row, column, node.style):
                    if seen == visible:
                        return Location(self.file, line + 1, column + 1)
                    seen += 1
                column += width
            if seen == visible and line + 1 >= node.end[0]:
                return Location(self.file, line + 1, min(column, len(row.rstrip())) + 1)
            line, column = line + 1, 0
        return Location(self.file, node.line, node.column)


def _blank(row: str, column: int, style: str) -> bool:
    """Whether what is written there stands for a blank."""
    escaped = style == '"' and row[column] == "\\" and row[column + 1 : column + 2] in ("", *"tnr _NLP")
    return escaped or row[column].isspace()


def _width(row: str, column: int, style: str) -> int:
    """How many characters of a row one character of the text takes."""
    if style == "'" and row.startswith("''", column):
        return 2
    if style == '"' and row[column] == "\\":
        return {"x": 4, "u": 6, "U": 10}.get(row[column + 1 : column + 2], 2)
    return 1


def _inside(node: Node, step: str | int) -> tuple[Node, Node] | None:
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


def _start_of_default(text: str) -> int:
    try:
        line = read_line(text)
    except LineProblem:
        return 0
    return line.default_offset if line.default is not None else 0
