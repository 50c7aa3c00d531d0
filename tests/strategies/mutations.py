"""Plans that a person or a machine has damaged: each number of a seed gives the same damage, for ever."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Mutation = Callable[[random.Random, str], str]

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|\n *|[^\sA-Za-z0-9_]| +")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+")
_ENTRY = re.compile(r"^( *(?:- )?)([A-Za-z0-9_-]+): (.+)$")

_WORDS = """
    true false null ~ 0 1 -1 9999999999999999999 1.5 1e9 0x1F .inf .nan 2026-02-30 2026-01-01T00:00:00Z 24:00:00
    now() 15m 1d '' "" 'text' 'it''s' [] {} [a] {a:1} - ? : | > & * ! % @ ` # , ( ) [ ] { } = == != < <= > >= + / . ..
    and or not in is set if then else exists count sum min max this input actor scope member config policies
    result required unique cascade optional ref many list page array enum varchar text integer bigint decimal
    decimal(5,2) varchar(10) money money(EUR) boolean uuid timestamptz date time interval jsonb duration url
    load require create update delete transition call emit return by where as set with each when order limit
    specwright project feature needs stack conventions rooms dropped identity types entities extend errors
    schemas services operations fixtures acceptance quality tasks phases fields key table lock soft_delete
    derived stored snapshot default backfill was column resource states initial transitions from to guard
    id created_at updated_at version deleted_at total items length class order from import __proto__
    constructor toString Object Date User ${x} {{x}} {%x%} ../ /etc */ -- ; \\ \u202e \u00e9 \U0001f600 \x00 \t
"""
_ODD = (" ", "\t", "\n", "\x00", "\u2028", "\ufeff", "'", '"', "a" * 41, "9" * 400, "(" * 60, "not " * 60)
WORDS = (*_WORDS.split(), *_ODD)
"""What is put in the place of something else: words of the language, of YAML, of targets, and odd ones."""


def damaged(seed: int, text: str) -> bytes:
    """A text with one to four mutations; `seed` decides which.

    Nine in ten are of tokens, lines and entries, which get past the YAML parser; one in ten is of bytes.
    """
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        text = chance.choice(_KINDS)(chance, text) if text else text
    data = text.encode("utf-8", "surrogatepass")
    return _bytes(chance, data) if chance.random() < 0.1 else data


def _token(chance: random.Random, text: str) -> str:
    """A token is replaced, removed, doubled, or another comes before it."""
    tokens = list(_TOKEN.finditer(text))
    if not tokens:
        return text
    found = chance.choice(tokens)
    other = chance.choice(tokens)[0] if chance.random() < 0.5 else chance.choice(WORDS)
    new = chance.choice((other, other, other, "", found[0] * 2, other + found[0], found[0] + other))
    return text[: found.start()] + new + text[found.end() :]


def _word(chance: random.Random, text: str) -> str:
    """A word becomes another word of the same plan, or nearly itself."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    found = chance.choice(words)
    change = chance.randrange(4)
    if change == 0:
        new = chance.choice(WORDS)
    elif change == 1:
        place = chance.randrange(len(found[0]))
        new = found[0][:place] + chance.choice("aZ_9-. '") + found[0][place + 1 :]
    else:
        new = chance.choice(words)[0]
    return text[: found.start()] + new + text[found.end() :]


def _value(chance: random.Random, text: str) -> str:
    """The value of a key becomes that of another key, a word, or a piece of two values."""
    lines = text.split("\n")
    entries = [number for number, line in enumerate(lines) if _ENTRY.match(line)]
    if not entries:
        return text
    at, other = chance.choice(entries), chance.choice(entries)
    mine, theirs = _ENTRY.match(lines[at]), _ENTRY.match(lines[other])
    assert mine and theirs
    change = chance.randrange(4)
    if change == 0:
        value = chance.choice(WORDS)
    elif change == 1:
        cut = chance.randrange(len(mine[3]) + 1)
        value = mine[3][:cut] + chance.choice((" ", "", " and ", " + ", ".")) + theirs[3]
    else:
        value = theirs[3]
    lines[at] = f"{mine[1]}{mine[2]}: {value}"
    return "\n".join(lines)


def _key(chance: random.Random, text: str) -> str:
    """A key gets the name of another key."""
    lines = text.split("\n")
    keys = [match for line in lines if (match := re.match(r"^ *(?:- )?([A-Za-z0-9_-]+):", line))]
    if not keys:
        return text
    found, other = chance.choice(keys), chance.choice(keys)
    name = other[1] if chance.random() < 0.8 else chance.choice(WORDS)
    at = lines.index(found.string)
    lines[at] = found.string[: found.start(1)] + name + found.string[found.end(1) :]
    return "\n".join(lines)


def _line(chance: random.Random, text: str) -> str:
    """A line goes, comes twice, moves, or stands further in or out."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines.insert(chance.randrange(len(lines)), lines.pop(at))
        case 3:
            lines[at] = "  " * chance.randrange(1, 3) + lines[at]
        case _:
            lines[at] = lines[at].removeprefix("  " * chance.randrange(1, 3))
    return "\n".join(lines)


def _block(chance: random.Random, text: str) -> str:
    """A key with all that is below it goes, is copied elsewhere, or takes the place of another block."""
    lines = text.split("\n")
    start, end = _extent(chance, lines)
    other, stop = _extent(chance, lines)
    block = _indented(lines[start:end], _indent(lines[other]))
    match chance.randrange(4):
        case 0:
            del lines[start:end]
        case 1:
            lines[other:other] = block
        case 2:
            lines[other:stop] = block
        case _:
            del lines[start + 1 : end]
    return "\n".join(lines)


def _extent(chance: random.Random, lines: Sequence[str]) -> tuple[int, int]:
    start = chance.randrange(len(lines))
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > _indent(lines[start])):
        end += 1
    return start, end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _indented(lines: Sequence[str], indent: int) -> list[str]:
    shift = indent - _indent(lines[0])
    return [" " * shift + line if shift > 0 else line[-shift:] for line in lines]


def _bytes(chance: random.Random, data: bytes) -> bytes:
    """Bytes change, go or come; the file may end early."""
    if not data:
        return data
    at = chance.randrange(len(data))
    match chance.randrange(5):
        case 0:
            return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        case 1:
            return data[:at] + data[at + chance.randrange(1, 20) :]
        case 2:
            return data[:at] + chance.randbytes(chance.randrange(1, 5)) + data[at:]
        case 3:
            return data[:at]
        case _:
            other = chance.randrange(len(data))
            return data[:at] + data[other : other + chance.randrange(1, 200)] + data[at:]


_KINDS: tuple[Mutation, ...] = (
    _token,
    _token,
    _word,
    _word,
    _word,
    _value,
    _value,
    _value,
    _key,
    _line,
    _block,
)
