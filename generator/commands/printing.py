"""How a command prints: results on standard output, what is wrong on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable


def print_lines(lines: Iterable[str], *, color: bool = False) -> None:
    """Print a result, with `color` coloured as a diff is."""
    for line in lines:
        click.echo(_coloured(line) if color else line)


def print_json(data: Any) -> None:
    """Print a result as JSON."""
    import json

    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def complain(lines: Iterable[object]) -> None:
    """Print what is wrong, or what somebody should know beside the result."""
    for line in lines:
        click.echo(str(line), err=True)


def _coloured(line: str) -> str:
    import os

    if "NO_COLOR" in os.environ or not sys.stdout.isatty():
        return line
    tone = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=tone) if tone else line
