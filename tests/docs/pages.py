"""The code blocks of a page of the documentation, and what the word after their language says of them.

- `plan`: a whole plan.yaml.
- `sample`: one too, which the blocks after it on the page add to.
- `part`: keys that are added to the sample; where both have a key, the part's value stands, but mappings are
  joined. `next`: the same, and the blocks after it add to the result.
- `refused`: as `part`, and the block after it says with which problems.
- `tasks`: a whole tasks.yaml beside the sample.
- `feature`: the whole plan of a later feature, the sample being the first one.
- `conditions Loan`, `values Loan` (of a text): an expression on each line. A row of Loan is bound to `loan`;
  the input has `text`, a list `words` and an optional `number`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node

from generator.plan.loading import Project, load_project

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENTS = REPOSITORY / "docs"
_OPERATION = """\
services:
  tried:
    operations:
      expressions:
        input:
          text: text required
          number: integer
          words: list(text) required
        steps:
"""
_BLOCK = re.compile(r"^```([a-z]+)(?: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A code block: its language, the word after it, its text, the line it starts at."""

    language: str
    word: str
    names: tuple[str, ...]
    text: str
    line: int

    def __str__(self) -> str:
        return f"line {self.line}"


@dataclass(frozen=True)
class Example:
    """A block with the sample it stands against."""

    block: Block
    sample: str
    answer: str


def blocks_of(page: Path) -> tuple[Block, ...]:
    """The code blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    blocks = []
    for match in _BLOCK.finditer(text):
        word, *names = (match[2] or "").split() or [""]
        line = text[: match.start()].count("\n") + 1
        blocks.append(Block(match[1], word, tuple(names), match[3], line))
    return tuple(blocks)


def examples_of(page: Path) -> Iterator[Example]:
    """The blocks of a page that are written in the plan language, each with its sample."""
    blocks = blocks_of(page)
    sample = ""
    for index, block in enumerate(blocks):
        if block.language == "yaml" or block.word in ("conditions", "values"):
            following = blocks[index + 1].text if index + 1 < len(blocks) else ""
            yield Example(block, sample, following)
        if block.word == "sample":
            sample = block.text
        if block.word == "next":
            sample = joined(sample, block.text)


def project_of(example: Example, folder: Path) -> Project:
    """Write the files that an example stands for and load them.

    Raises:
        PlanProblems: they cannot be loaded.
    """
    block, plan = example.block, folder / "plan.yaml"
    if block.word in ("plan", "sample"):
        plan.write_text(block.text, encoding="utf-8")
    elif block.word in ("part", "next", "refused"):
        plan.write_text(joined(example.sample, block.text), encoding="utf-8")
    elif block.word == "tasks":
        feature = _feature_in(block)
        _write(folder, feature, f"feature: {feature}\n{example.sample}")
        (folder / "specs" / feature / "tasks.yaml").write_text(block.text, encoding="utf-8")
    elif block.word == "feature":
        _write(folder, "001-first", f"feature: 001-first\n{example.sample}")
        _write(folder, _feature_in(block), block.text)
    elif block.word in ("conditions", "values"):
        plan.write_text(joined(example.sample, _tried(block)), encoding="utf-8")
    else:
        raise AssertionError(f"{block}: what is `{block.word}`?")
    return load_project(folder)


def joined(sample: str, part: str) -> str:
    """A plan with the keys of another text added, scalars left as they are written."""
    reader = YAML()
    whole, more = (next(reader.compose_all(text)) for text in (sample, part))
    _join(whole, more)
    target = io.StringIO()
    reader.width = 10_000
    reader.serialize(whole, target)
    return target.getvalue()


def _join(whole: Node, more: Node) -> None:
    assert isinstance(whole, MappingNode) and isinstance(more, MappingNode)
    places = {key.value: index for index, (key, _) in enumerate(whole.value)}
    for key, value in more.value:
        if key.value not in places:
            whole.value.append((key, value))
            continue
        index = places[key.value]
        kept, present = whole.value[index]
        if isinstance(present, MappingNode) and isinstance(value, MappingNode):
            _join(present, value)
        else:
            whole.value[index] = (kept, value)


def _tried(block: Block) -> str:
    """An operation that requires every line of the block, one after the other."""
    steps = [f"          - load: {name}\n            where: true\n" for name in block.names]
    for line in block.text.splitlines():
        expression = line.strip()
        if block.word == "values":
            expression = f"({expression}) = ({expression})"
        quoted = expression.replace("'", "''")
        steps.append(f"          - require: '{quoted}'\n")
    return _OPERATION + "".join(steps)


def _feature_in(block: Block) -> str:
    found = re.search(r"^feature: (\S+)$", block.text, re.MULTILINE)
    assert found is not None, f"{block}: a feature has a name"
    return found[1]


def _write(folder: Path, feature: str, text: str) -> None:
    place = folder / "specs" / feature
    place.mkdir(parents=True)
    (place / "plan.yaml").write_text(text, encoding="utf-8")
