"""Money: how amounts are written, and where a column of money finds its currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from generator.expressions.money import same_currency
from generator.expressions.typed import Comparison, Gather, Operation, Typed, parts
from generator.expressions.types import RULE, Type
from generator.model.combining import Declared
from generator.model.elements.members import Member
from generator.model.literals import LiteralProblem
from generator.model.world import World
from generator.plan.members import Field

DECIMALS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
"""Digits after the point that are not two (ISO 4217, table A.1)."""
LIMIT = 2**53 - 1


def read_money(text: str, currency: str | None) -> tuple[int, str]:
    """Read an amount such as ``12.35 EUR``.

    Args:
        text: the amount and the code of its currency.
        currency: the only code that is possible, if there is one.

    Returns:
        Minor units and the code.

    Raises:
        LiteralProblem: it is no amount, or one of another currency.
    """
    match = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))? ([A-Z]{3})", text)
    if match is None:
        raise LiteralProblem(f"{text} is not an amount such as 12.35 EUR")
    sign, whole, fraction, code = match[1], match[2], match[3] or "", match[4]
    digits = DECIMALS.get(code, 2)
    if len(fraction) > digits:
        raise LiteralProblem(f"{text} has more than {digits} digits after the point")
    if currency is not None and code != currency:
        raise LiteralProblem(f"{text} is not in {currency}")
    minor = int(f"{sign}{whole}{fraction.ljust(digits, '0')}")
    if abs(minor) > LIMIT:
        raise LiteralProblem(f"{text} is out of range")
    return minor, code


def has_own_currency(member: Member) -> bool:
    """Whether a column of money has one beside it for the currency."""
    return member.kind == "money" and member.type.currency is None and member.currency_path is None


def currency_column(member: Member) -> Member:
    """The column beside money that has a currency of its own."""
    return Member(
        name=f"{member.name}_currency",
        column=f"{member.name}_currency",
        json=member.json,
        type=Type("text", optional=member.type.optional),
        sql_type="text",
        role="currency",
        required=member.required,
        write="never",
        exposed=False,
        pattern="[A-Z]{3}",
    )


def resolve_currency(world: World, entity: str, place: Declared[Field], member: Member) -> Member:
    """Check the path over which money finds its currency.

    Args:
        world: the state of the resolution; problems are noted.
        entity: whose column it is.
        place: the field.
        member: the column.

    Returns:
        The member, with the path as an expression over the row.
    """
    if member.currency_path is None:
        return member
    scope = replace(world.scope(), row=entity, this=entity, allow=RULE)
    typed = world.check(place, ("type",), member.currency_path, scope, Type("text"))
    return replace(member, currency=typed)


def mixes_currencies(typed: Typed | None) -> bool:
    """Whether evaluating an expression may find amounts of two currencies."""
    for part in _all(typed):
        sides = (part.left, part.right) if isinstance(part, Operation | Comparison) else ()
        ordered = not isinstance(part, Comparison) or part.operator not in ("=", "!=")
        if (
            ordered
            and sides
            and {side.type.kind for side in sides} == {"money"}
            and not same_currency(*sides)
        ):
            return True
        if isinstance(part, Gather) and part.type.kind == "money" and part.type.currency is None:
            return True
    return False


def _all(typed: Typed | None) -> Iterator[Typed]:
    if typed is not None:
        yield typed
        for part in parts(typed):
            yield from _all(part)
