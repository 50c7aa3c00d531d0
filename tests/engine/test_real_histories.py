"""A few random histories through the real commands; many by `python -m tests.engine.real_histories`."""

from __future__ import annotations

import random
from pathlib import Path

from tests.engine.real_histories import Publisher, live


def test_nothing_is_lost_in_histories_through_the_commands(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path / "specwright")
    for seed in (3, 11, 20261123):
        live(publisher, tmp_path / str(seed), random.Random(seed), steps=2)
