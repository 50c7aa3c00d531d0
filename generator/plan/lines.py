"""The texts of the language that are not expressions: types, lines, routes, rate limits, orderings."""

from __future__ import annotations

import re

from generator.frozen import dataclass
from generator.plan.values import TypeLine
from generator.problems import did_you_mean, nearest

ARGUMENTS: dict[str, tuple[int, int]] = {
    "varchar": (1, 1),
    "text": (0, 0),
    "integer": (0, 0),
    "smallint": (0, 0),
    "bigint": (0, 0),
    "decimal": (2, 2),
    "money": (0, 1),
    "boolean": (0, 0),
    "uuid": (0, 0),
    "timestamptz": (0, 0),
    "date": (0, 0),
    "time": (0, 0),
    "interval": (0, 0),
    "jsonb": (0, 0),
    "enum": (1, 1000),
    "array": (1, 1),
    "list": (1, 1),
    "page": (1, 1),
    "duration": (0, 0),
    "url": (0, 0),
}
"""Names of types, with the least and greatest number of arguments."""
_FOREIGN = {
    "int": "integer",
    "string": "varchar(200)` or `text",
    "char": "varchar(1)",
    "str": "text",
    "bool": "boolean",
    "datetime": "timestamptz",
    "timestamp": "timestamptz",
    "json": "jsonb",
    "number": "integer` or `decimal(10, 2)",
    "numeric": "decimal(10, 2)",
    "float": "decimal(10, 2)",
    "double": "decimal(10, 2)",
    "real": "decimal(10, 2)",
    "serial": "integer",
}
FLAGS = ("required", "unique", "cascade", "optional")

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CURRENCY = re.compile(r"[A-Z]{3}|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_ENTITY = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_MEMBER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")


class LineProblem(Exception):
    """Raised when a text cannot be read: where in it (from 0), what is wrong, what to do."""

    def __init__(self, offset: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.hint = hint


@dataclass(frozen=True)
class Line:
    """A short form read: the type, the flags, and the default with the offset at which it starts."""

    type: TypeLine
    flags: tuple[str, ...]
    default: str | None
    default_offset: int


def read_line(text: str) -> Line:
    """Read `type flags = default`; raises `LineProblem`. Rules: LANGUAGE section 1."""
    kind, position = _type(text, 0)
    flags: list[str] = []
    while position < len(text):
        if text[position] in " \n":
            position += 1
            continue
        if text[position] == "=":
            rest = text[position + 1 :]
            start = position + 1 + len(rest) - len(rest.lstrip())
            if not rest.strip():
                raise LineProblem(
                    position, "nothing after `=`", "` #` starts a comment: quote the line if it is text"
                )
            return Line(kind, tuple(flags), rest.strip(), start)
        word = _WORD.match(text, position)
        if word is None or word[0] not in FLAGS:
            if word is None:
                raise LineProblem(
                    position, f"unexpected `{text[position]}`", "Flags are words with blanks between"
                )
            found = word[0]
            hint = did_you_mean(found, FLAGS)
            raise LineProblem(position, f"`{found}` is not a flag", hint)
        if word[0] in flags:
            raise LineProblem(position, f"`{word[0]}` is here twice")
        flags.append(word[0])
        if {"required", "optional"} <= set(flags):
            raise LineProblem(position, "`required` and `optional` exclude each other")
        position = word.end()
        if position < len(text) and text[position] not in " \n=":
            raise LineProblem(position, f"unexpected `{text[position]}`")
    return Line(kind, tuple(flags), None, len(text))


def write_line(kind: TypeLine, flags: tuple[str, ...], default: str | None) -> str:
    """The line that `read_line` reads back; flags come in the order of the language."""
    words = [str(kind), *(flag for flag in FLAGS if flag in flags)]
    return " ".join(words) + (f" = {default}" if default is not None else "")


def read_type(text: str) -> TypeLine:
    """Read a type alone; raises `LineProblem`."""
    kind, end = _type(text, 0)
    if text[end:].strip():
        raise LineProblem(
            end, f"unexpected `{text[end:].strip()}` after the type", "Flags are keys of their own here"
        )
    return kind


def _type(text: str, start: int) -> tuple[TypeLine, int]:
    while start < len(text) and text[start] in " \n":
        start += 1
    word = _WORD.match(text, start)
    if word is None:
        raise LineProblem(start, "expected a type", "Such as `varchar(200)`, `ref Entity` or `enum(a, b)`")
    name, end = word[0], word.end()
    if name in ("ref", "many"):
        target = re.compile(r"[ \n]+([A-Z][A-Za-z0-9]*)").match(text, end)
        if target is None:
            raise LineProblem(end, f"`{name}` needs an entity", f"Such as `{name} Project`")
        return TypeLine(name=name, arguments=(target[1],)), target.end()
    if name[0].isupper():
        if not _ENTITY.match(name):
            raise LineProblem(start, f"`{name}` is not a name in PascalCase")
        if text[end : end + 1] != ".":
            return TypeLine(name="named", arguments=(name,)), end
        member = _WORD.match(text, end + 1)
        if member is None:
            raise LineProblem(end + 1, f"expected a field of {name} after the dot")
        return TypeLine(name="member", arguments=(name, member[0])), member.end()
    if name not in ARGUMENTS:
        raise LineProblem(start, f"there is no type `{name}`", _type_meant(name))
    inside: str | None = None
    opening = end
    if text[end : end + 1] == "(":
        closing = _closing(text, end)
        inside, end = text[opening + 1 : closing], closing + 1
    if name in ("array", "list", "page"):
        if inside is None:
            raise LineProblem(end, f"`{name}` needs a type", f"Such as `{name}(text)`")
        inner, stop = _type(inside, 0)
        if inside[stop:].strip():
            raise LineProblem(opening + 1 + stop, f"unexpected `{inside[stop:].strip()}`")
        return TypeLine(name=name, inner=inner), end
    arguments = tuple(part.strip() for part in inside.split(",")) if inside and inside.strip() else ()
    _check_arguments(name, arguments, start, opening)
    return TypeLine(name=name, arguments=arguments), end


def _closing(text: str, opening: int) -> int:
    depth = 0
    for position in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position
    raise LineProblem(opening, "`(` is not closed", "In braces a comma ends a value: use lines of their own")


def _type_meant(name: str) -> str:
    if name in _FOREIGN:
        return f"Use `{_FOREIGN[name]}`"
    near = nearest(name, (*ARGUMENTS, "ref", "many"))
    return f"Did you mean `{near}`?" if near else "Names of declared types and entities are PascalCase"


def _check_arguments(name: str, arguments: tuple[str, ...], start: int, opening: int) -> None:
    least, most = ARGUMENTS[name]
    if not least <= len(arguments) <= most:
        example = {"varchar": "varchar(200)", "decimal": "decimal(10, 2)", "enum": "enum(open, done)"}.get(
            name, name
        )
        takes = "none" if most == 0 else f"{least} of them" if least == most else "one or more"
        values = "1 value" if len(arguments) == 1 else f"{len(arguments)} values"
        message = f"`{name}` has {values} in brackets and takes {takes}"
        raise LineProblem(start, message, f"Such as `{example}`")
    if name == "varchar" and not (
        re.fullmatch("[0-9]{1,8}", arguments[0]) and 1 <= int(arguments[0]) <= 10_485_760
    ):
        raise LineProblem(opening + 1, f"`{arguments[0]}` is not a length", "From 1 to 10485760")
    if name == "decimal":
        numbers = [int(part) if re.fullmatch("[0-9]{1,4}", part) else -1 for part in arguments]
        if not (1 <= numbers[0] <= 1000 and 0 <= numbers[1] <= numbers[0]):
            raise LineProblem(
                opening + 1, "not a precision and a scale", "Digits in all, then digits after the point"
            )
    if name == "money" and arguments and not _CURRENCY.fullmatch(arguments[0]):
        raise LineProblem(
            opening + 1,
            f"`{arguments[0]}` is not a currency",
            "Such as `money(EUR)` or `money(tenant.currency)`",
        )
    if name == "enum":
        for position, member in enumerate(arguments):
            if not _MEMBER.match(member) or len(member) > 40 or member in ("true", "false", "null"):
                raise LineProblem(
                    opening + 1, f"`{member}` cannot be a member of an enum", "Members are snake_case"
                )
            if member in arguments[:position]:
                raise LineProblem(opening + 1, f"the member `{member}` is here twice")
