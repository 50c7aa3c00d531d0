"""The order of all tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what installs and runs projects: where processes share the tests, what is short ends them."""
    items.sort(key=lambda item: item.get_closest_marker("stack") is None)
