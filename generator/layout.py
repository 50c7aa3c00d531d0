"""Documents that can be laid out on one line or on several, and the printer that chooses.

The algorithm is Wadler's as formatters of TypeScript use it: a group is printed on one line if all of it,
and what follows up to the next possible break, fits; else each of its own lines breaks.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

WIDTH = 100
INDENT = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A place to break; on one line it is a space, or nothing if `soft`; `hard` always breaks."""

    soft: bool = False
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Indent:
    """Contents one level further in."""

    contents: Doc


@dataclass(frozen=True, slots=True)
class Align:
    """Contents a number of columns further in."""

    columns: int
    contents: Doc


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Contents that stay on one line if they fit; `breaks` if they never may.

    `states` are layouts to try in order, each on as few lines as it allows; the last is the way out.
    """

    contents: Doc
    breaks: bool = False
    states: tuple[Doc, ...] = ()


@dataclass(frozen=True, slots=True)
class IfBreak:
    """One of two texts, by whether `group` (or else the group around) is broken."""

    broken: Doc
    flat: Doc = ""
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class IndentIfBreak:
    """Contents, further in if `group` is broken."""

    contents: Doc
    group: Group


Doc: TypeAlias = "str | tuple[Doc, ...] | Line | Indent | Align | Group | IfBreak | IndentIfBreak"
LINE = Line()
SOFT = Line(soft=True)
HARD = Line(hard=True)

_Mode = Literal["flat", "break"]
_Command = tuple[int, _Mode, "Doc"]


def columns(text: str) -> int:
    """How many columns a text takes, as biome counts: wide signs two, marks on other signs none."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(sign) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(sign) in "WF"
        else 1
        for sign in text
    )


def join(separator: Doc, docs: list[Doc]) -> Doc:
    """Documents with a separator between them."""
    joined: list[Doc] = []
    for doc in docs:
        if joined:
            joined.append(separator)
        joined.append(doc)
    return tuple(joined)


def has_hard_line(doc: Doc, known: dict[int, bool] | None = None) -> bool:
    """Whether a document breaks however wide the page is.

    Args: doc; known, what was found of its parts, by their identity: only while the document lives.
    """
    if isinstance(doc, str):
        return False
    known = {} if known is None else known
    answer = known.get(id(doc))
    if answer is None:
        answer = known[id(doc)] = _has_hard_line(doc, known)
    return answer


def _has_hard_line(doc: Doc, known: dict[int, bool]) -> bool:
    match doc:
        case Line():
            return doc.hard
        case tuple():
            return any(has_hard_line(part, known) for part in doc)
        case Indent() | Align() | IndentIfBreak():
            return has_hard_line(doc.contents, known)
        case Group():
            # A group with several layouts chooses for itself what breaks.
            return doc.breaks or (not doc.states and has_hard_line(doc.contents, known))
        case _:
            return False


def render(doc: Doc, *, width: int = WIDTH, column: int = 0) -> str:
    """Print a document.

    Args: doc; width of the page in characters; column, where its first line starts, which is also the
    indentation of the following ones. Returns: the text, without a final line feed.
    """
    out: list[str] = []
    position = column
    modes: dict[int, _Mode] = {}
    hard: dict[int, bool] = {}
    commands: list[_Command] = [(column, "break", doc)]
    measure = False  # after a hard line, what was to stay flat is on a new line and measured anew
    while commands:
        indent, mode, current = commands.pop()
        match current:
            case str():
                out.append(current)
                position += columns(current)
            case tuple():
                commands.extend((indent, mode, part) for part in reversed(current))
            case Indent():
                commands.append((indent + INDENT, mode, current.contents))
            case Align():
                commands.append((indent + current.columns, mode, current.contents))
            case IfBreak():
                decided = modes.get(id(current.group), "flat") if current.group is not None else mode
                commands.append((indent, mode, current.broken if decided == "break" else current.flat))
            case IndentIfBreak():
                broken = modes.get(id(current.group), "flat") == "break"
                commands.append((indent + INDENT * broken, mode, current.contents))
            case Group():
                whole = "break" if measure else mode
                chosen, contents = _choose(current, indent, whole, position, width, commands, modes, hard)
                measure = False
                modes[id(current)] = chosen
                commands.append((indent, chosen, contents))
            case Line():
                measure = measure or (mode == "flat" and current.hard)
                if mode == "flat" and not current.hard:
                    out.append("" if current.soft else " ")
                    position += 0 if current.soft else 1
                else:
                    out.append("\n" + " " * indent)
                    position = indent
    return "\n".join(line.rstrip() for line in "".join(out).split("\n"))


def _choose(
    group: Group,
    indent: int,
    mode: _Mode,
    position: int,
    width: int,
    rest: list[_Command],
    modes: dict[int, _Mode],
    hard: dict[int, bool],
) -> tuple[_Mode, Doc]:
    """The mode and contents in which a group is printed."""
    breaks = has_hard_line(group, hard)
    if mode == "flat" and not breaks:
        return "flat", group.states[0] if group.states else group.contents
    flat: _Command = (indent, "flat", group.contents)
    if not breaks and _fits(flat, rest, width - position, modes, hard):
        return "flat", group.contents
    if not group.states:
        return "break", group.contents
    if not breaks:
        for state in group.states[1:]:
            if _fits((indent, "flat", state), rest, width - position, modes, hard):
                return "flat", state
    return "break", group.states[-1]


def _fits(
    first: _Command, rest: list[_Command], width: int, modes: dict[int, _Mode], hard: dict[int, bool]
) -> bool:
    """Whether a command, and what follows up to the next possible break, fits into the rest of the line."""
    commands = [first]
    after = len(rest)
    while width >= 0:
        if not commands:
            if after == 0:
                return True
            after -= 1
            commands.append(rest[after])
            continue
        indent, mode, doc = commands.pop()
        match doc:
            case str():
                width -= columns(doc)
            case tuple():
                commands.extend((indent, mode, part) for part in reversed(doc))
            case Indent() | Align() | IndentIfBreak():
                commands.append((indent, mode, doc.contents))
            case Group():
                inner: _Mode = "break" if has_hard_line(doc, hard) else mode
                contents = doc.states[-1] if doc.states and inner == "break" else doc.contents
                commands.append((indent, inner, contents))
            case IfBreak():
                decided = modes.get(id(doc.group), "flat") if doc.group is not None else mode
                commands.append((indent, mode, doc.broken if decided == "break" else doc.flat))
            case Line():
                if mode == "break" or doc.hard:
                    return True
                width -= 0 if doc.soft else 1
    return False
