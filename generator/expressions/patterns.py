"""The common part of the regular expressions of ECMAScript, Python and PostgreSQL, written for each of them.

No look-around, back-references, `\\b`, lazy or possessive quantifiers, flags or Unicode classes. A pattern
always matches the whole text, by code points; `.` matches any character but a line feed. Rules: LANGUAGE.md
section 4.
"""

from __future__ import annotations

import re
from typing import Literal, NoReturn

CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\r\f"}
CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
SPECIAL = "\\^$.|?*+()[]{}/-"
SPECIAL_ESCAPES = frozenset("\\" + char for char in SPECIAL if char not in "\\]")
_UNBOUNDED = 1_000_000
_COUNTS = {"": (1, 1), "?": (0, 1), "*": (0, _UNBOUNDED), "+": (1, _UNBOUNDED)}
MAX_REPEAT = 255
"""PostgreSQL's limit for {m,n}."""


class PatternProblem(Exception):
    """A pattern that not all targets understand alike, `offset` characters into it."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


def check_pattern(pattern: str) -> None:
    """Raise PatternProblem unless the pattern means the same in all three languages."""
    _Pattern(pattern, "typescript").whole()


def write_pattern(pattern: str, target: Literal["typescript", "postgresql"]) -> str:
    """The pattern, anchored, as the source of a regular expression of the target.

    TypeScript needs the flag `u`. Characters outside ASCII stay as they are. Raises: PatternProblem.
    """
    return "^(?:" + _Pattern(pattern, target).whole() + ")$"


class _Pattern:
    def __init__(self, text: str, target: Literal["typescript", "postgresql"]) -> None:
        start = 1 if text.startswith("^") else 0
        # A trailing backslash-dollar is a literal dollar, so count the backslashes before it.
        trailing = re.search(r"(\\*)\$$", text)
        end = len(text) - 1 if trailing is not None and len(trailing[1]) % 2 == 0 else len(text)
        self.text, self.at, self.end, self.target = text, start, max(end, start), target

    def whole(self) -> str:
        written = self.alternatives()
        if self.at < self.end:
            self.fail("a bracket is closed that was not opened")
        return written

    def alternatives(self) -> str:
        branches = [self.branch()]
        while self.take("|"):
            branches.append(self.branch())
        return "|".join(branches)

    def branch(self) -> str:
        pieces: list[str] = []
        while self.at < self.end and self.text[self.at] not in "|)":
            piece = self.atom() + self.quantifier()
            if self.target == "typescript" and piece[0] == " " and pieces and pieces[-1][0] == " ":
                piece = _joined(pieces.pop(), piece)
            pieces.append(piece)
        # PostgreSQL refuses an empty branch.
        return "".join(pieces) or "(?:)"

    def atom(self) -> str:
        char = self.next()
        if char == "(":
            if self.take("?") and not self.take(":"):
                self.fail("of the groups that start with (? only (?: is allowed")
            inner = self.alternatives()
            if not self.take(")"):
                self.fail("a bracket is not closed")
            return f"(?:{inner})"
        if char == "[":
            return self.set()
        if char == ".":
            return r"[^\n]"
        if char == "\\":
            return self.escape(inside=False)
        if char in "^$":
            self.fail("^ and $ stand only at the ends, where they change nothing")
        if char in "*+?{":
            self.fail("nothing to repeat")
        return self.plain(char)

    def escape(self, *, inside: bool) -> str:
        char = self.next()
        if char in CLASSES:
            return CLASSES[char] if inside else f"[{CLASSES[char]}]"
        if char.lower() in CLASSES and char.isupper() and not inside:
            return f"[^{CLASSES[char.lower()]}]"
        if char in CONTROLS:
            return "\\" + char
        if char in SPECIAL:
            return self.plain(char)
        self.at -= 2
        self.fail(f"\\{char} does not mean the same everywhere")
        return None

    def plain(self, char: str) -> str:
        if char == "\0":
            self.fail("NUL never matches")
        return _written(char) or ("\\" + char if char in "\\^$.|?*+()[]{}/" else char)

    def set(self) -> str:
        negated = self.take("^")
        pieces: list[str] = []
        hyphen = False
        while not self.take("]"):
            first = self.member()
            if self.at + 1 < self.end and self.text[self.at] == "-" and self.text[self.at + 1] != "]":
                self.at += 1
                last = self.member()
                if len(first) > 2 or len(last) > 2 or self.value(first) > self.value(last):
                    self.fail("this range of characters is not in order")
                pieces.append(f"{first}-{last}")
            elif first == "-":
                hyphen = True
            else:
                pieces.append(first)
        if not pieces and not hyphen:
            self.fail("a set of characters is empty")
        # A hyphen at the end and a caret that is not first need no escape, in any language.
        if pieces and pieces[0].startswith("^") and not negated:
            pieces[0] = "\\" + pieces[0]
        return f"[{'^' if negated else ''}{''.join(pieces)}{'-' if hyphen else ''}]"

    def member(self) -> str:
        if self.at >= self.end:
            self.fail("a set of characters is not closed")
        char = self.next()
        if char == "\\":
            written = self.escape(inside=True)
            return written[1:] if written in SPECIAL_ESCAPES else written
        if char == "[":
            self.fail("write \\[ for a bracket inside a set")
        return _written(char) or char

    def value(self, member: str) -> str:
        return CONTROLS.get(member[1], member[1]) if member.startswith("\\") else member

    def quantifier(self) -> str:
        for mark in "*+?":
            if self.take(mark):
                return mark + self.no_second()
        if not self.take("{"):
            return ""
        match = re.compile(r"(\d{1,3})(,(\d{1,3})?)?\}").match(self.text, self.at, self.end)
        if match is None:
            self.fail("a repetition is written {2}, {2,} or {2,5}")
        low, high = int(match[1]), int(match[3] or match[1])
        if max(low, high) > MAX_REPEAT or low > high:
            self.fail(f"a repetition counts up to {MAX_REPEAT}, the smaller number first")
        self.at = match.end()
        return "{" + match.group() + self.no_second()

    def no_second(self) -> str:
        if self.at < self.end and self.text[self.at] in "*+?{":
            self.fail("a repetition is not repeated, and lazy ones are not allowed")
        return ""

    def next(self) -> str:
        if self.at >= self.end:
            self.fail("the pattern ends too early")
        self.at += 1
        return self.text[self.at - 1]

    def take(self, char: str) -> bool:
        found = self.at < self.end and self.text[self.at] == char
        self.at += found
        return found

    def fail(self, message: str) -> NoReturn:
        raise PatternProblem(min(self.at, len(self.text)), message)


def _written(char: str) -> str:
    """The escape of a character that ends a line, or hides: no literal of a language may have it as it is."""
    return next((f"\\{name}" for name, control in CONTROLS.items() if control == char), "")


def _joined(first: str, second: str) -> str:
    """Two repetitions of a blank as one: biome refuses blanks side by side, nobody can count them."""
    bounds = [_COUNTS.get(piece[1:]) or _numbers(piece[1:]) for piece in (first, second)]
    low, high = sum(low for low, _ in bounds), sum(high for _, high in bounds)
    return f" {{{low},}}" if high >= _UNBOUNDED else f" {{{low}}}" if low == high else f" {{{low},{high}}}"


def _numbers(quantifier: str) -> tuple[int, int]:
    low, comma, high = quantifier.strip("{}").partition(",")
    return int(low), int(high) if high else _UNBOUNDED if comma else int(low)
