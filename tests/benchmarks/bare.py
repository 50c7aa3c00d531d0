"""The bare script that the engine is compared with: the same templates, rendered with Jinja and written."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def main(templates: Path, answers: Path, target: Path) -> None:
    """Render every template for every entity of a file of answers."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    names = environment.list_templates(extensions=["jinja"])
    files = [(environment.get_template(name), name) for name in names]
    for entity in json.loads(answers.read_text())["entities"]:
        for template, name in files:
            path = target / name.replace("{{ entity.file }}", entity["file"]).removesuffix(".jinja")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(template.render(entity=entity))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
