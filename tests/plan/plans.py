"""The plans that the language was proven with, whole and with what is reserved cut out."""

from __future__ import annotations

import re
from pathlib import Path

from generator.plan.schema import RESERVED_SECTIONS

PLANS = Path(__file__).parent / "plans"
NAMES = tuple(sorted(folder.name for folder in PLANS.iterdir()))


def whole(name: str) -> str:
    """A plan as it was written, reserved parts included."""
    return (PLANS / name / "plan.yaml").read_text(encoding="utf-8")


def cut(name: str) -> str:
    """A plan without what version 1 reserves."""
    text = whole(name)
    for section in RESERVED_SECTIONS:
        text = re.sub(rf"(?m)^{section}:.*\n((  .*|\s*)\n?)*", "", text)
    text = re.sub(r".*encrypt: .*\n", "", text)
    return text.replace("fallback: room", "fallback: placeholder").replace("from: auth ", "from: gateway ")


def project_of(name: str, folder: Path) -> Path:
    """A folder with a plan that loads; the chat system comes with the authentication that it extends."""
    if name == "chat":
        for part, feature in (("auth", "001-auth"), ("chat", "002-chat")):
            place = folder / "specs" / feature
            place.mkdir(parents=True)
            (place / "plan.yaml").write_text(cut(part), encoding="utf-8")
        return folder
    (folder / "plan.yaml").write_text(cut(name), encoding="utf-8")
    tasks = PLANS / name / "tasks.yaml"
    if tasks.is_file():
        (folder / "tasks.yaml").write_bytes(tasks.read_bytes())
    return folder
