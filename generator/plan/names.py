"""Names: their shapes in a plan, and what comes of them in code (cases, plural, title)."""

from __future__ import annotations

import re
from functools import cache

from generator.frozen import dataclass
from generator.plan.plurals import plural_of
from generator.plan.reserved import RESERVED

__all__ = [
    "LONGEST",
    "RESERVED",
    "SHAPES",
    "NameShape",
    "Names",
    "folded",
    "names_of",
    "respelled",
    "words_of",
]

LONGEST = 40
"""Characters of a name."""


@dataclass(frozen=True)
class NameShape:
    """How a kind of name is written: what messages call it, its rule, an example, the longest."""

    article: str
    rule: str
    pattern: re.Pattern[str]
    example: str
    longest: int = LONGEST


_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CAMEL = re.compile(r"[a-z][A-Za-z0-9]*")
_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
_UPPER = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_FEATURE = r"[0-9]{3}-[a-z0-9]+(-[a-z0-9]+)*"


def _snake(article: str, example: str) -> NameShape:
    return NameShape(article, "snake_case", _SNAKE, example)


SHAPES: dict[str, NameShape] = {
    "entity": NameShape("an entity or type", "PascalCase", _PASCAL, "OrderLine"),
    "schema": NameShape("a schema", "PascalCase", _PASCAL, "TaskCard"),
    "service": NameShape("a service", "camelCase", _CAMEL, "checkout"),
    "operation": NameShape("an operation", "camelCase", _CAMEL, "assignTask"),
    "field": _snake("a field", "first_name"),
    "member": _snake("a member", "first_name"),
    "state": _snake("a state or member of an enum", "no_show"),
    "policy": _snake("a policy", "staff_only"),
    "transition": _snake("a transition", "mark_failed"),
    "constraint": _snake("a constraint or index", "name_per_project"),
    "fixture": _snake("a fixture", "first_task"),
    "binding": _snake("a bound name", "first_task"),
    "event": _snake("an event", "task_assigned"),
    "error": NameShape("an error", "UPPER_CASE", _UPPER, "TOO_LATE"),
    "config": NameShape("a config entry", "UPPER_CASE", _UPPER, "TAX_RATE"),
    "criterion": NameShape(
        "a criterion", "`AC-` and a number", re.compile(rf"({_FEATURE}/)?AC-[1-9][0-9]*"), "AC-1"
    ),
    "operation id": NameShape(
        "an operation",
        "service.operation",
        re.compile(r"[a-z][A-Za-z0-9]*\.[a-z][A-Za-z0-9_]*"),
        "board.assignTask",
        81,
    ),
    "entity or binding": NameShape(
        "an entity or bound row",
        "PascalCase or snake_case",
        re.compile(f"{_PASCAL.pattern}|{_SNAKE.pattern}"),
        "task",
    ),
    "feature": NameShape("a feature", "three digits and a slug", re.compile(_FEATURE), "002-chat", 60),
    "room": NameShape("a room", "lower case", re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*"), "controller"),
    "phase": NameShape(
        "a phase", "letters, digits, `-`, `_`", re.compile(r"[A-Za-z][A-Za-z0-9_-]*"), "foundation"
    ),
    "task": NameShape("a task", "letters, digits, `-`, `_`", re.compile(r"[A-Za-z][A-Za-z0-9_-]*"), "T001"),
    "sql": NameShape(
        "a table or column", "letters, digits, `_`", re.compile(r"[a-z][A-Za-z0-9_]*"), "order_line", 63
    ),
}
"""By kind of name; operations of transitions are snake_case, as in `task.mark_failed`."""


@dataclass(frozen=True)
class Names:
    """A name in every case and number."""

    pascal: str
    camel: str
    snake: str
    kebab: str
    plural_pascal: str
    plural_camel: str
    plural_snake: str
    plural_kebab: str
    title: str
    plural_title: str


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: those of `HTTPRequest2Log` are `http`, `request2`, `log`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return tuple(word.lower() for word in re.split(r"[_\-. ]+", spaced) if word)


@cache
def names_of(name: str) -> Names:
    """The forms of a name in PascalCase, camelCase or snake_case; singular and plural always differ."""
    words = words_of(name)
    plural = (*words[:-1], *plural_of(words[-1]))
    return Names(
        pascal=_pascal(words),
        camel=_camel(words),
        snake="_".join(words),
        kebab="-".join(words),
        plural_pascal=_pascal(plural),
        plural_camel=_camel(plural),
        plural_snake="_".join(plural),
        plural_kebab="-".join(plural),
        title=" ".join(words).capitalize(),
        plural_title=" ".join(plural).capitalize(),
    )


_FOLDED_AWAY = re.compile(r"[^a-z0-9]")


@cache
def folded(name: str) -> str:
    """What two names must differ in: letters and digits, without case and underscores."""
    return _FOLDED_AWAY.sub("", name.lower())


def respelled(name: str, kind: str) -> str | None:
    """The name in the case of its kind, when that is possible and differs: what was probably meant."""
    shape = SHAPES[kind]
    words = words_of(re.sub(r"[^A-Za-z0-9_\-. ]", "", name))
    if not words:
        return None
    forms = {"PascalCase": _pascal, "camelCase": _camel, "snake_case": "_".join, "UPPER_CASE": _upper}
    write = forms.get(shape.rule)
    found = write(words) if write else ""
    fits = bool(found) and found != name and len(found) <= shape.longest and shape.pattern.fullmatch(found)
    return found if fits else None


def _pascal(words: tuple[str, ...]) -> str:
    return "".join(word[:1].upper() + word[1:] for word in words)


def _camel(words: tuple[str, ...]) -> str:
    return words[0] + _pascal(words[1:])


def _upper(words: tuple[str, ...]) -> str:
    return "_".join(words).upper()
