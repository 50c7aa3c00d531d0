"""A hook of schemathesis: every request comes from another address, so that no limit of one address ends a run."""

from __future__ import annotations

from itertools import count
from typing import Any

import schemathesis

numbers = count()


@schemathesis.hook
def before_call(context: object, case: Any, kwargs: object) -> None:
    """Say an address that none of the last requests came from."""
    number = next(numbers)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    case.headers = {**(case.headers or {}), "X-Forwarded-For": address}
