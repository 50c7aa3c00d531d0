"""No loss, by property: whatever people and blueprints do, every line is in the result or in a conflict."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.histories import live


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9))
def test_nothing_is_lost_in_any_history(seed: int) -> None:
    with TemporaryDirectory() as folder:
        live(Path(folder), random.Random(seed))
