"""The regular expressions of a plan: the part on which ECMAScript, Python and PostgreSQL agree."""

from __future__ import annotations

import re

_CLASSES = frozenset("dDwWsS")
_ESCAPED = frozenset(r"\^$.|?*+()[]{}/-") | frozenset("nrt")
_REPETITION = re.compile(r"\{([0-9]{1,3})(,([0-9]{1,3})?)?\}")
_EMPTY = "an empty alternative: write `?` behind what may be left out"


def fault_of(pattern: str) -> tuple[int, str] | None:
    """Where (from 0) a pattern leaves the common part, and why; None when it stays inside.

    Outside are anchors but at the ends, empty alternatives, look-around, back-references, named and flagged
    groups, `\\b`, Unicode classes, lazy and possessive repetition, and class escapes inside `[]` that the
    three read differently. Rules: LANGUAGE section 4.
    """
    position, inside, opened = 0, False, 0
    empty = True  # whether nothing stands yet in the alternative that is being read
    while position < len(pattern):
        sign = pattern[position]
        if sign == "\\":
            following = pattern[position + 1 : position + 2]
            if (following not in _CLASSES and following not in _ESCAPED) or not following:
                return position, f"`\\{following}` means different things in different languages"
            if inside and following in "DWS":
                return (
                    position,
                    f"`\\{following}` inside brackets means different things in different languages",
                )
            position, empty = position + 2, False
            continue
        if inside:
            if sign == "]" and position > opened:
                inside = False
            elif pattern.startswith(("[:", "[.", "[=", "--", "&&", "~~", "||", "["), position):
                return position, f"`{sign}` inside brackets needs a backslash"
            position += 1
            continue
        last = position == len(pattern) - 1
        if sign == "[":
            inside, opened = True, position + (2 if pattern.startswith("[^", position) else 1)
            if pattern[opened : opened + 1] == "]":
                return position, "`]` as the first sign in brackets needs a backslash"
        elif sign == "(" and pattern.startswith("(?", position) and not pattern.startswith("(?:", position):
            return position, "groups that look around, have a name or set flags are not in every language"
        elif (sign == "^" and position) or (sign == "$" and not last):
            end = "start" if sign == "^" else "end"
            return position, f"`{sign}` stands only at the {end}, or needs a backslash"
        elif sign in "*+?}" and pattern[position + 1 : position + 2] in ("?", "+"):
            return position + 1, "lazy and possessive repetition are not in every language"
        elif sign == "{" and not _repeats(pattern, position):
            return position, "`{` needs a backslash, or numbers up to 255, the smaller first, and `}`"
        elif sign in "|)" and empty:
            return position, _EMPTY
        if pattern.startswith("(?:", position):
            position += 2
        empty = sign in "|(" or (empty and sign in "^$")
        position += 1
    if empty and not inside:
        return len(pattern), _EMPTY
    try:
        re.compile(pattern)
    except re.error as failure:
        return failure.pos or 0, f"not a regular expression: {failure.msg}"
    return None


def _repeats(pattern: str, position: int) -> bool:
    """Whether a repetition that every language takes starts there: PostgreSQL counts to 255."""
    match = _REPETITION.match(pattern, position)
    return match is not None and int(match[1]) <= int(match[3] or match[1]) <= 255
