"""YAML text to nodes with positions. Scalars keep their text: nothing is guessed to be a number or a date."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from generator.plan.sources import hidden_character
from generator.problems import Location, ProblemList

CParser: Any
try:
    CParser = importlib.import_module("_ruamel_yaml").CParser
except ImportError:  # no wheel for this platform: the parser in Python gives the same events, slower
    CParser = None

DEEPEST = 60
"""Levels of nesting; the deepest plan written so far has 14."""
MOST_ERRORS = 200
"""Problems of form after which the rest of a file is not read."""


# No text of a plan starts a line with it: keys do not, and what is below them is indented.
_DIRECTIVE = re.compile(r"^%.*", re.MULTILINE)


class Node:
    """A part of the text: `line` and `column` of its start and `end` (line, column), all counted from 1."""

    __slots__ = ("column", "end", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column
        self.end = (line, column)


class Scalar(Node):
    """Text; `style` is "" for plain, else the quote or block sign."""

    __slots__ = ("style", "text")

    def __init__(self, line: int, column: int, text: str, style: str) -> None:
        # As `Node` does; a plan has tens of thousands of these.
        self.line = line
        self.column = column
        self.end = (line, column)
        self.text = text
        self.style = style

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return not self.text and not self.style


class Sequence(Node):
    """A list."""

    __slots__ = ("flow", "items")

    def __init__(self, line: int, column: int, flow: bool) -> None:
        super().__init__(line, column)
        self.flow = flow
        self.items: list[Node] = []


class Mapping(Node):
    """Keys and values; `keys` holds the key nodes, `values` the value nodes, both by the text of the key."""

    __slots__ = ("flow", "keys", "values")

    def __init__(self, line: int, column: int, flow: bool) -> None:
        super().__init__(line, column)
        self.flow = flow
        self.keys: dict[str, Scalar] = {}
        self.values: dict[str, Node] = {}

    def entries(self) -> Iterator[tuple[Scalar, Node]]:
        """Key and value nodes in the order of the text."""
        return zip(self.keys.values(), self.values.values(), strict=True)


def compose(text: str, file: str, problems: ProblemList) -> Mapping | None:
    """The root mapping of a YAML text; None, with problems, when it cannot be read as one.

    Refused at their place: anchors, aliases, tags, merge keys, duplicate keys, keys that are not text, a
    second document. Time and memory are linear in the text: aliases are never followed.
    """
    if directive := _DIRECTIVE.search(text):
        line = text.count("\n", 0, directive.start()) + 1
        problems.error(Location(file, line, 1), "a YAML directive", "Remove the lines that start with %")
        return None
    if CParser is not None:
        quick = ProblemList()
        try:
            root = _Composer(file, quick).compose(CParser(text))
        except YAMLError:
            root = None
        if root is not None:
            return root
    # With a problem, or without the quick parser: this one is the reference, and has the better messages.
    parser = YAML(typ="safe", pure=True)
    _, events = parser.get_constructor_parser(text)
    try:
        return _Composer(file, problems).compose(events)
    except MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        place = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1, 1)
        about = failure.problem or failure.context or "cannot be read"
        problems.error(place, f"not valid YAML: {about}", _advice(about))
    except YAMLError as failure:
        problems.error(Location(file, 1, 1), f"not valid YAML: {str(failure).splitlines()[0]}")
    return None


_ADVICE = {
    "could not find expected ':'": "A key ends with a colon and a blank",
    "expected <block end>": "Keys and items of one level stand in one column",
    "end of stream": "A quote is not closed",
    "expected ',' or": "A bracket is not closed, or a comma is missing",
    "unknown escape": "Write `\\\\` for a backslash, or use single quotes",
}


def _advice(about: str) -> str:
    if "mapping values are not allowed" in about:
        return "Quote a text that contains `: `, or end the key in the line above with a colon"
    if "cannot start any token" in about:
        return "Quote a text that starts with a sign of YAML"
    for part, advice in _ADVICE.items():
        if part in about:
            return advice
    return ""


class _Composer:
    """Events of either parser to nodes."""

    def __init__(self, file: str, problems: ProblemList) -> None:
        self.file = file
        self.problems = problems
        self.failed = False
        self.errors = 0

    def error(self, line: int, column: int, message: str, hint: str = "") -> None:
        self.failed = True
        self.errors += 1
        self.problems.error(Location(self.file, line, column), message, hint)

    def compose(self, parser: Any) -> Mapping | None:
        root: Node | None = None
        documents = 0
        open_nodes: list[Mapping | Sequence] = []
        waiting: list[Scalar | None] = []  # the key that waits for its value, by open node
        skipped = 0  # levels below the deepest allowed
        next_event = parser.get_event
        while True:
            event = next_event()
            if event is None or self.errors > MOST_ERRORS:
                break
            mark = event.start_mark
            line, column = mark.line + 1, mark.column + 1
            node: Node
            # Most events are texts within a map: they come first.
            if isinstance(event, ScalarEvent):
                node = self._scalar(event, line, column)
                if open_nodes and not skipped and documents == 1:
                    self._attach(open_nodes[-1], waiting, node)
                    continue
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                if skipped:
                    skipped -= 1
                else:
                    open_nodes.pop().end = (event.end_mark.line + 1, event.end_mark.column + 1)
                    waiting.pop()
                continue
            elif isinstance(event, DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self.error(line, column, "a second document", "One file holds one document")
                continue
            elif isinstance(event, DocumentEndEvent):
                continue
            elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                self._plain(event, line, column)
                if skipped or len(open_nodes) >= DEEPEST:
                    if not skipped:
                        self.error(line, column, f"nested deeper than {DEEPEST} levels")
                        return None  # what comes may be as deep as the file is long
                    skipped += 1
                    continue
                kind = Mapping if isinstance(event, MappingStartEvent) else Sequence
                node = kind(line, column, bool(event.flow_style))
            elif isinstance(event, AliasEvent):
                self.error(
                    line,
                    column,
                    f"the alias `*{event.anchor}`",
                    "Write the value out: each fact has one place",
                )
                node = Scalar(line, column, "", "")
            else:
                continue
            if skipped or documents > 1:
                if isinstance(node, (Mapping, Sequence)):
                    skipped += 1
                continue
            if open_nodes:
                self._attach(open_nodes[-1], waiting, node)
            else:
                root = node
            if isinstance(node, (Mapping, Sequence)):
                open_nodes.append(node)
                waiting.append(None)
        if root is None or (isinstance(root, Scalar) and root.empty):
            self.error(1, 1, "the file is empty", "Start with `specwright: 1`")
        elif not isinstance(root, Mapping):
            glued = isinstance(root, Scalar) and ":" in root.text
            hint = "A colon needs a blank behind it" if glued else "Start with `specwright: 1`"
            self.error(root.line, root.column, "expected keys and values", hint)
        return root if isinstance(root, Mapping) and not self.failed else None

    def _scalar(self, event: Any, line: int, column: int) -> Scalar:
        if event.anchor is not None or event.tag is not None:
            self._plain(event, line, column)
        text: str = event.value
        style: str = event.style or ""
        if style == '"' and (hidden := hidden_character(text)):
            self.error(line, column, f"the hidden character U+{ord(hidden):04X} in a text", "Remove it")
        node = Scalar(line, column, text, style)
        end = event.end_mark
        node.end = (end.line + 1, end.column + 1)
        return node

    def _plain(self, event: Any, line: int, column: int) -> None:
        if event.anchor is not None:
            self.error(line, column, f"the anchor `&{event.anchor}`", "Anchors are not part of the language")
        if event.tag is not None:
            self.error(line, column, f"the tag `{event.tag}`", "Tags are not part of the language")

    def _attach(self, parent: Mapping | Sequence, waiting: list[Scalar | None], node: Node) -> None:
        if isinstance(parent, Sequence):
            parent.items.append(node)
            return
        key = waiting[-1]
        if key is None:
            if not isinstance(node, Scalar):
                self.error(node.line, node.column, "a key that is not text")
                waiting[-1] = Scalar(node.line, node.column, f"\0{node.line}:{node.column}", "")
                return
            if node.text == "<<" and not node.style:
                self.error(node.line, node.column, "the merge key `<<`", "Write the keys out")
            waiting[-1] = node
            return
        waiting[-1] = None
        if isinstance(node, Scalar) and node.empty:
            # The parsers differ here; after the colon is where something should be.
            node.line, node.column = key.end[0], key.end[1] + 1
            node.end = (node.line, node.column)
        if key.text in parent.keys:
            first = parent.keys[key.text]
            message = f"`{key.text}` is here twice"
            self.error(key.line, key.column, message, f"It was first written in line {first.line}")
            return
        parent.keys[key.text] = key
        parent.values[key.text] = node
