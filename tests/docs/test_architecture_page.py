"""docs/architecture.md tells the layers that tests/engine/test_layers.py holds; links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCUMENTS, REPOSITORY
from tests.engine.test_layers import LAYERS

PAGES = sorted([*DOCUMENTS.rglob("*.md"), *REPOSITORY.glob("*.md")])
WORDS_OF_THE_PAST = re.compile(r"\bTODO\b|\bTBD\b|\bXXX\b")


def table() -> str:
    """The rows of the table of layers."""
    return "\n".join(
        f"| {number} | {', '.join(f'`{name}`' for name in layer)} |"
        for number, layer in enumerate(LAYERS, start=1)
    )


def test_the_table_of_layers_is_the_one_that_is_held() -> None:
    assert table() in (DOCUMENTS / "architecture.md").read_text(encoding="utf-8"), f"write\n{table()}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_links_lead_somewhere_and_nothing_is_left_open(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert not WORDS_OF_THE_PAST.search(prose)
    for target in re.findall(r"\]\(([^)]+)\)", prose):
        place, _, anchor = target.partition("#")
        if place.startswith(("http://", "https://")):
            continue
        file = page.parent / place if place else page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^a-z0-9 -]", "", line.lower()).replace(" ", "-") for line in headings}
