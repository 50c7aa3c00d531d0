"""Text to tokens: the words and marks of LANGUAGE.md section 10, each with its offset."""

from __future__ import annotations

import re

from generator.expressions.types import ExpressionProblem
from generator.frozen import dataclass

TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<duration>(?:[0-9]+(?:ms|[smhd]))+(?![A-Za-z0-9_]))"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_]))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<text>'(?:[^']|'')*')"
    r"|(?P<mark><=|>=|!=|[=<>+\-*/().,\[\]])"
)
FOREIGN = {
    "==": "equality is written =",
    "&&": "write and",
    "||": "write or, and join texts with concat(a, b)",
    "<>": "write !=",
    "!": "write not",
    '"': "text stands in single quotes",
    "`": "text stands in single quotes",
    "?": "write if ... then ... else ...",
    "%": "write mod(a, b)",
    "'": "the text has no closing quote",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark or a literal; `kind` is the name of its group in `TOKEN`."""

    kind: str
    text: str
    offset: int


def tokens_of(text: str) -> list[Token]:
    """The tokens of an expression, without what stands between them.

    Args: text, the source. Raises: ExpressionProblem at the first character that begins no token.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        foreign = next((mark for mark in FOREIGN if text.startswith(mark, at)), None)
        if foreign in ("==", "<>") or match is None:
            hint = FOREIGN.get(foreign or "", "")
            raise ExpressionProblem(at, f"{foreign or text[at]!r} is not part of the language", hint)
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append(Token(kind, match.group(), at))
        at = match.end()
    return tokens
